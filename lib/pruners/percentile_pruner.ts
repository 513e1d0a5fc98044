import type { Direction } from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import { type Column, historyOf } from "./_history.ts";
import { countOf, keep, nothingYet, show, stop } from "./_judgement.ts";
import { bestOf, isDue, valueAt } from "./_points.ts";
import type { Judgement, JudgeRequest, Pruner } from "./pruner.ts";

/** When {@linkcode medianPruner} and {@linkcode percentilePruner} act. */
export interface MedianPrunerOptions {
  /** How many trials have to be complete first, at least 0. Defaults to `5`. */
  readonly startupTrials?: number;
  /** No trial is stopped before this step, at least 0. Defaults to `0`. */
  readonly warmupSteps?: number;
  /** Trials are judged once in so many steps, at least 1. Defaults to `1`. */
  readonly intervalSteps?: number;
  /** How many complete trials must have a value at the very step, at least 1. Defaults to `1`. */
  readonly minTrials?: number;
}

/** Options of {@linkcode percentilePruner}. */
export interface PercentilePrunerOptions extends MedianPrunerOptions {
  /** The share of the trials to keep, in percent, from 0 to 100. */
  readonly percentile: number;
}

const optionNames = [
  "startupTrials",
  "warmupSteps",
  "intervalSteps",
  "minTrials",
];

/**
 * Stops a trial whose best value so far is not among the best `percentile` % of
 * the values that complete trials had at the same step.
 *
 * A trial with nothing but NaN so far is stopped. Trials that have no value at
 * the very step are not compared with. Of NaN at the step nothing is learnt.
 *
 * It decides as Optuna 5's `PercentilePruner` does.
 *
 * @param options The share, and when it acts.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { percentilePruner } from "@etude/etude";
 * const pruner = percentilePruner({ percentile: 25, warmupSteps: 5 });
 * pruner.name; // "percentile 25"
 * ```
 */
export function percentilePruner(options: PercentilePrunerOptions): Pruner {
  checkNames("percentile", options, ["percentile", ...optionNames]);
  return percentileRule(`percentile ${options.percentile}`, options);
}

/**
 * Stops a trial whose best value so far is worse than the median of the values
 * that complete trials had at the same step: simple, robust, and a good first
 * choice.
 *
 * It decides as Optuna 5's `MedianPruner` does; {@linkcode percentilePruner}
 * says how.
 *
 * Source: Golovin et al., "Google Vizier" (2017), section 3.2.2.
 *
 * @param options When it acts.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, medianPruner, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "stopped early",
 *   space: space({ rate: float(0.1, 1) }),
 *   objective: minimize("loss"),
 *   pruner: medianPruner({ startupTrials: 3, warmupSteps: 2 }),
 *   storage: "memory",
 * });
 * await study.optimize(async (trial) => {
 *   for (let epoch = 1; epoch <= 20; epoch++) {
 *     await trial.report(epoch, Math.exp(-trial.params.rate * epoch));
 *     if (trial.shouldStop()) break;
 *   }
 *   return trial.best();
 * }, { trials: 10, progress: false });
 * ```
 */
export function medianPruner(options: MedianPrunerOptions = {}): Pruner {
  checkNames("median", options, optionNames);
  return percentileRule("median", { ...options, percentile: 50 });
}

function percentileRule(
  name: string,
  {
    percentile,
    startupTrials = 5,
    warmupSteps = 0,
    intervalSteps = 1,
    minTrials = 1,
  }: PercentilePrunerOptions,
): Pruner {
  checkNumbers(name.split(" ")[0]!, {
    percentile,
    startupTrials,
    warmupSteps,
    intervalSteps,
    minTrials,
  }, {
    percentile: { least: 0, most: 100 },
    startupTrials: { least: 0, whole: true },
    warmupSteps: { least: 0, whole: true },
    intervalSteps: { least: 1, whole: true },
    minTrials: { least: 1, whole: true },
  });
  const needed = Math.max(1, startupTrials);
  const edge = name === "median" ? "the median" : `the best ${percentile} %`;

  const judge = (request: JudgeRequest): Judgement => {
    const { curve, study } = request;
    const step = curve.steps.at(-1);
    if (step === undefined) return nothingYet;
    const history = historyOf(study);
    if (history.complete < needed) {
      return keep(
        `The rule waits for ${
          countOf(needed, "complete trial")
        }, and there are ${history.complete}.`,
      );
    }
    if (!isDue(request, { warmupSteps, intervalSteps })) {
      return keep(
        step < warmupSteps
          ? `No trial is stopped before step ${warmupSteps}.`
          : `Trials are judged once in ${intervalSteps} steps.`,
      );
    }
    const { direction } = study.objectives[0]!;
    const best = bestOf(curve.values, direction);
    if (Number.isNaN(best)) return stop("All its values so far are NaN.");
    const column = history.column(
      `complete at ${step}`,
      (other, trial) =>
        trial.state === "complete" ? valueAt(other, step) : undefined,
    );
    const limit = column.size < minTrials
      ? NaN
      : percentileOf(column, percentile, direction);
    if (Number.isNaN(limit)) {
      return keep(`Too few trials have a value at step ${step}.`);
    }
    const isWorse = direction === "minimize" ? best > limit : best < limit;
    const sentence = (verdict: string) =>
      `Its best so far, ${show(best)}, is ${verdict} ${edge} of ${
        countOf(column.size, "trial")
      } at step ${step} (${show(limit)}).`;
    return isWorse
      ? stop(sentence(name === "median" ? "worse than" : "not among"))
      : keep(sentence(name === "median" ? "not worse than" : "among"));
  };
  return Object.freeze<Pruner>({ name, judge });
}

/** The value that the best `percentile` % reach, interpolated; NaN of none. */
function percentileOf(
  { sorted }: Column,
  percentile: number,
  direction: Direction,
): number {
  if (sorted.length === 0) return NaN;
  const share = direction === "minimize" ? percentile : 100 - percentile;
  const place = (sorted.length - 1) * share / 100;
  const low = Math.floor(place);
  const t = place - low;
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  if (t === 0 || a === b) return a;
  // Ends so far apart that their distance cannot be written.
  if (!Number.isFinite(b - a)) return a * (1 - t) + b * t;
  // Of the two ends the nearer counts whole, as in NumPy: equal digits.
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}
