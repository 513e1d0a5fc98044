import {
  adviseOn,
  type CurveForecast,
  type CurvePrior,
  curvePrior,
  diagnosedCurves,
  diagnoseTrial,
  type Diagnosis,
  type DiagnosisContext,
  forecastCurve,
} from "../curves/mod.ts";
import {
  type Curve,
  type Direction,
  guessDirection,
  isFinished,
  type Prediction,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { LibraryCurvePrior } from "./study_options.ts";
import { TrialDiagnosis } from "./trial_diagnosis.ts";

/** From so many finished curves on there is something to learn from. */
const fewestCurves = 10;
/** Learning from more takes longer than a look may. */
const mostCurves = 40;
/** A training that does not seem to be at its end is looked at so much further on. */
const further = 1.5;

/** What is possible, by what was seen: a loss that was never negative will not be, nor a share above 1. */
function boundsOf(
  curves: readonly Curve[],
  direction: Direction,
): readonly [number, number] | undefined {
  const values = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  const within = (low: number, high: number) =>
    values.every((value) => value >= low && value <= high);
  return direction === "maximize" && within(0, 1)
    ? [0, 1]
    : direction === "minimize" && within(0, Infinity)
    ? [0, Infinity]
    : undefined;
}

/** Reads trials' curves: what they show, where they go, what to do. It keeps what finished curves taught. */
export class CurveReader {
  #learnt:
    | { readonly key: string; readonly prior: CurvePrior | null }
    | null = null;
  readonly #library: LibraryCurvePrior | null;

  /** @param library What prior studies' curves teach; null for nothing. */
  constructor(library: LibraryCurvePrior | null = null) {
    this.#library = library;
  }

  /**
   * Reads the curves of a trial.
   *
   * @param expects What a surrogate expects of a configuration; null where it cannot say.
   */
  read(
    view: StudyView,
    trial: TrialRecord,
    { context, expects }: {
      readonly context: DiagnosisContext;
      readonly expects: (params: Configuration) => Prediction | null;
    },
  ): TrialDiagnosis {
    const diagnosis = diagnoseTrial(view, trial, context);
    const advice = adviseOn(diagnosis, {
      space: view.space,
      params: trial.params,
      value: trial.value,
      direction: view.objectives[0]!.direction,
      siblings: view.trials.filter(({ state, number }) =>
        isFinished(state) && number !== trial.number
      ).map(({ number, params, value }) => ({ number, params, value })),
      expects,
    });
    return new TrialDiagnosis({
      view,
      trial: trial.number,
      diagnosis,
      advice,
      forecast: this.#forecast(view, trial, diagnosis),
    });
  }

  #forecast(
    view: StudyView,
    trial: TrialRecord,
    diagnosis: Diagnosis,
  ): CurveForecast | null {
    const { train, validation } = diagnosedCurves(view, trial);
    const curve = validation ?? train;
    const last = curve?.steps.at(-1);
    if (curve === null || last === undefined || last < 1) return null;
    const finished = view.trials.filter(({ state, number }) =>
      state === "complete" && number !== trial.number
    ).flatMap(({ curves }) => curves.get(curve.name) ?? []);
    const longest = finished.reduce(
      (most, { steps }) => Math.max(most, steps.at(-1) ?? 0),
      0,
    );
    const isShort = diagnosis.find("not converged") !== null ||
      diagnosis.find("learning rate too small") !== null;
    const at = longest > last
      ? longest
      : isShort
      ? Math.ceil(further * last)
      : null;
    if (at === null) return null;
    const { name, direction } = view.objectives[0]!;
    const own = curve.name === name
      ? direction
      : guessDirection(curve.name) ?? "minimize";
    const forecast = forecastCurve(curve, {
      direction: own,
      at,
      bounds: boundsOf([curve, ...finished], own),
      ...this.#prior(finished, own, at),
    });
    return forecast.value === null || forecast.path.length === 0
      ? null
      : forecast;
  }

  /** What finished curves teach, learnt anew when there are half as many more; while they are few, those of prior studies. */
  #prior(
    finished: readonly Curve[],
    direction: Direction,
    at: number,
  ): { readonly prior: CurvePrior | null; readonly kind?: string } {
    const whole = finished.filter(({ steps }) => steps.at(-1)! >= at);
    let count = fewestCurves;
    while (count * 1.5 <= Math.min(whole.length, mostCurves)) {
      count = Math.floor(count * 1.5);
    }
    if (whole.length < count) return this.#libraryPrior(direction);
    const key = `${whole[0]!.name} ${at} ${count}`;
    if (this.#learnt?.key !== key) {
      this.#learnt = {
        key,
        prior: curvePrior(whole.slice(0, count), { direction, at }),
      };
    }
    return { prior: this.#learnt.prior };
  }

  #libraryPrior(
    direction: Direction,
  ): { readonly prior: CurvePrior | null; readonly kind?: string } {
    const { prior, kind } = this.#library ?? { prior: null, kind: null };
    if (prior?.direction !== direction) return { prior: null };
    return { prior, ...(kind === null ? {} : { kind }) };
  }
}
