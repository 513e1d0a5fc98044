/**
 * When the surrogate is doubted: its suggestions have brought nothing for a
 * while, so that either nothing is left to gain or it takes for smooth, or for
 * noise, what is not. Now and then a trial is then chosen as if it knew less.
 *
 * Source: lengthscales that shrink, so that one that was fitted too long cannot
 * hide the optimum for ever, after Bull, Convergence rates of efficient global
 * optimization algorithms (2011), and Berkenkamp, Schoellig and Krause, No-regret
 * Bayesian optimization with unknown hyperparameters (2019).
 */

import type { GaussianProcess } from "../surrogates/mod.ts";

/** So many trials in a row have to bring nothing. */
const patience = 8;
/** Then each so manieth trial is one of doubt. */
const every = 3;
/** What counts as something: this share of the way from the median to the best. */
const share = 0.01;
/** By how much lengthscales shrink. */
const shrinking = 0.4;
/** So much noise is believed in, as a share of the variance. */
const mostNoise = 1e-3;

/**
 * How many trials in a row have brought nothing, if the next is one of doubt;
 * else 0.
 *
 * @param values In the order of the trials, smaller is better; NaN brings nothing.
 */
export function doubtAfter(values: readonly number[]): number {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (sorted.length <= patience) return 0;
  const middle = sorted[sorted.length >> 1]!;
  // Each part for itself: their difference might overflow.
  const least = share * middle - share * sorted[0]!;
  let best = Infinity;
  let at = -1;
  values.forEach((value, index) => {
    if (!(value < best - least)) return;
    best = value;
    at = index;
  });
  const since = values.length - 1 - at;
  return since >= patience && (since - patience) % every === 0 ? since : 0;
}

/** The process as if it knew less. */
export function doubted(process: GaussianProcess): GaussianProcess {
  const { lengthscales, outputScale, noise } = process.hyperparameters;
  const scale = Math.max(1, outputScale);
  return process.withHyperparameters({
    lengthscales: Float64Array.from(
      lengthscales,
      (length) => shrinking * length,
    ),
    outputScale: scale,
    noise: Math.min(mostNoise * scale, noise),
  });
}
