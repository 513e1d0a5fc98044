import { gpSampler } from "./gp_sampler.ts";
import { nsga2Sampler, nsga3Sampler } from "./nsga_sampler.ts";
import type {
  PrepareRequest,
  Sampler,
  Suggestion,
  SuggestRequest,
} from "./sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

/** Options of {@linkcode autoSampler}. */
export interface AutoSamplerOptions {
  /** Up to how many trials the Gaussian process chooses, at least 0; beyond TPE does, which answers in milliseconds. Defaults to `1000`, with several objectives to `200`. */
  readonly gpTrials?: number;
  /** Up to how many parameters the Gaussian process chooses, at least 0; beyond TPE does, which is quicker then. Defaults to `200`, in conditional spaces to `60`. */
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
 * The limits are measured ones. With up to 100 parameters, with noise or without,
 * the process needed far fewer trials than TPE, and with up to 40 of all kinds and
 * with conditions, too, and fewer than the random forest; after 300 trials it still
 * found more than they did. With 200 parameters it takes up to half a second a
 * suggestion. The forest was never ahead by more than chance, not even on functions
 * made of trees, so it is not among the choices.
 *
 * Where the study has several objectives, it is a Gaussian process each and
 * expected hypervolume improvement for the first 200 trials, TPE up to 500, and
 * then NSGA-II or, from three objectives on, NSGA-III, which goes on from all that
 * was tried. With some hundred trials both models found far more of the front than
 * populations did; with 1,000 the populations were level or ahead, in next to no
 * time.
 *
 * Each of them respects the study's constraints.
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
  const { gpTrials, gpParameters, gpRunning = 100 } = options;
  const limits = { gpTrials, gpParameters, gpRunning };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(
        `Cannot make the automatic sampler: ${name} is ${value}, expected a whole number of at least 0`,
      );
    }
  }
  // Of two objectives NSGA-II covers the trade-off; of more its crowding says little.
  const two = nsga2Sampler();
  const more = nsga3Sampler();
  const gp = gpSampler();
  const tpe = tpeSampler();
  return Object.freeze<Sampler>({
    name: "auto",
    asksPrior: true,
    async suggest<C>(request: SuggestRequest<C>) {
      const { length: objectives } = request.study.objectives;
      if (
        objectives > 1 && request.number >= Math.max(modelTrials, gpTrials ?? 0)
      ) {
        return (objectives > 2 ? more : two).suggest(request);
      }
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

/** Up to how many trials a Gaussian process chooses. */
const plainTrials = 1000;
/** The same with several objectives, where there is one each. */
const severalTrials = 200;
/** From so many trials of several objectives on a population does. */
const modelTrials = 500;
/** Up to how many parameters the Gaussian process chooses. */
const plainParameters = 200;
/** The same in conditional spaces. */
const conditionalParameters = 60;

interface Limits {
  /** Defaults to what suits the number of objectives. */
  readonly gpTrials?: number;
  /** Defaults to what suits the space. */
  readonly gpParameters?: number;
  readonly gpRunning: number;
}

/** What speaks against the Gaussian process, in words; null if nothing does. */
function obstacleOf<C>(
  { study: { space, trials, objectives }, number }: PrepareRequest<C>,
  { gpTrials, gpParameters, gpRunning }: Limits,
): string | null {
  const mostTrials = gpTrials ??
    (objectives.length > 1 ? severalTrials : plainTrials);
  const most = gpParameters ??
    (space.isConditional ? conditionalParameters : plainParameters);
  if (space.dimension > most) {
    return `there are ${space.dimension} parameters`;
  }
  if (number >= mostTrials) return `there are more than ${mostTrials} trials`;
  let running = 0;
  for (const { state } of trials) {
    if (state === "running" || state === "waiting") running++;
  }
  return running > gpRunning ? `${running} trials run or wait` : null;
}
