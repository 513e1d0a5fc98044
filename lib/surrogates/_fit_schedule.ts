/**
 * When hyperparameters are fitted, and from where: by the history alone, so that
 * a study resumed in another process goes on bit for bit.
 *
 * Of n finished trials a fit sees those that had ended before the one that ended
 * last was known ({@linkcode settledCount}), so that it can be made while that
 * one runs; of these the first m, by number: all up to 40, then the largest
 * number of a row that grows by a tenth. It starts from the fit at the rung below
 * m, and that one from the rung below it: 12, 24, 48, …. Rungs double and a fit
 * costs m³, so that climbing all of them anew costs little more than the last.
 * Each fit is a function of the first m trials; those made lately, or in another
 * thread, are remembered, which changes no answer.
 */

import {
  fitHyperparameters,
  type FittedHyperparameters,
  noisyStart,
} from "./fit_gaussian_process.ts";
import { recall, remember } from "./_fit_memory.ts";
import type { Features } from "./features.ts";
import { normalizeOutcomes } from "./_outcomes.ts";
import type { Observation } from "./observations.ts";
import { chooseSubset } from "./_subset.ts";

const firstRung = 12;
/** Up to so many trials every trial brings a new fit. */
const everyTrial = 40;
/** The most trials that a fit looks at. */
const mostTrials = 200;

/**
 * From so many columns on lengthscales are expected to be alike. With 7 columns
 * that did worse on networks (LCBench); with 10, 20 and 40 it did better on BBOB,
 * even where half or three quarters of the columns did nothing.
 */
const manyColumns = 10;

/** From so many finished trials on, fits leave out the last: before, each matters, and fits take no time. */
const settledFrom = 20;

/**
 * How many of the finished trials, the first by number, fits see. While they are
 * few each matters, and it is all. Then it is those that were known before the
 * trial that ended last, if trials end in the order in which they began: without
 * the last 1 + r of the finished and running ones, where r run. If they end in
 * another order it is much the same, and no less than three quarters of all.
 *
 * @param finished The numbers of the finished trials, rising.
 * @param running The numbers of the running ones, rising.
 */
export function settledCount(
  finished: readonly number[],
  running: readonly number[],
): number {
  let count = finished.length;
  if (count < settledFrom) return count;
  const least = Math.max(settledFrom - 1, Math.ceil(0.75 * count));
  let r = running.length;
  for (let left = running.length + 1; left > 0 && count > least; left--) {
    if (r > 0 && running[r - 1]! > finished[count - 1]!) r--;
    else count--;
  }
  return count;
}

/** The hyperparameters for the trials that fits see. */
export function scheduledHyperparameters(
  features: Features,
  settled: readonly Observation[],
  form: Form = formOf(features),
): FittedHyperparameters {
  return fitted(features, settled.slice(0, fitSize(settled.length)), form);
}

/** How values are brought into form; features that fits are remembered by must have only one. */
export type Form = (
  observations: readonly Observation[],
) => { readonly values: Float64Array };

function formOf({ oneOfSeveral = false }: Features): Form {
  return (observations) => normalizeOutcomes(observations, { oneOfSeveral });
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

/** The sizes of the fits that the fit to `size` trials builds on, the smallest first, and its own. */
export function rungsOf(size: number): number[] {
  let rung = firstRung;
  while (rung * 3 <= size) rung *= 2;
  return rung < size ? [...rungsOf(rung), size] : [size];
}

/** The fit to the first trials, as a function of them alone. */
export function fitted(
  features: Features,
  first: readonly Observation[],
  form: Form = formOf(features),
): FittedHyperparameters {
  return recall(features, first) ?? remember(features, first, fit());

  function fit(): FittedHyperparameters {
    const data = dataOf(features, first, form);
    const rung = rungsOf(first.length).at(-2);
    // Few trials cost little and may have several explanations: all are tried.
    const alike = !features.isConditional && features.dimension >= manyColumns;
    if (rung === undefined) return fitHyperparameters(data, { alike });
    const below = fitted(features, first.slice(0, rung), form);
    const count = data.values.length;
    return fitHyperparameters(data, {
      alike,
      starts: count > 60 ? [below] : [below, noisyStart(features)],
      maxEvaluations: count <= 30
        ? 30
        : count <= 60
        ? 20
        : count <= 120
        ? 12
        : 8,
    });
  }
}

/** Points and values in form, of at most {@linkcode mostTrials} of the observations. */
function dataOf(
  features: Features,
  observations: readonly Observation[],
  form: Form,
) {
  const { values } = form(observations);
  return pick(features, observations, values, chooseSubset(values, mostTrials));
}

/** Points and values of chosen observations. */
export function pick(
  features: Features,
  observations: readonly Observation[],
  values: Float64Array,
  chosen: readonly number[],
) {
  const { dimension, numeric, branches } = features;
  const inputs = new Float64Array(chosen.length * dimension);
  chosen.forEach((index, row) =>
    features.encode(observations[index]!.unit, inputs, row * dimension)
  );
  return {
    inputs,
    dimension,
    numeric,
    ...branches === undefined ? {} : { branches },
    values: Float64Array.from(chosen, (index) => values[index]!),
  };
}
