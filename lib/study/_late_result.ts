import type { TrialRecord } from "../records/mod.ts";
import type { Outcome } from "../storage/mod.ts";
import type { Trial } from "./trial.ts";

/** A trial as its process knows that it ended, where that could not be stored (yet). */
export function endedRecord<C>(
  record: TrialRecord<C>,
  outcome: Outcome,
): TrialRecord<C> {
  const { state, values, error = null, reason, constraints } = outcome;
  return Object.freeze({
    ...record,
    state,
    values,
    value: values?.[0] ?? null,
    error,
    ...reason === undefined ? {} : { reason },
    ...constraints === undefined ? {} : { constraints },
    attributes: Object.freeze({ ...record.attributes, ...outcome.attributes }),
  });
}

/** Whether a stored trial ended as it was told to. */
export function isSameEnd<C>(
  stored: TrialRecord<C>,
  outcome: Outcome,
): boolean {
  const same = (values: readonly number[] | null) =>
    JSON.stringify(values?.map(String) ?? null);
  return stored.state === outcome.state &&
    same(stored.values) === same(outcome.values);
}

/**
 * The result of a trial as a trial of its own, where another process has failed the
 * trial because it took this process for dead (it slept, or was cut off). Null where
 * there is no result, or the trial was failed for another reason.
 */
export function lateResult<C>(
  stored: TrialRecord<C>,
  trial: Trial<C>,
  outcome: Outcome,
): TrialRecord<C> | null {
  const isTakenForDead = stored.state === "failed" &&
    /^Interrupted: the process/.test(stored.error ?? "");
  if (!isTakenForDead || outcome.values === null) return null;
  return Object.freeze({
    ...endedRecord(trial.record(), outcome),
    startedAt: stored.startedAt,
    finishedAt: stored.finishedAt,
    reason:
      `The result of trial ${stored.number}, whose process another one had taken for dead.`,
  });
}
