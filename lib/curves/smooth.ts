/**
 * Smoothing a curve and measuring its noise, robustly: a few wild values change
 * nothing.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `values` | `[n]` | the curve, in order of its steps |
 * | w | `width` | | how many values a window has; made odd |
 * | Δ | | `[n − 1]` | differences of neighbors, y(i + 1) − y(i) |
 * | σ | `noiseLevel` | | the standard deviation of the noise around the curve |
 *
 * NaN is left out of every median and mean, as if it had not been reported; at
 * the ends windows are cut short, so that nothing is made up beyond the curve.
 *
 * @module
 */

import { countBelow } from "../math/mod.ts";

/** A normal distribution's standard deviation over its MAD: 1 / Φ⁻¹(¾). */
const madToSd = 1.482602218505602;

/**
 * The median, NaN left out; of an even number of values the mean of the middle
 * two. NaN if nothing is left.
 *
 * @example
 * ```ts
 * import { median } from "@etude/etude";
 * median([3, 1, 100]); // 3
 * ```
 */
export function median(values: ArrayLike<number>): number {
  const sorted = sortedNumbers(values);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  if (sorted.length % 2 === 1) return sorted[half]!;
  const [a, b] = [sorted[half - 1]!, sorted[half]!];
  return a === b ? a : a / 2 + b / 2;
}

/**
 * The quantile of order `p` by linear interpolation (R's type 7), NaN left out;
 * NaN if nothing is left.
 *
 * @param p In `[0, 1]`.
 *
 * @example
 * ```ts
 * import { quantile } from "@etude/etude";
 * quantile([0, 10], 0.25); // 2.5
 * ```
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  const sorted = sortedNumbers(values);
  if (sorted.length === 0) return NaN;
  const place = p * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low === high ? low : low + (high - low) * (place - Math.floor(place));
}

/**
 * The standard deviation by the median absolute deviation, 1.4826 · MAD, NaN
 * left out; half of the values may be wild. NaN if nothing is left.
 *
 * @example
 * ```ts
 * import { robustSd } from "@etude/etude";
 * robustSd([1, 2, 3, 4, 1e9]); // 1.482602218505602
 * ```
 */
export function robustSd(values: ArrayLike<number>): number {
  const center = median(values);
  return madToSd * median(Array.from(values, (v) => Math.abs(v - center)));
}

/**
 * The width that windows have by default: a tenth of the curve, odd, at least 3
 * (of NaN: 1).
 *
 * @param count How many values the curve has.
 * @param share The part of the curve. Defaults to `0.1`.
 *
 * @example
 * ```ts
 * import { windowWidth } from "@etude/etude";
 * windowWidth(100); // 11
 * ```
 */
export function windowWidth(count: number, share = 0.1): number {
  return Math.max(3, Math.round(count * share)) | 1;
}

/**
 * The running median: of each value and its neighbors, `width` in all.
 *
 * @param values The curve, `[n]`.
 * @param width How many values a window has; an even number counts as the next
 * odd one. Defaults to {@linkcode windowWidth}.
 * @returns `[n]`; NaN where a window holds nothing but NaN.
 *
 * @example
 * ```ts
 * import { runningMedian } from "@etude/etude";
 * runningMedian([1, 2, 90, 4, 5], 3); // [1.5, 2, 4, 5, 4.5]
 * ```
 */
export function runningMedian(
  values: ArrayLike<number>,
  width: number = windowWidth(values.length),
): number[] {
  const half = Math.max(0, width >> 1);
  const smooth = new Array<number>(values.length);
  // The window, sorted; a value that comes or goes is found by bisection.
  const window: number[] = [];
  const add = (value: number) => {
    if (!Number.isNaN(value)) {
      window.splice(countBelow(window, value), 0, value);
    }
  };
  const drop = (value: number) => {
    if (!Number.isNaN(value)) window.splice(countBelow(window, value), 1);
  };
  for (let i = 0; i < Math.min(half, values.length); i++) add(values[i]!);
  for (let i = 0; i < values.length; i++) {
    if (i + half < values.length) add(values[i + half]!);
    if (i - half > 0) drop(values[i - half - 1]!);
    const middle = window.length >> 1;
    const [a, b] = [window[middle - 1]!, window[middle]!];
    smooth[i] = window.length === 0
      ? NaN
      : window.length % 2 === 1 || a === b
      ? b
      : a / 2 + b / 2;
  }
  return smooth;
}

/**
 * The running mean: of each value and its neighbors, `width` in all.
 *
 * @param values The curve, `[n]`.
 * @param width As for {@linkcode runningMedian}.
 * @returns `[n]`; NaN where a window holds nothing but NaN.
 *
 * @example
 * ```ts
 * import { runningMean } from "@etude/etude";
 * runningMean([1, 2, 3, 10], 3); // [1.5, 2, 5, 6.5]
 * ```
 */
export function runningMean(
  values: ArrayLike<number>,
  width: number = windowWidth(values.length),
): number[] {
  const half = Math.max(0, width >> 1);
  return Array.from(values, (_, i) => {
    let sum = 0;
    let count = 0;
    const end = Math.min(values.length - 1, i + half);
    for (let j = Math.max(0, i - half); j <= end; j++) {
      if (Number.isNaN(values[j]!)) continue;
      sum += values[j]!;
      count++;
    }
    return count === 0 ? NaN : sum / count;
  });
}

/**
 * The standard deviation of the noise around a curve, whatever its trend: from
 * differences of neighbors, σ = 1.4826 · MAD(Δ − median Δ) / √2. Exact for
 * independent normal noise on a straight line; noise that lasts over several
 * steps is partly taken for trend.
 *
 * @param values The curve, `[n]`, NaN and infinities left out.
 * @returns At least 0; NaN for fewer than three values.
 *
 * @example
 * ```ts
 * import { noiseLevel } from "@etude/etude";
 * noiseLevel([1, 2, 3, 4, 5]); // 0: a straight line has no noise
 * ```
 */
export function noiseLevel(values: ArrayLike<number>): number {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length < 3) return NaN;
  const differences = finite.slice(1).map((value, i) => value - finite[i]!);
  return robustSd(differences) / Math.SQRT2;
}

/**
 * A long curve made short: means of blocks of neighbors, so that noise is
 * averaged and nothing is picked. A curve of at most `most` values is given back
 * as it is.
 *
 * @param steps `[n]`.
 * @param values `[n]`, NaN left out of the means.
 * @param most The most values kept. Defaults to `2000`.
 * @returns Steps (a block's last) and values, and how many values a block has.
 *
 * @example
 * ```ts
 * import { blockMeans } from "@etude/etude";
 * blockMeans([1, 2, 3, 4], [1, 3, NaN, 5], 2); // { steps: [2, 4], values: [2, 5], block: 2 }
 * ```
 */
export function blockMeans(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  most = 2000,
): { steps: number[]; values: number[]; block: number } {
  const block = Math.max(1, Math.ceil(values.length / most));
  if (block === 1) {
    return { steps: Array.from(steps), values: Array.from(values), block };
  }
  const ends: number[] = [];
  const means: number[] = [];
  for (let start = 0; start < values.length; start += block) {
    const end = Math.min(values.length, start + block);
    let sum = 0;
    let count = 0;
    for (let i = start; i < end; i++) {
      if (Number.isNaN(values[i]!)) continue;
      sum += values[i]!;
      count++;
    }
    ends.push(steps[end - 1]!);
    means.push(count === 0 ? NaN : sum / count);
  }
  return { steps: ends, values: means, block };
}

/** The values without NaN, sorted. */
function sortedNumbers(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) kept[count++] = values[i]!;
  }
  return kept.subarray(0, count).sort();
}
