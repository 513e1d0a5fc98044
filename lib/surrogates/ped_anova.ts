/**
 * PED-ANOVA: how much a parameter decides whether a trial is among the best.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n | | | the number of trials |
 * | γ′ | `targetQuantile` | | the share of the trials that count as the best |
 * | S | `size` | | how many places a parameter's grid has |
 * | c | `counts` | `[S]` | how many trials stand at each place |
 * | p, p′ | `region`, `target` | `[S]` | density of all trials, and of the best ones |
 * | α, β | `targetShare`, `regionShare` | | shares of the best, and of all, that use the parameter |
 * | ω | `weight` | | the kernel's weight that stands for no knowledge: 1 |
 *
 * (1) D(p′‖p) = Σ p (p′ / p − 1)², Pearson's divergence
 * (2) importance = γ′² α² / β · D(p′‖p)
 *
 * Densities are sums of normal kernels, cut to the grid, one for each place that
 * is taken, with Scott's bandwidth; of categories, sums of nearly certain ones.
 *
 * Source: Watanabe, Bansal and Hutter, "PED-ANOVA" (2023), algorithm 1; (2) for
 * conditional parameters as in Optuna 5, after "Conditional PED-ANOVA" (2026),
 * theorem 4.2. Values agree with Optuna 5's `PedAnovaImportanceEvaluator`.
 *
 * @module
 */

import { normalCdf } from "../math/mod.ts";

/** A parameter as PED-ANOVA sees it. */
export interface PedAnovaAxis {
  /**
   * Its value in each trial, `[n]`: on its (log) scale from `low` to `high`, or
   * the number of a category from 0; NaN where it is not used.
   */
  readonly values: ArrayLike<number>;
  /** Whether the values are categories, without an order. */
  readonly isCategory: boolean;
  /** The lower end of the scale; of categories not looked at. */
  readonly low: number;
  /** The upper end of the scale; of categories not looked at. */
  readonly high: number;
  /** How many places the grid has, or how many categories there are; 1 has no importance. */
  readonly size: number;
}

/** Options of {@linkcode pedAnova}. */
export interface PedAnovaOptions {
  /** The share of the trials that count as the best, in `(0, 1)`. Defaults to `0.1`. */
  readonly targetQuantile?: number;
}

/** How many places the grid of a continuum has. */
export const pedAnovaSteps = 50;
/** Fewer trials that use a parameter say nothing of it. */
const fewestTrials = 2;

/**
 * The importance of each parameter for being among the best trials, at least 0,
 * not normalized. It draws no random numbers.
 *
 * @param axes The parameters, `[D]`.
 * @param losses The trials' values, `[n]`, finite, smaller is better.
 * @param options What counts as best.
 * @returns `[D]`; all 0 with fewer than two trials.
 * @throws {RangeError} If the quantile is out of its range.
 *
 * @example
 * ```ts
 * import { pedAnova } from "@etude/etude";
 * const values = Array.from({ length: 40 }, (_, i) => i / 39);
 * const noise = values.map((_, i) => (i * 7 % 40) / 39);
 * const axis = { isCategory: false, low: 0, high: 1, size: 50 };
 * const [x, y] = pedAnova([{ ...axis, values }, { ...axis, values: noise }], values);
 * x! > y!; // true
 * ```
 */
export function pedAnova(
  axes: readonly PedAnovaAxis[],
  losses: ArrayLike<number>,
  options: PedAnovaOptions = {},
): Float64Array {
  const { targetQuantile = 0.1 } = options;
  if (!(targetQuantile > 0 && targetQuantile < 1)) {
    throw new RangeError(
      `Cannot compute importances: targetQuantile is ${targetQuantile}, expected a number between 0 and 1`,
    );
  }
  const n = losses.length;
  const result = new Float64Array(axes.length);
  if (n < 2) return result;
  const sorted = Float64Array.from(losses).sort();
  const cut = sorted[Math.ceil(targetQuantile * n) - 1]!;
  let best = 0;
  for (let i = 0; i < n; i++) if (losses[i]! <= cut) best++;
  axes.forEach((axis, d) => {
    if (axis.size < 2) return;
    const region = new Float64Array(axis.size);
    const target = new Float64Array(axis.size);
    let regionCount = 0;
    let targetCount = 0;
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(axis.values[i]!)) continue;
      const place = placeOf(axis, axis.values[i]!);
      region[place]!++;
      regionCount++;
      if (losses[i]! > cut) continue;
      target[place]!++;
      targetCount++;
    }
    if (regionCount < fewestTrials || targetCount === 0) return;
    const targetShare = targetCount / best;
    const regionShare = regionCount / n;
    result[d] = (best / n) ** 2 * targetShare ** 2 / regionShare * // (2)
      divergence(densityOf(axis, target), densityOf(axis, region));
  });
  return result;
}

/** The place on the grid; a value in the middle of two goes to the lower one. */
function placeOf(
  { isCategory, low, high, size }: PedAnovaAxis,
  value: number,
): number {
  const place = isCategory
    ? value
    : Math.ceil((value - low) / ((high - low) / (size - 1)) - 0.5);
  return Math.min(size - 1, Math.max(0, place));
}

/** (1), with a trace of mass everywhere. */
function divergence(target: Float64Array, region: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < region.length; k++) {
    const p = region[k]! + 1e-12;
    sum += p * ((target[k]! + 1e-12) / p - 1) ** 2;
  }
  return sum;
}

function densityOf(axis: PedAnovaAxis, counts: Float64Array): Float64Array {
  return axis.isCategory ? categoryDensity(counts) : numberDensity(counts);
}

function categoryDensity(counts: Float64Array): Float64Array {
  const size = counts.length;
  const kernels = counts.reduce((sum, c) => sum + (c > 0 ? 1 : 0), 1);
  const total = counts.reduce((sum, c) => sum + c, 1);
  // Each kernel: 1 on its own category, and the prior's share on all of them.
  const share = 1 / kernels;
  const whole = 1 + size * share;
  return counts.map((_, k) =>
    counts.reduce(
      (sum, c, own) => sum + c * ((own === k ? 1 : 0) + share) / whole,
      1 / size,
    ) / total
  );
}

function numberDensity(counts: Float64Array): Float64Array {
  const size = counts.length;
  const total = counts.reduce((sum, c) => sum + c, 0);
  const width = Math.max(bandwidth(counts, total), 0.5 / 1.64);
  const density = new Float64Array(size);
  const add = (
    mean: number,
    sd: number,
    weight: number,
    massAt: (distance: number) => number,
  ) => {
    const share = weight / (total + 1) /
      mass((-0.5 - mean) / sd, (size - 0.5 - mean) / sd);
    for (let k = 0; k < size; k++) density[k]! += share * massAt(k - mean);
  };
  // All but the last kernel are one, moved by whole places.
  const masses = counts.map((_, distance) =>
    mass((distance - 0.5) / width, (distance + 0.5) / width)
  );
  counts.forEach((c, place) => {
    if (c > 0) add(place, width, c, (distance) => masses[Math.abs(distance)]!);
  });
  add(
    (size - 1) / 2,
    size,
    1,
    (distance) => mass((distance - 0.5) / size, (distance + 0.5) / size),
  );
  return density;
}

/** Scott's rule, with the smaller of the deviation and that of the middle half. */
function bandwidth(counts: Float64Array, total: number): number {
  let mean = 0;
  counts.forEach((c, place) => mean += c * place / total);
  let squares = 0;
  counts.forEach((c, place) => squares += c * (place - mean) ** 2);
  const sd = Math.sqrt(squares / Math.max(1, total - 1));
  let [first, third] = [-1, -1];
  let [last, below] = [0, 0];
  counts.forEach((c, place) => {
    if (c === 0) return;
    last = place;
    below += c;
    if (first < 0 && below >= Math.floor(total / 4)) first = place;
    if (third < 0 && below > Math.floor(total * 3 / 4)) third = place;
  });
  const middle = (third < 0 ? last : third) - first;
  return 1.059 * Math.min(middle / 1.34, sd) * total ** -0.2;
}

/** The mass of the standard normal distribution between two points, precise in both tails. */
function mass(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}
