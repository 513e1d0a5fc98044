/**
 * Bayesian optimization of several objectives: a Gaussian process each, and a
 * trial where the hypervolume is expected to grow most.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | m | | | the number of objectives |
 * | P | `front` | `[n, m]` | what the processes, which take out noise, say of the trials and of those that run: what of it nothing dominates |
 * | r | `reference` | `[m]` | P's worst value of each objective, and a tenth of the range beyond |
 *
 * All in the processes' units, in which each objective has mean 0 and sd 1. Of
 * two and three objectives the improvement is exact. Of more it is that of a
 * trade-off drawn anew for each trial, augmented Chebyshev: max wⱼ lⱼ + ρ Σ wⱼ lⱼ
 * with lⱼ the objective's loss as a share of the front's range.
 *
 * Source: Emmerich (2005); Ament et al. (2023) for the logarithm; Ishibuchi et al.,
 * How to Specify a Reference Point in Hypervolume Calculation (2018), and
 * BoTorch, for the tenth; Knowles, ParEGO (2006), for more than three objectives.
 */

import { nonDominatedSort, paretoFront, quickStream } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import {
  ExpectedHypervolume,
  fitSurrogate,
  type GaussianProcess,
  observationsOf,
  prepareSurrogate,
  type Surrogate,
} from "../surrogates/mod.ts";
import { everyPlace, fewPlaces, firstFree } from "./_gp_choice.ts";
import { initialCount, initialPoint } from "./_gp_initial.ts";
import { isTaken, type Places, placesOf } from "./_gp_places.ts";
import { type Acquisition, search } from "./_gp_search.ts";
import {
  objectiveView,
  outcomesOf,
  scaledLosses,
  withValue,
} from "./_objective_views.ts";
import type { Suggestion, SuggestRequest } from "./sampler.ts";

/** The options that matter here. */
export interface SeveralOptions {
  readonly initialTrials?: number;
  readonly repeats?: boolean | "auto";
  readonly maxTrials?: number;
  readonly outliers?: boolean;
}

/** Beyond this many objectives there is no exact improvement. */
const mostExact = 3;
/** How far beyond the front's worst the reference lies, as a share of its range. */
const beyond = 0.1;
/** No range is taken for smaller than this, in standard deviations of the objective. */
const leastRange = 0.1;
/** Of more trials than these the front is sought among the best ones. */
const mostForFront = 400;
/** ρ of the augmented Chebyshev trade-off. */
const augmentation = 0.05;
/** From so many points on, candidates are looked at roughly first. */
const screeningFrom = 100;

/**
 * The next trial of a study of several objectives.
 *
 * @param single Chooses for a study of one.
 */
export async function suggestOfSeveral(
  request: SuggestRequest,
  options: SeveralOptions,
  single: (request: SuggestRequest) => Suggestion,
): Promise<Suggestion> {
  const { study, fixed, start } = request;
  // What prior studies begin with is as good a beginning as another.
  if (start !== undefined) return start;
  const places = placesOf(study.space, fixed);
  const views = study.objectives.map((_, k) => objectiveView(study, k));
  const { finished, pending } = observationsOf(views[0]!);
  const taken = [...finished.map(({ unit }) => unit), ...pending];
  const { initialTrials = initialCount(study.space.dimension) } = options;
  const isTooFew = finished.length < initialTrials ||
    outcomesOf(study).length === 0 ||
    !views.every((view) =>
      observationsOf(view).finished.some(({ value }) => Number.isFinite(value))
    );
  if (isTooFew) return await initialPoint(request, taken);
  return study.objectives.length > mostExact
    ? byTradeOff(request, single)
    : byHypervolume(request, { views, places, taken, pending, options });
}

/** Has the fits of the next suggestion made while trials run. */
export function prepareSeveral(study: StudyView): void {
  if (study.objectives.length > mostExact) return;
  study.objectives.forEach((_, k) => prepareSurrogate(objectiveView(study, k)));
}

interface Task {
  readonly views: readonly StudyView[];
  readonly places: Places;
  readonly taken: readonly Float64Array[];
  readonly pending: readonly Float64Array[];
  readonly options: SeveralOptions;
}

function byHypervolume(
  request: SuggestRequest,
  { views, places, taken, pending, options }: Task,
): Suggestion {
  const { study, random, fixed } = request;
  const { maxTrials, outliers, repeats = "auto" } = options;
  const surrogates = views.map((view) =>
    fitSurrogate(view, { maxTrials, outliers })
  );
  const { features } = surrogates[0]!;
  const pointsOf = (units: readonly Float64Array[]) => {
    const points = new Float64Array(units.length * features.dimension);
    units.forEach((unit, i) =>
      features.encode(unit, points, i * features.dimension)
    );
    return points;
  };
  const running = pointsOf(pending);
  const processes = surrogates.map(({ process }) =>
    pending.length === 0 ? process : process.condition(running)
  );
  const units = [...candidatesForFront(study, views[0]!), ...pending];
  const points = pointsOf(units);
  const means = processes.map((process) => process.predictMean(points));
  const values = units.map((_, i) => means.map((mean) => mean[i]!));
  const front = paretoFront(values)
    .sort((a, b) => values[a]![0]! - values[b]![0]! || a - b);
  const reference = referenceOf(front.map((i) => values[i]!));
  const improvement = new ExpectedHypervolume(
    front.map((i) => values[i]!),
    reference,
  );
  const size = processes[0]!.size;
  const scored = search({
    places,
    features,
    acquisition: acquisitionOf(processes, improvement),
    incumbents: spread(front, 12).map((i) => units[i]!),
    random: quickStream(random),
    candidates: Math.max(400, Math.min(1000, Math.floor(2e5 / size))),
    starts: size <= 250 ? 5 : 3,
    ...everyPlace(study, places, fixed),
  });
  const free = repeats === true
    ? scored[0]
    : firstFree(scored, taken, places, request);
  const { unit } = free ?? scored[0]!;
  const expected = expectations(surrogates, features.encode(unit));
  const named = expected.map(({ mean, sd }, k) =>
    `${study.objectives[k]!.name} ${show(mean, 4)} ± ${show(sd, 2)}`
  );
  const isRepeat = free === undefined && isTaken(unit, taken);
  return {
    params: study.space.decode(unit, fixed),
    reason: `Expected hypervolume improvement: ${named.join(", ")} expected, ${
      countOf(study)
    } on the front so far${
      isRepeat && places.count <= fewPlaces
        ? "; every other configuration has been tried"
        : ""
    }.`,
    prediction: expected[0]!,
  };
}

/** The places of the trials that may be on the front. */
function candidatesForFront(
  study: StudyView,
  view: StudyView,
): readonly Float64Array[] {
  const outcomes = outcomesOf(study);
  const places = new Map(
    observationsOf(view).finished.map(({ number, unit }) => [number, unit]),
  );
  const ranks = outcomes.length <= mostForFront
    ? null
    : nonDominatedSort(outcomes.map(({ losses }) => losses));
  const chosen = ranks === null
    ? outcomes
    : [...outcomes.keys()].sort((a, b) => ranks[a]! - ranks[b]! || b - a)
      .slice(0, mostForFront).map((i) => outcomes[i]!);
  return chosen.flatMap(({ index }) => {
    const unit = places.get(study.trials[index]!.number);
    return unit === undefined ? [] : [unit];
  });
}

/** r: each objective's worst on the front, and a tenth of the front's range beyond. */
function referenceOf(front: readonly (readonly number[])[]): number[] {
  return front[0]!.map((_, j) => {
    const column = front.map((point) => point[j]!);
    const [low, high] = [Math.min(...column), Math.max(...column)];
    return high + beyond * Math.max(leastRange, high - low);
  });
}

/** log EHVI over the processes' points. */
function acquisitionOf(
  processes: readonly GaussianProcess[],
  improvement: ExpectedHypervolume,
): Acquisition {
  const valuesOf = (
    predictions: readonly { mean: Float64Array; sd: Float64Array }[],
  ) =>
    predictions[0]!.mean.map((_, i) =>
      improvement.log(
        predictions.map(({ mean }) => mean[i]!),
        predictions.map(({ sd }) => sd[i]!),
      )
    );
  return {
    score: (points) => valuesOf(processes.map((one) => one.predict(points))),
    ...processes[0]!.size < screeningFrom ? {} : {
      screen: (points) =>
        valuesOf(processes.map((one) => one.predictBounds(points))),
    },
    ascend(point) {
      const expected = processes.map((one) => one.predictGradient(point));
      const { value, byMean, bySd } = improvement.slopes(
        expected.map(({ mean }) => mean),
        expected.map(({ sd }) => sd),
      );
      const gradient = new Float64Array(point.length);
      expected.forEach(({ meanGradient, sdGradient }, j) => {
        for (let i = 0; i < gradient.length; i++) {
          gradient[i]! += byMean[j]! * meanGradient[i]! +
            bySd[j]! * sdGradient[i]!;
        }
      });
      return { value, gradient };
    },
  };
}

/** At most so many of a front, evenly along it, its ends among them. */
function spread(front: readonly number[], most: number): readonly number[] {
  if (front.length <= most) return front;
  return Array.from(
    { length: most },
    (_, i) => front[Math.round(i * (front.length - 1) / (most - 1))]!,
  );
}

/** What each objective is expected to be, in its own units. */
function expectations(surrogates: readonly Surrogate[], point: Float64Array) {
  return surrogates.map(({ process, toObjective }) => {
    const { mean, sd } = process.predict(point);
    return toObjective({
      mean: mean[0]!,
      sd: Math.sqrt(sd[0]! ** 2 + process.hyperparameters.noise),
    });
  });
}

/** By a trade-off that is drawn for this trial. */
function byTradeOff(
  request: SuggestRequest,
  single: (request: SuggestRequest) => Suggestion,
): Suggestion {
  const { study, random } = request;
  const raw = study.objectives.map(() => -Math.log1p(-random.uniform()));
  const sum = raw.reduce((a, b) => a + b);
  const weights = raw.map((one) => sum > 0 ? one / sum : 1 / raw.length);
  const outcomes = outcomesOf(study);
  const all = outcomes.map(({ losses }) => losses);
  // The front's range, not that of all: what is far off says little of what is at stake.
  const losses = scaledLosses(all, paretoFront(all));
  const value = new Map(outcomes.map(({ index }, i) => {
    const parts = losses[i]!.map((loss, j) => weights[j]! * loss);
    const sum = parts.reduce((a, b) => a + b);
    return [index, Math.max(...parts) + augmentation * sum];
  }));
  const trials = study.trials.map((trial, index) =>
    withValue(trial, value.get(index) ?? null)
  );
  const suggestion = single({
    ...request,
    study: {
      ...study,
      objectives: [{ name: "trade-off", direction: "minimize" }],
      trials,
    },
  });
  const named = weights.map((weight, j) =>
    `${study.objectives[j]!.name} ${weight.toFixed(2)}`
  );
  return {
    params: suggestion.params,
    reason: `Expected improvement of a trade-off that weighs ${
      named.join(", ")
    }.`,
  };
}

function countOf(study: StudyView): number {
  return paretoFront(outcomesOf(study).map(({ losses }) => losses)).length;
}

function show(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
