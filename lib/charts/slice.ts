import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { checkParameters, parametersNote } from "./_parameters.ts";
import {
  sliceData,
  type SliceOptions,
  slicePart,
  type SliceRows,
} from "./_slice.ts";
import {
  beyondNote,
  chartOf,
  countStates,
  joinNotes,
  objectiveOf,
  omittedNote,
} from "./_spec.ts";

export type { SliceOptions, SliceRows } from "./_slice.ts";

/** How many parameters are shown unless they are named, and at most. */
const usualPanels = 12;
const mostPanels = 24;

/**
 * The data of {@linkcode sliceChart}: at most 5,000 points in all plots
 * together, half of them the best trials, the others spread over the ranks.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, sliceRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * sliceRows(view).fields; // { f0: "x" }
 * ```
 */
export function sliceRows(
  view: StudyView,
  options: SliceOptions = {},
): SliceRows {
  check(view, options);
  const { columns: _columns, ...rows } = sliceData(view, options, usualPanels);
  return rows;
}

/**
 * The objective against each parameter, a plot for each: later trials are
 * darker, the best is orange, and a bar marks the median of each choice.
 * Dragging over points shows where the same trials stand in the other plots.
 *
 * @param view The study.
 * @param options Which parameters, the scale, the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, sliceChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * sliceChart(view).title; // "loss by parameter, demo"
 * ```
 */
export function sliceChart(view: StudyView, options: SliceOptions = {}): Chart {
  check(view, options);
  const { height = 150, parameters, logY = false } = options;
  return chartOf("Values by parameter", options, () => {
    const data = sliceData(view, options, usualPanels);
    const notes = [
      parametersNote(view, parameters, usualPanels),
      beyondNote(data.beyond),
      omittedNote(data.omitted),
    ];
    return {
      title: `${objectiveOf(view).name} by parameter, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: [countStates(view), bestLine(view), ...notes],
      subtitle: [
        joinNotes([countStates(view), ...notes]),
        data.points.length > 1
          ? "drag over points to find them in the other plots, double-click to clear"
          : "",
      ],
      part: () => slicePart(view, data, { logY, height }),
    };
  });
}

function check(view: StudyView, options: SliceOptions): void {
  const chart = "slices";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    logY: "flag",
    height: "height",
  });
  checkParameters(chart, view, options.parameters, mostPanels);
}
