import type { Configuration, Space } from "../space/mod.ts";
import type { OutcomeConstraint } from "./constraint.ts";
import { isBetter, type Objective } from "./objective.ts";
import type { TrialRecord } from "./trial.ts";
import { isFeasible } from "./violation.ts";

/**
 * A study as charts, samplers and pruners see it: read-only, plain, without a
 * way to storage. `C` is the type of its configurations.
 */
export interface StudyView<C = Configuration> {
  /** The study's name. */
  readonly name: string;
  /** What it optimizes; the first is the one that single-objective parts look at. */
  readonly objectives: readonly Objective[];
  /** What its trials must keep to; absent or empty where there is nothing. */
  readonly constraints?: readonly OutcomeConstraint[];
  /** What it searches. */
  readonly space: Space<C>;
  /** All its trials, by number. */
  readonly trials: readonly TrialRecord<C>[];
}

/** Trials by their place, without a copy of all: what a list of them is, too. */
export interface TrialHistory<C = Configuration> {
  /** How many there are. */
  readonly length: number;
  /** The trial at a place from 0, or undefined. */
  at(index: number): TrialRecord<C> | undefined;
  /** The trials from one place to before another. */
  slice(from: number, to: number): readonly TrialRecord<C>[];
}

/**
 * The best complete trial by the first objective, the earliest of equals; null
 * while there is none. Pruned and failed trials do not count, nor do those that
 * violate a constraint or do not say whether they do.
 *
 * @example
 * ```ts
 * import { bestTrial, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 2, progress: false });
 * bestTrial(study.view())?.number === study.best?.number; // true
 * ```
 */
export function bestTrial<C>(
  view: Pick<StudyView<C>, "objectives" | "trials">,
): TrialRecord<C> | null {
  const { direction } = view.objectives[0]!;
  let best: TrialRecord<C> | null = null;
  for (const trial of view.trials) {
    if (trial.state !== "complete" || trial.value === null) continue;
    if (!isFeasible(trial)) continue;
    if (best === null || isBetter(trial.value, best.value!, direction)) {
      best = trial;
    }
  }
  return best;
}
