/**
 * Cross-validation, ensembles, and the truth about the winner.
 *
 * @example
 * ```ts
 * import { createStudy, float, maximize, space } from "@etude/etude";
 * import { crossValidate, folds, verdict } from "@etude/etude/ensembles";
 * const y = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
 * const study = await createStudy({
 *   name: "thresholds", space: space({ at: float(0, 1) }), objective: maximize("accuracy"), storage: "memory",
 * });
 * await study.optimize(
 *   crossValidate(
 *     study,
 *     ({ params }, { test }) => test.filter((row) => (row % 2 > params.at ? 1 : 0) === y[row]).length / test.length,
 *     { folds: folds(y, { count: 5 }) },
 *   ),
 *   { trials: 5, progress: false },
 * );
 * console.log(String(verdict(study)));
 * ```
 *
 * @module
 */

export type { BlendMetric } from "./_blend_data.ts";
export type { BlendMethod } from "./_blend_methods.ts";
export type { Labels, Samples } from "./_data.ts";
export type { NoiseSource } from "./_noise.ts";
export * from "./compare_folds.ts";
export * from "./cross_validate.ts";
export * from "./ensemble.ts";
export * from "./ensemble_card.ts";
export {
  foldCurveName,
  foldsAttribute,
  type FoldScores,
  foldScoresOf,
} from "./fold_scores.ts";
export * from "./folds.ts";
export {
  type PackedPredictions,
  type Predictions,
  predictionsAttribute,
  predictionsOf,
  type PredictionTable,
} from "./predictions.ts";
export {
  type Recheck,
  recheck,
  type RecheckedCandidate,
  type RecheckOptions,
  type RecheckRound,
} from "./recheck.ts";
export { type Rows, rowsOf, type RowsTaken } from "./rows_of.ts";
export * from "./stop_when.ts";
export { verdict, type VerdictOptions } from "./verdict.ts";
export {
  Verdict,
  type VerdictAdvice,
  type VerdictCandidate,
  type VerdictParts,
} from "./verdict_card.ts";
