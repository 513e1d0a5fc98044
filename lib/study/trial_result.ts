import type { ObjectiveValue } from "./_values.ts";

/** What `study.tell` takes: the objective's value, or the objectives' values, or how the trial ended. */
export type TrialResult =
  | ObjectiveValue
  | { readonly state: "complete"; readonly value: ObjectiveValue }
  | {
    readonly state: "pruned";
    readonly value?: ObjectiveValue;
    readonly reason?: string;
  }
  | { readonly state: "failed"; readonly error?: string };

/** How a trial ended, in the one form that all others are brought into. */
export type TrialEnd = Extract<TrialResult, { readonly state: string }>;

/** The one form of a result; what is of none of its forms counts as a value. */
export function endOf(result: TrialResult): TrialEnd {
  const { state } = (result ?? {}) as { state?: unknown };
  return typeof state === "string"
    ? result as TrialEnd
    : { state: "complete", value: result as ObjectiveValue };
}
