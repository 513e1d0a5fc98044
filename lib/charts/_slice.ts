/**
 * The plots of slices: rows and spec.
 *
 * @module
 */

import { isFeasible, type StudyView } from "../records/mod.ts";
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
import { panelsHere } from "./_room.ts";
import { parameterAxis } from "./_parameter_axis.ts";
import { chartColors, chartWidth } from "./theme.ts";
import { messageView, noValueYet, objectiveOf, type Part } from "./_spec.ts";
import { cleanText, shorten } from "./_text.ts";
import { axisDomain, clamp, drawable, round, valueRange } from "./_scale.ts";
import { bestMark, gradientLegend, kindOf, valueAxis } from "./_encodings.ts";

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
   * Complete trials, the best last: `n` the number, of a study with constraints
   * `k` `"feasible"` or `"not feasible"`, `v` the value where it is
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
  const isConstrained = (view.constraints?.length ?? 0) > 0;
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
        ...isConstrained
          ? { k: isFeasible(trial) ? "feasible" : "not feasible" }
          : {},
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

/** How many plots stand in a row. */
export function slicesPerRow(): number {
  return panelsHere(3);
}
/** Room at the left of a plot for the trials that do not use the parameter, in pixels. */
const unusedRoom = 26;

/** The plots, without title. */
export function slicePart(
  view: StudyView,
  data: SliceData,
  options: { readonly logY: boolean; readonly height: number },
): Part {
  if (data.range === null) return messageView(noValueYet(view));
  const panels = slicePanels(view, data, options);
  return {
    datasets: { trials: data.points },
    params: [brushOver(panels.map((_, index) => panelName(index)))],
    columns: slicesPerRow(),
    spacing: { row: 18, column: 16 },
    concat: panels,
  };
}

/** What a plot's points are called: what the brush is over. */
export function panelName(index: number): string {
  return `points_${index}`;
}

/** A selection that is the same in all of some views: drag over one, find the trials in the others. */
export function brushOver(views: readonly string[]): Part {
  return {
    name: "brush",
    select: {
      type: "interval",
      resolve: "global",
      mark: { fill: chartColors.best, fillOpacity: 0.15 },
    },
    views,
  };
}

/** The opacity of points under {@linkcode brushOver}. */
export const brushed = {
  condition: { param: "brush", value: 0.75 },
  value: 0.08,
} as const;

/** The color of a trial by its number: from early to late. */
export function numberColor(points: readonly ChartRow[]): Part {
  const numbers = points.map(({ n }) => Number(n));
  const first = numbers.reduce((a, b) => Math.min(a, b));
  const last = numbers.reduce((a, b) => Math.max(a, b));
  return {
    field: "n",
    type: "quantitative",
    title: "trial",
    scale: {
      domain: [first, Math.max(last, first + 1)],
      range: chartColors.ramp,
    },
    legend: first === last
      ? null
      : { ...gradientLegend, format: ",d", tickMinStep: 1 },
  };
}

/** A plot for each parameter, over the data set `trials`. There must be a point. */
export function slicePanels(
  view: StudyView,
  { columns, points, range }: SliceData,
  { logY, height }: { readonly logY: boolean; readonly height: number },
): readonly Part[] {
  const perRow = slicesPerRow();
  const width = Math.floor((chartWidth - 60) / perRow);
  const color = numberColor(points);
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "value", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const { name, direction } = objectiveOf(view);
  const shape = points.some(({ k }) => k === "not feasible")
    ? {
      shape: kindOf("k", {
        "feasible": "circle",
        "not feasible": "triangle-down",
      }),
    }
    : {};
  return columns.map((column, index) => {
    const { field } = column;
    const isPartly = points.some((row) => row[field] === null);
    const x = roomed(parameterAxis(column, width), isPartly ? width : null);
    const y = valueAxis({
      title: index % perRow === 0
        ? [shorten(name, 26), `(${direction})`]
        : null,
      domain: axisDomain(...range!, logY),
      log: logY,
      tickCount: 4,
    });
    const used = { filter: `isValid(datum.${field})` };
    return {
      width,
      height,
      data: { name: "trials" },
      transform: [
        { calculate: "isValid(datum.u) ? datum.u : datum.v", as: "value" },
        ...tooltipTransform(columns),
      ],
      layer: [
        ...(isPartly ? unusedLayers(field, { y, color, tooltip }) : []),
        {
          name: panelName(index),
          transform: [used],
          mark: { type: "point", filled: true, size: 30 },
          encoding: { x, y, color, tooltip, opacity: brushed, ...shape },
        },
        ...(column.labels === null ? [] : [{
          transform: [used, {
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
          transform: [
            used,
            {
              filter: `datum.n === ${
                points.at(-1)!.k === "not feasible" ? -1 : points.at(-1)!.n
              }`,
            },
          ],
          mark: bestMark(80),
          encoding: { x, y, tooltip },
        },
      ],
    };
  });
}

/** An axis that leaves room at its left where a parameter is not always used. */
function roomed(axis: Part, width: number | null): Part {
  return width === null ? axis : {
    ...axis,
    scale: {
      ...(axis as { readonly scale: Part }).scale,
      range: [unusedRoom, width],
    },
  };
}

/** The trials that do not use a parameter, in a strip of their own. */
function unusedLayers(
  field: string,
  { y, color, tooltip }: {
    readonly y: Part;
    readonly color: Part;
    readonly tooltip: unknown;
  },
): readonly Part[] {
  const middle = unusedRoom / 2 - 5;
  return [
    {
      data: { values: [{}] },
      mark: {
        type: "text",
        text: "not used",
        align: "left",
        x: 1,
        y: -7,
        color: chartColors.muted,
        fontSize: 9.5,
        fontStyle: "italic",
      },
    },
    {
      transform: [{ filter: `!isValid(datum.${field})` }],
      mark: { type: "point", filled: true, size: 16 },
      encoding: { x: { value: middle }, y, color, tooltip, opacity: brushed },
    },
  ];
}
