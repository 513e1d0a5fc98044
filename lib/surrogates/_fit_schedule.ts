/**
 * When hyperparameters are fitted, and from where: by the history alone, so that
 * a study resumed in another process goes on bit for bit.
 *
 * The fit for n trials sees the first m of them (by number): m = n up to 40,
 * then the largest number of a row that grows by a tenth. It starts from the fit
 * at the rung below m, and that one from the rung below it: 12, 24, 48, …. Rungs
 * double and a fit costs m³, so that climbing all of them anew costs little more
 * than the last. Each fit is a function of the first m trials; those made lately
 * are remembered, which changes no answer.
 */

import {
  fitHyperparameters,
  type FittedHyperparameters,
  noisyStart,
} from "./fit_gaussian_process.ts";
import type { Features } from "./features.ts";
import { normalizeOutcomes } from "./_outcomes.ts";
import type { Observation } from "./observations.ts";
import { chooseSubset } from "./_subset.ts";

const firstRung = 12;
/** Up to so many trials every trial brings a new fit. */
const everyTrial = 40;
/** The most trials that a fit looks at. */
const mostTrials = 200;
/** How many fits are remembered for a space. */
const memory = 12;

/** The hyperparameters for a history. */
export function scheduledHyperparameters(
  features: Features,
  finished: readonly Observation[],
): FittedHyperparameters {
  return fitted(features, finished.slice(0, fitSize(finished.length)));
}

/** m for n. */
export function fitSize(n: number): number {
  if (n <= everyTrial) return n;
  let size = everyTrial;
  for (;;) {
    const next = Math.ceil(size * 1.1);
    if (next > n) return size;
    size = next;
  }
}

/** The fit to the first trials, as a function of them alone. */
function fitted(
  features: Features,
  first: readonly Observation[],
): FittedHyperparameters {
  return remembered(features, first, () => {
    const data = dataOf(features, first);
    let rung = firstRung;
    while (rung * 3 <= first.length) rung *= 2;
    // Few trials cost little and may have several explanations: all are tried.
    if (rung >= first.length) return fitHyperparameters(data);
    const below = fitted(features, first.slice(0, rung));
    const count = data.values.length;
    return fitHyperparameters(data, {
      starts: count > 60 ? [below] : [below, noisyStart(features.dimension)],
      maxEvaluations: count <= 30
        ? 30
        : count <= 60
        ? 20
        : count <= 120
        ? 12
        : 8,
    });
  });
}

/** Points and values in form, of at most {@linkcode mostTrials} of the observations. */
function dataOf(features: Features, observations: readonly Observation[]) {
  const { values } = normalizeOutcomes(observations);
  return pick(features, observations, values, chooseSubset(values, mostTrials));
}

/** Points and values of chosen observations. */
export function pick(
  features: Features,
  observations: readonly Observation[],
  values: Float64Array,
  chosen: readonly number[],
) {
  const { dimension, numeric } = features;
  const inputs = new Float64Array(chosen.length * dimension);
  chosen.forEach((index, row) =>
    features.encode(observations[index]!.unit, inputs, row * dimension)
  );
  return {
    inputs,
    dimension,
    numeric,
    values: Float64Array.from(chosen, (index) => values[index]!),
  };
}

interface Memory {
  readonly observations: readonly Observation[];
  readonly result: FittedHyperparameters;
}
const memories = new WeakMap<Features, Memory[]>();

function remembered(
  features: Features,
  observations: readonly Observation[],
  make: () => FittedHyperparameters,
): FittedHyperparameters {
  const known = memories.get(features) ?? [];
  memories.set(features, known);
  const at = known.findIndex((one) => isSame(one.observations, observations));
  const entry = at >= 0
    ? known.splice(at, 1)[0]!
    : { observations, result: make() };
  known.push(entry);
  if (known.length > memory) known.shift();
  return entry.result;
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
