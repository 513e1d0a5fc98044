import { gpSampler } from "./gp_sampler.ts";
import type {
  PrepareRequest,
  Sampler,
  Suggestion,
  SuggestRequest,
} from "./sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

/** Options of {@linkcode autoSampler}. */
export interface AutoSamplerOptions {
  /** Up to how many trials the Gaussian process chooses, at least 0; beyond TPE does, which answers in milliseconds. Defaults to `1000`. */
  readonly gpTrials?: number;
  /** Up to how many parameters the Gaussian process chooses, at least 0; beyond TPE does, which then needs fewer trials. Defaults to `60`. */
  readonly gpParameters?: number;
  /** Up to how many trials may run or wait while the Gaussian process chooses, at least 0; with more it would take too long. Defaults to `100`. */
  readonly gpRunning?: number;
}

/**
 * Chooses the sampler by what the study is like: Bayesian optimization with a
 * Gaussian process as a rule; TPE where the process would learn too little (very
 * many parameters) or take too long (very many trials, ended or running). The
 * reason of each suggestion says which it was, and why.
 *
 * The limits are measured ones. Up to 40 parameters, of all kinds, with conditions
 * or without, with noise or without, the process needed fewer trials than TPE and
 * the random forest, and after 300 trials it still found more than they did; of
 * 100 parameters TPE learned more from 60 trials. The forest was never ahead by
 * more than chance, not even on functions made of trees, so it is not among the
 * choices.
 *
 * The choice hangs on the space and on how many trials there are, not on how
 * long they took: so equal seeds give equal studies, and one that is resumed goes
 * on as if it had never stopped.
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
  const { gpTrials = 1000, gpParameters = 60, gpRunning = 100 } = options;
  const limits = { gpTrials, gpParameters, gpRunning };
  for (const [name, value] of Object.entries(limits)) {
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(
        `Cannot make the automatic sampler: ${name} is ${value}, expected a whole number of at least 0`,
      );
    }
  }
  const gp = gpSampler();
  const tpe = tpeSampler();
  return Object.freeze<Sampler>({
    name: "auto",
    asksPrior: true,
    async suggest<C>(request: SuggestRequest<C>) {
      const obstacle = obstacleOf(request, limits);
      // TPE does not ask prior studies: it begins with what they begin with.
      if (obstacle !== null && request.start !== undefined) {
        return request.start;
      }
      const suggestion: Suggestion<C> | null =
        await (obstacle === null ? gp : tpe).suggest(request);
      if (suggestion === null) return null;
      // What prior studies begin with nobody else chose.
      if (suggestion.reason === request.start?.reason) return suggestion;
      const why = obstacle === null
        ? "Gaussian process"
        : `TPE, because ${obstacle}`;
      return {
        ...suggestion,
        reason: suggestion.reason.replace(/\.?$/, ` (${why}).`),
      };
    },
    prepare(request) {
      if (obstacleOf(request, limits) === null) gp.prepare!(request);
    },
  });
}

/** What speaks against the Gaussian process, in words; null if nothing does. */
function obstacleOf<C>(
  { study: { space, trials }, number }: PrepareRequest<C>,
  { gpTrials, gpParameters, gpRunning }: Required<AutoSamplerOptions>,
): string | null {
  if (space.dimension > gpParameters) {
    return `there are ${space.dimension} parameters`;
  }
  if (number >= gpTrials) return `there are more than ${gpTrials} trials`;
  let running = 0;
  for (const { state } of trials) {
    if (state === "running" || state === "waiting") running++;
  }
  return running > gpRunning ? `${running} trials run or wait` : null;
}
