import {
  nsga2,
  nsga3,
  type Nsga3Options,
  type NsgaOptions,
} from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode nsga2Sampler}. */
export type Nsga2SamplerOptions = NsgaOptions;

/** Options of {@linkcode nsga3Sampler}. */
export type Nsga3SamplerOptions = Nsga3Options;

/**
 * NSGA-II, for studies with two or three objectives: each generation keeps what
 * nothing dominates, and of that what covers the trade-off most evenly.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode nsga2}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, nsga2Sampler, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "trade-off",
 *   space: space({ x: float(0, 2) }),
 *   objectives: [minimize("left"), minimize("right")],
 *   sampler: nsga2Sampler({ populationSize: 20 }),
 *   storage: "memory",
 * });
 * await study.optimize(({ params: { x } }) => [x ** 2, (x - 2) ** 2], { trials: 60, progress: false });
 * study.front.length > 5; // true
 * ```
 */
export function nsga2Sampler(options: Nsga2SamplerOptions = {}): Sampler {
  const { name } = nsga2([{ kind: "continuous" }], options);
  return populationSampler(name, (axes) => nsga2(axes, options));
}

/**
 * NSGA-III, for studies with three objectives and more: as NSGA-II, but directions
 * spread evenly decide what covers the trade-off.
 *
 * Where prior studies have something to say, the first generation begins with what
 * they would try.
 *
 * Each trial draws from a stream of its own, by the study's seed and its number.
 * Failed trials and NaN count as the worst. What the space's rules refuse is asked
 * for anew, 50 times at most, and then moved to the nearest that they allow, or on
 * the way to a good trial.
 *
 * Source: see {@linkcode nsga3}.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { nsga3Sampler } from "@etude/etude";
 * nsga3Sampler({ populationSize: 92, divisions: 12 }).name; // "NSGA-III"
 * ```
 */
export function nsga3Sampler(options: Nsga3SamplerOptions = {}): Sampler {
  const { name } = nsga3([{ kind: "continuous" }], options);
  return populationSampler(name, (axes) => nsga3(axes, options));
}
