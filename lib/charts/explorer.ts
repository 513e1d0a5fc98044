import { bestTrial, type StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { bestMark, trialAxis, valueAxis } from "./_encodings.ts";
import { tooltipOf, tooltipTransform } from "./_field.ts";
import { bestLine, historyData } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { leadingParameters } from "./_pairs.ts";
import { checkParameters } from "./_parameters.ts";
import { axisDomain } from "./_scale.ts";
import {
  brushed,
  brushOver,
  numberColor,
  panelName,
  type SliceData,
  sliceData,
  slicePanels,
  type SliceRows,
  slicesPerRow,
} from "./_slice.ts";
import {
  beyondNote,
  chartOf,
  countStates,
  joinNotes,
  noValueYet,
  objectiveOf,
  objectiveTitle,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode explorerChart}. */
export interface ExplorerOptions {
  /** The title. Defaults to `"Explore <study>"`. */
  readonly title?: string;
  /** The names of the parameters, in order, at most 9. Defaults to the 6 most important. */
  readonly parameters?: readonly string[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less are then left out. Defaults to `false`. */
  readonly logY?: boolean;
}

const usualPanels = 6;
const mostPanels = 9;
const historyHeight = 170;
const panelHeight = 120;
const historyName = "history";

/**
 * The data of {@linkcode explorerChart}: as of `sliceRows`, for the parameters
 * that matter most.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 9.
 *
 * @example
 * ```ts
 * import { explorerRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * explorerRows(view).fields; // { f0: "x" }
 * ```
 */
export function explorerRows(
  view: StudyView,
  options: ExplorerOptions = {},
): SliceRows {
  check(view, options);
  const { columns: _columns, ...rows } = explorerData(view, options);
  return rows;
}

function explorerData(view: StudyView, options: ExplorerOptions): SliceData {
  const parameters = leadingParameters(view, options.parameters, usualPanels);
  return sliceData(view, { ...options, parameters }, usualPanels);
}

/**
 * The history above, the parameters below, and one selection for both: drag over
 * the latest trials and see where they were, or over a corner of a parameter and
 * see when it was tried. It works in a saved notebook, without a kernel.
 *
 * @param view The study.
 * @param options Which parameters, and the scale.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 9.
 *
 * @example
 * ```ts
 * import { explorerChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * explorerChart(view).title; // "Explore demo"
 * ```
 */
export function explorerChart(
  view: StudyView,
  options: ExplorerOptions = {},
): Chart {
  check(view, options);
  const { logY = false } = options;
  return chartOf("Explore", options, () => {
    const data = explorerData(view, options);
    const { columns, omitted, beyond, range } = data;
    const notes = joinNotes([
      countStates(view),
      options.parameters === undefined &&
        columns.length < view.space.dimension
        ? `the ${columns.length} most important of ${view.space.dimension} parameters`
        : "",
      beyondNote(beyond),
      omittedNote(omitted),
    ]);
    return {
      title: `Explore ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [notes, bestLine(view)],
      subtitle: [
        bestLine(view),
        notes,
        "drag over any plot to find its trials in the others, double-click to clear",
      ],
      message: range === null
        ? noValueYet(view, logY ? "positive" : "finite")
        : null,
      part: () => linked(view, data, logY),
    };
  });
}

function check(view: StudyView, options: ExplorerOptions): void {
  const chart = "explorer";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    logY: "flag",
  });
  checkParameters(chart, view, options.parameters, mostPanels);
}

function linked(view: StudyView, data: SliceData, logY: boolean): Part {
  const panels = slicePanels(view, data, { logY, height: panelHeight });
  return {
    datasets: { trials: data.points },
    params: [
      brushOver([historyName, ...panels.map((_, index) => panelName(index))]),
    ],
    spacing: 22,
    vconcat: [
      historyPanel(view, data, logY),
      {
        columns: slicesPerRow(),
        spacing: { row: 18, column: 16 },
        concat: panels,
      },
    ],
  };
}

/** The value of each trial by number, over the data set `trials`. */
function historyPanel(
  view: StudyView,
  { columns, points, range }: SliceData,
  logY: boolean,
): Part {
  const x = trialAxis(view.trials.at(-1)!.number, { offset: 4 });
  const y = valueAxis({
    title: objectiveTitle(view, 22),
    domain: axisDomain(...range!, logY),
    log: logY,
    tickCount: 5,
  });
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "value", title: cleanText(objectiveOf(view).name) },
  ], columns);
  return {
    width: chartWidth,
    height: historyHeight,
    layer: [
      {
        data: { values: historyData(view, logY, 60_000).best },
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 1.5,
          color: chartColors.best,
          opacity: 0.6,
          clip: true,
        },
        encoding: { x, y },
      },
      {
        name: historyName,
        data: { name: "trials" },
        transform: [
          { calculate: "isValid(datum.u) ? datum.u : datum.v", as: "value" },
          ...tooltipTransform(columns),
        ],
        mark: { type: "point", filled: true, size: 34 },
        encoding: {
          x,
          y,
          color: numberColor(points),
          opacity: brushed,
          tooltip,
        },
      },
      {
        data: { name: "trials" },
        transform: [
          { filter: `datum.n === ${bestTrial(view)?.number ?? -1}` },
          { calculate: "isValid(datum.u) ? datum.u : datum.v", as: "value" },
          ...tooltipTransform(columns),
        ],
        mark: bestMark(80),
        encoding: { x, y, tooltip },
      },
    ],
  };
}
