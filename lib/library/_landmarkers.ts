/**
 * Simple learners, each a few lines, that say how hard a data set is.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `matrix` | `[n, d]` | the inputs, standardized, row after row |
 * | y | `labels` | `[n]` | classes from 0, or numbers |
 * | K | `classes` | | the number of classes; 0 for numbers |
 *
 * - Nearest neighbor: the label of the nearest training row, Euclidean.
 * - Stump: one split of one column, chosen by Gini impurity, for numbers by
 *   squared error.
 * - Linear discriminants: Gaussians with a shared covariance S, which gets a
 *   ridge of 1e-4 of its mean diagonal, so that columns may depend on each
 *   other: log p(k | x) = xᵀ S⁻¹ μₖ − ½ μₖᵀ S⁻¹ μₖ + log πₖ. For numbers
 *   ridge regression with penalty 1.
 * - Naive Bayes: Gaussians with a variance a class and column, plus 1e-9 of the
 *   largest.
 *
 * Source: landmarking, Pfahringer, Bensusan and Giraud-Carrier (2000); the
 * choice of learners as in pymfe (`one_nn`, `best_node`, `linear_discr`,
 * `naive_bayes`).
 *
 * @module
 */

import { cholesky, solveLower, solveLowerTransposed } from "../math/mod.ts";
import { contiguousFolds, stratifiedFolds } from "./_folds.ts";
import type { Landmarks } from "./task.ts";

/** What the learners learn from. */
export interface LandmarkData {
  /** X, `[n, d]`. */
  readonly matrix: Float64Array;
  /** d. */
  readonly width: number;
  /** y, `[n]`. */
  readonly labels: Float64Array;
  /** K; 0 for numbers. */
  readonly classes: number;
}

/** Training rows, and where to write the answers for the test rows. */
interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly answers: Float64Array;
}

type Learner = (data: LandmarkData, split: Split) => void;

/** All learners, cross-validated in `folds` parts. Null for each if there are fewer rows than folds, or no columns. */
export function landmarksOf(data: LandmarkData, folds: number): Landmarks {
  const n = data.labels.length;
  const isClass = data.classes > 0;
  if (n < 2 * folds || data.width === 0 || data.classes === 1) {
    return Object.freeze({
      nearestNeighbor: null,
      stump: null,
      linear: null,
      naiveBayes: null,
    });
  }
  const fold = isClass
    ? stratifiedFolds(data.labels, folds)
    : contiguousFolds(n, folds);
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const parts = Array.from({ length: folds }, (_, f) => ({
    train: all.filter((i) => fold[i] !== f),
    test: all.filter((i) => fold[i] === f),
  }));
  const score = (learner: Learner) => {
    // The mean of the folds' scores, as cross_val_score has it.
    let sum = 0;
    for (const { train, test } of parts) {
      const answers = new Float64Array(test.length);
      learner(data, { train, test, answers });
      sum += scoreOf(data, test, answers);
    }
    return sum / folds;
  };
  return Object.freeze({
    nearestNeighbor: score(nearestNeighbor),
    stump: score(stump),
    linear: score(isClass ? linearDiscriminants : ridgeRegression),
    naiveBayes: isClass ? score(naiveBayes) : null,
  });
}

function scoreOf(
  { labels, classes }: LandmarkData,
  test: Int32Array,
  answers: Float64Array,
): number {
  if (classes > 0) {
    return test.reduce(
      (sum, row, i) => sum + +(labels[row] === answers[i]),
      0,
    ) /
      test.length;
  }
  const mean = test.reduce((sum, row) => sum + labels[row]!, 0) / test.length;
  let [residual, total] = [0, 0];
  test.forEach((row, i) => {
    residual += (labels[row]! - answers[i]!) ** 2;
    total += (labels[row]! - mean) ** 2;
  });
  return total > 0 ? 1 - residual / total : residual > 0 ? 0 : 1;
}

function nearestNeighbor(
  { matrix, width, labels }: LandmarkData,
  { train, test, answers }: Split,
): void {
  test.forEach((row, i) => {
    const at = row * width;
    let [best, least] = [0, Infinity];
    for (const other of train) {
      const from = other * width;
      let sum = 0;
      for (let k = 0; k < width && sum < least; k++) {
        const difference = matrix[at + k]! - matrix[from + k]!;
        sum += difference * difference;
      }
      if (sum < least) [best, least] = [labels[other]!, sum];
    }
    answers[i] = best;
  });
}

function stump(
  { matrix, width, labels, classes }: LandmarkData,
  { train, test, answers }: Split,
): void {
  const n = train.length;
  const size = Math.max(1, classes);
  const total = new Float64Array(size);
  for (const row of train) {
    if (classes > 0) total[labels[row]!]!++;
    else total[0]! += labels[row]!;
  }
  let best = { gain: -Infinity, column: -1, at: 0 };
  const left = new Float64Array(size);
  for (let column = 0; column < width; column++) {
    const at = (row: number) => matrix[row * width + column]!;
    const order = Int32Array.from(train).sort((a, b) => at(a) - at(b));
    left.fill(0);
    // Σ (left counts)² and Σ (right counts)²; for numbers, the sums squared.
    let leftSquares = 0;
    let rightSquares = total.reduce((sum, count) => sum + count * count, 0);
    for (let i = 0; i < n - 1; i++) {
      const label = labels[order[i]!]!;
      if (classes > 0) {
        leftSquares += 2 * left[label]! + 1;
        rightSquares -= 2 * (total[label]! - left[label]!) - 1;
        left[label]!++;
      } else {
        left[0]! += label;
        leftSquares = left[0]! ** 2;
        rightSquares = (total[0]! - left[0]!) ** 2;
      }
      const [a, b] = [at(order[i]!), at(order[i + 1]!)];
      if (b - a <= 1e-7) continue;
      const gain = leftSquares / (i + 1) + rightSquares / (n - i - 1);
      if (gain > best.gain * (1 + 1e-12)) {
        best = { gain, column, at: (a + b) / 2 };
      }
    }
  }
  const side = (row: number) =>
    best.column < 0 || matrix[row * width + best.column]! <= best.at;
  const [yes, no] = [true, false].map((wanted) =>
    answerOf(train.filter((row) => side(row) === wanted), labels, classes)
  );
  test.forEach((row, i) => {
    answers[i] = side(row) ? yes! : no!;
  });
}

/** The most frequent class, or the mean. */
function answerOf(
  rows: Int32Array,
  labels: Float64Array,
  classes: number,
): number {
  if (classes === 0) {
    return rows.reduce((sum, row) => sum + labels[row]!, 0) / rows.length;
  }
  const counts = new Float64Array(classes);
  for (const row of rows) counts[labels[row]!]!++;
  return counts.indexOf(Math.max(...counts));
}

/** Counts and means of the classes, `[K]` and `[K, d]`. */
function classMeans(
  { matrix, width, labels, classes }: LandmarkData,
  train: Int32Array,
) {
  const counts = new Float64Array(classes);
  const means = new Float64Array(classes * width);
  for (const row of train) {
    const label = labels[row]!;
    counts[label]!++;
    for (let k = 0; k < width; k++) {
      means[label * width + k]! += matrix[row * width + k]!;
    }
  }
  for (let label = 0; label < classes; label++) {
    for (let k = 0; k < width; k++) {
      means[label * width + k]! /= Math.max(1, counts[label]!);
    }
  }
  return { counts, means };
}

const ridge = 1e-4;

function linearDiscriminants(data: LandmarkData, split: Split): void {
  const { matrix, width: d, labels, classes } = data;
  const { train, test, answers } = split;
  const { counts, means } = classMeans(data, train);
  const scatter = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (const index of train) {
    const label = labels[index]!;
    for (let k = 0; k < d; k++) {
      row[k] = matrix[index * d + k]! - means[label * d + k]!;
    }
    addOuter(scatter, row);
  }
  const degrees = Math.max(1, train.length - classes);
  for (let k = 0; k < scatter.length; k++) scatter[k]! /= degrees;
  addRidge(scatter, d, ridge);
  // wₖ = S⁻¹ μₖ
  const weights = solved(scatter, d, means);
  const offsets = counts.map((count, label) => {
    let dot = 0;
    for (let k = 0; k < d; k++) {
      dot += means[label * d + k]! * weights[label * d + k]!;
    }
    return Math.log(count / train.length) - dot / 2;
  });
  test.forEach((index, i) => {
    let [best, most] = [0, -Infinity];
    for (let label = 0; label < classes; label++) {
      let sum = offsets[label]!;
      for (let k = 0; k < d; k++) {
        sum += matrix[index * d + k]! * weights[label * d + k]!;
      }
      if (sum > most) [best, most] = [label, sum];
    }
    answers[i] = best;
  });
}

function ridgeRegression(
  { matrix, width: d, labels }: LandmarkData,
  { train, test, answers }: Split,
): void {
  const means = new Float64Array(d);
  let center = 0;
  for (const row of train) {
    center += labels[row]! / train.length;
    for (let k = 0; k < d; k++) {
      means[k]! += matrix[row * d + k]! / train.length;
    }
  }
  const gram = new Float64Array(d * d);
  const right = new Float64Array(d);
  const centered = new Float64Array(d);
  for (const row of train) {
    for (let k = 0; k < d; k++) {
      centered[k] = matrix[row * d + k]! - means[k]!;
      right[k]! += centered[k]! * (labels[row]! - center);
    }
    addOuter(gram, centered);
  }
  for (let k = 0; k < d; k++) gram[k * d + k]! += 1;
  const weights = solved(gram, d, right);
  test.forEach((row, i) => {
    let sum = center;
    for (let k = 0; k < d; k++) {
      sum += (matrix[row * d + k]! - means[k]!) * weights[k]!;
    }
    answers[i] = sum;
  });
}

function naiveBayes(data: LandmarkData, split: Split): void {
  const { matrix, width: d, labels, classes } = data;
  const { train, test, answers } = split;
  const { counts, means } = classMeans(data, train);
  const variances = new Float64Array(classes * d);
  const [sums, squares] = [new Float64Array(d), new Float64Array(d)];
  for (const row of train) {
    const label = labels[row]!;
    for (let k = 0; k < d; k++) {
      const x = matrix[row * d + k]!;
      variances[label * d + k]! += (x - means[label * d + k]!) ** 2 /
        counts[label]!;
      sums[k]! += x / train.length;
      squares[k]! += x * x / train.length;
    }
  }
  const widest = squares.reduce(
    (most, square, k) => Math.max(most, square - sums[k]! ** 2),
    0,
  );
  test.forEach((row, i) => {
    let [best, most] = [0, -Infinity];
    for (let label = 0; label < classes; label++) {
      if (counts[label] === 0) continue;
      let sum = Math.log(counts[label]! / train.length);
      for (let k = 0; k < d; k++) {
        const variance = variances[label * d + k]! + 1e-9 * widest;
        const distance = matrix[row * d + k]! - means[label * d + k]!;
        sum -= (Math.log(variance) + distance * distance / variance) / 2;
      }
      if (sum > most) [best, most] = [label, sum];
    }
    answers[i] = best;
  });
}

/** Adds x xᵀ to the lower triangle. */
function addOuter(matrix: Float64Array, x: Float64Array): void {
  const d = x.length;
  for (let a = 0; a < d; a++) {
    const factor = x[a]!;
    if (factor === 0) continue;
    for (let b = 0; b <= a; b++) matrix[a * d + b]! += factor * x[b]!;
  }
}

/** Adds a share of the mean diagonal to the diagonal. */
function addRidge(matrix: Float64Array, d: number, share: number): void {
  let trace = 0;
  for (let k = 0; k < d; k++) trace += matrix[k * d + k]!;
  const added = trace > 0 ? share * trace / d : 1;
  for (let k = 0; k < d; k++) matrix[k * d + k]! += added;
}

/** A⁻¹ b for rows b; A is overwritten. */
function solved(
  matrix: Float64Array,
  d: number,
  rows: Float64Array,
): Float64Array {
  const solution = Float64Array.from(rows);
  if (!cholesky(matrix, d)) return solution.fill(0);
  solveLower(matrix, solution);
  solveLowerTransposed(matrix, solution);
  return solution;
}
