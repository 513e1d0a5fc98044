import type { StudyView, WarmStartRecord } from "../records/mod.ts";
import { ablationChart, type AblationOptions } from "./ablation.ts";
import { acquisitionChart, type AcquisitionOptions } from "./acquisition.ts";
import { explorerChart, type ExplorerOptions } from "./explorer.ts";
import {
  hypervolumeHistoryChart,
  type HypervolumeHistoryOptions,
} from "./hypervolume_history.ts";
import {
  intermediateValuesChart,
  type IntermediateValuesOptions,
} from "./intermediate_values.ts";
import { paretoFrontChart, type ParetoFrontOptions } from "./pareto_front.ts";
import {
  terminatorImprovementChart,
  type TerminatorImprovementOptions,
} from "./terminator_improvement.ts";
import type { Chart } from "./chart.ts";
import { contourChart, type ContourOptions } from "./contour.ts";
import { costChart, type CostOptions } from "./cost.ts";
import {
  crossValidationChart,
  type CrossValidationOptions,
} from "./cross_validation.ts";
import { curveGridChart, type CurveGridOptions } from "./curve_grid.ts";
import { diagnosisChart, type DiagnosisChartOptions } from "./diagnosis.ts";
import { distributionChart, type DistributionOptions } from "./distribution.ts";
import { foldsChart, type FoldsChartOptions } from "./folds.ts";
import { footprintChart, type FootprintOptions } from "./footprint.ts";
import { importanceChart, type ImportanceChartOptions } from "./importance.ts";
import {
  learningCurvesChart,
  type LearningCurvesOptions,
} from "./learning_curves.ts";
import {
  optimizationHistoryChart,
  type OptimizationHistoryOptions,
} from "./optimization_history.ts";
import {
  parallelCoordinatesChart,
  type ParallelCoordinatesOptions,
} from "./parallel_coordinates.ts";
import {
  partialDependenceChart,
  type PartialDependenceOptions,
} from "./partial_dependence.ts";
import { pruningChart, type PruningOptions } from "./pruning.ts";
import { rankChart, type RankOptions } from "./rank.ts";
import { savingsChart, type SavingsOptions } from "./savings.ts";
import { searchMapChart, type SearchMapOptions } from "./search_map.ts";
import { sliceChart, type SliceOptions } from "./slice.ts";
import { timelineChart, type TimelineOptions } from "./timeline.ts";
import { warmStartChart, type WarmStartChartOptions } from "./warm_start.ts";
import { whatIfChart, type WhatIfOptions } from "./what_if.ts";

/**
 * The charts of one study, each drawn from what the study holds at the moment
 * of the call: what `study.charts` is.
 *
 * @example
 * ```ts
 * import { float, minimize, space, StudyCharts } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * new StudyCharts(() => view).slice().title; // "loss by parameter, demo"
 * ```
 */
export class StudyCharts {
  readonly #view: () => StudyView;
  readonly #warmStart: () => WarmStartRecord | null;

  /**
   * Made by a study.
   *
   * @param view Gives the study as it is now.
   * @param warmStart Gives what it began from. Defaults to nothing: a cold start.
   */
  constructor(
    view: () => StudyView<unknown>,
    warmStart: () => WarmStartRecord | null = () => null,
  ) {
    this.#view = view as () => StudyView;
    this.#warmStart = warmStart;
  }

  /**
   * The value of each trial by number, with the best so far.
   *
   * @param options The title, the scale and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  optimizationHistory(options: OptimizationHistoryOptions = {}): Chart {
    return optimizationHistoryChart(this.#view(), options);
  }

  /**
   * The curves of the best and the latest trials, or of those named.
   *
   * @param options Which trials and curves, the scale, the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If the study has no trial or curve of a name given, or more than 20 trials are named.
   */
  learningCurves(options: LearningCurvesOptions = {}): Chart {
    return learningCurvesChart(this.#view(), options);
  }

  /**
   * A trial's curves with what they show marked on them; `study.diagnose(7)`
   * adds the advice and the way ahead.
   *
   * @param options Which trial, the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If the study has no trial of that number.
   */
  diagnosis(options: DiagnosisChartOptions = {}): Chart {
    return diagnosisChart(this.#view(), options);
  }

  /**
   * A line for each complete trial over an axis for each parameter.
   *
   * @param options Which parameters, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 16.
   */
  parallelCoordinates(options: ParallelCoordinatesOptions = {}): Chart {
    return parallelCoordinatesChart(this.#view(), options);
  }

  /**
   * The objective against each parameter.
   *
   * @param options Which parameters, the scale, the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
   */
  slice(options: SliceOptions = {}): Chart {
    return sliceChart(this.#view(), options);
  }

  /**
   * What pruning saved (steps not run, time) and what it cost (audited trials
   * that would have won).
   *
   * @param options The title and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  pruning(options: PruningOptions = {}): Chart {
    return pruningChart(this.#view(), options);
  }

  /**
   * What the surrogate expects of moving each parameter, around the best trial
   * or a configuration given.
   *
   * @param options The configuration, which parameters, the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, there are more than 24, or the configuration is not valid.
   */
  whatIf(options: WhatIfOptions = {}): Chart {
    return whatIfChart(this.#view(), options);
  }

  /**
   * Which parameters decide how good a trial is.
   *
   * @param options The title, and how it is measured.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  importance(options: ImportanceChartOptions = {}): Chart {
    return importanceChart(this.#view(), options);
  }

  /**
   * What the surrogate expects over two parameters.
   *
   * @param options Which parameters, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not two.
   */
  contour(options: ContourOptions = {}): Chart {
    return contourChart(this.#view(), options);
  }

  /**
   * How the values are distributed, beside those of other studies.
   *
   * @param options The title, further studies, the scale and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If there are more than 7 others.
   */
  distribution(options: DistributionOptions = {}): Chart {
    return distributionChart(this.#view(), options);
  }

  /**
   * Where in pairs of parameters the good trials stand.
   *
   * @param options Which parameters, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not 2 to 4.
   */
  rank(options: RankOptions = {}): Chart {
    return rankChart(this.#view(), options);
  }

  /**
   * When each trial ran, and how it ended.
   *
   * @param options The title and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  timeline(options: TimelineOptions = {}): Chart {
    return timelineChart(this.#view(), options);
  }

  /**
   * Whether the surrogate can be trusted: what it expects of each trial without
   * it, over what that brought.
   *
   * @param options The title and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  crossValidation(options: CrossValidationOptions = {}): Chart {
    return crossValidationChart(this.#view(), options);
  }

  /**
   * What each parameter does on average over all others, as the surrogate sees it.
   *
   * @param options Which parameters, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
   */
  partialDependence(options: PartialDependenceOptions = {}): Chart {
    return partialDependenceChart(this.#view(), options);
  }

  /**
   * What the time spent has brought.
   *
   * @param options The title, the scale and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  cost(options: CostOptions = {}): Chart {
    return costChart(this.#view(), options);
  }

  /**
   * The curves of many trials beside each other, with what each shows.
   *
   * @param options Which trials, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If the study has no trial of a number given, or more than 24 are named.
   */
  curveGrid(options: CurveGridOptions = {}): Chart {
    return curveGridChart(this.#view(), options);
  }

  /**
   * Where the search went, where the surrogate expects the best, and where
   * nothing was tried.
   *
   * @param options Which parameters.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
   */
  searchMap(options: SearchMapOptions = {}): Chart {
    return searchMapChart(this.#view(), options);
  }

  /**
   * All configurations in a plane, those that are alike near each other.
   *
   * @param options The title and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  footprint(options: FootprintOptions = {}): Chart {
    return footprintChart(this.#view(), options);
  }

  /**
   * The history above, the parameters below, and one selection for both.
   *
   * @param options Which parameters, and the scale.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 9.
   */
  explorer(options: ExplorerOptions = {}): Chart {
    return explorerChart(this.#view(), options);
  }

  /**
   * The score of every fold across the best configurations of a study that was cross-validated.
   *
   * @param options The title, the trials and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  folds(options: FoldsChartOptions = {}): Chart {
    return foldsChart(this.#view(), options);
  }

  /**
   * The objective's curve of every trial, by how the trial ended.
   *
   * @param options The title, the scale and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  intermediateValues(options: IntermediateValuesOptions = {}): Chart {
    return intermediateValuesChart(this.#view(), options);
  }

  /**
   * The trade-offs between several objectives.
   *
   * @param options Which objectives, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If an objective named is not one of the study's or named twice, or there are not 2 to 4.
   */
  paretoFront(options: ParetoFrontOptions = {}): Chart {
    return paretoFrontChart(this.#view(), options);
  }

  /**
   * How the front of a study with several objectives grew, beside other studies.
   *
   * @param options The title, the reference point, further studies, the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If the reference has not a number an objective, others have other objectives, or there are more than 7.
   */
  hypervolumeHistory(options: HypervolumeHistoryOptions = {}): Chart {
    return hypervolumeHistoryChart(this.#view(), options);
  }

  /**
   * When to stop: how much better than the best a value can still get.
   *
   * @param options The title and the height.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  terminatorImprovement(options: TerminatorImprovementOptions = {}): Chart {
    return terminatorImprovementChart(this.#view(), options);
  }

  /**
   * Where the surrogate would look next, over one or two parameters.
   *
   * @param options Which parameters, what worth is, and the size.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not one or two.
   */
  acquisition(options: AcquisitionOptions = {}): Chart {
    return acquisitionChart(this.#view(), options);
  }

  /**
   * What the difference between the default and the best configuration is made of.
   *
   * @param options The title, and where to begin.
   * @throws {TypeError} If an option is unknown or of another kind.
   * @throws {RangeError} If the configuration is not valid.
   */
  ablation(options: AblationOptions = {}): Chart {
    return ablationChart(this.#view(), options);
  }

  /**
   * Which prior studies spoke for which trials, how far they were trusted, and
   * whether they were right.
   *
   * @param options The title.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  warmStart(options: WarmStartChartOptions = {}): Chart {
    return warmStartChart(this.#view(), this.#warmStart(), options);
  }

  /**
   * What the warm start saved, beside runs that began cold.
   *
   * @param cold The runs' values, from `simulateColdStart()` or of real ones.
   * @param options The title, the height, whether the runs are real.
   * @throws {TypeError} If an option is unknown or of another kind.
   */
  savings(
    cold: readonly (readonly number[])[],
    options: SavingsOptions = {},
  ): Chart {
    return savingsChart(this.#view(), cold, options);
  }
}
