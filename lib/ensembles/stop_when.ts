import {
  bestTrial,
  foldScoresOf,
  isBetter,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { StudyCallback, StudyHandle } from "../study/mod.ts";
import { shown } from "./_data.ts";
import { boundOf, fewestForRegret, regretGapOf } from "./_regrets.ts";
import { varianceOf } from "./_means.ts";

const about = "Cannot make the stopper";

/** Options of {@linkcode stopWhenStagnant}. */
export interface StagnationOptions {
  /** After how many finished trials without a better one, at least 1. Defaults to `25`. */
  readonly trials?: number;
  /** By how much a trial has to be better to count, in the objective's units, at least 0. Defaults to `0`. */
  readonly leastGain?: number;
}

/**
 * Stops a run once the best has not become better for a number of trials. Pruned
 * and failed trials count as tried.
 *
 * @param options How many trials.
 * @returns A callback for `study.optimize(objective, { callbacks: […] })`.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { stopWhenStagnant } from "@etude/etude/ensembles";
 * const study = await createStudy({ name: "flat", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory" });
 * await study.optimize(() => 1, { trials: 100, callbacks: [stopWhenStagnant({ trials: 10 })], progress: false });
 * study.trials.length; // 11
 * ```
 */
export function stopWhenStagnant<C = Configuration>(
  options: StagnationOptions = {},
): StudyCallback<C> {
  checkNames(options, ["trials", "leastGain"]);
  const { trials = 25, leastGain = 0 } = options;
  checkNumber("trials", trials, 1, true);
  checkNumber("leastGain", leastGain, 0);
  return (study) => {
    const { direction } = study.objectives[0]!;
    let best: TrialRecord<C> | null = null;
    let since = 0;
    for (const trial of finishedOf(study)) {
      since++;
      const { value } = trial;
      if (
        bestTrial({ objectives: study.objectives, trials: [trial] }) === null
      ) {
        continue;
      }
      const bar = best === null
        ? null
        : best.value! + (direction === "minimize" ? -leastGain : leastGain);
      if (bar === null || isBetter(value!, bar, direction)) {
        [best, since] = [trial, 0];
      }
    }
    if (best === null || since < trials) return;
    study.stop(
      `no trial in ${since} was better than trial ${best.number}${
        leastGain > 0 ? ` by more than ${show(leastGain)}` : ""
      }`,
    );
  };
}

/** Options of {@linkcode stopAtBudget}: at least one of them. */
export interface BudgetOptions {
  /** How many trials the study may have, those before this run too. Defaults to no limit. */
  readonly trials?: number;
  /** How many steps (epochs, folds) its trials may have reported on the objective's curve. Defaults to no limit. */
  readonly steps?: number;
  /** How many seconds its trials may have run, together. Defaults to no limit. */
  readonly seconds?: number;
  /** What of a measure (`trial.measure`) its trials may have used, together: e.g. `{ name: "dollars", most: 20 }`. Defaults to no limit. */
  readonly measure?: { readonly name: string; readonly most: number };
}

/**
 * Stops a run once the whole study, not this run alone, has used its budget.
 *
 * @param options The budget.
 * @returns A callback for `study.optimize(objective, { callbacks: […] })`.
 * @throws {TypeError} If an option is unknown, or none is given.
 * @throws {RangeError} If a number is not above 0.
 *
 * @example
 * ```ts
 * import { stopAtBudget } from "@etude/etude/ensembles";
 * const callbacks = [stopAtBudget({ seconds: 3600 })];
 * ```
 */
export function stopAtBudget<C = Configuration>(
  options: BudgetOptions,
): StudyCallback<C> {
  checkNames(options, ["trials", "steps", "seconds", "measure"]);
  const { trials, steps, seconds, measure } = options;
  const limits = { trials, steps, seconds, "measure.most": measure?.most };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined) checkNumber(name, value, Number.MIN_VALUE);
  }
  if (Object.values(limits).every((value) => value === undefined)) {
    throw new TypeError(
      `${about}: no budget is given, expected trials, steps, seconds or measure`,
    );
  }
  return (study) => {
    const done = finishedOf(study);
    const name = study.objectives[0]!.name;
    const used:
      readonly (readonly [number | undefined, string, () => number])[] = [
        [trials, "trials", () => done.length],
        [
          steps,
          "steps",
          () =>
            sumOf(done, ({ curves }) => curves.get(name)?.steps.length ?? 0),
        ],
        [
          seconds,
          "seconds of training",
          () => sumOf(done, ({ durationMs }) => (durationMs ?? 0) / 1000),
        ],
        [
          measure?.most,
          measure?.name ?? "",
          () =>
            sumOf(
              done,
              // What is no number counts nothing, NaN neither.
              ({ attributes }) => Number(attributes[measure!.name] ?? 0) || 0,
            ),
        ],
      ];
    for (const [most, what, count] of used) {
      if (most === undefined) continue;
      const found = count();
      if (found < most) continue;
      study.stop(
        `the budget of ${show(most)} ${what} is used (${show(found)})`,
      );
      return;
    }
  };
}

/** Options of {@linkcode stopAtRegretBound}. */
export interface RegretBoundStopOptions {
  /** After how many complete trials at the earliest, at least 5. Defaults to `20`. */
  readonly fewest?: number;
  /** Looks after every so many trials, at least 1. Defaults to `5`. */
  readonly every?: number;
  /**
   * Stops where less than this is left to win, in the objective's units, above 0.
   * Defaults to the standard error of the best trial over folds, corrected for
   * the training samples that they share, else to the noise that the surrogate sees.
   */
  readonly threshold?: number;
}

/**
 * Stops a run once the best is so good that what a Gaussian process still holds
 * for possible (with 90 % probability) is less than can be told from chance.
 *
 * Source: Makarova et al., Automatic Termination for Hyperparameter Optimization (2022).
 *
 * @param options When to look, and how much is enough.
 * @returns A callback for `study.optimize(objective, { callbacks: […] })`.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { stopAtRegretBound } from "@etude/etude/ensembles";
 * const callbacks = [stopAtRegretBound({ threshold: 0.002 })];
 * ```
 */
export function stopAtRegretBound<C = Configuration>(
  options: RegretBoundStopOptions = {},
): StudyCallback<C> {
  checkNames(options, ["fewest", "every", "threshold"]);
  const { fewest = 20, every = 5, threshold } = options;
  checkNumber("fewest", fewest, fewestForRegret, true);
  checkNumber("every", every, 1, true);
  if (threshold !== undefined) {
    checkNumber("threshold", threshold, Number.MIN_VALUE);
  }
  return (study) => {
    const view = study as unknown as StudyView<unknown>;
    const count = completeOf(view).length;
    if (count < fewest || (count - fewest) % every !== 0) return;
    const found = boundOf(view);
    if (found === null) return;
    const best = bestTrial(view);
    const error = best === null ? null : foldErrorOf(best);
    const least = threshold ?? error ?? found.noiseSd;
    if (found.bound >= least) return;
    study.stop(
      `at most ${
        show(found.bound)
      } is left to win (90 % sure, if the surrogate is right), less than ${
        threshold !== undefined
          ? "the threshold"
          : error !== null
          ? "the error of the best trial over its folds"
          : "the noise"
      }, ${show(least)}`,
    );
  };
}

/** Options of {@linkcode stopAtExpectedRegret}. */
export interface ExpectedRegretOptions {
  /** After how many complete trials at the earliest, at least 5. Defaults to `20`. */
  readonly fewest?: number;
  /** Of how many trials, from the sixth on, the median says what much is, at least 1. Defaults to `10`. */
  readonly initial?: number;
  /** Stops below this share of that, in `(0, 1)`. Defaults to `0.01`. */
  readonly share?: number;
  /** Stops below this instead, in the objective's units, above 0. Defaults to none. */
  readonly threshold?: number;
}

/**
 * Stops a run once a further trial no longer changes what a Gaussian process
 * expects of the best: the gap of its expected minimum model regret before and
 * after the trial falls below a share of what it was in the beginning.
 *
 * Source: Ishibashi et al., A stopping criterion for Bayesian optimization by the
 * gap of expected minimum simple regrets (2023).
 *
 * @param options When to look, and how little is enough.
 * @returns A callback for `study.optimize(objective, { callbacks: […] })`.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { stopAtExpectedRegret } from "@etude/etude/ensembles";
 * const callbacks = [stopAtExpectedRegret({ share: 0.02 })];
 * ```
 */
export function stopAtExpectedRegret<C = Configuration>(
  options: ExpectedRegretOptions = {},
): StudyCallback<C> {
  checkNames(options, ["fewest", "initial", "share", "threshold"]);
  const { fewest = 20, initial = 10, share = 0.01, threshold } = options;
  checkNumber("fewest", fewest, fewestForRegret, true);
  checkNumber("initial", initial, 1, true);
  checkNumber("share", share, Number.MIN_VALUE);
  if (threshold !== undefined) {
    checkNumber("threshold", threshold, Number.MIN_VALUE);
  }
  let much: number | null = null;
  return (study) => {
    const view = study as unknown as StudyView<unknown>;
    const complete = completeOf(view);
    if (complete.length < Math.max(fewest, fewestForRegret + initial)) return;
    if (threshold === undefined) {
      // From the trials themselves, so that a study that goes on decides alike.
      much ??= medianOf(
        Array.from({ length: initial }, (_, i) =>
          regretGapOf({
            ...partsOf(view),
            trials: complete.slice(0, fewestForRegret + 1 + i),
          }) ?? 0),
      );
    }
    const least = threshold ?? share * much!;
    const gap = regretGapOf(view);
    if (gap === null || gap >= least) return;
    study.stop(
      `the last trial changed the regret expected of the best by at most ${
        show(gap)
      }, less than ${
        threshold === undefined
          ? `${show(100 * share)} % of what the first ones did, ${show(least)}`
          : `the threshold ${show(least)}`
      }`,
    );
  };
}

function partsOf(view: StudyView<unknown>): StudyView<unknown> {
  const { name, objectives, space, trials } = view;
  return { name, objectives, space, trials };
}

function finishedOf<C>(study: StudyHandle<C>): readonly TrialRecord<C>[] {
  return study.trials.filter(({ state }) =>
    state !== "running" && state !== "waiting"
  );
}

function completeOf(view: StudyView<unknown>): readonly TrialRecord<unknown>[] {
  return view.trials.filter(({ state, value }) =>
    state === "complete" && Number.isFinite(value)
  );
}

function foldErrorOf(trial: TrialRecord<unknown>): number | null {
  const kept = foldScoresOf(trial);
  if (kept === null || kept.scores.length < 2) return null;
  const variance = varianceOf(kept.scores);
  return Math.sqrt((1 / kept.scores.length + kept.testRatio) * variance);
}

function sumOf<C>(
  trials: readonly TrialRecord<C>[],
  of: (trial: TrialRecord<C>) => number,
): number {
  return trials.reduce((sum, trial) => {
    const value = of(trial);
    return Number.isFinite(value) ? sum + value : sum;
  }, 0);
}

function medianOf(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[ordered.length >> 1]!;
}

function checkNames(options: unknown, known: readonly string[]): void {
  const names = typeof options === "object" && options !== null
    ? Object.keys(options)
    : null;
  const odd = names?.find((name) => !known.includes(name));
  if (names !== null && odd === undefined) return;
  throw new TypeError(
    `${about}: found ${
      odd === undefined ? shown(options) : `the option ${shown(odd)}`
    }; there are ${known.join(", ")}`,
  );
}

function checkNumber(
  name: string,
  value: unknown,
  least: number,
  whole = false,
): void {
  if (
    typeof value === "number" && value >= least && value < Infinity &&
    (!whole || Number.isInteger(value))
  ) return;
  throw new RangeError(
    `${about}: ${name} is ${shown(value)}, expected ${
      whole ? "a whole number" : "a number"
    } ${least === Number.MIN_VALUE ? "above 0" : `of at least ${least}`}`,
  );
}

function show(value: number): string {
  return String(Number(value.toPrecision(3)));
}
