/**
 * Learning curves: smoothing, noise, trends; what they show and which knob to
 * move.
 *
 * @module
 */

export * from "./context.ts";
export { diagnose } from "./diagnose.ts";
export * from "./diagnosis.ts";
export * from "./rise.ts";
export * from "./smooth.ts";
export * from "./trend.ts";
