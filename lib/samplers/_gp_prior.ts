/**
 * What prior studies propose, and when it is their turn.
 *
 * Two experts take turns: the process with prior studies, and the one that knows
 * the study's own trials alone. Each has as many turns as it is trusted, so that
 * prior studies that mislead cost few trials, whatever they say; and each turn of
 * the trials is a look at where prior studies would not look, which shows whether
 * they are right.
 */

import type { RandomStream } from "../math/mod.ts";
import {
  type PriorWeight,
  priorWeightOf,
  type StudyView,
} from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import {
  type Features,
  featuresOf,
  logExpectedImprovement,
  type Observation,
  type Predictions,
  type Prior,
  PriorFunctions,
  type Surrogate,
  type TakenPrior,
  takePrior,
} from "../surrogates/mod.ts";
import { perturb } from "./_gp_candidates.ts";
import type { Places } from "./_gp_places.ts";
import { type Acquisition, apart, type Scored, search } from "./_gp_search.ts";
import { successOf } from "./_prior_turns.ts";

/** After so many trials the study has no need of prior studies. */
export const lastWithPrior = 80;
/** Sources named at most. */
const mostVoices = 8;

const known = new WeakMap<Prior, WeakMap<Features, PriorFunctions>>();
const featuresBySpace = new WeakMap<object, Features>();

/**
 * The features that a prior is over: those of a space without its branches, since
 * the prior studies were read without them.
 */
export function priorFeaturesOf<C>(space: Space<C>): Features {
  let features = featuresBySpace.get(space);
  if (features === undefined) {
    featuresBySpace.set(space, features = featuresOf(space));
  }
  return features;
}

/** A prior over the points of a space. */
export function functionsOf<C>(
  prior: Prior,
  space: Space<C>,
): PriorFunctions {
  const features = priorFeaturesOf(space);
  let byFeatures = known.get(prior);
  if (byFeatures === undefined) known.set(prior, byFeatures = new WeakMap());
  let functions = byFeatures.get(features);
  if (functions === undefined) {
    byFeatures.set(features, functions = new PriorFunctions(prior, features));
  }
  return functions;
}

/** The prior after the surrogate's trials. */
export function trustIn(
  prior: Prior,
  surrogate: Surrogate,
  observations: readonly Observation[],
  { study, random }: { study: StudyView; random: RandomStream },
): TakenPrior {
  const { process, units } = surrogate;
  const features = priorFeaturesOf(study.space);
  const inputs = new Float64Array(units.length * features.dimension);
  units.forEach((unit, i) =>
    features.encode(unit, inputs, i * features.dimension)
  );
  return takePrior(functionsOf(prior, study.space), {
    inputs,
    own: process,
    raw: observations.map(({ value }) => value),
    success: successOf(study),
    random,
  });
}

/** How much of a turn the trials have to begin with. */
const firstCredit = 0.75;

/**
 * Whose turn it is: by turns, as prior studies are trusted. Each trial of the
 * study that they had a say in gives its trials 1 − trust of a turn.
 */
export function turnOf(
  study: StudyView,
  trust: number,
): PriorWeight["chosenBy"] {
  const { trials } = study;
  // What they begin with is worth a look, unless it is doubted from the outset.
  if (trials.length < 3 && trust >= 0.7) return "prior studies";
  let credit = firstCredit +
    (trials.length >= knowsMuch && areStale(study)
      ? staleDoubt
      : doubt(trust, trials.length));
  for (const { attributes, number } of trials) {
    const before = priorWeightOf(attributes);
    if (before === null) continue;
    credit += doubt(before.weight, number);
    if (before.chosenBy === "trials") credit--;
  }
  return credit >= 1 ? "trials" : "prior studies";
}

/** So many turns without a gain, and prior studies get each fifth turn only, until there is one; not while the trials know little themselves. */
const patience = 5;
const staleDoubt = 2;
/** What counts as a gain, as a share of the way from the median of the values to the best. */
const gain = 0.02;

/** Whether the last turns of prior studies brought nothing: they may be right of where not to look, and know no better. */
function areStale({ trials, objectives }: StudyView): boolean {
  const sign = objectives[0]!.direction === "minimize" ? 1 : -1;
  const known = trials.flatMap(({ state, value, attributes }) =>
    state === "complete" && value !== null && Number.isFinite(value)
      ? [{
        value: sign * value,
        byPrior: priorWeightOf(attributes)?.chosenBy === "prior studies",
      }]
      : []
  );
  const sorted = known.map(({ value }) => value).sort((a, b) => a - b);
  const least = gain * (sorted[sorted.length >> 1]! - sorted[0]!);
  let best = Infinity;
  let turns = 0;
  for (const { value, byPrior } of known) {
    const gained = value < best - least;
    if (byPrior) turns = gained ? 0 : turns + 1;
    if (gained) best = value;
  }
  return turns >= patience;
}

/** From so many trials on each gives a tenth of a turn at least, */
const seenEnough = 6;
const mostTrusted = 0.9;
/** and from so many on ever more, until so many: then a half. */
const knowsMuch = 25;
const knowsMore = 40;

/**
 * The part of a turn that a trial gives to the study's own trials: by how little
 * prior studies are trusted; all of it where that is little. However much they are
 * trusted, the trials have every tenth turn, and every second in the end: by then
 * they know more of what is particular to this study.
 */
function doubt(trust: number, number: number): number {
  const trusted = trust < 0.25 ? 0 : trust < 0.5 ? 2 * (trust - 0.25) : trust;
  if (number < seenEnough) return 1 - trusted;
  const late = Math.min(
    1,
    Math.max(0, (number - knowsMuch) / (knowsMore - knowsMuch)),
  );
  return 1 - Math.min(trusted, mostTrusted + (0.5 - mostTrusted) * late);
}

/** Expected improvement with prior studies. */
export function warmAcquisition(
  process: { predict(points: Float64Array): Predictions },
  best: number,
): Acquisition {
  return {
    score(points) {
      const { mean, sd } = process.predict(points);
      return mean.map((mean, i) =>
        logExpectedImprovement({ mean, sd: sd[i]! }, best)
      );
    },
  };
}

/** Looks for the best place: candidates, then ever smaller random moves from the best of them. */
export function searchMixed(
  { places, features, acquisition, incumbents, random, every }: {
    readonly places: Places;
    readonly features: Features;
    readonly acquisition: Acquisition;
    readonly incumbents: readonly Float64Array[];
    readonly random: RandomStream;
    readonly every?: readonly Float64Array[];
  },
): readonly Scored[] {
  const pool = search({
    places,
    features,
    acquisition,
    incumbents,
    random,
    candidates: 700,
    starts: 1,
    ...(every === undefined ? {} : { every }),
  });
  if (every !== undefined || places.axes.length === 0) return pool;
  let best = pool.slice(0, 40);
  for (const width of [0.15, 0.07, 0.03, 0.015, 0.006, 0.002]) {
    const from = apart(best, 4);
    const units = from.flatMap(({ unit }) =>
      Array.from(
        { length: 20 },
        (_, i) =>
          perturb(places, unit, { random, width, share: i % 2 ? 1 : 0.3 }),
      )
    );
    const points = new Float64Array(units.length * features.dimension);
    units.forEach((unit, i) =>
      features.encode(unit, points, i * features.dimension)
    );
    const scores = acquisition.score(points);
    best = [...best, ...units.map((unit, i) => ({ unit, score: scores[i]! }))]
      .sort((a, b) => b.score - a.score).slice(0, 80);
  }
  return [...best, ...pool.slice(40)];
}

/** What is told of the prior studies' part in a suggestion. */
export function priorWeightAt(
  surrogate: Surrogate,
  { trust, process }: TakenPrior,
  { features, unit, chosenBy }: {
    features: Features;
    unit: Float64Array;
    chosenBy: PriorWeight["chosenBy"];
  },
): PriorWeight {
  const tell = ({ mean, sd }: Predictions, noise: number) => {
    const told = surrogate.toObjective({
      mean: mean[0]!,
      sd: Math.sqrt(sd[0]! ** 2 + noise),
    });
    return Number.isFinite(told.mean) && Number.isFinite(told.sd) ? told : null;
  };
  return {
    weight: trust,
    chosenBy,
    voices: process.shares().slice(0, mostVoices)
      .map(({ name, share }) => ({
        name,
        share: Math.round(share * 1000) / 1000,
      })),
    expected: tell(
      process.predict(features.encode(unit)),
      process.noise,
    ),
    without: tell(
      surrogate.process.predict(surrogate.features.encode(unit)),
      surrogate.process.hyperparameters.noise,
    ),
  };
}
