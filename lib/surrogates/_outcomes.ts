/**
 * Values of trials as a Gaussian process likes them: smaller is better, mean 0,
 * standard deviation 1, no outliers, good values told apart more finely than bad.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | v | | a value, with the sign that makes smaller better |
 * | u | `unit` | a power of two near the largest, so that nothing overflows or vanishes |
 * | v₀, c | `lowest`, `width` | the best v / u, and 4 times its distance from the median |
 * | t | | log(1 + (v / u − v₀) / c) |
 * | y | `values` | the values for the process: (t − `center`) / `scale` |
 *
 * 1. What is infinite, NaN or failed is set aside.
 * 2. Fences: what lies beyond q₂₅ − 20 w or q₇₅ + 5 w, where w = q₇₅ − q₂₅, is
 *    moved there, so that one value of 1e300 does not make all others look equal.
 * 3. Logarithm: t. From the best to the median its slope falls by a fifth: the
 *    bad is drawn together, the good apart. Where the median is the best, t = v / u.
 * 4. Winsorizing: what is more than 2 standard deviations worse than the mean is
 *    moved there: how bad the bad is matters little.
 * 5. Mean 0, standard deviation 1.
 * 6. What was set aside gets the worst y.
 *
 * Source: winsorizing as in our prototype; the fences are Tukey's (1977). Steps
 * 3 and 4 were chosen by trial on LCBench and on functions of BBOB.
 */

import type { Prediction } from "../records/mod.ts";
import type { Observation } from "./observations.ts";

/** The y of each observation, and the way back. */
export interface Outcomes {
  /** y, `[n]`, finite. */
  readonly values: Float64Array;
  /** From a normal distribution of y to mean and standard deviation of v. */
  toRaw(expected: Prediction): Prediction;
}

/** How many standard deviations worse than the mean a value may be. */
const winsorAt = 2;
/** c, in distances of the median from the best. */
const relativeWidth = 4;
/** c at least, in distances of the upper quartile from the best, for one of several objectives. */
const quartileWidth = 1;

/** Options of {@linkcode normalizeOutcomes}. */
export interface OutcomesOptions {
  /**
   * Whether it is one of several objectives. Then many trials may share its best
   * value, and differ in another: c is no less than the upper quartile's distance
   * from the best, so that they are not told apart at the cost of all others.
   * Defaults to `false`.
   */
  readonly oneOfSeveral?: boolean;
}

/**
 * Brings values into form.
 *
 * @param observations At least one; values as in {@linkcode Observation}.
 *
 * @example
 * ```ts
 * import { normalizeOutcomes } from "@etude/etude";
 * const observation = (value: number, number: number) => ({ value, number, unit: Float64Array.of(0), isPruned: false });
 * normalizeOutcomes([1, 2, 3].map(observation)).values; // in the same order, mean 0
 * ```
 */
export function normalizeOutcomes(
  observations: readonly Observation[],
  { oneOfSeveral = false }: OutcomesOptions = {},
): Outcomes {
  const raw = observations.map(({ value }) => value);
  const sorted = Float64Array.from(raw.filter(Number.isFinite)).sort();
  if (sorted.length === 0) {
    return { values: new Float64Array(raw.length), toRaw: (same) => same };
  }
  const [low, high] = fences(sorted);
  const inside = (value: number) => Math.min(high, Math.max(low, value));
  const unit = unitOf(inside(sorted[0]!), inside(sorted.at(-1)!));
  const middle = sorted[sorted.length >> 1]!;
  const lowest = inside(sorted[0]!) / unit;
  const upper = sorted[Math.round(0.75 * (sorted.length - 1))]!;
  const width = Math.max(
    relativeWidth * (inside(middle) / unit - lowest),
    oneOfSeveral ? quartileWidth * (inside(upper) / unit - lowest) : 0,
  );
  // In units of the largest value: less than that is the noise of its last digits.
  const isLog = width > 1e-12;
  const bend = (value: number) => {
    const scaled = Math.max(lowest, inside(value) / unit);
    return isLog ? Math.log1p((scaled - lowest) / width) : scaled;
  };
  const bent = sorted.map(bend);
  const before = moments(bent);
  const worst = Math.min(bent.at(-1)!, before.mean + winsorAt * before.sd);
  const { mean: center, sd } = moments(bent.map((t) => Math.min(t, worst)));
  const scale = sd > 1e-13 * Math.max(1, Math.abs(center)) ? sd : 1;
  return {
    values: Float64Array.from(observations, ({ value, isPruned }) => {
      // A pruned trial stopped short: it is no better than the middle.
      const known = isPruned ? Math.max(value, middle) : value;
      const t = Number.isNaN(known) ? worst : Math.min(worst, bend(known));
      return (t - center) / scale;
    }),
    toRaw({ mean, sd }) {
      const t = center + scale * mean;
      const spread = scale * sd;
      if (!isLog) return { mean: bounded(t, unit), sd: bounded(spread, unit) };
      // A normal t makes v lognormal.
      const factor = width * Math.exp(t + spread * spread / 2);
      return {
        mean: bounded(lowest - width + factor, unit),
        sd: bounded(factor * Math.sqrt(Math.expm1(spread * spread)), unit),
      };
    },
  };
}

/** x u, at most the largest number. */
function bounded(x: number, unit: number): number {
  const largest = Number.MAX_VALUE;
  return Math.min(largest, Math.max(-largest, x * unit));
}

function fences(sorted: Float64Array): [number, number] {
  const at = (share: number) =>
    sorted[Math.round(share * (sorted.length - 1))]!;
  // Halves do not overflow.
  const half = at(0.75) / 2 - at(0.25) / 2;
  return half > 0
    ? [at(0.25) - 40 * half, at(0.75) + 10 * half]
    : [-Infinity, Infinity];
}

/** A power of two near the larger of two numbers. */
function unitOf(a: number, b: number): number {
  const largest = Math.max(Math.abs(a), Math.abs(b));
  if (largest === 0) return 1;
  const exponent = Math.floor(Math.log2(largest));
  return 2 ** Math.max(-1020, Math.min(1020, exponent));
}

function moments(values: Float64Array): { mean: number; sd: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  return { mean, sd: Math.sqrt(variance) };
}
