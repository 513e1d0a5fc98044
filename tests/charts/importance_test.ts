import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { importanceChart, importanceRows } from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

/** A study of which the value is that of the parameter p2. */
function valley(parameters: number, trials: number) {
  const searched = space(
    Object.fromEntries(
      Array.from({ length: parameters }, (_, i) => [`p${i}`, float(0, 1)]),
    ),
  ) as unknown as Space;
  const view = studyOver(searched, trials, () => ({}));
  return {
    ...view,
    trials: view.trials.map((trial) => ({
      ...trial,
      value: Number(trial.params.p2),
    })),
  };
}

describe("importanceRows()", () => {
  it("of no trial has no rows", () => {
    expect(importanceRows(makeView({ trials: 0 })).rows).toEqual([]);
  });

  it("has a row a parameter, the one that decides first, their shares 1 together", () => {
    for (const evaluator of ["ped-anova", "fanova"] as const) {
      const { rows, trials } = importanceRows(valley(4, 80), { evaluator });
      expect(trials).toBe(80);
      expect(rows.length).toBe(4);
      expect(rows[0]!.p).toBe("p2");
      expect(rows.reduce((sum, { s }) => sum + Number(s), 0)).toBeCloseTo(1, 3);
    }
  });

  it("says when a parameter is used", () => {
    const { rows } = importanceRows(makeView({ trials: 60 }));
    expect(rows.find(({ p }) => p === "momentum")!.c).toMatch(/optimizer/);
  });

  it("shows 24 of 200 parameters, and counts the others", () => {
    const { rows, omitted } = importanceRows(valley(200, 50));
    expect([rows.length, omitted]).toEqual([24, 176]);
  });
});

describe("importanceChart()", () => {
  it("says of few trials that it is a hint", () => {
    expect(importanceChart(valley(3, 12)).text).toContain("take it as a hint");
    expect(importanceChart(valley(3, 60)).text).not.toContain("hint");
  });

  it("refuses another evaluator", () => {
    expect(() =>
      importanceChart(valley(3, 9), { evaluator: "shap" as "fanova" })
    ).toThrow(/expected "ped-anova" or "fanova"/);
  });
});
