import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { trainingFactsOf } from "../../lib/records/mod.ts";
import { fitTrial } from "../../lib/tensorflow/mod.ts";
import { constantLoss } from "../../lib/tensorflow/_training_facts.ts";
import { data, digitsModel, free, trialOf } from "./fixtures.ts";

describe("constantLoss()", () => {
  it("is null of a loss that it does not know", () => {
    expect(constantLoss("hinge", [1, 0], 1)).toBe(null);
  });

  it("is 0 where all targets are the same", () => {
    for (const loss of ["categoricalCrossentropy", "meanSquaredError"]) {
      expect(constantLoss(loss, [1, 0, 1, 0], 2)).toBeCloseTo(0);
    }
  });

  it("is the entropy of classes, however they are written", () => {
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(constantLoss("categoricalCrossentropy", [1, 0, 0, 1, 0, 1, 0, 1], 2))
      .toBeCloseTo(entropy);
    expect(constantLoss("sparse_categorical_crossentropy", [0, 1, 1, 1], 1))
      .toBeCloseTo(entropy);
    expect(constantLoss("binaryCrossentropy", [0, 1, 1, 1], 1))
      .toBeCloseTo(entropy);
  });

  it("is the variance, or the mean distance from the median", () => {
    expect(constantLoss("meanSquaredError", [1, 2, 3, 6], 1)).toBeCloseTo(3.5);
    expect(constantLoss("meanAbsoluteError", [1, 2, 3, 10, 4], 1))
      .toBeCloseTo(11 / 5);
  });
});

describe("fitTrial() tells the trial", () => {
  it("once what a constant answer loses and how many examples validate", async () => {
    const told: [string, unknown][] = [];
    const model = digitsModel();
    const trial = trialOf({
      setAttribute: (key, value) => {
        told.push([key, value]);
        return Promise.resolve();
      },
    });
    await fitTrial(trial, model, data, { epochs: 1 });
    expect(told.length).toBe(1);
    const facts = trainingFactsOf(Object.fromEntries(told));
    // Ten digits, about equally many.
    expect(facts.baseline!).toBeLessThanOrEqual(Math.log(10));
    expect(facts.baseline!).toBeGreaterThan(2.28);
    expect(facts.nValidation).toBe(360);
    expect(facts.trainAveraged).toBe(true);
    free(model);
  });
});
