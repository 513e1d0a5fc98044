/**
 * What the bench asks of an optimizer, ours or another's.
 *
 * @module
 */

import type { Direction } from "../../../lib/records/mod.ts";
import type { Configuration, Space } from "../../../lib/space/mod.ts";

/** What a run is about. */
export interface RunOptions {
  /** What is searched. */
  readonly space: Space;
  /** Which values are better. */
  readonly direction: Direction;
  /** The seed of the optimizer. */
  readonly seed: number;
  /** How many trials there will be: some optimizers plan with it. */
  readonly trials: number;
}

/** A suggestion, and how long it took. */
export interface TimedSuggestion {
  /** The configuration. */
  readonly params: Configuration;
  /** What the optimizer took for it, in milliseconds of a processor. */
  readonly ms: number;
}

/** One run: asked and told in turn. */
export interface OptimizerRun {
  /** The version of the package. */
  readonly version: string;
  /** The next configuration. */
  ask(): Promise<TimedSuggestion>;
  /**
   * Takes the value of the last one.
   *
   * @returns What it took the optimizer, in milliseconds of a processor.
   */
  tell(value: number): Promise<number>;
  /** Ends the run. */
  close(): Promise<void>;
}

/** An optimizer. */
export interface Optimizer {
  /** Its name, as on the command line. */
  readonly name: string;
  /** Begins a run. */
  start(options: RunOptions): Promise<OptimizerRun>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
