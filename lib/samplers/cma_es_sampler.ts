import { cmaEs, type CmaEsOptions, twoStarts } from "../evolution/mod.ts";
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
 * Where prior studies have something to say, the first generation begins with what
 * they would try; then its individuals come in turn from a distribution around the
 * best tenth of the places that they call good, and from the usual one, and the
 * search goes on from the one whose individuals are better. Not where `mean` or
 * `covariance` are given.
 *
 * Each trial draws normal numbers from a stream of its own, by the study's seed and
 * its number. Failed trials and NaN count as the worst. What the space's rules
 * refuse is asked for anew, 50 times at most, and then moved to the nearest that
 * they allow, or on the way to a good trial: that joins in as another's choice does.
 *
 * Source: see {@linkcode cmaEs}; prior studies: {@linkcode warmStartSearch}.
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
  const isTold = options.mean !== undefined || options.covariance !== undefined;
  return populationSampler(
    name,
    (axes, begin) => {
      const cold = cmaEs(axes, options);
      return twoStarts(
        begin === null || isTold ? null : cmaEs(axes, {
          ...options,
          mean: begin.mean,
          sigma: begin.sigma,
          covariance: options.separable
            ? diagonalOf(begin.covariance)
            : begin.covariance,
        }),
        cold,
      );
    },
    {
      chooser: ({ chosen }, slot) =>
        chosen !== null ? null : slot % 2 === 0 ? "prior studies" : "trials",
    },
  );
}

function diagonalOf(covariance: Float64Array): Float64Array {
  const n = Math.sqrt(covariance.length);
  return Float64Array.from({ length: n }, (_, i) => covariance[i * n + i]!);
}
