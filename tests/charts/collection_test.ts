import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  ablationChart,
  acquisitionChart,
  contourChart,
  costChart,
  crossValidationChart,
  curveGridChart,
  distributionChart,
  explorerChart,
  foldsChart,
  footprintChart,
  hypervolumeHistoryChart,
  importanceChart,
  intermediateValuesChart,
  learningCurvesChart,
  optimizationHistoryChart,
  parallelCoordinatesChart,
  paretoFrontChart,
  partialDependenceChart,
  rankChart,
  savingsChart,
  searchMapChart,
  sliceChart,
  StudyCharts,
  terminatorImprovementChart,
  timelineChart,
  warmStartChart,
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

  it("draws warm starts from what it was told of them", () => {
    const view = makeView({ trials: 3 });
    const record = {
      strategy: "auto",
      sources: [{ name: "a", source: "b", trials: 3, similarity: 1 }],
      skipped: [],
      remarks: [],
      starts: 1,
      coherence: null,
      trials: [],
    };
    expect(new StudyCharts(() => view, () => record).warmStart().spec)
      .toEqual(warmStartChart(view, record).spec);
    expect(new StudyCharts(() => view).warmStart().spec)
      .toEqual(warmStartChart(view, null).spec);
    expect(new StudyCharts(() => view).savings([[1, 2]]).spec)
      .toEqual(savingsChart(view, [[1, 2]]).spec);
  });

  it("has a method for each chart", () => {
    const view = makeView({ trials: 20 });
    const charts = new StudyCharts(() => view);
    const pairs = [
      [
        charts.importance({ evaluator: "fanova" }),
        importanceChart(view, { evaluator: "fanova" }),
      ],
      [charts.contour({ height: 200 }), contourChart(view, { height: 200 })],
      [
        charts.distribution({ logX: true }),
        distributionChart(view, { logX: true }),
      ],
      [charts.rank({ height: 200 }), rankChart(view, { height: 200 })],
      [charts.timeline({ height: 200 }), timelineChart(view, { height: 200 })],
      [
        charts.crossValidation({ height: 200 }),
        crossValidationChart(view, { height: 200 }),
      ],
      [
        charts.partialDependence({ height: 90 }),
        partialDependenceChart(view, { height: 90 }),
      ],
      [charts.cost({ logY: true }), costChart(view, { logY: true })],
      [
        charts.curveGrid({ trials: [2] }),
        curveGridChart(view, { trials: [2] }),
      ],
      [
        charts.searchMap({ title: "Map" }),
        searchMapChart(view, { title: "Map" }),
      ],
      [
        charts.footprint({ height: 200 }),
        footprintChart(view, { height: 200 }),
      ],
      [
        charts.ablation({ title: "Path" }),
        ablationChart(view, { title: "Path" }),
      ],
      [
        charts.acquisition({ parameters: ["units"] }),
        acquisitionChart(view, { parameters: ["units"] }),
      ],
      [charts.explorer({ logY: true }), explorerChart(view, { logY: true })],
      [charts.folds({ height: 200 }), foldsChart(view, { height: 200 })],
      [
        charts.intermediateValues({ height: 200 }),
        intermediateValuesChart(view, { height: 200 }),
      ],
      [
        charts.terminatorImprovement({ height: 200 }),
        terminatorImprovementChart(view, { height: 200 }),
      ],
      [
        charts.hypervolumeHistory({ title: "Volume" }),
        hypervolumeHistoryChart(view, { title: "Volume" }),
      ],
      [
        charts.paretoFront({ title: "Front" }),
        paretoFrontChart(view, { title: "Front" }),
      ],
    ] as const;
    for (const [made, drawn] of pairs) expect(made.spec).toEqual(drawn.spec);
  });

  it("looks at the study at each call", () => {
    let trials = 1;
    const charts = new StudyCharts(() => makeView({ trials }));
    expect(charts.slice().text).toContain("1 trial:");
    trials = 7;
    expect(charts.slice().text).toContain("7 trials:");
  });
});
