/**
 * The Matérn-5/2 kernel over numbers and categories, a lengthscale a column.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X, X' | `inputs` | `[n, d]` | points, row after row |
 * | | `numeric` | | how many columns, the first ones, are numbers; the others are codes of categories |
 * | ℓ | `lengthscales` | `[d]` | above 0, in units of the column |
 * | w | `weights` | `[d]` | 1 / ℓ² |
 * | s² | `outputScale` | | the variance of the function |
 * | r² | `square` | | the scaled squared distance |
 * | k | | | the covariance |
 *
 * (1) r² = Σ wⱼ (xⱼ − x'ⱼ)² over numbers + Σ wⱼ [xⱼ ≠ x'ⱼ] over categories
 *
 * (2) k = s² (1 + √5 r + 5 r² / 3) e^(−√5 r)
 *
 * (3) ∂k / ∂log ℓⱼ = g wⱼ δⱼ², where g = s² (5/3) (1 + √5 r) e^(−√5 r), and
 *     ∂k / ∂xⱼ = −g wⱼ (xⱼ − x'ⱼ)
 *
 * Categories that differ are as far apart as numbers one unit apart, all pairs
 * alike: they are the corners of a simplex, so that r is a distance in Euclidean
 * space and k a covariance. The lengthscale is the learned overlap.
 *
 * Source: Rasmussen and Williams (2006), equation 4.17, and 5.1 for a
 * lengthscale a column; categories as in Hutter (2009), the weighted Hamming
 * distance.
 *
 * @module
 */

import { branchRow } from "./_branch_kernel.ts";
import type { Branches } from "./branches.ts";

/** A Gaussian process's hyperparameters. */
export interface GaussianProcessHyperparameters {
  /** The lengthscale ℓ of each column, `[d]`, above 0. Long: the column matters little. */
  readonly lengthscales: ArrayLike<number>;
  /** The variance s² of the function, above 0, in units of the values squared. */
  readonly outputScale: number;
  /** The variance σ² of the noise, at least 0, in the same units. */
  readonly noise: number;
}

/** Points as a Gaussian process takes them. */
export interface GaussianProcessInputs {
  /** The points, `[n, d]`, row after row. No NaN. */
  readonly inputs: Float64Array;
  /** The number of columns d, at least 1. */
  readonly dimension: number;
  /** How many columns are numbers, the first ones; the others are codes of categories. */
  readonly numeric: number;
  /** The branches of a conditional space, whose kernel is another. Defaults to none. */
  readonly branches?: Branches;
}

const root5 = Math.sqrt(5);

/**
 * w of equation (1).
 *
 * @example
 * ```ts
 * import { weightsOf } from "@etude/etude";
 * weightsOf([0.5, 2]); // [4, 0.25]
 * ```
 */
export function weightsOf(lengthscales: ArrayLike<number>): Float64Array {
  const weights = new Float64Array(lengthscales.length);
  for (let j = 0; j < weights.length; j++) weights[j] = lengthscales[j]! ** -2;
  return weights;
}

/**
 * Points column after column, as distances are summed fastest.
 *
 * @param inputs `[n, d]`.
 * @returns `[d, n]`.
 *
 * @example
 * ```ts
 * import { columnsOf } from "@etude/etude";
 * columnsOf(Float64Array.of(1, 2, 3, 4), 2); // [1, 3, 2, 4]
 * ```
 */
export function columnsOf(
  inputs: Float64Array,
  dimension: number,
): Float64Array {
  const n = inputs.length / dimension;
  const columns = new Float64Array(inputs.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < dimension; j++) {
      columns[j * n + i] = inputs[i * dimension + j]!;
    }
  }
  return columns;
}

/** Points column after column, and the weights of the columns. */
export interface WeightedColumns {
  /** `[d, n]`. */
  readonly columns: Float64Array;
  /** w, `[d]`. */
  readonly weights: Float64Array;
  /** How many columns are numbers, the first ones. */
  readonly numeric: number;
}

/**
 * r² of equation (1) between a point and the first of others.
 *
 * @param points The point stands from `p` on, `[d]`.
 * @param out Written from `at` on.
 * @param count How many of the others.
 *
 * @example
 * ```ts
 * import { squaredDistances } from "@etude/etude";
 * const out = new Float64Array(2);
 * squaredDistances(Float64Array.of(0), 0, { columns: Float64Array.of(1, 2), weights: Float64Array.of(1), numeric: 1 }, { out, at: 0, count: 2 });
 * out; // [1, 4]
 * ```
 */
export function squaredDistances(
  points: Float64Array,
  p: number,
  { columns, weights, numeric }: WeightedColumns,
  { out, at, count }: {
    readonly out: Float64Array;
    readonly at: number;
    readonly count: number;
  },
): void {
  const d = weights.length;
  const n = columns.length / d;
  for (let i = at; i < at + count; i++) out[i] = 0;
  for (let j = 0; j < d; j++) {
    const x = points[p + j]!;
    const weight = weights[j]!;
    const shift = j * n - at;
    if (j < numeric) {
      for (let i = at; i < at + count; i++) {
        const difference = x - columns[shift + i]!;
        out[i]! += weight * difference * difference;
      }
    } else {
      for (let i = at; i < at + count; i++) {
        if (x !== columns[shift + i]!) out[i]! += weight;
      }
    }
  }
}

/** e^(−i) for whole numbers as far as there is any, and e^(−j / 64) between them. */
const wholes = Float64Array.from({ length: 746 }, (_, i) => Math.exp(-i));
const parts = Float64Array.from({ length: 64 }, (_, j) => Math.exp(-j / 64));

/**
 * e^(−x) for x ≥ 0, to about 4 units in the last place, twice as quick as
 * `Math.exp`: a table to 1/64, then Taylor's series of what is left, at most 1/128.
 */
function decayOf(x: number): number {
  if (x >= 745) return 0;
  const nearest = (64 * x + 0.5) | 0;
  const r = nearest / 64 - x;
  return wholes[nearest >> 6]! * parts[nearest & 63]! *
    (1 + r * (1 + r * (1 / 2 +
              r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))));
}

/** Turns r² into k of equation (2), in place; if slopes are asked for, g of equation (3) stands there. */
function kernels(
  squares: Float64Array,
  from: number,
  to: number,
  outputScale: number,
  slopes?: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const square = squares[i]!;
    const far = root5 * Math.sqrt(square);
    const decay = outputScale * decayOf(far);
    squares[i] = (1 + far + 5 / 3 * square) * decay;
    if (slopes !== undefined) slopes[i] = 5 / 3 * (1 + far) * decay;
  }
}

/** What {@linkcode selfCovariance} may be given. */
export interface SelfCovarianceOptions {
  /** `[n, n]`: the covariances are written here. Defaults to a new array. */
  readonly out?: Float64Array;
  /** `[n, n]`: g of equation (3) is written below its diagonal. */
  readonly slopes?: Float64Array;
  /** The points column after column. Defaults to making them. */
  readonly columns?: Float64Array;
}

/**
 * The covariances of points with themselves, without noise: equation (2).
 *
 * @param data The points.
 * @returns `[n, n]`, only the lower triangle filled.
 *
 * @example
 * ```ts
 * import { selfCovariance } from "@etude/etude";
 * const hyperparameters = { lengthscales: Float64Array.of(1), outputScale: 2, noise: 0 };
 * selfCovariance({ inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1 }, hyperparameters)[0]; // 2
 * ```
 */
export function selfCovariance(
  data: GaussianProcessInputs,
  hyperparameters: GaussianProcessHyperparameters,
  options: SelfCovarianceOptions = {},
): Float64Array {
  const { inputs, dimension: d, numeric } = data;
  const { outputScale } = hyperparameters;
  const n = inputs.length / d;
  const {
    out = new Float64Array(n * n),
    slopes,
    columns = columnsOf(inputs, d),
  } = options;
  const weights = weightsOf(hyperparameters.lengthscales);
  if (data.branches !== undefined) {
    const { branches } = data;
    const setting = { columns, weights, numeric, outputScale, branches };
    for (let a = 0; a < n; a++) {
      branchRow(inputs, a * d, setting, { out, at: a * n, count: a });
      out[a * n + a] = outputScale;
    }
    return out;
  }
  for (let a = 0; a < n; a++) {
    const at = a * n;
    squaredDistances(inputs, a * d, { columns, weights, numeric }, {
      out,
      at,
      count: a,
    });
    kernels(out, at, at + a, outputScale, slopes);
    out[at + a] = outputScale;
  }
  return out;
}

/** What {@linkcode crossCovariance} may be given. */
export interface CrossCovarianceOptions {
  /**
   * `[m, n]`: g of equation (3) is written here. Of a conditional space there can
   * be one point only, and it is `[1 + branches, n]`: k g of the columns that are
   * shared, then of each branch.
   */
  readonly slopes?: Float64Array;
  /** The others column after column. Defaults to making them. */
  readonly columns?: Float64Array;
}

/**
 * The covariances between points and others: equation (2).
 *
 * @param data The others, `[n, d]`.
 * @param points The points, `[m, d]`, row after row.
 * @returns `[m, n]`.
 *
 * @example
 * ```ts
 * import { crossCovariance } from "@etude/etude";
 * const hyperparameters = { lengthscales: Float64Array.of(1), outputScale: 2, noise: 0 };
 * crossCovariance({ inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1 }, Float64Array.of(0), hyperparameters)[0]; // 2: the same point
 * ```
 */
export function crossCovariance(
  data: GaussianProcessInputs,
  points: Float64Array,
  hyperparameters: GaussianProcessHyperparameters,
  options: CrossCovarianceOptions = {},
): Float64Array {
  const { inputs, dimension: d, numeric } = data;
  const { slopes, columns = columnsOf(inputs, d) } = options;
  const weights = weightsOf(hyperparameters.lengthscales);
  const n = inputs.length / d;
  const m = points.length / d;
  const out = new Float64Array(m * n);
  if (data.branches !== undefined) {
    const { branches } = data;
    const { outputScale } = hyperparameters;
    const setting = { columns, weights, numeric, outputScale, branches };
    for (let a = 0; a < m; a++) {
      branchRow(points, a * d, setting, { out, at: a * n, count: n, slopes });
    }
    return out;
  }
  for (let a = 0; a < m; a++) {
    squaredDistances(points, a * d, { columns, weights, numeric }, {
      out,
      at: a * n,
      count: n,
    });
  }
  kernels(out, 0, m * n, hyperparameters.outputScale, slopes);
  return out;
}
