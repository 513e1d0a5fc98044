import type { Features } from "./features.ts";

// What is remembered of fits hangs on the features: each output has its own.
const ofOutputs = new WeakMap<Features, Map<string, Features>>();

/** The features of a space for another output than the objective, the same object each time. */
export function outputFeatures(features: Features, output: string): Features {
  let known = ofOutputs.get(features);
  if (known === undefined) ofOutputs.set(features, known = new Map());
  let own = known.get(output);
  if (own === undefined) known.set(output, own = { ...features });
  return own;
}

/** The features of a space for one of several objectives, the same object each time. */
export function objectiveFeatures(features: Features, name: string): Features {
  const own = outputFeatures(features, `objective ${name}`);
  const known = ofSeveral.get(own) ??
    Object.freeze<Features>({ ...own, oneOfSeveral: true });
  ofSeveral.set(own, known);
  return known;
}

const ofSeveral = new WeakMap<Features, Features>();
