/**
 * A Gaussian process on what a regression over copula-transformed sources leaves.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | ψ(y) | `scores` | `[n]` | Φ⁻¹ of the values' ranks: normal, whatever the values' scale |
 * | μ(x), σ(x) | `centers`, `widths` | `[n]` | the sources' mean, and how far they are apart |
 * | r | `residuals` | `[n]` | (ψ(y) − μ) / σ |
 * | c₀, c₁ | `offset`, `slope` | | values ≈ c₀ + c₁ ψ |
 *
 * (1) ψ(y) = Φ⁻¹(F(y)), F the empirical distribution cut off at δ and 1 − δ,
 *     δ = 1 / (4 n^¼ √(π log n))
 *
 * (2) σ²(x) = Σ wₛ (zₛ(x) − μ(x))² + σ₀²
 *
 * (3) r ~ GP; ψ at x is then expected to be μ(x) + σ(x) r(x)
 *
 * The sources' values must have gone through (1) as well: `makePrior` with the
 * strategy `"copula"`. Published with a parametric regression for μ and σ; here
 * they are the weighed mean and spread of a source's process each.
 *
 * Source: Salinas, Shen and Perrone, A quantile-based approach for hyperparameter
 * transfer learning (2020), section 4 and equation 5.
 *
 * @module
 */

import {
  countAtMost,
  countBelow,
  moments,
  normalQuantile,
} from "../math/mod.ts";
import type { PriorShare } from "../records/mod.ts";
import { fitHyperparameters, priorCenter } from "./fit_gaussian_process.ts";
import { GaussianProcess, type Predictions } from "./gaussian_process.ts";
import type { PriorFunctions, PriorProcess } from "./prior.ts";

/** σ₀: no agreement of sources is believed further. */
const leastWidth = 0.3;
/** The most evaluations of the likelihood. */
const evaluations = 15;

/** What copula-transformed sources and a study's values lead to expect. */
export class CopulaProcess implements PriorProcess {
  readonly #functions: PriorFunctions;
  readonly #residual: GaussianProcess;
  readonly #parts: CopulaParts;

  /**
   * Made by {@linkcode copulaProcess}.
   *
   * @param functions The sources.
   * @param residual The process of r.
   * @param parts Its points, `[n, d]`, and c₀ and c₁.
   */
  constructor(
    functions: PriorFunctions,
    residual: GaussianProcess,
    parts: CopulaParts,
  ) {
    this.#functions = functions;
    this.#residual = residual;
    this.#parts = parts;
  }

  /** The variance of a value's noise where sources agree. */
  get noise(): number {
    const width = this.#parts.slope * leastWidth;
    return this.#residual.hyperparameters.noise * width * width;
  }

  /** Means and standard deviations at points, `[m, d]`, in the values' units: equation (3). */
  predict(points: Float64Array): Predictions {
    const { offset, slope } = this.#parts;
    const { centers, widths } = saidBy(this.#functions, points);
    const { mean, sd } = this.#residual.predict(points);
    return {
      mean: mean.map((r, i) => offset + slope * (centers[i]! + widths[i]! * r)),
      sd: sd.map((s, i) => slope * widths[i]! * s),
    };
  }

  /** The means at the points that it has seen, `[n]`. */
  fittedMeans(): Float64Array {
    return this.predict(this.#parts.inputs).mean;
  }

  /** The process as if points, `[q, d]`, had brought what is expected of them. */
  believing(points: Float64Array): CopulaProcess {
    if (points.length === 0) return this;
    const { inputs } = this.#parts;
    const all = new Float64Array(inputs.length + points.length);
    all.set(inputs);
    all.set(points, inputs.length);
    return new CopulaProcess(
      this.#functions,
      this.#residual.condition(points),
      {
        ...this.#parts,
        inputs: all,
      },
    );
  }

  /** The shares of the sources: those that they have in the prior. */
  shares(): readonly PriorShare[] {
    return this.#functions.shares(null);
  }
}

/** What a {@linkcode CopulaProcess} is made of, beside its residuals. */
export interface CopulaParts {
  /** The points, `[n, d]`. */
  readonly inputs: Float64Array;
  /** c₀. */
  readonly offset: number;
  /** c₁. */
  readonly slope: number;
}

/**
 * Fits a process to what sources leave unexplained.
 *
 * @param functions The sources, made with copula-transformed values.
 * @param data Points `[n, d]` and values `[n]`, smaller better, n at least 1.
 *
 * @example
 * ```ts
 * import { copulaProcess, featuresOf, float, PriorFunctions, space } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const functions = new PriorFunctions(prior, featuresOf(space({ x: float(0, 1) })));
 * copulaProcess(functions, { inputs: Float64Array.of(0.2, 0.6), values: [1, 2] })
 *   .predict(Float64Array.of(0.4)).mean.length; // 1
 * ```
 */
export function copulaProcess(
  functions: PriorFunctions,
  { inputs, values }: {
    readonly inputs: Float64Array;
    readonly values: ArrayLike<number>;
  },
): CopulaProcess {
  const { dimension, numeric, prior: { lengthscales } } = functions;
  const scores = normalScores(values);
  const { centers, widths } = saidBy(functions, inputs);
  const data = {
    inputs,
    values: scores.map((score, i) => (score - centers[i]!) / widths[i]!),
    dimension,
    numeric,
  };
  const start = { ...priorCenter(dimension), lengthscales, noise: 0.01 };
  const fit = fitHyperparameters(data, {
    starts: [start],
    maxEvaluations: evaluations,
  });
  const [y, x] = [moments(values), moments(scores)];
  const slope = x.sd > 0 && y.sd > 0 ? y.sd / x.sd : 1;
  return new CopulaProcess(functions, new GaussianProcess(data, fit), {
    inputs,
    offset: y.mean - slope * x.mean,
    slope,
  });
}

/** μ and σ at points. */
function saidBy(functions: PriorFunctions, points: Float64Array) {
  const { sources } = functions.prior;
  const T = sources.length;
  const said = functions.sourcesAt(points);
  const m = points.length / functions.dimension;
  const centers = new Float64Array(m);
  const widths = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let [center, spread] = [0, leastWidth * leastWidth];
    for (let s = 0; s < T; s++) center += sources[s]!.weight * said[i * T + s]!;
    for (let s = 0; s < T; s++) {
      spread += sources[s]!.weight * (said[i * T + s]! - center) ** 2;
    }
    centers[i] = center;
    widths[i] = Math.sqrt(spread);
  }
  return { centers, widths };
}

/**
 * Equation (1): the normal scores of values, those of equals the same.
 *
 * @param values Finite, `[n]`.
 * @returns `[n]`, in the values' order.
 *
 * @example
 * ```ts
 * import { normalScores } from "@etude/etude";
 * normalScores([10, 1000, 20]); // about [-0.97, 0.97, 0]
 * ```
 */
export function normalScores(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const cut = n < 2
    ? 0.5
    : 1 / (4 * n ** 0.25 * Math.sqrt(Math.PI * Math.log(n)));
  return Float64Array.from(values, (value) => {
    // The middle of the ranks of all that are equal.
    const rank = (countAtMost(sorted, value) + countBelow(sorted, value)) / 2;
    return normalQuantile(Math.min(1 - cut, Math.max(cut, rank / n)));
  });
}
