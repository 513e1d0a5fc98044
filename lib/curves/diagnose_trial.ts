import {
  type Curve,
  isFinished,
  type StudyView,
  type TrainingFacts,
  trainingFactsOf,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { DiagnosisContext } from "./context.ts";
import { diagnoseAs } from "./diagnose.ts";
import { Diagnosis } from "./diagnosis.ts";
import {
  curvesOf,
  type Quantities,
  quantitiesOf,
  siblingOf,
} from "./_trial_curves.ts";
import { type Siblings, summarizeSiblings } from "./_siblings.ts";

/**
 * Says what a trial's curves show, beside those of its study's other trials.
 *
 * Read are the curves of the loss, train and validation, by their names
 * (`train loss`, `val_loss`, …); if the objective is another value, such as the
 * accuracy, whether it got worse as well. A trial that runs is looked at as one
 * that goes on (see {@linkcode DiagnosisContext.running}). What a training told of
 * itself, such as the loss of a constant answer, is taken from the trial's
 * attributes ({@linkcode TrainingFacts}; `fitTrial` tells them).
 *
 * @param view The study.
 * @param trial One of its trials.
 * @param context What else is known, in place of what the study says.
 *
 * @example
 * ```ts
 * import { diagnoseTrial, type StudyView, type TrialRecord } from "@etude/etude";
 * const worst = (view: StudyView, trial: TrialRecord) =>
 *   diagnoseTrial(view, trial, { baseline: Math.log(10) }).main?.sentence;
 * ```
 */
export function diagnoseTrial<C>(
  view: StudyView<C>,
  trial: TrialRecord<C>,
  context: DiagnosisContext = {},
): Diagnosis {
  return diagnoseTrialBeside(view, trial, context);
}

/** The curves of a trial that a diagnosis reads. */
export interface DiagnosedCurves {
  /** What they show, e.g. `"loss"`; null if there are none. */
  readonly quantity: string | null;
  /** On the training data; null if it was not reported. */
  readonly train: Curve | null;
  /** On the validation data; null if it was not reported. */
  readonly validation: Curve | null;
}

/**
 * Which of a trial's curves {@linkcode diagnoseTrial} reads, for a picture.
 *
 * @param view The study.
 * @param trial One of its trials.
 *
 * @example
 * ```ts
 * import { diagnosedCurves, type StudyView, type TrialRecord } from "@etude/etude";
 * const losses = (view: StudyView, trial: TrialRecord) =>
 *   diagnosedCurves(view, trial).validation?.values ?? [];
 * ```
 */
export function diagnosedCurves<C>(
  view: StudyView<C>,
  trial: TrialRecord<C>,
): DiagnosedCurves {
  const quantities = quantitiesOf(view);
  if (quantities === null) {
    return { quantity: null, train: null, validation: null };
  }
  const { train, validation } = curvesOf(
    trial,
    quantities,
    view.objectives[0]!.direction,
  );
  return { quantity: quantities.main, train, validation };
}

/** {@linkcode diagnoseTrial}, with the siblings' summary where it is at hand. */
export function diagnoseTrialBeside<C>(
  view: StudyView<C>,
  trial: TrialRecord<C>,
  context: DiagnosisContext,
  known?: Surroundings,
): Diagnosis {
  const subject = `Trial ${trial.number}`;
  const quantities = known?.quantities ?? quantitiesOf(view);
  if (quantities === null || trial.curves.size === 0) {
    return new Diagnosis({
      subject,
      findings: [],
      nothing: trial.error === null
        ? "it has no curves: nothing to be seen."
        : `it failed before it reported anything (${trial.error}).`,
    });
  }
  const params = trial.params as Configuration;
  const space = view.space as Space;
  const siblings = known !== undefined
    ? undefined
    : view.trials.filter((other) =>
      other.number !== trial.number && isFinished(other.state) &&
      other.curves.size > 0
    ).map((other) => siblingOf(other, quantities));
  return diagnoseAs(
    subject,
    curvesOf(trial, quantities, view.objectives[0]!.direction),
    {
      direction: quantities.direction,
      siblings,
      params,
      space,
      running: trial.state === "running",
      ...factsOf(trial, quantities),
      ...context,
    },
    known?.siblings,
  );
}

/** What the training said of itself, as far as it is of the curves that are read. */
function factsOf<C>(
  { attributes }: TrialRecord<C>,
  { main, direction }: Quantities,
): TrainingFacts {
  const { baseline, ...others } = trainingFactsOf(attributes);
  return main === "loss" && direction !== "maximize" && baseline !== undefined
    ? { baseline, ...others }
    : others;
}

/** What all trials of a study are read beside. */
export interface Surroundings {
  readonly quantities: Quantities;
  readonly siblings: Siblings;
}

/** What a study's trials are read beside; null if there are no curves. */
export function surroundingsOf<C>(view: StudyView<C>): Surroundings | null {
  const quantities = quantitiesOf(view);
  if (quantities === null) return null;
  const siblings = summarizeSiblings({
    direction: quantities.direction,
    space: view.space as Space,
    siblings: view.trials.filter((trial) =>
      isFinished(trial.state) && trial.curves.size > 0
    ).map((trial) => siblingOf(trial, quantities)),
  });
  return { quantities, siblings };
}
