import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { warmStartChart, warmStartRows } from "../../lib/charts/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { recordOf, verdict } from "../support/warm_start_records.ts";
import { makeView } from "../support/chart_views.ts";

describe("warmStartRows()", () => {
  it("of a cold start has nothing to show", () => {
    expect(warmStartRows(null)).toEqual({
      trust: [],
      voices: [],
      verdicts: [],
      studies: [],
      quiet: 0,
    });
  });

  it("of trials in which they had no say, the trust is 0", () => {
    const record = recordOf([verdict(0), verdict(2)]);
    expect(warmStartRows(record, 5).trust.map(({ w, k }) => [w, k])).toEqual([
      [0.5, "began with it"],
      [0, "by its own trials"],
      [0.5, "chosen by them"],
      [0, "by its own trials"],
      [0, "by its own trials"],
    ]);
  });

  it("weighs a study's share by how far it was trusted", () => {
    const { voices } = warmStartRows(recordOf([verdict(3)]));
    expect(voices.map(({ n, s, q }) => [n, s, q])).toEqual([
      [3, "a", 0.375],
      [3, "b", 0.125],
    ]);
  });

  it("says right where the support is above 0, wrong below, nothing where nobody knows", () => {
    const { verdicts } = warmStartRows(recordOf([
      verdict(0, { support: null, value: null }),
      verdict(1, { support: 2 }),
      verdict(2, { support: -3 }),
    ]));
    expect(verdicts.map(({ n, k }) => [n, k])).toEqual([
      [1, "right"],
      [2, "wrong"],
    ]);
  });

  it("shows the ten loudest of many studies, and counts the others", () => {
    const voices = Array.from(
      { length: 14 },
      (_, i) => ({ name: `study ${i}`, share: i / 91 }),
    );
    const { studies, quiet } = warmStartRows(
      recordOf([verdict(0, { voices })]),
    );
    expect([studies.length, studies[0], quiet]).toEqual([10, "study 13", 4]);
  });

  it("keeps studies apart whose names are the same once they are shortened", () => {
    const long = "a very long name of a study that ends in ";
    const voices = [1, 2].map((i) => ({ name: `${long}${i}`, share: 0.5 }));
    const { studies } = warmStartRows(recordOf([verdict(0, { voices })]));
    expect(new Set(studies).size).toBe(2);
  });
});

describe("warmStartChart()", () => {
  const view = makeView({ trials: 5 });

  it("of a cold start says so", async () => {
    const chart = warmStartChart(view, null);
    expect(JSON.stringify(chart.spec)).toContain("began cold");
    await drawCleanly(chart);
  });

  it("of a study without a trial names the studies that were asked", () => {
    expect(JSON.stringify(warmStartChart(view, recordOf([])).spec))
      .toContain("2 studies asked: a, b");
  });

  it("says how the trust went, and how often they were right", () => {
    const { text } = warmStartChart(
      view,
      recordOf([
        verdict(0, { weight: 1 }),
        verdict(1, { weight: 0.2, support: -2 }),
      ]),
    );
    expect(text).toContain("trusted to 100 % at first, to 0 % at trial 4");
    expect(text).toContain("right in 1 of 2 trials");
  });
});
