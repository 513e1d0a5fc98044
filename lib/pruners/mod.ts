/**
 * Pruners: they stop trials that are not worth going on with, and say why. One
 * file a pruner, one contract.
 *
 * @module
 */

export * from "./audited.ts";
export * from "./combinations.ts";
export * from "./curve_forecaster.ts";
export * from "./diagnosis_pruner.ts";
export * from "./forecast_pruner.ts";
export {
  hyperbandPruner,
  type HyperbandPrunerOptions,
} from "./hyperband_pruner.ts";
export * from "./patience_pruner.ts";
export * from "./percentile_pruner.ts";
export * from "./protect_top.ts";
export * from "./pruner.ts";
export { probabilityAboveZero as signedRankTail } from "./_signed_ranks.ts";
export * from "./successive_halving_pruner.ts";
export * from "./threshold_pruner.ts";
export * from "./wilcoxon_pruner.ts";
