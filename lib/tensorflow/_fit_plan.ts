import { randomStream } from "../math/mod.ts";
import { type EarlyStop, earlyStopOf } from "./_early_stop.ts";
import type { Examples, FitData, FitTrialOptions } from "./fit_options.ts";
import type { LayerSettings } from "./layer_groups.ts";
import {
  type CompleteSchedule,
  completeSchedule,
} from "./learning_rate_schedule.ts";
import { metricNames } from "./_metrics.ts";
import type { LayersModel, Tensor } from "./tensorflow.ts";

/** Some of the rows of two tensors. */
export interface Rows {
  /** The inputs, `[n, …]`. */
  readonly x: Tensor;
  /** The targets, `[n, …]`. */
  readonly y: Tensor;
  /** Which rows of them. */
  readonly rows: readonly number[];
}

/** What `fitTrial` was asked for, checked, in one form, with all defaults. */
export interface FitPlan {
  readonly epochs: number;
  readonly batchSize: number;
  readonly evaluationBatchSize: number;
  readonly seed: string;
  readonly trainMetrics: "averaged" | "evaluated";
  readonly metricNames: readonly string[];
  readonly train: Rows;
  readonly validation: Rows | null;
  /** Null if the training is not to end by itself. */
  readonly earlyStop: EarlyStop | null;
  /** Null if the learning rate is to stay as it is. */
  readonly schedule: CompleteSchedule | null;
  /** Null if all layers learn alike. */
  readonly layers: LayerSettings | null;
}

/**
 * Checks and completes what `fitTrial` was given.
 *
 * @throws {TypeError} If something is of the wrong kind.
 * @throws {RangeError} If something has the wrong value.
 */
export function fitPlan(
  model: LayersModel,
  data: FitData,
  options: FitTrialOptions,
): FitPlan {
  checkModel(model);
  const {
    epochs,
    batchSize = 32,
    seed = "étude",
    trainMetrics = "averaged",
    validationSplit,
    earlyStopping = false,
    schedule = "constant",
    layers = null,
  } = options ?? {};
  checkCount("epochs", epochs);
  checkCount("batchSize", batchSize);
  if (typeof seed !== "string") {
    throw new TypeError(
      `Cannot fit the model: seed is ${show(seed)}, expected a text`,
    );
  }
  if (trainMetrics !== "averaged" && trainMetrics !== "evaluated") {
    throw new RangeError(
      `Cannot fit the model: trainMetrics is ${
        show(trainMetrics)
      }, expected "averaged" or "evaluated"`,
    );
  }
  const all = rowsOf("train", data?.train);
  const given = data.validation === undefined
    ? null
    : rowsOf("validation", data.validation);
  if (given !== null && validationSplit !== undefined) {
    throw new TypeError(
      "Cannot fit the model: there are both validation data and a validationSplit, expected one of them",
    );
  }
  const [train, validation] = validationSplit === undefined
    ? [all, given]
    : split(all, validationSplit, seed);
  const metrics = metricNames(model.metricsNames);
  if (typeof layers !== "object") {
    throw new TypeError(
      `Cannot fit the model: layers is ${
        show(layers)
      }, expected groups such as { head: { layers: ["output"], learningRate: 0.01 } }`,
    );
  }
  const course = completeSchedule(schedule);
  return {
    epochs,
    batchSize,
    evaluationBatchSize: Math.max(batchSize, 256),
    seed,
    trainMetrics,
    metricNames: metrics,
    train,
    validation,
    layers,
    schedule: course.shape === "constant" && course.warmup === 0
      ? null
      : course,
    earlyStop: earlyStopOf(earlyStopping, {
      epochs,
      series: [
        ...(validation === null ? [] : ["validation"]),
        "train",
      ].flatMap((part) => metrics.map((metric) => `${part} ${metric}`)),
    }),
  };
}

function checkModel(model: LayersModel): void {
  if (typeof model?.trainOnBatch !== "function") {
    throw new TypeError(
      `Cannot fit the model: found ${
        show(model)
      }, expected a tf.LayersModel, as tf.sequential() or tf.model() make it`,
    );
  }
  if (!model.optimizer || model.loss === undefined) {
    throw new TypeError(
      "Cannot fit the model: it is not compiled; call model.compile({ optimizer, loss, metrics }) first",
    );
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new TypeError(
      `Cannot fit the model: it has ${model.inputs.length} inputs and ${model.outputs.length} outputs, expected one of each; train it with model.fit and report by hand`,
    );
  }
}

function checkCount(name: string, value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot fit the model: ${name} is ${
        show(value)
      }, expected a whole number of at least 1`,
    );
  }
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(
      `Cannot fit the model: ${name} is ${value}, expected a whole number of at least 1`,
    );
  }
}

function rowsOf(name: string, examples: Examples | undefined): Rows {
  const { x, y } = examples ?? {};
  checkTensor(`${name}.x`, x);
  checkTensor(`${name}.y`, y);
  const count = x.shape[0] ?? 0;
  if (count !== (y.shape[0] ?? 0)) {
    throw new RangeError(
      `Cannot fit the model: ${name}.x has ${count} rows and ${name}.y has ${
        y.shape[0] ?? 0
      }, expected as many targets as inputs`,
    );
  }
  if (count === 0) {
    throw new RangeError(
      `Cannot fit the model: ${name}.x has no rows, expected at least 1`,
    );
  }
  return { x, y, rows: Array.from({ length: count }, (_, row) => row) };
}

function checkTensor(
  name: string,
  value: Tensor | undefined,
): asserts value is Tensor {
  if (!Array.isArray(value?.shape) || typeof value.dispose !== "function") {
    throw new TypeError(
      `Cannot fit the model: ${name} is ${
        show(value)
      }, expected a tensor, as tf.tensor() makes it`,
    );
  }
  if (value.isDisposed) {
    throw new TypeError(
      `Cannot fit the model: ${name} is a tensor that was disposed, expected a living one; make it outside tf.tidy() and dispose it after the last trial`,
    );
  }
}

/** Sets a share of the rows aside: the same rows for each trial of a seed. */
function split(all: Rows, share: number, seed: string): [Rows, Rows] {
  const count = Math.round(all.rows.length * share);
  if (!(share > 0 && share < 1) || count < 1 || count >= all.rows.length) {
    throw new RangeError(
      `Cannot fit the model: validationSplit is ${
        show(share)
      }, expected a number between 0 and 1 that leaves at least 1 of the ${all.rows.length} rows on either side`,
    );
  }
  const rows = randomStream(seed, "validation split").shuffle(all.rows);
  const part = (from: number, to: number): Rows => ({
    ...all,
    rows: rows.slice(from, to).sort((a, b) => a - b),
  });
  return [part(count, rows.length), part(0, count)];
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "an array" : "an object";
  }
  return JSON.stringify(value) ?? String(value);
}
