import type { CheckpointStore } from "./run.ts";

/** Keeps states in memory: any value, gone with the process. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #states = new Map<number, { step: number; state: unknown }>();

  /** Keeps the state of a trial; the one before is let go. */
  save(number: number, step: number, state: unknown): void {
    this.#states.set(number, { step, state });
  }

  /** The state of a trial, or null. */
  load(number: number): { step: number; state: unknown } | null {
    return this.#states.get(number) ?? null;
  }

  /** Lets the state of a trial go. */
  drop(number: number): void {
    this.#states.delete(number);
  }
}
