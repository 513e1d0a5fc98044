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
import type { AcquisitionName } from "./_gp_acquisition.ts";
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

/** What a point is expected to cost: the median. */
export function costAt(
  { process, center, scale }: Price,
  point: Float64Array,
): number {
  return Math.exp(center + scale * process.predictMean(point)[0]!);
}

/** What {@linkcode checkCost} looks at. */
export interface CostOptions {
  readonly cost?: string;
  readonly costBudget?: number;
  readonly acquisition?: AcquisitionName;
}

/** Throws where costs cannot be weighed so. */
export function checkCost(
  { cost, costBudget, acquisition }: CostOptions,
): void {
  const cannot = "Cannot make the Gaussian process sampler:";
  if (cost === undefined) {
    if (costBudget === undefined) return;
    throw new RangeError(
      `${cannot} it has a costBudget and no cost; say cost: "seconds", or the name of what is measured`,
    );
  }
  if (typeof cost !== "string" || cost === "") {
    throw new TypeError(
      `${cannot} cost is ${
        JSON.stringify(cost) ?? String(cost)
      }, expected "seconds" or the name of what is measured`,
    );
  }
  if (
    costBudget !== undefined && !(costBudget > 0 && costBudget < Infinity)
  ) {
    throw new RangeError(
      `${cannot} costBudget is ${
        String(costBudget)
      }, expected a number above 0`,
    );
  }
  if (acquisition === "UCB" || acquisition === "Thompson") {
    throw new RangeError(
      `${cannot} ${acquisition} cannot be weighed by a cost; take "logEI" or "PI"`,
    );
  }
}
