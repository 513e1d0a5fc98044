import { cmaEs, type CmaEsOptions } from "../evolution/mod.ts";
import { populationSampler } from "./_population.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode cmaEsSampler}. */
export type CmaEsSamplerOptions = CmaEsOptions;

/**
 * CMA-ES: a normal distribution moves towards the better half of each generation
 * and takes its shape. For hundreds to ten thousands of trials over numbers; with
 * fewer, `autoSampler` needs less.
 *
 * Whole numbers, steps and choices keep a margin, so that none of their values dies
 * out; where a run ends, another begins (BIPOP). Trials that somebody else chose
 * join in. A parameter that is not active drifts along.
 *
 * Each trial draws normal numbers from a stream of its own, by the study's seed and
 * its number. Failed trials and NaN count as the worst. What the space's rules
 * refuse is asked for anew, 50 times at most, and then moved to the nearest that
 * they allow, or on the way to a good trial: that joins in as another's choice does.
 *
 * Source: see {@linkcode cmaEs}.
 *
 * @throws {RangeError} If an option is out of its range; at the first suggestion if
 * `mean` or `covariance` do not fit the space.
 *
 * @example
 * ```ts
 * import { cmaEsSampler, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "valley",
 *   space: space({ x: float(-5, 5), y: float(-5, 5) }),
 *   sampler: cmaEsSampler(),
 *   storage: "memory",
 * });
 * await study.optimize(({ params: { x, y } }) => (x - 1) ** 2 + (x + y) ** 2, {
 *   trials: 200,
 *   progress: false,
 * });
 * study.best!.value! < 0.1; // true
 * ```
 */
export function cmaEsSampler(options: CmaEsSamplerOptions = {}): Sampler {
  const { mean: _mean, covariance: _covariance, ...rest } = options;
  // What does not hang on the space is checked at once.
  const { name } = cmaEs([{ kind: "continuous" }], rest);
  return populationSampler(name, (axes) => cmaEs(axes, options));
}
