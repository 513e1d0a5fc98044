import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import {
  type Descent,
  type DescentReading,
  type DescentSettings,
  isContinuous,
  keyOf,
  readDescents,
} from "./_descents.ts";
import { allowedAt } from "./_allowed_at.ts";
import type { Sampler, Suggestion, SuggestRequest } from "./sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

/** Options of {@linkcode gradientSampler}. */
export interface GradientSamplerOptions {
  /**
   * What steps along the gradient. `"lbfgs"` learns the curvature and needs the fewest
   * trainings where gradients are exact; `"adam"` bears noise, such as that of
   * minibatches. Defaults to `"lbfgs"`.
   */
  readonly optimizer?: "lbfgs" | "adam";
  /**
   * How far the first step goes in the parameter with the steepest slope (L-BFGS), or
   * each step in every parameter (Adam), as a share of its range on its own scale, in
   * `(0, 1]`. Defaults to `0.2`, for Adam to `0.1`.
   */
  readonly stepSize?: number;
  /**
   * The most trials of a descent, at least 1. Defaults to `200`, and to `15` where there
   * are parameters without a gradient too, so that others of their values get a turn.
   */
  readonly steps?: number;
  /**
   * L-BFGS ends where the steepest slope has fallen to this part of the first, or a step
   * gains no more than this part of all that was gained, above 0. Defaults to `0.0001`.
   */
  readonly tolerance?: number;
  /**
   * Who chooses where a descent begins, and with it the parameters that have no
   * gradient: choices, whole numbers, steps. Of each descent it sees the best trial.
   * Defaults to `tpeSampler()`.
   */
  readonly rest?: Sampler;
}

/**
 * Steps along the gradient that trials tell (`trial.gradient({ … })`): for objectives
 * that can be differentiated by their continuous hyperparameters, of which there may be
 * many. A step is a trial; bounds and logarithmic scales are respected, since it steps
 * in the unit cube.
 *
 * The first trial stands at the parameters' defaults, else in the middle of their
 * ranges. A descent ends where it has arrived, or after `steps` trials, or, where there
 * are choices too, where it lags behind: its best value is worse than the median of
 * the other descents' after as many trials. Then `rest` chooses again: choices that are
 * new begin at the best continuous values so far, known ones where `rest` says. Trials
 * that run side by side belong to descents side by side.
 *
 * It holds no state: the descents are read off the trials and their stored gradients,
 * so that a resumed study goes on bit for bit. A trial that fails, is pruned, or has no
 * gradient makes the optimizer take a shorter step. A trial with a gradient that
 * somebody else chose begins a descent. Where a value with a gradient is fixed, `rest`
 * chooses. Of several objectives, the gradient is the first one's.
 *
 * Where the space has rules, a step that they do not allow goes to the nearest place
 * that they do.
 *
 * It draws nothing from the trial's random stream, but `rest` does.
 *
 * Source: hypergradients as in Pedregosa (2016); the optimizers are `lbfgsSearch` and
 * `adamSearch`.
 *
 * @throws {TypeError} If `rest` hands out steps, as Hyperband does.
 * @throws {RangeError} If another option is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, gradientSampler, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "valley",
 *   space: space({ x: float(0.01, 100, { log: true }), y: float(-1, 1) }),
 *   sampler: gradientSampler(),
 *   storage: "memory",
 * });
 * await study.optimize(async (trial) => {
 *   const { x, y } = trial.params;
 *   const u = Math.log(x) - 1;
 *   await trial.gradient({ x: 2 * u / x, y: 4 * y });
 *   return u ** 2 + 2 * y ** 2;
 * }, { trials: 12, progress: false });
 * study.best!.value! < 1e-4; // true
 * ```
 */
export function gradientSampler(
  options: GradientSamplerOptions = {},
): Sampler {
  const { rest = tpeSampler(), ...others } = options;
  const settings = checkOptions(others);
  if (typeof rest?.suggest !== "function" || rest.allocate !== undefined) {
    throw new TypeError(
      `Cannot make the gradient sampler: rest is ${
        rest?.name ?? String(rest)
      }, expected a sampler whose trials are trained whole, e.g. tpeSampler()`,
    );
  }
  const title = settings.optimizer === "adam" ? "Adam" : "L-BFGS";
  return Object.freeze<Sampler>({
    name: "gradient",
    async suggest<C>(request: SuggestRequest<C>) {
      const { study, fixed } = request;
      const reading = readDescents(study, settings);
      const descent = bestOpen(reading.descents, fixed);
      if (descent !== null) {
        const { length } = descent.trials;
        return {
          params: descent.next as C,
          reason: `Step ${length} of the descent from trial ${
            descent.trials[0]!.number
          } (${title}).`,
        };
      }
      return await begin(request, reading, rest);
    },
  });
}

/** The best of the descents that can go on; null if there is none. */
function bestOpen(
  descents: readonly Descent[],
  fixed: Configuration,
): Descent | null {
  let best: Descent | null = null;
  for (const descent of descents) {
    const { next, rest, isBusy, value } = descent;
    if (next === null || isBusy || lagsBehind(descent, descents)) continue;
    const keeps = Object.entries(fixed).every(([name, fixedValue]) =>
      Object.hasOwn(rest, name) && rest[name] === fixedValue
    );
    if (keeps && (best === null || value < best.value)) best = descent;
  }
  return best;
}

/** From how many trials on a descent is held against others. */
const leastLength = 3;
/** And against how many. */
const leastOthers = 2;

/** Whether a descent among others is worse than the median of them was after as many trials. */
function lagsBehind(
  descent: Descent,
  descents: readonly Descent[],
): boolean {
  const { length } = descent.trials;
  if (!descent.isAmongOthers || length < leastLength) return false;
  const peers = descents
    .filter((other) => other !== descent && other.trials.length >= length)
    .map(({ best }) => best[length - 1]!)
    .sort((a, b) => a - b);
  if (peers.length < leastOthers) return false;
  const middle = (peers.length - 1) / 2;
  const median = (peers[Math.floor(middle)]! + peers[Math.ceil(middle)]!) / 2;
  return descent.value > median;
}

/** Begins a descent. */
async function begin<C>(
  request: SuggestRequest<C>,
  reading: DescentReading,
  sampler: Sampler,
): Promise<Suggestion<C> | null> {
  const { study, fixed } = request;
  const { space } = study;
  const seen = collapsed(study, reading);
  const suggestion = await sampler.suggest<C>({
    ...request,
    study: seen,
    number: seen.trials.length,
  });
  if (suggestion === null) return null;
  const params = suggestion.params as Configuration;
  const [from, where] = continuumFor(space as unknown as Space, {
    params,
    study,
    reading,
  });
  const kept = moved(space as unknown as Space, params, { from, fixed });
  const { reason } = suggestion;
  if (keyOf(kept) === keyOf(params)) {
    return { ...suggestion, reason: `A descent begins: ${lower(reason)}` };
  }
  const chosen = Object.entries(kept)
    .filter(([name, value]) => params[name] === value)
    .map(([name]) => name);
  return {
    params: kept as C,
    reason: chosen.length === 0
      ? `A descent begins ${where}.`
      : `A descent begins ${where}, with the rest chosen by ${sampler.name}: ${
        lower(reason)
      }`,
  };
}

/** A configuration with other continuous values, or, where rules forbid that, the nearest to it. */
function moved(
  space: Space,
  params: Configuration,
  { from, fixed }: {
    readonly from: Configuration;
    readonly fixed: Configuration;
  },
): Configuration {
  const isMoved = (name: string) =>
    Object.hasOwn(from, name) && !Object.hasOwn(fixed, name);
  const entries = Object.entries(params);
  if (!entries.some(([name]) => isMoved(name))) return params;
  const wanted = Object.fromEntries(
    entries.map(([name, value]) => [name, isMoved(name) ? from[name]! : value]),
  );
  if (space.allows(wanted)) return space.validate(wanted);
  const others = entries.filter(([name]) => !isMoved(name));
  return allowedAt(space, space.locate(wanted), Object.fromEntries(others));
}

/** The continuous values to begin with, and where they are from in words; none where the sampler's own are taken. */
function continuumFor(
  space: Space,
  { params, study, reading: { descents } }: {
    readonly params: Configuration;
    readonly study: StudyView<unknown>;
    readonly reading: DescentReading;
  },
): [Configuration, string] {
  // What others hang on stays as it was chosen: it must fit to them.
  const parents = new Set(
    space.parameters.flatMap(({ conditions }) =>
      conditions.map(({ parent }) => parent)
    ),
  );
  const continuous = space.parameters.filter(isContinuous)
    .filter(({ name }) => !parents.has(name));
  const hasBegun = study.trials.some(({ state }) => state !== "waiting");
  if (!hasBegun) {
    const middle = space.decode(new Float64Array(space.dimension).fill(0.5));
    return [
      Object.fromEntries(
        continuous.filter(({ conditions }) => conditions.length === 0)
          .map((
            { name, default: start },
          ) => [name, start ?? middle[name]!]),
      ),
      "at the defaults, or in the middle of the ranges",
    ];
  }
  const moving = new Set(continuous.map(({ name }) => name));
  const restOf = (all: Configuration) =>
    keyOf(
      Object.fromEntries(
        Object.entries(all).filter(([name]) => !moving.has(name)),
      ),
    );
  const isKnown = descents.some(({ trials }) =>
    restOf(trials[0]!.params as Configuration) === restOf(params)
  );
  if (isKnown || descents.length === 0) return [{}, ""];
  const best = descents.reduce((a, b) => b.value < a.value ? b : a).bestTrial;
  return [
    Object.fromEntries(
      Object.entries(best.params as Configuration)
        .filter(([name]) => moving.has(name)),
    ),
    `at the continuous values of trial ${best.number}`,
  ];
}

/** The study with each descent as its best trial, or the one that runs. */
function collapsed<C>(
  study: StudyView<C>,
  { descents, others }: DescentReading,
): StudyView<C> {
  const trials = [
    ...others,
    ...descents.map(({ isBusy, trials, bestTrial }) =>
      isBusy ? trials.at(-1)! : bestTrial
    ),
  ].sort((a, b) => a.number - b.number);
  return {
    ...study,
    trials: trials.map((trial, number) =>
      trial.number === number ? trial : { ...trial, number }
    ) as TrialRecord<C>[],
  };
}

function lower(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}

function checkOptions(
  options: Omit<GradientSamplerOptions, "rest">,
): DescentSettings {
  const { optimizer = "lbfgs", steps = null, tolerance = 1e-4 } = options;
  const { stepSize = optimizer === "adam" ? 0.1 : 0.2 } = options;
  const check = (name: string, value: unknown, fits: boolean, what: string) => {
    if (fits) return;
    throw new RangeError(
      `Cannot make the gradient sampler: ${name} is ${
        JSON.stringify(value) ?? String(value)
      }, expected ${what}`,
    );
  };
  const isKnown = optimizer === "lbfgs" || optimizer === "adam";
  check("optimizer", optimizer, isKnown, '"lbfgs" or "adam"');
  const isShare = stepSize > 0 && stepSize <= 1;
  check("stepSize", stepSize, isShare, "a number above 0, at most 1");
  const isCount = steps === null || (Number.isInteger(steps) && steps >= 1);
  check("steps", steps, isCount, "a whole number of at least 1");
  const isPositive = tolerance > 0 && tolerance < Infinity;
  check("tolerance", tolerance, isPositive, "a number above 0");
  return { optimizer, stepSize, steps, tolerance };
}
