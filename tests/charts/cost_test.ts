import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { costChart, costRows } from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

describe("costRows()", () => {
  it("of no trial has spent nothing", () => {
    const { points, totalMs, bestMs } = costRows(makeView({ trials: 0 }));
    expect([points, totalMs, bestMs]).toEqual([[], 0, null]);
  });

  it("adds up the time of all trials, those that failed too", () => {
    const view = studyOver(line, 4, (i) => ({
      state: i === 1 ? "failed" : "complete",
      durationMs: 10_000,
      ...(i === 1 ? {} : { value: [5, 0, 3, 4][i]! }),
    }));
    const { points, best, unit, totalMs, bestMs } = costRows(view);
    expect([unit, totalMs, bestMs]).toEqual(["seconds", 40_000, 30_000]);
    expect(points.map(({ n, t, v }) => [n, t, v])).toEqual([
      [0, 10, 5],
      [2, 30, 3],
      [3, 40, 4],
    ]);
    expect(best.map(({ n, v }) => [n, v])).toEqual([[0, 5], [2, 3]]);
  });
});

describe("costChart()", () => {
  it("says when the best was found", () => {
    expect(costChart(makeView({ trials: 50 })).text).toMatch(
      /in all; the best was found after [\d.]+ min, [\d.]+ % of it/,
    );
  });
});
