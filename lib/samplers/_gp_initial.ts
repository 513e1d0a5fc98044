/**
 * The first points, before there is anything to learn from: the middle, where a
 * person would begin, then points of a scrambled Sobol sequence.
 */

import type { RandomStream } from "../math/mod.ts";
import { type Configuration, type Space, toUnit } from "../space/mod.ts";
import { allowedAt } from "./_allowed_at.ts";
import { isTaken } from "./_gp_places.ts";
import type { Suggestion, SuggestRequest } from "./sampler.ts";
import { sobolSampler } from "./sobol_sampler.ts";

const sobol = sobolSampler();

/** How far from the middle the first point may lie, in units of the whole scale. */
const aside = 0.1;

/** How many trials have to end before the surrogate chooses. */
export function initialCount(dimension: number): number {
  return Math.min(10, 3 + Math.max(0, Math.ceil((dimension - 10) / 5)));
}

/** The point of that number; another at random where it has been tried. */
export async function initialPoint(
  request: SuggestRequest,
  taken: readonly Float64Array[],
): Promise<Suggestion> {
  const { study: { space }, random, fixed, number } = request;
  const first = number === 0
    ? {
      params: allowedAt(space, middle(space, random), fixed),
      reason: "Near the middle of the space, to begin with.",
    }
    : (await sobol.suggest(request))!;
  if (!isTaken(space.encode(first.params), taken)) return first;
  for (let tries = 0; tries < 64; tries++) {
    const params = space.sample(random.uniform, fixed);
    if (!isTaken(space.encode(params), taken)) {
      return {
        params,
        reason: "Drawn at random: the initial point has been tried.",
      };
    }
  }
  return first;
}

/** Defaults where there are some; else numbers near the middle of their scale, and any category. */
function middle(
  space: Space<Configuration>,
  random: RandomStream,
): Float64Array {
  return Float64Array.from(space.parameters, (parameter) => {
    const u = random.uniform();
    if (parameter.default !== undefined) {
      return toUnit(parameter, parameter.default);
    }
    const isCategory = parameter.kind === "choice" ||
      parameter.kind === "boolean";
    return isCategory ? u : 0.5 + aside * (2 * u - 1);
  });
}
