import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { sliceChart, sliceRows } from "../../lib/charts/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const mixed = space({
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0, 1).when({ optimizer: "sgd" }),
}) as unknown as Space;

describe("sliceRows()", () => {
  it("of no trial has fields and no points", () => {
    expect(sliceRows(viewOf(mixed))).toEqual({
      fields: { f0: "optimizer", f1: "momentum" },
      points: [],
      range: null,
      beyond: 0,
      omitted: 0,
    });
  });

  it("has a point a complete trial, null where a parameter is not used, the best last", () => {
    const view = viewOf(mixed, [
      trialOf(0, { optimizer: "adam" }, { value: 1 }),
      trialOf(1, { optimizer: "sgd", momentum: 0.5 }, { value: 2 }),
      trialOf(2, { optimizer: "adam" }, { state: "pruned" }),
      trialOf(3, { optimizer: "adam" }, { value: Infinity }),
    ]);
    expect(sliceRows(view).points).toEqual([
      { n: 1, v: 2, f0: "sgd", f1: 0.5 },
      { n: 0, v: 1, f0: "adam", f1: null },
    ]);
  });

  it("draws a diverged value at the edge, and keeps its value", () => {
    const view = studyOver(mixed, 10, (i) => ({ value: i === 3 ? 1e9 : i }));
    const { points, range } = sliceRows(view);
    expect(range).toEqual([0, 9]);
    expect(points[0]).toMatchObject({ n: 3, v: 9, u: 1e9 });
    expect(sliceRows(view, { logY: true }).range).toEqual([1, 1e9]);
  });

  it("tells null from the text null, 1 from the text 1, and shows the empty text", () => {
    const odd = space({ x: choice([null, "null", 1, "1", "", "a"]) });
    const view = viewOf(
      odd as unknown as Space,
      [null, "null", 1, "1", "", "a"].map((x, i) =>
        trialOf(i, { x }, { value: -i })
      ),
    );
    expect(sliceRows(view).points.map(({ f0 }) => f0)).toEqual([
      "null",
      '"null"',
      "1",
      '"1"',
      '""',
      "a",
    ]);
  });

  it("keeps all plots together within 5,000 points", () => {
    const wide = space(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [`p${i}`, float(0, 1)]),
      ),
    ) as unknown as Space;
    const view = studyOver(wide, 3000, (i) => ({ value: Math.sin(i) }));
    const { points, omitted } = sliceRows(view);
    expect(points.length * 12).toBeLessThanOrEqual(5012);
    expect(points.length + omitted).toBe(3000);
  });
});

describe("sliceChart()", () => {
  it("has a plot for each parameter, and one brush over all", () => {
    const { spec } = sliceChart(makeView({ trials: 10 }));
    expect((spec.concat as unknown[]).length).toBe(6);
    const [brush] = spec.params as { name: string; views: string[] }[];
    expect(brush!.views.length).toBe(6);
  });

  it("draws at most 12 parameters unless they are named, and 24 then", async () => {
    const wide = space(
      Object.fromEntries(
        Array.from({ length: 25 }, (_, i) => [`p${i}`, float(0, 1)]),
      ),
    ) as unknown as Space;
    const view = studyOver(wide, 5, (i) => ({ value: i }));
    expect(sliceChart(view).text).toContain("12 of 25 parameters");
    const chart = sliceChart(view, { parameters: wide.names.slice(1) });
    expect(await drawCleanly(chart)).toContain(">p24<");
    expect(() => sliceChart(view, { parameters: wide.names })).toThrow(
      RangeError,
    );
  });
});
