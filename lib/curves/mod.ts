/**
 * Learning curves: smoothing, noise, trends; what they show and which knob to
 * move.
 *
 * @module
 */

export * from "./smooth.ts";
export * from "./trend.ts";
