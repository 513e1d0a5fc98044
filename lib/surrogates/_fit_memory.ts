/** Fits that were made lately, or in another thread. Remembering changes no answer. */

import type { Features } from "./features.ts";
import type { FittedHyperparameters } from "./fit_gaussian_process.ts";
import type { Observation } from "./observations.ts";

/** How many fits are remembered for a space. */
const memory = 12;

interface Memory {
  readonly observations: readonly Observation[];
  readonly result: FittedHyperparameters;
}
const memories = new WeakMap<Features, Memory[]>();

/** A fit that was made before, or undefined. */
export function recall(
  features: Features,
  observations: readonly Observation[],
): FittedHyperparameters | undefined {
  const known = memories.get(features);
  const at =
    known?.findIndex((one) => isSame(one.observations, observations)) ?? -1;
  if (at < 0) return undefined;
  const [entry] = known!.splice(at, 1);
  known!.push(entry!);
  return entry!.result;
}

/** Keeps a fit; the one used longest ago goes. */
export function remember(
  features: Features,
  observations: readonly Observation[],
  result: FittedHyperparameters,
): FittedHyperparameters {
  const known = memories.get(features) ?? [];
  memories.set(features, known);
  known.push({ observations, result });
  if (known.length > memory) known.shift();
  return result;
}

function isSame(a: readonly Observation[], b: readonly Observation[]): boolean {
  return a.length === b.length && a.every((one, index) => {
    const other = b[index]!;
    return Object.is(one.value, other.value) &&
      one.isPruned === other.isPruned &&
      (one.unit === other.unit ||
        one.unit.every((u, axis) => Object.is(u, other.unit[axis])));
  });
}
