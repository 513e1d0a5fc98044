/**
 * What noisy values say of the true ones behind them.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y, σ | `values`, `errors` | `[n]` | what was measured, larger is better, and its standard error |
 * | θ | | `[n]` | the true values: y ~ N(θ, σ²) |
 * | p | `priors` | `[H][G]` | how the true values may be spread: see _value_shapes.ts |
 * | c, w | `centers`, `widths` | `[G]` | a grid of possible true values: cells and their widths |
 *
 * (1) p(y | shape) = Π over trials of Σ over cells of p(c) N(y; c, σ²)
 *
 * The shape is not fitted but averaged over many, each weighed by (1): a fit to
 * the values of a study that are all alike would take noise for a difference.
 *
 * Source: empirical Bayes as in James and Stein (1961), Efron and Morris (1975);
 * a grid of priors, weighed, as in Stephens, False discovery rates (2017).
 *
 * @module
 */

import { normalCdf, normalQuantile, type RandomStream } from "../math/mod.ts";
import { type Grid, priorsOf } from "./_value_shapes.ts";

/** What is known of the true values. */
export interface TrueValues {
  /** The expected true value, `[n]`. */
  readonly means: Float64Array;
  /** The probability to be the best of all, `[n]`; sums to 1. */
  readonly best: Float64Array;
  /** The value below which the true one lies with a probability; `apart` is the sd of what is added to all of them. */
  quantile(index: number, probability: number, apart?: number): number;
  /** How much better than that one the best is expected to be, by hindsight. */
  lossOf(index: number): number;
  /** How much better than that one the best of so many further trials of the same kind is expected to be. */
  gainOver(index: number, trials: number): number;
}

const draws = 2000;
/** Shapes less probable than this share of the most probable are left out. */
const negligible = 1e-4;

/**
 * The true values behind noisy ones.
 *
 * @param values What was measured, `[n]`, n ≥ 2, finite, not all equal; larger is better.
 * @param errors Their standard errors, `[n]`, above 0.
 * @param random Draws 2,000 numbers a trial, and 100 more each.
 */
export function trueValues(
  values: readonly number[],
  errors: readonly number[],
  random: RandomStream,
): TrueValues {
  const n = values.length;
  const ordered = values.toSorted((a, b) => a - b);
  const top = ordered[n - 1]!;
  const middle = ordered[n >> 1]!;
  const unit = unitOf(values, errors);
  // What is far behind tells nothing of those in front.
  const least = middle - 6 * Math.max(top - middle, unit);
  const kept = values.flatMap((value, i) => value >= least ? [i] : []);
  const grid = gridOf(ordered.find((v) => v >= least)!, middle, top, unit);
  const size = grid.centers.length;
  const likelihood = kept.map((i) =>
    likelihoodOf(values[i]!, errors[i]!, grid)
  );
  const priors = priorsOf(kept.map((i) => values[i]!), unit, grid);
  const scores = priors.map(({ shares, weight }) =>
    Math.log(weight) + evidence(shares, likelihood)
  );
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = scores.map((score) => Math.exp(score - most))
    .map((weight) => weight < negligible ? 0 : weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);

  // Only those that are not many standard errors behind can be the best.
  const contenders = kept.flatMap((i, row) =>
    values[i]! + 6 * errors[i]! >= top - 6 * unit ? [{ i, row }] : []
  );
  const posterior = contenders.map(() => new Float64Array(size));
  const means = Float64Array.from(values);
  const best = new Float64Array(n);
  const bests: number[] = [];
  const found = contenders.map((): number[] => []);
  const futures: Float64Array[] = [];
  let passed = 0;
  let drawn = 0;
  priors.forEach(({ shares: prior }, h) => {
    const weight = weights[h]! / total;
    if (weight === 0) return;
    passed += weight;
    const times = Math.round(passed * draws) - drawn;
    const cumulative = contenders.map(({ row }, k) => {
      const cells = new Float64Array(size);
      const given = likelihood[row]!;
      let sum = 0;
      for (let g = 0; g < size; g++) sum += cells[g] = prior[g]! * given[g]!;
      let run = 0;
      for (let g = 0; g < size; g++) {
        const share = cells[g]! / sum;
        posterior[k]![g]! += weight * share;
        cells[g] = run += share;
      }
      return cells;
    });
    const future = cumulate(prior);
    for (let t = 0; t < times; t++) {
      let [which, highest] = [0, -Infinity];
      cumulative.forEach((cells, k) => {
        const value = pick(cells, grid, random);
        found[k]!.push(value);
        if (value > highest) [which, highest] = [k, value];
      });
      best[contenders[which]!.i]! += 1;
      bests.push(highest);
      futures.push(future);
    }
    drawn += times;
  });
  for (let i = 0; i < n; i++) best[i]! /= drawn;
  contenders.forEach(({ i }, k) => {
    means[i] = posterior[k]!.reduce(
      (sum, share, g) => sum + share * grid.centers[g]!,
      0,
    );
  });
  const placeOf = new Map(contenders.map(({ i }, k) => [i, k]));
  return {
    means,
    best,
    quantile: (index, probability, apart = 0) => {
      const k = placeOf.get(index);
      return k === undefined
        ? values[index]! +
          Math.hypot(errors[index]!, apart) * normalQuantile(probability)
        : quantileOf(posterior[k]!, grid, probability, apart);
    },
    lossOf: (index) => {
      const k = placeOf.get(index);
      if (k === undefined) return top - values[index]!;
      return bests.reduce((sum, value, t) => sum + value - found[k]![t]!, 0) /
        drawn;
    },
    gainOver: (index, trials) => {
      const k = placeOf.get(index);
      if (k === undefined) return top - values[index]!;
      return futures.reduce((sum, cumulative, t) => {
        // The largest of m uniform numbers is the m-th root of one.
        const u = random.uniform() ** (1 / trials);
        const next = valueAt(cumulative, grid, u, random);
        return sum + Math.max(0, next - found[k]![t]!);
      }, 0) / drawn;
    },
  };
}

/** A typical standard error of the better trials. */
function unitOf(values: readonly number[], errors: readonly number[]): number {
  const better = values.map((value, i) => ({ value, error: errors[i]! }))
    .sort((a, b) => b.value - a.value)
    .slice(0, Math.max(2, Math.ceil(values.length / 3)))
    .map(({ error }) => error)
    .sort((a, b) => a - b);
  return better[better.length >> 2]!;
}

/** Fine cells around the best values, coarser ones away from them. */
function gridOf(
  least: number,
  middle: number,
  top: number,
  unit: number,
): Grid {
  const low = least - 4 * unit;
  const high = top + Math.max(4 * unit, (top - middle) / 2);
  const edges: number[] = [top];
  let step = 0.2 * unit;
  for (let at = top; at > low;) {
    at -= step;
    edges.unshift(at);
    if (top - at > 6 * unit) step *= 1.1;
  }
  step = 0.2 * unit;
  for (let at = top; at < high;) {
    at += step;
    edges.push(at);
    if (at - top > 4 * unit) step *= 1.1;
  }
  const centers = new Float64Array(edges.length - 1);
  const widths = new Float64Array(edges.length - 1);
  for (let g = 0; g < centers.length; g++) {
    centers[g] = (edges[g]! + edges[g + 1]!) / 2;
    widths[g] = edges[g + 1]! - edges[g]!;
  }
  return { centers, widths };
}

/** N(y; c, σ²) up to a factor; where cells are wider than σ, over the cell. */
function likelihoodOf(value: number, error: number, grid: Grid): Float64Array {
  return grid.centers.map((center, g) => {
    const sd = Math.max(error, grid.widths[g]! / 2);
    return Math.exp(-(((value - center) / sd) ** 2) / 2) / sd;
  });
}

/** The logarithm of equation (1). */
function evidence(
  prior: Float64Array,
  likelihood: readonly Float64Array[],
): number {
  let sum = 0;
  for (const row of likelihood) {
    let chance = 0;
    for (let g = 0; g < row.length; g++) chance += prior[g]! * row[g]!;
    sum += Math.log(Math.max(chance, 1e-300));
  }
  return sum;
}

function cumulate(shares: Float64Array): Float64Array {
  let run = 0;
  return shares.map((share) => run += share);
}

function pick(
  cumulative: Float64Array,
  grid: Grid,
  random: RandomStream,
): number {
  return valueAt(cumulative, grid, random.uniform(), random);
}

/** A value of the cell in which the probability u lies. */
function valueAt(
  cumulative: Float64Array,
  grid: Grid,
  u: number,
  random: RandomStream,
): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! < u) low = middle + 1;
    else high = middle;
  }
  return grid.centers[low]! + (random.uniform() - 0.5) * grid.widths[low]!;
}

function quantileOf(
  shares: Float64Array,
  { centers, widths }: Grid,
  probability: number,
  apart: number,
): number {
  const below = (x: number) =>
    shares.reduce(
      (sum, share, g) =>
        share < 1e-9 ? sum : sum + share * normalCdf(
              (x - centers[g]!) / Math.hypot(apart, widths[g]! / Math.sqrt(12)),
            ),
      0,
    );
  let low = centers[0]! - 10 * apart - widths[0]!;
  let high = centers.at(-1)! + 10 * apart + widths.at(-1)!;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (below(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
