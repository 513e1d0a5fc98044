/**
 * Linear and logistic regression with a penalty a feature, trained to the last digit in
 * 64 bits: what hypergradients are measured on.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `features` | `[n, d]` | standardized features |
 * | y | `targets` | `[n]` | numbers, or 0 and 1 |
 * | w | `weights` | `[d + 1]` | one a feature, then the intercept |
 * | λ | `penalties` | `[d]` | ½ Σ λ w² is added to the training loss; none for the intercept |
 * | p | `predictions` | `[n]` | X w, or what the logistic function makes of it |
 *
 * The training loss is ½ mean (p − y)², or the mean log loss; the validation loss mean
 * (p − y)², or the mean log loss, without penalties.
 *
 * @module
 */

import {
  cholesky,
  implicitGradient,
  solveLower,
  solveLowerTransposed,
} from "../../lib/math/mod.ts";

/** Examples. */
export interface Examples {
  /** X, `[n, d]` row by row. */
  readonly features: Float64Array;
  /** y, `[n]`. */
  readonly targets: Float64Array;
}

/** Three parts of a data set. */
export interface Parts {
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
}

/** What is trained. */
export type RegressionKind = "ridge" | "logistic";

/** A regression on some data. */
export class PenalizedRegression {
  readonly kind: RegressionKind;
  readonly parts: Parts;
  /** d. */
  readonly dimension: number;

  constructor(kind: RegressionKind, parts: Parts) {
    this.kind = kind;
    this.parts = parts;
    this.dimension = parts.train.features.length / parts.train.targets.length;
  }

  /** The weights at which the training loss is least: Newton's method, a single step for ridge. */
  train(penalties: Float64Array): Float64Array {
    const size = this.dimension + 1;
    let weights = new Float64Array(size);
    for (let round = 0; round < 100; round++) {
      const slope = this.#trainGradient(weights, penalties);
      const factor = this.#hessian(weights, penalties);
      if (!cholesky(factor, size)) {
        throw new RangeError("The Hessian is not positive");
      }
      const step = slope.slice();
      solveLower(factor, step);
      solveLowerTransposed(factor, step);
      let length = 1;
      if (this.kind === "logistic") {
        const before = this.trainLoss(weights, penalties);
        const at = (part: number) => weights.map((w, j) => w - part * step[j]!);
        while (
          length > 1e-6 &&
          this.trainLoss(at(length), penalties) > before + 1e-15
        ) length /= 2;
      }
      weights = weights.map((w, j) => w - length * step[j]!);
      if (Math.max(...step.map(Math.abs)) < 1e-13) break;
    }
    return weights;
  }

  /** The training loss, with the penalties. */
  trainLoss(weights: Float64Array, penalties: Float64Array): number {
    let penalty = 0;
    for (let j = 0; j < this.dimension; j++) {
      penalty += penalties[j]! * weights[j]! ** 2 / 2;
    }
    const loss = this.loss("train", weights);
    return penalty + (this.kind === "ridge" ? loss / 2 : loss);
  }

  /** The loss on a part, without penalties. */
  loss(part: keyof Parts, weights: Float64Array): number {
    const { targets } = this.parts[part];
    const raw = this.#scores(part, weights);
    let sum = 0;
    targets.forEach((y, i) => {
      sum += this.kind === "ridge"
        ? (raw[i]! - y) ** 2
        : softplus(raw[i]!) - y * raw[i]!;
    });
    return sum / targets.length;
  }

  /** The derivative of the validation loss with respect to each penalty, `[d]`, at trained weights. */
  async gradient(
    weights: Float64Array,
    penalties: Float64Array,
  ): Promise<Float64Array> {
    const size = this.dimension + 1;
    const hessian = this.#hessian(weights, penalties);
    const { gradient } = await implicitGradient({
      outerGradient: this.#slope("validation", weights).map((x) =>
        this.kind === "ridge" ? 2 * x : x
      ),
      hvp: (v) =>
        v.map((_, j) => {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += hessian[j * size + k]! * v[k]!;
          return sum;
        }),
      crossDerivative: (q) =>
        Float64Array.from(penalties, (_, j) => weights[j]! * q[j]!),
      // Penalties of 10⁻⁵ beside those of 10²: many more steps than dimensions.
      solver: {
        kind: "conjugate gradient",
        tolerance: 1e-12,
        maxIterations: 1000,
      },
    });
    return gradient;
  }

  #scores(part: keyof Parts, weights: Float64Array): Float64Array {
    const { features, targets } = this.parts[part];
    const d = this.dimension;
    return targets.map((_, i) => {
      let sum = weights[d]!;
      for (let j = 0; j < d; j++) sum += weights[j]! * features[i * d + j]!;
      return sum;
    });
  }

  /** Mean of (p − y) times the features, `[d + 1]`. */
  #slope(part: keyof Parts, weights: Float64Array): Float64Array {
    const { features, targets } = this.parts[part];
    const d = this.dimension;
    const sum = new Float64Array(d + 1);
    const raw = this.#scores(part, weights);
    targets.forEach((y, i) => {
      const error = this.#predicted(raw[i]!) - y;
      for (let j = 0; j < d; j++) sum[j]! += error * features[i * d + j]!;
      sum[d]! += error;
    });
    return sum.map((x) => x / targets.length);
  }

  #trainGradient(
    weights: Float64Array,
    penalties: Float64Array,
  ): Float64Array {
    return this.#slope("train", weights)
      .map((x, j) => x + (penalties[j] ?? 0) * weights[j]!);
  }

  #hessian(weights: Float64Array, penalties: Float64Array): Float64Array {
    const { features, targets } = this.parts.train;
    const [d, n] = [this.dimension, targets.length];
    const raw = this.#scores("train", weights);
    const size = d + 1;
    const sum = new Float64Array(size * size);
    const row = new Float64Array(size).fill(1);
    for (let i = 0; i < n; i++) {
      row.set(features.subarray(i * d, (i + 1) * d));
      const p = this.#predicted(raw[i]!);
      const share = (this.kind === "ridge" ? 1 : p * (1 - p)) / n;
      for (let j = 0; j < size; j++) {
        for (let k = 0; k <= j; k++) {
          sum[j * size + k]! += share * row[j]! * row[k]!;
        }
      }
    }
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < j; k++) sum[k * size + j] = sum[j * size + k]!;
      sum[j * size + j]! += penalties[j] ?? 0;
    }
    return sum;
  }

  #predicted(score: number): number {
    return this.kind === "ridge" ? score : 1 / (1 + Math.exp(-score));
  }
}

function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}
