/**
 * What a victim does in each of its trials: known beforehand, so that what is
 * found after its end can be held against it.
 *
 * @module
 */

import { expect } from "@std/expect";
import type { TrialRecord, TrialState } from "../../lib/records/mod.ts";

/** How many points trial `number` reports to each of two curves. */
export function pointsOf(number: number): number {
  return 1 + (number * 37) % 24;
}

/** The value that trial `number` reports at a step. */
export function valueAt(number: number, step: number): number {
  return number + step / 1000;
}

/** How trial `number` ends if it is let. */
export function endOf(number: number): TrialState {
  if (number % 7 === 3) return "failed";
  return number % 11 === 5 ? "pruned" : "complete";
}

/** After trial `number` a configuration is put into the queue. */
export function queuesAfter(number: number): boolean {
  return number % 5 === 4;
}

/** What the objective of a trial throws that is to fail. */
export const plannedFailure = "it was to fail";

/** The text of the line by which a victim says that a trial has ended. */
export function endLine({ number, state, value }: TrialRecord): string {
  return `${number} ${state} ${value}`;
}

const interrupted = /^Interrupted: the process/;

/**
 * Holds a trial of a victim that is gone against the plan: it is whole, or known as
 * interrupted. Gives its points.
 */
export function checkTrial(trial: TrialRecord): number {
  const { number, state } = trial;
  const steps = Array.from({ length: pointsOf(number) }, (_, i) => i + 1);
  const { x } = trial.params as { x: number };
  const loss = trial.curves.get("loss")?.values ?? [];
  const train = trial.curves.get("train loss")?.values ?? [];
  const planned = steps.map((step) => valueAt(number, step));
  if (state === "waiting") {
    expect([number, Object.keys(trial.params)]).toEqual([number, ["x"]]);
    return 0;
  }
  if (state === "failed" && interrupted.test(trial.error!)) {
    // Of its reports, what was stored before: a beginning.
    expect(loss).toEqual(planned.slice(0, loss.length));
    expect(trial.value).toBe(null);
    return loss.length + train.length;
  }
  expect([number, state]).toEqual([number, endOf(number)]);
  expect(loss).toEqual(planned);
  expect(train).toEqual(steps.map(() => x));
  if (state === "failed") expect(trial.error).toContain(plannedFailure);
  expect(trial.value).toBe(
    state === "failed" ? null : state === "pruned" ? planned.at(-1) : x,
  );
  return 2 * steps.length;
}
