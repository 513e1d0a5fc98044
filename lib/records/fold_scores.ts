import type { TrialRecord } from "./trial.ts";

/** The attribute that keeps what the folds of a trial brought: a {@linkcode FoldScores}. */
export const foldsAttribute = "etude:folds";

/** What the folds of a trial brought, in the objective's units. */
export interface FoldScores {
  /** The score of each fold run, in the folds' order. */
  readonly scores: readonly number[];
  /** Their mean. */
  readonly mean: number;
  /** The standard error of the mean, as if the folds were independent of each other; null with one fold. */
  readonly se: number | null;
  /** How many folds there are; of a trial stopped by racing, more than there are scores. */
  readonly count: number;
  /** How many times as large the training part is: samples measured on / samples trained on, the mean over the folds. */
  readonly testRatio: number;
  /** Tells whether two trials were measured on the same folds: equal texts for equal folds. */
  readonly folds: string;
}

/**
 * The name of the curve that keeps the score of each fold, one a step from 1.
 *
 * @example
 * ```ts
 * import { foldCurveName } from "@etude/etude/ensembles";
 * foldCurveName("accuracy"); // "accuracy by fold"
 * ```
 */
export function foldCurveName(objective: string): string {
  return `${objective} by fold`;
}

/**
 * What the folds of a trial brought; null if it was not cross-validated by
 * `crossValidate`.
 *
 * @param trial The trial.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { crossValidate, folds, foldScoresOf } from "@etude/etude/ensembles";
 * const study = await createStudy({ name: "cv", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory" });
 * const objective = crossValidate(study, (trial, fold) => trial.params.x + fold.index / 10, { folds: folds(20, { count: 4 }) });
 * await study.optimize(objective, { trials: 1, progress: false });
 * foldScoresOf(study.trial(0))!.scores.length; // 4
 * ```
 */
export function foldScoresOf(trial: TrialRecord<unknown>): FoldScores | null {
  const kept = trial.attributes[foldsAttribute];
  if (typeof kept !== "object" || kept === null) return null;
  const { scores } = kept as { readonly scores?: unknown };
  return Array.isArray(scores) &&
      scores.every(Number.isFinite)
    ? kept as FoldScores
    : null;
}
