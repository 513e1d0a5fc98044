import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  type FitData,
  fitTrial,
  type FitTrialOptions,
  type LayersModel,
  type ReportingTrial,
  type Tensor,
} from "../../lib/tensorflow/mod.ts";
import {
  data,
  digitsModel,
  free,
  line,
  spyOnBatches,
  tf,
  trialOf,
} from "./fixtures.ts";

describe("fitTrial() reports", () => {
  it("train and validation loss and accuracy of each epoch, from 1", async () => {
    const trial = trialOf();
    const model = digitsModel();
    const result = await fitTrial(trial, model, data, { epochs: 4 });
    expect(trial.reports.map(([step]) => step)).toEqual([1, 2, 3, 4]);
    const number = expect.any(Number);
    for (const [, values] of trial.reports) {
      expect(values).toEqual({
        train: { loss: number, accuracy: number },
        validation: { loss: number, accuracy: number },
      });
    }
    const accuracy = result.curves.get("validation accuracy")!;
    expect(accuracy.steps).toEqual([1, 2, 3, 4]);
    expect(accuracy.values.at(-1)!).toBeGreaterThan(0.9);
    expect([...result.curves.keys()]).toEqual([
      "train loss",
      "train accuracy",
      "validation loss",
      "validation accuracy",
    ]);
    expect(result.epochs).toBe(4);
    expect(result.stopped).toBe(false);
    free(model);
  });

  it("what the model measures on the validation data", async () => {
    const trial = trialOf();
    const model = digitsModel();
    await fitTrial(trial, model, data, { epochs: 1 });
    const [loss, accuracy] = model.evaluate(
      data.validation.x,
      data.validation.y,
    ) as Tensor[];
    const { validation } = trial.reports[0]![1] as Record<
      string,
      Record<string, number>
    >;
    expect(validation!["loss"]).toBeCloseTo(loss!.dataSync()[0]!, 5);
    expect(validation!["accuracy"]).toBeCloseTo(accuracy!.dataSync()[0]!, 5);
    free(model);
  });

  it("the train series alone where there is no validation data", async () => {
    const trial = trialOf();
    const { model, train } = line();
    const { best } = await fitTrial(trial, model, { train }, { epochs: 1 });
    expect(Object.keys(trial.reports[0]![1])).toEqual(["train"]);
    expect(best?.validation).toBe(null);
    expect(best?.epoch).toBe(1);
  });

  it("metrics by their full names, a repeated one with a number", async () => {
    const trial = trialOf();
    const { model, train } = line({ metrics: ["acc", "mse", "accuracy"] });
    await fitTrial(trial, model, { train }, { epochs: 1 });
    const { train: values } = trial.reports[0]![1] as { train: object };
    expect(Object.keys(values)).toEqual([
      "loss",
      "accuracy",
      "mse",
      "accuracy 2",
    ]);
  });

  it("as average what a model that learns nothing has on all examples, also with a smaller last batch", async () => {
    const { model, train } = line({ rows: 10, learningRate: 0 });
    const meanOfSquares = 385 / 10;
    for (const trainMetrics of ["averaged", "evaluated"] as const) {
      const trial = trialOf();
      const options = { epochs: 1, batchSize: 4, trainMetrics };
      await fitTrial(trial, model, { train }, options);
      const values = trial.reports[0]![1] as { train: { loss: number } };
      expect(values.train.loss).toBeCloseTo(meanOfSquares, 4);
    }
  });

  it("accuracy as the exact share of examples", async () => {
    const trial = trialOf();
    const model = digitsModel();
    await fitTrial(trial, model, data, { epochs: 3 });
    for (const [, values] of trial.reports) {
      const { train, validation } = values as Record<
        "train" | "validation",
        { accuracy: number }
      >;
      expect(train.accuracy).toBe(Math.round(train.accuracy * 1077) / 1077);
      expect(validation.accuracy)
        .toBe(Math.round(validation.accuracy * 360) / 360);
    }
    free(model);
  });

  it("as evaluated what the epoch ends with, as average what it went through", async () => {
    const loss = async (trainMetrics: "averaged" | "evaluated") => {
      const { model, train } = line({ learningRate: 0.001 });
      const options = { epochs: 1, batchSize: 2, trainMetrics };
      const { best } = await fitTrial(trialOf(), model, { train }, options);
      return best!.train["loss"]!;
    };
    expect(await loss("evaluated")).toBeLessThan(await loss("averaged") / 1.3);
  });

  it("NaN as NaN, and goes on", async () => {
    const trial = trialOf();
    const { model, train } = line({ learningRate: 1e30 });
    const { best, epochs } = await fitTrial(trial, model, { train }, {
      epochs: 3,
      batchSize: 5,
    });
    expect(epochs).toBe(3);
    expect(trial.reports[2]![1]).toEqual({ train: { loss: NaN } });
    expect(best).toBe(null);
  });

  it("the epoch of the lowest validation loss as the best", async () => {
    const model = digitsModel({ learningRate: 0.1 });
    const { best, curves } = await fitTrial(trialOf(), model, data, {
      epochs: 5,
      batchSize: 256,
    });
    const { values } = curves.get("validation loss")!;
    expect(best!.validation!["loss"]).toBe(Math.min(...values));
    expect(best!.epoch).toBe(values.indexOf(Math.min(...values)) + 1);
    free(model);
  });
});

describe("fitTrial() is reproducible", () => {
  const run = async (
    options: Partial<FitTrialOptions>,
    trial: Partial<ReportingTrial> = {},
  ) => {
    const model = digitsModel({ dropout: 0.3 });
    const { curves } = await fitTrial(trialOf(trial), model, data, {
      epochs: 2,
      batchSize: 64,
      ...options,
    });
    free(model);
    return curves;
  };

  it("with equal seeds, dropout included", async () => {
    expect(await run({ seed: "a" })).toEqual(await run({ seed: "a" }));
  });

  it("and differs by seed, trial number and the trial's own seed", async () => {
    const curves = await Promise.all([
      run({ seed: "a" }),
      run({ seed: "b" }),
      run({ seed: "a" }, { number: 1 }),
      run({ seed: "a" }, { seed: 12 }),
    ]);
    const losses = curves.map((each) => each.get("train loss")!.values[1]);
    expect(new Set(losses).size).toBe(4);
  });

  it("goes on after a pause as if there had been none, dropout apart", async () => {
    const whole = digitsModel();
    await fitTrial(trialOf(), whole, data, { epochs: 4, batchSize: 64 });
    const paused = digitsModel();
    const options = { epochs: 4, batchSize: 64 };
    await fitTrial(trialOf(), paused, data, { ...options, epochs: 2 });
    const trial = trialOf({ startStep: 2 });
    const { epochs } = await fitTrial(trial, paused, data, options);
    expect(epochs).toBe(2);
    expect(trial.reports.map(([step]) => step)).toEqual([3, 4]);
    const [a, b] = [whole, paused].map((model) =>
      model.getWeights()[0]!.dataSync()
    );
    expect(b).toEqual(a);
    free(whole);
    free(paused);
  });

  it("sees each example once an epoch, in another order each epoch", async () => {
    const { model, train } = line({ learningRate: 0 });
    const batches = spyOnBatches(model);
    await fitTrial(trialOf(), model, { train }, { epochs: 2, batchSize: 4 });
    expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2, 4, 4, 2]);
    const epochs = [batches.slice(0, 3).flat(), batches.slice(3).flat()];
    for (const epoch of epochs) {
      expect(epoch.toSorted((a, b) => a - b)).toEqual(
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it("sets the same examples aside in each trial of a validationSplit", async () => {
    const seen: number[][] = [];
    for (const number of [0, 1]) {
      const { model, train } = line({ learningRate: 0 });
      const batches = spyOnBatches(model);
      await fitTrial(trialOf({ number }), model, { train }, {
        epochs: 1,
        validationSplit: 0.3,
      });
      seen.push(batches.flat().sort((a, b) => a - b));
    }
    expect(seen[0]!.length).toBe(7);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).not.toEqual([4, 5, 6, 7, 8, 9, 10]);
  });
});

describe("fitTrial() refuses", () => {
  const { model, train } = line();
  const refuses = async (
    kind: typeof TypeError | typeof RangeError,
    message: string,
    change: {
      model?: unknown;
      data?: unknown;
      options?: Readonly<Record<string, unknown>>;
    },
  ) => {
    const fit = fitTrial(
      trialOf(),
      (change.model ?? model) as LayersModel,
      (change.data ?? { train }) as FitData,
      { epochs: 1, ...change.options },
    );
    const error = await fit.then(() => null, (error: unknown) => error);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(`Cannot fit the model: ${message}`);
  };

  it("a model that is not compiled, or is none", async () => {
    await refuses(
      TypeError,
      "it is not compiled; call model.compile({ optimizer, loss, metrics }) first",
      {
        model: tf.sequential({
          layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
        }),
      },
    );
    await refuses(
      TypeError,
      "found an object, expected a tf.LayersModel, as tf.sequential() or tf.model() make it",
      { model: {} },
    );
  });

  it("a model with two inputs", async () => {
    const inputs = [tf.input({ shape: [1] }), tf.input({ shape: [1] })];
    const outputs = tf.layers.add().apply(inputs) as typeof inputs[0];
    const two = tf.model({ inputs, outputs: outputs! });
    two.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await refuses(
      TypeError,
      "it has 2 inputs and 1 outputs, expected one of each; train it with model.fit and report by hand",
      { model: two },
    );
  });

  it("epochs and batch sizes that are no counts", async () => {
    const expected = "expected a whole number of at least 1";
    await refuses(RangeError, `epochs is 0, ${expected}`, {
      options: { epochs: 0 },
    });
    await refuses(RangeError, `epochs is 1.5, ${expected}`, {
      options: { epochs: 1.5 },
    });
    await refuses(TypeError, `epochs is undefined, ${expected}`, {
      options: { epochs: undefined },
    });
    await refuses(RangeError, `batchSize is NaN, ${expected}`, {
      options: { batchSize: NaN },
    });
  });

  it("inputs and targets that do not go together", async () => {
    const { x, y } = train;
    await refuses(
      RangeError,
      "train.x has 10 rows and train.y has 9, expected as many targets as inputs",
      { data: { train: { x, y: y.slice(0, 9) } } },
    );
    await refuses(
      RangeError,
      "validation.x has no rows, expected at least 1",
      { data: { train, validation: { x: x.slice(0, 0), y: y.slice(0, 0) } } },
    );
  });

  it("data that are no tensors, or disposed ones", async () => {
    await refuses(
      TypeError,
      "train.x is an array, expected a tensor, as tf.tensor() makes it",
      { data: { train: { x: [[1]], y: [[1]] } } },
    );
    await refuses(
      TypeError,
      "train.x is undefined, expected a tensor, as tf.tensor() makes it",
      { data: {} },
    );
    const gone = tf.ones([10, 1]);
    gone.dispose();
    await refuses(
      TypeError,
      "train.y is a tensor that was disposed, expected a living one; make it outside tf.tidy() and dispose it after the last trial",
      { data: { train: { x: train.x, y: gone } } },
    );
  });

  it("other options than there are", async () => {
    await refuses(
      RangeError,
      'trainMetrics is "mean", expected "averaged" or "evaluated"',
      { options: { trainMetrics: "mean" } },
    );
    await refuses(TypeError, "seed is 7, expected a text", {
      options: { seed: 7 },
    });
    await refuses(
      RangeError,
      "validationSplit is 0.01, expected a number between 0 and 1 that leaves at least 1 of the 10 rows on either side",
      { options: { validationSplit: 0.01 } },
    );
    await refuses(
      TypeError,
      "there are both validation data and a validationSplit, expected one of them",
      {
        data: { train, validation: train },
        options: { validationSplit: 0.5 },
      },
    );
  });
});
