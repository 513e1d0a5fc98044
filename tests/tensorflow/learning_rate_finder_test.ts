import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { float, space } from "../../mod.ts";
import {
  disposeModel,
  findLearningRate,
  fitTrial,
  learningRateRange,
} from "../../lib/tensorflow/mod.ts";
import { data, digitsModel, line, tf, trialOf } from "./fixtures.ts";

/** Rates from 1e-6 to 10 as the finder takes them, and a loss for each. */
function sweepOf(
  loss: (exponent: number) => number,
): [rates: number[], losses: number[]] {
  const exponents = Array.from({ length: 141 }, (_, i) => -6 + i / 20);
  return [exponents.map((e) => 10 ** e), exponents.map(loss)];
}

describe("learningRateRange()", () => {
  it("goes from where the loss falls to three times where it is least", () => {
    // Flat at 2, from 1e-4 in a line down to 1 at 1e-2, and up from there.
    const { range, steepest, reason } = learningRateRange(
      ...sweepOf((e) =>
        e < -4 ? 2 : e < -2 ? 2 - (e + 4) / 2 : 1 + 10 * (e + 2)
      ),
    );
    // A tenth of the fall is reached 0.2 decades after 1e-4.
    expect(Math.log10(range[0])).toBeCloseTo(-3.8, 0);
    expect(Math.log10(range[1] / 3)).toBeCloseTo(-2, 0);
    expect(steepest!).toBeGreaterThan(range[0]);
    expect(steepest!).toBeLessThan(range[1]);
    expect(reason).toMatch(/and rises beyond\.$/);
  });

  it("says that a wider test may go higher where the loss never rises", () => {
    const { reason } = learningRateRange(
      ...sweepOf((e) => e < -1 ? 2 : 2 - (e + 1)),
    );
    expect(reason).toContain("a wider test may go higher");
  });

  it("leaves the whole range where the loss never falls", () => {
    const { range, steepest, reason } = learningRateRange(
      ...sweepOf((e) => 2 + Math.sin(1000 * e)),
    );
    expect(range).toEqual([1e-6, 10]);
    expect(steepest).toBe(null);
    expect(reason).toMatch(/^The loss falls nowhere by more than its noise/);
  });

  it("works with one rate, and refuses none", () => {
    expect(learningRateRange([0.1], [1]).range).toEqual([0.1, 0.1]);
    expect(() => learningRateRange([], [])).toThrow(RangeError);
    expect(() => learningRateRange([1], [])).toThrow(
      "found 1 rates and 0 losses",
    );
  });
});

describe("findLearningRate()", () => {
  const build = () => digitsModel({ units: 24, dropout: 0.1 });

  it("finds a range that has the best of a grid, and a space takes it", async () => {
    const { range } = await findLearningRate(build, data.train);
    const losses: [loss: number, rate: number][] = [];
    for (const exponent of [-4, -3, -2.5, -2, -1.5, -1, 0]) {
      const model = digitsModel({ learningRate: 10 ** exponent });
      const { best } = await fitTrial(trialOf(), model, data, {
        epochs: 3,
        batchSize: 64,
      });
      losses.push([best?.validation?.["loss"] ?? Infinity, 10 ** exponent]);
      disposeModel(model);
    }
    const [, rate] = losses.sort(([a], [b]) => a - b)[0]!;
    const searchSpace = space({ rate: float(...range, { log: true }) });
    expect(searchSpace.validate({ rate })).toEqual({ rate });
    expect(range[1] / range[0]).toBeLessThan(300);
  });

  it("gives the same each time, and frees its model", async () => {
    const before = tf.memory().numTensors;
    const options = { steps: 30, batchSize: 16 };
    const first = await findLearningRate(build, data.train, options);
    const second = await findLearningRate(build, data.train, options);
    expect(second.losses).toEqual(first.losses);
    const other = await findLearningRate(build, data.train, {
      ...options,
      seed: "other",
    });
    expect(other.losses).not.toEqual(first.losses);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("shows itself as a chart", async () => {
    const finder = await findLearningRate(build, data.train, { steps: 20 });
    expect(String(finder)).toBe(finder.reason);
    const show = (finder as unknown as Record<symbol, () => Promise<object>>)[
      Symbol.for("Jupyter.display")
    ]!.bind(finder);
    expect(Object.keys(await show())).toContain(
      "application/vnd.vegalite.v5+json",
    );
    expect(finder.chart.text).toContain(finder.reason);
  });

  it("ends where the loss blows up, or is no number", async () => {
    const { rates } = await findLearningRate(() => line().model, line().train, {
      high: 1e30,
      batchSize: 5,
    });
    expect(rates.length).toBeLessThan(60);
  });

  it("can be stopped", async () => {
    const { rates } = await findLearningRate(
      () => digitsModel({ units: 512 }),
      data.train,
      { steps: 5000, batchSize: 512, shouldStop: () => true },
    );
    expect(rates.length).toBeLessThan(5000);
  });

  it("names the backend where there is no loss, and refuses odd options", async () => {
    const { train, model } = line();
    const holes = { x: train.x, y: train.y.mul(NaN) };
    const before = tf.memory().numTensors;
    await expect(findLearningRate(() => model, holes)).rejects.toThrow(
      "Cannot test learning rates on the backend wasm: there is no loss that is a number",
    );
    const refuses = async (options: object, message: string) => {
      await expect(findLearningRate(build, data.train, options)).rejects
        .toThrow(`Cannot test learning rates: ${message}`);
    };
    await refuses({ low: 0 }, "low is 0, expected a number above 0");
    await refuses(
      { low: 1, high: 1 },
      "high is 1, expected a number above low",
    );
    await refuses({ steps: 5 }, "steps is 5, expected a whole number");
    // Its weight and its learning rate.
    expect(tf.memory().numTensors).toBe(before - 2);
    disposeModel(model);
  });
});
