import type { Direction } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";

/** A curve as one has it: an array, or values with their steps, such as a trial's `Curve`. */
export type CurveInput = ArrayLike<number> | {
  /** The values, one a step. */
  readonly values: ArrayLike<number>;
  /** The steps, e.g. epochs. Defaults to 1, 2, 3, … */
  readonly steps?: ArrayLike<number>;
  /** The name, e.g. `"validation loss"`; says whether larger values are better. */
  readonly name?: string;
};

/** Curves of one training. One of `train` and `validation` may be missing: then less can be seen. */
export interface CurvesToDiagnose {
  /** The training loss (or another value, see {@linkcode DiagnosisContext.direction}) by epoch. */
  readonly train?: CurveInput | null;
  /** The same of the validation data. */
  readonly validation?: CurveInput | null;
  /** The value that is really wanted, e.g. the accuracy, where it is not the loss itself. */
  readonly metric?: MetricCurves | null;
}

/** Curves of the value that is really wanted, beside the loss. */
export interface MetricCurves {
  /** What it is called. Defaults to `"accuracy"`. */
  readonly name?: string;
  /** Which values are better. Defaults to `"maximize"`. */
  readonly direction?: Direction;
  /** Its curve on the training data. */
  readonly train?: CurveInput | null;
  /** Its curve on the validation data. */
  readonly validation?: CurveInput | null;
}

/** Another training of the same study, to compare with. */
export interface SiblingCurves extends CurvesToDiagnose {
  /** Its number in the study. */
  readonly number?: number;
  /** Its configuration. */
  readonly params?: Configuration;
}

/** What is known of a training beside its curves. All may be left out. */
export interface DiagnosisContext {
  /**
   * Which values of `train` and `validation` are better. Defaults to what the
   * curves' names say ("accuracy" and its like: larger), and else to `"minimize"`.
   */
  readonly direction?: Direction;
  /**
   * The loss of an answer that is always the same: the entropy of the classes
   * (log of their number if they are equally many), the variance of the target.
   * In the curves' own unit and direction. Defaults to an estimate from the first epochs.
   */
  readonly baseline?: number;
  /** The study's other trainings. Underfitting is seen against them only. */
  readonly siblings?: readonly SiblingCurves[];
  /** The training's configuration. */
  readonly params?: Configuration;
  /** What is searched; its parameters' roles say what differs between trainings. */
  readonly space?: Space;
  /** How many steps were planned in all. Defaults to the last step. */
  readonly budget?: number;
  /** How many examples the validation value is a mean over. */
  readonly nValidation?: number;
  /** Whether dropout, augmentation or label smoothing makes the training look worse than it is. Defaults to what the parameters' names say. */
  readonly trainHandicapped?: boolean;
  /** Whether the training loss contains a penalty on the weights. Defaults to what the parameters' names say. */
  readonly penaltyInTrainLoss?: boolean;
  /** Whether the training loss is a mean over the epoch, as trainers report it, not measured after it. Defaults to not known: then no gap is found that hangs on it. */
  readonly trainAveraged?: boolean;
  /** Steps at which the learning rate's schedule changed. Defaults to none. */
  readonly scheduleSteps?: readonly number[];
  /**
   * Whether the training goes on and is looked at again and again. Thresholds
   * are then higher, so that all looks together seldom cry wolf, and what only
   * a finished training shows is not reported. Defaults to `false`.
   */
  readonly running?: boolean;
}
