/**
 * Charts: pure functions from a study's view to a Vega-Lite spec, in a value
 * that displays itself in a notebook and turns into a picture on demand.
 * Loading this room loads no chart package; drawing the first picture does.
 *
 * @module
 */

export * from "./ablation.ts";
export * from "./acquisition.ts";
export * from "./chart.ts";
export * from "./chart_spec.ts";
export * from "./collection.ts";
export * from "./contour.ts";
export * from "./cost.ts";
export * from "./cross_validation.ts";
export * from "./curve_grid.ts";
export * from "./diagnosis.ts";
export * from "./distribution.ts";
export * from "./drawing_script.ts";
export type { ChartCell, ChartRow } from "./_field.ts";
export * from "./explorer.ts";
export * from "./folds.ts";
export * from "./footprint.ts";
export type { TimeUnit } from "./_time.ts";
export { escapeMarkup, formatNumber, formatValue, sparkline } from "./_text.ts";
export * from "./history_sketch.ts";
export * from "./hypervolume_history.ts";
export * from "./importance.ts";
export * from "./intermediate_values.ts";
export * from "./layout.ts";
export * from "./learning_curves.ts";
export * from "./learning_rate.ts";
export * from "./optimization_history.ts";
export * from "./parallel_coordinates.ts";
export * from "./pareto_front.ts";
export * from "./partial_dependence.ts";
export * from "./portfolio.ts";
export * from "./progress.ts";
export * from "./pruning.ts";
export * from "./rank.ts";
export * from "./savings.ts";
export * from "./search_map.ts";
export * from "./sketch.ts";
export * from "./slice.ts";
export * from "./task_map.ts";
export * from "./terminator_improvement.ts";
export * from "./theme.ts";
export * from "./timeline.ts";
export * from "./warm_start.ts";
export * from "./what_if.ts";
