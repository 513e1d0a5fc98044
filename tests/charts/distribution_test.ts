import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { distributionChart, distributionRows } from "../../lib/charts/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

describe("distributionRows()", () => {
  it("of no trial has no range", () => {
    expect(distributionRows(makeView({ trials: 0 })).range).toBe(null);
  });

  it("gives over each value the share of the trials at least as good", () => {
    const view = studyOver(line, 4, (i) => ({ value: [3, 1, 2, 2][i]! }));
    const [study] = distributionRows(view).studies;
    expect(study!.rows).toEqual([
      { v: 1, f: 0.25 },
      { v: 2, f: 0.5 },
      { v: 2, f: 0.75 },
      { v: 3, f: 1 },
    ]);
    expect(study!.median).toBe(2);
  });

  it("begins with the largest where the objective is maximized", () => {
    const view = studyOver(line, 2, (i) => ({ value: i }), maximize("score"));
    expect(distributionRows(view).studies[0]!.rows).toEqual([
      { v: 1, f: 0.5 },
      { v: 0, f: 1 },
    ]);
  });

  it("keeps eight studies of 10,000 trials within 4,000 rows", () => {
    const view = studyOver(line, 10_000, (i) => ({ value: Math.sin(i) }));
    const { studies } = distributionRows(view, { others: Array(7).fill(view) });
    expect(studies.length).toBe(8);
    expect(studies.flatMap(({ rows }) => rows).length).toBe(4000);
  });
});

describe("distributionChart()", () => {
  it("draws several studies, of the same name or without trials too", async () => {
    const view = makeView({ trials: 20 });
    const chart = distributionChart(view, {
      others: [view, { ...makeView({ trials: 0 }), name: "empty" }],
    });
    expect(await drawCleanly(chart)).toContain("digits-mlp");
  });

  it("refuses more than seven others, and what is no list", () => {
    const view = makeView({ trials: 3 });
    expect(() => distributionChart(view, { others: Array(8).fill(view) }))
      .toThrow(RangeError);
    expect(() => distributionChart(view, { others: 3 as never }))
      .toThrow(TypeError);
  });
});
