import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { fitTrial, type Tensor } from "../../lib/tensorflow/mod.ts";
import { data, digitsModel, free, line, tf, trialOf } from "./fixtures.ts";

/** Few of the digits: a network learns them by heart, and its validation loss rises. */
const few = {
  train: { x: data.train.x.slice(0, 60), y: data.train.y.slice(0, 60) },
  validation: data.validation,
};
const long = { epochs: 60, batchSize: 16 };
const overfitting = () => digitsModel({ units: 64, learningRate: 0.02 });

async function lossOf(model: ReturnType<typeof digitsModel>): Promise<number> {
  const scalars = model.evaluate(
    few.validation.x,
    few.validation.y,
  ) as Tensor[];
  const [loss] = await scalars[0]!.data();
  tf.dispose(scalars);
  return loss!;
}

describe("fitTrial() with early stopping", () => {
  it("ends once the validation loss no longer improves, and says why", async () => {
    const trial = trialOf();
    const model = overfitting();
    const result = await fitTrial(trial, model, few, {
      ...long,
      earlyStopping: { patience: 8 },
    });
    expect(result.epochs).toBeLessThan(50);
    expect(result.stopped).toBe(false);
    expect(trial.reports.length).toBe(result.epochs);
    expect(result.reason).toMatch(
      /^The validation loss has not improved by more than its noise \(.*\) since epoch \d+, so it ended after \d+ epochs\.$/,
    );
    free(model);
  });

  it("gives the model the weights of its best epoch", async () => {
    const model = overfitting();
    const { best, weightsOf, curves } = await fitTrial(trialOf(), model, few, {
      ...long,
      earlyStopping: true,
    });
    const { values } = curves.get("validation loss")!;
    expect(best!.validation!["loss"]).toBe(Math.min(...values));
    expect(weightsOf).toBe(best!.epoch);
    expect(await lossOf(model)).toBeCloseTo(Math.min(...values), 4);
    expect(values.at(-1)!).toBeGreaterThan(Math.min(...values));
    free(model);
  });

  it("gives them also when it is told to stop", async () => {
    const trial = trialOf({ shouldStop: () => trial.reports.length >= 25 });
    const model = overfitting();
    const { best, stopped, reason, weightsOf } = await fitTrial(
      trial,
      model,
      few,
      { ...long, earlyStopping: { patience: 60 } },
    );
    expect(stopped).toBe(true);
    expect(reason).toBe("Told to stop in epoch 26.");
    expect(weightsOf).toBe(best!.epoch);
    expect(await lossOf(model)).toBeCloseTo(best!.validation!["loss"]!, 4);
    free(model);
  });

  it("leaves the last weights where asked to", async () => {
    const model = overfitting();
    const { curves, weightsOf, epochs } = await fitTrial(
      trialOf(),
      model,
      few,
      { ...long, earlyStopping: { patience: 8, restoreBest: false } },
    );
    expect(weightsOf).toBe(epochs);
    const { values } = curves.get("validation loss")!;
    expect(await lossOf(model)).toBeCloseTo(values.at(-1)!, 4);
    free(model);
  });

  it("changes nothing of the curves up to its end", async () => {
    const run = async (earlyStopping: boolean) => {
      const model = overfitting();
      const { curves } = await fitTrial(trialOf(), model, few, {
        ...long,
        epochs: 25,
        earlyStopping,
      });
      free(model);
      return curves.get("validation loss")!.values;
    };
    const [stopped, whole] = [await run(true), await run(false)];
    expect(stopped).toEqual(whole.slice(0, stopped.length));
  });

  it("watches another series, larger is better where its name says so", async () => {
    const model = overfitting();
    const { best, curves } = await fitTrial(trialOf(), model, few, {
      ...long,
      epochs: 20,
      earlyStopping: { watch: "validation accuracy", patience: 20 },
    });
    const { values } = curves.get("validation accuracy")!;
    expect(best!.epoch).toBe(values.indexOf(Math.max(...values)) + 1);
    free(model);
  });

  it("leaves no tensors behind, also where a loss is NaN throughout", async () => {
    const { model, train } = line({ learningRate: 1e30 });
    const before = tf.memory().numTensors;
    const { best, epochs, weightsOf } = await fitTrial(
      trialOf(),
      model,
      { train },
      { epochs: 30, batchSize: 5, earlyStopping: { patience: 3 } },
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(epochs).toBeLessThan(8);
    expect(best === null || best.epoch <= 2).toBe(true);
    expect(weightsOf).not.toBe(null);
  });

  it("refuses what it does not know", async () => {
    const { model, train } = line();
    const refuses = async (earlyStopping: unknown, message: string) => {
      const fit = fitTrial(trialOf(), model, { train }, {
        epochs: 1,
        earlyStopping: earlyStopping as boolean,
      });
      await expect(fit).rejects.toThrow(
        `Cannot fit the model: earlyStopping${message}`,
      );
    };
    await refuses(
      7,
      " is 7, expected true, false or options such as { patience: 10 }",
    );
    await refuses(
      { watch: "validation loss" },
      '.watch is "validation loss", expected one of train loss',
    );
    await refuses(
      { patience: 0 },
      ".patience is 0, expected a whole number of at least 1",
    );
    await refuses(
      { noiseUnits: -1 },
      ".noiseUnits is -1, expected a number of at least 0",
    );
    await refuses(
      { restoreBest: 1 },
      ".restoreBest is 1, expected true or false",
    );
    await refuses(
      { direction: "up" },
      '.direction is "up", expected "minimize" or "maximize"',
    );
  });
});
