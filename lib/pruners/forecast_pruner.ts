import { bestTrial } from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import { type BeatingForecaster, curveForecaster } from "./curve_forecaster.ts";
import { historyOf } from "./_history.ts";
import { countOf, keep, nothingYet, show, stop } from "./_judgement.ts";
import { isDue } from "./_points.ts";
import { protectTop } from "./protect_top.ts";
import type { Judgement, JudgeRequest, Pruner } from "./pruner.ts";

/** Options of {@linkcode forecastPruner}. */
export interface ForecastPrunerOptions {
  /** Who forecasts. Defaults to {@linkcode curveForecaster}. */
  readonly forecaster?: BeatingForecaster;
  /** Below this probability of beating the best trial a trial stops, from 0 to 1. Defaults to `0.05`. */
  readonly below?: number;
  /** The last step of a whole training, at least 1, or `"auto"`: that of the longest complete trial. Defaults to `"auto"`. */
  readonly finalStep?: number | "auto";
  /** The share of the training that has to be seen first, from 0 to 1. Defaults to `0.3`. */
  readonly warmupShare?: number;
  /** How many trials have to be complete first, at least 1. Defaults to `5`. */
  readonly startupTrials?: number;
  /** Trials are judged once in so many steps, at least 1. Defaults to `1`. */
  readonly intervalSteps?: number;
  /** The share of the best trials at the step that are never stopped, from 0 to below 1. Defaults to `0.1`. */
  readonly protectedShare?: number;
}

/**
 * Stops a trial whose curve, by the forecast, will hardly beat the best trial
 * until its end. The best tenth at a step is protected. It needs some ten
 * milliseconds a judgement: where epochs are shorter, say `intervalSteps`.
 * {@linkcode audited} shows whether forecasts can be trusted on the task at hand.
 *
 * @param options Who forecasts, and how sure it must be.
 * @throws {TypeError} If an option is unknown or the forecaster is no function.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { audited, forecastPruner } from "@etude/etude";
 * audited(forecastPruner(), { oneIn: 10 });
 * // A forecaster of one's own: no curve gets better by more than a tenth any more.
 * const pruner = forecastPruner({
 *   forecaster: ({ curve, best }) => 0.9 * curve.values.at(-1)! < best ? 1 : 0,
 * });
 * pruner.name; // "forecast"
 * ```
 */
export function forecastPruner(options: ForecastPrunerOptions = {}): Pruner {
  checkNames("forecast", options, [
    "forecaster",
    "below",
    "finalStep",
    "warmupShare",
    "startupTrials",
    "intervalSteps",
    "protectedShare",
  ]);
  const {
    forecaster = curveForecaster(),
    below = 0.05,
    finalStep = "auto",
    warmupShare = 0.3,
    startupTrials = 5,
    intervalSteps = 1,
    protectedShare = 0.1,
  } = options;
  if (typeof forecaster !== "function") {
    throw new TypeError(
      `Cannot make the forecast pruner: the forecaster is ${
        String(forecaster)
      }, expected a function that gives a probability`,
    );
  }
  checkNumbers("forecast", {
    below,
    finalStep: finalStep === "auto" ? 1 : finalStep,
    warmupShare,
    startupTrials,
    intervalSteps,
    protectedShare,
  }, {
    below: { least: 0, most: 1 },
    finalStep: { least: 1, whole: true },
    warmupShare: { least: 0, most: 1 },
    startupTrials: { least: 1, whole: true },
    intervalSteps: { least: 1, whole: true },
    protectedShare: { least: 0, most: 1 - Number.EPSILON },
  });

  const judge = (request: JudgeRequest): Judgement => {
    const { curve, study, number } = request;
    const step = curve.steps.at(-1);
    if (step === undefined) return nothingYet;
    const history = historyOf(study);
    const best = bestTrial(study)?.value ?? null;
    if (history.complete < startupTrials || best === null) {
      return keep(
        `The rule waits for ${countOf(startupTrials, "complete trial")}.`,
      );
    }
    const end = finalStep === "auto" ? history.longest : finalStep;
    if (end === null) return keep("No complete trial has a curve.");
    if (
      step < warmupShare * end || !isDue(request, {
        warmupSteps: 0,
        intervalSteps,
      })
    ) {
      return keep(`The rule does not act at step ${step}.`);
    }
    if (step >= end) return keep("It is at its end.");
    const { direction } = study.objectives[0]!;
    const probability = forecaster({
      curve,
      direction,
      best,
      atStep: end,
      number,
      study,
    });
    if (probability === null || Number.isNaN(probability)) {
      return keep("There is no ground for a forecast yet.");
    }
    const sentence = `By the forecast it beats ${
      show(best)
    } by step ${end} with a probability of ${show(100 * probability)} %.`;
    return probability < below ? stop(sentence) : keep(sentence);
  };
  const rule = Object.freeze<Pruner>({ name: "forecast", judge });
  if (protectedShare === 0) return rule;
  const guarded = protectTop(rule, { share: protectedShare });
  return Object.freeze<Pruner>({ name: "forecast", judge: guarded.judge });
}
