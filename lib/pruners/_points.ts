import { countBelow } from "../math/mod.ts";
import { type Curve, type Direction, isBetter } from "../records/mod.ts";
import type { JudgeRequest } from "./pruner.ts";

/** The index of the first step that is not before `step`: `steps.length` if there is none. */
export function indexFrom(steps: readonly number[], step: number): number {
  // Where every step was reported, its place is known.
  const guess = step - (steps[0] ?? 0);
  if (steps[guess] === step) return guess;
  return countBelow(steps, step);
}

/** The value at a step; undefined if it has none. */
export function valueAt(
  { steps, values }: Curve,
  step: number,
): number | undefined {
  const index = indexFrom(steps, step);
  return steps[index] === step ? values[index] : undefined;
}

/** The first value at `step` or later that is not NaN; undefined if there is none. */
export function firstValueFrom(
  { steps, values }: Curve,
  step: number,
): number | undefined {
  for (let i = indexFrom(steps, step); i < steps.length; i++) {
    if (!Number.isNaN(values[i]!)) return values[i];
  }
  return undefined;
}

/** The best of some values, NaN if all are NaN or there is none. */
export function bestOf(
  values: readonly number[],
  direction: Direction,
): number {
  let best = NaN;
  for (const value of values) {
    if (Number.isNaN(best) || isBetter(value, best, direction)) best = value;
  }
  return best;
}

/** The last step reported; null if there is none. */
export function lastStepOf({ steps }: Curve): number | null {
  return steps.at(-1) ?? null;
}

/** The last step before the present one at which the trial was judged; -1 if there is none. */
export function askedBefore({ curve, askedAtStep }: JudgeRequest): number {
  if (askedAtStep !== undefined) return askedAtStep ?? -1;
  return curve.steps.at(-2) ?? -1;
}

/** When a rule acts: not before some steps, and then once in each interval. */
export interface Schedule {
  readonly warmupSteps: number;
  readonly intervalSteps: number;
}

/** Whether the rule is to act now, at the last step of the curve. */
export function isDue(
  request: JudgeRequest,
  { warmupSteps, intervalSteps }: Schedule,
): boolean {
  const step = request.curve.steps.at(-1)!;
  if (step < warmupSteps) return false;
  const intervals = Math.floor((step - warmupSteps) / intervalSteps);
  return askedBefore(request) < intervals * intervalSteps + warmupSteps;
}
