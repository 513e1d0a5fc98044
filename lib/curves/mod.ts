/**
 * Learning curves: smoothing, noise, trends; what they show and which knob to
 * move.
 *
 * @module
 */

export * from "./advice.ts";
export { adviseOn } from "./advise.ts";
export * from "./context.ts";
export { diagnose } from "./diagnose.ts";
export { diagnoseStudy } from "./diagnose_study.ts";
export { diagnoseTrial } from "./diagnose_trial.ts";
export * from "./diagnosis.ts";
export * from "./rise.ts";
export * from "./series.ts";
export * from "./smooth.ts";
export * from "./trend.ts";
