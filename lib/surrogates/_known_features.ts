import type { Space } from "../space/mod.ts";
import { branchedFeaturesOf, type Features, featuresOf } from "./features.ts";

const bySpace = new WeakMap<object, Features>();

/**
 * Up to this share of the parameters being active at once, on average, a space
 * is modelled as branches. Where more are, as with a flag and its one parameter,
 * a kernel over all of them learned as much from fewer trials.
 */
const mostActive = 0.5;

/** The columns of a space, the same object each time: what is remembered of a space hangs on it. */
export function knownFeatures<C>(space: Space<C>): Features {
  const features = bySpace.get(space) ?? columnsOf(space);
  bySpace.set(space, features);
  return features;
}

function columnsOf<C>(space: Space<C>): Features {
  const branched = branchedFeaturesOf(space);
  const { branches } = branched;
  if (branches === undefined) return branched;
  // Some parameter hangs on none: beside it stands what is active on average.
  const active = branches.company[branches.shared[0]!]!;
  return active <= mostActive * space.dimension ? branched : featuresOf(space);
}
