/**
 * Gaussian process regression with given hyperparameters: what is expected of
 * new points, given values at others.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X, y | `inputs`, `values` | `[n, d]`, `[n]` | the points and their values |
 * | x | `point` | `[d]` | a new point |
 * | K, L, α, μ | `lower`, `alpha`, `mean` | | see marginal_likelihood.ts; K = L Lᵀ |
 * | k | | `[n]` | the covariances of x with X |
 * | v | | `[n]` | L⁻¹ k |
 *
 * (1) m(x) = μ + kᵀ α
 *
 * (2) s²(x) = k(x, x) − vᵀ v, of the function itself, without noise
 *
 * (3) ∂m = ∂kᵀ α and ∂s = −(L⁻ᵀ v)ᵀ ∂k / s
 *
 * (4) leaving i out: mᵢ = yᵢ − αᵢ / K⁻¹ᵢᵢ and sᵢ² = 1 / K⁻¹ᵢᵢ, with noise
 *
 * Source: Rasmussen and Williams (2006), equations 2.25, 2.26, 5.12.
 *
 * @module
 */

import {
  appendToCholesky,
  choleskyInverse,
  logDeterminant,
  type RandomStream,
  solveLower,
  solveLowerTransposed,
} from "../math/mod.ts";
import { checkProcess, factorOf, factorWithJitter } from "./_factor.ts";
import { type GaussianProcessData, weigh } from "./marginal_likelihood.ts";
import {
  columnsOf,
  crossCovariance,
  type GaussianProcessHyperparameters,
  selfCovariance,
  weightsOf,
} from "./matern.ts";

/** Means and standard deviations of many points. */
export interface Predictions {
  /** The means, `[m]`. */
  readonly mean: Float64Array;
  /** The standard deviations, `[m]`, at least 0. */
  readonly sd: Float64Array;
}

/** What is expected of a point, and how that changes with the point. */
export interface PredictionGradient {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation, at least 0. */
  readonly sd: number;
  /** The slopes of the mean, `[d]`; 0 on categories. */
  readonly meanGradient: Float64Array;
  /** The slopes of the standard deviation, `[d]`; 0 on categories and where the deviation is 0. */
  readonly sdGradient: Float64Array;
}

/** Options of {@linkcode GaussianProcess}. */
export interface GaussianProcessOptions {
  /** The factor L of K, `[n, n]`, where it is known. Defaults to making it. */
  readonly lower?: Float64Array;
}

/** The smallest share of the function's variance that is told from 0. */
const smallestShare = 1e-12;

/**
 * A Gaussian process that has seen its data. Immutable; points and values are
 * those of the data, in its units.
 */
export class GaussianProcess {
  /** The number of points n. */
  readonly size: number;
  /** The number of columns d. */
  readonly dimension: number;
  /** The hyperparameters. */
  readonly hyperparameters: GaussianProcessHyperparameters;
  /** The constant mean μ. */
  readonly mean: number;
  /** What had to be added to the diagonal of K to factor it, as a share of s²; 0 if nothing. */
  readonly jitter: number;
  readonly #data: GaussianProcessData;
  readonly #columns: Float64Array;
  readonly #weights: Float64Array;
  readonly #lower: Float64Array;
  readonly #alpha: Float64Array;
  readonly #fit: number;

  /**
   * Factors the covariances. Where that fails, as with points that are the same
   * and no noise, it adds a jitter to the diagonal, ten times more each time,
   * from 1e-10 to 1 of s².
   *
   * @param data Points and values.
   * @param options The factor, where it is known already.
   * @throws {RangeError} If lengths do not fit, or numbers are not finite.
   */
  constructor(
    data: GaussianProcessData,
    hyperparameters: GaussianProcessHyperparameters,
    options: GaussianProcessOptions = {},
  ) {
    const { values, dimension, mean } = data;
    checkProcess(data, hyperparameters);
    this.size = values.length;
    this.dimension = dimension;
    this.hyperparameters = hyperparameters;
    this.#data = data;
    this.#columns = columnsOf(data.inputs, dimension);
    this.#weights = weightsOf(hyperparameters.lengthscales);
    const { lower, jitter } = options.lower === undefined
      ? factorOf(data, hyperparameters)
      : { lower: options.lower, jitter: 0 };
    this.jitter = jitter;
    this.#lower = lower;
    const weighed = weigh(lower, values, mean);
    this.mean = weighed.mean;
    this.#alpha = weighed.alpha;
    this.#fit = weighed.fit;
  }

  /** The values that it has seen, `[n]`, in their order. */
  get values(): ArrayLike<number> {
    return this.#data.values;
  }

  /** The log marginal likelihood of the values. */
  get logLikelihood(): number {
    return -0.5 *
      (this.#fit + logDeterminant(this.#lower) +
        this.size * Math.log(2 * Math.PI));
  }

  /**
   * Means and standard deviations of the function at points: equations (1), (2).
   *
   * @param points `[m, d]`, row after row.
   */
  predict(points: Float64Array): Predictions {
    const n = this.size;
    const { outputScale } = this.hyperparameters;
    const covariances = this.#cross(points);
    const mean = this.#means(covariances);
    solveLower(this.#lower, covariances);
    const sd = new Float64Array(mean.length);
    for (let c = 0; c < mean.length; c++) {
      let known = 0;
      for (let i = c * n; i < (c + 1) * n; i++) {
        known += covariances[i]! * covariances[i]!;
      }
      sd[c] = Math.sqrt(
        Math.max(outputScale - known, smallestShare * outputScale),
      );
    }
    return { mean, sd };
  }

  /**
   * The means alone, `[m]`: about n/2 times quicker than with the deviations.
   *
   * @param points `[m, d]`, row after row.
   */
  predictMean(points: Float64Array): Float64Array {
    return this.#means(this.#cross(points));
  }

  /** The covariances of points with those of the data, `[m, n]`. */
  #cross(points: Float64Array, slopes?: Float64Array): Float64Array {
    return crossCovariance(this.#data, points, this.hyperparameters, {
      columns: this.#columns,
      slopes,
    });
  }

  /**
   * The means, and deviations that are at least those of {@linkcode predict},
   * about n/4 times quicker: as if only the nearest of the data were known.
   *
   * @param points `[m, d]`, row after row.
   */
  predictBounds(points: Float64Array): Predictions {
    const n = this.size;
    const { outputScale, noise } = this.hyperparameters;
    const covariances = this.#cross(points);
    const mean = this.#means(covariances);
    const sd = mean.map((_, c) => {
      let nearest = 0;
      for (let i = c * n; i < (c + 1) * n; i++) {
        if (covariances[i]! > nearest) nearest = covariances[i]!;
      }
      const own = (1 + this.jitter) * outputScale + noise;
      return Math.sqrt(
        Math.max(
          outputScale - nearest * nearest / own,
          smallestShare * outputScale,
        ),
      );
    });
    return { mean, sd };
  }

  #means(covariances: Float64Array): Float64Array {
    const n = this.size;
    const alpha = this.#alpha;
    const mean = new Float64Array(covariances.length / Math.max(1, n));
    for (let c = 0; c < mean.length; c++) {
      let sum = this.mean;
      for (let i = 0; i < n; i++) sum += covariances[c * n + i]! * alpha[i]!;
      mean[c] = sum;
    }
    return mean;
  }

  /**
   * The means at the points that it has seen, `[n]`, in their order: the values
   * without what is taken for noise, y − σ² α.
   */
  fittedMeans(): Float64Array {
    const { noise, outputScale } = this.hyperparameters;
    const { values, extraNoise } = this.#data;
    const all = noise + this.jitter * outputScale;
    return values.map((y, i) =>
      y - (all + (extraNoise?.[i] ?? 0)) * this.#alpha[i]!
    );
  }

  /**
   * Mean and standard deviation at a point, and their slopes: equation (3).
   *
   * @param point `[d]`.
   */
  predictGradient(point: Float64Array): PredictionGradient {
    const { numeric } = this.#data;
    const { outputScale } = this.hyperparameters;
    const n = this.size;
    const d = this.dimension;
    const slopeRows = slopeRowsOf(this.#data);
    const parts = 1 + (this.#data.branches?.parts.length ?? 0);
    const slopes = new Float64Array(parts * n);
    const covariances = this.#cross(point, slopes);
    const [mean] = this.#means(covariances);
    solveLower(this.#lower, covariances);
    let known = 0;
    for (let i = 0; i < n; i++) known += covariances[i]! * covariances[i]!;
    const variance = outputScale - known;
    const isKnown = variance <= smallestShare * outputScale;
    const sd = Math.sqrt(isKnown ? smallestShare * outputScale : variance);
    solveLowerTransposed(this.#lower, covariances);
    const meanGradient = new Float64Array(d);
    const sdGradient = new Float64Array(d);
    const bySd = isKnown ? 0 : 1 / sd;
    for (let j = 0; j < numeric; j++) {
      const start = j * n;
      const from = slopeRows[j]! * n;
      let mean = 0;
      let spread = 0;
      for (let i = 0; i < n; i++) {
        const step = slopes[from + i]! *
          (point[j]! - this.#columns[start + i]!);
        mean -= this.#alpha[i]! * step;
        spread += covariances[i]! * step;
      }
      meanGradient[j] = this.#weights[j]! * mean;
      sdGradient[j] = this.#weights[j]! * bySd * spread;
    }
    return { mean: mean!, sd, meanGradient, sdGradient };
  }

  /**
   * What each value would have been expected to be, and with what standard
   * deviation (noise included), had it not been seen: equation (4). The mean μ
   * and the hyperparameters are those of all values.
   */
  leaveOneOut(): Predictions {
    const n = this.size;
    const inverse = choleskyInverse(this.#lower);
    const precision = Float64Array.from(
      { length: n },
      (_, i) => inverse[i * n + i]!,
    );
    return {
      mean: this.#data.values.map((y, i) =>
        y - this.#alpha[i]! / precision[i]!
      ),
      sd: precision.map((p) => 1 / Math.sqrt(p)),
    };
  }

  /** A process of the same data with other hyperparameters. */
  withHyperparameters(
    hyperparameters: GaussianProcessHyperparameters,
  ): GaussianProcess {
    return new GaussianProcess(this.#data, hyperparameters);
  }

  /**
   * The process once it has seen more values; hyperparameters and μ stay. With
   * the means themselves as values, the means stay everywhere and only the
   * deviations shrink ("kriging believer").
   *
   * @param points `[q, d]`, row after row.
   * @param values `[q]`. Defaults to the means at the points.
   *
   * Source: Ginsbourger, Le Riche and Carraro (2010).
   */
  condition(points: Float64Array, values?: Float64Array): GaussianProcess {
    const { inputs, extraNoise } = this.#data;
    const added = values ?? this.predictMean(points);
    return new GaussianProcess(
      {
        ...this.#data,
        inputs: joined(inputs, points),
        values: joined(this.#data.values, added),
        mean: this.mean,
        ...extraNoise === undefined ? {} : {
          extraNoise: joined(extraNoise, new Float64Array(added.length)),
        },
      },
      this.hyperparameters,
      { lower: this.#grown(points) },
    );
  }

  /** The factor with rows for more points, or undefined if it cannot be had so. */
  #grown(points: Float64Array): Float64Array | undefined {
    if (this.jitter > 0) return undefined;
    const n = this.size;
    const q = points.length / this.dimension;
    const cross = this.#cross(points);
    const own = selfCovariance(
      { ...this.#data, inputs: points },
      this.hyperparameters,
    );
    const rows = new Float64Array(q * (n + q));
    for (let c = 0; c < q; c++) {
      rows.set(cross.subarray(c * n, (c + 1) * n), c * (n + q));
      rows.set(own.subarray(c * q, c * q + c + 1), c * (n + q) + n);
      rows[c * (n + q) + n + c]! += this.hyperparameters.noise;
    }
    return appendToCholesky(this.#lower, rows) ?? undefined;
  }

  /**
   * Draws the function's values at points together, `[m]`: one function of those
   * that the data allow. It draws m normal numbers and takes time as m³.
   *
   * @param points `[m, d]`, row after row.
   * @param random The stream to draw from.
   */
  sample(points: Float64Array, random: RandomStream): Float64Array {
    const m = points.length / this.dimension;
    const n = this.size;
    const { outputScale } = this.hyperparameters;
    const cross = this.#cross(points);
    const mean = this.#means(cross);
    solveLower(this.#lower, cross);
    const covariance = selfCovariance(
      { ...this.#data, inputs: points },
      this.hyperparameters,
    );
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) {
        let known = 0;
        for (let i = 0; i < n; i++) {
          known += cross[a * n + i]! * cross[b * n + i]!;
        }
        covariance[a * m + b]! -= known;
      }
    }
    const { lower } = factorWithJitter(covariance, m, outputScale);
    const normals = Float64Array.from({ length: m }, () => random.normal());
    return mean.map((value, a) => {
      let sum = value;
      for (let b = 0; b <= a; b++) sum += lower[a * m + b]! * normals[b]!;
      return sum;
    });
  }
}

/** Which row of the slopes that crossCovariance() writes is that of each number's column. */
function slopeRowsOf(
  { numeric, branches }: GaussianProcessData,
): readonly number[] {
  const rows = new Array<number>(numeric).fill(0);
  branches?.parts.forEach(({ columns }, part) => {
    for (const column of columns) rows[column] = 1 + part;
  });
  return rows;
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
