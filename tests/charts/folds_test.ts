import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { foldsChart, foldsRows } from "../../lib/charts/mod.ts";
import {
  folded,
  makeView,
  sampleSpace,
  studyOver,
} from "../support/chart_views.ts";

/** Trials with the scores of their folds, smaller is better. */
const study = (scores: readonly (readonly number[])[]) =>
  studyOver(sampleSpace(), scores.length, (i) => ({
    value: scores[i]!.reduce((sum, score) => sum + score) / scores[i]!.length,
    curves: { "loss by fold": [...scores[i]!] },
  }));

describe("foldsRows()", () => {
  it("of trials without folds has no points, and the chart says how to get them", () => {
    const view = makeView({ trials: 5 });
    expect(foldsRows(view).points).toEqual([]);
    expect(foldsChart(view).text).toMatch(/crossValidate\(…\)/);
  });

  it("has the best first, each fold, and means with their standard errors", () => {
    const { points, means, folds, agreeing } = foldsRows(
      study([[3, 5], [1, 3], [1, 2.5]]),
    );
    expect(means.map(({ n, m }) => [n, m])).toEqual([[2, 1.75], [1, 2], [
      0,
      4,
    ]]);
    // √(2 / 2)
    expect([means[2]!["l"], means[2]!["h"]]).toEqual([3, 5]);
    expect(points[1]).toEqual({ n: 2, x: 0, f: 2, v: 2.5 });
    // On the first fold the two are equal.
    expect([folds, agreeing]).toEqual([2, 1]);
  });

  it("leaves out trials with other folds, and those not asked for", () => {
    const view = study([[1, 2, 3], [2, 3], [3, 4, 5], [4, 5, 6]]);
    expect(foldsRows(view).means.map(({ n }) => n)).toEqual([0, 2, 3]);
    expect(foldsRows(view, { trials: [3, 2] }).means.map(({ n }) => n))
      .toEqual([2, 3]);
  });

  it("counts what was stopped early", () => {
    expect(foldsRows(folded(makeView({ trials: 100 }))).stopped)
      .toBeGreaterThan(5);
  });
});
