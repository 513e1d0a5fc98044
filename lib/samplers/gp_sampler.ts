import { quickStream } from "../math/mod.ts";
import { bestTrial, priorWeightOf, type StudyView } from "../records/mod.ts";
import {
  type Features,
  fitSurrogate,
  logFeasibility,
  type Observation,
  observationsOf,
  prepareSurrogate,
  type PriorFunctions,
  type Surrogate,
  type TrustedPrior,
} from "../surrogates/mod.ts";
import {
  type AcquisitionName,
  acquisitionNames,
  acquisitionOf,
} from "./_gp_acquisition.ts";
import { hopefulArm } from "./_gp_arms.ts";
import { everyPlace, fewPlaces, firstFree } from "./_gp_choice.ts";
import { checkCost, costAt, perCost, priceOf } from "./_gp_cost.ts";
import { doubtOf, farBeta, roughened } from "./_gp_doubt.ts";
import {
  feasibilityOf,
  feasibleDraws,
  feasibleOnly,
  hopeless,
  lessViolation,
} from "./_gp_feasibility.ts";
import { initialCount, initialPoint } from "./_gp_initial.ts";
import { isTaken, type Places, placesOf } from "./_gp_places.ts";
import {
  functionsOf,
  lastWithPrior,
  priorFeaturesOf,
  priorWeightAt,
  searchMixed,
  trustIn,
  turnOf,
  warmAcquisition,
} from "./_gp_prior.ts";
import { feasibleMeans, feasibleValues, rankedTrials } from "./_gp_ranking.ts";
import { priorReason, reasonOf, waitingReason } from "./_gp_reason.ts";
import { repeatsMayPay } from "./_gp_repeats.ts";
import {
  type Acquisition,
  type Scored,
  search,
  type SearchSetting,
} from "./_gp_search.ts";
import { prepareSeveral, suggestOfSeveral } from "./_gp_several.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";

export type { AcquisitionName } from "./_gp_acquisition.ts";

/** Options of {@linkcode gpSampler}. */
export interface GpSamplerOptions {
  /**
   * How many trials have to end before the surrogate chooses; until then the
   * first is near the middle of the space (where parameters have defaults, at
   * them), the others at points of a scrambled Sobol sequence. Defaults to 3, and
   * 1 more for each 5 parameters beyond 10, at most 10.
   */
  readonly initialTrials?: number;
  /** What says where a trial is worth most. Defaults to `"logEI"`. */
  readonly acquisition?: AcquisitionName;
  /** How many standard deviations `"UCB"` hopes for, at least 0. Defaults to `2`. */
  readonly beta?: number;
  /**
   * Whether a configuration may be tried again while others are left, which can
   * pay where the objective is noisy. `"auto"`: where the surrogate sees noise
   * and the first repeat has not brought the same value, and never in conditional
   * spaces. Defaults to `"auto"`.
   */
  readonly repeats?: boolean | "auto";
  /**
   * The most trials that the surrogate learns from, at least 2: of more, the best
   * third, the latest third, and others spread evenly. Defaults to `400`.
   */
  readonly maxTrials?: number;
  /**
   * What a trial costs: `"seconds"` for how long it runs, or the name of a measure
   * (`trial.measure(name, value)`), of numbers above 0. Trials then go where most
   * improvement is to be had for the cost, if costs vary. With `"seconds"` the
   * choice hangs on how long trials took, so that it is not the same in another
   * run. Defaults to costs not mattering.
   */
  readonly cost?: string;
  /**
   * How much all trials together may cost, above 0: the more of it is spent, the
   * less costs matter, and nothing in the end. Defaults to costs mattering all
   * the time.
   */
  readonly costBudget?: number;
  /**
   * Whether values that are far from what all others lead to expect count less:
   * for objectives that now and then bring a value which is far off, good or bad.
   * Without such noise it may take the best there is for chance. Defaults to
   * `false`.
   */
  readonly outliers?: boolean;
}

/**
 * Bayesian optimization: fits a Gaussian process to the trials and tries where
 * expected improvement is largest. For up to some hundred expensive trials.
 *
 * All kinds of parameters are modelled together, discrete ones at the values that
 * they really have, and conditional ones by a kernel in which branches share what
 * the trials say that they share. Running trials count as if
 * they had brought what is expected of them, so that trials side by side differ.
 * Failed trials count as bad, pruned ones with their last value, no better than
 * the median. A configuration is not tried twice, unless none else is left or
 * values are noisy.
 *
 * Of a study with constraints each has a Gaussian process of its own, and a place
 * is worth its improvement on the best feasible trial times the probability that
 * it is feasible; while nothing is feasible, that probability alone, or, where
 * there is no hope, the improvement on the least violation so far.
 *
 * Of several objectives each has a Gaussian process of its own, and trials go where
 * the hypervolume in front of a reference point is expected to grow most: exact for
 * two and three objectives. The reference lies a tenth of the front's range beyond
 * its worst values, or of the standard deviation of all values if that is more; for
 * each fourth trial a whole range, so that the ends of the front are found. Early on
 * one trial for each objective improves it alone. With four objectives and more each
 * trial improves a trade-off of them that is drawn for it. `acquisition` and `beta`
 * do not count then, nor do prior studies but for what they begin with.
 *
 * Where the request has a prior, what prior studies say, it and the trials alone
 * take turns, as far as the prior is trusted: by how well its sources foretell one
 * another, how likely it makes the values, and whose proposals brought better ones.
 * From the tenth trial on every second turn at least is the trials'.
 *
 * The initial points hang on seed and number alone; then candidates are drawn
 * from the trial's random stream. Of the first trials (5 a parameter, at most 31)
 * each fourth looks where least is known, since the surrogate is surer of itself
 * then than it should be; not in conditional spaces. Where trials have brought
 * nothing for a while, each fourth one is chosen in another way: as if the
 * function were rougher, or where least is known; of a conditional space, in the
 * branch, other than the best trial's, of which most can be hoped. From 10
 * parameters on all but a few are expected to matter alike, except in conditional
 * spaces. Hyperparameters are fitted at certain numbers of trials, from fixed
 * starts, so that the history determines all.
 *
 * Source: Jones, Schonlau and Welch (1998); the logarithm from Ament et al.
 * (2023); constraints from Gardner et al. (2014) and Gelbart, Snoek and Adams
 * (2014); several objectives from Emmerich (2005), more of them from Knowles,
 * ParEGO (2006); running trials as in Ginsbourger, Le Riche and Carraro (2010), the
 * "kriging believer".
 *
 * @throws {TypeError} If `acquisition`, `repeats` or `outliers` is none of those allowed.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, gpSampler, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-1, 1) }),
 *   sampler: gpSampler({ initialTrials: 3 }),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x ** 2, { trials: 10, progress: false });
 * Math.abs(study.best!.params.x) < 0.1; // true
 * ```
 */
export function gpSampler(options: GpSamplerOptions = {}): Sampler {
  checkOptions(options);
  return Object.freeze<Sampler>({
    name: "gaussian process",
    asksPrior: true,
    async suggest<C>(request: SuggestRequest<C>) {
      const plain = request as unknown as SuggestRequest;
      if (plain.study.objectives.length > 1) {
        return await suggestOfSeveral(
          plain,
          options,
          (single) => bySurrogate(single, readTask(single, options), options),
        ) as Suggestion<C>;
      }
      const task = readTask(plain, options);
      const warm = byPrior(plain, task, options);
      if (warm !== null && "params" in warm) return warm as Suggestion<C>;
      const own = ownTrials(plain);
      const suggestion = task.isInitial || own === 0 && warm !== null
        ? await initialPoint({ ...plain, number: own }, task.taken)
        : bySurrogate(plain, task, options);
      return (warm === null ? suggestion : {
        ...suggestion,
        reason: waitingReason(suggestion.reason, warm.trusted.trust),
        priorWeight: priorWeightAt(
          warm.surrogate,
          warm.functions,
          warm.trusted,
          {
            features: priorFeaturesOf(plain.study.space),
            unit: plain.study.space.encode(suggestion.params),
            chosenBy: "trials",
          },
        ),
      }) as Suggestion<C>;
    },
    prepare({ study, number }) {
      if (number <= (options.initialTrials ?? 0)) return;
      if (study.objectives.length > 1) {
        prepareSeveral(study as unknown as StudyView);
      } else prepareSurrogate(study);
    },
  });
}

/** What is read from a request before anything is fitted. */
interface Task {
  readonly places: Places;
  /** The places of all trials that have one. */
  readonly taken: readonly Float64Array[];
  readonly pending: readonly Float64Array[];
  readonly finished: readonly Observation[];
  readonly isInitial: boolean;
}

function readTask(
  { study, fixed }: SuggestRequest,
  options: GpSamplerOptions,
): Task {
  const { dimension } = study.space;
  const { initialTrials = initialCount(dimension) } = options;
  const { finished, pending } = observationsOf(study);
  const values = finished.map(({ value }) => value);
  const places = placesOf(study.space, fixed);
  // On a plateau a surrogate has nothing to go by, and would visit all corners.
  const isFlat = places.count > fewPlaces &&
    values.every((value) => value === values[0]);
  return {
    places,
    taken: [...finished.map(({ unit }) => unit), ...pending],
    pending,
    finished,
    isInitial: finished.length < initialTrials || isFlat ||
      !values.some(Number.isFinite),
  };
}

/** How many trials before this one prior studies did not choose: so many initial points there have been. */
function ownTrials({ study: { trials }, number }: SuggestRequest): number {
  const chosen = trials.filter(({ attributes }) =>
    priorWeightOf(attributes)?.chosenBy === "prior studies"
  );
  return number - chosen.length;
}

/** Prior studies whose turn it is not, or that are not trusted. */
interface Waiting {
  readonly trusted: TrustedPrior;
  readonly surrogate: Surrogate;
  readonly functions: PriorFunctions;
}

/** By prior studies and the trials together, where it is their turn; null where there are none. */
function byPrior(
  request: SuggestRequest,
  { places, taken, pending }: Task,
  options: GpSamplerOptions,
): Suggestion | Waiting | null {
  const { study, random, fixed, prior, start } = request;
  const { acquisition = "logEI", repeats = "auto" } = options;
  const ended = taken.length - pending.length;
  if (prior === undefined || ended > lastWithPrior) return null;
  // Other rules have no use for a prior beyond its beginning.
  if (acquisition !== "logEI") return start ?? null;
  const { finished } = observationsOf(study);
  if (!finished.some(({ value }) => Number.isFinite(value))) {
    return start ?? null;
  }
  const surrogate = fitSurrogate(study);
  const trusted = trustIn(prior, surrogate, finished, study);
  const waiting = () => ({
    trusted,
    surrogate,
    functions: functionsOf(prior, study.space),
  });
  if (turnOf(study, trusted.trust) === "trials") return waiting();
  if (start !== undefined) {
    const { priorWeight = null } = start;
    return {
      ...start,
      ...priorWeight === null
        ? {}
        : { priorWeight: { ...priorWeight, weight: trusted.trust } },
    };
  }
  const isConstrained = (study.constraints?.length ?? 0) > 0;
  const features = priorFeaturesOf(study.space);
  // Prior studies do not know where anything is feasible, nor the kernel of branches.
  const isBlind = bestTrial(study) === null ||
    surrogate.features.dimension !== features.dimension;
  if (isConstrained && isBlind) return waiting();
  const means = trusted.process.fittedMeans();
  const points = pointsOf(features, pending);
  const process = trusted.process.believing(points);
  const feasibility = isConstrained
    ? feasibilityOf(study, {
      maxTrials: options.maxTrials,
      pending: pointsOf(surrogate.features, pending),
    })
    : null;
  const ranked = rankedTrials(surrogate, means, feasibility);
  const worth = warmAcquisition(process, means[ranked[0]!]!);
  const scored = searchMixed({
    places,
    features,
    acquisition: feasibility === null
      ? worth
      : feasibleOnly(worth, feasibility),
    incumbents: [
      ...ranked.slice(0, 6).map((i) => surrogate.units[i]!),
      ...prior.units.slice(0, 6),
    ],
    random: quickStream(random),
    ...everyPlace(study, places, fixed),
  });
  const free = repeats === true
    ? scored[0]
    : firstFree(scored, taken, places, request);
  const { unit } = free ?? scored[0]!;
  const priorWeight = priorWeightAt(
    surrogate,
    functionsOf(prior, study.space),
    trusted,
    { features, unit, chosenBy: "prior studies" },
  );
  return {
    params: study.space.decode(unit, fixed),
    reason: priorReason(study, priorWeight),
    priorWeight,
    ...priorWeight.expected === null
      ? {}
      : { prediction: priorWeight.expected },
  };
}

function bySurrogate(
  request: SuggestRequest,
  task: Task,
  options: GpSamplerOptions,
): Suggestion {
  const { study, random, fixed } = request;
  const {
    acquisition = "logEI",
    beta = 2,
    repeats = "auto",
    maxTrials,
    outliers,
  } = options;
  const { places, taken, pending } = task;
  const surrogate = fitSurrogate(study, { maxTrials, outliers });
  const { features } = surrogate;
  const points = pointsOf(features, pending);
  const { isConditional } = study.space;
  const feasibility = feasibilityOf(study, { maxTrials, pending: points });
  const doubt = doubtOf(feasibleValues(surrogate, feasibility), {
    dimension: features.dimension,
    isConditional,
  });
  const base = doubt?.way === "rough"
    ? roughened(surrogate.process)
    : surrogate.process;
  const process = pending.length === 0 ? base : base.condition(points);
  const means = process.fittedMeans();
  const ranked = rankedTrials(surrogate, means, feasibility);
  const hasBest = feasibility === null ||
    feasibility.constraints.length === 0 ||
    feasibility.violation(surrogate.numbers[ranked[0]!] ?? -1) === 0;
  const units = [...surrogate.units, ...pending];
  const arm = doubt === null || doubt.after === null ||
      places.count <= fewPlaces
    ? null
    : hopefulArm(study.space, fixed, {
      units,
      values: feasibleMeans(means, surrogate, feasibility),
    });
  const branch = arm?.fixed ?? {};
  const inBranch = placesOf(study.space, { ...fixed, ...branch });
  const isFar = doubt?.way === "far" && arm === null;
  const worth = hasBest
    ? acquisitionOf(isFar ? "UCB" : acquisition, process, {
      best: arm === null ? means[ranked[0]!]! : arm.best,
      beta: isFar ? farBeta : beta,
      random,
    })
    : null;
  const feasible = feasibility === null
    ? worth!
    : acquisition === "Thompson" && !isFar
    ? feasibleDraws(worth, feasibility, random)
    : feasibleOnly(worth, feasibility);
  const price = isFar ? null : priceOf(study, options);
  const searchFor = (
    goal: Acquisition,
    look: (setting: SearchSetting) => readonly Scored[],
  ) =>
    look({
      places: inBranch,
      features,
      acquisition: price === null ? goal : perCost(goal, price),
      incumbents: ranked.map((index) => units[index]!)
        .filter((unit) => arm === null || arm.has(unit)).slice(0, 6),
      random: quickStream(random),
      candidates: candidateCount(process.size, isFar ? "UCB" : acquisition),
      starts: process.size <= 250 ? 5 : 3,
      ...everyPlace(study, places, fixed),
    });
  let scored = searchFor(feasible, search);
  const isHopeless = !hasBest && scored[0]!.score < hopeless;
  if (isHopeless) {
    // It has no slopes.
    scored = searchFor(lessViolation(feasibility!), searchMixed);
  }
  const isAgain = isTaken(scored[0]!.unit, taken) &&
    (repeats === "auto"
      ? !isConditional && repeatsMayPay(surrogate.process, task.finished)
      : repeats);
  const free = isAgain ? scored[0] : firstFree(scored, taken, places, request);
  const { unit } = free ?? scored[0]!;
  const { mean, sd } = surrogate.process.predict(features.encode(unit));
  const { noise } = surrogate.process.hyperparameters;
  const prediction = surrogate.toObjective({
    mean: mean[0]!,
    sd: Math.sqrt(sd[0]! ** 2 + noise),
  });
  const params = study.space.decode(unit, fixed);
  return {
    params,
    reason: reasonOf(study, {
      prediction,
      rule: hasBest
        ? acquisitionNames[isFar ? "UCB" : acquisition]
        : isHopeless
        ? "Most probably nearer to what is feasible"
        : "Most probably feasible",
      ...feasibility === null || feasibility.constraints.length === 0 ? {} : {
        feasible: Math.exp(
          logFeasibility(feasibility.constraints, features.encode(unit))[0]!,
        ),
      },
      ...price === null ? {} : { cost: costAt(price, features.encode(unit)) },
      isRepeat: free === undefined,
      isAgain,
      doubt,
      branch,
      jitter: surrogate.jitter,
    }),
    prediction,
  };
}

/** Places as points of a process, `[m, d]`. */
function pointsOf(
  { dimension, encode }: Features,
  units: readonly Float64Array[],
): Float64Array {
  const points = new Float64Array(units.length * dimension);
  units.forEach((unit, row) => encode(unit, points, row * dimension));
  return points;
}

/** So many candidates that looking at them takes some ten milliseconds. */
function candidateCount(size: number, acquisition: AcquisitionName): number {
  if (acquisition === "Thompson") {
    return Math.max(256, Math.min(300, Math.floor(2.5e7 / size ** 2)));
  }
  return Math.max(400, Math.min(1000, Math.floor(3e5 / size)));
}

function checkOptions(options: GpSamplerOptions): void {
  const { acquisition = "logEI", repeats = "auto", outliers = false } = options;
  const names = Object.keys(acquisitionNames);
  const cannot = "Cannot make the Gaussian process sampler:";
  if (!names.includes(acquisition)) {
    throw new TypeError(
      `${cannot} acquisition is ${String(acquisition)}, expected one of ${
        names.join(", ")
      }`,
    );
  }
  if (typeof repeats !== "boolean" && repeats !== "auto") {
    throw new TypeError(
      `${cannot} repeats is ${String(repeats)}, expected true, false or "auto"`,
    );
  }
  if (typeof outliers !== "boolean") {
    throw new TypeError(
      `${cannot} outliers is ${String(outliers)}, expected true or false`,
    );
  }
  const { initialTrials = 1, maxTrials = 2, beta = 0 } = options;
  for (
    const [name, value, least] of [
      ["initialTrials", initialTrials, 1],
      ["maxTrials", maxTrials, 2],
    ] as const
  ) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(
      `${cannot} ${name} is ${
        String(value)
      }, expected a whole number of at least ${least}`,
    );
  }
  if (!(beta >= 0 && beta < Infinity)) {
    throw new RangeError(
      `${cannot} beta is ${String(beta)}, expected a number of at least 0`,
    );
  }
  checkCost(options);
}
