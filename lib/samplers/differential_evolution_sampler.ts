import {
  differentialEvolution,
  type DifferentialEvolutionOptions,
} from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode differentialEvolutionSampler}. */
export type DifferentialEvolutionSamplerOptions = DifferentialEvolutionOptions;

/**
 * Differential evolution: steps are differences between individuals, so that they
 * take the scale and the direction of what is left to search. By default L-SHADE,
 * which learns how far to step; tell it how many `trials` are planned.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode differentialEvolution}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { differentialEvolutionSampler } from "@etude/etude";
 * differentialEvolutionSampler({ trials: 1000 }).name; // "L-SHADE"
 * ```
 */
export function differentialEvolutionSampler(
  options: DifferentialEvolutionSamplerOptions = {},
): Sampler {
  const { name } = differentialEvolution([{ kind: "continuous" }], options);
  return populationSampler(
    name,
    (axes) => differentialEvolution(axes, options),
  );
}
