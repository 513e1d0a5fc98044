import {
  plotWidth,
  searchMapData,
  type SearchMapOptions,
  type SearchMapRows,
  usualParameters,
} from "./_search_map.ts";
import type { StudyView } from "../records/mod.ts";
import { surrogateNote } from "./_surrogate.ts";
import { columnsOf } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { checkParameters, parametersNote } from "./_parameters.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  type Part,
} from "./_spec.ts";
import { shorten } from "./_text.ts";

export type { SearchMapOptions, SearchMapRows } from "./_search_map.ts";

const mostParameters = 24;

/**
 * The data of {@linkcode searchMapChart}: at most 20 cells a number, 40 a choice.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, searchMapRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * searchMapRows(view).untried; // 1
 * ```
 */
export function searchMapRows(
  view: StudyView,
  options: SearchMapOptions = {},
): SearchMapRows {
  check(view, options);
  return searchMapData(view, options);
}

/**
 * Where the search went, in one picture. For each parameter over its whole (log)
 * scale: how many trials were there, in blue, white where nothing was tried;
 * under it in orange where the surrogate expects the best tenth of all
 * configurations; and the best trial. Orange under white is worth a try.
 *
 * @param view The study.
 * @param options Which parameters.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, searchMapChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * searchMapChart(view).title; // "Where the search went, demo"
 * ```
 */
export function searchMapChart(
  view: StudyView,
  options: SearchMapOptions = {},
): Chart {
  check(view, options);
  return chartOf("Where the search went", options, () => {
    const data = searchMapRows(view, options);
    const isExpected = data.cells.some(({ w }) => w !== null);
    const isEmpty = view.trials.every(({ state }) => state === "waiting");
    return {
      title: `Where the search went, ${view.name}`,
      lines: isEmpty ? [countStates(view)] : [
        joinNotes([
          countStates(view),
          `${Math.round(100 * data.untried)} % of the scales untried`,
          parametersNote(view, options.parameters, usualParameters),
        ]),
        isExpected
          ? "blue: trials, blank: none; orange: where the surrogate expects the best tenth; diamond: best"
          : "blue: trials, blank: none; too few have a value to expect anything",
        isExpected ? surrogateNote(view) : "",
      ],
      message: isEmpty ? nothingYet(view, countStates(view)) : null,
      part: () => strips(view, data),
    };
  });
}

function check(view: StudyView, options: SearchMapOptions): void {
  const chart = "map of the search";
  checkOptions(chart, options, { title: "text", parameters: "texts" });
  checkParameters(chart, view, options.parameters, mostParameters);
}

const rowHeight = 52;

function strips(
  view: StudyView,
  { parameters, cells, best, labels }: SearchMapRows,
): Part {
  const rows = parameters.length;
  const columns = columnsOf(view, parameters);
  const x = (field: string) => ({
    field,
    type: "quantitative",
    axis: null,
    scale: { domain: [0, 1], nice: false },
  });
  const y = (field: string) => ({
    field,
    type: "quantitative",
    axis: null,
    scale: { domain: [rows, 0], nice: false },
  });
  // The rows' heights: where in a row of 1 each strip begins and ends.
  const strip = (from: number, to: number, name: string) => ({
    transform: [
      { calculate: `datum.p - ${-from}`, as: `${name}0` },
      { calculate: `datum.p - ${-to}`, as: `${name}1` },
    ],
    encoding: {
      x: x("a"),
      x2: { field: "b" },
      y: y(`${name}0`),
      y2: { field: `${name}1` },
    },
  });
  const tried = strip(0.08, 0.42, "t");
  const good = strip(0.46, 0.6, "g");
  const tooltip = [
    { field: "from", type: "nominal", title: "from" },
    { field: "to", type: "nominal", title: "to" },
    { field: "c", type: "quantitative", title: "trials" },
    { field: "w", type: "quantitative", title: "good ones, times chance" },
  ];
  const isExpected = cells.some(({ w }) => w !== null);
  return {
    width: plotWidth(),
    height: rows * rowHeight,
    layer: [
      {
        data: { values: cells },
        transform: tried.transform,
        mark: { type: "rect", stroke: chartColors.axis, strokeWidth: 0.4 },
        encoding: {
          ...tried.encoding,
          tooltip,
          color: {
            condition: {
              test: "datum.c === 0",
              value: chartColors.background,
            },
            field: "s",
            type: "quantitative",
            scale: {
              domain: [0, 1],
              range: [chartColors.ramp[0], chartColors.complete],
            },
            legend: null,
          },
        },
      },
      ...(isExpected
        ? [{
          data: { values: cells },
          transform: good.transform,
          mark: { type: "rect", color: chartColors.best, x2Offset: 0.5 },
          encoding: {
            ...good.encoding,
            tooltip,
            opacity: {
              field: "w",
              type: "quantitative",
              scale: { domain: [0.4, 2.5], range: [0, 1], clamp: true },
              legend: null,
            },
          },
        }]
        : []),
      {
        data: { values: best },
        transform: [{ calculate: "datum.p - -0.25", as: "y" }],
        mark: {
          type: "point",
          shape: "diamond",
          filled: true,
          size: 120,
          color: chartColors.best,
          stroke: chartColors.background,
          strokeWidth: 1.5,
          opacity: 1,
        },
        encoding: {
          x: x("x"),
          y: y("y"),
          tooltip: [{ field: "v", type: "nominal", title: "best trial" }],
        },
      },
      {
        data: { values: labels },
        transform: [{ calculate: "datum.p - -0.74", as: "y" }],
        mark: {
          type: "text",
          fontSize: 10.5,
          color: chartColors.muted,
          align: {
            expr: "datum.x === 0 ? 'left' : datum.x === 1 ? 'right' : 'center'",
          },
        },
        encoding: {
          x: x("x"),
          y: y("y"),
          text: { field: "t", type: "nominal" },
        },
      },
      {
        data: {
          values: columns.map(({ title, parameter }, p) => ({
            p,
            t: shorten(title, 26),
            c: parameter.conditions.length > 0 ? "conditional" : "",
          })),
        },
        transform: [{ calculate: "datum.p - -0.26", as: "y" }],
        mark: {
          type: "text",
          align: "right",
          x: -10,
          fontSize: 12,
          color: chartColors.text,
        },
        encoding: { y: y("y"), text: { field: "t", type: "nominal" } },
      },
      {
        data: {
          values: columns.flatMap(({ parameter }, p) =>
            parameter.conditions.length > 0 ? [{ p, t: "only where used" }] : []
          ),
        },
        transform: [{ calculate: "datum.p - -0.54", as: "y" }],
        mark: {
          type: "text",
          align: "right",
          x: -10,
          fontSize: 10,
          color: chartColors.muted,
        },
        encoding: { y: y("y"), text: { field: "t", type: "nominal" } },
      },
    ],
  };
}
