import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { contourChart, contourRows } from "../../lib/charts/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const mixed = space({
  rate: float(1e-4, 1, { log: true }),
  kind: choice(["a", "b"]),
  extra: float(0, 1).when({ kind: "b" }),
}) as unknown as Space;
/** A study whose value is the distance of the rate's logarithm from −2. */
const valley = (trials: number) => {
  const view = studyOver(mixed, trials, () => ({}));
  return {
    ...view,
    trials: view.trials.map((trial) => ({
      ...trial,
      value: Math.abs(Math.log10(Number(trial.params.rate)) + 2),
    })),
  };
};

describe("contourRows()", () => {
  it("of no trial, and of one, has no cells", () => {
    for (const trials of [0, 1]) {
      const { cells, range } = contourRows(makeView({ trials }));
      expect([cells, range]).toEqual([[], null]);
    }
  });

  it("follows the objective along a logarithmic axis, for each category", () => {
    const { cells } = contourRows(valley(40), { parameters: ["rate", "kind"] });
    expect(new Set(cells.map(({ y }) => y))).toEqual(new Set(["a", "b"]));
    const lowest = cells.toSorted((a, b) => Number(a.m) - Number(b.m))[0]!;
    expect(Math.abs(Math.log10(Number(lowest.x)) + 2)).toBeLessThan(0.6);
  });

  it("has no cell where one of the two is not used, and counts such trials", () => {
    const view = valley(40);
    const { cells, points, unused } = contourRows(view, {
      parameters: ["kind", "extra"],
    });
    expect(new Set(cells.map(({ x }) => x))).toEqual(new Set(["b"]));
    expect(points.length + unused).toBe(40);
    expect(unused).toBeGreaterThan(0);
  });

  it("of 1,000 choices shows those of the best trials, and counts the others", () => {
    const many = space({
      c: choice(Array.from({ length: 1000 }, (_, i) => `c${i}`)),
      x: float(0, 1),
    }) as unknown as Space;
    const view = studyOver(many, 200, (i) => ({ value: i }));
    const { cells, points, omitted } = contourRows(view, {
      parameters: ["c", "x"],
    });
    expect(new Set(cells.map(({ x }) => x)).size).toBe(24);
    expect(cells.map(({ x }) => x)).toContain(view.trials[0]!.params.c);
    expect(points.length + omitted).toBe(200);
  });

  it("refuses one parameter, and three", () => {
    const view = valley(3);
    expect(() => contourChart(view, { parameters: ["rate"] })).toThrow(
      /expected 2/,
    );
    expect(() => contourChart(view, { parameters: mixed.names })).toThrow(
      RangeError,
    );
  });
});
