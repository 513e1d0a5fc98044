/**
 * The brackets of Hyperband, and who goes on from a rung.
 *
 * @module
 */

import { isPaused, type StudyView, type TrialRecord } from "../records/mod.ts";
import { objectiveCurve, trainedSteps, valueAtRung } from "./_fidelity.ts";

/** What brackets are made of; the defaults are those of `hyperbandSampler`. */
export interface BracketOptions {
  readonly maxSteps: number;
  readonly minSteps?: number;
  readonly reductionFactor?: number;
  readonly maxBrackets?: number;
}

/** A bracket: the steps at which its trials pause. */
export interface Bracket {
  readonly rungs: readonly number[];
  /** The share of trials that go into this bracket or one before it. */
  readonly until: number;
}

/**
 * The brackets: of S + 1, S = ⌊log_η(R / r)⌋, bracket b has the rungs R·η^(k − s),
 * k = 0 … s, s = S − b, and weight ⌈(S + 1)·η^s / (s + 1)⌉.
 */
export function bracketsOf(
  {
    maxSteps,
    minSteps = 1,
    reductionFactor = 3,
    maxBrackets = Infinity,
  }: BracketOptions,
): readonly Bracket[] {
  const most = Math.floor(
    Math.log(maxSteps / minSteps) / Math.log(reductionFactor) + 1e-9,
  );
  const count = Math.min(most + 1, maxBrackets);
  const weights = Array.from({ length: count }, (_, b) => {
    const s = most - b;
    return Math.ceil((most + 1) * reductionFactor ** s / (s + 1));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight, b) => {
    const s = most - b;
    sum += weight;
    const steps = Array.from(
      { length: s + 1 },
      (_, k) =>
        Math.max(minSteps, Math.round(maxSteps * reductionFactor ** (k - s))),
    );
    return { rungs: [...new Set(steps)], until: sum / total };
  });
}

/** The bracket of a trial: neighbouring numbers are spread over the brackets by their weights. */
export function bracketOf(
  brackets: readonly Bracket[],
  number: number,
): number {
  // Multiples of the golden ratio are spread evenly over [0, 1).
  const place = ((number + 0.5) * 0.6180339887498949) % 1;
  const found = brackets.findIndex(({ until }) => place < until);
  return found < 0 ? brackets.length - 1 : found;
}

interface Promotion {
  readonly number: number;
  readonly untilStep: number;
  readonly reason: string;
}

/** A paused trial among the best 1/η of its rung, of the highest rung first; null if there is none. */
export function promotion<C>(
  study: StudyView<C>,
  brackets: readonly Bracket[],
): Promotion | null {
  const byBracket = brackets.map((): TrialRecord<C>[] => []);
  for (const trial of study.trials) {
    if (objectiveCurve(study, trial) === null) continue;
    byBracket[bracketOf(brackets, trial.number)]!.push(trial);
  }
  for (let back = 2;; back++) {
    let any = false;
    for (const [b, { rungs }] of brackets.entries()) {
      const index = rungs.length - back;
      if (index < 0) continue;
      any = true;
      const found = promotionAt(study, byBracket[b]!, rungs, index);
      if (found !== null) return found;
    }
    if (!any) return null;
  }
}

function promotionAt<C>(
  study: StudyView<C>,
  trials: readonly TrialRecord<C>[],
  rungs: readonly number[],
  index: number,
): Promotion | null {
  const step = rungs[index]!;
  const reached = trials.flatMap((trial) => {
    const value = valueAtRung(study, trial, step);
    return value === null ? [] : [{ trial, value }];
  }).sort((a, b) => a.value - b.value || a.trial.number - b.trial.number);
  const factor = Math.round(rungs[index + 1]! / step);
  const best = reached.slice(0, Math.floor(reached.length / factor));
  const place = best.findIndex(({ trial }) =>
    isPaused(trial) && trainedSteps(study, trial) < rungs[index + 1]!
  );
  if (place < 0) return null;
  return {
    number: best[place]!.trial.number,
    untilStep: rungs[index + 1]!,
    reason: `Place ${place + 1} of ${reached.length} at step ${step}.`,
  };
}

/** The paused trials, the furthest first, and of those as far the best. */
export function ranked<C>(study: StudyView<C>): TrialRecord<C>[] {
  return study.trials.filter((trial) => isPaused(trial))
    .map((trial) => {
      const steps = trainedSteps(study, trial);
      return { trial, steps, value: valueAtRung(study, trial, steps)! };
    })
    .filter(({ value }) => value < Infinity)
    .sort((a, b) => b.steps - a.steps || a.value - b.value)
    .map(({ trial }) => trial);
}
