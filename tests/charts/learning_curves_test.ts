import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  learningCurveRows,
  learningCurvesChart,
} from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const one = (curves: Readonly<Record<string, readonly number[]>>) =>
  studyOver(line, 1, () => ({ value: 1, curves }));

describe("learningCurveRows()", () => {
  it("of a study without curves has no points", () => {
    const rows = learningCurveRows(studyOver(line, 3, () => ({ value: 1 })));
    expect(rows.points).toEqual([]);
    expect(rows.quantities).toEqual([]);
  });

  it("has a point a step, and tells data and quantity by the curve's name", () => {
    const { points, quantities } = learningCurveRows(
      one({ "train loss": [3, 2], "validation loss": [4, 3] }),
    );
    expect(quantities).toEqual([{ name: "loss", range: [2, 4] }]);
    expect(points).toEqual([
      { t: 0, q: 0, s: "train", g: 1, x: 1, y: 3 },
      { t: 0, q: 0, s: "train", g: 1, x: 2, y: 2 },
      { t: 0, q: 0, s: "validation", g: 2, x: 1, y: 4 },
      { t: 0, q: 0, s: "validation", g: 2, x: 2, y: 3 },
    ]);
  });

  it("begins a new piece of line after NaN and infinite values, and marks lonely points", () => {
    const { points, gaps } = learningCurveRows(
      one({ loss: [5, NaN, 4, 3, Infinity, -Infinity, 2] }),
    );
    expect(points.map(({ g, x, lonely }) => [g, x, lonely])).toEqual([
      [1, 1, true],
      [2, 3, undefined],
      [2, 4, undefined],
      [3, 7, true],
    ]);
    expect(gaps).toBe(3);
  });

  it("leaves values of 0 and less out of a logarithmic axis", () => {
    const { points, quantities } = learningCurveRows(
      one({ loss: [1, 0, -1, 0.1] }),
      { logY: true },
    );
    expect(points.map(({ y }) => y)).toEqual([1, 0.1]);
    expect(quantities[0]!.range).toEqual([0.1, 1]);
  });

  it("puts the objective's quantity first, and shows at most four", () => {
    const names = ["train a", "train b", "validation loss", "c", "d", "e"];
    const view = studyOver(line, 1, () => ({
      value: 1,
      curves: Object.fromEntries(names.map((name) => [name, [1, 2]])),
    }), { name: "validation loss", direction: "minimize" });
    const { quantities, omittedQuantities } = learningCurveRows(view);
    expect(quantities.map(({ name }) => name)).toEqual(["loss", "a", "b", "c"]);
    expect(omittedQuantities).toEqual(["d", "e"]);
  });

  it("shows the four best and the two latest trials unless told", () => {
    const view = studyOver(line, 20, (i) => ({
      ...(i === 19 ? { state: "running" as const } : { value: 100 - i % 10 }),
      curves: { loss: [i] },
    }));
    const { trials } = learningCurveRows(view);
    expect(trials.map(({ t }) => t)).toEqual([7, 8, 9, 17, 18, 19]);
    expect(trials.map(({ label }) => label)).toEqual([
      "trial 7 · 93",
      "trial 8 · 92",
      "trial 9 · 91 (best)",
      "trial 17 · 93",
      "trial 18 · 92",
      "trial 19 (running)",
    ]);
  });

  it("shows the trials and curves that are named", () => {
    const { trials, points } = learningCurveRows(makeView({ trials: 10 }), {
      trials: [2, 5],
      series: ["validation loss"],
    });
    expect(trials.map(({ t }) => t)).toEqual([2, 5]);
    expect(new Set(points.map(({ s }) => s))).toEqual(new Set(["validation"]));
  });

  it("keeps of 100,000 points the extremes, the ends and the gaps, within the budget", () => {
    const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 9));
    values[31_234] = 50;
    values[76_543] = -50;
    for (let i = 50_000; i < 50_500; i++) values[i] = NaN;
    const { points } = learningCurveRows(one({ loss: values }));
    const shown = new Map(points.map(({ x, y }) => [x, y]));
    expect(points.length).toBeLessThanOrEqual(4800);
    expect(shown.get(31_235)).toBe(50);
    expect(shown.get(76_544)).toBe(-50);
    expect(shown.has(1) && shown.has(100_000)).toBe(true);
    expect(new Set(points.map(({ g }) => g)).size).toBe(2);
  });

  it("lets one value that is far above all others run out of the plot", () => {
    const values = Array.from({ length: 50 }, (_, i) => 2 - i / 50);
    const range = (all: readonly number[]) =>
      learningCurveRows(one({ loss: all })).quantities[0]!.range![1];
    expect(range(values)).toBe(2);
    expect(range([...values, 1e9])).toBeLessThan(5);
    expect(range([50, ...values])).toBe(50);
  });
});

describe("learningCurvesChart()", () => {
  it("refuses trials and curves that the study does not have", () => {
    const view = makeView({ trials: 3 });
    expect(() => learningCurvesChart(view, { trials: [7] })).toThrow(
      new RangeError(
        "Cannot draw the learning curves: there is no trial 7; the study has 3 trials, the latest is 2",
      ),
    );
    expect(() => learningCurvesChart(view, { series: ["losss"] })).toThrow(
      /there is no curve "losss"; the study has "train loss", /,
    );
    expect(() =>
      learningCurvesChart(view, { trials: Array(21).fill(0) as number[] })
    ).toThrow(/21 trials are named, expected at most 20/);
    expect(() => learningCurvesChart(view, { trials: [] })).toThrow(TypeError);
  });

  it("says what it leaves out, and how the curves went", () => {
    const { text } = learningCurvesChart(one({ loss: [3, NaN, 0.5] }));
    expect(text).toContain("trial 0 · 1 (best, latest): loss 3 → 0.5");
    expect(text).toContain("1 gap where a value is NaN or infinite");
  });

  it("draws 20 trials in colors that differ", async () => {
    const trials = Array.from({ length: 20 }, (_, i) => i);
    const chart = learningCurvesChart(makeView({ trials: 20 }), { trials });
    const svg = await drawCleanly(chart);
    expect(new Set(svg.match(/hsl\([^)]*\)|rgb\([^)]*\)/g)).size)
      .toBeGreaterThanOrEqual(20);
  });
});
