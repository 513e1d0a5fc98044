/** Where prior studies had their best, as the beginning of a search by a normal distribution. */

import { warmStartSearch } from "../evolution/mod.ts";
import type { PriorWeight } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import { type Prior, trustAtFirst } from "../surrogates/mod.ts";
import { functionsOf, priorFeaturesOf } from "./_gp_prior.ts";

/** A normal distribution over the unit cube, N(m, σ² C). */
export type SearchBeginning = ReturnType<typeof warmStartSearch>;

/** Below this prior studies are not believed from the outset. */
const leastTrust = 0.5;
/** Sources named at most. */
const mostVoices = 8;

/**
 * The normal distribution nearest to where prior studies say that the best tenth of
 * the prior's nodes are: of points that fill the space and of their best trials.
 * Null where they are doubted from the outset. Inactive parameters stand in the
 * middle.
 */
export function searchOf<C>(
  prior: Prior,
  space: Space<C>,
): SearchBeginning | null {
  if (trustAtFirst(prior) < leastTrust) return null;
  const functions = functionsOf(prior, space);
  const features = priorFeaturesOf(space);
  const { dimension } = features;
  const inputs = new Float64Array(prior.units.length * dimension);
  prior.units.forEach((unit, i) =>
    features.encode(unit, inputs, i * dimension)
  );
  const said = functions.at(inputs);
  return warmStartSearch(prior.units.map((unit, i) => ({
    point: unit.map((place) => Number.isNaN(place) ? 0.5 : place),
    value: said[i * functions.width]!,
  })));
}

/** What is told of the prior studies' part in a choice, where nothing has changed it. */
export function weightAtFirst(
  prior: Prior,
  chosenBy: PriorWeight["chosenBy"],
): PriorWeight {
  return {
    weight: trustAtFirst(prior),
    chosenBy,
    voices: prior.sources.slice(0, mostVoices).map(({ name, weight }) => ({
      name,
      share: weight,
    })),
    expected: null,
    without: null,
  };
}
