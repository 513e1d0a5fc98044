/**
 * Prior studies as pseudo-observations of TPE.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, T | | | trials with a value; sources of a prior |
 * | zₛ(x) | `said[s]` | | what source s says of x, see surrogates/prior.ts: smaller is better |
 * | wₛ | `weight` | `[T]` | the sources' shares before any trial |
 * | cₛ | `agreement` | `[T]` | (pairs of trials that s orders as their values do − the others) / all pairs |
 * | vₛ | `shares` | `[T]` | wₛ exp(n cₛ / 2), made to sum to 1: how alike source s is |
 * | q | `decay` | | n₀ / (n₀ + n) |
 *
 * Of the prior's nodes, which fill the space and have the sources' best trials
 * among them, the quarter with the least Σ vₛ zₛ are good points of the model, the
 * quarter with the largest bad ones. Either weigh as much as five trials at first,
 * times q later: the trials take over.
 *
 * The log-odds that prior studies are right are those before any trial, plus n c
 * of all together, within ± 3, plus who brought the better values. As they are
 * trusted, the model with pseudo-observations and the one without take turns.
 *
 * Source: Watanabe, Awad, Onishi and Hutter, Speeding up multi-objective
 * hyperparameter optimization by task similarity-based meta-learning for the
 * tree-structured Parzen estimator (2023), for tasks' likeness as weights; ours
 * is by order. The gate is ours. Weights and thresholds were tried on FCNet's
 * tables and made-up functions (bench/library), where they matter little.
 *
 * @module
 */

import type { PriorWeight, StudyView } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import { type Prior, trustAtFirst } from "../surrogates/mod.ts";
import { functionsOf, priorFeaturesOf } from "./_gp_prior.ts";
import { successOf, turnOf } from "./_prior_turns.ts";
import type { PseudoPoints } from "./_tpe_model.ts";

/** n₀: after so many trials pseudo-observations weigh half. */
const halfLife = 10;
/** What the good and the bad ones weigh at first, in trials. */
const firstWeight = 5;
/** Which share of the nodes is good, and which bad. */
const quarter = 0.25;
/** How much the order of a trial says of a source, and of all of them; and the most of the latter. */
const saysOfSource = 0.5;
const saysOfAll = 1;
const mostByOrder = 3;
/** Sources named at most. */
const mostVoices = 8;

/** What prior studies say to TPE after some trials. */
export interface TpePrior {
  /** Whose turn it is, and how far prior studies are trusted. */
  readonly weight: PriorWeight;
  /** The pseudo-observations. */
  readonly points: PseudoPoints;
}

/** Asks a prior, given a study's trials. It draws no random numbers. */
export function askPrior(
  prior: Prior,
  study: StudyView,
  toPoint: (unit: Float64Array) => Float64Array,
): TpePrior {
  const { space } = study;
  const { units, values } = observed(study);
  const n = values.length;
  const before = Float64Array.from(prior.sources, ({ weight }) => weight);
  const seen = sayings(prior, space, units);
  const logs = seen.map((said, s) =>
    Math.log(before[s]!) + saysOfSource * n * agreement(said, values)
  );
  const most = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  const shares = logs.map((log) => Math.exp(log - most) / total);

  const first = trustAtFirst(prior);
  const order = saysOfAll * n * agreement(mixed(seen, before), values);
  const odds = Math.log(first / (1 - first)) + successOf(study) +
    Math.max(-mostByOrder, Math.min(mostByOrder, order));
  const trust = 1 / (1 + Math.exp(-odds));
  return {
    weight: {
      weight: trust,
      chosenBy: turnOf(study, trust),
      voices: prior.sources.map(({ name }, s) => ({
        name,
        share: Math.round(shares[s]! * 1000) / 1000,
      })).sort((a, b) => b.share - a.share).slice(0, mostVoices),
      expected: null,
      without: null,
    },
    points: pseudoPoints(mixed(atNodes(prior, space), shares), {
      pointAt: (node) => toPoint(prior.units[node]!),
      weight: firstWeight * halfLife / (halfLife + n),
    }),
  };
}

/** The trials that say something: where, and how bad, failed ones infinitely. */
function observed({ space, trials, objectives }: StudyView) {
  const sign = objectives[0]!.direction === "minimize" ? 1 : -1;
  const ended = trials.filter(({ state, value }) =>
    state === "failed" || (state === "complete" && value !== null)
  );
  return {
    units: ended.map(({ params }) => space.encode(params)),
    values: Float64Array.from(
      ended,
      ({ state, value }) =>
        state === "failed" || Number.isNaN(value) ? Infinity : sign * value!,
    ),
  };
}

/** What each source says of places of the unit cube, `[T][places]`. */
function sayings(
  prior: Prior,
  space: Space,
  units: readonly ArrayLike<number>[],
): Float64Array[] {
  const functions = functionsOf(prior, space);
  const features = priorFeaturesOf(space);
  const { dimension } = features;
  const inputs = new Float64Array(units.length * dimension);
  units.forEach((unit, i) => features.encode(unit, inputs, i * dimension));
  const said = functions.sourcesAt(inputs);
  const T = prior.sources.length;
  return prior.sources.map((_, s) =>
    Float64Array.from(units, (_, i) => said[i * T + s]!)
  );
}

const nodeSayings = new WeakMap<
  Prior,
  { readonly space: Space; readonly said: readonly Float64Array[] }
>();

/** What each source says of the nodes: worked out once. */
function atNodes(prior: Prior, space: Space): readonly Float64Array[] {
  let known = nodeSayings.get(prior);
  if (known?.space !== space) {
    known = { space, said: sayings(prior, space, prior.units) };
    nodeSayings.set(prior, known);
  }
  return known.said;
}

/** Σ vₛ zₛ. */
function mixed(
  said: readonly Float64Array[],
  shares: ArrayLike<number>,
): Float64Array {
  return said[0]!.map((_, i) =>
    said.reduce((sum, z, s) => sum + shares[s]! * z[i]!, 0)
  );
}

/** cₛ; 0 where no pair differs. */
function agreement(said: Float64Array, values: Float64Array): number {
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < i; j++) {
      if (values[i] === values[j]) continue;
      const order = values[i]! > values[j]! ? 1 : -1;
      sum += order * Math.sign(said[i]! - said[j]!);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

function pseudoPoints(
  z: Float64Array,
  { pointAt, weight }: {
    readonly pointAt: (node: number) => Float64Array;
    readonly weight: number;
  },
): PseudoPoints {
  const ranked = [...z.keys()].sort((a, b) => z[a]! - z[b]! || a - b);
  const count = Math.max(1, Math.round(quarter * ranked.length));
  const pulls = Float64Array.from(
    { length: count },
    (_, rank) => Math.log(count + 1) - Math.log(rank + 1),
  );
  const pull = pulls.reduce((sum, one) => sum + one, 0);
  return {
    good: ranked.slice(0, count).map(pointAt),
    goodWeights: pulls.map((one) => weight * one / pull),
    bad: ranked.slice(-count).map(pointAt),
    badWeights: new Float64Array(count).fill(weight / count),
  };
}
