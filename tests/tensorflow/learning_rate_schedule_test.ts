import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  completeSchedule,
  fitTrial,
  type LayersModel,
  type LearningRateSchedule,
  scheduleFactor,
} from "../../lib/tensorflow/mod.ts";
import { data, digitsModel, free, tf, trialOf } from "./fixtures.ts";

describe("scheduleFactor()", () => {
  it("is 1 throughout where nothing is asked for", () => {
    expect([0, 0.3, 1].map((p) => scheduleFactor("constant", p))).toEqual(
      [1, 1, 1],
    );
  });

  it("rises in a line and falls along half a cosine (SGDR, equation 5)", () => {
    const schedule = { shape: "cosine", warmup: 0.5, start: 0 } as const;
    const at = (p: number) => scheduleFactor(schedule, p);
    expect([0, 0.25, 0.5].map(at)).toEqual([0, 0.5, 1]);
    expect(at(0.625)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
    expect(at(0.75)).toBeCloseTo(0.5, 12);
    expect(at(1)).toBeCloseTo(0, 12);
  });

  it("is one cycle as fastai and PyTorch have it: from 1/25 to 1 at 0.3 to 1/250,000", () => {
    const at = (p: number) => scheduleFactor("one-cycle", p);
    expect(at(0)).toBeCloseTo(0.04, 12);
    expect(at(0.15)).toBeCloseTo(0.52, 12);
    expect(at(0.3)).toBeCloseTo(1, 12);
    expect(at(0.65)).toBeCloseTo((1 + 4e-6) / 2, 12);
    expect(at(1)).toBeCloseTo(4e-6, 12);
  });

  it("falls in a line to its end", () => {
    const schedule = { shape: "linear", end: 0.2 } as const;
    expect(scheduleFactor(schedule, 0.5)).toBeCloseTo(0.6, 12);
    expect(scheduleFactor(schedule, 1)).toBeCloseTo(0.2, 12);
  });

  it("rises to 1 without a jump, and never falls before it has risen", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(
      fc.constantFrom("constant", "linear", "cosine", "one-cycle" as const),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      unit,
      unit,
      unit,
      (shape, warmup, start, end, progress) => {
        const schedule = { shape, warmup, start, end } as LearningRateSchedule;
        const factor = scheduleFactor(schedule, progress);
        expect(factor).toBeGreaterThanOrEqual(Math.min(start, end) - 1e-12);
        expect(factor).toBeLessThanOrEqual(1 + 1e-12);
        expect(scheduleFactor(schedule, warmup)).toBeCloseTo(1, 9);
      },
    ));
  });

  it("refuses what it does not know", () => {
    expect(() => completeSchedule("step" as "cosine")).toThrow(
      'Cannot plan the learning rate: the schedule\'s shape is "step", expected one of "constant", "linear", "cosine", "one-cycle"',
    );
    expect(() => completeSchedule({ shape: "cosine", warmup: 1 })).toThrow(
      "warmup is 1, expected a number from 0 to below 1",
    );
    expect(() => completeSchedule({ shape: "cosine", end: NaN })).toThrow(
      RangeError,
    );
    expect(() => completeSchedule(7 as unknown as "cosine")).toThrow(TypeError);
    expect(() => scheduleFactor("cosine", 1.1)).toThrow("the progress is 1.1");
  });
});

/** The learning rate of each batch. */
function spyOnRates(model: LayersModel): number[] {
  const rates: number[] = [];
  const { trainOnBatch } = model;
  model.trainOnBatch = (x, y) => {
    rates.push(
      (model.optimizer as unknown as { learningRate: number }).learningRate,
    );
    return trainOnBatch.call(model, x, y);
  };
  return rates;
}

describe("fitTrial() with a schedule", () => {
  it("gives each batch its rate, and the optimizer its own back, also after an error", async () => {
    for (
      const optimizer of [tf.train.sgd(0.1), tf.train.adam(0.1)] as const
    ) {
      const model = digitsModel({ units: 4 });
      model.compile({ optimizer, loss: "categoricalCrossentropy" });
      const rates = spyOnRates(model);
      const schedule = { shape: "linear", warmup: 0.4, end: 0.1 } as const;
      const options = { epochs: 2, batchSize: 400, schedule };
      await fitTrial(trialOf(), model, { train: data.train }, options);
      const expected = [0, 0.2, 0.4, 0.6, 0.8, 1].map((p) =>
        0.1 * scheduleFactor(schedule, p)
      );
      rates.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 12));
      expect(rates.length).toBe(6);
      const failing = trialOf({
        report: () => Promise.reject(new Error("full")),
      });
      await expect(
        fitTrial(failing, model, { train: data.train }, options),
      ).rejects.toThrow("full");
      expect((optimizer as unknown as { learningRate: number }).learningRate)
        .toBe(0.1);
      free(model);
    }
  });

  it("goes on after a pause where it was", async () => {
    const rates = async (startStep: number, epochs: number) => {
      const model = digitsModel({ units: 4 });
      const seen = spyOnRates(model);
      const trial = trialOf({ startStep });
      await fitTrial(trial, model, { train: data.train }, {
        epochs,
        batchSize: 400,
        schedule: "one-cycle",
      });
      free(model);
      return seen;
    };
    expect(await rates(2, 3)).toEqual((await rates(0, 3)).slice(6));
  });

  it("trains the digits better than the same rate held, where that is too large", async () => {
    const loss = async (schedule: "constant" | "cosine" | "one-cycle") => {
      const model = digitsModel({ units: 32, learningRate: 0.05 });
      const { curves } = await fitTrial(trialOf(), model, data, {
        epochs: 5,
        batchSize: 64,
        schedule,
      });
      free(model);
      return curves.get("validation loss")!.values.at(-1)!;
    };
    const held = await loss("constant");
    expect(await loss("cosine")).toBeLessThan(held);
    expect(await loss("one-cycle")).toBeLessThan(held);
  });

  it("needs an optimizer with a learning rate", async () => {
    const model = digitsModel();
    (model.optimizer as unknown as { learningRate: unknown }).learningRate =
      undefined;
    await expect(
      fitTrial(trialOf(), model, data, { epochs: 1, schedule: "cosine" }),
    ).rejects.toThrow(
      "Cannot change the learning rate: the optimizer Adam has none that is a number",
    );
    free(model);
  });
});
