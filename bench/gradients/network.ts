/**
 * A small network twice: in plain numbers of 64 bits, its gradients written out, and in
 * tensors. Hypergradients of the second are held against differences of the first.
 *
 * @module
 */

import { lbfgs, randomStream } from "../../lib/math/mod.ts";
import type {
  InnerProblem,
  Tensor,
  TensorFlow,
} from "../../lib/tensorflow/mod.ts";

/** Its hyperparameters. */
export type NetworkHyper = {
  /** The penalties on the squares of both layers' weights. */
  readonly penalties: readonly number[];
  readonly learningRate: number;
  readonly momentum: number;
};

interface Sizes {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  readonly examples: number;
}

interface Part {
  /** `[examples, inputs]`. */
  readonly x: Float64Array;
  /** One-hot, `[examples, classes]`. */
  readonly y: Float64Array;
}

type Weights = readonly Float64Array[];

/** A network `tanh(x W + b) V` with softmax, and data that it can partly learn. */
export function network(sizes: Sizes) {
  const { inputs, hidden, classes, examples } = sizes;
  const { normal } = randomStream("network64");
  const single = (values: Float64Array) =>
    Float64Array.from(Float32Array.from(values));
  const draw = (count: number, scale: number) =>
    single(Float64Array.from({ length: count }, () => scale * normal()));
  const center = draw(classes * inputs, 1);
  const part = (): Part => {
    const x = draw(examples * inputs, 1);
    const y = new Float64Array(examples * classes);
    for (let i = 0; i < examples; i++) {
      const label = i % classes;
      y[i * classes + label] = 1;
      for (let j = 0; j < inputs; j++) {
        x[i * inputs + j]! += center[label * inputs + j]!;
      }
    }
    return { x: single(x), y };
  };
  const [train, validation] = [part(), part()];
  const start: Weights = [
    draw(inputs * hidden, 0.6),
    draw(hidden, 0.1),
    draw(hidden * classes, 0.6),
  ];

  /** The loss without penalties, and its derivatives by the weights. */
  function loss({ x, y }: Part, [w, b, v]: Weights): [number, Weights] {
    const slopes = [w!, b!, v!].map((one) => new Float64Array(one.length));
    let sum = 0;
    for (let i = 0; i < examples; i++) {
      const h = Float64Array.from({ length: hidden }, (_, k) => {
        let z = b![k]!;
        for (let j = 0; j < inputs; j++) {
          z += x[i * inputs + j]! * w![j * hidden + k]!;
        }
        return Math.tanh(z);
      });
      const logits = Float64Array.from({ length: classes }, (_, c) => {
        let z = 0;
        for (let k = 0; k < hidden; k++) z += h[k]! * v![k * classes + c]!;
        return z;
      });
      const top = Math.max(...logits);
      const total = logits.reduce((s, z) => s + Math.exp(z - top), 0);
      const errors = logits.map((z, c) =>
        (Math.exp(z - top) / total - y[i * classes + c]!) / examples
      );
      logits.forEach((z, c) =>
        sum -= y[i * classes + c]! * (z - top - Math.log(total)) / examples
      );
      for (let k = 0; k < hidden; k++) {
        let back = 0;
        for (let c = 0; c < classes; c++) {
          slopes[2]![k * classes + c]! += h[k]! * errors[c]!;
          back += errors[c]! * v![k * classes + c]!;
        }
        back *= 1 - h[k]! ** 2;
        slopes[1]![k]! += back;
        for (let j = 0; j < inputs; j++) {
          slopes[0]![j * hidden + k]! += x[i * inputs + j]! * back;
        }
      }
    }
    return [sum, slopes];
  }

  /** The training loss and its derivatives. */
  function penalized(
    [a, b]: readonly number[],
    weights: Weights,
  ): [number, Weights] {
    const [value, slopes] = loss(train, weights);
    const penalties = [a!, 0, b!];
    let sum = value;
    weights.forEach((one, k) =>
      one.forEach((x, i) => {
        sum += penalties[k]! * x * x;
        slopes[k]![i]! += 2 * penalties[k]! * x;
      })
    );
    return [sum, slopes];
  }

  return {
    sizes,
    train,
    validation,
    start,
    /** The validation loss after steps of gradient descent with momentum. */
    trained(
      { penalties, learningRate, momentum }: NetworkHyper,
      steps: number,
    ): number {
      let weights = start.map((w) => w.slice());
      let before = start.map((w) => new Float64Array(w.length));
      for (let step = 0; step < steps; step++) {
        const [, slopes] = penalized(penalties, weights);
        before = before.map((v, k) =>
          v.map((x, i) => momentum * x + slopes[k]![i]!)
        );
        weights = weights.map((w, k) =>
          w.map((x, i) => x - learningRate * before[k]![i]!)
        );
      }
      return loss(validation, weights)[0];
    },
    /** The validation loss at the minimum of the training loss near some weights. */
    minimum({ penalties }: NetworkHyper, near: Weights): number {
      const unflat = (flat: Float64Array): Weights => {
        let from = 0;
        return near.map(({ length }) => flat.subarray(from, from += length));
      };
      const { point } = lbfgs(
        (flat, gradient) => {
          const [value, slopes] = penalized(penalties, unflat(flat));
          gradient.set(slopes.flatMap((one) => [...one]));
          return value;
        },
        near.flatMap((one) => [...one]),
        { maxIterations: 5000, gradientTolerance: 1e-11, valueTolerance: 0 },
      );
      return loss(validation, unflat(point))[0];
    },
  };
}

/** The network in tensors. */
export function tensorNetwork(
  tf: TensorFlow,
  net: ReturnType<typeof network>,
): InnerProblem<NetworkHyper> {
  const { inputs, hidden, classes, examples } = net.sizes;
  const of = (part: { x: Float64Array; y: Float64Array }) => ({
    x: tf.tensor2d(Float32Array.from(part.x), [examples, inputs]),
    y: tf.tensor2d(Float32Array.from(part.y), [examples, classes]),
  });
  const [train, validation] = [of(net.train), of(net.validation)];
  const loss = ({ x, y }: { x: Tensor; y: Tensor }, w: readonly Tensor[]) => {
    const first = tf.tanh(tf.add(tf.matMul(x, w[0]!), w[1]!));
    const logits = tf.matMul(first, w[2]!);
    return tf.neg(tf.mean(tf.sum(tf.mul(y, tf.logSoftmax(logits)), 1)));
  };
  const start = net.start.map((w) => Float32Array.from(w));
  return {
    weights: [
      tf.tensor2d(start[0]!, [inputs, hidden]),
      tf.tensor1d(start[1]!),
      tf.tensor2d(start[2]!, [hidden, classes]),
    ],
    trainLoss: (w, { penalties }) => {
      const [a, b] = tf.unstack(penalties);
      return tf.addN([
        loss(train, w) as Tensor,
        tf.mul(a!, tf.sum(tf.square(w[0]!))),
        tf.mul(b!, tf.sum(tf.square(w[2]!))),
      ]);
    },
    validationLoss: (w) => loss(validation, w),
  };
}

/** Central differences of fourth order along each number. */
export function differences(
  f: (values: number[]) => number,
  at: readonly number[],
  relative = 1e-3,
): number[] {
  return at.map((x, j) => {
    const h = relative * Math.max(Math.abs(x), 1e-3);
    const g = (k: number) => f(at.map((y, i) => i === j ? y + k * h : y));
    return (8 * (g(1) - g(-1)) - (g(2) - g(-2))) / (12 * h);
  });
}

/** The error of a whole gradient, relative to it: ‖a − b‖ / ‖b‖, each entry times its value. */
export function errorOf(
  found: readonly number[],
  exact: readonly number[],
  at: readonly number[],
): number {
  const scaled = (values: readonly number[]) =>
    values.map((x, i) => x * at[i]!);
  const [a, b] = [scaled(found), scaled(exact)];
  return Math.hypot(...a.map((x, i) => x - b[i]!)) / Math.hypot(...b);
}
