import { particleSwarm, type ParticleSwarmOptions } from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode particleSwarmSampler}. */
export type ParticleSwarmSamplerOptions = ParticleSwarmOptions;

/**
 * A particle swarm: trials fly through the space, drawn to the best place that they
 * and their neighbors have seen.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode particleSwarm}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { particleSwarmSampler } from "@etude/etude";
 * particleSwarmSampler({ populationSize: 10, topology: "global" }).name; // "particle swarm"
 * ```
 */
export function particleSwarmSampler(
  options: ParticleSwarmSamplerOptions = {},
): Sampler {
  const { name } = particleSwarm([{ kind: "continuous" }], options);
  return populationSampler(name, (axes) => particleSwarm(axes, options));
}
