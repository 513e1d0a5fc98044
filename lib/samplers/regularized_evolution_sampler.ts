import {
  regularizedEvolution,
  type RegularizedEvolutionOptions,
} from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode regularizedEvolutionSampler}. */
export type RegularizedEvolutionSamplerOptions = RegularizedEvolutionOptions;

/**
 * Regularized (aging) evolution: each trial is a child, one parameter changed, of
 * the best of a sample of the last trials; the oldest are forgotten. For large
 * spaces of choices, such as architectures, and many workers.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode regularizedEvolution}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { regularizedEvolutionSampler } from "@etude/etude";
 * regularizedEvolutionSampler({ populationSize: 20 }).name; // "regularized evolution"
 * ```
 */
export function regularizedEvolutionSampler(
  options: RegularizedEvolutionSamplerOptions = {},
): Sampler {
  const { name } = regularizedEvolution([{ kind: "continuous" }], options);
  return populationSampler(name, (axes) => regularizedEvolution(axes, options));
}
