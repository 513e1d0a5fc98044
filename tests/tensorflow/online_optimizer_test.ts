import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  fitTrial,
  onlineOptimizer,
  type OnlineOptimizerOptions,
} from "../../lib/tensorflow/mod.ts";
import { data, digitsModel, tf, trialOf } from "./fixtures.ts";

/** A bowl, steeper along one axis. */
const loss = (w: readonly number[]) => (w[0]! ** 2 + 10 * w[1]! ** 2) / 2;
const slope = (w: readonly number[]) => [w[0]!, 10 * w[1]!];

/** Weights and learning rate after steps on the bowl from [1, 1]. */
async function train(steps: number, options: OnlineOptimizerOptions) {
  const before = tf.memory().numTensors;
  const optimizer = await onlineOptimizer(options);
  const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 1])));
  for (let step = 0; step < steps; step++) {
    optimizer.minimize(() =>
      tf.div(tf.sum(tf.mul(tf.square(w), [1, 10])), 2).asScalar()
    );
  }
  const result = {
    weights: [...await w.data()],
    learningRate: await optimizer.learningRate(),
  };
  w.dispose();
  optimizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

describe("onlineOptimizer()", () => {
  it("refuses options out of range", async () => {
    await expect(onlineOptimizer({ learningRate: 0 })).rejects
      .toThrow("learningRate is 0, expected a number above 0");
    await expect(onlineOptimizer({ hyperRate: NaN })).rejects
      .toThrow(RangeError);
    await expect(onlineOptimizer({ kind: "lion" as "sgd" })).rejects
      .toThrow('expected "sgd", "nesterov" or "adam"');
  });

  it("that does not adapt is gradient descent, or Adam", async () => {
    const sgd = await train(2, { learningRate: 0.05, hyperRate: 0 });
    expect(sgd.weights[0]).toBeCloseTo(0.95 ** 2, 6);
    expect(sgd.weights[1]).toBeCloseTo(0.5 ** 2, 6);
    const ours = await train(3, {
      kind: "adam",
      learningRate: 0.05,
      hyperRate: 0,
    });
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 1])));
    const adam = tf.train.adam(0.05);
    for (let step = 0; step < 3; step++) {
      adam.minimize(() =>
        tf.div(tf.sum(tf.mul(tf.square(w), [1, 10])), 2).asScalar()
      );
    }
    w.dataSync().forEach((x, i) => expect(ours.weights[i]).toBeCloseTo(x, 5));
    w.dispose();
    adam.dispose();
  });

  it("moves its learning rate along the derivative of the next loss", async () => {
    // The loss after a step of α from [1, 1], by central differences.
    const [alpha, beta, h] = [0.05, 0.001, 1e-4];
    const after = (rate: number) =>
      loss([1, 1].map((x, i) => x - rate * slope([1, 1])[i]!));
    const derivative = (after(alpha + h) - after(alpha - h)) / (2 * h);
    const { learningRate } = await train(2, {
      rule: "additive",
      learningRate: alpha,
      hyperRate: beta,
    });
    const error = (learningRate - alpha) / (-beta * derivative) - 1;
    expect(Math.abs(error)).toBeLessThan(1e-4);
  });

  it("finds a learning rate from one too small and one too large", async () => {
    for (const kind of ["sgd", "nesterov", "adam"] as const) {
      const small = { kind, learningRate: 1e-4 };
      const fixed = await train(100, { ...small, hyperRate: 0 });
      const adapted = await train(100, { ...small, hyperRate: 0.1 });
      expect(adapted.learningRate).toBeGreaterThan(1e-3);
      expect(loss(adapted.weights)).toBeLessThan(0.5 * loss(fixed.weights));
    }
    const large = await train(30, { learningRate: 0.25, hyperRate: 0.3 });
    expect(large.learningRate).toBeLessThan(0.2);
    expect(loss(large.weights)).toBeLessThan(0.1);
  });

  it("trains a model with fitTrial", async () => {
    const optimizer = await onlineOptimizer({
      kind: "nesterov",
      learningRate: 1e-3,
      hyperRate: 0.1,
    });
    const model = digitsModel();
    model.compile({
      optimizer,
      loss: "categoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const { best } = await fitTrial(trialOf(), model, data, {
      epochs: 3,
      batchSize: 32,
    });
    expect(await optimizer.learningRate()).toBeGreaterThan(5e-3);
    expect(best!.validation!["accuracy"]).toBeGreaterThan(0.5);
    model.dispose();
    optimizer.dispose();
  });
});
