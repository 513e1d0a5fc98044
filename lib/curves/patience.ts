/**
 * Whether a training still gets better, told apart from noise.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | y | `values` | the curve, with the sign that makes smaller better |
 * | σ | `noise` | the noise of its latest values |
 * | r | `reference` | the last value that was clearly better than the reference before it |
 * | k | `noiseUnits` | how many σ better counts as better |
 *
 * A value counts as an improvement when it lies more than k σ below r, and then
 * becomes r: small steps add up until they count. Lucky draws do not: with
 * plain patience, the best of noisy values would move on by luck for ever.
 *
 * @module
 */

import type { Direction } from "../records/mod.ts";
import { noiseLevel } from "./smooth.ts";
import { mannKendall } from "./trend.ts";

/** Options of {@linkcode patienceOf}. */
export interface PatienceOptions {
  /** Which values are better. */
  readonly direction: Direction;
  /** How many values without improvement are waited for; a whole number of at least 1. */
  readonly patience: number;
  /** How many standard deviations of the noise better a value must be to count, at least 0. Defaults to `2`. */
  readonly noiseUnits?: number;
}

/** What {@linkcode patienceOf} finds. All indices are into the values. */
export interface PatienceState {
  /** The best value's index, the first of equals; −1 if none is finite. */
  readonly best: number;
  /** The index of the last clear improvement; −1 if no value is finite. */
  readonly reference: number;
  /** How many values came since then. */
  readonly waited: number;
  /** The standard deviation of the noise of the latest values, in their unit; 0 where there are fewer than three. */
  readonly noise: number;
  /** Whether patience is at its end: as many values as waited for brought no improvement, nor do they get better together. */
  readonly exhausted: boolean;
}

/** The noise is that of so many of the latest values at least: the first ones fall too fast to tell. */
const leastForNoise = 10;
/** One-sided, 5 %: a trend of the waiting values that is so sure counts as improvement. */
const sureTrend = -1.645;

/**
 * How long a curve has not improved. NaN and infinities bring no improvement
 * and are waited through like other values.
 *
 * @param values The curve, in order.
 *
 * @example
 * ```ts
 * import { patienceOf } from "@etude/etude";
 * const loss = [1, 0.5, 0.4, 0.41, 0.4, 0.42];
 * patienceOf(loss, { direction: "minimize", patience: 3 }).exhausted; // true
 * ```
 */
export function patienceOf(
  values: ArrayLike<number>,
  { direction, patience, noiseUnits = 2 }: PatienceOptions,
): PatienceState {
  const sign = direction === "minimize" ? 1 : -1;
  const losses = Array.from(values, (value) => sign * value);
  const n = losses.length;
  const recent = losses.slice(-Math.max(leastForNoise, 2 * patience));
  const noise = noiseLevel(recent) || 0;
  let best = -1;
  let reference = -1;
  losses.forEach((loss, index) => {
    if (!Number.isFinite(loss)) return;
    if (best < 0 || loss < losses[best]!) best = index;
    if (
      reference < 0 || loss < losses[reference]! - noiseUnits * noise
    ) reference = index;
  });
  const waited = n - 1 - reference;
  return Object.freeze({
    best,
    reference,
    waited,
    noise,
    exhausted: waited >= patience &&
      mannKendall(losses.slice(-patience - 1).filter(Number.isFinite)).z >
        sureTrend,
  });
}
