import { type CurvePrior, curvePrior, forecastCurve } from "../curves/mod.ts";
import type { Curve, Direction, StudyView } from "../records/mod.ts";
import { checkNames } from "./_check.ts";

/** What a forecaster is asked. */
export interface BeatingQuestion {
  /** The curve up to now. */
  readonly curve: Curve;
  /** Which values are better. */
  readonly direction: Direction;
  /** The value to beat. */
  readonly best: number;
  /** The step by which it is to be beaten: the end of the training. */
  readonly atStep: number;
  /** The number of the trial. */
  readonly number: number;
  /** The study, with the curves of the other trials. */
  readonly study: StudyView;
}

/** The probability in `[0, 1]` that a curve beats a value by some step; null where there is no ground for one. */
export type BeatingForecaster = (question: BeatingQuestion) => number | null;

/** Options of {@linkcode curveForecaster}. */
export interface CurveForecasterOptions {
  /**
   * Whether the study's complete trials are learnt from, as soon as there are 16,
   * anew each time there are half as many more: that takes a second or so for 50
   * curves, and makes forecasts better and surer. Defaults to `true`.
   */
  readonly prior?: boolean;
}

const fewest = 16;
const mostCurves = 200;

/**
 * Forecasts by shapes of falling curves, and by what became of the study's
 * complete trials: {@linkcode forecastCurve}. Some ten milliseconds a forecast.
 *
 * @param options Whether complete trials are learnt from.
 * @throws {TypeError} If an option is unknown.
 *
 * @example
 * ```ts
 * import { curveForecaster, forecastPruner } from "@etude/etude";
 * forecastPruner({ forecaster: curveForecaster({ prior: false }) });
 * ```
 */
export function curveForecaster(
  options: CurveForecasterOptions = {},
): BeatingForecaster {
  checkNames("forecast", options, ["prior"]);
  const { prior: learns = true } = options;
  // A cache: the prior follows from the curves that it was made of.
  let made: {
    readonly curves: readonly Curve[];
    readonly at: number;
    readonly prior: CurvePrior;
  } | null = null;
  return ({ curve, direction, best, atStep, study }) => {
    const curves = learns ? finishedCurves(study) : [];
    if (curves.length > 0) {
      const isKnown = made !== null && made.at === atStep &&
        made.curves.length === curves.length &&
        curves.every((one, i) => one === made!.curves[i]);
      if (!isKnown) {
        const prior = curvePrior(curves, { direction, at: atStep });
        made = { curves, at: atStep, prior };
      }
    }
    return forecastCurve(curve, {
      direction,
      at: atStep,
      prior: curves.length > 0 ? made!.prior : null,
    }).probabilityOfBeating(best, atStep);
  };
}

/** The curves of the first complete trials: of so many as the next smaller of 16, 24, 36, … */
function finishedCurves(study: StudyView): Curve[] {
  const { name } = study.objectives[0]!;
  const all = study.trials.flatMap((trial) =>
    trial.state === "complete" ? trial.curves.get(name) ?? [] : []
  );
  if (all.length < fewest) return [];
  let count = fewest;
  while (Math.floor(count * 1.5) <= Math.min(all.length, mostCurves)) {
    count = Math.floor(count * 1.5);
  }
  return all.slice(0, count);
}
