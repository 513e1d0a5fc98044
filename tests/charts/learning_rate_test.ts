import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { learningRateChart, learningRateRows } from "../../lib/charts/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";

const rates = Array.from({ length: 80 }, (_, i) => 10 ** (-6 + i / 12));
const losses = rates.map((rate, i) =>
  (rate < 0.1 ? 2 - rate * 10 : 1000) + Math.sin(i) / 10
);
const sweep = {
  rates,
  losses,
  smoothed: losses,
  range: [0.01, 0.3] as const,
  steepest: 0.05,
  reason: "The loss falls.",
};

describe("learningRateRows()", () => {
  it("of nothing is nothing", () => {
    const nothing = { ...sweep, rates: [], losses: [], smoothed: [] };
    expect(learningRateRows(nothing)).toEqual({
      rows: [],
      domain: null,
      beyond: 0,
    });
  });

  it("has two rows a rate, and what blows up at the edge", () => {
    const { rows, beyond, domain } = learningRateRows(sweep);
    expect(rows.length).toBe(160);
    expect(beyond).toBe(losses.filter((loss) => loss > 500).length);
    expect(domain![1]).toBeLessThan(5);
    expect(Math.max(...rows.map(({ v }) => v as number))).toBeLessThan(5);
  });

  it("leaves out losses that are no numbers", () => {
    const holes = {
      ...sweep,
      losses: losses.map((loss, i) => i % 2 ? NaN : loss),
    };
    expect(learningRateRows(holes).rows.length).toBe(80);
  });
});

describe("learningRateChart()", () => {
  it("says what to search, and is drawn cleanly", async () => {
    const chart = learningRateChart(sweep);
    expect(chart.text).toContain("worth searching: 0.01 to 0.3");
    expect(chart.text).toContain("The loss falls.");
    await drawCleanly(chart);
    await drawCleanly(
      learningRateChart({ ...sweep, steepest: null }, {
        title: "t",
        height: 100,
      }),
    );
    await drawCleanly(
      learningRateChart({ ...sweep, rates: [], losses: [], smoothed: [] }),
    );
  });

  it("refuses options that it does not have", () => {
    expect(() => learningRateChart(sweep, { width: 3 } as object)).toThrow(
      TypeError,
    );
  });
});
