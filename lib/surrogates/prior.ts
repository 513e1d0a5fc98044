/**
 * What is known of a function over a space before any of its values: what other
 * functions, the sources, look like there. Plain numbers, so that it can be kept;
 * no sampler knows where it came from.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | T, R, I, d | | | sources, factors, nodes, columns of points |
 * | zₛ(x) | | | what source s says of x: smaller is better, mean 0 and sd 1 over the space |
 * | w | `sources[s].weight` | `[T]` | shares; they sum to 1 |
 * | m(x) | column 0 | | Σ wₛ zₛ(x) |
 * | φ(x) | columns 1 … R | `[R]` | φ(x) φ(x')ᵀ ≈ D(x) D(x')ᵀ |
 * | D(x) | | `[T]` | (zₛ(x) − m(x)) √wₛ / √(1 − Σ w²): how sources differ |
 * | B | `loadings` | `[R, T]` | D(x) ≈ φ(x) B |
 * | U | `units` | `[I, d]` | where the functions were looked at, places in the unit cube |
 * | C | `coefficients` | `[I, 1 + R]` | (m, φ)(x) = k(x, U) C, k Matérn-5/2 of `lengthscales` |
 *
 * So all sources together are one small product at any point, however many they are.
 *
 * Source: ours; shared inducing points are our prototype's, research/sample_efficiency.md.
 *
 * @module
 */

import type { PriorShare } from "../records/mod.ts";
import type { Features } from "./features.ts";
import type { Predictions } from "./gaussian_process.ts";
import { columnsOf, crossCovariance } from "./matern.ts";

/** A source of a prior. */
export interface PriorSource {
  /** Its name. */
  readonly name: string;
  /** Its share before any trial, in `(0, 1]`. */
  readonly weight: number;
}

/**
 * How a Gaussian process takes prior studies: `"transfer"`, as its mean and
 * covariance, in closed form; `"rgpe"`, as members of an ensemble that is weighed
 * by ranks; `"copula"`, as a regression whose residuals it models.
 */
export type PriorStrategy = "transfer" | "rgpe" | "copula";

/** What is known of a function before any of its values. See the module's notation. */
export interface Prior {
  /** How it is to be taken. Defaults to `"transfer"`. */
  readonly strategy?: PriorStrategy;
  /** The sources, those of the largest weight first. */
  readonly sources: readonly PriorSource[];
  /** The lengthscales of the kernel between nodes, learnt over the sources, `[d]`. */
  readonly lengthscales: Float64Array;
  /** U, `[I, d]`, NaN where a parameter is inactive; those that are best on average first. */
  readonly units: readonly Float64Array[];
  /** C, `[I, 1 + R]`. */
  readonly coefficients: Float64Array;
  /** B, `[R, T]`. */
  readonly loadings: Float64Array;
  /** How well sources foretell one another: the mean logarithm of how much likelier a source's values are with the others than without; null if there are too few to say. */
  readonly coherence: number | null;
  /** How alike the most similar source is, in `(0, 1]`. */
  readonly likeness: number;
  /** What values the sources had, where they are of the same thing; null where they are not. */
  readonly level: PriorLevel | null;
}

/** The level and spread of the sources' values over the space; in the objective's units, with the sign that makes smaller better. */
export interface PriorLevel {
  /** The mean of their means. */
  readonly mean: number;
  /** How much the means differ from source to source. */
  readonly meanSd: number;
  /** The geometric mean of their standard deviations. */
  readonly spread: number;
  /** How much the logarithms of those differ. */
  readonly logSpreadSd: number;
}

/** What prior studies and a study's own trials together lead to expect; smaller is better. */
export interface PriorProcess {
  /** The variance of a value's noise. */
  readonly noise: number;
  /** Means and standard deviations of the function at points, `[m, d]`. */
  predict(points: Float64Array): Predictions;
  /** The means at the points that it has seen, `[n]`. */
  fittedMeans(): Float64Array;
  /** The process as if points, `[q, d]`, had brought what is expected of them. */
  believing(points: Float64Array): PriorProcess;
  /** The shares of the sources, the largest first; they sum to 1. */
  shares(): readonly PriorShare[];
}

/** A prior ready to be asked. */
export class PriorFunctions {
  /** What it is made of. */
  readonly prior: Prior;
  /** 1 + R. */
  readonly width: number;
  /** The number of columns d of points. */
  readonly dimension: number;
  /** How many columns are numbers, the first ones. */
  readonly numeric: number;
  readonly #nodes: Float64Array;
  readonly #columns: Float64Array;

  /** Sets out what questions need. */
  constructor(prior: Prior, features: Features) {
    const { dimension, numeric } = features;
    this.prior = prior;
    this.dimension = dimension;
    this.numeric = numeric;
    this.width = prior.coefficients.length / prior.units.length;
    this.#nodes = new Float64Array(prior.units.length * dimension);
    prior.units.forEach((unit, i) =>
      features.encode(unit, this.#nodes, i * dimension)
    );
    this.#columns = columnsOf(this.#nodes, dimension);
  }

  /**
   * m and φ at points.
   *
   * @param points `[n, d]`, row after row.
   * @returns `[n, 1 + R]`.
   */
  at(points: Float64Array): Float64Array {
    const { lengthscales, coefficients } = this.prior;
    const { width, dimension, numeric } = this;
    const n = points.length / dimension;
    const count = this.prior.units.length;
    const near = crossCovariance(
      { inputs: this.#nodes, dimension, numeric },
      points,
      { lengthscales, outputScale: 1, noise: 0 },
      { columns: this.#columns },
    );
    const out = new Float64Array(n * width);
    for (let i = 0; i < n; i++) {
      const row = out.subarray(i * width, (i + 1) * width);
      for (let u = 0; u < count; u++) {
        const k = near[i * count + u]!;
        const at = u * width;
        for (let r = 0; r < width; r++) row[r]! += k * coefficients[at + r]!;
      }
    }
    return out;
  }

  /**
   * What each source says at points: zₛ = m + φ Bₛ √(1 − Σ w²) / √wₛ, as far as the
   * factors hold it.
   *
   * @param points `[n, d]`, row after row.
   * @returns `[n, T]`.
   */
  sourcesAt(points: Float64Array): Float64Array {
    const { loadings, sources } = this.prior;
    const T = sources.length;
    const { width } = this;
    const rows = this.at(points);
    const n = rows.length / width;
    const left = leftOf(sources);
    const sizes = sources.map(({ weight }) => left / Math.sqrt(weight));
    const out = new Float64Array(n * T);
    for (let i = 0; i < n; i++) {
      for (let s = 0; s < T; s++) {
        let sum = 0;
        for (let r = 1; r < width; r++) {
          sum += rows[i * width + r]! * loadings[(r - 1) * T + s]!;
        }
        out[i * T + s] = rows[i * width]! + sizes[s]! * sum;
      }
    }
    return out;
  }

  /**
   * The shares of the sources, given the weights of the factors: how much of the
   * function each is thought to make up.
   *
   * @param factors δ, `[R]`: the function is m + φ δ; null for none.
   */
  shares(factors: ArrayLike<number> | null): readonly PriorShare[] {
    const { sources, loadings } = this.prior;
    const T = sources.length;
    const left = leftOf(sources);
    const pulls = sources.map(({ weight }, s) => {
      let pull = 0;
      // δ = B δₛ: the least such δₛ is Bᵀ δ, as φ φᵀ = D Dᵀ.
      for (let r = 0; factors !== null && r < factors.length; r++) {
        pull += loadings[r * T + s]! * factors[r]!;
      }
      return pull * Math.sqrt(weight) / left;
    });
    const all = pulls.reduce((sum, pull) => sum + pull, 0);
    const parts = sources.map(({ weight }, s) =>
      Math.max(0, weight * (1 - all) + pulls[s]!)
    );
    const total = parts.reduce((sum, part) => sum + part, 0);
    return sources.map(({ name, weight }, s) => ({
      name,
      share: total > 0 ? parts[s]! / total : weight,
    })).sort((a, b) => b.share - a.share);
  }
}

/** √(1 − Σ w²), above 0. */
function leftOf(sources: readonly PriorSource[]): number {
  return Math.sqrt(
    Math.max(
      1e-12,
      1 - sources.reduce((sum, { weight }) => sum + weight ** 2, 0),
    ),
  );
}
