import type { StudyView } from "../records/mod.ts";
import { bracketOf, bracketsOf, promotion, ranked } from "./_brackets.ts";
import { lastToFinish, valueAtRung } from "./_fidelity.ts";
import { randomSampler } from "./random_sampler.ts";
import type {
  Allocation,
  AllocationRequest,
  Sampler,
  Suggestion,
  SuggestRequest,
} from "./sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

/** Options of {@linkcode hyperbandSampler}. */
export interface HyperbandSamplerOptions {
  /** The last step of a whole training, at least 1. */
  readonly maxSteps: number;
  /** The fewest steps that a trial gets, from 1 to `maxSteps`. Defaults to `1`. */
  readonly minSteps?: number;
  /** Of so many trials on a rung one goes on, at least 2. Defaults to `3`. */
  readonly reductionFactor?: number;
  /** The most brackets; 1 is successive halving that begins with the fewest steps. Defaults to as many as there are. */
  readonly maxBrackets?: number;
  /** Who chooses configurations, from the values on the highest rung that has enough. Defaults to `randomSampler()`. */
  readonly sampler?: Sampler;
  /** How many trials a rung must have before its values are learned from, at least 1. Defaults to 3 more than the space has parameters. */
  readonly minObservations?: number;
  /** The share of configurations that is drawn at random, from 0 to 1. Defaults to `0`. */
  readonly randomShare?: number;
}

/** Options of {@linkcode bohbSampler}. */
export type BohbSamplerOptions = Omit<HyperbandSamplerOptions, "sampler">;

/**
 * Hyperband for a budget in epochs: trials begin with few steps, are paused, and
 * the best third on a rung goes on, as soon as it is known (asynchronously).
 * Brackets begin with differing numbers of steps, so that slow starters have
 * their chance in some.
 *
 * Trials are paused and resumed, not stopped: `study.optimize(objective, { epochs })`.
 * Towards the end of the budget the most promising trial is finished. A trial's
 * bracket hangs on its number alone. Under `{ trials }` it only chooses
 * configurations, and trials are trained whole.
 *
 * Source: Li et al., "Hyperband" (2018) and, for going on at once, "A System for
 * Massively Parallel Hyperparameter Tuning" (2020).
 *
 * @param options The steps.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, hyperbandSampler, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "in epochs",
 *   space: space({ rate: float(0.01, 1, { log: true }) }),
 *   objective: minimize("loss"),
 *   sampler: hyperbandSampler({ maxSteps: 27 }),
 *   storage: "memory",
 * });
 * await study.optimize(async (trial) => {
 *   let loss = (trial.resumeFrom ?? 1) as number;
 *   for (let epoch = trial.startStep + 1; epoch <= 27; epoch++) {
 *     loss *= 1 - trial.params.rate / 2;
 *     await trial.report(epoch, loss);
 *     if (trial.shouldStop()) break;
 *   }
 *   await trial.checkpoint(loss);
 *   return loss;
 * }, { epochs: 200, progress: false });
 * study.best!.params.rate > 0.5; // true
 * ```
 */
export function hyperbandSampler(options: HyperbandSamplerOptions): Sampler {
  return multiFidelity("hyperband", options);
}

/**
 * BOHB: Hyperband whose configurations are chosen by TPE from the values on the
 * highest rung that has enough of them; a third is drawn at random.
 *
 * Source: Falkner, Klein and Hutter, "BOHB: Robust and Efficient Hyperparameter
 * Optimization at Scale" (2018).
 *
 * @param options As of {@linkcode hyperbandSampler}.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { bohbSampler } from "@etude/etude";
 * bohbSampler({ maxSteps: 50 }).name; // "bohb"
 * ```
 */
export function bohbSampler(options: BohbSamplerOptions): Sampler {
  const minObservations = options.minObservations ?? 8;
  return multiFidelity("bohb", {
    randomShare: 1 / 3,
    ...options,
    minObservations,
    sampler: tpeSampler({ initialTrials: minObservations }),
  });
}

function multiFidelity(
  name: string,
  options: HyperbandSamplerOptions,
): Sampler {
  checkOptions(name, options);
  const { maxSteps, randomShare = 0, sampler } = options;
  const brackets = bracketsOf(options);
  const random = randomSampler();
  const rungs = [...new Set(brackets.flatMap((bracket) => bracket.rungs))]
    .sort((a, b) => a - b);

  const suggest = async <C>(
    request: SuggestRequest<C>,
  ): Promise<Suggestion<C> | null> => {
    const { dimension } = request.study.space;
    const { minObservations = dimension + 3 } = options;
    const learned = sampler === undefined ||
        request.random.uniform() < randomShare
      ? null
      : rungs.findLast((step) =>
        countAt(request.study, step) >= minObservations
      ) ?? null;
    if (learned === null) return await random.suggest(request);
    const suggestion = await sampler!.suggest({
      ...request,
      study: rungView(request.study, learned),
    });
    if (suggestion === null) return null;
    const { prediction: _ofTheRung, ...rest } = suggestion;
    return {
      ...rest,
      reason: suggestion.reason.replace(
        /\.?$/,
        learned === maxSteps ? "." : ` (values at step ${learned}).`,
      ),
    };
  };

  return Object.freeze<Sampler>({
    name,
    suggest,
    async allocate<C>(
      request: AllocationRequest<C>,
    ): Promise<Allocation<C>> {
      const { study, number, stepsLeft, mustBegin } = request;
      const promoted = mustBegin ? null : promotion(study, brackets);
      const [first] = brackets[bracketOf(brackets, number)]!.rungs;
      const untilStep = promoted?.untilStep ?? first!;
      const isFinal = untilStep >= maxSteps;
      const next: Allocation<C> = promoted === null
        ? {
          kind: "new",
          suggestion:
            (await suggest(request) ?? await random.suggest(request))!,
          untilStep,
          isFinal,
        }
        : { kind: "resume", ...promoted, isFinal };
      if (mustBegin) return next;
      const finish = lastToFinish(study, ranked(study), {
        next: next as Allocation<unknown>,
        stepsLeft,
        maxSteps,
      });
      return finish === null ? next : {
        kind: "resume",
        number: finish.number,
        untilStep: maxSteps,
        isFinal: true,
        reason:
          "The most promising trial is finished with what is left of the budget.",
      };
    },
  });
}

function countAt<C>(study: StudyView<C>, step: number): number {
  return study.trials.filter((trial) => {
    const value = valueAtRung(study, trial, step);
    return value !== null && value < Infinity;
  }).length;
}

/** The study as if trainings ended at a step: trials that came so far are complete, with their value there. */
function rungView<C>(study: StudyView<C>, step: number): StudyView<C> {
  const sign = study.objectives[0]!.direction === "minimize" ? 1 : -1;
  return {
    ...study,
    trials: study.trials.map((trial) => {
      const value = valueAtRung(study, trial, step);
      if (value === null || trial.state === "failed") return trial;
      return value === Infinity
        ? { ...trial, state: "failed", value: null, values: null }
        : {
          ...trial,
          state: "complete",
          value: sign * value,
          values: [sign * value],
        };
    }),
  };
}

function checkOptions(name: string, options: HyperbandSamplerOptions): void {
  const cannot = `Cannot make the ${name} sampler:`;
  const { maxSteps, minSteps = 1, reductionFactor = 3 } = options ?? {};
  const { maxBrackets = 1, minObservations = 1, randomShare = 0 } = options ??
    {};
  const least = {
    maxSteps: 1,
    reductionFactor: 2,
    maxBrackets: 1,
    minObservations: 1,
  };
  const given = { maxSteps, reductionFactor, maxBrackets, minObservations };
  for (const [key, value] of Object.entries(given)) {
    const bound = least[key as keyof typeof least];
    if (Number.isInteger(value) && value >= bound) continue;
    throw new RangeError(
      `${cannot} ${key} is ${
        String(value)
      }, expected a whole number of at least ${bound}`,
    );
  }
  if (!(Number.isInteger(minSteps) && minSteps >= 1 && minSteps <= maxSteps)) {
    throw new RangeError(
      `${cannot} minSteps is ${
        String(minSteps)
      }, expected a whole number from 1 to maxSteps, which is ${maxSteps}`,
    );
  }
  if (!(randomShare >= 0 && randomShare <= 1)) {
    throw new RangeError(
      `${cannot} randomShare is ${
        String(randomShare)
      }, expected a number from 0 to 1`,
    );
  }
}
