/**
 * The rule of asynchronous successive halving, shared by the pruners of that
 * name and of Hyperband.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | r | `minResource` | the step of rung 0 where the early stopping rate is 0 |
 * | η | `reductionFactor` | one trial in η goes on |
 * | s | `minEarlyStoppingRate` | how many rungs are left out at the beginning |
 * | k | `rung` | rung k is reached at step r·η^(s+k) |
 *
 * Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning"
 * (2020), algorithm 2, as Optuna 5 has it: a trial that may not go on is
 * stopped, since none is resumed.
 *
 * @module
 */

import { countBelow } from "../math/mod.ts";
import type { Curve, TrialRecord } from "../records/mod.ts";
import type { History } from "./_history.ts";
import { countOf, keep, show, stop } from "./_judgement.ts";
import { askedBefore, firstValueFrom } from "./_points.ts";
import type { Judgement, JudgeRequest } from "./pruner.ts";

/** What makes a bracket of successive halving. */
export interface Halving {
  readonly minResource: number;
  readonly reductionFactor: number;
  readonly minEarlyStoppingRate: number;
  readonly bootstrapTrials: number;
  /** What tells the trials of this bracket from others, and how it is called; null for all. */
  readonly bracket: {
    readonly key: string;
    includes(trial: TrialRecord): boolean;
  } | null;
}

/** The step of a rung. */
export function stepOfRung(
  { minResource, reductionFactor, minEarlyStoppingRate }: Pick<
    Halving,
    "minResource" | "reductionFactor" | "minEarlyStoppingRate"
  >,
  rung: number,
): number {
  return minResource * reductionFactor ** (minEarlyStoppingRate + rung);
}

/** Judges a trial at the rungs that it has reached since it was judged last. */
export function judgeByHalving(
  request: JudgeRequest,
  history: History,
  halving: Halving,
): Judgement {
  const { curve } = request;
  const step = curve.steps.at(-1)!;
  let reached: Judgement | null = null;
  for (let rung = 0;; rung++) {
    const rungStep = stepOfRung(halving, rung);
    if (rungStep > step) {
      return reached ??
        keep(`The next rung is at step ${rungStep}.`);
    }
    if (isPassed(request, rungStep)) continue;
    const value = curve.values.at(-1)!;
    if (Number.isNaN(value)) {
      return stop(`Its value at step ${step}, on rung ${rung}, is NaN.`);
    }
    const judgement = judgeAtRung(request, history, { halving, rung, value });
    if (judgement.stop) return judgement;
    reached = judgement;
  }
}

/** Whether the trial was judged at a rung before, with a value there. */
function isPassed(request: JudgeRequest, rungStep: number): boolean {
  const before = askedBefore(request);
  if (before < rungStep) return false;
  const { steps, values } = request.curve;
  for (let i = steps.length - 2; i >= 0 && steps[i]! >= rungStep; i--) {
    if (!Number.isNaN(values[i]!)) return true;
  }
  return false;
}

function judgeAtRung(
  { number, study }: JudgeRequest,
  history: History,
  { halving, rung, value }: {
    halving: Halving;
    rung: number;
    value: number;
  },
): Judgement {
  const { bracket, reductionFactor, bootstrapTrials } = halving;
  const rungStep = stepOfRung(halving, rung);
  const read = (curve: Curve, trial: TrialRecord) =>
    bracket === null || bracket.includes(trial)
      ? firstValueFrom(curve, rungStep)
      : undefined;
  const column = history.column(`from ${rungStep} ${bracket?.key ?? ""}`, read);
  const others = history.unfinished.flatMap((trial) =>
    trial.number === number ? [] : read(history.curveOf(trial)!, trial) ?? []
  );
  const isMinimized = study.objectives[0]!.direction === "minimize";
  const better = countBetter(column.sorted, value, isMinimized) +
    others.filter((other) => isMinimized ? other < value : other > value)
      .length;
  const size = column.size + others.length + 1;
  const where = `rung ${rung}${bracket === null ? "" : ` of ${bracket.key}`}`;
  if (size <= bootstrapTrials) {
    return stop(
      `It is trial ${size} of the ${bootstrapTrials} that end at ${where}.`,
    );
  }
  const promoted = Math.max(1, Math.floor(size / reductionFactor));
  const sentence = `${show(value)} is place ${better + 1} of ${
    countOf(size, "trial")
  } on ${where} (step ${rungStep}); the best ${
    promoted === 1 ? "one goes" : `${promoted} go`
  } on.`;
  return better < promoted ? keep(sentence) : stop(sentence);
}

function countBetter(
  sorted: readonly number[],
  value: number,
  isMinimized: boolean,
): number {
  if (isMinimized) return countBelow(sorted, value);
  let end = countBelow(sorted, value);
  while (end < sorted.length && sorted[end] === value) end++;
  return sorted.length - end;
}
