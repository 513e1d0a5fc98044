import { isFinished, type Prediction, type StudyView } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Features } from "./features.ts";
import { knownFeatures } from "./_known_features.ts";
import { fitThread } from "./_fit_thread.ts";
import {
  pick,
  scheduledHyperparameters,
  settledCount,
} from "./_fit_schedule.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import { type Observation, observationsOf } from "./observations.ts";
import { normalizeOutcomes } from "./_outcomes.ts";
import { lossOf } from "./_loss.ts";
import { outlierNoise } from "./_outliers.ts";
import { objectiveFeatures } from "./_output_features.ts";
import { chooseSubset } from "./_subset.ts";

/** Options of {@linkcode fitSurrogate}. */
export interface SurrogateOptions {
  /**
   * The most trials that it learns from, at least 2: of more, the best third,
   * the latest third, and others spread evenly. Time grows with the cube.
   * Defaults to `400`.
   */
  readonly maxTrials?: number;
  /**
   * Whether it looks at these trials only, also for its hyperparameters, so that
   * thousands of others cost next to nothing: for pictures. Otherwise its
   * hyperparameters are those that samplers use. Defaults to `false`.
   */
  readonly chosenOnly?: boolean;
  /**
   * Whether values that are far from what all others lead to expect count less:
   * for objectives that now and then bring a value which is far off, good or bad.
   * Without such noise it may take the best there is for chance. Defaults to
   * `false`.
   */
  readonly outliers?: boolean;
  /**
   * Whether the objective is one of several of its study, so that many trials may
   * share its best value. Defaults to `false`.
   */
  readonly oneOfSeveral?: boolean;
}

/** Options of {@linkcode Surrogate.predict}. */
export interface PredictOptions {
  /**
   * Whether the sd is that of a value that a trial would bring, with its noise,
   * not that of the function. Defaults to `true`.
   */
  readonly noise?: boolean;
}

/** A trial and what would have been expected of it, had it not been seen. In the objective's units. */
export interface HeldOutTrial extends Prediction {
  /** The trial's number. */
  readonly number: number;
  /** Its value as the surrogate sees it: outliers are moved in, failures count as bad. */
  readonly value: number;
  /** How many standard deviations the value lies above the mean, on the scale on which the process is normal. */
  readonly z: number;
}

/** How good a surrogate's expectations are, from leaving out each trial. */
export interface CrossValidation {
  /** The trials that it learned from, by number. */
  readonly trials: readonly HeldOutTrial[];
  /** The root of the mean squared error, in the objective's units. */
  readonly rmse: number;
  /**
   * The share of the variance that is explained: 1 is perfect, 0 or less no
   * better than the mean of all; NaN if the values are all equal.
   */
  readonly r2: number;
  /** The share of trials within 1.96 sd; 0.95 if the deviations are right. */
  readonly coverage95: number;
  /** The root of the mean squared z; 1 if the deviations are right, more if it is too sure of itself. */
  readonly zRms: number;
}

/** A model of a study's objective over its space. Immutable. */
export interface Surrogate<C = Configuration> {
  /** How many trials it learned from. */
  readonly size: number;
  /**
   * The lengthscale of each parameter by name, in units of its whole (log) scale:
   * over so much of it values change. Long ones matter little. Of choices, 1
   * is the distance of two different values.
   */
  readonly lengthscales: Readonly<Record<string, number>>;
  /**
   * How much each parameter matters, by name: shares that sum to 1, from how far
   * the two ends of its scale decorrelate.
   */
  readonly importance: Readonly<Record<string, number>>;
  /** The standard deviation of the noise where values are average, in the objective's units. */
  readonly noiseSd: number;
  /** What had to be added to the covariances' diagonal to factor them, as a share of the variance; 0 if nothing. */
  readonly jitter: number;
  /** The Gaussian process, in its own units: smaller is better, mean 0, sd 1. */
  readonly process: GaussianProcess;
  /** The numbers of the trials that it learned from, in the process's order. */
  readonly numbers: readonly number[];
  /** The places in the unit cube of the trials that it learned from, in the process's order. */
  readonly units: readonly Float64Array[];
  /** How configurations become the process's points. */
  readonly features: Features;
  /**
   * What is expected of a configuration, in the objective's units and direction.
   *
   * @throws {RangeError} If the configuration is not valid for the space.
   */
  predict(params: C, options?: PredictOptions): Prediction;
  /** From the process's units to the objective's. */
  toObjective(expectation: Prediction): Prediction;
  /** Leaves each trial out in turn, in closed form. */
  crossValidation(): CrossValidation;
}

/**
 * Fits a Gaussian process to a study: Matérn-5/2 with a lengthscale a parameter,
 * all kinds of parameters and conditional ones together. It draws no random
 * numbers, and hangs on the finished trials, and on which ones run, alone. From
 * 12 trials on the hyperparameters are those of the trials before the last, so
 * that they can be fitted while it runs.
 *
 * Pruned trials count with their last value, no better than the median; failed
 * ones as bad as the worst. Values are standardized, and bad outliers moved in.
 *
 * @throws {RangeError} If no trial has a finite value, or `maxTrials` is not a
 * whole number of at least 2.
 *
 * @example
 * ```ts
 * import { createStudy, fitSurrogate, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-1, 1) }),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x ** 2, { trials: 8, progress: false });
 * fitSurrogate(study.view()).predict({ x: 0.5 }); // { mean: 0.25…, sd: … }
 * ```
 */
export function fitSurrogate<C>(
  view: StudyView<C>,
  options: SurrogateOptions = {},
): Surrogate<C> {
  const {
    maxTrials = 400,
    chosenOnly = false,
    outliers = false,
    oneOfSeveral = false,
  } = options;
  if (!(Number.isInteger(maxTrials) && maxTrials >= 2)) {
    throw new RangeError(
      `Cannot fit the surrogate: maxTrials is ${maxTrials}, expected a whole number of at least 2`,
    );
  }
  const { space } = view;
  const { finished, running, sign } = observationsOf(
    chosenOnly ? thinned(view, maxTrials) : view,
  );
  if (!finished.some(({ value }) => Number.isFinite(value))) {
    throw new RangeError(
      `Cannot fit the surrogate: none of the ${view.trials.length} trials has a finite value, expected at least one`,
    );
  }
  const features = oneOfSeveral
    ? objectiveFeatures(knownFeatures(space), view.objectives[0]!.name)
    : knownFeatures(space);
  fitThread.collect();
  const { values, toRaw } = normalizeOutcomes(finished, { oneOfSeveral });
  const chosen = chooseSubset(values, maxTrials);
  const data = pick(features, finished, values, chosen);
  const fit = scheduledHyperparameters(
    features,
    finished.slice(
      0,
      settledCount(finished.map(({ number }) => number), running),
    ),
  );
  const extraNoise = outliers ? outlierNoise(data, fit) : null;
  const process = new GaussianProcess(
    extraNoise === null ? data : { ...data, extraNoise },
    fit,
  );
  const toObjective = (expected: Prediction) => {
    const { mean, sd } = toRaw(expected);
    return { mean: sign * mean, sd };
  };
  const { hyperparameters } = process;
  const { noise } = hyperparameters;
  return Object.freeze<Surrogate<C>>({
    size: process.size,
    ...weightsByName(space, features, hyperparameters.lengthscales),
    noiseSd: toObjective({ mean: 0, sd: Math.sqrt(noise) }).sd,
    jitter: process.jitter,
    process,
    numbers: Object.freeze(chosen.map((index) => finished[index]!.number)),
    units: Object.freeze(chosen.map((index) => finished[index]!.unit)),
    features,
    predict(params, { noise: withNoise = true } = {}) {
      const unit = space.encode(space.validate(params));
      const { mean, sd } = process.predict(features.encode(unit));
      return toObjective({
        mean: mean[0]!,
        sd: withNoise ? Math.sqrt(sd[0]! ** 2 + noise) : sd[0]!,
      });
    },
    toObjective,
    crossValidation: () =>
      heldOut(process, {
        observations: chosen.map((index) => finished[index]!),
        values: chosen.map((index) => values[index]!),
        sign,
        toObjective,
      }),
  });
}

/** The study with no more finished trials than those that are learned from. */
function thinned<C>(view: StudyView<C>, most: number): StudyView<C> {
  const finished = view.trials.filter(({ state }) => isFinished(state));
  if (finished.length <= most) return view;
  const losses = finished.map((trial) => {
    const loss = lossOf(trial, view.objectives[0]!);
    return Number.isNaN(loss) ? Infinity : loss;
  });
  const trials = chooseSubset(losses, most).map((index) => finished[index]!);
  return { ...view, trials };
}

function weightsByName<C>(
  space: Space<C>,
  { axes }: Features,
  lengthscales: ArrayLike<number>,
) {
  const lengths: Record<string, number> = {};
  const changes: Record<string, number> = {};
  let sum = 0;
  space.parameters.forEach(({ name }, axis) => {
    const length = lengthscales[axes.indexOf(axis)]!;
    const far = Math.sqrt(5) / length;
    lengths[name] = length;
    changes[name] = -Math.expm1(Math.log(1 + far + far * far / 3) - far);
    sum += changes[name]!;
  });
  const importance = Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [name, change / sum]),
  );
  return {
    lengthscales: Object.freeze(lengths),
    importance: Object.freeze(importance),
  };
}

function heldOut(
  process: GaussianProcess,
  { observations, values, sign, toObjective }: {
    observations: readonly Observation[];
    /** In the process's units. */
    values: readonly number[];
    sign: 1 | -1;
    toObjective: (expected: Prediction) => Prediction;
  },
): CrossValidation {
  const { mean, sd } = process.leaveOneOut();
  const trials = observations.map(({ number }, i) =>
    Object.freeze({
      number,
      value: toObjective({ mean: values[i]!, sd: 0 }).mean,
      ...toObjective({ mean: mean[i]!, sd: sd[i]! }),
      z: sign * (values[i]! - mean[i]!) / sd[i]!,
    })
  );
  const average = (numbers: readonly number[]) =>
    numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  // Relative to the largest, so that squares of huge values do not overflow.
  const unit = Math.max(...trials.map(({ value }) => Math.abs(value))) || 1;
  const given = trials.map(({ value }) => value / unit);
  const middle = average(given);
  const error = average(
    trials.map((trial, i) => (given[i]! - trial.mean / unit) ** 2),
  );
  const variance = average(given.map((value) => (value - middle) ** 2));
  return Object.freeze({
    trials: Object.freeze(trials),
    rmse: Math.sqrt(error) * unit,
    r2: given.every((value) => value === given[0]) ? NaN : 1 - error / variance,
    coverage95: average(trials.map(({ z }) => Math.abs(z) <= 1.96 ? 1 : 0)),
    zRms: Math.sqrt(average(trials.map(({ z }) => z * z))),
  });
}
