import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { diagnosisChart, type DiagnosisChartOptions } from "./diagnosis.ts";
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
import { pruningChart, type PruningOptions } from "./pruning.ts";
import { sliceChart, type SliceOptions } from "./slice.ts";
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

  /**
   * Made by a study.
   *
   * @param view Gives the study as it is now.
   */
  constructor(view: () => StudyView<unknown>) {
    this.#view = view as () => StudyView;
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
}
