/**
 * One backend's share of `backends.ts`, in a process of its own: prints a JSON
 * line with the milliseconds of each training, and what was computed on.
 *
 * @module
 */

import process from "node:process";
import {
  type BackendName,
  disposeModel,
  fitTrial,
  type LayersModel,
  loadTensorFlow,
} from "../../lib/tensorflow/mod.ts";
import { loadDigits, toTensors } from "../../notebooks/digits.ts";

/** The trainings; `epochs` are timed one by one, after one that is not. */
const trainings = [
  { name: "mlp 64-32-10, batches of 32", widths: [32], batchSize: 32 },
  {
    name: "mlp 64-512-512-10, batches of 256",
    widths: [512, 512],
    batchSize: 256,
  },
  {
    name: "convolutions 16 and 32, batches of 64",
    widths: [],
    batchSize: 64,
  },
] as const;

const backend = Deno.args[0] as BackendName;
const epochs = Number(Deno.args[1]);
const loaded = await loadTensorFlow({ prefer: backend, only: true });
const { tf } = loaded;
const digits = await loadDigits();

function build(widths: readonly number[]): LayersModel {
  const { layers, initializers } = tf;
  let seed = 0;
  const weights = () => initializers.heNormal({ seed: ++seed });
  const relu = { activation: "relu" } as const;
  const body = widths.length > 0
    ? widths.map((units, i) =>
      layers.dense({
        units,
        ...relu,
        kernelInitializer: weights(),
        ...(i === 0 ? { inputShape: [64] } : {}),
      })
    )
    : [
      layers.conv2d({
        filters: 16,
        kernelSize: 3,
        padding: "same",
        ...relu,
        inputShape: [8, 8, 1],
        kernelInitializer: weights(),
      }),
      layers.conv2d({
        filters: 32,
        kernelSize: 3,
        padding: "same",
        ...relu,
        kernelInitializer: weights(),
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
    ];
  const model = tf.sequential({
    layers: [
      ...body,
      layers.dense({
        units: 10,
        activation: "softmax",
        kernelInitializer: weights(),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.001),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Since when something is timed, on the clock and by the processor. */
class Stopwatch {
  #clock = performance.now();
  #usage = process.cpuUsage();

  /** Milliseconds on the clock and of the processor since the last call. */
  lap(): { ms: number; processorMs: number } {
    const { user, system } = process.cpuUsage(this.#usage);
    const lap = {
      ms: performance.now() - this.#clock,
      processorMs: (user + system) / 1000,
    };
    this.#clock = performance.now();
    this.#usage = process.cpuUsage();
    return lap;
  }
}

/** The least of the laps after the first, which warms up. */
function least(
  laps: readonly { ms: number; processorMs: number }[],
): { ms: number; processorMs: number } {
  const counted = laps.slice(1);
  return {
    ms: Math.min(...counted.map(({ ms }) => ms)),
    processorMs: Math.min(...counted.map(({ processorMs }) => processorMs)),
  };
}

const results: Record<
  string,
  { ms: number; processorMs: number; loss: number }
> = {};
for (const { name, widths, batchSize } of trainings) {
  const form = widths.length > 0 ? "flat" : "picture";
  const data = {
    train: toTensors(tf, digits.train, form),
    validation: toTensors(tf, digits.validation, form),
  };
  const model = build(widths);
  const laps: { ms: number; processorMs: number }[] = [];
  const watch = new Stopwatch();
  const trial = {
    number: 0,
    shouldStop: () => false,
    report: () => {
      laps.push(watch.lap());
      return Promise.resolve();
    },
  };
  const { curves } = await fitTrial(trial, model, data, {
    epochs: epochs + 1,
    batchSize,
  });
  results[name] = {
    ...least(laps),
    loss: curves.get("validation loss")!.values.at(-1)!,
  };
  disposeModel(model);
}
const square = tf.randomUniform([1024, 1024], -1, 1, "float32", 7);
const products: { ms: number; processorMs: number }[] = [];
for (let round = 0; round <= epochs; round++) {
  const watch = new Stopwatch();
  const product = tf.matMul(square, square);
  await product.data();
  products.push(watch.lap());
  product.dispose();
}
results["product of 1024 × 1024"] = { ...least(products), loss: NaN };
console.log(JSON.stringify({
  backend,
  reason: loaded.report.at(-1)!.reason,
  results,
}));
