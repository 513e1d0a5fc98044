import type { Curve, StudyView } from "../records/mod.ts";

/** What a pruner is asked. */
export interface JudgeRequest {
  /** The curve of the objective of the running trial, up to now. */
  readonly curve: Curve;
  /** The number of the running trial. */
  readonly number: number;
  /** The study so far. */
  readonly study: StudyView;
  /**
   * The last step at which a pruner was asked about this trial; null if it is
   * asked for the first time. Left out, it is taken that it was asked at every
   * step reported. Rules that act once at a certain step need it: they look at
   * what came since.
   */
  readonly askedAtStep?: number | null;
}

/** What a pruner answers. */
export interface Judgement {
  /** Whether the trial should stop now. */
  readonly stop: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
  /**
   * Given where the rule would have stopped the trial, which is let run on to
   * see what the rule is worth ({@linkcode audited}).
   */
  readonly audit?: Audit;
}

/** Why a trial would have been stopped that runs on to audit a pruner. */
export interface Audit {
  /** Why, in a sentence. */
  readonly reason: string;
  /** The name of the pruner that is audited. */
  readonly pruner: string;
  /** One in so many trials runs on. */
  readonly oneIn: number;
}

/**
 * Says whether a running trial is worth going on with.
 *
 * A pruner holds no state: equal requests are answered equally, so that a study
 * resumed in another process goes on as if it had never stopped. It judges the
 * curve that bears the objective's name, in the objective's direction.
 */
export interface Pruner {
  /** What it is called in charts and messages. */
  readonly name: string;
  /** Judges a running trial by its curve. */
  judge(request: JudgeRequest): Judgement;
}
