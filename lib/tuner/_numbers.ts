import { formatNumber } from "../charts/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";

/** A number that JSON has, else null. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value)
    ? value
    : null;
}

/** With so many digits that matter. */
export function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** A trial's value as a text, or its state. */
export function shownValue({ value, state }: TrialRecord<unknown>): string {
  return value === null ? state : formatNumber(value);
}

/** Whether there is enough to expect something from: two finite values. */
export function isEnough(view: StudyView<unknown>): boolean {
  let count = 0;
  for (const { state, value } of view.trials) {
    if (state === "complete" && Number.isFinite(value) && ++count === 2) {
      return true;
    }
  }
  return false;
}
