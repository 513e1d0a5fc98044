/**
 * A Gaussian process of a utility that nobody can say in numbers: all that is
 * known is which of two points is better. More utility is better.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `inputs` | `[n, d]` | the points that were compared |
 * | (b, w) | `pairs` | `[p, 2]` | the better and the worse of each comparison, rows of X |
 * | f | | `[n]` | the utilities; mean 0, covariances K = L Lᵀ |
 * | v | `mode` | `[n]` | f = L v: v is standard normal before anything is said |
 * | d | `rows` | `[p, n]` | Lᵀ (e_b − e_w): f_b − f_w = dᵀ v |
 * | H, R | `factor` | `[n, n]` | I + Σ h d dᵀ = R Rᵀ at the mode |
 * | k, q, t | | `[n]` | covariances of a point with X, L⁻¹ k, R⁻¹ q |
 *
 * (1) P(b better than w | f) = Φ(f_b − f_w): a person errs with a sd of 1
 *
 * (2) v maximizes Σ log Φ(dᵀ v) − ½ vᵀ v, by Newton's method; g = φ / Φ and
 *     h = g (g + dᵀ v) are the slopes of log Φ
 *
 * (3) mean = qᵀ v, cov(x, x') = k(x, x') − qᵀ q' + tᵀ t' (Laplace)
 *
 * (4) log p(said) ≈ Σ log Φ(dᵀ v) − ½ vᵀ v − ½ log |H|
 *
 * Source: Chu and Ghahramani, Preference Learning with Gaussian Processes (2005);
 * Rasmussen and Williams (2006), section 3.4, with v in the place of f.
 *
 * @module
 */

import {
  cholesky,
  logDeterminant,
  normalLogCdf,
  normalLogPdf,
  solveLower,
  solveLowerTransposed,
} from "../math/mod.ts";
import { factorWithJitter } from "./_factor.ts";
import type { Predictions } from "./gaussian_process.ts";
import {
  crossCovariance,
  type GaussianProcessHyperparameters,
  type GaussianProcessInputs,
  selfCovariance,
} from "./matern.ts";

/** Points, and which of two was better. */
export interface PreferenceData extends GaussianProcessInputs {
  /** The row of the better and of the worse point, for each comparison. */
  readonly pairs: readonly (readonly [better: number, worse: number])[];
}

/** Lengthscales and the variance of the utility; the sd of a person's error is 1. */
export type PreferenceHyperparameters = Omit<
  GaussianProcessHyperparameters,
  "noise"
>;

/** Newton's steps at most; a handful are enough. */
const mostSteps = 40;
/** Steps end where the logarithm of the probability grows by less. */
const tolerance = 1e-10;
/** What is added to the variances, as a share. */
const nugget = 1e-8;

/**
 * A utility that has been learnt from comparisons. Immutable.
 *
 * @example
 * ```ts
 * import { PreferenceProcess } from "@etude/etude";
 * // At 0.8 it is better than at 0.2.
 * const process = new PreferenceProcess(
 *   { inputs: Float64Array.of(0.2, 0.8), dimension: 1, numeric: 1, pairs: [[1, 0]] },
 *   { lengthscales: [0.5], outputScale: 4 },
 * );
 * process.predict(Float64Array.of(0.2, 0.8)).mean; // [-0.5…, 0.5…]
 * ```
 */
export class PreferenceProcess {
  /** How many points were compared: n. */
  readonly size: number;
  /** Lengthscales and variance. */
  readonly hyperparameters: PreferenceHyperparameters;
  /** How probable it is that all was said that was said: equation (4). */
  readonly logLikelihood: number;
  readonly #data: PreferenceData;
  readonly #kernel: GaussianProcessHyperparameters;
  readonly #lower: Float64Array;
  readonly #factor: Float64Array;
  readonly #mode: Float64Array;

  /**
   * Finds the most probable utilities.
   *
   * @throws {RangeError} If a comparison names no point, or the same twice.
   */
  constructor(
    data: PreferenceData,
    hyperparameters: PreferenceHyperparameters,
  ) {
    const n = data.inputs.length / data.dimension;
    checkPairs(data, n);
    this.size = n;
    this.hyperparameters = hyperparameters;
    this.#data = data;
    this.#kernel = { ...hyperparameters, noise: 0 };
    const { outputScale } = hyperparameters;
    const matrix = selfCovariance(data, this.#kernel);
    for (let i = 0; i < n; i++) matrix[i * n + i]! += nugget * outputScale;
    this.#lower = factorWithJitter(matrix, n, outputScale).lower;
    const { mode, factor, value } = newton(this.#lower, n, data.pairs);
    this.#mode = mode;
    this.#factor = factor;
    this.logLikelihood = value - logDeterminant(factor) / 2;
  }

  /**
   * Means and standard deviations of the utility at points: equation (3).
   *
   * @param points `[m, d]`, row after row.
   */
  predict(points: Float64Array): Predictions {
    const { mean, q, t } = this.#project(points);
    const n = this.size;
    const { outputScale } = this.hyperparameters;
    const sd = mean.map((_, i) =>
      Math.sqrt(
        Math.max(
          1e-12 * outputScale,
          outputScale - dot(q, i, q, i, n) + dot(t, i, t, i, n),
        ),
      )
    );
    return { mean, sd };
  }

  /**
   * How the utilities of points differ from those of others: means of u(x) − u(y)
   * and their standard deviations, x by x.
   *
   * @param points x, `[m, d]`, row after row.
   * @param others y, `[o, d]`, row after row.
   * @returns Both `[m, o]`.
   */
  differences(points: Float64Array, others: Float64Array): Predictions {
    const n = this.size;
    const { dimension, numeric, branches } = this.#data;
    const a = this.#project(points);
    const b = this.#project(others);
    const m = a.mean.length;
    const o = b.mean.length;
    const between = crossCovariance(
      {
        inputs: others,
        dimension,
        numeric,
        ...branches === undefined ? {} : { branches },
      },
      points,
      this.#kernel,
    );
    const { outputScale } = this.hyperparameters;
    const own = (part: typeof a) =>
      part.mean.map((_, i) =>
        outputScale - dot(part.q, i, part.q, i, n) +
        dot(part.t, i, part.t, i, n)
      );
    const [ofA, ofB] = [own(a), own(b)];
    const mean = new Float64Array(m * o);
    const sd = new Float64Array(m * o);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < o; j++) {
        const shared = between[i * o + j]! - dot(a.q, i, b.q, j, n) +
          dot(a.t, i, b.t, j, n);
        mean[i * o + j] = a.mean[i]! - b.mean[j]!;
        sd[i * o + j] = Math.sqrt(Math.max(0, ofA[i]! + ofB[j]! - 2 * shared));
      }
    }
    return { mean, sd };
  }

  /** Means, and q and t of each point, `[m, n]`. */
  #project(points: Float64Array) {
    const n = this.size;
    const q = crossCovariance(this.#data, points, this.#kernel);
    if (n > 0) solveLower(this.#lower, q);
    const count = points.length / this.#data.dimension;
    const mean = Float64Array.from(
      { length: count },
      (_, i) => dot(q, i, this.#mode, 0, n),
    );
    const t = q.slice();
    if (n > 0) solveLower(this.#factor, t);
    return { mean, q, t };
  }
}

/** The mode by Newton's method with halved steps, and H's factor there: equation (2). */
function newton(
  lower: Float64Array,
  n: number,
  pairs: PreferenceData["pairs"],
): { mode: Float64Array; factor: Float64Array; value: number } {
  const rows = pairs.map(([better, worse]) => {
    const row = new Float64Array(n);
    for (let j = 0; j <= better; j++) row[j]! += lower[better * n + j]!;
    for (let j = 0; j <= worse; j++) row[j]! -= lower[worse * n + j]!;
    return row;
  });
  const valueAt = (v: Float64Array) =>
    rows.reduce((sum, row) => sum + normalLogCdf(dot(row, 0, v, 0, n)), 0) -
    dot(v, 0, v, 0, n) / 2;
  let mode = new Float64Array(n);
  let value = valueAt(mode);
  for (let step = 0;; step++) {
    const gradient = mode.map((v) => -v);
    const factor = new Float64Array(n * n);
    for (let i = 0; i < n; i++) factor[i * n + i] = 1;
    for (const row of rows) {
      const z = dot(row, 0, mode, 0, n);
      const g = Math.exp(normalLogPdf(z) - normalLogCdf(z));
      const h = Math.max(0, g * (g + z));
      for (let i = 0; i < n; i++) {
        gradient[i]! += g * row[i]!;
        if (row[i] === 0) continue;
        for (let j = 0; j <= i; j++) {
          factor[i * n + j]! += h * row[i]! * row[j]!;
        }
      }
    }
    cholesky(factor, n);
    if (step === mostSteps || n === 0) return { mode, factor, value };
    const move = gradient;
    solveLower(factor, move);
    solveLowerTransposed(factor, move);
    let next = mode;
    let found = -Infinity;
    for (let share = 1; share > 1e-6 && !(found > value); share /= 2) {
      next = mode.map((v, i) => v + share * move[i]!);
      found = valueAt(next);
    }
    if (!(found > value + tolerance)) return { mode, factor, value };
    mode = next;
    value = found;
  }
}

/** The product of row i of a and row j of b, each of n numbers. */
function dot(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  n: number,
): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[j * n + k]!;
  return sum;
}

function checkPairs({ pairs }: PreferenceData, n: number): void {
  const isRow = (row: number) => Number.isInteger(row) && row >= 0 && row < n;
  const wrong = pairs.find(([better, worse]) =>
    !isRow(better) || !isRow(worse) || better === worse
  );
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot learn from the comparison of ${wrong[0]} and ${
      wrong[1]
    }, expected two of the ${n} points, by their rows from 0`,
  );
}
