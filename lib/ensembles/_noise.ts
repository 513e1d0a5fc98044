/**
 * How noisy the values of a study are.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `scores` | `[n, K]` | the score of each of n trials on each of K folds |
 * | a, b | | `[n]`, `[K]` | what is the trial's, and what is the fold's own, the same for all trials |
 * | s² | `variance` | `[n]` | what is left: y − a − b |
 *
 * (1) error of a trial against others: √(s² (1/K + ρ)); of all together: √(var(b) (1/K + ρ))
 *
 * What makes a fold hard for all makes no trial look better than another: it does
 * not lead to a wrong choice, but to a wrong value of the chosen one. ρ is 0, or
 * the ratio of test to training samples where the value on new data is asked for.
 *
 * Source: two-way analysis of variance (Fisher, 1925); ρ as in Nadeau and Bengio (2003).
 *
 * @module
 */

import {
  foldScoresOf,
  isDiscarded,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";
import { shown } from "./_data.ts";
import { meanOf, varianceOf } from "./_means.ts";

/** A configuration that may be the best. */
export interface Candidate {
  /** The trial; of a configuration tried several times the first. */
  readonly trial: TrialRecord<unknown>;
  /** Its value, in the objective's units; the mean of several tries. */
  readonly value: number;
  /** The standard error against the others, above 0 where there is noise. */
  readonly error: number;
}

/** Where the standard errors come from. */
export type NoiseSource = "folds" | "given" | "repeats" | "surrogate";

/** The candidates of a study and how noisy they are. */
export interface NoisyCandidates {
  readonly candidates: readonly Candidate[];
  /** The error that all have in common. */
  readonly common: number;
  readonly source: NoiseSource;
  /** How many folds; 0 if it is not from folds. */
  readonly folds: number;
}

/** How much the pooled variance counts against a trial's own, in degrees of freedom. */
const poolFreedom = 8;
/** Fewer degrees of freedom from repeated configurations tell nothing. */
const fewestRepeats = 3;
/** Fewer trials tell a surrogate nothing of the noise. */
const fewestForSurrogate = 12;

/** The complete trials with a finite value, and their errors. */
export function candidatesOf(
  about: string,
  view: StudyView<unknown>,
  given: number | undefined,
  newData: boolean,
): NoisyCandidates {
  const trials = view.trials.filter((trial) =>
    trial.state === "complete" && trial.value !== null &&
    Number.isFinite(trial.value) && isFeasible(trial) && !isDiscarded(trial)
  );
  if (trials.length < 2) {
    throw new RangeError(
      `${about}: there ${
        trials.length === 1 ? "is one complete trial" : "are no complete trials"
      } with a finite value, expected two or more: one cannot be the best of one`,
    );
  }
  if (given !== undefined) {
    if (!(typeof given === "number" && given >= 0 && given < Infinity)) {
      throw new RangeError(
        `${about}: noise is ${
          shown(given)
        }, expected a standard deviation of at least 0`,
      );
    }
    const candidates = mergedOf(trials).map(({ trial, values }) => ({
      trial,
      value: meanOf(values),
      error: given / Math.sqrt(values.length),
    }));
    return { candidates, common: 0, source: "given", folds: 0 };
  }
  return fromFolds(view, trials, newData) ?? fromRepeats(trials) ??
    fromSurrogate(about, view, trials);
}

function fromFolds(
  view: StudyView<unknown>,
  trials: readonly TrialRecord<unknown>[],
  newData: boolean,
): NoisyCandidates | null {
  const sets = new Map<string, TrialRecord<unknown>[]>();
  for (const trial of trials) {
    const kept = foldScoresOf(trial);
    if (
      kept === null || kept.count < 2 || kept.scores.length !== kept.count ||
      !kept.scores.every(Number.isFinite)
    ) continue;
    sets.set(kept.folds, [...sets.get(kept.folds) ?? [], trial]);
  }
  const largest = [...sets.values()].reduce<TrialRecord<unknown>[]>(
    (a, b) => b.length > a.length ? b : a,
    [],
  );
  if (largest.length < 2) return null;
  const sign = view.objectives[0]!.direction === "minimize" ? -1 : 1;
  const rows = largest.map((trial) => ({
    trial,
    scores: foldScoresOf(trial)!.scores,
  })).map((row) => ({ ...row, mean: meanOf(row.scores) }));
  const { count: k, testRatio } = foldScoresOf(largest[0]!)!;
  // The better half: what a failed training does on a fold tells nothing.
  const better = rows.toSorted((a, b) => sign * (b.mean - a.mean))
    .slice(0, Math.max(2, Math.ceil(rows.length / 2)));
  const fold = Array.from(
    { length: k },
    (_, f) => meanOf(better.map(({ scores, mean }) => scores[f]! - mean)),
  );
  const m = better.length;
  const own = (row: (typeof rows)[number], isIn: boolean) =>
    row.scores.reduce((sum, s, f) => sum + (s - row.mean - fold[f]!) ** 2, 0) /
    ((k - 1) * (isIn ? 1 - 1 / m : 1 + 1 / m));
  const inside = new Set(better);
  const pooled = meanOf(better.map((row) => own(row, true)));
  const share = 1 / k + (newData ? testRatio : 0);
  const candidates = rows.map((row) => ({
    trial: row.trial,
    value: row.mean,
    error: Math.sqrt(
      share *
        (poolFreedom * pooled + (k - 1) * own(row, inside.has(row))) /
        (poolFreedom + k - 1),
    ),
  }));
  // What the folds have in common, without what is left of each trial's noise in it.
  const shared = Math.max(0, varianceOf(fold) - pooled / m);
  return {
    candidates,
    common: Math.sqrt(share * shared),
    source: "folds",
    folds: k,
  };
}

/** Trials of equal configurations together. */
function mergedOf(trials: readonly TrialRecord<unknown>[]): {
  readonly trial: TrialRecord<unknown>;
  readonly values: readonly number[];
}[] {
  const merged = new Map<
    string,
    { trial: TrialRecord<unknown>; values: number[] }
  >();
  for (const trial of trials) {
    const key = JSON.stringify(
      Object.entries(trial.params as object).sort(([a], [b]) => a < b ? -1 : 1),
    );
    const found = merged.get(key);
    if (found === undefined) merged.set(key, { trial, values: [trial.value!] });
    else found.values.push(trial.value!);
  }
  return [...merged.values()];
}

function fromRepeats(
  trials: readonly TrialRecord<unknown>[],
): NoisyCandidates | null {
  const merged = mergedOf(trials);
  let [squares, freedom] = [0, 0];
  for (const { values } of merged) {
    if (values.length < 2) continue;
    squares += varianceOf(values) * (values.length - 1);
    freedom += values.length - 1;
  }
  if (freedom < fewestRepeats) return null;
  const candidates = merged.map(({ trial, values }) => ({
    trial,
    value: meanOf(values),
    error: Math.sqrt(squares / freedom / values.length),
  }));
  return { candidates, common: 0, source: "repeats", folds: 0 };
}

function fromSurrogate(
  about: string,
  view: StudyView<unknown>,
  trials: readonly TrialRecord<unknown>[],
): NoisyCandidates {
  if (trials.length < fewestForSurrogate) {
    throw new RangeError(
      `${about}: nothing says how noisy its ${trials.length} values are: give { noise: sd }, run it with crossValidate(…), or try a configuration several times`,
    );
  }
  const error = fitSurrogate(view).noiseSd;
  const candidates = trials.map((trial) => ({
    trial,
    value: trial.value!,
    error,
  }));
  return { candidates, common: 0, source: "surrogate", folds: 0 };
}
