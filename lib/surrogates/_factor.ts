/** Cholesky factors of covariances, and what has to hold for there to be one. */

import { cholesky } from "../math/mod.ts";
import type { GaussianProcessData } from "./marginal_likelihood.ts";
import {
  type GaussianProcessHyperparameters,
  selfCovariance,
} from "./matern.ts";

/** The factor of a process's covariances K, with as little jitter as it takes. */
export function factorOf(
  data: GaussianProcessData,
  hyperparameters: GaussianProcessHyperparameters,
): { lower: Float64Array; jitter: number } {
  const n = data.values.length;
  const { noise, outputScale } = hyperparameters;
  const matrix = selfCovariance(data, hyperparameters);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i]! += noise + (data.extraNoise?.[i] ?? 0);
  }
  return factorWithJitter(matrix, n, outputScale);
}

/** The factor of a matrix, with 0, 1e-10, 1e-9, … of the scale added to its diagonal. */
export function factorWithJitter(
  matrix: Float64Array,
  n: number,
  scale: number,
): { lower: Float64Array; jitter: number } {
  for (let jitter = 0; jitter <= 1; jitter = Math.max(1e-10, jitter * 10)) {
    const lower = matrix.slice();
    for (let i = 0; i < n; i++) lower[i * n + i]! += jitter * scale;
    if (cholesky(lower, n)) return { lower, jitter };
  }
  throw new RangeError(
    `Cannot factor the covariances of ${n} points: they are not finite, or far from positive definite`,
  );
}

/** Throws if lengths do not fit, or numbers are not finite or out of range. */
export function checkProcess(
  { inputs, values, dimension, numeric, extraNoise }: GaussianProcessData,
  { lengthscales, outputScale, noise }: GaussianProcessHyperparameters,
): void {
  if (
    inputs.length !== values.length * dimension ||
    lengthscales.length !== dimension ||
    (extraNoise ?? values).length !== values.length ||
    !(numeric >= 0 && numeric <= dimension)
  ) {
    throw new RangeError(
      `Cannot make the Gaussian process: ${inputs.length} numbers for ${values.length} values, ${lengthscales.length} lengthscales, ${numeric} numeric columns and ${
        (extraNoise ?? values).length
      } noises, expected ${dimension} columns a value, as many lengthscales, no more numeric columns and a noise a value`,
    );
  }
  const positive = [...Array.from(lengthscales), outputScale];
  if (
    !positive.every((x) => x > 0 && x < Infinity) ||
    !(noise >= 0 && noise < Infinity) ||
    !values.every(Number.isFinite) || !inputs.every(Number.isFinite) ||
    !(extraNoise?.every((e) => e >= 0 && e < Infinity) ?? true)
  ) {
    throw new RangeError(
      "Cannot make the Gaussian process: a point, value or hyperparameter is NaN, infinite or too small, expected finite numbers, lengthscales and output scale above 0, and noise at least 0",
    );
  }
}
