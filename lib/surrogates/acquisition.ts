/**
 * Acquisition functions: how much a point is worth trying, from what is
 * expected of it. Smaller values of the objective are better throughout; larger
 * values of an acquisition function are better.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | m, s | `mean`, `sd` | the normal distribution expected of the objective |
 * | f* | `best` | the value to be improved on |
 * | z | | (f* − m) / s |
 * | φ, Φ | | density and distribution function of the standard normal |
 *
 * (1) EI = s (φ(z) + z Φ(z))
 *
 * (2) log EI = log s + log(φ(z) + z Φ(z));
 *     ∂/∂m = −Φ(z) / EI, ∂/∂s = φ(z) / EI
 *
 * (3) PI = Φ(z)
 *
 * (4) LCB = −(m − β s), the negative of the lower bound
 *
 * @module
 */

import {
  normalCdf,
  normalLogCdf,
  normalLogExcess,
  normalLogPdf,
} from "../math/mod.ts";
import type { Prediction } from "../records/mod.ts";

/** So many standard deviations better, an improvement is certain to all digits. */
const sure = 40;

/** An acquisition function's value and its slopes. */
export interface AcquisitionSlopes {
  /** The value. */
  readonly value: number;
  /** How it changes with the mean. */
  readonly byMean: number;
  /** How it changes with the standard deviation. */
  readonly bySd: number;
}

/**
 * Expected improvement: how much smaller than the best the value will be on
 * average, counting 0 where it is not. At least 0; where the sd is 0,
 * max(0, best − mean). NaN if the mean, the sd or the best is NaN.
 *
 * Source: Jones, Schonlau and Welch (1998), equation 15.
 *
 * @example
 * ```ts
 * import { expectedImprovement } from "@etude/etude";
 * expectedImprovement({ mean: 0, sd: 1 }, 0); // 0.3989422804014327
 * ```
 */
export function expectedImprovement(
  { mean, sd }: Prediction,
  best: number,
): number {
  // So far above, the rest of the distribution is too little to be written.
  if (!(sd > 0) || best - mean > sure * sd) return Math.max(0, best - mean);
  return sd * Math.exp(normalLogExcess((best - mean) / sd));
}

/**
 * The logarithm of expected improvement, exact where the improvement itself is
 * too small to be written: its slopes lead somewhere everywhere. −Infinity where
 * the sd is 0 and the mean no better.
 *
 * Source: Ament et al., Unexpected Improvements to Expected Improvement (2023).
 *
 * @example
 * ```ts
 * import { logExpectedImprovement } from "@etude/etude";
 * logExpectedImprovement({ mean: 100, sd: 1 }, 0); // -5010.13…
 * ```
 */
export function logExpectedImprovement(
  { mean, sd }: Prediction,
  best: number,
): number {
  if (!(sd > 0) || best - mean > sure * sd) {
    return Math.log(Math.max(0, best - mean));
  }
  return Math.log(sd) + normalLogExcess((best - mean) / sd);
}

/**
 * {@linkcode logExpectedImprovement} and its slopes: equation (2); the sd must be above 0.
 *
 * @example
 * ```ts
 * import { logExpectedImprovementSlopes } from "@etude/etude";
 * const { byMean, bySd } = logExpectedImprovementSlopes({ mean: 1, sd: 0.5 }, 0.8);
 * byMean < 0 && bySd > 0; // true: a smaller mean is better, and so is more doubt
 * ```
 */
export function logExpectedImprovementSlopes(
  { mean, sd }: Prediction,
  best: number,
): AcquisitionSlopes {
  const z = (best - mean) / sd;
  const excess = normalLogExcess(z);
  return {
    value: Math.log(sd) + excess,
    byMean: -Math.exp(normalLogCdf(z) - excess) / sd,
    bySd: Math.exp(normalLogPdf(z) - excess) / sd,
  };
}

/**
 * The probability that the value is smaller than the best, in `[0, 1]`. Where the
 * sd is 0, 1 if the mean is smaller, else 0. NaN if the mean, the sd or the best is NaN.
 *
 * Source: Kushner (1964).
 *
 * @example
 * ```ts
 * import { probabilityOfImprovement } from "@etude/etude";
 * probabilityOfImprovement({ mean: 1, sd: 1 }, 1); // 0.5
 * ```
 */
export function probabilityOfImprovement(
  { mean, sd }: Prediction,
  best: number,
): number {
  if (!(sd > 0)) return mean < best ? 1 : 0;
  return normalCdf((best - mean) / sd);
}

/**
 * log PI and its slopes; the sd must be above 0.
 *
 * @example
 * ```ts
 * import { logProbabilityOfImprovementSlopes } from "@etude/etude";
 * logProbabilityOfImprovementSlopes({ mean: 1, sd: 0.5 }, 1).value; // log ½
 * ```
 */
export function logProbabilityOfImprovementSlopes(
  { mean, sd }: Prediction,
  best: number,
): AcquisitionSlopes {
  const z = (best - mean) / sd;
  const value = normalLogCdf(z);
  const slope = Math.exp(normalLogPdf(z) - value) / sd;
  return { value, byMean: -slope, bySd: -slope * z };
}

/**
 * The negative of the lower confidence bound, equation (4): how small the value
 * may well be, larger is better. NaN if the mean or the sd is NaN.
 *
 * Source: Srinivas et al. (2010), there for maximization (UCB).
 *
 * @param beta How many standard deviations below the mean, at least 0.
 *
 * @example
 * ```ts
 * import { lowerConfidenceBound } from "@etude/etude";
 * lowerConfidenceBound({ mean: 3, sd: 1 }, 2); // -1
 * ```
 */
export function lowerConfidenceBound(
  { mean, sd }: Prediction,
  beta: number,
): number {
  return beta * sd - mean;
}
