/**
 * The maximum of an acquisition function over a mixed space: the best of many
 * candidates, then from several of them gradient ascent on the continuous axes
 * and moves to neighbours on the discrete ones in turn, then small random moves.
 */

import { lbfgs, type RandomStream } from "../math/mod.ts";
import type { Features } from "../surrogates/mod.ts";
import { candidates, neighbours, perturb } from "./_gp_candidates.ts";
import type { Places } from "./_gp_places.ts";

/** An acquisition function over a process's points; larger is better. */
export interface Acquisition {
  /** Its values at points, `[m, d]` → `[m]`. */
  score(points: Float64Array): Float64Array;
  /** Roughly the same, quicker; absent where that gains nothing. */
  screen?(points: Float64Array): Float64Array;
  /** Its value and slopes at a point, `[d]`; absent where it has none. */
  ascend?(point: Float64Array): { value: number; gradient: Float64Array };
}

/** A place and what it is worth. */
export interface Scored {
  /** In the unit cube, NaN where inactive. */
  readonly unit: Float64Array;
  /** The acquisition function's value. */
  readonly score: number;
}

/** What {@linkcode search} works with. */
export interface SearchSetting {
  readonly places: Places;
  readonly features: Features;
  readonly acquisition: Acquisition;
  /** Places of good trials, best first. */
  readonly incumbents: readonly Float64Array[];
  readonly random: RandomStream;
  /** How many candidates are looked at first. */
  readonly candidates: number;
  /** From how many of them the search goes on. */
  readonly starts: number;
  /** All places there are, where they are few enough to look at each. */
  readonly every?: readonly Float64Array[];
}

/** All places looked at and worth considering, best first. */
export function search(setting: SearchSetting): Scored[] {
  const { places, incumbents, random, starts } = setting;
  if (setting.every !== undefined) return scored(setting, setting.every);
  const half = Math.floor(setting.candidates / 2);
  const pool = scored(setting, [
    ...screened(
      setting,
      candidates(places, incumbents, { random, global: half, local: half }),
    ),
    ...incumbents.map((unit) => places.snap(unit)),
  ]);
  if (setting.acquisition.ascend === undefined || places.axes.length === 0) {
    return pool;
  }
  const refined = apart(pool, starts).map((start) => climb(setting, start));
  let best = refined.reduce((a, b) => b.score > a.score ? b : a);
  const polished: Scored[] = [];
  for (const width of [0.1, 0.03, 0.01, 0.003]) {
    const near = Array.from(
      { length: 24 },
      (_, i) =>
        perturb(places, best.unit, { random, width, share: i % 2 ? 1 : 0.3 }),
    );
    const [top] = scored(setting, near);
    polished.push(top!);
    if (top!.score > best.score) best = top!;
  }
  if (polished.includes(best)) polished.push(climb(setting, best));
  return [...polished, ...refined, ...pool].sort((a, b) => b.score - a.score);
}

/** The best of the pool that are not all at one spot. */
export function apart(pool: readonly Scored[], count: number): Scored[] {
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

/** The share of candidates that a rough look leaves. */
const left = 0.2;

/** The candidates that are worth a closer look. */
function screened(
  { features, acquisition }: SearchSetting,
  units: readonly Float64Array[],
): readonly Float64Array[] {
  if (acquisition.screen === undefined) return units;
  const scores = acquisition.screen(pointsOf(features, units));
  return ranked(units, scores).slice(0, Math.ceil(left * units.length))
    .map(({ unit }) => unit);
}

/** Places with their values, best first. */
function scored(
  { features, acquisition }: SearchSetting,
  units: readonly Float64Array[],
): Scored[] {
  return ranked(units, acquisition.score(pointsOf(features, units)));
}

function pointsOf(
  features: Features,
  units: readonly Float64Array[],
): Float64Array {
  const { dimension } = features;
  const points = new Float64Array(units.length * dimension);
  units.forEach((unit, row) => features.encode(unit, points, row * dimension));
  return points;
}

function ranked(
  units: readonly Float64Array[],
  scores: Float64Array,
): Scored[] {
  return units.map((unit, row) => ({ unit, score: worth(scores[row]!) }))
    .sort((a, b) => b.score - a.score);
}

function worth(score: number): number {
  return Number.isNaN(score) ? -Infinity : score;
}

/** Up from a place: along the gradient, then to the best neighbour, until neither leads up. */
function climb(setting: SearchSetting, start: Scored): Scored {
  let best = start;
  for (let round = 0; round < 4; round++) {
    const before = best.score;
    best = alongGradient(setting, best);
    best = toNeighbours(setting, best);
    if (!(best.score > before + 1e-6)) break;
  }
  return best;
}

function toNeighbours(setting: SearchSetting, start: Scored): Scored {
  let best = start;
  for (let step = 0; step < 6; step++) {
    const near = neighbours(setting.places, best.unit, setting.random);
    if (near.length === 0) break;
    const [top] = scored(setting, near);
    if (!(top!.score > best.score)) break;
    best = top!;
  }
  return best;
}

/** An axis with at least so many values is climbed as if it were a continuum. */
const fine = 16;

function alongGradient(setting: SearchSetting, start: Scored): Scored {
  const { places, features, acquisition } = setting;
  const free = places.axes.filter(({ index, count, isCategory, isParent }) =>
    !isCategory && !isParent && count >= fine &&
    !Number.isNaN(start.unit[index]!)
  );
  if (free.length === 0 || start.score === -Infinity) return start;
  const columns = free.map(({ index }) => features.axes.indexOf(index));
  const point = features.encode(start.unit);
  const found = lbfgs(
    (x, gradient) => {
      columns.forEach((column, i) => point[column] = x[i]!);
      const up = acquisition.ascend!(point);
      columns.forEach((column, i) => gradient[i] = -up.gradient[column]!);
      return -up.value;
    },
    free.map(({ index }) => start.unit[index]!),
    {
      lower: free.map(() => 0),
      upper: free.map(() => 1),
      maxEvaluations: 20,
      firstStep: 0.05,
      gradientTolerance: 1e-4,
      valueTolerance: 1e-5,
    },
  );
  const unit = start.unit.slice();
  free.forEach(({ index }, i) => unit[index] = found.point[i]!);
  const [moved] = scored(setting, [places.snap(unit)]);
  return moved!.score > start.score ? moved! : start;
}
