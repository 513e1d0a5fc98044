/** Which of the places that a search has found becomes the next trial. */

import type { RandomStream } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { isTaken, type Places } from "./_gp_places.ts";
import type { Scored } from "./_gp_search.ts";

/** So few places that each is looked at. */
export const fewPlaces = 500;

/** All places, where they are few: then none is missed. */
export function everyPlace(
  { space }: StudyView,
  { count }: Places,
  fixed: Configuration,
): { every?: readonly Float64Array[] } {
  if (count > fewPlaces) return {};
  return { every: space.grid({ fixed }).map((params) => space.encode(params)) };
}

/** The best that no trial has; undefined if all have been tried. */
export function firstFree(
  scored: readonly Scored[],
  taken: readonly Float64Array[],
  places: Places,
  { random }: { readonly random: RandomStream },
): Scored | undefined {
  const found = scored.find(({ unit }) => !isTaken(unit, taken));
  if (found !== undefined || places.count <= fewPlaces) return found;
  for (let tries = 0; tries < 200; tries++) {
    const unit = places.draw(random);
    if (!isTaken(unit, taken)) return { unit, score: NaN };
  }
  return undefined;
}
