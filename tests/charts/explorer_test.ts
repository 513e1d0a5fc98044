import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  costChart,
  explorerChart,
  explorerRows,
  optimizationHistoryChart,
  sliceChart,
} from "../../lib/charts/mod.ts";
import { makeView } from "../support/chart_views.ts";
import { selectionsOf } from "../support/selections.ts";

describe("explorerChart()", () => {
  it("shows the six most important parameters, or those named", () => {
    const view = makeView({ trials: 30 });
    expect(Object.keys(explorerRows(view).fields).length).toBe(6);
    expect(explorerRows(view, { parameters: ["units"] }).fields).toEqual({
      f0: "units",
    });
    expect(() => explorerChart(view, { parameters: ["x"] })).toThrow(
      RangeError,
    );
  });

  it("has one selection for the history and every parameter", async () => {
    const { spec } = explorerChart(makeView({ trials: 30 }));
    expect(await selectionsOf(spec)).toEqual({ brush: 7 });
  });

  it("names a trial with all its parameters, those not used as such", () => {
    const spec = JSON.stringify(explorerChart(makeView({ trials: 30 })).spec);
    expect(spec).toContain("'not used'");
    expect(spec).toContain('"field":"f4_text"');
  });
});

describe("sliceChart() of a conditional parameter", () => {
  it("shows the trials that do not use it in a strip of their own", () => {
    const spec = JSON.stringify(
      sliceChart(makeView({ trials: 30 }), { parameters: ["momentum"] }).spec,
    );
    expect(spec).toContain('"text":"not used"');
    expect(spec).toContain('"filter":"!isValid(datum.f0)"');
  });
});

describe("charts of several studies", () => {
  const view = makeView({ trials: 40 });
  const other = { ...makeView({ trials: 25 }), name: "other" };

  it("name the study that is ahead first", () => {
    for (
      const chart of [
        optimizationHistoryChart(view, { others: [other] }),
        costChart(view, { others: [other] }),
      ]
    ) {
      const [, first, second] = chart.text.split("\n");
      const valueIn = (line: string) => Number(/best ([\d.]+)/.exec(line)![1]);
      expect(valueIn(first!)).toBeGreaterThanOrEqual(valueIn(second!));
    }
  });

  it("refuse more than eight, and what is no view", () => {
    const draw = optimizationHistoryChart as (
      view: unknown,
      options: unknown,
    ) => void;
    expect(() => draw(view, { others: new Array(8).fill(other) })).toThrow(
      /there are 8 other studies, expected at most 7/,
    );
    expect(() => draw(view, { others: [3] })).toThrow(/not made of views/);
    expect(() => draw(view, { others: other })).toThrow(/is no array/);
  });
});
