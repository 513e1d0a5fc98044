/**
 * Several studies in one chart.
 *
 * @module
 */

import type { Direction, StudyView } from "../records/mod.ts";
import { checkOptions } from "./_options.ts";
import type { Part } from "./_spec.ts";
import { distinct, formatNumber, shorten } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";
import { lineLegend, valueAxis } from "./_encodings.ts";
import { axisDomain, valueRange } from "./_scale.ts";
import type { ChartRow } from "./_field.ts";

/** How many studies one chart has colors for. */
export const mostStudies = 8;

/** The studies' names, distinct. */
export function studyNames(views: readonly StudyView[]): readonly string[] {
  return distinct(views.map(({ name }) => shorten(name, 40)));
}

/** A color a study, field `s`. */
export function seriesColor(
  names: readonly string[],
  legend: Part | null,
): Part {
  return {
    field: "s",
    type: "nominal",
    title: null,
    scale: {
      domain: names,
      range: names.map((_, k) => chartColors.series[k]!),
    },
    legend,
  };
}

/**
 * Checks a chart's options, `others` among them.
 *
 * @throws {TypeError} If an option is unknown or of a wrong kind; of `others`, if it is no array of views.
 * @throws {RangeError} If an option is out of its range, or there are too many others.
 */
export function checkOptionsWithOthers(
  chart: string,
  options: { readonly others?: unknown },
  kinds: Parameters<typeof checkOptions>[2],
): void {
  const { others, ...rest } = options ?? {};
  checkOptions(chart, options === null ? options : rest, kinds);
  checkOthers(chart, others);
}

function checkOthers(chart: string, others: unknown): void {
  if (others === undefined) return;
  if (!Array.isArray(others) || !others.every(isView)) {
    throw new TypeError(
      `Cannot draw the ${chart}: the option others is ${
        Array.isArray(others) ? "not made of views" : "no array"
      }, expected views of studies such as [other.view()]`,
    );
  }
  if (others.length >= mostStudies) {
    throw new RangeError(
      `Cannot draw the ${chart}: there are ${others.length} other studies, expected at most ${
        mostStudies - 1
      }`,
    );
  }
}

function isView(value: unknown): boolean {
  return typeof value === "object" && value !== null && "trials" in value &&
    "objectives" in value;
}

/** The best value so far of one study. */
export interface BestSoFar {
  /** The study's name, distinct among those shown. */
  readonly name: string;
  /** Where it got better, and the end: `x`, `v` the value, `n` the trial. */
  readonly rows: readonly ChartRow[];
}

/** The rows of a line, of which the last belongs to the trial before it. */
export function endMarked(rows: readonly ChartRow[]): readonly ChartRow[] {
  const [before, last] = rows.slice(-2);
  return last === undefined || before!.v !== last.v
    ? rows
    : [...rows.slice(0, -1), { ...last, n: before!.n! }];
}

/** The best so far of several studies in words: who leads, and by how much. */
export function leadersLines(
  studies: readonly BestSoFar[],
  direction: Direction,
): string[] {
  const sign = direction === "minimize" ? 1 : -1;
  return studies.flatMap(({ name, rows }) =>
    rows.length === 0
      ? []
      : [{ name, v: Number(rows.at(-1)!.v), n: Number(rows.at(-1)!.n) }]
  ).sort((a, b) => sign * (a.v - b.v)).map(({ name, v, n }) =>
    `${name.trim()}: best ${formatNumber(v, 6)} by trial ${n}`
  );
}

/** A line of the best so far for each study. */
export function bestSoFarPart(
  studies: readonly BestSoFar[],
  { height, title, xTitle, logY, direction }: {
    readonly height: number;
    readonly title: string;
    readonly xTitle: string;
    readonly logY: boolean;
    readonly direction: Direction;
  },
): Part {
  const rows = studies.flatMap(({ name, rows }) =>
    rows.map((row): ChartRow => ({ ...row, s: name }))
  );
  // The first tries must not flatten what the lines differ in.
  const range = valueRange(rows.map(({ v }) => Number(v)), direction, logY)!;
  const end = rows.reduce((most, { x }) => Math.max(most, Number(x)), 0) || 1;
  const axis = valueAxis({
    title,
    domain: axisDomain(range.low, range.high, logY),
    log: logY,
  }) as { readonly scale: Part };
  const y = { ...axis, scale: { ...axis.scale, clamp: true } };
  const x = {
    field: "x",
    type: "quantitative",
    title: xTitle,
    scale: { domain: [0, end], nice: false, padding: 4 },
    axis: { grid: false },
  };
  const color = seriesColor(studies.map(({ name }) => name), {
    orient: "top",
    columns: 3,
    ...lineLegend,
  });
  return {
    width: chartWidth,
    height,
    data: { values: rows },
    layer: [
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2 },
        encoding: { x, y, color },
      },
      {
        mark: { type: "point", filled: true, size: 34, opacity: 0.9 },
        encoding: {
          x,
          y,
          color,
          tooltip: [
            { field: "s", type: "nominal", title: "study" },
            { field: "n", type: "quantitative", title: "best so far: trial" },
            { field: "v", type: "quantitative", title: "value" },
          ],
        },
      },
    ],
  };
}
