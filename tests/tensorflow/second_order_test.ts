import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { loadTensorFlow, type Tensor } from "../../lib/tensorflow/mod.ts";
import { withGradientsOfGradients } from "../../lib/tensorflow/_second_order.ts";

const { tf } = await loadTensorFlow({ prefer: "wasm" });
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const bend = (x: number) => logistic(x) * (1 - logistic(x));
/** With 0, as two logits. */
const pair = (x: Tensor) => tf.reshape(tf.stack([x, tf.scalar(0)]), [1, 2]);
const oneHot = () => tf.tensor2d([[1, 0]]);
const first = (x: Tensor) => tf.sum(tf.slice(x, [0, 0], [1, 1]));

/** Functions, and their second derivatives by hand. */
const functions: Readonly<
  Record<string, [(x: Tensor) => Tensor, (x: number) => number]>
> = {
  exp: [(x) => tf.exp(x), Math.exp],
  tanh: [
    (x) => tf.tanh(x),
    (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2),
  ],
  sigmoid: [(x) => tf.sigmoid(x), (x) => bend(x) * (1 - 2 * logistic(x))],
  softmax: [
    (x) => first(tf.softmax(pair(x))),
    (x) => bend(x) * (1 - 2 * logistic(x)),
  ],
  logSoftmax: [(x) => first(tf.logSoftmax(pair(x))), (x) => -bend(x)],
  logSumExp: [(x) => tf.sum(tf.logSumExp(pair(x), 1)), bend],
  softmaxCrossEntropy: [
    (x) => tf.losses.softmaxCrossEntropy(oneHot(), pair(x)),
    bend,
  ],
  sigmoidCrossEntropy: [
    (x) => tf.losses.sigmoidCrossEntropy(tf.scalar(1), x),
    bend,
  ],
  softplus: [(x) => tf.softplus(x), bend],
  relu: [(x) => tf.square(tf.relu(x)), () => 2],
  max: [(x) => tf.square(tf.max(pair(x))), () => 2],
  where: [(x) => tf.where(tf.greater(x, 0), tf.square(x), x), () => 2],
  pow: [(x) => tf.pow(x, 3), (x) => 6 * x],
};

describe("withGradientsOfGradients()", () => {
  const second = (f: (x: Tensor) => Tensor) => {
    const inner = (x: Tensor) => tf.grad((y: Tensor) => f(y))(x);
    return tf.tidy(() => tf.grad(inner)(tf.scalar(0.7)).dataSync()[0]!);
  };

  for (const [name, [f, exact]] of Object.entries(functions)) {
    it(`gives the second derivative of ${name}`, () => {
      const found = withGradientsOfGradients(tf, () => second(f));
      expect(found).toBeCloseTo(exact(0.7), 5);
    });
  }

  it("leaves first derivatives what they are", () => {
    for (const [name, [f]] of Object.entries(functions)) {
      // Through a comparison tfjs alone finds no derivative, not even the first.
      if (name === "where") continue;
      const slope = () =>
        tf.tidy(() => tf.grad(f)(tf.scalar(0.7)).dataSync()[0]!);
      expect(withGradientsOfGradients(tf, slope)).toBeCloseTo(slope(), 6);
    }
  });

  it("leaves tfjs as it was, also after an error", () => {
    const Tanh = tf.getGradient("Tanh");
    const engine = tf.engine();
    const { customGrad } = engine;
    expect(() =>
      withGradientsOfGradients(tf, () => {
        expect(tf.getGradient("Tanh")).not.toBe(Tanh);
        throw new Error("midway");
      })
    ).toThrow("midway");
    expect(tf.getGradient("Tanh")).toBe(Tanh);
    expect(tf.getGradient("Less")).toBe(undefined);
    expect(engine.customGrad).toBe(customGrad);
    // What it mends: should tfjs mend it itself, this fails, and the mend can go.
    expect(() => second((x) => tf.tanh(x))).toThrow("Cannot compute gradient");
  });
});
