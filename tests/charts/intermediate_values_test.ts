import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { intermediateValuesRows } from "../../lib/charts/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { makeView, sampleSpace, studyOver } from "../support/chart_views.ts";

describe("intermediateValuesRows()", () => {
  it("of no trial, and of trials without the objective's curve, has no points", () => {
    expect(intermediateValuesRows(makeView({ trials: 0 })).points).toEqual([]);
    const other = studyOver(sampleSpace(), 3, () => ({
      curves: { accuracy: [1, 2] },
    }));
    expect(intermediateValuesRows(other).points).toEqual([]);
  });

  it("has the objective's curve of each trial, the best one last", () => {
    const view = studyOver(sampleSpace(), 3, (i) => ({
      value: [1, 3, 2][i]!,
      curves: { loss: [9, 8 + i], accuracy: [0.1] },
    }));
    const { points, trials } = intermediateValuesRows(view);
    expect(trials.map(({ n }) => n)).toEqual([1, 2, 0]);
    expect(points.slice(0, 2)).toEqual([
      { n: 1, k: "complete", g: 1, x: 1, y: 9 },
      { n: 1, k: "complete", g: 1, x: 2, y: 9 },
    ]);
  });

  it("begins a new line after NaN, and on a logarithmic axis after 0", () => {
    const view = studyOver(sampleSpace(), 1, () => ({
      curves: { loss: [3, NaN, 2, 0, 1] },
    }), minimize("loss"));
    const pieces = (logY: boolean) =>
      intermediateValuesRows(view, { logY }).points.map(({ g, y }) => [g, y]);
    expect(pieces(false)).toEqual([[1, 3], [2, 2], [2, 0], [2, 1]]);
    expect(pieces(true)).toEqual([[1, 3], [2, 2], [3, 1]]);
  });

  it("says where pruned trials were stopped", () => {
    const view = studyOver(sampleSpace(), 1, () => ({
      state: "pruned",
      curves: { loss: [3, 2] },
    }));
    expect(intermediateValuesRows(view).ends).toEqual([
      { n: 0, k: "pruned", x: 2, y: 2 },
    ]);
  });

  it("keeps the best and the latest of 10,000 trials", () => {
    const view = makeView({ trials: 10_000, steps: 2 });
    const { trials, omitted } = intermediateValuesRows(view);
    expect(trials.length).toBe(150);
    expect(trials.some(({ n }) => n === 9_999)).toBe(true);
    expect(omitted).toBeGreaterThan(9_000);
  });
});
