/**
 * Bayesian optimization of several objectives: a Gaussian process each, and a
 * trial where the hypervolume is expected to grow most.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | m | | | the number of objectives |
 * | P | `front` | `[n, m]` | what the processes, which take out noise, say of the trials and of those that run: what of it nothing dominates |
 * | r | `reference` | `[m]` | P's worst value of each objective, and beyond it a tenth of P's range, or of the sd of all values if that is more |
 *
 * All in the processes' units, in which each objective has mean 0 and sd 1. Of
 * two and three objectives the improvement is exact; of more see _gp_trade_off.ts.
 *
 * Where the front has grown dense but has not reached its ends, a trial between two
 * others gains more than one beyond the last: so each fourth trial takes a reference
 * a whole range beyond. Early on, one trial for each objective improves it alone, and
 * some look where least is known, as with one objective (_gp_doubt.ts).
 *
 * With constraints it is the improvement on the feasible trials times the
 * probability of feasibility; while nothing is feasible, that alone.
 *
 * Source: Emmerich (2005); Ament et al. (2023) for the logarithm; Ishibuchi et al.,
 * How to Specify a Reference Point in Hypervolume Calculation (2018), and
 * BoTorch, for the tenth; looking for the ends is ours.
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
import { acquisitionOf } from "./_gp_acquisition.ts";
import { everyPlace, fewPlaces, firstFree } from "./_gp_choice.ts";
import { perCost, priceOf } from "./_gp_cost.ts";
import {
  type Feasibility,
  feasibilityOf,
  feasibleOnly,
  hopeless,
  lessViolation,
} from "./_gp_feasibility.ts";
import { doubtOf, farBeta, roughened } from "./_gp_doubt.ts";
import { gainsOf, hypervolumeOf, referenceOf } from "./_gp_hypervolume.ts";
import { initialCount, initialPoint } from "./_gp_initial.ts";
import { isTaken, type Places, placesOf } from "./_gp_places.ts";
import { searchMixed } from "./_gp_prior.ts";
import { doubtReason } from "./_gp_reason.ts";
import {
  type Acquisition,
  type Scored,
  search,
  type SearchSetting,
} from "./_gp_search.ts";
import { byTradeOff } from "./_gp_trade_off.ts";
import { objectiveView, outcomesOf } from "./_objective_views.ts";
import type { Suggestion, SuggestRequest } from "./sampler.ts";

/** The options that matter here. */
export interface SeveralOptions {
  readonly initialTrials?: number;
  readonly repeats?: boolean | "auto";
  readonly maxTrials?: number;
  readonly outliers?: boolean;
  readonly cost?: string;
  readonly costBudget?: number;
}

/** Beyond this many objectives there is no exact improvement. */
const mostExact = 3;
/** How far beyond the front's worst the reference lies, as a share of its range. */
const beyond = 0.1;
/** The same for each so many-th trial, which looks for the ends of the front. */
const outside = 1;
const everyOutside = 4;
/** After so many trials one looks for the best of the first objective alone, after as many more for that of the second. */
const everyAlone = 6;
/** Of more trials than these the front is sought among the best ones. */
const mostForFront = 400;

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
  const numbers = new Set(finished.map(({ number }) => number));
  const isTooFew = finished.length < initialTrials ||
    !outcomesOf(study).some(({ index }) =>
      numbers.has(study.trials[index]!.number)
    ) ||
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
  study.objectives.forEach((_, k) =>
    prepareSurrogate(objectiveView(study, k), { oneOfSeveral: true })
  );
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
    fitSurrogate(view, { maxTrials, outliers, oneOfSeveral: true })
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
  const believing = (process: GaussianProcess) =>
    pending.length === 0 ? process : process.condition(running);
  const usual = surrogates.map(({ process }) => believing(process));
  const feasibility = feasibilityOf(study, { maxTrials, pending: running });
  const feasible = candidatesForFront(study, views[0]!);
  const isBlind = feasible.length === 0;
  const units = [...feasible, ...pending];
  const points = pointsOf(units);
  const means = usual.map((process) => process.predictMean(points));
  const values = units.map((_, i) => means.map((mean) => mean[i]!));
  const front = paretoFront(values)
    .sort((a, b) => values[a]![0]! - values[b]![0]! || a - b);
  const size = surrogates[0]!.size;
  const turn = (size + 1) / everyAlone - 1;
  const alone = Number.isInteger(turn) && turn < views.length ? turn : null;
  const known = front.map((i) => values[i]!);
  const doubt = alone !== null || isBlind ? null : doubtOf(
    gainsOf(values.slice(0, feasible.length), referenceOf(known, beyond)),
    {
      dimension: features.dimension,
      isConditional: study.space.isConditional,
    },
  );
  const isOutside = alone === null && doubt === null &&
    size % everyOutside === everyOutside - 1;
  const processes = doubt?.way === "rough"
    ? surrogates.map(({ process }) => believing(roughened(process)))
    : usual;
  // While nothing is feasible there is nothing to improve on.
  const improvement = isBlind ? null : alone === null
    ? hypervolumeOf(
      processes,
      new ExpectedHypervolume(
        known,
        referenceOf(known, isOutside ? outside : beyond),
      ),
      doubt?.way === "far" ? farBeta : 0,
    )
    : acquisitionOf("logEI", processes[alone]!, {
      best: Math.min(...known.map((point) => point[alone]!)),
      beta: 0,
      random,
    });
  const worth = feasibility === null
    ? improvement!
    : feasibleOnly(improvement, feasibility);
  const price = priceOf(study, options);
  const searchFor = (
    goal: Acquisition,
    look: (setting: SearchSetting) => readonly Scored[],
  ) =>
    look({
      places,
      features,
      acquisition: price === null ? goal : perCost(goal, price),
      incumbents: isBlind
        ? leastViolating(views[0]!, feasibility!)
        : spread(front, 12).map((i) => units[i]!),
      random: quickStream(random),
      candidates: Math.max(400, Math.min(1000, Math.floor(2e5 / size))),
      starts: size <= 250 ? 5 : 3,
      ...everyPlace(study, places, fixed),
    });
  let scored = searchFor(worth, search);
  const isHopeless = improvement === null && scored[0]!.score < hopeless;
  if (isHopeless) {
    // It has no slopes.
    scored = searchFor(lessViolation(feasibility!), searchMixed);
  }
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
    reason: `${
      isHopeless
        ? "Most probably nearer to what is feasible"
        : isBlind
        ? "Most probably feasible"
        : alone === null
        ? "Expected hypervolume improvement"
        : `Expected improvement of ${study.objectives[alone]!.name} alone`
    }: ${named.join(", ")} expected, ${countOf(study)} on the front so far${
      doubt !== null
        ? doubtReason(doubt)
        : isOutside
        ? "; each fourth trial looks beyond its ends"
        : ""
    }${
      isRepeat && places.count <= fewPlaces
        ? "; every other configuration has been tried"
        : ""
    }.`,
    prediction: expected[0]!,
  };
}

/** The places of the feasible trials that may be on the front. */
function candidatesForFront(
  study: StudyView,
  view: StudyView,
): readonly Float64Array[] {
  const outcomes = feasibleOutcomes(study);
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

/** The places of some trials that violate the constraints least. */
function leastViolating(
  view: StudyView,
  { violation }: Feasibility,
): Float64Array[] {
  return observationsOf(view).finished
    .map(({ number, unit }) => ({ unit, violation: violation(number) }))
    .filter(({ violation }) => violation < Infinity)
    .sort((a, b) => a.violation - b.violation)
    .slice(0, 6).map(({ unit }) => unit);
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

function countOf(study: StudyView): number {
  return paretoFront(feasibleOutcomes(study).map(({ losses }) => losses))
    .length;
}

function feasibleOutcomes(study: StudyView) {
  return outcomesOf(study).filter(({ isFeasible }) => isFeasible);
}

function show(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
