/**
 * Charts: pure functions from a study's view to a Vega-Lite spec, in a value
 * that displays itself in a notebook and turns into a picture on demand.
 *
 * @module
 */

export * from "./chart.ts";
export type { ChartCell, ChartRow } from "./_field.ts";
export * from "./learning_curves.ts";
export * from "./optimization_history.ts";
export * from "./parallel_coordinates.ts";
export * from "./theme.ts";
