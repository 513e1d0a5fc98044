import { isPaused, type StudyView, type TrialRecord } from "../records/mod.ts";
import { logExpectedImprovement } from "../surrogates/mod.ts";
import { allowedAt } from "./_allowed_at.ts";
import { type CurveModel, fitCurveModel, placeIn } from "./_curve_model.ts";
import { searchEnd } from "./_end_search.ts";
import { lastToFinish, rungsUpTo, trainedSteps } from "./_fidelity.ts";
import { gpSampler } from "./gp_sampler.ts";
import type {
  Allocation,
  AllocationRequest,
  Sampler,
  Suggestion,
  SuggestRequest,
} from "./sampler.ts";
import { sobolSampler } from "./sobol_sampler.ts";

/** Options of {@linkcode freezeThawSampler}. */
export interface FreezeThawSamplerOptions {
  /** The last step of a whole training, at least 1. */
  readonly maxSteps: number;
  /** How many steps a new trial gets at first, from 1 to `maxSteps`. Defaults to a sixth of `maxSteps`, at least 1. */
  readonly firstSteps?: number;
  /** How many times as many steps a trial has after each further turn, at least 1.2. Defaults to `2`. */
  readonly growth?: number;
  /** Of so many trials that came to a rung at least one goes on, at least 1.2. Defaults to `6`. */
  readonly reductionFactor?: number;
  /** How many trials begin, spread evenly, before the model chooses, at least 2. Defaults to `6`. */
  readonly initialTrials?: number;
}

/**
 * Freeze-thaw Bayesian optimization, for a budget in epochs: every trial begins
 * with a few steps and is paused. A Gaussian process over configurations and
 * steps forecasts where each training would end, the paused ones and those not
 * begun, and the steps go where the end promises most.
 *
 * - Of the trials that have come to a rung (`firstSteps`, then `growth` times as
 *   many each) one in `reductionFactor` goes on, the one with the largest
 *   expected improvement at its end. Else a new one begins.
 * - Towards the end of the budget the most promising trial is finished, so that
 *   it does not end with nothing but beginnings.
 * - Trials that run elsewhere count as if they had ended as expected.
 *
 * Use it with `study.optimize(objective, { epochs })`; the objective calls
 * `trial.checkpoint(state)` and goes on from `trial.resumeFrom`. Under `{ trials }`
 * it is {@linkcode gpSampler}, and trials are trained whole.
 *
 * Source: Swersky, Snoek and Adams, "Freeze-Thaw Bayesian Optimization" (2014),
 * with a stationary kernel over log steps, and rungs as in successive halving.
 *
 * @param options The steps.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, freezeThawSampler, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "in epochs",
 *   space: space({ rate: float(0.01, 1, { log: true }) }),
 *   objective: minimize("loss"),
 *   sampler: freezeThawSampler({ maxSteps: 40 }),
 *   storage: "memory",
 * });
 * await study.optimize(async (trial) => {
 *   let loss = (trial.resumeFrom ?? 1) as number;
 *   for (let epoch = trial.startStep + 1; epoch <= 40; epoch++) {
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
export function freezeThawSampler(options: FreezeThawSamplerOptions): Sampler {
  const settings = checkOptions(options);
  const { maxSteps, firstSteps, growth, initialTrials } = settings;
  const rungs = rungsUpTo(maxSteps, { first: firstSteps, factor: growth });
  // What the model sees of a curve: its beginning, and where trials are compared.
  // The first step of several says next to nothing of the end: over random
  // configurations of LCBench it orders them otherwise, the second already does not.
  const begins = Math.min(2, firstSteps);
  const grid = [
    ...new Set([
      ...rungsUpTo(maxSteps, { first: begins, factor: 2 }),
      ...rungs,
    ]),
  ].sort((a, b) => a - b);
  const initial = sobolSampler();
  const whole = gpSampler();

  const begin = <C>(suggestion: Suggestion<C>): Allocation<C> => ({
    kind: "new",
    suggestion,
    untilStep: rungs[0]!,
    isFinal: rungs[0]! >= maxSteps,
  });

  return Object.freeze<Sampler>({
    name: "freeze-thaw",
    suggest: <C>(request: SuggestRequest<C>) => whole.suggest(request),
    async allocate<C>(request: AllocationRequest<C>): Promise<Allocation<C>> {
      const plain = request as unknown as AllocationRequest;
      const told = toldOf(plain.study, maxSteps);
      const model = told.count < initialTrials
        ? null
        : fitCurveModel(plain.study, grid, told.busy);
      if (model === null) {
        const suggestion = await initial.suggest(request);
        return begin(suggestion!);
      }
      const setting = { ...settings, rungs, model };
      return allocateBy(plain, rate(told, setting), setting) as Allocation<C>;
    },
  });
}

type Settings = Required<FreezeThawSamplerOptions>;

interface Setting extends Settings {
  readonly rungs: readonly number[];
  readonly model: CurveModel;
}

/** The trials of a study, sorted by what can be learnt of them. */
interface Told {
  /** Those with a curve. */
  readonly seen: readonly {
    readonly trial: TrialRecord;
    readonly unit: Float64Array;
    readonly steps: number;
  }[];
  /** The places of those that run and are not paused. */
  readonly busy: readonly Float64Array[];
  /** How many have begun. */
  readonly count: number;
}

function toldOf(study: StudyView, maxSteps: number): Told {
  const begun = study.trials.filter(({ state }) => state !== "waiting");
  const busy: Float64Array[] = [];
  const seen: Told["seen"][number][] = [];
  for (const trial of begun) {
    const unit = placeIn(study, trial);
    if (unit === null) continue;
    if (trial.state === "running" && !isPaused(trial)) busy.push(unit);
    const steps = Math.min(maxSteps, trainedSteps(study, trial));
    if (steps > 0) seen.push({ trial, unit, steps });
  }
  return { seen, busy, count: begun.length };
}

/** A trial with what is expected of its end. */
interface Rated {
  readonly trial: TrialRecord;
  readonly unit: Float64Array;
  readonly steps: number;
  /** In the model's units: smaller is better. */
  readonly mean: number;
  /** The logarithm of the expected improvement. */
  readonly score: number;
}

interface Ratings {
  readonly rated: readonly Rated[];
  /** The best mean of all trials. */
  readonly best: number;
}

function rate({ seen }: Told, { model }: Setting): Ratings {
  const { mean, sd } = model.atEnd(seen.map(({ unit }) => unit));
  const best = mean.reduce((least, y) => Math.min(least, y), Infinity);
  return {
    best,
    rated: seen.map((one, i) => ({
      ...one,
      mean: mean[i]!,
      score: logExpectedImprovement({ mean: mean[i]!, sd: sd[i]! }, best),
    })),
  };
}

function allocateBy(
  request: AllocationRequest,
  ratings: Ratings,
  setting: Setting,
): Allocation {
  const { study, stepsLeft, mustBegin } = request;
  const { maxSteps, model } = setting;
  const next = worthMost(request, ratings, setting);
  if (mustBegin) return next;
  const promising = ratings.rated.toSorted((a, b) => a.mean - b.mean);
  const finish = lastToFinish(study, promising.map(({ trial }) => trial), {
    next,
    stepsLeft,
    maxSteps,
  });
  if (finish === null) return next;
  const { mean } = promising.find(({ trial }) => trial === finish)!;
  return {
    kind: "resume",
    number: finish.number,
    untilStep: maxSteps,
    isFinal: true,
    reason: `Finished with what is left of the budget: ${
      show(model.toObjective(mean))
    } is expected of it.`,
  };
}

/** What promises most, whatever is left of the budget. */
function worthMost(
  request: AllocationRequest,
  { rated, best }: Ratings,
  setting: Setting,
): Allocation {
  const { study, random, fixed, mustBegin } = request;
  const { rungs, maxSteps, model } = setting;
  const open = mustBegin ? [] : rated.filter(({ trial }) => isPaused(trial));
  const promising = rated.toSorted((a, b) => a.mean - b.mean);
  const expected = (mean: number) => show(model.toObjective(mean));

  const thaw = (one: Rated, why: string): Allocation => {
    const untilStep = rungs.find((rung) => rung > one.steps) ?? maxSteps;
    return {
      kind: "resume",
      number: one.trial.number,
      untilStep,
      isFinal: untilStep >= maxSteps,
      reason: `${why}: ${expected(one.mean)} is expected at step ${maxSteps}.`,
    };
  };
  const due = dueOnRung(rated, open, setting);
  if (due !== null) return thaw(due, `The most promising at step ${due.steps}`);

  const fresh = searchEnd({
    space: study.space,
    fixed,
    random,
    around: promising.slice(0, 5).map(({ unit }) => unit),
    rate: (units) => {
      const { mean, sd } = model.atEnd(units);
      return mean.map((y, i) =>
        logExpectedImprovement({ mean: y, sd: sd[i]! }, best)
      );
    },
  });
  const { mean } = model.atEnd([fresh.unit]);
  return {
    kind: "new",
    suggestion: {
      params: allowedAt(study.space, fresh.unit, fixed),
      reason: `Expected improvement at step ${maxSteps}: ${
        expected(mean[0]!)
      } expected.`,
    },
    untilStep: rungs[0]!,
    isFinal: rungs[0]! >= maxSteps,
  };
}

/** The trial to go on from the highest rung of which too few have; null if there is none. */
function dueOnRung(
  rated: readonly Rated[],
  open: readonly Rated[],
  { rungs, reductionFactor }: Setting,
): Rated | null {
  for (let k = rungs.length - 2; k >= 0; k--) {
    const [here, next] = [rungs[k]!, rungs[k + 1]!];
    const reached = rated.filter(({ steps }) => steps >= here).length;
    const beyond = rated.filter(({ steps }) => steps >= next).length;
    if (beyond >= Math.floor(reached / reductionFactor)) continue;
    const candidates = open.filter(({ steps }) => steps >= here && steps < next)
      .toSorted((a, b) => b.score - a.score);
    if (candidates.length > 0) return candidates[0]!;
  }
  return null;
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function checkOptions(options: FreezeThawSamplerOptions): Settings {
  const { maxSteps, growth = 2, reductionFactor = 6, initialTrials = 6 } =
    options ?? {};
  const { firstSteps = Math.max(1, Math.round(maxSteps / 6)) } = options ?? {};
  const check = (name: string, value: unknown, fits: boolean, what: string) => {
    if (fits) return;
    throw new RangeError(
      `Cannot make the freeze-thaw sampler: ${name} is ${
        String(value)
      }, expected ${what}`,
    );
  };
  const isWhole = (value: unknown, least: number) =>
    Number.isInteger(value) && (value as number) >= least;
  check(
    "maxSteps",
    maxSteps,
    isWhole(maxSteps, 1),
    "a whole number of at least 1, such as the epochs of a whole training",
  );
  check(
    "firstSteps",
    firstSteps,
    isWhole(firstSteps, 1) && firstSteps <= maxSteps,
    `a whole number from 1 to maxSteps, which is ${maxSteps}`,
  );
  check(
    "initialTrials",
    initialTrials,
    isWhole(initialTrials, 2),
    "a whole number of at least 2",
  );
  for (const [name, value] of Object.entries({ growth, reductionFactor })) {
    const fits = value >= 1.2 && value < Infinity;
    check(name, value, fits, "a number of at least 1.2");
  }
  return { maxSteps, firstSteps, growth, reductionFactor, initialTrials };
}
