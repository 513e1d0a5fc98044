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
}

const root5 = Math.sqrt(5);

/** w of equation (1). */
export function weightsOf(lengthscales: ArrayLike<number>): Float64Array {
  const weights = new Float64Array(lengthscales.length);
  for (let j = 0; j < weights.length; j++) weights[j] = lengthscales[j]! ** -2;
  return weights;
}

/** r² of equation (1), between a row of `x` at `p` and a row of `y` at `q`. */
export function squaredDistance(
  x: Float64Array,
  p: number,
  y: Float64Array,
  q: number,
  weights: Float64Array,
  numeric: number,
): number {
  let square = 0;
  for (let j = 0; j < numeric; j++) {
    const difference = x[p + j]! - y[q + j]!;
    square += weights[j]! * difference * difference;
  }
  for (let j = numeric; j < weights.length; j++) {
    if (x[p + j] !== y[q + j]) square += weights[j]!;
  }
  return square;
}

/**
 * The covariances of points with themselves, without noise: equation (2).
 *
 * @param data The points.
 * @param slopes If given, `[n, n]`: g of equation (3) is written below its diagonal.
 * @returns `[n, n]`, only the lower triangle filled.
 */
export function selfCovariance(
  data: GaussianProcessInputs,
  hyperparameters: GaussianProcessHyperparameters,
  slopes?: Float64Array,
): Float64Array {
  const { inputs, dimension: d, numeric } = data;
  const weights = weightsOf(hyperparameters.lengthscales);
  const scale = hyperparameters.outputScale;
  const n = inputs.length / d;
  const matrix = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      const square = squaredDistance(
        inputs,
        a * d,
        inputs,
        b * d,
        weights,
        numeric,
      );
      const far = root5 * Math.sqrt(square);
      const decay = scale * Math.exp(-far);
      matrix[a * n + b] = (1 + far + 5 / 3 * square) * decay;
      if (slopes !== undefined) slopes[a * n + b] = 5 / 3 * (1 + far) * decay;
    }
    matrix[a * n + a] = scale;
  }
  return matrix;
}

/**
 * The covariances between points and others: equation (2).
 *
 * @param data The others, `[n, d]`.
 * @param points The points, `[m, d]`, row after row.
 * @returns `[m, n]`.
 */
export function crossCovariance(
  data: GaussianProcessInputs,
  points: Float64Array,
  hyperparameters: GaussianProcessHyperparameters,
): Float64Array {
  const { inputs, dimension: d, numeric } = data;
  const weights = weightsOf(hyperparameters.lengthscales);
  const scale = hyperparameters.outputScale;
  const n = inputs.length / d;
  const m = points.length / d;
  const matrix = new Float64Array(m * n);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < n; b++) {
      const square = squaredDistance(
        points,
        a * d,
        inputs,
        b * d,
        weights,
        numeric,
      );
      const far = root5 * Math.sqrt(square);
      // The products in selfCovariance's order: equal to the last bit.
      matrix[a * n + b] = (1 + far + 5 / 3 * square) *
        (scale * Math.exp(-far));
    }
  }
  return matrix;
}

/** g of equation (3) from r² of equation (1). */
export function kernelSlope(square: number, outputScale: number): number {
  const far = root5 * Math.sqrt(square);
  return 5 / 3 * outputScale * (1 + far) * Math.exp(-far);
}
