import type { Configuration } from "../space/mod.ts";
import type { Curve } from "./curve.ts";
import type { Prediction } from "./prediction.ts";

/** Where a trial stands. Optuna's names: WAITING, RUNNING, COMPLETE, PRUNED, FAIL. */
export type TrialState =
  | "waiting"
  | "running"
  | "complete"
  | "pruned"
  | "failed";

/**
 * Who chose a trial's configuration: a sampler, a person (`try`), a queue
 * (`enqueue`), or another program that works on the same study.
 */
export type TrialOrigin = "sampler" | "manual" | "enqueued" | "other program";

/** A trial as plain, frozen data. `C` is the type of its configuration. */
export interface TrialRecord<C = Configuration> {
  /** The number in the study, from 0, in the order in which trials were made. */
  readonly number: number;
  /** Where it stands. */
  readonly state: TrialState;
  /** Its configuration; of a waiting trial, the part that is fixed. */
  readonly params: C;
  /** The value of the (first) objective as the user said it, may be infinite; null where there is none. */
  readonly value: number | null;
  /** A value an objective, or null where there is none. */
  readonly values: readonly number[] | null;
  /** A value a constraint of the study, ≤ 0 when kept, null where it is not known; absent where the study has none. */
  readonly constraints?: readonly (number | null)[];
  /** The curves reported, by name, e.g. `"validation loss"`. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** When it began to run; null for a waiting one. */
  readonly startedAt: Date | null;
  /** When it ended; null for a waiting or running one. */
  readonly finishedAt: Date | null;
  /** How long it ran, in milliseconds; null for a waiting or running one, and where the clock was set back meanwhile. */
  readonly durationMs: number | null;
  /** The text of the error that made it fail, or null. */
  readonly error: string | null;
  /** Who chose the configuration. */
  readonly origin: TrialOrigin;
  /** Why this configuration, or why it was stopped, in words; null where nobody said. */
  readonly reason: string | null;
  /** What the surrogate expected of it before it ran; null where there was none. */
  readonly forecast: Prediction | null;
  /** What the user attached, by key: JSON values. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Whether a trial in that state is over: it will never change again.
 *
 * @example
 * ```ts
 * import { isFinished } from "@etude/etude";
 * isFinished("pruned"); // true
 * isFinished("running"); // false
 * ```
 */
export function isFinished(state: TrialState): boolean {
  return state === "complete" || state === "pruned" || state === "failed";
}
