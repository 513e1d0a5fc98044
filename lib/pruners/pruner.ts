import type { Curve, StudyView } from "../records/mod.ts";

/** What a pruner is asked. */
export interface JudgeRequest {
  /** The curve of the objective of the running trial, up to now. */
  readonly curve: Curve;
  /** The number of the running trial. */
  readonly number: number;
  /** The study so far. */
  readonly study: StudyView;
}

/** What a pruner answers. */
export interface Judgement {
  /** Whether the trial should stop now. */
  readonly stop: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** Says whether a running trial is worth going on with. */
export interface Pruner {
  /** What it is called in charts and messages. */
  readonly name: string;
  /** Judges a running trial by its curve. */
  judge(request: JudgeRequest): Judgement;
}
