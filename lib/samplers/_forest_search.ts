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
import type { Axis, Places } from "./_gp_places.ts";

/** How many places are drawn at random. */
const randomPlaces = 600;
/** From how many places the way up is sought, of each kind. */
const starts = 3;
/** The most steps on a way up. */
const mostSteps = 12;
/** How many neighbors there are along a parameter. */
const neighborsEach = 4;
/** More parameters than these are not all changed in a step: as many are drawn. */
const mostAxes = 20;
/** How far neighbors are along a number: standard deviations, of the unit cube. */
const widest = 0.2;
const narrowest = 0.02;

/** A place and what it is worth. */
export interface ScoredPlace {
  /** In the unit cube, `[D]`, NaN where inactive. */
  readonly unit: Float64Array;
  /** What it is worth; more is better. */
  readonly score: number;
}

/** What {@linkcode searchForest} works with. */
export interface ForestSearchOptions {
  /** The places that configurations have. */
  readonly places: Places;
  /** Places of good trials, the best first. */
  readonly incumbents: readonly Float64Array[];
  /** What a place is worth. */
  readonly score: (unit: Float64Array) => number;
  /** The stream to draw from. */
  readonly random: RandomStream;
}

/** Places worth a trial, the best first. */
export function searchForest(options: ForestSearchOptions): ScoredPlace[] {
  const { places, incumbents, random, score } = options;
  const scored = (unit: Float64Array): ScoredPlace => ({
    unit,
    score: score(unit),
  });
  const drawn = Array.from(
    { length: randomPlaces },
    () => scored(places.draw(random)),
  ).sort(byScore);
  const begun = [
    ...incumbents.slice(0, starts).map((unit) => scored(places.snap(unit))),
    ...drawn.slice(0, starts),
  ];
  const climbed = begun.flatMap((start) => {
    const way = [start];
    for (let step = 0; step < mostSteps; step++) {
      const here = way.at(-1)!;
      let best = here;
      for (const unit of neighborsOf(here.unit, options)) {
        const next = scored(unit);
        if (next.score > best.score) best = next;
      }
      if (best === here) break;
      way.push(best);
    }
    return way;
  });
  return [...climbed, ...drawn].sort(byScore);
}

function byScore(a: ScoredPlace, b: ScoredPlace): number {
  return a.score === b.score ? 0 : b.score - a.score;
}

/** Places that differ in one active parameter, and in those that become active with it. */
function neighborsOf(
  unit: Float64Array,
  { places, random }: ForestSearchOptions,
): Float64Array[] {
  const active = places.axes.filter(({ index }) => !Number.isNaN(unit[index]!));
  const chosen = active.length > mostAxes
    ? random.shuffle(active).slice(0, mostAxes)
    : active;
  return chosen.flatMap((axis) =>
    Array.from({ length: Math.min(neighborsEach, axis.count - 1) }, () => {
      const neighbor = unit.slice();
      neighbor[axis.index] = moved(unit[axis.index]!, axis, random);
      if (axis.isParent) {
        for (let d = 0; d < neighbor.length; d++) {
          if (Number.isNaN(neighbor[d]!)) neighbor[d] = random.uniform();
        }
      }
      return places.snap(neighbor);
    })
  );
}

function moved(
  here: number,
  { count, isCategory }: Axis,
  random: RandomStream,
): number {
  if (isCategory) return (here + (1 + random.int(count - 1)) / count) % 1;
  const width = widest * (narrowest / widest) ** random.uniform();
  const there = here + Math.max(width, 0.7 / count) * random.normal();
  return Math.min(1, Math.max(0, there));
}
