import type { TrialRecord } from "../records/mod.ts";
import { parsePythonJSON } from "./_python_json.ts";
import type { TrialDraft } from "./storage.ts";

/** What a trial that was cut off is tried again with. */
export interface Retry {
  readonly draft: TrialDraft;
  /** Optuna's own marks of a trial that is tried again. */
  readonly systemAttributes: Readonly<Record<string, unknown>>;
}

/**
 * How a trial that was cut off is tried again; null if it has been often enough.
 *
 * @param record The trial.
 * @param historyJSON Its system attribute `retry_history`: the numbers tried before.
 * @param retries How often at most.
 */
export function retryOf(
  record: TrialRecord,
  historyJSON: unknown,
  retries: number,
): Retry | null {
  const before = typeof historyJSON === "string"
    ? parsePythonJSON(historyJSON)
    : [];
  const history = [
    ...Array.isArray(before) ? before : [],
    record.number,
  ];
  if (history.length > retries) return null;
  return {
    draft: {
      state: "waiting",
      params: record.params,
      origin: record.origin,
      reason:
        `Tried again: the process that ran trial ${record.number} is gone.`,
    },
    systemAttributes: { failed_trial: history[0], retry_history: history },
  };
}
