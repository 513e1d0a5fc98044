/**
 * Two configurations on the same folds.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | d | `differences` | first less second, a fold each, `[k]` |
 * | ρ | `testRatio` | samples measured on / samples trained on |
 *
 * (1) t = d̄ / √((1/k + ρ) s²), with k − 1 degrees of freedom
 *
 * Without ρ this is the plain paired t-test, which takes folds that share their
 * training samples for independent and finds differences that are none.
 *
 * Source: Nadeau and Bengio, Inference for the Generalization Error (2003),
 * equation 29 (the corrected resampled t-test); Wilcoxon (1945).
 *
 * @module
 */

import { signedRankTail } from "../pruners/mod.ts";
import {
  type Direction,
  foldScoresOf,
  type TrialRecord,
} from "../records/mod.ts";
import { studentQuantile, studentTail } from "./_student.ts";
import { shown } from "./_data.ts";
import { meanOf, varianceOf } from "./_means.ts";

/** Options of {@linkcode compareFolds}. */
export interface CompareFoldsOptions {
  /** Which scores are better, for the sentence. Defaults to `"maximize"`. */
  readonly direction?: Direction;
  /**
   * Samples measured on / samples trained on, above 0. Defaults to what the
   * trials say, else to 1 / (folds − 1), as in one round of k folds.
   */
  readonly testRatio?: number;
}

/** What {@linkcode compareFolds} gives. */
export interface FoldComparison {
  /** The mean of first less second. */
  readonly difference: number;
  /** The 90 % interval of the difference, corrected as `pValue` is. */
  readonly interval: readonly [number, number];
  /** How many folds both have. */
  readonly folds: number;
  /** Equation (1); 0 if all differences are 0. */
  readonly t: number;
  /** How probable a t so far from 0 is were they equal, both sides: corrected resampled t-test. */
  readonly pValue: number;
  /** The same by Wilcoxon's signed-rank test, which does not take differences for normal, but folds for independent. */
  readonly wilcoxon: number;
  /** What it means. */
  readonly sentence: string;
}

/**
 * Compares two configurations on the folds that both have run.
 *
 * @param pair Two trials that were cross-validated on the same folds, or their
 * scores, a number a fold, finite.
 * @param options Which scores are better, and how large folds are.
 * @throws {TypeError} If it is no pair of trials or of arrays of numbers.
 * @throws {RangeError} If the folds are not the same, or they share fewer than
 * two, or scores are not finite.
 *
 * @example
 * ```ts
 * import { compareFolds } from "@etude/etude/ensembles";
 * compareFolds([[0.9, 0.92, 0.91, 0.93], [0.85, 0.88, 0.86, 0.87]]).pValue < 0.05; // true
 * ```
 */
export function compareFolds(
  pair: readonly [
    TrialRecord<unknown> | readonly number[],
    TrialRecord<unknown> | readonly number[],
  ],
  options: CompareFoldsOptions = {},
): FoldComparison {
  const about = "Cannot compare folds";
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new TypeError(
      `${about}: found ${shown(pair)}, expected two trials, or their scores`,
    );
  }
  const [a, b] = [scoresOf(about, pair[0]), scoresOf(about, pair[1])];
  if (a.folds !== b.folds) {
    throw new RangeError(
      `${about}: the two were not measured on the same folds`,
    );
  }
  if (a.folds === null && a.scores.length !== b.scores.length) {
    throw new RangeError(
      `${about}: there are ${a.scores.length} and ${b.scores.length} scores, expected as many`,
    );
  }
  const k = Math.min(a.scores.length, b.scores.length);
  if (k < 2) {
    throw new RangeError(
      `${about}: they share ${k} fold${
        k === 1 ? "" : "s"
      }, expected two or more`,
    );
  }
  const differences = Array.from(
    { length: k },
    (_, i) => a.scores[i]! - b.scores[i]!,
  );
  const { direction = "maximize", testRatio = a.testRatio ?? 1 / (k - 1) } =
    options;
  if (!(testRatio > 0 && testRatio < Infinity)) {
    throw new RangeError(
      `${about}: testRatio is ${shown(testRatio)}, expected a number above 0`,
    );
  }
  const difference = meanOf(differences);
  const error = Math.sqrt((1 / k + testRatio) * varianceOf(differences));
  const t = difference === 0 ? 0 : difference / error;
  const pValue = Math.min(1, 2 * studentTail(Math.abs(t), k - 1));
  const half = error * studentQuantile(0.05, k - 1);
  const above = signedRankTail(differences);
  const below = signedRankTail(differences.map((d) => -d));
  const isFirst = direction === "maximize" ? difference > 0 : difference < 0;
  const by = `${show(Math.abs(difference))} on ${k} folds`;
  return Object.freeze<FoldComparison>({
    difference,
    interval: Object.freeze([difference - half, difference + half] as const),
    folds: k,
    t,
    pValue,
    wilcoxon: Math.min(1, 2 * Math.min(above, below)),
    sentence: difference === 0
      ? `The two are equal on average on ${k} folds.`
      : pValue < 0.05
      ? `The ${isFirst ? "first" : "second"} is better by ${by}: p = ${
        show(pValue)
      } by the corrected t-test.`
      : `They cannot be told apart: the ${
        isFirst ? "first" : "second"
      } is better by ${by}, which may well be chance (p = ${show(pValue)}).`,
  });
}

function scoresOf(
  about: string,
  found: TrialRecord<unknown> | readonly number[],
): {
  readonly scores: readonly number[];
  readonly folds: string | null;
  readonly testRatio?: number;
} {
  const kept = Array.isArray(found)
    ? { scores: found as readonly number[], folds: null }
    : foldScoresOf(found as TrialRecord<unknown>);
  if (kept === null) {
    throw new RangeError(
      `${about}: trial ${
        shown((found as TrialRecord<unknown>).number)
      } was not cross-validated`,
    );
  }
  const odd = kept.scores.find((score) => !Number.isFinite(score));
  if (odd === undefined) return kept;
  throw new RangeError(`${about}: a score is ${odd}, expected a finite number`);
}

function show(value: number): string {
  return String(Number(value.toPrecision(3)));
}
