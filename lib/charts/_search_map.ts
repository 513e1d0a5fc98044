/**
 * What a map of the search shows: how often each part of each scale was tried,
 * and where the surrogate expects the best.
 *
 * @module
 */

import { randomStream } from "../math/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";
import { cardinality, choicesOf, fromUnit } from "../space/mod.ts";
import { drawnSurrogate } from "./_surrogate.ts";
import { type ChartRow, type Column, columnsOf } from "./_field.ts";
import { chooseParameters } from "./_parameters.ts";
import { chartWidth } from "./theme.ts";
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

export const usualParameters = 12;
/** How wide the strips are, in pixels. */
export function plotWidth(): number {
  return Math.max(120, chartWidth - 120);
}
/** How many cells a number has, and at most categories. */
const cellsPerNumber = 20;
const mostCategories = 40;
/** How many configurations the surrogate is asked about, and which share counts as good. */
const asked = 600;
const goodShare = 0.1;
/** From how many trials on the surrogate has something to say. */
const fewestTrials = 4;

/** The data of the map. */
export function searchMapData(
  view: StudyView,
  options: SearchMapOptions = {},
): SearchMapRows {
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
  const surrogate = drawnSurrogate(view);
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
  const room = Math.floor(plotWidth() / count / 7);
  return room < 3 ? [] : labels.slice(0, count).map((label, k) => ({
    p,
    x: round((k + 0.5) / count, 4),
    t: shorten(label, room),
  }));
}
