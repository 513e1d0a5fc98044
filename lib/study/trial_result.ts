import type { ObjectiveValue } from "./_values.ts";

/** What was measured of a trial beside its objective, by name; see `trial.measure`. */
export type Measures = Readonly<Record<string, number>>;

/** What `study.tell` takes: the objective's value, or the objectives' values, or how the trial ended. */
export type TrialResult =
  | ObjectiveValue
  | {
    readonly state: "complete";
    readonly value: ObjectiveValue;
    readonly measures?: Measures;
  }
  | {
    readonly state: "pruned";
    readonly value?: ObjectiveValue;
    readonly reason?: string;
    readonly measures?: Measures;
  }
  | {
    readonly state: "failed";
    readonly error?: string;
    readonly measures?: Measures;
  };

/** How a trial ended, in the one form that all others are brought into. */
export type TrialEnd = Extract<TrialResult, { readonly state: string }>;

/**
 * The one form of a result; what is of none of its forms counts as a value.
 *
 * @example
 * ```ts
 * import { endOf } from "@etude/etude";
 * endOf(0.3); // { state: "complete", value: 0.3 }
 * ```
 */
export function endOf(result: TrialResult): TrialEnd {
  const { state } = (result ?? {}) as { state?: unknown };
  return typeof state === "string"
    ? result as TrialEnd
    : { state: "complete", value: result as ObjectiveValue };
}
