import type { Configuration } from "../space/mod.ts";
import type { Suggestion, SuggestRequest } from "./sampler.ts";

/** What a sampler is asked where the budget is given in steps. */
export interface AllocationRequest<C = Configuration>
  extends SuggestRequest<C> {
  /** How many steps are left of the budget, at least 1; `Infinity` for no limit. */
  readonly stepsLeft: number;
  /** Whether a new trial must begin, e.g. one from the queue: then no other is resumed. */
  readonly mustBegin: boolean;
}

/** A trial to begin, or a paused one to go on with, and how far. */
export type Allocation<C = Configuration> =
  | {
    /** A new trial. */
    readonly kind: "new";
    /** Its configuration, and why this one. */
    readonly suggestion: Suggestion<C>;
    /** The step up to which to train, at least 1. */
    readonly untilStep: number;
    /** Whether that is the whole training: then the trial is complete, else it is paused. */
    readonly isFinal: boolean;
  }
  | {
    /** A paused trial. */
    readonly kind: "resume";
    /** Its number. */
    readonly number: number;
    /** Why this one, in a sentence. */
    readonly reason: string;
    /** The step up to which to train, above the last that it has reported. */
    readonly untilStep: number;
    /** Whether that is the whole training: then the trial is complete, else it is paused again. */
    readonly isFinal: boolean;
  };
