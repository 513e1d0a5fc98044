/**
 * What samplers that hand out steps need to know of a study.
 *
 * @module
 */

import {
  type Curve,
  isPaused,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Allocation } from "./sampler.ts";

/** The curve of the objective; null if there is none with a point. */
export function objectiveCurve(
  { objectives }: StudyView<unknown>,
  trial: TrialRecord<unknown>,
): Curve | null {
  const curve = trial.curves.get(objectives[0]!.name);
  return curve === undefined || curve.steps.length === 0 ? null : curve;
}

/** The last step that a trial has reported; 0 if there is none. */
export function trainedSteps(
  study: StudyView<unknown>,
  trial: TrialRecord<unknown>,
): number {
  return objectiveCurve(study, trial)?.steps.at(-1) ?? 0;
}

/** The value at a step, or else the last before it; NaN if there is none. */
export function valueAtOrBefore(
  { steps, values }: Curve,
  step: number,
): number {
  for (let i = steps.length - 1; i >= 0; i--) {
    if (steps[i]! <= step) return values[i]!;
  }
  return NaN;
}

/**
 * A trial's value where it is trained to a step, with the sign that makes
 * smaller better; NaN counts as infinitely bad. Null if it has not come so far.
 */
export function valueAtRung(
  study: StudyView<unknown>,
  trial: TrialRecord<unknown>,
  step: number,
): number | null {
  const curve = objectiveCurve(study, trial);
  if (curve === null || curve.steps.at(-1)! < step) return null;
  const value = valueAtOrBefore(curve, step);
  if (Number.isNaN(value)) return Infinity;
  return study.objectives[0]!.direction === "minimize" ? value : -value;
}

/** The rungs: `first`, times `factor` each, and `last` itself; whole numbers, rising. */
export function rungsUpTo(
  last: number,
  { first, factor }: { first: number; factor: number },
): number[] {
  const rungs: number[] = [];
  // A rung right before the end would be a pause for nothing.
  for (let step = first; step * factor <= last; step *= factor) {
    const rounded = Math.round(step);
    if (rounded > (rungs.at(-1) ?? 0)) rungs.push(rounded);
  }
  return [...rungs, last];
}

/**
 * The paused trial to finish instead of what would come next, because after that
 * the budget would not suffice to finish it; null while there is more. So a
 * budget does not end with nothing but beginnings.
 *
 * @param ranked Trials, the most promising first.
 * @param next What would come next.
 */
export function lastToFinish(
  study: StudyView<unknown>,
  ranked: readonly TrialRecord<unknown>[],
  { next, stepsLeft, maxSteps }: {
    next: Allocation<unknown>;
    stepsLeft: number;
    maxSteps: number;
  },
): TrialRecord<unknown> | null {
  const need = (trial: TrialRecord<unknown>) =>
    maxSteps - trainedSteps(study, trial);
  const first = ranked.find((trial) =>
    isPaused(trial) && need(trial) <= stepsLeft
  );
  if (first === undefined) return null;
  // Further turns of the same trial are part of finishing it.
  if (next.kind === "resume" && next.number === first.number) return null;
  const from = next.kind === "new"
    ? 0
    : trainedSteps(study, study.trials[next.number]!);
  return stepsLeft - (next.untilStep - from) < need(first) ? first : null;
}
