import { randomStream } from "../math/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";
import { cardinality, choicesOf, fromUnit } from "../space/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";
import { type ChartRow, type Column, columnsOf } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import {
  checkParameters,
  chooseParameters,
  parametersNote,
} from "./_parameters.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  type Part,
} from "./_spec.ts";
import { formatValue, shorten } from "./_text.ts";
import { drawable, round } from "./_scale.ts";

/** Options of {@linkcode searchMapChart}. */
export interface SearchMapOptions {
  /** The title. Defaults to `"Where the search went, <study>"`. */
  readonly title?: string;
  /** The names of the parameters, in order, at most 24. Defaults to the first 12 of the space. */
  readonly parameters?: readonly string[];
}

/** What {@linkcode searchMapRows} gives. */
export interface SearchMapRows {
  /** The names of the parameters, from the top. */
  readonly parameters: readonly string[];
  /**
   * Cells along each parameter's (log) scale: `p` the parameter's index, `a` and
   * `b` its ends in `[0, 1]`, `from` and `to` the values there, `c` how many trials
   * stand in it, `s` the same as a share of the parameter's fullest cell, `w` how many
   * times more of the configurations expected to be best lie in it than by
   * chance; null while nothing is expected.
   */
  readonly cells: readonly ChartRow[];
  /** Where the best trial stands: `p`, `x` in `[0, 1]`, `v` its value. */
  readonly best: readonly ChartRow[];
  /** Labels under the cells: `p`, `x`, `t`. */
  readonly labels: readonly ChartRow[];
  /** How many parts of the scales no trial has tried, in `[0, 1]`. */
  readonly untried: number;
}

const usualParameters = 12;
const mostParameters = 24;
/** How many cells a number has, and at most categories. */
const cellsPerNumber = 20;
const mostCategories = 40;
/** How many configurations the surrogate is asked about, and which share counts as good. */
const asked = 600;
const goodShare = 0.1;
/** What the surrogate learns from, and from how many trials on. */
const mostTrials = 150;
const fewestTrials = 4;

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
  const names = chooseParameters(view, options.parameters, usualParameters);
  const columns = columnsOf(view, names);
  const axes = columns.map(({ parameter }) =>
    view.space.names.indexOf(parameter.name)
  );
  const places = view.trials
    .filter(({ state }) => state !== "waiting")
    .map(({ params }) => view.space.locate(params));
  const good = goodPlaces(view);
  const best = bestTrial(view);
  const bestPlace = best === null ? null : view.space.locate(best.params);
  const cells: ChartRow[] = [];
  columns.forEach((column, p) => {
    const count = cellsOf(column);
    const tried = histogram(places, axes[p]!, count);
    const most = tried.reduce((a, b) => Math.max(a, b), 0);
    const lift = good === null ? null : liftOf(good, axes[p]!, column);
    for (let k = 0; k < count; k++) {
      cells.push({
        p,
        a: round(k / count, 4),
        b: round((k + 1) / count, 4),
        ...endsOf(column, k, count),
        c: tried[k]!,
        s: most === 0 ? 0 : round(tried[k]! / most, 3),
        w: lift === null ? null : round(lift[k]!, 3),
      });
    }
  });
  return {
    parameters: names,
    cells,
    best: columns.flatMap((column, p): ChartRow[] => {
      const x = bestPlace?.[axes[p]!] ?? NaN;
      const cell = best === null ? null : column.cell(best.params);
      return x >= 0 && x <= 1 && cell !== null
        ? [{ p, x: round(x, 4), v: cell }]
        : [];
    }),
    labels: columns.flatMap(labelsOf),
    untried: cells.length === 0
      ? 1
      : cells.filter(({ c }) => c === 0).length / cells.length,
  };
}

function cellsOf({ parameter }: Column): number {
  const choices = choicesOf(parameter);
  if (choices !== null) return Math.min(mostCategories, choices.length);
  // On a logarithmic scale whole numbers have shares of different widths.
  const count = "log" in parameter && parameter.log
    ? Infinity
    : cardinality(parameter);
  return count <= cellsPerNumber ? count : cellsPerNumber;
}

function histogram(
  places: readonly Float64Array[],
  axis: number,
  count: number,
): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const place of places) {
    const u = place[axis]!;
    // Values that the space no longer allows stand outside.
    if (u >= 0 && u <= 1) counts[Math.min(count - 1, Math.floor(u * count))]!++;
  }
  return counts;
}

/** Places drawn at random, and those among them of which the surrogate expects most; null if it knows too little. */
function goodPlaces(view: StudyView) {
  const known = view.trials.filter(({ state, value }) =>
    state === "complete" && drawable(value)
  );
  if (known.length < fewestTrials) return null;
  const { space } = view;
  const surrogate = fitSurrogate(view, { maxTrials: mostTrials });
  const { features, process } = surrogate;
  const { uniform } = randomStream("search map");
  const all = Array.from(
    { length: asked },
    () => space.encode(space.sample(uniform)),
  );
  const points = new Float64Array(asked * features.dimension);
  all.forEach((unit, i) =>
    features.encode(unit, points, i * features.dimension)
  );
  const { mean } = process.predict(points);
  // In the process's units smaller is better.
  const order = [...all.keys()].sort((a, b) => mean[a]! - mean[b]! || a - b);
  return { all, best: order.slice(0, asked * goodShare).map((i) => all[i]!) };
}

/** How many times more good places than by chance there are in each cell; of numbers, smoothed. */
function liftOf(
  { all, best }: NonNullable<ReturnType<typeof goodPlaces>>,
  axis: number,
  column: Column,
): number[] {
  const count = cellsOf(column);
  const [usual, good] = [
    histogram(all, axis, count),
    histogram(best, axis, count),
  ];
  const at = (counts: readonly number[], k: number) =>
    column.labels !== null ? counts[k]! : [1, 2, 3, 2, 1].reduce(
      (sum, weight, i) => sum + weight * (counts[k + i - 2] ?? 0),
      0,
    );
  const whole = all.length / best.length;
  return good.map((_, k) =>
    at(usual, k) === 0 ? 0 : whole * at(good, k) / at(usual, k)
  );
}

function endsOf(column: Column, k: number, count: number) {
  const { parameter, labels } = column;
  return labels !== null ? { from: labels[k]!, to: labels[k]! } : {
    from: formatValue(fromUnit(parameter, (k + 1e-9) / count)),
    to: formatValue(fromUnit(parameter, (k + 1 - 1e-9) / count)),
  };
}

function labelsOf(column: Column, p: number): readonly ChartRow[] {
  const { parameter, labels } = column;
  if (labels === null && cellsOf(column) <= 10) {
    const count = cellsOf(column);
    return Array.from({ length: count }, (_, k) => ({
      p,
      x: round((k + 0.5) / count, 4),
      t: formatValue(fromUnit(parameter, (k + 0.5) / count)),
    }));
  }
  if (labels === null) {
    return [0, 0.5, 1].map((x) => ({
      p,
      x,
      t: formatValue(fromUnit(parameter, x)),
    }));
  }
  const count = cellsOf(column);
  // As many letters as a cell has room for.
  const room = Math.floor(plotWidth / count / 7);
  return room < 3 ? [] : labels.slice(0, count).map((label, k) => ({
    p,
    x: round((k + 0.5) / count, 4),
    t: shorten(label, room),
  }));
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
          ? "blue: trials, white: none; orange: where the surrogate expects the best tenth; diamond: best"
          : "blue: trials, white: none; too few have a value to expect anything",
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

const plotWidth = chartWidth - 120;
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
    width: plotWidth,
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
