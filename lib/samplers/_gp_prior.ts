/**
 * Expected improvement under what prior studies say and under the study's own
 * trials alone, mixed by how far the prior studies are trusted:
 *
 * log(p EI_W + (1 − p) EI_C)
 *
 * in the values' own units, so that each expert proposes where it hopes for much,
 * by as much as it is believed.
 */

import type { RandomStream } from "../math/mod.ts";
import type { PriorWeight } from "../records/mod.ts";
import {
  type Features,
  type GaussianProcess,
  logExpectedImprovement,
  type Predictions,
  type Prior,
  PriorFunctions,
  type Surrogate,
  type TransferProcess,
  type TrustedPrior,
  weighPrior,
} from "../surrogates/mod.ts";
import { perturb } from "./_gp_candidates.ts";
import type { Places } from "./_gp_places.ts";
import { type Acquisition, type Scored, search } from "./_gp_search.ts";

/** After so many trials the study has no need of prior studies. */
export const lastWithPrior = 80;
/** Less trust than this is none. */
export const leastTrust = 0.02;
/** Sources named at most. */
const mostVoices = 8;

const known = new WeakMap<Prior, WeakMap<Features, PriorFunctions>>();

/** A prior over the points of features. */
export function functionsOf(prior: Prior, features: Features): PriorFunctions {
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
): TrustedPrior {
  const { features, process, units } = surrogate;
  const inputs = new Float64Array(units.length * features.dimension);
  units.forEach((unit, i) =>
    features.encode(unit, inputs, i * features.dimension)
  );
  return weighPrior(functionsOf(prior, features), {
    inputs,
    values: process.values,
  });
}

/** The mixed acquisition function. */
export function mixedAcquisition(
  trust: number,
  warm: { predict(points: Float64Array): Predictions; best: number },
  cold: { process: GaussianProcess; best: number } | null,
): Acquisition {
  const share = cold === null ? 1 : trust;
  return {
    score(points) {
      const w = warm.predict(points);
      const c = share < 1 ? cold!.process.predict(points) : null;
      return w.mean.map((mean, i) => {
        const warmly = Math.log(share) +
          logExpectedImprovement({ mean, sd: w.sd[i]! }, warm.best);
        if (c === null) return warmly;
        const coldly = Math.log1p(-share) + logExpectedImprovement(
          { mean: c.mean[i]!, sd: c.sd[i]! },
          cold!.best,
        );
        const most = Math.max(warmly, coldly);
        return most === -Infinity ? most : most +
          Math.log(Math.exp(warmly - most) + Math.exp(coldly - most));
      });
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

function apart(pool: readonly Scored[], count: number): Scored[] {
  const chosen: Scored[] = [];
  for (const one of pool) {
    if (chosen.length === count) break;
    const isNew = chosen.every(({ unit }) =>
      unit.some((u, axis) => !(Math.abs(u - one.unit[axis]!) < 0.05))
    );
    if (isNew) chosen.push(one);
  }
  return chosen;
}

/** What is told of the prior studies' part in a suggestion. */
export function priorWeightAt(
  surrogate: Surrogate,
  functions: PriorFunctions,
  { trust, process }: { trust: number; process: TransferProcess },
  unit: Float64Array,
): PriorWeight {
  const point = surrogate.features.encode(unit);
  const tell = ({ mean, sd }: Predictions, noise: number) => {
    const told = surrogate.toObjective({
      mean: mean[0]!,
      sd: Math.sqrt(sd[0]! ** 2 + noise),
    });
    return Number.isFinite(told.mean) && Number.isFinite(told.sd) ? told : null;
  };
  return {
    weight: trust,
    voices: functions.shares(process.factors()).slice(0, mostVoices)
      .map(({ name, share }) => ({
        name,
        share: Math.round(share * 1000) / 1000,
      })),
    expected: tell(
      process.predict(point),
      process.setting.noise * process.scale ** 2,
    ),
    without: tell(
      surrogate.process.predict(point),
      surrogate.process.hyperparameters.noise,
    ),
  };
}
