/**
 * What is measured of a data set's columns and classes.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | R | `correlations` | `[d, d]` | the correlations of the columns |
 * | λ | `spectrum` | `[d]` | the eigenvalues of R, the largest first; they sum to d |
 *
 * Source: the names and definitions of pymfe 0.4 (Alcobaça et al., MFE: towards
 * reproducible meta-feature extraction, JMLR 2020), on standardized columns.
 *
 * @module
 */

import { moments, symmetricEigenvalues } from "../math/mod.ts";
import { designMatrix, type Sample } from "./_columns.ts";
import { landmarksOf } from "./_landmarkers.ts";
import { classCounts, type Target } from "./_target.ts";
import type { DataFeatures, Landmarks } from "./task.ts";

type ColumnFeatures = Pick<
  DataFeatures,
  | "skewMean"
  | "skewSd"
  | "kurtosisMean"
  | "kurtosisSd"
  | "correlationMean"
  | "correlationSd"
  | "pcaFirst"
  | "pca95"
  | "pcaEvenness"
>;

/** Statistics of the columns of numbers; those that never change are left out. */
export function columnFeatures(sample: Sample): ColumnFeatures {
  const numbers = sample.columns.filter(({ levels }) => levels === 0);
  const shapes = numbers.map(({ values }) => moments(values))
    .filter(({ sd }) => sd > 0);
  const skew = spread(shapes.map(({ skewness }) => skewness));
  const kurtosis = spread(shapes.map(({ kurtosis }) => kurtosis));
  const n = sample.rows.length;
  const { matrix, width } = designMatrix(numbers, n);
  const correlations = correlationsOf(matrix, n, width);
  const pairs: number[] = [];
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < a; b++) {
      pairs.push(Math.abs(correlations[a * width + b]!));
    }
  }
  const correlation = spread(pairs);
  return {
    skewMean: skew.mean,
    skewSd: skew.sd,
    kurtosisMean: kurtosis.mean,
    kurtosisSd: kurtosis.sd,
    correlationMean: correlation.mean,
    correlationSd: correlation.sd,
    ...spectrumFeatures(symmetricEigenvalues(correlations, width)),
  };
}

function spread(
  values: readonly number[],
): { mean: number | null; sd: number | null } {
  if (values.length === 0) return { mean: null, sd: null };
  const { mean, sd } = moments(values);
  return { mean, sd };
}

/** R of columns of mean 0 and standard deviation 1. */
function correlationsOf(
  matrix: Float64Array,
  n: number,
  d: number,
): Float64Array {
  const result = new Float64Array(d * d);
  for (let row = 0; row < n; row++) {
    for (let a = 0; a < d; a++) {
      const x = matrix[row * d + a]!;
      if (x === 0) continue;
      for (let b = 0; b <= a; b++) {
        result[a * d + b]! += x * matrix[row * d + b]! / n;
      }
    }
  }
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) result[b * d + a] = result[a * d + b]!;
  }
  return result;
}

function spectrumFeatures(spectrum: Float64Array) {
  const d = spectrum.length;
  const total = spectrum.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (!(total > 0)) return { pcaFirst: null, pca95: null, pcaEvenness: null };
  let squares = 0;
  let [seen, components] = [0, 0];
  for (const value of spectrum) {
    const share = Math.max(0, value) / total;
    squares += share * share;
    if (seen < 0.95) components++;
    seen += share;
  }
  return {
    pcaFirst: spectrum[0]! / total,
    pca95: components / d,
    pcaEvenness: 1 / squares / d,
  };
}

type TargetFeatures = Pick<
  DataFeatures,
  | "classes"
  | "majorityShare"
  | "minorityShare"
  | "classBalance"
  | "targetSkew"
  | "targetKurtosis"
>;

/** What is measured of the target; all null if there is none. */
export function targetFeatures(target: Target | null): TargetFeatures {
  const none = {
    classes: null,
    majorityShare: null,
    minorityShare: null,
    classBalance: null,
    targetSkew: null,
    targetKurtosis: null,
  };
  if (target === null) return none;
  if (target.kind === "regression") {
    const { skewness, kurtosis } = moments(target.values);
    return { ...none, targetSkew: skewness, targetKurtosis: kurtosis };
  }
  const counts = classCounts(target);
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) return { ...none, classes: 0 };
  const shares = counts.map((count) => count / total);
  const entropy = shares.reduce((sum, p) => sum - p * Math.log2(p), 0);
  return {
    ...none,
    classes: target.classes,
    majorityShare: Math.max(...shares),
    minorityShare: Math.min(...shares),
    classBalance: target.classes === 1
      ? 0
      : entropy / Math.log2(target.classes),
  };
}

/** The landmarks of the sampled rows whose target is known. */
export function landmarkFeatures(
  sample: Sample,
  target: Target,
  folds: number,
): Landmarks {
  const known = Int32Array.from(sample.rows.keys()).filter((i) =>
    !Number.isNaN(target.values[sample.rows[i]!])
  );
  const columns = sample.columns.map(({ values, levels }) => ({
    values: Float64Array.from(known, (i) => values[i]!),
    levels,
  }));
  const { matrix, width } = designMatrix(columns, known.length);
  // Classes anew, by first appearance among these rows.
  const codes = new Map<number, number>();
  const labels = Float64Array.from(known, (i) => {
    const value = target.values[sample.rows[i]!]!;
    if (target.kind === "regression") return value;
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  });
  return landmarksOf({ matrix, width, labels, classes: codes.size }, folds);
}
