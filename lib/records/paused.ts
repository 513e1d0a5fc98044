import type { TrialRecord } from "./trial.ts";

/**
 * The attribute that marks a running trial as paused: nobody trains it now, and
 * a search with a budget of steps may go on with it. Its value is a
 * {@linkcode PauseNote}.
 */
export const pausedAttribute = "etude:paused";

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
