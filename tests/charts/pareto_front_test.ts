import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { paretoFrontChart, paretoFrontRows } from "../../lib/charts/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import {
  sampleSpace,
  studyOver,
  tradeOffStudy,
} from "../support/chart_views.ts";
import { selectionsOf } from "../support/selections.ts";

function study(values: readonly (readonly number[])[], second = minimize("b")) {
  return {
    ...studyOver(sampleSpace(), values.length, (i) => ({
      value: values[i]![0]!,
      values: values[i]!,
    })),
    objectives: [minimize("a"), second],
  };
}

const four = [[1, 4], [2, 2], [3, 3], [4, 1]];

describe("paretoFrontRows()", () => {
  it("of no trial has no points", () => {
    expect(paretoFrontRows(tradeOffStudy(0)).points).toEqual([]);
  });

  it("tells what nothing dominates, each objective in its direction", () => {
    const front = (view: ReturnType<typeof study>) =>
      paretoFrontRows(view).points.filter(({ k }) => k === "on the front")
        .map(({ n }) => n);
    expect(front(study(four))).toEqual([0, 1, 3]);
    expect(front(study(four, maximize("b")))).toEqual([0]);
  });

  it("says how many fronts stand before a trial", () => {
    const { points } = paretoFrontRows(study([...four, [5, 5]]));
    expect(points.map(({ n, r }) => [n, r])).toEqual([
      [2, 1],
      [4, 2],
      [0, 0],
      [1, 0],
      [3, 0],
    ]);
  });

  it("leaves out trials without a value an objective", () => {
    expect(paretoFrontRows(study([[1, NaN], [1, Infinity], [1]])).points)
      .toEqual([]);
  });

  it("keeps the front of 10,000 trials", () => {
    const { points, front, omitted } = paretoFrontRows(tradeOffStudy(10_000));
    expect(points.filter(({ k }) => k === "on the front").length).toBe(front);
    expect(points.length).toBeLessThanOrEqual(1500);
    expect(omitted).toBeGreaterThan(7000);
  });

  it("shows the objectives named; the front stays that of all", () => {
    const view = tradeOffStudy(40, [
      minimize("a"),
      minimize("b"),
      maximize("c"),
    ]);
    const all = paretoFrontRows(view);
    const two = paretoFrontRows(view, { objectives: ["c", "a"] });
    expect(two.front).toBe(all.front);
    expect(two.objectives.map(({ name }) => name)).toEqual(["c", "a"]);
    expect(two.points[0]!.v0).toBe(all.points[0]!.v2);
  });
});

describe("paretoFrontChart()", () => {
  it("links the plots of three objectives by one selection", async () => {
    const { spec } = paretoFrontChart(
      tradeOffStudy(40, [minimize("a"), minimize("b"), maximize("c")]),
    );
    expect(await selectionsOf(spec)).toEqual({ brush: 3 });
  });

  it("refuses objectives that are unknown, alone or named twice", () => {
    const view = tradeOffStudy(3);
    expect(() => paretoFrontChart(view, { objectives: ["x", "y"] })).toThrow(
      /there is no objective "x"; the study has "accuracy"/,
    );
    expect(() => paretoFrontChart(view, { objectives: ["accuracy"] })).toThrow(
      /expected 2 to 4 different ones/,
    );
    expect(() =>
      paretoFrontChart(view, { objectives: ["accuracy", "accuracy"] })
    ).toThrow(RangeError);
  });
});
