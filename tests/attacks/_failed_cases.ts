/**
 * Cases that failed once, by target, as fast-check names them: each is tried again
 * by the tests. Where what is made up changes they become other cases, so what was
 * behind each has a test of its own beside.
 *
 * @module
 */

/** A case that failed once. */
export interface FailedCase {
  /** The target's name. */
  readonly target: string;
  /** Where fast-check began. */
  readonly seed: number;
  /** Which case it was. */
  readonly path: string;
  /** What was wrong. */
  readonly was: string;
}

/** All of them. */
export const failedCases: readonly FailedCase[] = [];
