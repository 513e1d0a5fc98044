import type { Space } from "../space/mod.ts";
import { branchedFeaturesOf, type Features } from "./features.ts";

const bySpace = new WeakMap<object, Features>();

/** The columns of a space, the same object each time: what is remembered of a space hangs on it. */
export function knownFeatures<C>(space: Space<C>): Features {
  const features = bySpace.get(space) ?? branchedFeaturesOf(space);
  bySpace.set(space, features);
  return features;
}
