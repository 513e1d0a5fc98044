import type { Curve } from "../records/mod.ts";
import type { Outcome } from "../storage/mod.ts";
import type { TrialResult } from "./trial_result.ts";

/** What was seen of a trial before it was told its result. */
export interface SeenOfTrial {
  /** The curve of the objective, or null. */
  readonly curve: Curve | null;
  /** Why it was asked to stop, or null. */
  readonly stopReason: string | null;
}

/** What to store of a result, by Optuna's rules; throws if it is of another form. */
export function outcomeOf(
  number: number,
  result: TrialResult,
  seen: SeenOfTrial,
): Outcome {
  const about = `Cannot tell the result of trial ${number}`;
  const told = typeof result === "number"
    ? { state: "complete", value: result } as const
    : result;
  const state = told?.state;
  if (state !== "complete" && state !== "pruned" && state !== "failed") {
    throw new TypeError(
      `${about}: found ${
        JSON.stringify(result) ?? String(result)
      }, expected a number, or { state: "complete", value }, { state: "pruned" } or { state: "failed", error }`,
    );
  }
  if (told.state === "failed") {
    return { state, values: null, error: told.error ?? null };
  }
  if (told.value !== undefined && typeof told.value !== "number") {
    throw new TypeError(
      `${about}: the value is ${JSON.stringify(told.value)}, expected a number`,
    );
  }
  if (told.state === "complete") {
    if (told.value === undefined) {
      throw new TypeError(
        `${about}: the value is missing, expected { state: "complete", value }`,
      );
    }
    return Number.isNaN(told.value)
      ? { state: "failed", values: null, error: "The objective's value is NaN" }
      : { state, values: [told.value] };
  }
  // As in Optuna, a pruned trial keeps the last value it reported.
  const value = seen.curve?.values.at(-1) ?? told.value ?? NaN;
  const reason = told.reason ?? seen.stopReason;
  return {
    state,
    values: Number.isNaN(value) ? null : [value],
    ...(reason === null ? {} : { reason }),
  };
}
