/**
 * Improvement for what it costs: log EI − α log c, where c is what is expected of
 * the cost, and α how much it matters: all at first, nothing once the budget is
 * spent, so that the last trials go where most is gained.
 *
 * Source: improvement per second, Snoek, Larochelle and Adams, Practical Bayesian
 * optimization of machine learning algorithms (2012), section 3.2; α from Lee,
 * Perrone, Archambeau and Seeger, Cost-aware Bayesian optimization (2020).
 */

import type { StudyView } from "../records/mod.ts";
import { type CostSurrogate, fitCost, spentOf } from "../surrogates/mod.ts";
import type { Acquisition } from "./_gp_search.ts";

/** What is known of the costs, and how much they matter now. */
export interface Price extends CostSurrogate {
  /** α, in `[0, 1]`. */
  readonly exponent: number;
}

/** What trials cost; null where it does not matter: nobody asked, costs do not vary, or the budget is spent. */
export function priceOf(
  study: StudyView,
  { cost, costBudget, maxTrials }: {
    readonly cost?: string;
    readonly costBudget?: number;
    readonly maxTrials?: number;
  },
): Price | null {
  if (cost === undefined) return null;
  const exponent = costBudget === undefined
    ? 1
    : Math.max(0, 1 - spentOf(study, cost) / costBudget);
  if (exponent === 0) return null;
  const surrogate = fitCost(study, cost, { maxTrials });
  return surrogate === null ? null : { ...surrogate, exponent };
}

/** A logarithmic acquisition function, less the logarithm of the cost. */
export function perCost(
  { score, screen, ascend }: Acquisition,
  { process, scale, exponent }: Price,
): Acquisition {
  const weight = exponent * scale;
  const less = (worth: Float64Array, points: Float64Array) => {
    const mean = process.predictMean(points);
    return worth.map((value, i) => value - weight * mean[i]!);
  };
  return {
    score: (points) => less(score(points), points),
    ...screen === undefined
      ? {}
      : { screen: (points) => less(screen(points), points) },
    ...ascend === undefined ? {} : {
      ascend(point) {
        const { value, gradient } = ascend(point);
        const { mean, meanGradient } = process.predictGradient(point);
        return {
          value: value - weight * mean,
          gradient: gradient.map((slope, j) =>
            slope - weight * meanGradient[j]!
          ),
        };
      },
    },
  };
}
