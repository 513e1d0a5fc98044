/**
 * What a study, a trial and a curve are: plain data and read-only views.
 *
 * @module
 */

export * from "./clean_text.ts";
export * from "./constraint.ts";
export * from "./curve.ts";
export * from "./fold_scores.ts";
export * from "./front.ts";
export * from "./gradient.ts";
export * from "./marks.ts";
export * from "./objective.ts";
export * from "./paused.ts";
export * from "./plain_trial.ts";
export * from "./prediction.ts";
export * from "./preference.ts";
export * from "./study.ts";
export * from "./training_facts.ts";
export * from "./trial.ts";
export * from "./violation.ts";
export * from "./warm_start.ts";
