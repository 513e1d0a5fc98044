/**
 * Learning curves: smoothing, noise, trends; what they show and which knob to
 * move; where they are going, and what finished curves teach about it.
 *
 * @module
 */

export type { PriorAnswer, PriorQuestion } from "./_learn_prior.ts";
export type { FamilyForecast } from "./_shape_average.ts";
export type { CurveAxis, CurveFamily } from "./_shapes.ts";
export {
  type CurvePrior,
  curvePrior,
  type CurvePriorOptions,
  type FinishedCurve,
} from "./curve_prior.ts";
export * from "./forecast.ts";
export * from "./smooth.ts";
export * from "./trend.ts";
