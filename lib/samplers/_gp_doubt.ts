/**
 * When the surrogate is doubted. Early on it knows little of what it is sure of:
 * lengthscales fitted to a dozen trials can hide a whole direction, and expected
 * improvement then digs in one place. So each fourth of the first trials is
 * chosen the far way (below), whatever came before; not in conditional spaces,
 * where what is least known is always a corner of the rarest branch. Later, its
 * suggestions may have brought nothing for a while, so that either nothing is left
 * to gain, or it takes for smooth, or for noise, what is not, or clings to one
 * region. Now and then a trial is then chosen in one of two other ways, in turn:
 *
 * - *rough*: by the same acquisition function, as if lengthscales were shorter
 *   and noise next to nothing;
 * - *far*: by a confidence bound that hopes for much, which leads to what is
 *   least known.
 *
 * In a conditional space it is then looked for in another branch than the best
 * trial's, the most hopeful one, and by expected improvement on that branch's own
 * best, with the surrogate as it is where it would look far.
 *
 * Source: lengthscales that shrink, so that one that was fitted too long cannot
 * hide the optimum for ever, after Bull, Convergence rates of efficient global
 * optimization algorithms (2011), and Berkenkamp, Schoellig and Krause, No-regret
 * Bayesian optimization with unknown hyperparameters (2019). Patience and share
 * were chosen by trial on a part of the bench.
 */

import type { GaussianProcess } from "../surrogates/mod.ts";

/** How the next trial is chosen because of doubt. */
export interface Doubt {
  readonly way: "rough" | "far";
  /** After so many trials without a gain; null for the looks around that come early in any case. */
  readonly after: number | null;
}

/** What matters of a space. */
export interface DoubtedSpace {
  /** How many parameters there are. */
  readonly dimension: number;
  /** Whether some are active in some configurations only. */
  readonly isConditional: boolean;
}

/** So many trials in a row have to bring nothing. */
const patience = 8;
/** Then each so many-th trial is one of doubt. */
const every = 4;
/**
 * Early on each so many-th trial looks far: from the first number of finished
 * trials on, for so many a dimension, at most to the last. Few dimensions hide
 * little.
 */
const early = Object.freeze({ every: 4, first: 7, eachDimension: 5, last: 31 });
/** What counts as something, in standard deviations of the values. */
const gain = 0.02;
/** By how much lengthscales shrink. */
const shrinking = 0.4;
/** So much noise is believed in, as a share of the variance. */
const mostNoise = 1e-3;
/** How many standard deviations the confidence bound hopes for. */
export const farBeta = 3;

/**
 * Whether the next trial is one of doubt.
 *
 * @param values In the order of the trials, in the process's units: smaller is
 * better, their standard deviation is 1. NaN brings nothing.
 * @param space What is searched.
 */
export function doubtOf(
  values: ArrayLike<number>,
  { dimension, isConditional }: DoubtedSpace,
): Doubt | null {
  let best = Infinity;
  let after = 0;
  for (let i = 0; i < values.length; i++) {
    after++;
    if (!(values[i]! < best - gain)) continue;
    best = values[i]!;
    after = 0;
  }
  const n = values.length;
  if (
    best < Infinity && !isConditional && n >= early.first &&
    n <= Math.min(early.last, early.eachDimension * dimension) &&
    (n - early.first) % early.every === 0
  ) return { way: "far", after: null };
  const round = (after - patience) / every;
  if (best === Infinity || round < 0 || !Number.isInteger(round)) return null;
  return { way: round % 2 === 0 ? "rough" : "far", after };
}

/** The process as if its function were rougher and less noisy. */
export function roughened(process: GaussianProcess): GaussianProcess {
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
