import type { RandomStream } from "../math/mod.ts";
import type {
  Prediction,
  PriorWeight,
  StudyView,
  TrialHistory,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Prior } from "../surrogates/mod.ts";

export type { Prediction } from "../records/mod.ts";

/** What a sampler is asked. */
export interface SuggestRequest<C = Configuration> {
  /** The study so far: every trial but the one to be suggested, running and waiting ones too. */
  readonly study: StudyView<C>;
  /** The same trials as `study.trials`, for a sampler that looks at few of them: that list is made where it is first read. Absent: look there. */
  readonly history?: TrialHistory<C>;
  /** The number of the trial to suggest for. */
  readonly number: number;
  /** The study's seed, for samplers whose whole sequence hangs on it. */
  readonly seed: string;
  /** The stream of random numbers of this trial and purpose: derived from seed and number alone. */
  readonly random: RandomStream;
  /** Values that are already decided; a sampler keeps them and chooses the rest. */
  readonly fixed: Configuration;
  /** What prior studies say of the function; absent where there are none. */
  readonly prior?: Prior;
  /** What prior studies would begin with now; absent where there is nothing, or it has been tried. Only for samplers that ask the prior. */
  readonly start?: Suggestion<C>;
}

/** What a sampler answers. */
export interface Suggestion<C = Configuration> {
  /** The configuration: valid for the space, the fixed values kept. */
  readonly params: C;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** What the sampler's surrogate expects of it; absent where there is none. */
  readonly prediction?: Prediction;
  /** How much prior studies weighed; absent where there are none, or the sampler does not ask them. */
  readonly priorWeight?: PriorWeight;
}

/** What a sampler may prepare for. */
export interface PrepareRequest<C = Configuration> {
  /** The study so far; one trial at least runs. */
  readonly study: StudyView<C>;
  /** The number of the trial that will be suggested next. */
  readonly number: number;
}

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

/**
 * Chooses the next configuration.
 *
 * A sampler holds no state: what it needs it derives from the request. So a
 * study resumed in another process continues as if it had never stopped, and
 * two requests that are equal are answered equally.
 */
export interface Sampler {
  /** What it is called in charts and messages, e.g. `"random"`. */
  readonly name: string;
  /** Whether it takes into account what prior studies say, be it only what they would begin with: then they are asked unless the study is told otherwise. Absent for not. */
  readonly asksPrior?: boolean;
  /**
   * Chooses the configuration of a trial.
   *
   * @returns The suggestion, or null if the sampler has none left (an exhausted grid).
   */
  suggest<C>(
    request: SuggestRequest<C>,
  ): Suggestion<C> | null | Promise<Suggestion<C> | null>;

  /**
   * How many configurations are left, for a sampler that comes to an end (a
   * grid). Absent, or `Infinity`, for one that does not.
   */
  remaining?(
    request: { readonly study: StudyView; readonly seed: string },
  ): number;

  /**
   * While trials run: begins, in another thread, what the next suggestion will
   * need and what does not hang on how they end. It gives control back at once,
   * and changes no suggestion, only how long it takes. Absent where there is
   * nothing to prepare.
   */
  prepare?<C>(request: PrepareRequest<C>): void;

  /**
   * Hands out steps, for a sampler that pauses trials and goes on with those
   * that are worth it: which trial to train next, and how far. Absent for a
   * sampler whose trials are trained whole. It holds no state either.
   */
  allocate?<C>(
    request: AllocationRequest<C>,
  ): Allocation<C> | Promise<Allocation<C>>;
}
