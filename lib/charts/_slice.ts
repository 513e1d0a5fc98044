/**
 * The plots of slices: rows and spec.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  rowBudget,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { chooseParameters, rankedTrials, thinTrials } from "./_parameters.ts";
import { parameterAxis } from "./_parameter_axis.ts";
import { chartColors, chartWidth } from "./theme.ts";
import { messageView, noValueYet, objectiveOf, type Part } from "./_spec.ts";
import { cleanText, shorten } from "./_text.ts";
import { axisDomain, clamp, drawable, round, valueRange } from "./_scale.ts";
import { bestMark, gradientLegend, valueAxis } from "./_encodings.ts";

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

/** The rows, with what the drawing needs beside them. */
export interface SliceData extends SliceRows {
  readonly columns: readonly Column[];
}

/** The rows of slices. */
export function sliceData(
  view: StudyView,
  options: SliceOptions,
  usual: number,
): SliceData {
  const { logY = false, parameters } = options;
  const columns = columnsOf(
    view,
    chooseParameters(view, parameters, usual),
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
    fields: fieldsOf(columns),
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

const columnsPerRow = 3;
const panelWidth = Math.floor((chartWidth - 60) / columnsPerRow);

/** The plots, without title. */
export function slicePart(
  view: StudyView,
  data: SliceData,
  options: { readonly logY: boolean; readonly height: number },
): Part {
  const { columns, points, range } = data;
  if (range === null) {
    return messageView(noValueYet(view));
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
      ...gradientLegend,
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
    const x = parameterAxis(column, panelWidth);
    const y = valueAxis({
      title: index % columnsPerRow === 0
        ? [shorten(name, 26), `(${direction})`]
        : null,
      domain: axisDomain(...range, logY),
      log: logY,
      tickCount: 4,
    });
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
          mark: bestMark(80),
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
