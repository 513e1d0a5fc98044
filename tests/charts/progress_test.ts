import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { progressChart } from "../../lib/charts/mod.ts";
import { countRows, drawCleanly } from "../support/chart_conformance.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";

describe("progressChart()", () => {
  it("shows the caller's title and lines over the history and the curves", async () => {
    const chart = progressChart(makeView({ trials: 12 }), {
      title: "digits: 12 of 50 trials",
      subtitle: ["best 0.93", "about 4 min left"],
    });
    const svg = await drawCleanly(chart);
    for (
      const text of [
        "digits: 12 of 50 trials",
        "about 4 min left",
        "validation accuracy (maximize)",
        "loss",
        "step",
      ]
    ) expect(svg).toContain(text);
    expect(chart.text).toContain("about 4 min left");
  });

  it("shows the curves of the trials named, passing over those that do not exist", () => {
    const text = JSON.stringify(
      progressChart(makeView({ trials: 12 }), { trials: [3, 999] }).spec,
    );
    expect(text).toMatch(/"label":"trial 3\b/);
    expect(text).not.toMatch(/"label":"trial [^3]/);
  });

  it("shows the history alone while there are no curves", async () => {
    const view = studyOver(
      space({ x: float(0, 1) }) as unknown as Space,
      5,
      (i) => ({ value: i }),
    );
    const chart = progressChart(view);
    expect(chart.spec.vconcat).toBeUndefined();
    await drawCleanly(chart);
  });

  it("stays within 5,000 rows and 300 kB at 1,000 trials with long curves", () => {
    const { spec } = progressChart(makeView({ trials: 1000, steps: 2000 }));
    expect(countRows(spec)).toBeLessThanOrEqual(5000);
    expect(JSON.stringify(spec).length).toBeLessThan(300_000);
  });
});
