import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  fitTrial,
  type FitTrialOptions,
  type LayersModel,
} from "../../lib/tensorflow/mod.ts";
import {
  data,
  digitsModel,
  free,
  spyOnBatches,
  tf,
  trialOf,
} from "./fixtures.ts";

describe("fitTrial() stops", () => {
  it("after the epoch at which the trial says so", async () => {
    const trial: ReturnType<typeof trialOf> = trialOf({
      shouldStop: () => trial.reports.length === 2,
    });
    const model = digitsModel();
    const result = await fitTrial(trial, model, data, { epochs: 9 });
    expect(result.stopped).toBe(true);
    expect(result.epochs).toBe(2);
    expect(trial.reports.length).toBe(2);
    free(model);
  });

  it("within an epoch, which is not reported", async () => {
    const trial = trialOf({ shouldStop: () => performance.now() > deadline });
    const model = digitsModel({ units: 256 });
    const start = performance.now();
    const deadline = start + 100;
    // An epoch of batches of 1 takes far longer than 100 ms.
    const result = await fitTrial(trial, model, data, {
      epochs: 2,
      batchSize: 1,
    });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(result).toEqual({
      epochs: 0,
      stopped: true,
      reason: "Told to stop in epoch 1.",
      best: null,
      weightsOf: null,
      curves: new Map(),
    });
    expect(trial.reports).toEqual([]);
    free(model);
  });

  it("before it begins where the trial is over already", async () => {
    const model = digitsModel();
    const batches = spyOnBatches(model);
    const trial = trialOf({ shouldStop: () => true });
    const result = await fitTrial(trial, model, data, { epochs: 2 });
    expect([result.epochs, result.stopped, batches]).toEqual([0, true, []]);
    free(model);
  });

  it("at a SIGINT, the notebook's ■ button", async () => {
    // In a process of its own: the test runner takes a SIGINT for itself.
    const program = `
      import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
      const { tf } = await loadTensorFlow();
      const layer = tf.layers.dense({ units: 1, inputShape: [1] });
      const model = tf.sequential({ layers: [layer] });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.ones([1000, 1]);
      let interrupted = false;
      Deno.addSignalListener("SIGINT", () => interrupted = true);
      const trial = { number: 0, report: () => {}, shouldStop: () => interrupted };
      setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 100);
      const { stopped } = await fitTrial(trial, model, { train: { x, y: x } }, {
        epochs: 1_000_000,
      });
      console.log(stopped);
      Deno.exit(0);`;
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", program],
      cwd: new URL("../../", import.meta.url),
    }).output();
    expect([new TextDecoder().decode(stdout), code]).toEqual(["true\n", 0]);
  });
});

describe("fitTrial() is a good guest", () => {
  it("lets timers run at least about every 50 ms", async () => {
    const model = digitsModel({ units: 64 });
    const ticks: number[] = [];
    const timer = setInterval(() => ticks.push(performance.now()), 10);
    const start = performance.now();
    await fitTrial(trialOf(), model, data, { epochs: 6, batchSize: 8 });
    const elapsed = performance.now() - start;
    clearInterval(timer);
    expect(ticks.length).toBeGreaterThan(elapsed / 150);
    free(model);
  });

  it("leaves no tensors behind, whatever the options", async () => {
    const model = digitsModel({ dropout: 0.3 });
    await fitTrial(trialOf(), model, data, { epochs: 1 }); // makes the optimizer's state
    const before = tf.memory().numTensors;
    const options: FitTrialOptions[] = [
      { epochs: 2 },
      { epochs: 1, trainMetrics: "evaluated" },
      { epochs: 1, batchSize: 1000 },
    ];
    for (const each of options) await fitTrial(trialOf(), model, data, each);
    await fitTrial(trialOf(), model, { train: data.train }, {
      epochs: 1,
      validationSplit: 0.2,
    });
    expect(tf.memory().numTensors).toBe(before);
    free(model);
  });

  it("leaves no tensors behind after an error", async () => {
    const model = digitsModel();
    await fitTrial(trialOf(), model, data, { epochs: 1 });
    const before = tf.memory().numTensors;
    const failing = trialOf({
      report: () => Promise.reject(new Error("disk full")),
    });
    await expect(fitTrial(failing, model, data, { epochs: 1 })).rejects.toThrow(
      "disk full",
    );
    const wide = { x: data.train.y, y: data.train.y };
    await expect(
      fitTrial(trialOf(), model, { train: wide }, { epochs: 1 }),
    ).rejects.toThrow(/shape/);
    expect(tf.memory().numTensors).toBe(before);
    free(model);
  });

  it("gives dropout layers their seed back", async () => {
    const model = digitsModel({ dropout: 0.5 });
    const seed = () => model.layers[1]!.getConfig()["seed"];
    const seen = new Set<unknown>();
    const { trainOnBatch } = model;
    model.trainOnBatch = (x, y) => {
      seen.add(seed());
      return trainOnBatch.call(model, x, y);
    };
    await fitTrial(trialOf(), model, data, { epochs: 2, batchSize: 512 });
    expect(seen.size).toBe(6); // another one each batch
    expect(seed()).toBe(5);
    free(model);
  });

  it("costs no more than model.fit()", async () => {
    const time = async (work: (model: LayersModel) => Promise<unknown>) => {
      let best = Infinity;
      for (let round = 0; round < 3; round++) {
        const model = digitsModel({ units: 32 });
        const start = performance.now();
        await work(model);
        best = Math.min(best, performance.now() - start);
        free(model);
      }
      return best;
    };
    const { train, validation } = data;
    const bare = await time((model) =>
      model.fit(train.x, train.y, {
        epochs: 4,
        batchSize: 32,
        verbose: 0,
        validationData: [validation.x, validation.y],
      })
    );
    const ours = await time((model) =>
      fitTrial(trialOf(), model, data, { epochs: 4 })
    );
    expect(ours).toBeLessThan(2 * bare); // measured: 0.9 to 1.2; a busy machine needs room
  });
});
