/**
 * Models of an objective over a search space: Gaussian processes, and the
 * acquisition functions that say where a trial is worth most.
 *
 * @module
 */

export {
  normalizeOutcomes,
  type Outcomes,
  type OutcomesOptions,
} from "./_outcomes.ts";
export * from "./acquisition.ts";
export * from "./branches.ts";
export * from "./constraint_surrogate.ts";
export * from "./cost_surrogate.ts";
export * from "./expected_hypervolume.ts";
export * from "./fanova.ts";
export * from "./features.ts";
export * from "./fit_gaussian_process.ts";
export * from "./fit_preferences.ts";
export * from "./gaussian_process.ts";
export * from "./importance.ts";
export * from "./marginal_likelihood.ts";
export * from "./matern.ts";
export * from "./observations.ts";
export * from "./ped_anova.ts";
export * from "./preference_process.ts";
export * from "./prepare_surrogate.ts";
export * from "./prior.ts";
export * from "./prior_trust.ts";
export * from "./random_forest.ts";
export * from "./regret_bound.ts";
export * from "./surrogate.ts";
export * from "./transfer_process.ts";
