import type { LayerSettings } from "./layer_groups.ts";
import type {
  LearningRateSchedule,
  ScheduleShape,
} from "./learning_rate_schedule.ts";
import type { Tensor } from "./tensorflow.ts";

/** Examples to learn from or to check by. */
export interface Examples {
  /** The inputs, `[n, …]`. */
  readonly x: Tensor;
  /** The targets, `[n, …]`, in the form that the loss expects. */
  readonly y: Tensor;
}

/** The data of `fitTrial`. They are only read, and never disposed. */
export interface FitData {
  /** What the model learns from. */
  readonly train: Examples;
  /** What it is checked by after each epoch. Defaults to none, or to a part of `train` with `validationSplit`. */
  readonly validation?: Examples;
}

/** Options of `fitTrial`. */
export interface FitTrialOptions {
  /** How often the model sees all training examples; a whole number, at least 1. */
  readonly epochs: number;
  /** Examples a training step, at least 1; the last batch of an epoch may be smaller. Defaults to `32`. */
  readonly batchSize?: number;
  /**
   * Where the order of the examples and dropout come from, together with the
   * trial's number and seed; and `validationSplit`, from this seed alone, so
   * that all trials of a study are checked by the same examples. Defaults to
   * `"étude"`.
   */
  readonly seed?: string;
  /**
   * How the `train` series is measured. Defaults to `"averaged"`.
   *
   * `"averaged"`: the average over the epoch's batches, each measured just
   * before the model learns from it, with dropout and regularization
   * penalties, as Keras does. It costs nothing, and is not comparable with the
   * validation series: it lags by half an epoch, so that early in training the
   * train loss may stand above the validation loss.
   *
   * `"evaluated"`: measured anew at the epoch's end on all training examples,
   * as the validation series is: without dropout and penalties. Comparable; it
   * costs a further forward pass.
   */
  readonly trainMetrics?: "averaged" | "evaluated";
  /**
   * The share of `train` to set aside for validation, above 0 and below 1,
   * chosen at random. Defaults to none.
   */
  readonly validationSplit?: number;
  /**
   * Ends the training when it no longer gets better, and gives the model the
   * weights of its best epoch back. `true` takes the defaults of
   * {@linkcode EarlyStoppingOptions}. Defaults to `false`.
   */
  readonly earlyStopping?: boolean | EarlyStoppingOptions;
  /**
   * How the learning rate goes over all `epochs`, batch by batch, as factors of
   * the optimizer's own; a text is the schedule's shape. Afterwards the
   * optimizer has its own rate again. Defaults to `"constant"`.
   */
  readonly schedule?: ScheduleShape | LearningRateSchedule;
  /**
   * Learning rate, weight decay and freezing of the model's layers, by group;
   * `layerSettings` and `discriminativeLayers` make it from a configuration.
   * Works with each of tfjs's optimizers. A frozen layer is computed as in
   * training, its weights and averages stay as they are, and the optimizer's
   * memory of its gradients goes on. Defaults to none: all layers learn as the
   * optimizer says.
   */
  readonly layers?: LayerSettings;
}

/** When `fitTrial` ends a training that no longer gets better. */
export interface EarlyStoppingOptions {
  /**
   * The series that is watched, e.g. `"validation accuracy"`. Defaults to
   * `"validation loss"`, without validation data to `"train loss"`.
   */
  readonly watch?: string;
  /**
   * How many epochs without improvement are waited for; a whole number of at
   * least 1. Defaults to a tenth of the epochs, at least 5.
   */
  readonly patience?: number;
  /**
   * How much better than the last improvement an epoch must be to count, in
   * standard deviations of the series' own noise; at least 0. With 0 every
   * lucky draw counts. Defaults to `2`.
   */
  readonly noiseUnits?: number;
  /**
   * Whether the model ends with the weights of the epoch in which the watched
   * series was best, also when it was stopped for another reason or trained to
   * the end. It keeps a second copy of the weights meanwhile. Defaults to
   * `true`.
   */
  readonly restoreBest?: boolean;
  /**
   * Which values of the watched series are better. Defaults to what its name
   * says: losses and errors are minimized, accuracies and scores maximized.
   */
  readonly direction?: "minimize" | "maximize";
}
