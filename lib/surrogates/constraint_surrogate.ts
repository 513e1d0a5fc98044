/**
 * Gaussian processes of a study's constraints: how probable it is that a
 * configuration keeps to them.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | v | | a constraint's value, ≤ 0 when kept |
 * | s | `unit` | the median of those | v | that are not 0 |
 * | t | | sign(v) log(1 + | v | / s), which is finest around 0 |
 * | y | `values` | (t − `center`) / `scale`, of mean 0 and standard deviation 1 |
 * | y₀ | `threshold` | the y at which the constraint is just kept |
 * | m, sd | | what a process expects of y |
 *
 * (1) P(kept) = Φ((y₀ − m) / sd); of several constraints, the product
 *
 * Where a trial stands on the bound itself, as counts and flags do, y₀ is moved
 * half way to the smallest violation, which lies beyond it just the same.
 *
 * Source: Gardner et al., Bayesian optimization with inequality constraints
 * (2014); the transformation ("bilog") from Eriksson and Poloczek, Scalable
 * constrained Bayesian optimization (2021).
 *
 * @module
 */

import { normalLogCdf } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import {
  pick,
  scheduledHyperparameters,
  settledCount,
} from "./_fit_schedule.ts";
import { knownFeatures } from "./_known_features.ts";
import { outputFeatures } from "./_output_features.ts";
import type { Outcomes } from "./_outcomes.ts";
import { chooseSubset } from "./_subset.ts";
import type { Features } from "./features.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import { type Observation, observationsOf } from "./observations.ts";

/** A constraint as a Gaussian process. */
export interface ConstraintSurrogate {
  /** The constraint's place in `view.constraints`. */
  readonly index: number;
  /** The numbers of the trials that it learned from, in the process's order. */
  readonly numbers: readonly number[];
  /** The process, in its own units. */
  readonly process: GaussianProcess;
  /** What its values must not exceed, in its units: y₀. */
  readonly threshold: number;
}

/** Options of {@linkcode fitConstraints}. */
export interface FitConstraintsOptions {
  /** The most trials that a process learns from, at least 2. Defaults to `400`. */
  readonly maxTrials?: number;
}

/**
 * Fits a Gaussian process to each constraint of a study, from the finished trials
 * of which its value is known: also failed ones. It draws no random numbers and
 * hangs on the history alone. A constraint that was never measured is left out.
 *
 * @example
 * ```ts
 * import { createStudy, fitConstraints, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory",
 *   constraints: { size: { max: 1 } },
 * });
 * fitConstraints(study.view()); // []
 * ```
 */
export function fitConstraints<C>(
  view: StudyView<C>,
  { maxTrials = 400 }: FitConstraintsOptions = {},
): readonly ConstraintSurrogate[] {
  const { constraints = [], space } = view;
  if (constraints.length === 0) return [];
  const features = knownFeatures(space);
  const { running } = observationsOf(view);
  return constraintOutcomesOf(view).map((outcomes): ConstraintSurrogate => ({
    index: outcomes.index,
    ...fitOne(
      outputFeatures(features, `constraint ${outcomes.index}`),
      outcomes,
      {
        running,
        maxTrials,
      },
    ),
  }));
}

/** What trials say of a constraint, in the form that models like. */
export interface ConstraintOutcomes {
  /** The constraint's place in `view.constraints`. */
  readonly index: number;
  /** The finished trials of which its value is known, which stands in `value`. */
  readonly observations: readonly Observation[];
  /** y of each, of mean 0 and standard deviation 1. */
  readonly values: Float64Array;
  /** What y must not exceed: y₀. */
  readonly threshold: number;
}

/**
 * What the finished trials say of the constraints that at least one of them has measured.
 *
 * @example
 * ```ts
 * import { constraintOutcomesOf, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory", library: false,
 *   constraints: { size: { max: 0.5 } },
 * });
 * await study.optimize((trial) => {
 *   trial.measure("size", trial.params.x);
 *   return trial.params.x;
 * }, { trials: 4, progress: false });
 * constraintOutcomesOf(study.view())[0]?.observations.length; // 4
 * ```
 */
export function constraintOutcomesOf<C>(
  view: StudyView<C>,
): readonly ConstraintOutcomes[] {
  const { constraints = [], trials } = view;
  if (constraints.length === 0) return [];
  const { finished } = observationsOf(view);
  const values = new Map(
    trials.map((trial) => [trial.number, trial.constraints]),
  );
  return constraints.flatMap((_, index): ConstraintOutcomes[] => {
    const observations = finished.flatMap((one): Observation[] => {
      const value = values.get(one.number)?.[index] ?? null;
      return value === null || Number.isNaN(value)
        ? []
        : [{ ...one, value, isPruned: false }];
    });
    return observations.length === 0
      ? []
      : [{ index, observations, ...inForm(observations) }];
  });
}

function fitOne(
  features: Features,
  { observations: known, values, threshold }: ConstraintOutcomes,
  { running, maxTrials }: {
    running: readonly number[];
    maxTrials: number;
  },
): Omit<ConstraintSurrogate, "index"> {
  // The finest knowledge is wanted at the bound.
  const distances = values.map((y) => Math.abs(y - threshold));
  const chosen = chooseSubset(distances, maxTrials);
  const hyperparameters = scheduledHyperparameters(
    features,
    known.slice(0, settledCount(known.map(({ number }) => number), running)),
    normalizeConstraint,
  );
  return {
    process: new GaussianProcess(
      pick(features, known, values, chosen),
      hyperparameters,
    ),
    threshold,
    numbers: chosen.map((index) => known[index]!.number),
  };
}

/** The values of a constraint in form, for the fit of hyperparameters. */
function normalizeConstraint(
  observations: readonly Observation[],
): Pick<Outcomes, "values"> {
  return inForm(observations);
}

function inForm(
  observations: readonly Observation[],
): { values: Float64Array; threshold: number } {
  const raw = observations.map(({ value }) => value);
  const sizes = Float64Array.from(
    raw.map(Math.abs).filter((size) => size > 0 && size < Infinity),
  ).sort();
  const unit = sizes[sizes.length >> 1] ?? 1;
  const bend = (value: number) => {
    const size = Math.abs(value);
    const ratio = size / unit;
    // The ratio of a huge and a tiny number is infinite; its logarithm is not.
    return Math.sign(value) *
      (ratio < Infinity ? Math.log1p(ratio) : Math.log(size) - Math.log(unit));
  };
  const finite = raw.filter(Number.isFinite).map(bend);
  const [low, high] = [Math.min(...finite, -1), Math.max(...finite, 1)];
  const bent = Float64Array.from(
    raw,
    (value) => Math.max(low, Math.min(high, bend(value))),
  );
  let center = 0;
  for (const t of bent) center += t / bent.length;
  let variance = 0;
  for (const t of bent) variance += (t - center) ** 2 / bent.length;
  const scale = variance > 1e-24 ? Math.sqrt(variance) : 1;
  const least = raw.reduce(
    (least, value) => value > 0 ? Math.min(least, value) : least,
    Infinity,
  );
  const bound = raw.includes(0) ? Math.min(high, bend(least)) / 2 : 0;
  return {
    values: bent.map((t) => (t - center) / scale),
    threshold: (bound - center) / scale,
  };
}

/**
 * The logarithm of the probability that points keep to all constraints, `[m]`:
 * equation (1).
 *
 * @param points `[m, d]`, row after row.
 *
 * @example
 * ```ts
 * import { GaussianProcess, logFeasibility } from "@etude/etude";
 * const data = { inputs: Float64Array.of(0, 1), values: Float64Array.of(-1, 1), dimension: 1, numeric: 1 };
 * const process = new GaussianProcess(data, { lengthscales: Float64Array.of(1), outputScale: 1, noise: 0.01 });
 * const [low, high] = logFeasibility([{ index: 0, numbers: [0, 1], process, threshold: 0 }], Float64Array.of(0, 1));
 * low! > high!; // true: values above the threshold break it
 * ```
 */
export function logFeasibility(
  constraints: readonly ConstraintSurrogate[],
  points: Float64Array,
): Float64Array {
  let sum: Float64Array | null = null;
  for (const { process, threshold } of constraints) {
    const { mean, sd } = process.predict(points);
    const logs = mean.map((m, i) => normalLogCdf((threshold - m) / sd[i]!));
    sum = sum === null ? logs : sum.map((value, i) => value + logs[i]!);
  }
  return sum ?? new Float64Array();
}
