import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { parallelPart } from "./_parallel.ts";
import {
  type ParallelCoordinatesRows,
  parallelData,
} from "./_parallel_rows.ts";
import { checkParameters, parametersNote } from "./_parameters.ts";
import {
  beyondNote,
  chartOf,
  countStates,
  joinNotes,
  objectiveTitle,
  omittedNote,
} from "./_spec.ts";
import { cleanText, formatNumber } from "./_text.ts";

export type {
  ParallelAxis,
  ParallelCoordinatesRows,
} from "./_parallel_rows.ts";

/** Options of {@linkcode parallelCoordinatesChart}. */
export interface ParallelCoordinatesOptions {
  /** The title. Defaults to `"Parallel coordinates of <study>"`. */
  readonly title?: string;
  /** The names of the parameters, in the order of the axes, at most 16. Defaults to the first 10 of the space. */
  readonly parameters?: readonly string[];
  /** The height of the plot in pixels, 80 to 2000. Defaults to `320`. */
  readonly height?: number;
}

/** How many parameters are shown unless they are named, and at most. */
const usualAxes = 10;
const mostAxes = 16;

/**
 * The data of {@linkcode parallelCoordinatesChart}: at most 500 trials, the
 * better half of them the best, the others spread evenly over the ranks.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 16.
 *
 * @example
 * ```ts
 * import { float, minimize, parallelCoordinatesRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * parallelCoordinatesRows(view).axes.map(({ title }) => title); // ["x", "loss (minimize)"]
 * ```
 */
export function parallelCoordinatesRows(
  view: StudyView,
  options: ParallelCoordinatesOptions = {},
): ParallelCoordinatesRows {
  check(view, options);
  const { columns: _columns, ...rows } = parallelData(
    view,
    options.parameters,
    usualAxes,
  );
  return rows;
}

/**
 * One axis for each parameter and one for the objective, one line for each
 * complete trial: darker is better, the best is orange. Dragging along axes
 * selects the lines that pass through all the ranges drawn, a double click
 * on a range takes it away; hovering names a trial.
 *
 * Axes bear real units, logarithmic ones in equal ratios, choices as named
 * places. A parameter that a trial does not use stands below its axis.
 *
 * @param view The study.
 * @param options Which parameters, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 16.
 *
 * @example
 * ```ts
 * import { float, minimize, parallelCoordinatesChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * parallelCoordinatesChart(view, { parameters: ["x"] }).title; // "Parallel coordinates of demo"
 * ```
 */
export function parallelCoordinatesChart(
  view: StudyView,
  options: ParallelCoordinatesOptions = {},
): Chart {
  check(view, options);
  const { height = 320, parameters } = options;
  return chartOf("Parallel coordinates", options, () => {
    const data = parallelData(view, parameters, usualAxes);
    const notes = [
      parametersNote(view, parameters, usualAxes),
      beyondNote(data.beyond, "end"),
      omittedNote(data.omitted),
    ];
    return {
      title: `Parallel coordinates of ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [countStates(view), bestLine(view), bestShare(data), ...notes],
      subtitle: [
        joinNotes([countStates(view), ...notes]),
        data.lines.length > 1
          ? "drag along axes to select, double-click to clear"
          : "",
      ],
      part: () => parallelPart(view, data, height),
    };
  });
}

/** Where the best tenth of the trials lies, in words; "" for fewer than ten trials. */
function bestShare(data: ParallelCoordinatesRows): string {
  const { lines, fields } = data;
  if (lines.length < 10) return "";
  const best = lines.slice(-Math.max(3, Math.ceil(lines.length / 10)));
  const parts = Object.entries(fields).flatMap(([field, name]) => {
    const cells = best.map((row) => row[field] ?? null).filter((cell) =>
      cell !== null
    );
    if (cells.length === 0) return [];
    if (cells.every((cell) => typeof cell === "number")) {
      return [
        `${cleanText(name)} ${formatNumber(Math.min(...cells))} to ${
          formatNumber(Math.max(...cells))
        }`,
      ];
    }
    const labels = [...new Set(cells)];
    return labels.length > 3 ? [] : [`${cleanText(name)} ${labels.join("/")}`];
  });
  return parts.length === 0
    ? ""
    : `best ${best.length} trials: ${parts.join(", ")}`;
}

function check(view: StudyView, options: ParallelCoordinatesOptions): void {
  const chart = "parallel coordinates";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    height: "height",
  });
  checkParameters(chart, view, options.parameters, mostAxes);
}
