import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { searchMapRows } from "../../lib/charts/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const mixed = space({
  rate: float(1e-4, 1, { log: true }),
  kind: choice(["a", "b"]),
}) as unknown as Space;

describe("searchMapRows()", () => {
  it("of no trial has empty cells, and expects nothing", () => {
    const { cells, best, untried } = searchMapRows(makeView({ trials: 0 }));
    expect(cells.every(({ c, w }) => c === 0 && w === null)).toBe(true);
    expect([best, untried]).toEqual([[], 1]);
  });

  it("counts the trials along the logarithmic scale, those running too", () => {
    const view = viewOf(mixed, [
      trialOf(0, { rate: 0.9e-2, kind: "a" }, { value: 2 }),
      trialOf(1, { rate: 0.8e-2, kind: "b" }, { value: 1 }),
      trialOf(2, { rate: 1, kind: "b" }, { state: "running" }),
    ]);
    const { cells, best } = searchMapRows(view);
    const of = (p: number) => cells.filter((cell) => cell.p === p);
    expect(of(0).flatMap(({ c }, k) => c === 0 ? [] : [[k, c]])).toEqual([
      [9, 2],
      [19, 1],
    ]);
    expect(of(1).map(({ from, c, s }) => [from, c, s])).toEqual([
      ["a", 1, 0.5],
      ["b", 2, 1],
    ]);
    expect(best.map(({ p, v }) => [p, v])).toEqual([[0, 0.008], [1, "b"]]);
  });

  it("expects the best where the objective is best", () => {
    const view = studyOver(mixed, 60, () => ({}));
    const valley = {
      ...view,
      trials: view.trials.map((trial) => ({
        ...trial,
        value: Math.abs(Math.log10(Number(trial.params.rate)) + 1),
      })),
    };
    const { cells } = searchMapRows(valley, { parameters: ["rate"] });
    const top = cells.reduce((a, b) => Number(b.w) > Number(a.w) ? b : a);
    expect(Math.abs(Number(top.a) - 0.75)).toBeLessThan(0.11);
  });
});
