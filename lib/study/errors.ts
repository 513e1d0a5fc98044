/**
 * Thrown by an objective (or by {@linkcode Trial.prune}) to end a trial that
 * is not worth going on with: the trial counts as pruned, not as failed.
 *
 * @example
 * ```ts
 * import { TrialPruned } from "@etude/etude";
 * const objective = () => {
 *   throw new TrialPruned("the loss did not move");
 * };
 * ```
 */
export class TrialPruned extends Error {
  /** The class's name. */
  override readonly name = "TrialPruned";

  /**
   * Ends the trial when thrown.
   *
   * @param reason Why, in words; kept with the trial. Defaults to a plain sentence.
   */
  constructor(reason = "Stopped by the objective.") {
    super(reason);
  }
}

/**
 * Thrown by `trial.report(…)` in an objective that goes on after the study was
 * stopped without asking `trial.shouldStop()`. Let it pass: it ends the trial,
 * which counts as pruned and keeps its curves.
 */
export class StudyStopped extends Error {
  /** The class's name. */
  override readonly name = "StudyStopped";

  /**
   * Made by a trial.
   *
   * @param reason Why the study was stopped, in words.
   */
  constructor(reason: string) {
    super(reason);
  }
}

/**
 * Thrown by `study.ask` when the sampler has no configuration left, e.g. at the end of a grid.
 *
 * @example
 * ```ts
 * import { createStudy, gridSampler, int, SamplerExhausted, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ n: int(1, 2) }), sampler: gridSampler(), storage: "memory" });
 * await study.optimize((trial) => trial.params.n, { progress: false });
 * await study.ask().catch((error) => error instanceof SamplerExhausted); // true: both were tried
 * ```
 */
export class SamplerExhausted extends Error {
  /** The class's name. */
  override readonly name = "SamplerExhausted";
}
