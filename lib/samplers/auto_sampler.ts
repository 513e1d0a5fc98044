import { gpSampler } from "./gp_sampler.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

/** Options of {@linkcode autoSampler}. */
export interface AutoSamplerOptions {
  /** Up to how many trials the Gaussian process chooses, at least 0; beyond it would take too long. Defaults to `300`. */
  readonly gpTrials?: number;
  /** Up to how many parameters the Gaussian process chooses, at least 0; beyond it learns too little. Defaults to `60`. */
  readonly gpParameters?: number;
}

/**
 * Chooses the sampler by what the study is like: Bayesian optimization with a
 * Gaussian process while the parameters are at most some dozens and the trials
 * at most some hundreds, which is where it needs the fewest trials; TPE beyond,
 * which stays quick. The reason of each suggestion says which it was.
 *
 * The choice hangs on the space and the number of trials alone, so that a
 * study that is resumed goes on as if it had never stopped.
 *
 * @throws {RangeError} If a number is not a whole number of at least 0.
 *
 * @example
 * ```ts
 * import { autoSampler, createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "parabola",
 *   space: space({ x: float(-1, 1) }),
 *   sampler: autoSampler(),
 *   storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x ** 2, { trials: 10, progress: false });
 * Math.abs(study.best!.params.x) < 0.1; // true
 * ```
 */
export function autoSampler(options: AutoSamplerOptions = {}): Sampler {
  const { gpTrials = 300, gpParameters = 60 } = options;
  for (const [name, value] of Object.entries({ gpTrials, gpParameters })) {
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(
        `Cannot make the automatic sampler: ${name} is ${value}, expected a whole number of at least 0`,
      );
    }
  }
  const gp = gpSampler();
  const tpe = tpeSampler();
  const isForGp = (number: number, { dimension }: { dimension: number }) =>
    number < gpTrials && dimension <= gpParameters;
  return Object.freeze<Sampler>({
    name: "auto",
    async suggest<C>(request: SuggestRequest<C>) {
      const { space } = request.study;
      const useGp = isForGp(request.number, space);
      const suggestion: Suggestion<C> | null = await (useGp ? gp : tpe).suggest(
        request,
      );
      if (suggestion === null) return null;
      const why = useGp
        ? "Gaussian process"
        : space.dimension > gpParameters
        ? `TPE, because there are ${space.dimension} parameters`
        : `TPE, because there are more than ${gpTrials} trials`;
      return {
        ...suggestion,
        reason: suggestion.reason.replace(/\.?$/, ` (${why}).`),
      };
    },
    prepare(request) {
      if (isForGp(request.number, request.study.space)) gp.prepare!(request);
    },
  });
}
