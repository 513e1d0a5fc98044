import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  rowBudget,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import {
  checkParameters,
  chooseParameters,
  parametersNote,
  rankedTrials,
  thinTrials,
} from "./_parameters.ts";
import {
  axisDomain,
  clamp,
  drawable,
  linearTicks,
  logAxis,
  logTicks,
  round,
  tickFormat,
  valueRange,
} from "./_scale.ts";
import {
  countStates,
  drawing,
  messageView,
  objectiveOf,
  type Part,
  specOf,
} from "./_spec.ts";
import { cleanText, count, measureText, shorten } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode sliceChart}. */
export interface SliceOptions {
  /** The title. Defaults to `"<objective> by parameter, <study>"`. */
  readonly title?: string;
  /** The names of the parameters, in order, at most 24. Defaults to the first 12 of the space. */
  readonly parameters?: readonly string[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less are then left out. Defaults to `false`. */
  readonly logY?: boolean;
  /** The height of each plot in pixels, 80 to 2000. Defaults to `150`. */
  readonly height?: number;
}

/** What {@linkcode sliceRows} gives. */
export interface SliceRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Complete trials, the best last: `n` the number, `v` the value where it is
   * drawn, `u` the value if it lies beyond the scale, and `f0`, `f1`, … the
   * parameters, null where one is not used.
   */
  readonly points: readonly ChartRow[];
  /** The values shown, `[low, high]`; null if no trial has one. */
  readonly range: readonly [number, number] | null;
  /** How many values lie beyond the range on the bad side; they stand at its edge. */
  readonly beyond: number;
  /** How many complete trials were left out: to keep the chart small, or without a place on the axis. */
  readonly omitted: number;
}

/** How many parameters are shown unless they are named, and at most. */
const usualPanels = 12;
const mostPanels = 24;

interface SliceData extends SliceRows {
  readonly columns: readonly Column[];
}

function sliceData(view: StudyView, options: SliceOptions): SliceData {
  const { logY = false, parameters } = options;
  const columns = columnsOf(
    view,
    chooseParameters(view, parameters, usualPanels),
  );
  const all = rankedTrials(view);
  const ranked = all.filter(({ value }) => drawable(value, logY));
  const most = Math.min(
    rowBudget(columns.length, 480_000, 2000),
    Math.ceil(5000 / columns.length),
  );
  const shown = thinTrials(ranked, most);
  const range = valueRange(
    ranked.map(({ value }) => value!),
    objectiveOf(view).direction,
    logY,
  );
  return {
    columns,
    fields: Object.fromEntries(
      columns.map(({ field, parameter }) => [field, parameter.name]),
    ),
    points: shown.map((trial) => {
      const value = trial.value!;
      const drawn = clamp(value, range!.low, range!.high);
      return {
        n: trial.number,
        v: round(drawn, 7),
        ...(drawn === value ? {} : { u: round(value, 7) }),
        ...cellsOf(columns, trial),
      };
    }),
    range: range === null ? null : [range.low, range.high],
    beyond: range?.beyond ?? 0,
    omitted: all.length - shown.length,
  };
}

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
  const { columns: _columns, ...rows } = sliceData(view, options);
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
  return drawing(options.title ?? "Values by parameter", () => {
    const title = cleanText(
      options.title ?? `${objectiveOf(view).name} by parameter, ${view.name}`,
    );
    const data = sliceData(view, options);
    const notes = [
      parametersNote(view, parameters, usualPanels),
      data.beyond > 0
        ? `${count(data.beyond, "value")} beyond the scale at its edge`
        : "",
      data.omitted > 0 ? `${count(data.omitted, "trial")} left out` : "",
    ].filter((note) => note !== "");
    const text = [
      `${title} (${objectiveOf(view).direction})`,
      countStates(view),
      bestLine(view),
      ...notes,
    ].filter((line) => line !== "").join("\n");
    const hint = data.points.length > 1
      ? "drag over points to find them in the other plots, double-click to clear"
      : "";
    return {
      title,
      text,
      spec: specOf(
        title,
        [[countStates(view), ...notes].join("; "), hint].filter(Boolean),
        text,
        slicePart(view, data, { logY, height }),
      ),
    };
  });
}

const columnsPerRow = 3;
const panelWidth = Math.floor((chartWidth - 60) / columnsPerRow);

function slicePart(
  view: StudyView,
  data: SliceData,
  options: { readonly logY: boolean; readonly height: number },
): Part {
  const { columns, points, range } = data;
  if (range === null) {
    return messageView(
      view.trials.length === 0
        ? "No trial yet"
        : `No trial has a finite value yet: ${countStates(view)}`,
    );
  }
  const { logY, height } = options;
  const numbers = points.map(({ n }) => Number(n));
  const first = numbers.reduce((a, b) => Math.min(a, b));
  const last = numbers.reduce((a, b) => Math.max(a, b));
  const color = {
    field: "n",
    type: "quantitative",
    title: "trial",
    scale: {
      domain: [first, Math.max(last, first + 1)],
      range: chartColors.ramp,
    },
    legend: first === last ? null : {
      direction: "horizontal",
      orient: "top",
      titleOrient: "left",
      gradientLength: 160,
      gradientThickness: 10,
      format: ",d",
      tickMinStep: 1,
    },
  };
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "value", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const { name, direction } = objectiveOf(view);
  const panels = columns.map((column, index) => {
    const { field } = column;
    const x = axisOf(column);
    const y = {
      field: "v",
      type: "quantitative",
      title: index % columnsPerRow === 0
        ? [shorten(name, 26), `(${direction})`]
        : null,
      scale: {
        domain: axisDomain(...range, logY),
        ...(logY ? { type: "log" } : { zero: false }),
        nice: false,
      },
      axis: {
        domain: false,
        ticks: false,
        tickCount: 4,
        ...(logY ? logAxis(axisDomain(...range, logY)) : {}),
      },
    };
    return {
      width: panelWidth,
      height,
      data: { name: "trials" },
      transform: [
        { filter: `isValid(datum.${field})` },
        { calculate: "isValid(datum.u) ? datum.u : datum.v", as: "value" },
        ...tooltipTransform(columns),
      ],
      layer: [
        {
          name: `points_${index}`,
          mark: { type: "point", filled: true, size: 30 },
          encoding: {
            x,
            y,
            color,
            tooltip,
            opacity: {
              condition: { param: "brush", value: 0.75 },
              value: 0.08,
            },
          },
        },
        ...(column.labels === null ? [] : [{
          transform: [{
            aggregate: [{ op: "median", field: "v", as: "v" }],
            groupby: [field],
          }],
          mark: {
            type: "tick",
            color: chartColors.text,
            thickness: 1.5,
            size: Math.max(6, Math.min(26, 120 / column.labels.length)),
          },
          encoding: { x, y },
        }]),
        {
          transform: [{ filter: `datum.n === ${points.at(-1)!.n}` }],
          mark: {
            type: "point",
            filled: true,
            size: 80,
            color: chartColors.best,
            stroke: chartColors.background,
            strokeWidth: 1.5,
            opacity: 1,
          },
          encoding: { x, y, tooltip },
        },
      ],
    };
  });
  return {
    datasets: { trials: points },
    params: [{
      name: "brush",
      select: {
        type: "interval",
        resolve: "global",
        mark: { fill: chartColors.best, fillOpacity: 0.15 },
      },
      views: panels.map((_, index) => `points_${index}`),
    }],
    columns: columnsPerRow,
    spacing: { row: 18, column: 16 },
    concat: panels,
  };
}

/** The horizontal encoding of a parameter. */
function axisOf(column: Column): Part {
  const { field, labels, low, high, log } = column;
  const title = shorten(column.title, 28);
  if (labels === null) {
    return {
      field,
      type: "quantitative",
      title,
      scale: {
        domain: axisDomain(low, high, log),
        ...(log ? { type: "log" } : { zero: false }),
        nice: false,
      },
      axis: {
        grid: false,
        values: (log ? logTicks : linearTicks)(low, high, 4),
        format: tickFormat,
      },
    };
  }
  const widest = Math.max(...labels.map((label) => measureText(label) * 11));
  const flat = (widest + 6) * labels.length <= panelWidth;
  return {
    field,
    type: "nominal",
    title,
    scale: { type: "point", domain: labels, padding: 0.5 },
    axis: {
      grid: false,
      labelAngle: flat ? 0 : labels.length > 8 ? -60 : -35,
      labelLimit: flat ? panelWidth : 90,
      labelOverlap: labels.length > 12,
    },
  };
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
