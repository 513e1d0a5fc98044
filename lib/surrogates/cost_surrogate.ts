/**
 * A Gaussian process of what trials cost: seconds, or anything else that was
 * measured, on its logarithm.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | c | | a trial's cost, above 0 |
 * | y | `values` | (log c − `center`) / `scale`, of mean 0 and standard deviation 1 |
 *
 * @module
 */

import {
  measureOf,
  type Objective,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import {
  pick,
  scheduledHyperparameters,
  settledCount,
} from "./_fit_schedule.ts";
import { knownFeatures } from "./_known_features.ts";
import { outputFeatures } from "./_output_features.ts";
import { chooseSubset } from "./_subset.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import { type Observation, observationsOf } from "./observations.ts";

/** What trials cost, as a Gaussian process. */
export interface CostSurrogate {
  /** The process of y. */
  readonly process: GaussianProcess;
  /** How much log c changes with y. */
  readonly scale: number;
  /** The mean of log c. */
  readonly center: number;
}

/** Fewer costs say nothing of what others will be. */
const fewest = 3;
/** Costs whose logarithms differ less, by their standard deviation, count as equal. */
const leastSpread = 0.1;

/**
 * What a trial cost: what was measured under that name; of `"seconds"`, if that
 * was not measured, how long it ran. Null where it is not known, or not above 0.
 *
 * @param trial The trial.
 * @param cost `"seconds"`, or the name of a measure, an attribute, a curve (its
 * last value) or an objective.
 *
 * @example
 * ```ts
 * import { costOf, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory",
 *   constraints: { size: { max: 0.5 } },
 * });
 * await study.optimize((trial) => {
 *   trial.measure("size", trial.params.x);
 *   return trial.params.x;
 * }, { trials: 4, progress: false });
 * costOf(study.trial(0), "size", study.objectives); // what was measured
 * ```
 */
export function costOf(
  trial: TrialRecord<unknown>,
  cost: string,
  objectives: readonly Objective[],
): number | null {
  const known = measureOf(trial, cost, objectives) ??
    (cost === "seconds" && trial.durationMs !== null
      ? trial.durationMs / 1000
      : null);
  return known !== null && known > 0 && known < Infinity ? known : null;
}

/**
 * What all trials together have cost so far, as far as it is known; pruned and failed ones too.
 *
 * @example
 * ```ts
 * import { createStudy, float, space, spentOf } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory",
 *   constraints: { size: { max: 0.5 } },
 * });
 * await study.optimize((trial) => {
 *   trial.measure("size", trial.params.x);
 *   return trial.params.x;
 * }, { trials: 4, progress: false });
 * spentOf(study.view(), "size") > 0; // true
 * ```
 */
export function spentOf<C>(
  { trials, objectives }: StudyView<C>,
  cost: string,
): number {
  return trials.reduce(
    (sum, trial) => sum + (costOf(trial, cost, objectives) ?? 0),
    0,
  );
}

/**
 * Fits a Gaussian process to what the complete trials cost. It draws no random
 * numbers and hangs on the history alone, of `"seconds"` on how long trials ran.
 *
 * @param cost See {@linkcode costOf}.
 * @returns Null where fewer than 3 are known, or all cost much the same.
 *
 * @example
 * ```ts
 * import { createStudy, fitCost, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * fitCost(study.view(), "seconds"); // null
 * ```
 */
export function fitCost<C>(
  view: StudyView<C>,
  cost: string,
  { maxTrials = 400 }: { readonly maxTrials?: number } = {},
): CostSurrogate | null {
  const { finished, running } = observationsOf(view);
  const costs = new Map(
    view.trials.filter(({ state }) => state === "complete")
      .map((trial) => [trial.number, costOf(trial, cost, view.objectives)]),
  );
  const known = finished.flatMap((one): Observation[] => {
    const value = costs.get(one.number) ?? null;
    return value === null
      ? []
      : [{ ...one, value: Math.log(value), isPruned: false }];
  });
  if (known.length < fewest) return null;
  const { values, center, scale } = standardized(known);
  if (scale < leastSpread) return null;
  const features = outputFeatures(knownFeatures(view.space), `cost ${cost}`);
  return {
    process: new GaussianProcess(
      pick(features, known, values, chooseSubset(values, maxTrials)),
      scheduledHyperparameters(
        features,
        known.slice(
          0,
          settledCount(known.map(({ number }) => number), running),
        ),
        standardized,
      ),
    ),
    center,
    scale,
  };
}

function standardized(known: readonly Observation[]) {
  let center = 0;
  for (const { value } of known) center += value / known.length;
  let variance = 0;
  for (const { value } of known) {
    variance += (value - center) ** 2 / known.length;
  }
  const scale = Math.sqrt(variance);
  return {
    center,
    scale,
    values: Float64Array.from(
      known,
      ({ value }) => scale > 0 ? (value - center) / scale : 0,
    ),
  };
}
