import {
  type Features,
  nullEvidence,
  priorCenter,
  priorEvidence,
  stretched,
} from "../surrogates/mod.ts";
import type { SourceModel } from "./_source_model.ts";

/** How many sources are foretold, from how many others, by how many of their trials. */
const mostTargets = 16;
const mostOthers = 50;
const trials = 12;

/**
 * How well sources foretell one another: the mean over sources of the logarithm
 * of how much likelier twelve of its values, good and bad ones, are with the
 * other sources as a prior than without. Above 0 they have something in common;
 * shuffled values and functions that have nothing to do with one another give
 * about 0. Null of a single source.
 */
export function priorCoherence(
  models: readonly SourceModel[],
  features: Features,
  lengthscales: Float64Array,
): number | null {
  if (models.length < 2) return null;
  const targets = models.slice(0, mostTargets);
  const { dimension, numeric } = features;
  const lengths = stretched(lengthscales);
  const usual = priorCenter(dimension).lengthscales;
  let sum = 0;
  for (const model of targets) {
    const others = models.filter((other) => other !== model)
      .slice(0, mostOthers);
    const T = others.length;
    const count = Math.min(trials, model.units.length);
    const chosen = Array.from(
      { length: count },
      (_, i) =>
        Math.round(i * (model.units.length - 1) / Math.max(1, count - 1)),
    );
    const units = chosen.map((i) => whole(model.units[i]!));
    const inputs = new Float64Array(count * dimension);
    units.forEach((unit, i) => features.encode(unit, inputs, i * dimension));
    const total = others.reduce((all, { weight }) => all + weight, 0);
    const width = 1 + (T > 1 ? T : 0);
    const prior = new Float64Array(count * width);
    const said = others.map((other) => other.predict(units));
    const left = Math.sqrt(
      1 - others.reduce((all, { weight }) => all + (weight / total) ** 2, 0),
    );
    for (let i = 0; i < count; i++) {
      let mean = 0;
      others.forEach(({ weight }, s) => mean += weight / total * said[s]![i]!);
      prior[i * width] = mean;
      for (let s = 0; s < width - 1; s++) {
        prior[i * width + 1 + s] = (said[s]![i]! - mean) *
          Math.sqrt(others[s]!.weight / total) / left;
      }
    }
    const data = {
      inputs,
      values: chosen.map((i) => model.values[i]!),
      dimension,
      numeric,
    };
    sum +=
      priorEvidence({ ...data, prior, width, lengthscales: lengths }).free -
      nullEvidence({ ...data, lengthscales: [...lengths, usual] }).free;
  }
  return sum / targets.length;
}

/** What a source lacks stands in the middle. */
function whole(unit: Float64Array): Float64Array {
  return unit.map((u) => Number.isNaN(u) ? 0.5 : u);
}
