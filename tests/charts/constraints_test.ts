import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  costRows,
  historySketch,
  optimizationHistoryChart,
  optimizationHistoryRows,
  paretoFrontChart,
  paretoFrontRows,
  searchMapRows,
  sliceChart,
  sliceRows,
} from "../../lib/charts/mod.ts";
import { minimize, outcomeConstraints } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { trialOf, viewOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

/** Trials with a value each, and whether they keep to the constraint. */
function study(
  trials: readonly (readonly [number | readonly [number, number], boolean])[],
) {
  const isPair = Array.isArray(trials[0]?.[0]);
  return viewOf(
    line,
    trials.map(([told, isKept], n) => {
      const values = typeof told === "number" ? [told] : told;
      return trialOf(n, { x: n / 10 }, {
        value: values[0]!,
        values,
        constraints: [isKept ? -1 : 1],
      });
    }),
    isPair ? [minimize("a"), minimize("b")] : [minimize("loss")],
    outcomeConstraints({ size: { max: 8 } }),
  );
}

describe("charts of a study with constraints", () => {
  const mixed = study([[3, true], [1, false], [4, true], [2, true], [
    0,
    false,
  ]]);

  it("the history marks what is not feasible, and its best so far is of the others", () => {
    const { points, best } = optimizationHistoryRows(mixed);
    expect(points.map(({ n, k }) => [n, k])).toEqual([
      [0, "complete"],
      [1, "not feasible"],
      [2, "complete"],
      [3, "complete"],
      [4, "not feasible"],
    ]);
    expect(best.map(({ n, v }) => [n, v])).toEqual([[0, 3], [3, 2], [4, 2]]);
  });

  it("says so where nothing is feasible, and marks no best", () => {
    const none = study([[3, false], [1, false]]);
    expect(optimizationHistoryRows(none).best).toEqual([]);
    expect(optimizationHistoryChart(none).text).toContain(
      "no feasible trial yet",
    );
    expect(searchMapRows(none).best).toEqual([]);
    expect(costRows(none).best).toEqual([]);
  });

  it("slices rank what is not feasible below all that is", () => {
    expect(sliceRows(mixed).points.map(({ n, k }) => [n, k])).toEqual([
      [1, "not feasible"],
      [4, "not feasible"],
      [2, "feasible"],
      [0, "feasible"],
      [3, "feasible"],
    ]);
  });

  it("nothing that is not feasible is on the front, nor dominates", () => {
    const { points, front } = paretoFrontRows(
      study([[[0, 0], false], [[1, 2], true], [[2, 1], true], [[3, 3], true]]),
    );
    expect(front).toBe(2);
    expect(points.map(({ n, k, r }) => [n, k, r])).toEqual([
      [0, "not feasible", null],
      [3, "dominated", 1],
      [1, "on the front", 0],
      [2, "on the front", 0],
    ]);
  });

  it("the sketch tells both apart", () => {
    expect(historySketch(mixed)).toContain("not feasible");
    expect(historySketch(study([[1, true]]))).not.toContain("not feasible");
  });

  it("are drawn", async () => {
    const pair = study([[[0, 0], false], [[1, 2], true], [[2, 1], true]]);
    for (
      const chart of [
        optimizationHistoryChart(mixed),
        sliceChart(mixed),
        paretoFrontChart(pair),
      ]
    ) await drawCleanly(chart);
  });
});
