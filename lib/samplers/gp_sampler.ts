import { bestTrial, type Prediction, type StudyView } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  fitSurrogate,
  observationsOf,
  prepareSurrogate,
} from "../surrogates/mod.ts";
import {
  type AcquisitionName,
  acquisitionNames,
  acquisitionOf,
} from "./_gp_acquisition.ts";
import { type Places, placesOf } from "./_gp_places.ts";
import { type Scored, search } from "./_gp_search.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";
import { sobolSampler } from "./sobol_sampler.ts";

export type { AcquisitionName } from "./_gp_acquisition.ts";

/** Options of {@linkcode gpSampler}. */
export interface GpSamplerOptions {
  /**
   * How many trials have to end before the surrogate chooses; until then points
   * of a scrambled Sobol sequence are tried. Fewer for a small budget. Defaults
   * to 5, and 1 more for each 5 parameters beyond 10, at most 10.
   */
  readonly initialTrials?: number;
  /** What says where a trial is worth most. Defaults to `"logEI"`. */
  readonly acquisition?: AcquisitionName;
  /** How many standard deviations `"UCB"` hopes for, at least 0. Defaults to `2`. */
  readonly beta?: number;
  /**
   * Whether a configuration may be tried again while others are left, which can
   * pay where the objective is noisy. Defaults to `false`.
   */
  readonly repeats?: boolean;
  /**
   * The most trials that the surrogate learns from, at least 2: of more, the best
   * third, the latest third, and others spread evenly. Defaults to `400`.
   */
  readonly maxTrials?: number;
}

/**
 * Bayesian optimization: fits a Gaussian process to the trials and tries where
 * expected improvement is largest. For up to some hundred expensive trials.
 *
 * All kinds of parameters are modelled together, conditional ones too, and
 * discrete ones at the values that they really have. Running trials count as if
 * they had brought what is expected of them, so that trials side by side differ.
 * Failed trials count as bad, pruned ones with their last value, no better than
 * the median. A configuration is not tried twice, unless none else is left.
 *
 * The initial points hang on seed and number alone; then candidates are drawn
 * from the trial's random stream. Hyperparameters are fitted at certain numbers
 * of trials, from fixed starts, so that the history determines all.
 *
 * Source: Jones, Schonlau and Welch (1998); the logarithm from Ament et al.
 * (2023); running trials as in Ginsbourger, Le Riche and Carraro (2010), the
 * "kriging believer".
 *
 * @throws {TypeError} If `acquisition` or `repeats` is none of those allowed.
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
  const initial = sobolSampler();
  return Object.freeze<Sampler>({
    name: "gaussian process",
    async suggest<C>(request: SuggestRequest<C>) {
      const plain = request as unknown as SuggestRequest;
      const task = readTask(plain, options);
      const suggestion = task.isInitial
        ? await initialPoint(initial, plain, task)
        : bySurrogate(plain, task, options);
      return suggestion as Suggestion<C>;
    },
    prepare({ study, number }) {
      if (number > (options.initialTrials ?? 0)) prepareSurrogate(study);
    },
  });
}

/** What is read from a request before anything is fitted. */
interface Task {
  readonly places: Places;
  /** The places of all trials that have one. */
  readonly taken: readonly Float64Array[];
  readonly pending: readonly Float64Array[];
  readonly isInitial: boolean;
}

function readTask(
  { study, fixed }: SuggestRequest,
  options: GpSamplerOptions,
): Task {
  const { dimension } = study.space;
  const {
    initialTrials = Math.min(
      10,
      5 + Math.max(0, Math.ceil((dimension - 10) / 5)),
    ),
  } = options;
  const { finished, pending } = observationsOf(study);
  const useful = finished.filter(({ value }) => Number.isFinite(value)).length;
  return {
    places: placesOf(study.space, fixed),
    taken: [...finished.map(({ unit }) => unit), ...pending],
    pending,
    isInitial: finished.length < initialTrials || useful < 1,
  };
}

/** A point of the Sobol sequence; the next ones where it has been tried already. */
async function initialPoint(
  initial: Sampler,
  request: SuggestRequest,
  { taken }: Task,
): Promise<Suggestion> {
  const { space } = request.study;
  const first = (await initial.suggest(request))!;
  if (!isTaken(space.encode(first.params), taken)) return first;
  for (let tries = 0; tries < 64; tries++) {
    const params = space.sample(request.random.uniform, request.fixed);
    if (!isTaken(space.encode(params), taken)) {
      return {
        params,
        reason: "Drawn at random: the initial point has been tried.",
      };
    }
  }
  return first;
}

function bySurrogate(
  request: SuggestRequest,
  task: Task,
  options: GpSamplerOptions,
): Suggestion {
  const { study, random, fixed } = request;
  const { acquisition = "logEI", beta = 2, repeats = false, maxTrials } =
    options;
  const { places, taken, pending } = task;
  const surrogate = fitSurrogate(study, { maxTrials });
  const { features } = surrogate;
  const points = new Float64Array(pending.length * features.dimension);
  pending.forEach((unit, row) =>
    features.encode(unit, points, row * features.dimension)
  );
  const process = pending.length === 0
    ? surrogate.process
    : surrogate.process.condition(points);
  const means = process.fittedMeans();
  const ranked = Array.from(means, (_, index) => index)
    .sort((a, b) => means[a]! - means[b]! || a - b);
  const units = [...surrogate.units, ...pending];
  const scored = search({
    places,
    features,
    acquisition: acquisitionOf(acquisition, process, {
      best: means[ranked[0]!]!,
      beta,
      random,
    }),
    incumbents: ranked.slice(0, 6).map((index) => units[index]!),
    random,
    candidates: candidateCount(process.size, acquisition),
    starts: process.size <= 250 ? 5 : 3,
    ...everyPlace(study, places, fixed),
  });
  const free = repeats ? scored[0] : firstFree(scored, taken, places, request);
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
      rule: acquisitionNames[acquisition],
      isRepeat: free === undefined,
    }),
    prediction,
  };
}

/** So many candidates that looking at them takes some ten milliseconds. */
function candidateCount(size: number, acquisition: AcquisitionName): number {
  const most = acquisition === "Thompson" ? 300 : 1000;
  return Math.max(256, Math.min(most, Math.floor(2.5e7 / size ** 2)));
}

/** All places, where they are few: then none is missed. */
function everyPlace(
  { space }: StudyView,
  { count }: Places,
  fixed: Configuration,
): { every?: readonly Float64Array[] } {
  if (count > 500) return {};
  return { every: space.grid({ fixed }).map((params) => space.encode(params)) };
}

/** The best that no trial has; undefined if all have been tried. */
function firstFree(
  scored: readonly Scored[],
  taken: readonly Float64Array[],
  places: Places,
  { random }: SuggestRequest,
): Scored | undefined {
  const found = scored.find(({ unit }) => !isTaken(unit, taken));
  if (found !== undefined || places.count <= 500) return found;
  for (let tries = 0; tries < 200; tries++) {
    const unit = places.draw(random);
    if (!isTaken(unit, taken)) return { unit, score: NaN };
  }
  return undefined;
}

function isTaken(unit: Float64Array, taken: readonly Float64Array[]): boolean {
  return taken.some((other) =>
    unit.every((u, axis) =>
      // Equal configurations may differ in the last digits of their places.
      Math.abs(u - other[axis]!) < 1e-12 ||
      (Number.isNaN(u) && Number.isNaN(other[axis]!))
    )
  );
}

function reasonOf(
  study: StudyView,
  { prediction, rule, isRepeat }: {
    prediction: Prediction;
    rule: string;
    isRepeat: boolean;
  },
): string {
  const best = bestTrial(study)?.value;
  const show = (value: number) => String(Number(value.toPrecision(4)));
  return `${rule}: ${show(prediction.mean)} ± ${
    Number(prediction.sd.toPrecision(2))
  } expected${
    typeof best === "number" && Number.isFinite(best)
      ? `, ${show(best)} is the best so far`
      : ""
  }${isRepeat ? "; every other configuration has been tried" : ""}.`;
}

function checkOptions(options: GpSamplerOptions): void {
  const { acquisition = "logEI", repeats = false } = options;
  const names = Object.keys(acquisitionNames);
  const cannot = "Cannot make the Gaussian process sampler:";
  if (!names.includes(acquisition)) {
    throw new TypeError(
      `${cannot} acquisition is ${String(acquisition)}, expected one of ${
        names.join(", ")
      }`,
    );
  }
  if (typeof repeats !== "boolean") {
    throw new TypeError(
      `${cannot} repeats is ${String(repeats)}, expected true or false`,
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
}
