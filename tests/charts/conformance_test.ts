import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  ablationChart,
  acquisitionChart,
  contourChart,
  costChart,
  crossValidationChart,
  curveGridChart,
  diagnosisChart,
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
  progressChart,
  pruningChart,
  rankChart,
  savingsChart,
  searchMapChart,
  sliceChart,
  StudyCharts,
  terminatorImprovementChart,
  timelineChart,
  warmStartChart,
  whatIfChart,
} from "../../lib/charts/mod.ts";
import { maximize, type StudyView } from "../../lib/records/mod.ts";
import { chartConformance, type DrawChart } from "../conformance/chart.ts";
import { folded, makeView, tradeOffStudy } from "../support/chart_views.ts";
import { begun } from "../support/warm_start_records.ts";

/** The same study with a second objective, which pulls against the first. */
function twofold(view: StudyView): StudyView {
  let trials: StudyView["trials"] | null = null;
  return {
    name: view.name,
    space: view.space,
    objectives: [...view.objectives, maximize('</script> "speed" 常数🙂[0]')],
    // Read late: a study that cannot be read must say so in the chart.
    get trials() {
      return trials ??= view.trials.map((trial) => ({
        ...trial,
        values: trial.value === null
          ? null
          : [trial.value, trial.number % 7 === 3 ? 1e308 : trial.number % 7],
      }));
    },
  };
}

const charts: Readonly<Record<string, DrawChart>> = {
  ablationChart,
  acquisitionChart,
  "acquisitionChart of the probability": (view, options = {}) =>
    acquisitionChart(
      view,
      options === null ? options : { kind: "probability", ...options },
    ),
  contourChart,
  costChart,
  "costChart of two studies": (view, options = {}) =>
    costChart(
      view,
      options === null ? options : { others: [view], ...options },
    ),
  crossValidationChart,
  curveGridChart,
  diagnosisChart,
  distributionChart,
  explorerChart,
  foldsChart: (view, options) => foldsChart(folded(view), options),
  footprintChart,
  hypervolumeHistoryChart,
  "hypervolumeHistoryChart of two objectives": (view, options) =>
    hypervolumeHistoryChart(twofold(view), options),
  importanceChart,
  intermediateValuesChart,
  learningCurvesChart,
  optimizationHistoryChart,
  "optimizationHistoryChart of two studies": (view, options = {}) =>
    optimizationHistoryChart(
      view,
      options === null ? options : { others: [view], ...options },
    ),
  parallelCoordinatesChart,
  paretoFrontChart,
  "paretoFrontChart of two objectives": (view, options) =>
    paretoFrontChart(twofold(view), options),
  partialDependenceChart,
  progressChart,
  pruningChart,
  rankChart,
  savingsChart: (view, options = {}) =>
    savingsChart(view, [[3, 2, NaN, 1], [5, 4]], options),
  searchMapChart,
  sliceChart,
  terminatorImprovementChart,
  timelineChart,
  warmStartChart: (view, options = {}) => warmStartChart(view, begun, options),
  whatIfChart,
};

chartConformance(charts);

describe("StudyCharts and the table above", () => {
  it("have the same charts", () => {
    const methods = Object.getOwnPropertyNames(StudyCharts.prototype)
      .filter((name) => name !== "constructor");
    const tested = Object.keys(charts).filter((name) => !name.includes(" "))
      .map((name) => name.replace(/Chart$/, ""));
    // The progress of a run is what the live view shows.
    expect(tested.filter((name) => name !== "progress").sort()).toEqual(
      methods.sort(),
    );
  });

  it("draw a study of three objectives", () => {
    const view = tradeOffStudy(30, [
      maximize("a"),
      maximize("b"),
      maximize("c"),
    ]);
    for (const draw of Object.values(charts)) {
      expect(draw(view).text).not.toContain("Cannot");
    }
    expect(paretoFrontChart(makeView({ trials: 5 })).text).toMatch(
      /one|5 trials/,
    );
  });
});
