/**
 * Makes `digits-mlp.sqlite`, the study that notebook 02 reads: 60 real trainings
 * of a small network on the handwritten digits, about a minute.
 *
 *     deno run -A notebooks/data/make_digits_study.ts
 *
 * @module
 */

import {
  audited,
  choice,
  createStudy,
  float,
  int,
  maximize,
  medianPruner,
  ordinal,
  space,
} from "@etude/etude";
import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
import { loadDigits, toTensors } from "../digits.ts";

const file = new URL("digits-mlp.sqlite", import.meta.url).pathname;
await Deno.remove(file).catch(() => {});

const { tf } = await loadTensorFlow();
const digits = await loadDigits();
const data = {
  train: toTensors(tf, digits.train),
  validation: toTensors(tf, digits.validation),
};

const study = await createStudy({
  name: "digits-mlp",
  space: space({
    learningRate: float(1e-4, 1, { log: true }),
    units: int(8, 256, { log: true }),
    dropout: float(0, 0.7),
    batchSize: ordinal([16, 32, 64, 128]),
    optimizer: choice(["adam", "sgd"]),
    momentum: float(0, 0.99).when({ optimizer: "sgd" }),
  }),
  objective: maximize("validation accuracy"),
  pruner: audited(medianPruner({ startupTrials: 8, warmupSteps: 3 })),
  storage: file,
});

await study.optimize(async (trial) => {
  const { learningRate, units, dropout, batchSize, optimizer, momentum = 0 } =
    trial.params;
  const initialized = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units,
        activation: "relu",
        inputShape: [64],
        kernelInitializer: initialized(1),
      }),
      tf.layers.dropout({ rate: dropout }),
      tf.layers.dense({
        units: 10,
        activation: "softmax",
        kernelInitializer: initialized(2),
      }),
    ],
  });
  model.compile({
    optimizer: optimizer === "adam"
      ? tf.train.adam(learningRate)
      : tf.train.momentum(learningRate, momentum),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  try {
    await fitTrial(trial, model, data, { epochs: 12, batchSize });
    return trial.best("validation accuracy");
  } finally {
    model.optimizer.dispose();
    model.dispose();
  }
}, { trials: 60 });
console.log(String(study));
