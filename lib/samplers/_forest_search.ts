/**
 * The search for the maximum of an acquisition function that has no slopes: the
 * best of many random places, and from some of them the way up, neighbor by
 * neighbor.
 *
 * Source: Hutter, Hoos and Leyton-Brown, "Sequential Model-Based Optimization
 * for General Algorithm Configuration" (2011), section 4.3.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import { cardinality, type Configuration, type Space } from "../space/mod.ts";

/** How many places are drawn at random. */
const randomPlaces = 1000;
/** From how many places the way up is sought, of each kind. */
const starts = 5;
/** The most steps on a way up. */
const mostSteps = 30;
/** How many neighbors there are along a parameter. */
const neighborsEach = 4;
/** How far neighbors are along a number: a standard deviation, of the unit cube. */
const neighborDistance = 0.2;

/** A place and what it is worth. */
export interface ScoredPlace {
  /** In the unit cube, `[D]`, NaN where inactive. */
  readonly unit: Float64Array;
  /** What it is worth; more is better. */
  readonly score: number;
}

/** What {@linkcode searchForest} works with. */
export interface ForestSearchOptions {
  /** The space. */
  readonly space: Space;
  /** Values that are already decided. */
  readonly fixed: Configuration;
  /** Places of good trials, the best first. */
  readonly incumbents: readonly Float64Array[];
  /** What a place is worth. */
  readonly score: (unit: Float64Array) => number;
  /** The stream to draw from. */
  readonly random: RandomStream;
}

/** Places worth a trial, the best first. */
export function searchForest(options: ForestSearchOptions): ScoredPlace[] {
  const { space, fixed, incumbents, random } = options;
  const place = (unit: Float64Array): ScoredPlace => {
    // Parameters that become active get a value at random.
    const whole = unit.map((u) => Number.isNaN(u) ? random.uniform() : u);
    const valid = space.encode(space.decode(whole, fixed));
    return { unit: valid, score: options.score(valid) };
  };
  const nowhere = new Float64Array(space.dimension).fill(NaN);
  const drawn = Array.from({ length: randomPlaces }, () => place(nowhere))
    .sort(byScore);
  const begun = [
    ...incumbents.slice(0, starts).map(place),
    ...drawn.slice(0, starts),
  ];
  const climbed = begun.flatMap((start) => {
    const way = [start];
    for (let step = 0; step < mostSteps; step++) {
      const best = neighborsOf(way.at(-1)!.unit, options).map(place)
        .sort(byScore)[0];
      if (best === undefined || !(best.score > way.at(-1)!.score)) break;
      way.push(best);
    }
    return way;
  });
  return [...climbed, ...drawn].sort(byScore);
}

function byScore(a: ScoredPlace, b: ScoredPlace): number {
  return a.score === b.score ? 0 : b.score - a.score;
}

/** Places that differ in one active parameter. */
function neighborsOf(
  unit: Float64Array,
  { space, fixed, random }: ForestSearchOptions,
): Float64Array[] {
  return space.parameters.flatMap((parameter, axis) => {
    const here = unit[axis]!;
    const count = cardinality(parameter);
    if (
      Number.isNaN(here) || count === 1 || fixed[parameter.name] !== undefined
    ) return [];
    const isCategory = parameter.kind === "choice" ||
      parameter.kind === "boolean";
    const length = Math.min(neighborsEach, count - 1);
    return Array.from({ length }, () => {
      const neighbor = unit.slice();
      const u = isCategory
        ? (here + (1 + random.int(count - 1)) / count) % 1
        : here + neighborDistance * random.normal();
      neighbor[axis] = Math.min(1, Math.max(0, u));
      return neighbor;
    });
  });
}
