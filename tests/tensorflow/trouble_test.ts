import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  int,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import {
  discriminativeLayers,
  fitTrial,
  type LayersModel,
} from "../../lib/tensorflow/mod.ts";
import { inProject } from "../../tools/project.ts";
import { capture } from "../../tools/process.ts";
import { data, digitsModel, free, line, tf, trialOf } from "./fixtures.ts";

describe("fitTrial() in trouble", () => {
  it("names the backend, the epoch, the batch and the operation", async () => {
    const model = digitsModel();
    const wide = { x: data.train.y, y: data.train.y };
    await expect(fitTrial(trialOf(), model, { train: wide }, { epochs: 1 }))
      .rejects.toThrow(
        /^Cannot train the model in epoch 1, batch 1 on the backend wasm: .*shape/,
      );
    free(model);
  });

  it("names what fails in the middle of a training, and keeps its cause", async () => {
    const model = digitsModel();
    const { trainOnBatch } = model;
    let batches = 0;
    model.trainOnBatch = (x, y) => {
      if (++batches === 3) {
        tf.tidy(() => void tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])));
      }
      return trainOnBatch.call(model, x, y);
    };
    const before = tf.memory().numTensors;
    const error = await fitTrial(trialOf(), model, data, { epochs: 1 }).then(
      () => null,
      (error: unknown) => error,
    ) as Error;
    expect(error.message).toMatch(
      /^Cannot train the model in epoch 1, batch 3 on the backend wasm: in batchMatMul: Error in matMul: inner shapes/,
    );
    expect(error.cause).toBeInstanceOf(Error);
    model.optimizer.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    model.dispose();
  });

  it("says since when a loss is no number, and on which backend", async () => {
    const { model, train } = line({ learningRate: 1e30 });
    const { reason } = await fitTrial(trialOf(), model, { train }, {
      epochs: 3,
      batchSize: 5,
    });
    expect(reason).toMatch(
      /^All 3 epochs are done\. The train loss on the backend wasm is NaN from epoch [12] on: the steps were too large, or the data hold NaN\.$/,
    );
    free(model);
  });

  it("with a loss that is NaN leaves the study whole", async () => {
    const study = await createStudy({
      name: "trouble",
      space: space({ rate: float(0.01, 0.1) }),
      objective: minimize("train loss"),
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize(async (trial) => {
      const learningRate = trial.number === 1 ? 1e30 : 0.001;
      const { model, train } = line({ learningRate });
      await fitTrial(trial, model, { train }, { epochs: 3, batchSize: 5 });
      free(model);
      tf.dispose([train.x, train.y]);
      return trial.best("train loss");
    }, { trials: 3 });
    expect(study.trials.map(({ state }) => state)).toEqual(
      ["complete", "failed", "complete"],
    );
    expect(study.best!.number).not.toBe(1);
  });

  it("without memory says so, and the study keeps what it has", async () => {
    // In a process of its own: the backend does not recover. 4.8 GB are asked
    // for and refused; none are touched.
    const program = `
      import { createStudy, int, minimize, randomSampler, space } from "@etude/etude";
      import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
      const { tf } = await loadTensorFlow({ prefer: "wasm", only: true });
      const study = await createStudy({ name: "m", sampler: randomSampler(), space: space({ units: int(1, 50000) }), objective: minimize("train loss"), storage: "memory" });
      const x = tf.ones([40000, 1]);
      await study.optimize(async (trial) => {
        const units = trial.number === 0 ? 2 : 30000;
        const model = tf.sequential({ layers: [
          tf.layers.dense({ units, inputShape: [1] }),
          tf.layers.dense({ units: 1 }),
        ] });
        model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
        await fitTrial(trial, model, { train: { x, y: x } }, { epochs: 1, batchSize: 40000 });
        return trial.best("train loss");
      }, { trials: 2 });
      for (const { state, error } of study.trials) console.log("FOUND", state, error);
      Deno.exit(0);`;
    const { stdout, stderr } = await capture(Deno.execPath(), [
      "eval",
      program,
    ], { cwd: inProject() });
    const lines = stdout.split("\n").filter((one) => one.startsWith("FOUND"));
    if (lines.length === 0) throw new Error(stderr);
    expect(lines[0]).toMatch(/complete/);
    expect(lines[1]).toMatch(
      /failed .*Cannot train the model in epoch 1, batch 1 on the backend wasm: in .*It has probably run out of memory \(\d+ tensors hold \d+ MB\)/,
    );
  });
});

describe("a study of 100 trials", () => {
  it("leaves no tensors behind, with layers, schedules, early stopping and prunings", async () => {
    const study = await createStudy({
      name: "trouble",
      space: space({
        rate: float(1e-3, 1e-1, { log: true }),
        units: int(1, 4),
      }),
      objective: minimize("validation loss"),
      sampler: randomSampler(),
      storage: "memory",
      seed: "leaks",
    });
    const part = (from: number) => ({
      x: data.train.x.slice(from, 48),
      y: data.train.y.slice(from, 48),
    });
    const few = { train: part(0), validation: part(48) };
    const groupsOf = (model: LayersModel) => ({
      body: [model.layers[0]!.name],
      head: [model.layers[2]!.name],
    });
    const train = async (
      trial: Parameters<typeof fitTrial>[0],
      rate: number,
    ) => {
      const model = digitsModel({ units: 4, dropout: 0.2, learningRate: rate });
      try {
        await fitTrial(trial, model, few, {
          epochs: 2,
          batchSize: 24,
          schedule: "one-cycle",
          earlyStopping: trial.number % 2 === 0,
          trainMetrics: trial.number % 3 === 0 ? "evaluated" : "averaged",
          layers: discriminativeLayers(groupsOf(model), {
            learningRate: rate,
            unfreezeEvery: 1,
            weightDecay: 1e-3,
          }),
        });
      } finally {
        free(model);
      }
    };
    await train(trialOf(), 0.1);
    const { numTensors, numBytes } = tf.memory();
    await study.optimize(async (trial) => {
      await train(trial, trial.params.rate);
      if (trial.number % 10 === 9) throw new Error("a trial of a hundred");
      return trial.best("validation loss");
    }, { trials: 100 });
    const after = tf.memory();
    expect([after.numTensors, after.numBytes]).toEqual([numTensors, numBytes]);
    expect(study.trials.length).toBe(100);
    tf.dispose([few.train.x, few.train.y, few.validation.x, few.validation.y]);
  });
});
