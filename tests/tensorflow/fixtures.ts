/**
 * Models, data and trials for the tests of `fitTrial()`.
 *
 * @module
 */

import {
  type LayersModel,
  loadTensorFlow,
  type ReportingTrial,
  type Tensor,
} from "../../lib/tensorflow/mod.ts";
import { loadDigits, toTensors } from "../../notebooks/digits.ts";

/** TensorFlow.js on wasm. */
export const { tf } = await loadTensorFlow({ prefer: "wasm" });
const digits = await loadDigits();
/** The digits, for training and validation. */
export const data = {
  train: toTensors(tf, digits.train),
  validation: toTensors(tf, digits.validation),
};

type Values = Parameters<ReportingTrial["report"]>[1];

/** A trial that remembers what it was told. */
export function trialOf(
  options: Partial<ReportingTrial> = {},
): ReportingTrial & { readonly reports: [number, Values][] } {
  const reports: [number, Values][] = [];
  return {
    number: 0,
    shouldStop: () => false,
    report: (step, values) => {
      reports.push([step, values]);
      return Promise.resolve();
    },
    ...options,
    reports,
  };
}

/** A small net for the digits with the same weights each time. */
export function digitsModel(
  { units = 24, learningRate = 0.01, dropout = 0, seed = 1 } = {},
): LayersModel {
  const kernelInitializer = tf.initializers.heNormal({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units,
        activation: "relu",
        inputShape: [64],
        kernelInitializer,
      }),
      tf.layers.dropout({ rate: dropout, seed: 5 }),
      tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Frees a model and the state of its optimizer. */
export function free(model: LayersModel): void {
  model.optimizer.dispose();
  model.dispose();
}

/** A straight line through 0 with one weight, and its data: y = 2x. */
export function line(
  { rows = 10, learningRate = 0.1, metrics = [] as string[] } = {},
): { model: LayersModel; train: { x: Tensor; y: Tensor } } {
  const model = tf.sequential({
    layers: [tf.layers.dense({
      units: 1,
      useBias: false,
      inputShape: [1],
      kernelInitializer: "ones",
    })],
  });
  model.compile({
    optimizer: tf.train.sgd(learningRate),
    loss: "meanSquaredError",
    metrics,
  });
  const x = tf.linspace(1, rows, rows).reshape([rows, 1]);
  return { model, train: { x, y: x.mul(2) } };
}

/** The inputs of each training step. */
export function spyOnBatches(model: LayersModel): number[][] {
  const batches: number[][] = [];
  const { trainOnBatch } = model;
  model.trainOnBatch = (x, y) => {
    batches.push(Array.from((x as Tensor).dataSync()));
    return trainOnBatch.call(model, x, y);
  };
  return batches;
}
