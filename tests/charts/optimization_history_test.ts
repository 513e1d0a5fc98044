import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  optimizationHistoryChart,
  optimizationHistoryRows,
} from "../../lib/charts/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { makeView, sampleSpace, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const values = (all: readonly number[], objective = minimize("loss")) =>
  studyOver(line, all.length, (i) => ({ value: all[i]! }), objective);

describe("optimizationHistoryRows()", () => {
  it("of no trial has no rows and no range", () => {
    const rows = optimizationHistoryRows(makeView({ trials: 0 }));
    expect(rows.points).toEqual([]);
    expect(rows.best).toEqual([]);
    expect(rows.rug).toEqual([]);
    expect(rows.range).toBeNull();
  });

  it("has a point a complete trial, with its parameters under fields of its own", () => {
    const view = studyOver(line, 1, () => ({ value: 3 }));
    const { points, fields } = optimizationHistoryRows(view);
    expect(fields).toEqual({ f0: "x" });
    expect(points).toEqual([{
      n: 0,
      v: 3,
      k: "complete",
      f0: Number((view.trials[0]!.params.x as number).toPrecision(6)),
    }]);
  });

  it("has the corners of the best so far, in the objective's direction, up to the last trial", () => {
    const corners = (best: readonly { n?: unknown; v?: unknown }[]) =>
      best.map(({ n, v }) => [n, v]);
    const all = [3, 4, 2, 2, 5];
    expect(corners(optimizationHistoryRows(values(all)).best)).toEqual([
      [0, 3],
      [2, 2],
      [4, 2],
    ]);
    const rising = values(all, maximize("gain"));
    expect(corners(optimizationHistoryRows(rising).best)).toEqual([
      [0, 3],
      [1, 4],
      [4, 5],
    ]);
  });

  it("puts pruned, failed and running trials and infinite values beside the scale", () => {
    const states = ["complete", "pruned", "failed", "running", "waiting"];
    const view = studyOver(
      line,
      7,
      (i) =>
        i < 5
          ? { state: states[i] as "complete" }
          : { value: i === 5 ? Infinity : -Infinity },
    );
    const { rug, points } = optimizationHistoryRows(view);
    expect(points.map(({ n }) => n)).toEqual([0]);
    expect(rug.map(({ n, k, w }) => [n, k, w])).toEqual([
      [1, "pruned", "none"],
      [2, "failed", "none"],
      [3, "running", "none"],
      [5, "no place on the scale", "∞"],
      [6, "no place on the scale", "-∞"],
    ]);
  });

  it("draws a diverged value at the edge, and says its value", () => {
    const view = values([1, 2, 1.5, 1.2, 1e9, 1.1, 1.3]);
    const { points, range } = optimizationHistoryRows(view);
    expect(range).toEqual([1, 2]);
    expect(points[4]).toMatchObject({
      n: 4,
      v: 2,
      k: "beyond the scale",
      w: "1e9",
    });
  });

  it("never moves a good value to an edge", () => {
    const view = values([1, 2, 1.5, 1.2, 1e9, 1.1], maximize("gain"));
    expect(optimizationHistoryRows(view).range).toEqual([1, 1e9]);
  });

  it("leaves values of 0 and less out of a logarithmic axis", () => {
    const { points, rug } = optimizationHistoryRows(values([1, 0, -1, 0.1]), {
      logY: true,
    });
    expect(points.map(({ v }) => v)).toEqual([1, 0.1]);
    expect(rug.map(({ n }) => n)).toEqual([1, 2]);
  });

  it("keeps of 10,000 trials the extremes and every improvement", () => {
    const all = Array.from(
      { length: 10_000 },
      (_, i) => 2 + Math.sin(i * 1.7) + 100 / (i + 1),
    );
    all[5000] = 9;
    all[7000] = 0.5;
    const { points, best, omitted } = optimizationHistoryRows(values(all));
    const shown = new Map(points.map(({ n, v }) => [n, v]));
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(omitted).toBe(10_000 - points.length);
    expect(shown.get(5000)).toBe(9);
    expect(shown.get(7000)).toBe(0.5);
    expect(shown.has(0) && shown.has(9999)).toBe(true);
    for (const { n } of best.slice(0, -1)) {
      expect(shown.has(Number(n))).toBe(true);
    }
  });

  it("keeps the budget when every trial is an improvement", () => {
    const all = Array.from({ length: 10_000 }, (_, i) => -i);
    const { points, best } = optimizationHistoryRows(values(all));
    expect(points.length).toBeLessThanOrEqual(2500);
    expect(best.length).toBeLessThanOrEqual(601);
    expect(best.at(-1)).toMatchObject({ n: 9999, v: -9999 });
  });
});

describe("optimizationHistoryChart()", () => {
  it("says the direction on the axis, and who is best", async () => {
    const chart = optimizationHistoryChart(makeView({ trials: 30 }));
    const svg = await drawCleanly(chart);
    expect(svg).toContain("validation accuracy (maximize)");
    expect(chart.text).toMatch(/best 0\.\d+ by trial \d+: learningRate=/);
    expect(chart.text).toContain("30 trials: ");
    expect(chart.text).toMatch(/best so far [▁▂▃▄▅▆▇█]+/);
  });

  it("says what it could not place", () => {
    const view = values([1, 2, 1.5, 1.2, 1e9, Infinity]);
    const { text } = optimizationHistoryChart(view);
    expect(text).toContain("1 value beyond 2, drawn at the edge");
    expect(text).toContain("1 trial without a place on the scale");
  });

  it("is no taller where the first best lies beyond the scale", async () => {
    const tail = Array.from({ length: 30 }, (_, i) => 1 + (i % 7) / 10);
    const heightOf = async (first: number) => {
      const svg = await optimizationHistoryChart(
        values([first, first + 1, ...tail]),
        { title: "A title" },
      ).toSVG();
      return Number(/<svg[^>]* height="([\d.]+)"/.exec(svg)![1]);
    };
    // Beyond the scale there may be a line of text more.
    expect(await heightOf(1e6)).toBeLessThan(await heightOf(1.5) + 40);
  });

  it("takes a title, a logarithmic scale and a height", async () => {
    const chart = optimizationHistoryChart(
      studyOver(sampleSpace(), 20, (i) => ({ value: 10 ** -i })),
      { title: "Losses", logY: true, height: 400 },
    );
    expect(chart.title).toBe("Losses");
    expect(chart.spec.height).toBe(400);
    expect(await drawCleanly(chart)).toContain(">1e-12<");
  });
});
