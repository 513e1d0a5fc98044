import { z90 } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import {
  fitSurrogate,
  logExpectedImprovement,
  type Predictions,
  probabilityOfImprovement,
  type Surrogate,
} from "../surrogates/mod.ts";
import { gradientLegend, valueAxis } from "./_encodings.ts";
import { type ChartRow, type Column, fieldsOf, tooltipOf } from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { leadingParameters } from "./_pairs.ts";
import { parameterAxis } from "./_parameter_axis.ts";
import { checkParameters, rankedTrials } from "./_parameters.ts";
import { placesAlong, placesOver, type Plane, planeOf } from "./_plane.ts";
import { planePart } from "./_plane_plot.ts";
import { axisDomain, clamp, round, valueRange } from "./_scale.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  objectiveOf,
  objectiveTitle,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText, count, formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** What a place is worth: how much better it may be on average, or how probably it is better. */
export type AcquisitionKind = "expected-improvement" | "probability";

/** Options of {@linkcode acquisitionChart}. */
export interface AcquisitionOptions {
  /** The title. Defaults to `"Where to look next, <study>"`. */
  readonly title?: string;
  /** One or two parameters: the horizontal one, the vertical one. Defaults to the two most important, or the only one. */
  readonly parameters?: readonly string[];
  /** What a place is worth. Defaults to `"expected-improvement"`. */
  readonly kind?: AcquisitionKind;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `320`. */
  readonly height?: number;
}

/** What {@linkcode acquisitionRows} gives. */
export interface AcquisitionRows {
  /** The parameter's name of the fields `f0` and `f1`. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Places: `x`, of two parameters `y`, with the other sides of numbers in
   * `x2` and `y2`; `a` what it is worth, as a share of the most there is, in
   * `[0, 1]`; `m` the mean expected, `l` and `h` the ends of its 90 % interval.
   */
  readonly cells: readonly ChartRow[];
  /** Complete trials that use the parameters, the best last: `n`, `v`, `f0`, `f1`. */
  readonly points: readonly ChartRow[];
  /** The cell that is worth most; null without cells. */
  readonly peak: ChartRow | null;
  /** What that one is worth: in the objective's units, or a probability; null without cells. */
  readonly most: number | null;
}

const mostTrials = 150;

/**
 * The data of {@linkcode acquisitionChart}: at most 1,000 cells and 1,500 trials.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not one or two.
 *
 * @example
 * ```ts
 * import { acquisitionRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * acquisitionRows(view).peak; // null
 * ```
 */
export function acquisitionRows(
  view: StudyView,
  options: AcquisitionOptions = {},
): AcquisitionRows {
  check(view, options);
  const { fields, cells, points, peak, most } = acquisitionData(view, options);
  return { fields, cells, points, peak, most };
}

function acquisitionData(
  view: StudyView,
  options: AcquisitionOptions,
): AcquisitionRows & Plane {
  const plane = planeOf(view, leadingParameters(view, options.parameters, 2));
  const [first, second] = plane.columns;
  const none = { cells: [], peak: null, most: null };
  const found = first === undefined || rankedTrials(view).length < 2
    ? none
    : worthOf(view, { first, second, kind: options.kind });
  return { ...plane, fields: fieldsOf(plane.columns), ...found };
}

function worthOf(
  view: StudyView,
  { first, second, kind = "expected-improvement" }: {
    readonly first: Column;
    readonly second: Column | undefined;
    readonly kind?: AcquisitionKind;
  },
): Pick<AcquisitionRows, "cells" | "peak" | "most"> {
  const surrogate = fitSurrogate(view, { maxTrials: mostTrials });
  const { rows, points } = second === undefined
    ? lineOf(view, surrogate, first)
    : placesOver(view, surrogate, [first, second]);
  if (rows.length === 0) return { cells: [], peak: null, most: null };
  const expected = surrogate.process.predict(points);
  // The best mean, not the best value: luck is no merit.
  const best = surrogate.process.fittedMeans().reduce((a, b) => Math.min(a, b));
  const logs = worths(expected, best, kind);
  const top = logs.reduce((a, b) => Math.max(a, b));
  const cells = rows.map((row, i): ChartRow => {
    const { mean, sd } = surrogate.toObjective({
      mean: expected.mean[i]!,
      sd: expected.sd[i]!,
    });
    return {
      ...row,
      a: top === -Infinity ? 0 : round(Math.exp(logs[i]! - top), 4),
      m: round(clamp(mean), 5),
      l: round(clamp(mean - z90 * sd), 5),
      h: round(clamp(mean + z90 * sd), 5),
    };
  });
  const index = logs.indexOf(top);
  return {
    cells,
    peak: top === -Infinity ? null : cells[index]!,
    most: kind === "probability"
      ? Math.exp(top)
      : inUnits(surrogate, best, Math.exp(top)),
  };
}

/** An improvement on the best, from the process's units to the objective's. */
function inUnits(surrogate: Surrogate, best: number, gain: number): number {
  const at = (mean: number) => surrogate.toObjective({ mean, sd: 0 }).mean;
  return Math.abs(at(best - gain) - at(best));
}

function worths(
  { mean, sd }: Predictions,
  best: number,
  kind: AcquisitionKind,
): number[] {
  return Array.from(mean, (_, i) => {
    const expected = { mean: mean[i]!, sd: sd[i]! };
    return kind === "probability"
      ? Math.log(probabilityOfImprovement(expected, best))
      : logExpectedImprovement(expected, best);
  });
}

function lineOf(view: StudyView, surrogate: Surrogate, column: Column) {
  const { cells, points } = placesAlong(view, surrogate, column);
  return { rows: cells.map((x): ChartRow => ({ x })), points };
}

/**
 * Where the surrogate would look next: what a trial would be worth at each place
 * over one or two parameters, the others as the best trial has them. Bright
 * places are promising or unknown; a star marks the most. The samplers look at
 * all parameters at once, and so may choose another place.
 *
 * @param view The study.
 * @param options Which parameters, what worth is, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not one or two.
 *
 * @example
 * ```ts
 * import { acquisitionChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * acquisitionChart(view).title; // "Where to look next, demo"
 * ```
 */
export function acquisitionChart(
  view: StudyView,
  options: AcquisitionOptions = {},
): Chart {
  check(view, options);
  const { height = 320, kind = "expected-improvement" } = options;
  return chartOf("Where to look next", options, () => {
    const data = acquisitionData(view, options);
    const { columns, cells, peak, most, unused, omitted } = data;
    const place = peak === null
      ? ""
      : columns.map(({ title }, i) =>
        `${shorten(title, 30).trim()}=${placeIn(peak, i === 0 ? "x" : "y")}`
      ).join(", ");
    const worth = peak === null
      ? "No place is expected to be better than the best"
      : kind === "probability"
      ? `most promising: ${place}, better with a probability of ${
        formatNumber(100 * most!, 2)
      } %`
      : `most promising: ${place}, better by ${
        formatNumber(most!, 2)
      } on average`;
    const notes = [
      countStates(view),
      unused > 0 ? `${count(unused, "trial")} without them` : "",
      omittedNote(omitted),
    ];
    return {
      title: `Where to look next, ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [cells.length > 0 ? worth : "", ...notes, bestLine(view)],
      subtitle: [
        worth,
        joinNotes([...notes, "others as in the best"]),
      ],
      message: cells.length > 0
        ? null
        : rankedTrials(view).length < 2
        ? nothingYet(
          view,
          `Fewer than two trials have a finite value yet: ${countStates(view)}`,
        )
        : "These two parameters are never used together",
      part: () =>
        columns.length < 2
          ? linePart(view, data, height)
          : worthPart(view, data, height),
    };
  });
}

/** Where a cell stands, in words. */
function placeIn(row: ChartRow, field: "x" | "y"): string {
  const [from, to] = [row[field]!, row[`${field}2`]];
  return typeof from !== "number"
    ? cleanText(from)
    : to === undefined
    ? formatNumber(from, 3)
    : `${formatNumber(from, 3)} to ${formatNumber(Number(to), 3)}`;
}

function check(view: StudyView, options: AcquisitionOptions): void {
  const chart = "acquisition";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    kind: "text",
    height: "height",
  });
  const { kind } = options;
  if (
    kind !== undefined && kind !== "expected-improvement" &&
    kind !== "probability"
  ) {
    throw new TypeError(
      `Cannot draw the ${chart}: the option kind is ${
        JSON.stringify(kind)
      }, expected "expected-improvement" or "probability"`,
    );
  }
  checkParameters(chart, view, options.parameters, 2);
}

const worthTitle = "worth a trial";

/** Over two parameters: the brighter, the more. */
function worthPart(
  view: StudyView,
  data: ReturnType<typeof acquisitionData>,
  height: number,
): Part {
  const { peak, columns } = data;
  const [first, second] = columns as [Column, Column];
  return planePart(view, data, {
    height,
    color: {
      field: "a",
      type: "quantitative",
      title: worthTitle,
      scale: {
        domain: [0, 1],
        range: [chartColors.grid, chartColors.best],
        interpolate: "lab",
      },
      legend: {
        ...gradientLegend,
        values: [0, 1],
        labelExpr: "datum.value === 0 ? 'nothing' : 'most'",
      },
    },
    tooltip: tooltipOf([
      { field: "a", title: "worth, of the most" },
      { field: "m", title: "expected" },
      { field: "l", title: "from" },
      { field: "h", title: "to" },
    ], []),
    over: (x, y) =>
      peak === null ? [] : [{
        data: {
          values: [{
            [first.field]: middleOf(peak, "x", first),
            [second.field]: middleOf(peak, "y", second),
          }],
        },
        mark: {
          type: "point",
          shape: star,
          filled: true,
          size: 150,
          color: chartColors.text,
          stroke: chartColors.background,
          strokeWidth: 1.2,
          opacity: 1,
        },
        encoding: { x, y, tooltip: { value: "most promising" } },
      }],
  });
}

/** A star of five points. */
const star =
  "M0,-1L0.225,-0.309L0.951,-0.309L0.363,0.118L0.588,0.809L0,0.382L-0.588,0.809L-0.363,0.118L-0.951,-0.309L-0.225,-0.309Z";

function middleOf(
  row: ChartRow,
  field: "x" | "y",
  { log, labels }: Column,
): number | string {
  const [from, to] = [row[field]!, row[`${field}2`]];
  if (labels !== null || to === undefined) return from as number | string;
  return log
    ? Math.exp((Math.log(Number(from)) + Math.log(Number(to))) / 2)
    : (Number(from) + Number(to)) / 2;
}

/** Along one parameter: what is expected above, what a trial is worth below. */
function linePart(
  view: StudyView,
  { cells, points, columns, peak }: ReturnType<typeof acquisitionData>,
  height: number,
): Part {
  const column = columns[0]!;
  const axis = parameterAxis(column, chartWidth);
  const x = { ...axis, field: "x" };
  const isLine = column.labels === null;
  const { direction } = objectiveOf(view);
  const range = valueRange(points.map(({ v }) => Number(v)), direction, false)!;
  const means = cells.map(({ m }) => Number(m));
  const room = 0.3 * (range.high - range.low);
  const domain = axisDomain(
    Math.max(
      range.low - room,
      means.reduce((a, b) => Math.min(a, b), range.low),
    ),
    Math.min(
      range.high + room,
      means.reduce((a, b) => Math.max(a, b), range.high),
    ),
    false,
  );
  const clamped = (encoding: Part): Part => ({
    ...encoding,
    scale: { ...(encoding as { scale: Part }).scale, clamp: true },
  });
  const y = (field: string) =>
    clamped(valueAxis({ field, title: objectiveTitle(view, 26), domain }));
  const worth = valueAxis({
    field: "a",
    title: worthTitle,
    domain: [0, 1.05],
    tickCount: 3,
  }) as { readonly axis: Part };
  const rule = peak === null ? [] : [{
    data: { values: [{ x: peak.x! }] },
    mark: { type: "rule", color: chartColors.best, strokeDash: [4, 3] },
    encoding: { x },
  }];
  const quiet = { ...x, title: null };
  return {
    spacing: 12,
    vconcat: [
      {
        width: chartWidth,
        height: Math.round(height * 0.65),
        layer: [
          {
            data: { values: cells },
            mark: isLine
              ? { type: "area", color: chartColors.complete, opacity: 0.2 }
              : {
                type: "bar",
                color: chartColors.complete,
                opacity: 0.2,
                size: 24,
              },
            encoding: { x: quiet, y: y("l"), y2: { field: "h" } },
          },
          {
            data: { values: cells },
            mark: isLine
              ? { type: "line", color: chartColors.complete, strokeWidth: 2 }
              : {
                type: "tick",
                color: chartColors.complete,
                thickness: 2,
                size: 24,
              },
            encoding: { x: quiet, y: y("m") },
          },
          {
            data: { values: points },
            mark: {
              type: "point",
              filled: true,
              size: 30,
              color: chartColors.muted,
              opacity: 0.7,
            },
            encoding: {
              x: { ...quiet, field: column.field },
              y: y("v"),
              tooltip: tooltipOf([
                { field: "n", title: "trial" },
                { field: "v", title: cleanText(objectiveOf(view).name) },
              ], columns),
            },
          },
          ...rule,
        ],
      },
      {
        width: chartWidth,
        height: Math.max(50, Math.round(height * 0.3)),
        layer: [
          {
            data: { values: cells },
            mark: isLine
              ? {
                type: "area",
                color: chartColors.best,
                opacity: 0.45,
                line: { color: chartColors.best, strokeWidth: 1.5 },
              }
              : {
                type: "bar",
                color: chartColors.best,
                opacity: 0.6,
                size: 24,
              },
            encoding: {
              x,
              y: { ...worth, axis: { ...worth.axis, format: ".0%" } },
              tooltip: tooltipOf([
                { field: "x", title: column.title },
                { field: "a", title: "worth, of the most" },
                { field: "m", title: "expected" },
              ], []),
            },
          },
          ...rule,
        ],
      },
    ],
  };
}
