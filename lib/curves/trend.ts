/**
 * Whether a curve rises or falls, and how fast: tests that assume nothing of
 * the noise but that it is independent.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | x | `steps` | `[n]` | the steps |
 * | y | `values` | `[n]` | the curve |
 * | S | `s` | | pairs that rise less pairs that fall |
 * | τ | `tau` | | Kendall's τ: S over the number of pairs, in `[−1, 1]` |
 * | z | `z` | | S over its standard deviation where there is no trend |
 * | b | `slope` | | the median of the slopes of all pairs |
 *
 * Source: Mann, Econometrica 13 (1945); Kendall, Rank Correlation Methods (1975),
 * with the correction for ties; Theil (1950) and Sen, JASA 63 (1968), equation
 * 2.6 for the interval.
 *
 * @module
 */

import { normalCdf, z90 } from "../math/mod.ts";
import { blockMeans, median } from "./smooth.ts";

/** What {@linkcode mannKendall} finds. */
export interface TrendTest {
  /** Kendall's τ of values against time, in `[−1, 1]`; 0 where there is nothing to compare. */
  readonly tau: number;
  /** How many standard deviations of chance that is, with a correction for continuity; its sign is the trend's. */
  readonly z: number;
  /** The probability of a trend at least as strong, up or down, by chance alone; 1 where there is nothing to compare. */
  readonly p: number;
}

/** What {@linkcode theilSen} finds. */
export interface RobustSlope {
  /** The median slope, in units of the value a step; NaN for fewer than two values. */
  readonly slope: number;
  /** The lower end of its 90 % interval. */
  readonly low: number;
  /** The upper end of its 90 % interval. */
  readonly high: number;
}

/** Pairs grow with the square: beyond this many values, means of blocks stand for them. */
const mostForPairs = 300;

/**
 * Mann and Kendall's test of a trend. Ties count half; NaN is left out,
 * infinities are compared like other numbers. Takes n log n time.
 *
 * @param values The curve, `[n]`, in order of its steps.
 *
 * @example
 * ```ts
 * import { mannKendall } from "@etude/etude";
 * mannKendall([5, 4, 3, 2, 1]).tau; // -1
 * ```
 */
export function mannKendall(values: ArrayLike<number>): TrendTest {
  const numbers = Array.from(values).filter((value) => !Number.isNaN(value));
  const n = numbers.length;
  if (n < 2) return { tau: 0, z: 0, p: 1 };
  const pairs = n * (n - 1) / 2;
  const { ties, tieTerm } = tiesOf(numbers);
  const falling = inversions(numbers);
  const s = pairs - ties - 2 * falling;
  const variance = (n * (n - 1) * (2 * n + 5) - tieTerm) / 18;
  const z = variance <= 0 || s === 0
    ? 0
    : (s - Math.sign(s)) / Math.sqrt(variance);
  return { tau: s / pairs, z, p: Math.min(1, 2 * normalCdf(-Math.abs(z))) };
}

/**
 * Theil and Sen's slope: the median of the slopes between all pairs of values,
 * and a 90 % interval. Nearly a third of the values may be wild. Values that are
 * not finite are left out, and pairs at one step. Curves of more than 300 values
 * are first made shorter by means of blocks.
 *
 * @param values The curve, `[n]`.
 * @param steps Its steps, `[n]`. Defaults to 0, 1, 2, …
 *
 * @example
 * ```ts
 * import { theilSen } from "@etude/etude";
 * theilSen([0, 2, 4, 600, 8]).slope; // 2
 * ```
 */
export function theilSen(
  values: ArrayLike<number>,
  steps: ArrayLike<number> = Array.from(values, (_, i) => i),
): RobustSlope {
  const kept = Array.from(values, (_, i) => i).filter((i) =>
    Number.isFinite(values[i]!) && Number.isFinite(steps[i]!)
  );
  const { steps: x, values: y } = blockMeans(
    kept.map((i) => steps[i]!),
    kept.map((i) => values[i]!),
    mostForPairs,
  );
  const slopes = new Float64Array(y.length * (y.length - 1) / 2);
  let count = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = i + 1; j < y.length; j++) {
      const slope = (y[j]! - y[i]!) / (x[j]! - x[i]!);
      if (Number.isFinite(slope)) slopes[count++] = slope;
    }
  }
  if (count === 0) return { slope: NaN, low: NaN, high: NaN };
  const sorted = slopes.subarray(0, count).sort();
  const n = y.length;
  const spread = z90 * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
  const at = (place: number) =>
    sorted[Math.min(count - 1, Math.max(0, Math.round(place)))]!;
  return {
    slope: median(sorted),
    low: at((count - spread) / 2 - 1),
    high: at((count + spread) / 2),
  };
}

/** Pairs of equal values, and what they take from 18 times the variance of S. */
function tiesOf(
  values: readonly number[],
): { ties: number; tieTerm: number } {
  const sorted = Float64Array.from(values).sort();
  let ties = 0;
  let tieTerm = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    const t = end - start;
    ties += t * (t - 1) / 2;
    tieTerm += t * (t - 1) * (2 * t + 5);
    start = end;
  }
  return { ties, tieTerm };
}

/** How many pairs fall: i before j with y(i) > y(j); by merge sort. */
function inversions(values: readonly number[]): number {
  let from = Float64Array.from(values);
  let to = new Float64Array(values.length);
  let count = 0;
  for (let width = 1; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        if (left < middle && (right >= end || from[left]! <= from[right]!)) {
          to[place] = from[left++]!;
        } else {
          to[place] = from[right++]!;
          count += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  return count;
}
