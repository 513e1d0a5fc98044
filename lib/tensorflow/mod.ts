/**
 * Training with TensorFlow.js: what it computes on, and trials that report
 * their curves. The only entry point that loads tfjs, and it loads it at the
 * first call.
 *
 * @example
 * ```ts
 * import { loadTensorFlow } from "@etude/etude/tensorflow";
 * const { tf, backend } = await loadTensorFlow();
 * ```
 *
 * @module
 */

export type { BackendAttempt, BackendName } from "./backend_report.ts";
export { disposeModel } from "./dispose_model.ts";
export type {
  EarlyStoppingOptions,
  Examples,
  FitData,
  FitTrialOptions,
} from "./fit_options.ts";
export type { EpochValues } from "./epoch_values.ts";
export { type FitResult, fitTrial, type ReportingTrial } from "./fit_trial.ts";
export {
  type ImplicitHypergradient,
  implicitHypergradient,
  type ImplicitHypergradientOptions,
} from "./implicit_hypergradient.ts";
export * from "./inner_problem.ts";
export * from "./inner_update.ts";
export {
  discriminativeLayers,
  type DiscriminativeOptions,
  type LayerGroups,
  type LayerGroupSettings,
  type LayerKnob,
  type LayerSettings,
  layerSettings,
  type PerLayer,
  perLayer,
} from "./layer_groups.ts";
export {
  findLearningRate,
  type FindLearningRateOptions,
  type LearningRateFinder,
} from "./learning_rate_finder.ts";
export {
  type LearningRateRange,
  learningRateRange,
} from "./learning_rate_range.ts";
export {
  type CompleteSchedule,
  completeSchedule,
  type LearningRateSchedule,
  scheduleFactor,
  type ScheduleShape,
} from "./learning_rate_schedule.ts";
export {
  type LoadedTensorFlow,
  loadTensorFlow,
  type LoadTensorFlowOptions,
} from "./load_tensorflow.ts";
export * from "./online_optimizer.ts";
export type { LayersModel, Tensor, TensorFlow } from "./tensorflow.ts";
export {
  unrolledGradient,
  type UnrolledGradientOptions,
} from "./unrolled_gradient.ts";
export type {
  AdjointSolver,
  ConjugateGradientOptions,
  NeumannSeriesOptions,
} from "../math/mod.ts";
export type { Curve } from "../records/mod.ts";
