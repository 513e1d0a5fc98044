/**
 * Hyperparameters of a Gaussian process from its data: the most probable ones.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | θ | `logs` | `[d + 2]` | log ℓ₁ … log ℓ_d, log s², log σ² |
 *
 * The most probable θ, MAP, has the largest log p(y | θ) + Σ log N(θᵢ; center,
 * width). The priors are for values of mean 0 and standard deviation 1, and
 * points in the unit cube:
 *
 * - log ℓ ~ N(log(½ √d), 1): the lengthscale grows with the root of the
 *   dimension, as distances do, so that many dimensions are not taken for rough; in
 *   conditional spaces d is the number of parameters that are active together, and
 *   log ℓ of the switch of a branch ~ N(log 1.5, 1). Of many columns it is expected
 *   to be alike in all but a few: _length_prior.ts;
 * - log s² ~ N(0, 0.7);
 * - log σ² ~ N(log 1e-4, 3): little noise, unless the data say otherwise.
 *
 * Source: the growth with √d from Hvarfner, Hellsten and Nardi, Vanilla Bayesian
 * optimization performs great in high dimensions (2024); the numbers from our own
 * prototype.
 *
 * @module
 */

import { lbfgs } from "../math/mod.ts";
import { type LengthPrior, logLengthPrior } from "./_length_prior.ts";
import type { Branches } from "./branches.ts";
import {
  fromLogs,
  type GaussianProcessData,
  logLikelihoodOf,
  logMarginalLikelihood,
  toLogs,
} from "./marginal_likelihood.ts";
import type { GaussianProcessHyperparameters } from "./matern.ts";

/** Which priors. */
export interface PriorOptions {
  /**
   * Whether the lengthscales are expected to be much the same, but for a few: for
   * many columns. Defaults to `false`.
   */
  readonly alike?: boolean;
}

/** Options of {@linkcode fitHyperparameters}. */
export interface FitHyperparametersOptions extends PriorOptions {
  /** Where to begin, each in turn. Defaults to the priors' center, half its lengthscales, and {@linkcode noisyStart}. */
  readonly starts?: readonly GaussianProcessHyperparameters[];
  /** The most evaluations of the likelihood from each start. Defaults to `40`. */
  readonly maxEvaluations?: number;
}

/** What {@linkcode fitHyperparameters} found. */
export interface FittedHyperparameters extends GaussianProcessHyperparameters {
  /** The lengthscales, `[d]`. */
  readonly lengthscales: Float64Array;
  /** The log posterior density, up to a constant. */
  readonly logPosterior: number;
}

/** ρ = e^(−1 / 2 ℓ²) of a branch's switch is expected at about 0.8. */
const switchCenter = 1.5;
const scaleWidth = 0.7;
const noiseCenter = Math.log(1e-4);
const noiseWidth = 3;

/** The columns that priors are for. */
export interface PriorColumns {
  /** The number of columns d. */
  readonly dimension: number;
  /** The branches of a conditional space. Defaults to none. */
  readonly branches?: Branches;
}

/**
 * The center of the priors for d columns.
 *
 * @example
 * ```ts
 * import { priorCenter } from "@etude/etude";
 * priorCenter(2).lengthscales.length; // 2
 * ```
 */
export function priorCenter(
  columns: number | PriorColumns,
): GaussianProcessHyperparameters {
  return Object.freeze({
    lengthscales: lengthCenters(
      typeof columns === "number" ? { dimension: columns } : columns,
    ),
    outputScale: 1,
    noise: Math.exp(noiseCenter),
  });
}

/** Where log ℓ is expected: the more parameters there are together, the longer. */
function lengthCenters({ dimension, branches }: PriorColumns): Float64Array {
  const centers = new Float64Array(dimension).fill(0.5 * Math.sqrt(dimension));
  if (branches === undefined) return centers;
  branches.company.forEach((count, column) =>
    centers[column] = 0.5 * Math.sqrt(count)
  );
  for (const { switch: column } of branches.parts) {
    centers[column] = switchCenter;
  }
  return centers;
}

/**
 * The log posterior density of θ, up to a constant: likelihood and priors.
 *
 * @param logs θ, `[d + 2]`.
 * @param gradient If given, `[d + 2]`: the slopes are written there.
 * @param options Which priors.
 *
 * @example
 * ```ts
 * import { logPosterior, priorCenter, toLogs } from "@etude/etude";
 * const data = { inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1, values: Float64Array.of(-1, 1) };
 * const gradient = new Float64Array(3);
 * logPosterior(data, toLogs(priorCenter(1)), gradient) < 0; // true, and the slopes are written
 * ```
 */
export function logPosterior(
  data: GaussianProcessData,
  logs: Float64Array,
  gradient?: Float64Array,
  { alike = false }: PriorOptions = {},
): number {
  const value = logMarginalLikelihood(data, logs, gradient);
  return value + logPrior(lengthPrior(data, alike), logs, gradient);
}

/** The log density of the priors, up to a constant; its slopes are added to the gradient. */
function logPrior(
  lengths: LengthPrior,
  logs: Float64Array,
  gradient?: Float64Array,
): number {
  const d = lengths.centers.length;
  let value = logLengthPrior(logs, lengths, gradient);
  for (
    const [i, middle, width] of [
      [d, 0, scaleWidth],
      [d + 1, noiseCenter, noiseWidth],
    ] as const
  ) {
    const z = (logs[i]! - middle) / width;
    value -= z * z / 2;
    if (gradient !== undefined) gradient[i]! -= z / width;
  }
  return value;
}

function lengthPrior(columns: PriorColumns, alike: boolean): LengthPrior {
  return { centers: lengthCenters(columns).map(Math.log), alike };
}

/**
 * The most probable hyperparameters, by L-BFGS from several starts, within
 * wide bounds: ℓ in `[0.005, 500]`, s² in `[0.01, 100]`, σ² in `[1e-7, 2]`. It
 * draws no random numbers: equal data give equal answers.
 *
 * @param data Points and values, the values of mean 0 and standard deviation 1
 * or nearly so.
 *
 * @example
 * ```ts
 * import { fitHyperparameters } from "@etude/etude";
 * const inputs = Float64Array.from({ length: 12 }, (_, i) => i / 11);
 * const values = inputs.map((x) => 1.5 * Math.sin(6 * x));
 * fitHyperparameters({ inputs, values, dimension: 1, numeric: 1 }).lengthscales[0]; // about 0.5
 * ```
 */
export function fitHyperparameters(
  data: GaussianProcessData,
  options: FitHyperparametersOptions = {},
): FittedHyperparameters {
  const d = data.dimension;
  const { maxEvaluations = 40, starts = defaultStarts(data), alike = false } =
    options;
  const lengths = lengthPrior(data, alike);
  const bounds = (length: number, scale: number, noise: number) =>
    Float64Array.from(
      { length: d + 2 },
      (_, i) => Math.log(i < d ? length : i === d ? scale : noise),
    );
  const lower = bounds(0.005, 0.01, 1e-7);
  const upper = bounds(500, 100, 2);
  const logLikelihood = logLikelihoodOf(data);
  const objective = (logs: Float64Array, gradient: Float64Array) => {
    const value = -logLikelihood(logs, gradient) -
      logPrior(lengths, logs, gradient);
    for (let i = 0; i < d + 2; i++) gradient[i] = -gradient[i]!;
    return value;
  };
  let best: { point: Float64Array; value: number } | null = null;
  for (const start of starts) {
    const found = lbfgs(objective, toLogs(start), {
      lower,
      upper,
      maxEvaluations,
      gradientTolerance: 1e-2,
      valueTolerance: 1e-4,
    });
    if (best === null || found.value < best.value) best = found;
  }
  const { lengthscales, ...rest } = fromLogs(best!.point);
  return Object.freeze({
    ...rest,
    lengthscales: Float64Array.from(lengthscales),
    logPosterior: -best!.value,
  });
}

/** One without noise, one with short lengthscales, and one that takes much for noise. */
function defaultStarts(
  columns: PriorColumns,
): GaussianProcessHyperparameters[] {
  const center = priorCenter(columns);
  const half = Float64Array.from(center.lengthscales, (l) => l / 2);
  return [center, { ...center, lengthscales: half }, noisyStart(columns)];
}

/**
 * The center of the priors, but with a tenth of the variance as noise.
 *
 * @example
 * ```ts
 * import { noisyStart } from "@etude/etude";
 * noisyStart(2).noise; // 0.1
 * ```
 */
export function noisyStart(
  columns: number | PriorColumns,
): GaussianProcessHyperparameters {
  return Object.freeze({ ...priorCenter(columns), noise: 0.1 });
}
