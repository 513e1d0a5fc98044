import {
  geneticAlgorithm,
  type GeneticAlgorithmOptions,
} from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode geneticSampler}. */
export type GeneticSamplerOptions = GeneticAlgorithmOptions;

/**
 * A genetic algorithm: tournaments choose parents, crossover mixes their
 * parameters, mutation changes some, and the best live on. Numbers, choices and
 * parameters with conditions alike; for hundreds of trials.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode geneticAlgorithm}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { geneticSampler } from "@etude/etude";
 * geneticSampler({ populationSize: 12, crossover: "uniform" }).name; // "genetic algorithm"
 * ```
 */
export function geneticSampler(options: GeneticSamplerOptions = {}): Sampler {
  const { name } = geneticAlgorithm([{ kind: "continuous" }], options);
  return populationSampler(name, (axes) => geneticAlgorithm(axes, options));
}
