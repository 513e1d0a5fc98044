import { z90 } from "../math/mod.ts";
import { isFeasible, type StudyView } from "../records/mod.ts";
import {
  logExpectedImprovement,
  type Predictions,
  probabilityOfImprovement,
  type Surrogate,
} from "../surrogates/mod.ts";
import { drawnSurrogate, surrogateNote } from "./_surrogate.ts";
import { type ChartRow, type Column, fieldsOf } from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { leadingParameters } from "./_pairs.ts";
import { checkParameters, rankedTrials } from "./_parameters.ts";
import { placesAlong, placesOver, type Plane, planeOf } from "./_plane.ts";
import { clamp, round } from "./_scale.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  objectiveTitle,
  omittedNote,
} from "./_spec.ts";
import { cleanText, count, formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import {
  type AcquisitionRows,
  linePart,
  worthPart,
} from "./_acquisition_plot.ts";

export type { AcquisitionRows } from "./_acquisition_plot.ts";

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
  const surrogate = drawnSurrogate(view);
  const { rows, points } = second === undefined
    ? lineOf(view, surrogate, first)
    : placesOver(view, surrogate, [first, second]);
  if (rows.length === 0) return { cells: [], peak: null, most: null };
  const expected = surrogate.process.predict(points);
  // The best mean, not the best value: luck is no merit.
  const means = surrogate.process.fittedMeans();
  const feasible = new Set(
    view.trials.filter(isFeasible).map(({ number }) => number),
  );
  const known = means.filter((_, i) => feasible.has(surrogate.numbers[i]!));
  const best = (known.length > 0 ? known : means)
    .reduce((a, b) => Math.min(a, b));
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
      cells.length > 0 ? surrogateNote(view) : "",
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
