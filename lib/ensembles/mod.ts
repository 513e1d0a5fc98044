/**
 * Cross-validation, ensembles, and the truth about the winner.
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
} from "../records/mod.ts";
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
