/**
 * Learning curves: smoothing, noise, trends; what they show, which knob to move,
 * and where they are going.
 *
 * @module
 */

export * from "./advice.ts";
export { adviseOn } from "./advise.ts";
export * from "./context.ts";
export {
  type CurvePrior,
  curvePrior,
  type CurvePriorOptions,
  type FinishedCurve,
  type PackedCurvePrior,
  readCurvePrior,
} from "./curve_prior.ts";
export { diagnose } from "./diagnose.ts";
export { diagnoseStudy } from "./diagnose_study.ts";
export {
  type DiagnosedCurves,
  diagnosedCurves,
  diagnoseTrial,
} from "./diagnose_trial.ts";
export * from "./diagnosis.ts";
export * from "./forecast.ts";
export * from "./patience.ts";
export * from "./rise.ts";
export * from "./series.ts";
export { escapeMarkdown } from "./_markdown.ts";
export type { PriorAnswer, PriorQuestion } from "./_learn_prior.ts";
export type { FamilyForecast } from "./_shape_average.ts";
export type { CurveAxis, CurveFamily } from "./_shapes.ts";
export * from "./smooth.ts";
export * from "./trend.ts";
