/**
 * Values of trials as a Gaussian process likes them: smaller is better, mean 0,
 * standard deviation 1, no outliers.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | v | | a value as the user said it |
 * | y | | the same for the process: y = (± v − center) / scale |
 *
 * 1. What is infinite, NaN or failed is set aside.
 * 2. Fences: what lies beyond `q₂₅ − 20 w` or `q₇₅ + 5 w`, where w = q₇₅ − q₂₅, is
 *    moved there, so that one value of 1e300 does not make all others look equal.
 * 3. Winsorizing: what is more than 2 standard deviations worse than the mean is
 *    moved there: how bad the bad is matters little. The good side is left.
 * 4. Mean 0, standard deviation 1.
 * 5. What was set aside gets the worst y, or the best if it was infinitely good.
 *
 * Source: winsorizing as in our prototype; the fences are Tukey's (1977).
 */

import type { Observation } from "./observations.ts";

/** How y and v hang together, and the y of each observation. */
export interface Outcomes {
  /** y, `[n]`, finite. */
  readonly values: Float64Array;
  /** The center, in the user's units with the sign that makes smaller better. */
  readonly center: number;
  /** The scale, above 0. */
  readonly scale: number;
}

/** How many standard deviations worse than the mean a value may be. */
const winsorAt = 2;

/**
 * Brings values into form.
 *
 * @param observations At least one; values as in {@linkcode Observation}.
 */
export function normalizeOutcomes(
  observations: readonly Observation[],
): Outcomes {
  const raw = observations.map(({ value }) => value);
  const finite = raw.filter(Number.isFinite);
  if (finite.length === 0) {
    return { values: new Float64Array(raw.length), center: 0, scale: 1 };
  }
  const sorted = Float64Array.from(finite).sort();
  const [low, high] = fences(sorted);
  const inside = (value: number) => Math.min(high, Math.max(low, value));
  // By a power of two near the largest, so that squares neither overflow nor vanish.
  const largest = Math.max(
    Math.abs(inside(sorted[0]!)),
    Math.abs(inside(sorted.at(-1)!)),
  );
  const unit = largest === 0
    ? 1
    : 2 ** Math.max(-1020, Math.min(1020, Math.floor(Math.log2(largest))));
  const fenced = sorted.map((value) => inside(value) / unit);
  const before = moments(fenced);
  const worst = Math.min(fenced.at(-1)!, before.mean + winsorAt * before.sd);
  const { mean, sd } = moments(fenced.map((value) => Math.min(value, worst)));
  const spread = sd > 1e-13 * Math.max(1, Math.abs(mean)) ? sd : 1;
  const form = (value: number) =>
    (Math.min(worst, Math.max(fenced[0]!, inside(value) / unit)) - mean) /
    spread;
  const limit = median(finite);
  return {
    values: Float64Array.from(observations, ({ value, isPruned }) => {
      if (Number.isNaN(value)) return (worst - mean) / spread;
      // A pruned trial stopped short: it is no better than the middle.
      return form(isPruned ? Math.max(value, limit) : value);
    }),
    center: mean * unit,
    scale: spread * unit,
  };
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

function moments(values: Float64Array): { mean: number; sd: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  return { mean, sd: Math.sqrt(variance) };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1]!;
}
