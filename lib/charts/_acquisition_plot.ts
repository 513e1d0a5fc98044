/**
 * The plots of an acquisition function: over two parameters, or along one.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import { gradientLegend, valueAxis } from "./_encodings.ts";
import { type ChartRow, type Column, tooltipOf } from "./_field.ts";
import { parameterAxis } from "./_parameter_axis.ts";
import type { Plane } from "./_plane.ts";
import { planePart } from "./_plane_plot.ts";
import { axisDomain, valueRange } from "./_scale.ts";
import { objectiveOf, objectiveTitle, type Part } from "./_spec.ts";
import { cleanText } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

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

const worthTitle = "worth a trial";

/** Over two parameters: the brighter, the more. */
export function worthPart(
  view: StudyView,
  data: AcquisitionRows & Plane,
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
export function linePart(
  view: StudyView,
  { cells, points, columns, peak }: AcquisitionRows & Plane,
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
