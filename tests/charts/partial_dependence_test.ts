import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  partialDependenceChart,
  partialDependenceRows,
} from "../../lib/charts/mod.ts";
import { float, int, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const plane = space({ x: float(0, 1), n: int(1, 5), y: float(0, 1) });
const sum = (trials: number) => {
  const view = studyOver(plane as unknown as Space, trials, () => ({}));
  return {
    ...view,
    trials: view.trials.map((trial) => ({
      ...trial,
      value: 10 * Number(trial.params.x) + Number(trial.params.n),
    })),
  };
};

describe("partialDependenceRows()", () => {
  it("says why there is nothing before two trials have a value", () => {
    for (const trials of [0, 1]) {
      expect(partialDependenceRows(makeView({ trials })).reason).toMatch(
        /fewer than two trials/,
      );
    }
  });

  it("of a sum gives each summand, and the interval holds the mean", () => {
    const { panels } = partialDependenceRows(sum(60));
    const rise = panels.map(({ rows }) =>
      Number(rows.at(-1)!.m) - Number(rows[0]!.m)
    );
    expect(panels.map(({ rows }) => rows.length)).toEqual([21, 5, 21]);
    expect(Math.abs(rise[0]! - 10)).toBeLessThan(1);
    expect(Math.abs(rise[1]! - 4)).toBeLessThan(0.8);
    expect(Math.abs(rise[2]!)).toBeLessThan(0.5);
    for (const { l, m, h } of panels.flatMap(({ rows }) => rows)) {
      expect(Number(l)).toBeLessThanOrEqual(Number(m));
      expect(Number(h)).toBeGreaterThanOrEqual(Number(m));
    }
  });

  it("draws a parameter with a condition where it is used", () => {
    const view = makeView({ trials: 60 });
    const { panels } = partialDependenceRows(view, {
      parameters: ["momentum"],
    });
    expect(panels[0]!.rows.every(({ x }) => x !== null)).toBe(true);
    expect(partialDependenceChart(view).text).toContain("where they are used");
  });

  it("says of how many trials the surrogate knows, where it does not know all", () => {
    expect(partialDependenceChart(sum(60)).text).not.toContain("knows");
    const chart = partialDependenceChart(sum(400));
    expect(chart.text).toContain("the surrogate knows 150 of 400 trials");
    expect(JSON.stringify(chart.spec.title)).toContain("knows 150 of 400");
  });
});
