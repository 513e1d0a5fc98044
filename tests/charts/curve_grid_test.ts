import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { curveGridChart, curveGridRows } from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

describe("curveGridRows()", () => {
  it("of no trial has no panels", () => {
    expect(curveGridRows(makeView({ trials: 0 })).panels).toEqual([]);
  });

  it("has a panel for each of the best and the latest, by number", () => {
    const { panels, omitted } = curveGridRows(makeView({ trials: 60 }));
    const numbers = panels.map(({ trial }) => trial);
    expect(panels.length).toBe(12);
    expect(omitted).toBe(48);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.slice(-4)).toEqual([56, 57, 58, 59]);
  });

  it("says what the curves show", () => {
    const falling = Array.from({ length: 30 }, (_, i) => 2 * Math.exp(-i / 4));
    const view = studyOver(line, 1, () => ({
      value: 1,
      curves: {
        "train loss": falling,
        "validation loss": falling.map((y, i) => y + 0.4 + 0.05 * i),
      },
    }));
    const [panel] = curveGridRows(view).panels;
    expect(panel).toMatchObject({
      label: "trial 0: 1",
      finding: "overfitting",
    });
    expect(curveGridChart(view).text).toContain("trial 0: 1: overfitting");
  });

  it("refuses a trial that there is not, and more than 24", () => {
    const view = makeView({ trials: 30 });
    expect(() => curveGridChart(view, { trials: [30] })).toThrow(
      /has no trial 30/,
    );
    expect(() => curveGridChart(view, { trials: [...Array(25).keys()] }))
      .toThrow(RangeError);
  });
});
