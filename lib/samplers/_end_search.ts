/**
 * The place in a search space whose training, as a model of the curves expects,
 * is worth most to begin.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import { allowedAt } from "./_allowed_at.ts";

/** A place and what it is worth; larger is better. */
export interface RatedPlace {
  readonly unit: Float64Array;
  readonly score: number;
}

/** What is searched, and how. */
export interface EndSearch {
  readonly space: Space;
  readonly fixed: Configuration;
  readonly random: RandomStream;
  /** Places to look around: the most promising so far. */
  readonly around: readonly Float64Array[];
  /** What places are worth. */
  rate(units: readonly Float64Array[]): ArrayLike<number>;
}

/** How many places are drawn at random, and how many around each of the promising ones. */
const drawn = 300;
const drawnAround = 20;
/** How far, in the unit cube, each round of the local search reaches, and with how many places. */
const reaches = [0.1, 0.05, 0.02];
const front = 5;
const children = 12;

/** The best place found: of many at random, and of some rounds of local search around the best. */
export function searchEnd(search: EndSearch): RatedPlace {
  const { space, fixed, random, around } = search;
  const valid = (unit: Float64Array) =>
    space.encode(allowedAt(space, unit, fixed));
  const moved = (unit: Float64Array, reach: number, count: number) =>
    Array.from({ length: count }, () => valid(nearby(unit, reach, random)));
  const rated = (units: readonly Float64Array[]) => {
    const scores = search.rate(units);
    return units.map((unit, i): RatedPlace => ({ unit, score: scores[i]! }))
      .sort((a, b) => b.score - a.score)
      .slice(0, front);
  };
  const anywhere = Array.from(
    { length: drawn },
    () => valid(Float64Array.from({ length: space.dimension }, random.uniform)),
  );
  let best = rated([
    ...anywhere,
    ...around.flatMap((unit) => moved(unit, 0.1, drawnAround)),
  ]);
  for (const reach of reaches) {
    best = rated([
      ...best.map(({ unit }) => unit),
      ...best.flatMap(({ unit }) => moved(unit, reach, children)),
    ]);
  }
  return best[0]!;
}

/** A place nearby: about half of the axes moved, at least one; axes not in use drawn anew. */
function nearby(
  unit: Float64Array,
  reach: number,
  random: RandomStream,
): Float64Array {
  const chosen = random.int(unit.length);
  return unit.map((u, axis) => {
    if (Number.isNaN(u)) return random.uniform();
    if (axis !== chosen && random.uniform() > 0.5) return u;
    return Math.max(0, Math.min(1, u + reach * random.normal()));
  });
}
