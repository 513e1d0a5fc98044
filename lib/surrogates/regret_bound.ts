/**
 * How much better than the best so far a value can still be, as a Gaussian
 * process sees it: a bound on the regret that holds with high probability.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X, y | `inputs`, `values` | `[n, d]`, `[n]` | the better half of the trials; smaller is better |
 * | β | `beta` | | how many variances the bounds are apart from the mean |
 * | δ | `delta` | | the probability that the bound does not hold |
 *
 * (1) r = min over X of (m(x) + √β s(x)) − min over the space of (m(x) − √β s(x))
 *
 * (2) β = 2 log(d n² π² / (6 δ)) / 5
 *
 * The minimum over the space is that over places given, and X.
 *
 * Source: Makarova et al., Automatic Termination for Hyperparameter
 * Optimization (2022), equations 2 and 3; the fifth from Srinivas et al. (2010);
 * the better half as in Optuna's `RegretBoundEvaluator`.
 *
 * @module
 */

import {
  fitHyperparameters,
  type FittedHyperparameters,
  noisyStart,
} from "./fit_gaussian_process.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import type { GaussianProcessInputs } from "./matern.ts";

/** Options of {@linkcode regretBound}. */
export interface RegretBoundOptions {
  /** The probability that the bound does not hold, in `(0, 1)`. Defaults to `0.1`. */
  readonly delta?: number;
  /** Hyperparameters to begin the fit from, e.g. those of fewer trials. Defaults to the priors' centers. */
  readonly start?: FittedHyperparameters;
}

/** What {@linkcode regretBound} gives. */
export interface RegretBound {
  /** How much smaller than the best value the smallest can be, in the values' units; at least 0. */
  readonly bound: number;
  /** The standard deviation of the noise, in the values' units. */
  readonly noiseSd: number;
  /** The hyperparameters fitted, for values of mean 0 and sd 1. */
  readonly hyperparameters: FittedHyperparameters;
}

/**
 * A bound on the regret of the best of some trials, equation (1).
 *
 * @param data The better half of the trials, as {@linkcode Features.encode} gives
 * them, and their values, finite; smaller is better.
 * @param places Places all over the space, `[m, d]`, row after row.
 * @param options The probability, and where the fit begins.
 *
 * @example
 * ```ts
 * import { regretBound } from "@etude/etude";
 * const inputs = Float64Array.from({ length: 12 }, (_, i) => i / 11);
 * const values = inputs.map((x) => (x - 0.4) ** 2);
 * regretBound({ inputs, values, dimension: 1, numeric: 1 }, inputs).bound < 0.05; // true
 * ```
 */
export function regretBound(
  data: GaussianProcessInputs & { readonly values: Float64Array },
  places: Float64Array,
  options: RegretBoundOptions = {},
): RegretBound {
  const { delta = 0.1, start } = options;
  const { values, dimension } = data;
  const n = values.length;
  const middle = values.reduce((sum, value) => sum + value / n, 0);
  const sd = Math.max(
    1e-10,
    Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2 / n, 0)),
  );
  const standard = {
    ...data,
    values: values.map((value) => (value - middle) / sd),
  };
  const hyperparameters = fitHyperparameters(
    standard,
    start === undefined
      ? {}
      : { starts: [start, noisyStart(dimension)], maxEvaluations: 15 },
  );
  const process = new GaussianProcess(standard, hyperparameters);
  const beta = 2 / 5 *
    Math.log(dimension * n ** 2 * Math.PI ** 2 / (6 * delta));
  const root = Math.sqrt(beta);
  const known = process.predict(data.inputs);
  const free = process.predict(places);
  let [upper, lower] = [Infinity, Infinity];
  known.mean.forEach((mean, i) => {
    upper = Math.min(upper, mean + root * known.sd[i]!);
    lower = Math.min(lower, mean - root * known.sd[i]!);
  });
  free.mean.forEach((mean, i) => {
    lower = Math.min(lower, mean - root * free.sd[i]!);
  });
  return {
    bound: (upper - lower) * sd,
    noiseSd: Math.sqrt(hyperparameters.noise) * sd,
    hyperparameters,
  };
}
