import type { Curve, Objective } from "../records/mod.ts";
import type { Outcome } from "../storage/mod.ts";
import { shown } from "./_shown.ts";
import { readValues } from "./_values.ts";
import { endOf, type TrialResult } from "./trial_result.ts";

/** What was seen of a trial before it was told its result. */
export interface SeenOfTrial {
  /** What the study optimizes. */
  readonly objectives: readonly Objective[];
  /** The curve of the objective, or null. */
  readonly curve: Curve | null;
  /** Why it was asked to stop, or null. */
  readonly stopReason: string | null;
}

/** What to store of a result, by Optuna's rules; throws if it is of another form. */
export function outcomeOf(
  number: number,
  result: TrialResult,
  { objectives, curve, stopReason }: SeenOfTrial,
): Outcome {
  const about = `Cannot tell the result of trial ${number}`;
  const end = endOf(result);
  if (!["complete", "pruned", "failed"].includes(end.state)) {
    throw new TypeError(
      `${about}: found ${
        shown(result)
      }, expected a number, or { state: "complete", value }, { state: "pruned" } or { state: "failed", error }`,
    );
  }
  if (end.state === "failed") {
    return { state: end.state, values: null, error: end.error ?? null };
  }
  const told = end.value === undefined && end.state === "pruned"
    ? null
    : readValues(end.value, objectives);
  if (told !== null && "problem" in told) {
    const { found, expected } = told.problem;
    throw new TypeError(
      `${about}: found ${found}, expected ${expected}, or { state: "complete", value }, { state: "pruned" } or { state: "failed", error }`,
    );
  }
  if (end.state === "complete") {
    const { values } = told!;
    const bad = values.findIndex(Number.isNaN);
    if (bad < 0) return { state: end.state, values: [...values] };
    const which = objectives.length === 1
      ? "The objective's value"
      : `The value of ${JSON.stringify(objectives[bad]!.name)}`;
    return { state: "failed", values: null, error: `${which} is NaN` };
  }
  // As in Optuna, a pruned trial keeps the last value it reported.
  const last = objectives.length === 1 ? curve?.values.at(-1) : undefined;
  const values = last === undefined ? told?.values ?? null : [last];
  const reason = end.reason ?? stopReason;
  return {
    state: end.state,
    values: values === null || values.some(Number.isNaN) ? null : [...values],
    ...(reason === null ? {} : { reason }),
  };
}
