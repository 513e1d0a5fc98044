import type { TrialRecord } from "./trial.ts";

/**
 * The attribute that marks a running trial as paused: nobody trains it now, and
 * a search with a budget of steps may go on with it. Its value is a
 * {@linkcode PauseNote}.
 */
export const pausedAttribute = "etude:paused";

/**
 * The attribute that counts how often the process died that went on with a paused
 * trial. Such a trial is paused again, up to {@linkcode mostInterruptions} times.
 */
export const interruptionsAttribute = "etude:interruptions";

/** So often a trial may be cut off and paused again: then it is it that ends processes. */
export const mostInterruptions = 3;

/**
 * How often it has been cut off, this time included.
 *
 * @example
 * ```ts
 * import { createStudy, float, interruptionsOf, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 2, progress: false });
 * interruptionsOf(study.trial(0)); // 1: if it were cut off now, it would be the first time
 * ```
 */
export function interruptionsOf(trial: TrialRecord<unknown>): number {
  const before = trial.attributes[interruptionsAttribute];
  return 1 + (typeof before === "number" ? before : 0);
}

/** What is kept of a pause. */
export interface PauseNote {
  /** The last step reported before the pause. */
  readonly step: number;
}

/**
 * Whether a trial is paused: running as far as any other program can see, but
 * with the mark {@linkcode pausedAttribute}.
 *
 * @example
 * ```ts
 * import { createStudy, float, isPaused, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * const trial = await study.ask();
 * isPaused(trial.record()); // false
 * ```
 */
export function isPaused(trial: TrialRecord<unknown>): boolean {
  return trial.state === "running" &&
    trial.attributes[pausedAttribute] !== undefined;
}
