import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  learningCurvesChart,
  optimizationHistoryChart,
  parallelCoordinatesChart,
  sliceChart,
  StudyCharts,
} from "../../lib/charts/mod.ts";
import { makeView } from "../support/chart_views.ts";

describe("StudyCharts", () => {
  it("draws what the functions draw, options included", () => {
    const view = makeView({ trials: 12 });
    const charts = new StudyCharts(() => view);
    expect(charts.optimizationHistory({ logY: true }).spec).toEqual(
      optimizationHistoryChart(view, { logY: true }).spec,
    );
    expect(charts.learningCurves({ trials: [2] }).spec).toEqual(
      learningCurvesChart(view, { trials: [2] }).spec,
    );
    expect(charts.parallelCoordinates({ parameters: ["units"] }).spec).toEqual(
      parallelCoordinatesChart(view, { parameters: ["units"] }).spec,
    );
    expect(charts.slice({ title: "Slices" }).spec).toEqual(
      sliceChart(view, { title: "Slices" }).spec,
    );
  });

  it("looks at the study at each call", () => {
    let trials = 1;
    const charts = new StudyCharts(() => makeView({ trials }));
    expect(charts.slice().text).toContain("1 trial:");
    trials = 7;
    expect(charts.slice().text).toContain("7 trials:");
  });
});
