/**
 * How likely values are under a Gaussian process, and the slopes of that.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `values` | `[n]` | the values |
 * | μ | `mean` | | the constant mean |
 * | K | | `[n, n]` | covariances with the noise: k(X, X) + σ² I, and e on the diagonal where values have more |
 * | e | `extraNoise` | `[n]` | the variance of noise beyond σ² |
 * | α | `alpha` | `[n]` | K⁻¹ (y − μ) |
 * | θ | `logs` | `[d + 2]` | log ℓ₁ … log ℓ_d, log s², log σ² |
 *
 * (1) log p = −½ (y − μ)ᵀ α − ½ log |K| − (n/2) log 2π
 *
 * (2) ∂log p / ∂θᵢ = ½ tr((α αᵀ − K⁻¹) ∂K/∂θᵢ)
 *
 * (3) μ = 1ᵀ K⁻¹ y / 1ᵀ K⁻¹ 1, the most likely mean; at it, equation (2) holds as
 *     it stands, since log p does not change with μ.
 *
 * Source: Rasmussen and Williams (2006), equations 2.30, 5.8, 5.9.
 *
 * @module
 */

import {
  cholesky,
  choleskyInverse,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from "../math/mod.ts";
import { branchSlopes } from "./_branch_kernel.ts";
import {
  columnsOf,
  type GaussianProcessHyperparameters,
  type GaussianProcessInputs,
  selfCovariance,
  weightsOf,
} from "./matern.ts";

/** Points and their values. */
export interface GaussianProcessData extends GaussianProcessInputs {
  /** The values y, `[n]`, finite. */
  readonly values: Float64Array;
  /** The constant mean μ. Defaults to the most likely one. */
  readonly mean?: number;
  /** The variance of noise that each value has beyond σ², `[n]`, at least 0. Defaults to 0. */
  readonly extraNoise?: Float64Array;
}

/**
 * θ as hyperparameters.
 *
 * @example
 * ```ts
 * import { fromLogs } from "@etude/etude";
 * fromLogs(Float64Array.of(0, 0, -5)).noise; // e⁻⁵
 * ```
 */
export function fromLogs(logs: Float64Array): GaussianProcessHyperparameters {
  const d = logs.length - 2;
  return Object.freeze({
    lengthscales: logs.subarray(0, d).map(Math.exp),
    outputScale: Math.exp(logs[d]!),
    noise: Math.exp(logs[d + 1]!),
  });
}

/**
 * Hyperparameters as θ.
 *
 * @example
 * ```ts
 * import { toLogs } from "@etude/etude";
 * toLogs({ lengthscales: Float64Array.of(1), outputScale: 1, noise: 1 }); // [0, 0, 0]
 * ```
 */
export function toLogs(
  { lengthscales, outputScale, noise }: GaussianProcessHyperparameters,
): Float64Array {
  return Float64Array.of(
    ...Array.from(lengthscales, Math.log),
    Math.log(outputScale),
    Math.log(noise),
  );
}

/** What {@linkcode weigh} finds. */
export interface WeighedValues {
  /** μ, given or of equation (3). */
  readonly mean: number;
  /** α, `[n]`. */
  readonly alpha: Float64Array;
  /** (y − μ)ᵀ α. */
  readonly fit: number;
}

/**
 * μ and α from the factor of K.
 *
 * @example
 * ```ts
 * import { weigh } from "@etude/etude";
 * // K is the identity, and so is its factor.
 * weigh(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 3)); // { mean: 2, alpha: [-1, 1], fit: 2 }
 * ```
 */
export function weigh(
  lower: Float64Array,
  values: Float64Array,
  mean?: number,
): WeighedValues {
  const n = values.length;
  let center = mean;
  if (center === undefined) {
    const both = new Float64Array(2 * n).fill(1);
    both.set(values);
    solveLower(lower, both);
    let above = 0;
    let below = 0;
    for (let i = 0; i < n; i++) {
      above += both[i]! * both[n + i]!;
      below += both[n + i]! * both[n + i]!;
    }
    center = below > 0 ? above / below : 0;
  }
  const alpha = values.map((value) => value - center);
  solveLower(lower, alpha);
  let fit = 0;
  for (let i = 0; i < n; i++) fit += alpha[i]! * alpha[i]!;
  solveLowerTransposed(lower, alpha);
  return { mean: center, alpha, fit };
}

/** log p of equation (1) as a function of θ, for data that stay. */
export type LogLikelihood = (
  logs: Float64Array,
  gradient?: Float64Array,
) => number;

/**
 * log p of equation (1).
 *
 * @param logs θ, `[d + 2]`.
 * @param gradient If given, `[d + 2]`: equation (2) is written there.
 * @returns −Infinity if K is not positive definite; the gradient is then left alone.
 *
 * @example
 * ```ts
 * import { logMarginalLikelihood } from "@etude/etude";
 * const data = { inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1, values: Float64Array.of(-1, 1) };
 * logMarginalLikelihood(data, Float64Array.of(0, 0, -5)); // -3.758…
 * ```
 */
export function logMarginalLikelihood(
  data: GaussianProcessData,
  logs: Float64Array,
  gradient?: Float64Array,
): number {
  return logLikelihoodOf(data)(logs, gradient);
}

/**
 * {@linkcode logMarginalLikelihood} for many θ: what it works with is set out
 * once.
 *
 * @example
 * ```ts
 * import { logLikelihoodOf } from "@etude/etude";
 * const data = { inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1, values: Float64Array.of(-1, 1) };
 * const likelihood = logLikelihoodOf(data);
 * likelihood(Float64Array.of(0, 0, -5)); // -3.758…
 * ```
 */
export function logLikelihoodOf(data: GaussianProcessData): LogLikelihood {
  const { values, inputs, dimension, extraNoise } = data;
  const n = values.length;
  const columns = columnsOf(inputs, dimension);
  const matrix = new Float64Array(n * n);
  const slopes = new Float64Array(n * n);
  const lower = new Float64Array(n * n);
  const work = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  return (logs, gradient) => {
    const hyperparameters = fromLogs(logs);
    const { noise } = hyperparameters;
    selfCovariance(data, hyperparameters, { out: matrix, slopes, columns });
    lower.set(matrix);
    for (let i = 0; i < n; i++) {
      lower[i * n + i]! += noise + (extraNoise?.[i] ?? 0);
    }
    if (!cholesky(lower, n)) return -Infinity;
    const { alpha, fit } = weigh(lower, values, data.mean);
    if (gradient !== undefined) {
      choleskyInverse(lower, { out: inverse, work });
      slope({ data, hyperparameters, columns, gradient }, {
        matrix,
        slopes,
        alpha,
        inverse,
      });
    }
    return -0.5 * (fit + logDeterminant(lower) + n * Math.log(2 * Math.PI));
  };
}

/** Writes equation (2); the slopes g are overwritten. */
function slope(
  { data, hyperparameters, columns, gradient }: {
    data: GaussianProcessData;
    hyperparameters: GaussianProcessHyperparameters;
    columns: Float64Array;
    gradient: Float64Array;
  },
  { matrix, slopes, alpha, inverse }: {
    matrix: Float64Array;
    slopes: Float64Array;
    alpha: Float64Array;
    inverse: Float64Array;
  },
): void {
  const { dimension: d, numeric, branches } = data;
  const { lengthscales, outputScale, noise } = hyperparameters;
  const n = alpha.length;
  const weights = weightsOf(lengthscales);
  const sums = new Float64Array(d);
  let byScale = 0;
  let byNoise = 0;
  for (let a = 0; a < n; a++) {
    const own = alpha[a]!;
    const row = a * n;
    for (let b = 0; b < a; b++) {
      const pull = own * alpha[b]! - inverse[row + b]!;
      byScale += pull * matrix[row + b]!;
      if (branches === undefined) slopes[row + b]! *= pull;
      else slopes[row + b] = pull * matrix[row + b]!;
    }
    const pull = 0.5 * (own * own - inverse[row + a]!);
    byScale += pull * outputScale;
    byNoise += pull * noise;
    for (let j = 0; j < d && branches === undefined; j++) {
      sums[j]! += j < numeric
        ? weighedSquares(columns, j * n, a, slopes, row)
        : weighedOthers(columns, j * n, a, slopes, row);
    }
  }
  if (branches === undefined) {
    for (let j = 0; j < d; j++) gradient[j] = sums[j]! * weights[j]!;
  } else {
    const setting = { columns, weights, numeric, outputScale, branches };
    gradient.set(branchSlopes(data.inputs, setting, slopes));
  }
  gradient[d] = byScale;
  gradient[d + 1] = byNoise;
}

/** Σ over b < a of weight times the squared difference in a column, in four sums at once. */
function weighedSquares(
  columns: Float64Array,
  start: number,
  a: number,
  weights: Float64Array,
  row: number,
): number {
  const x = columns[start + a]!;
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  let b = 0;
  for (; b + 3 < a; b += 4) {
    const d0 = x - columns[start + b]!, d1 = x - columns[start + b + 1]!;
    const d2 = x - columns[start + b + 2]!, d3 = x - columns[start + b + 3]!;
    s0 += weights[row + b]! * d0 * d0, s1 += weights[row + b + 1]! * d1 * d1;
    s2 += weights[row + b + 2]! * d2 * d2;
    s3 += weights[row + b + 3]! * d3 * d3;
  }
  for (; b < a; b++) {
    const difference = x - columns[start + b]!;
    s0 += weights[row + b]! * difference * difference;
  }
  return s0 + s1 + s2 + s3;
}

/** Σ over b < a of the weights of those with another category. */
function weighedOthers(
  columns: Float64Array,
  start: number,
  a: number,
  weights: Float64Array,
  row: number,
): number {
  const x = columns[start + a]!;
  let sum = 0;
  for (let b = 0; b < a; b++) {
    if (x !== columns[start + b]!) sum += weights[row + b]!;
  }
  return sum;
}
