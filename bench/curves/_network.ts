/**
 * A small dense network in plain TypeScript: for making learning curves of
 * known causes by the hundred, without waiting for a tensor library.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `x` | `[n, inputs]`, row-major | examples |
 * | y | `y` | `[n]` | class numbers, or values to regress on |
 * | W, b | `weights` | `[out, in + 1]` a layer | the last column is b |
 *
 * @module
 */

import type { RandomStream } from "../../lib/math/mod.ts";

/** Examples to learn from or to be judged by. */
export interface Examples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly count: number;
  readonly inputs: number;
  /** How many classes; 0 for regression. */
  readonly classes: number;
}

/** How a network is built and trained. */
export interface TrainingConfig {
  readonly layers: readonly number[];
  readonly activation: "relu" | "tanh";
  readonly optimizer: "sgd" | "adam";
  readonly learningRate: number;
  readonly momentum: number;
  readonly batch: number;
  readonly epochs: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly schedule: "constant" | "cosine" | "steps";
  /** Added to the hidden layers' biases at the start: far below 0, a ReLU is dead. */
  readonly biasStart: number;
  /** How many examples of the validation set are looked at, anew each epoch; 0 for all. */
  readonly validationSample: number;
  /** Whether the train loss has the penalty of the weight decay in it. */
  readonly lossWithPenalty: boolean;
}

/** The curves of a training, a value an epoch. */
export interface TrainingCurves {
  readonly train: number[];
  readonly validation: number[];
  readonly trainAccuracy: number[] | null;
  readonly validationAccuracy: number[] | null;
  /** The loss on a large set that nobody sees: what is true of the model. */
  readonly truth: number[];
}

interface Layer {
  readonly out: number;
  readonly in: number;
  readonly w: Float64Array;
  readonly grad: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
  readonly delta: Float64Array;
  readonly mask: Float64Array;
}

/** Trains a network; the train loss is the mean over the epoch's batches, as trainers report it. */
export function trainNetwork(
  config: TrainingConfig,
  data: {
    readonly train: Examples;
    readonly validation: Examples;
    readonly truth: Examples;
  },
  random: RandomStream,
): TrainingCurves {
  const { train, validation, truth } = data;
  const outputs = Math.max(1, train.classes);
  const sizes = [train.inputs, ...config.layers, outputs];
  const layers = sizes.slice(1).map((out, k): Layer => {
    const fanIn = sizes[k]!;
    const hidden = k < config.layers.length;
    const scale = Math.sqrt((config.activation === "relu" ? 2 : 1) / fanIn);
    const w = new Float64Array(out * (fanIn + 1));
    for (let o = 0; o < out; o++) {
      for (let i = 0; i < fanIn; i++) {
        w[o * (fanIn + 1) + i] = random.normal() * scale;
      }
      w[o * (fanIn + 1) + fanIn] = hidden ? config.biasStart : 0;
    }
    const size = w.length;
    return {
      out,
      in: fanIn,
      w,
      grad: new Float64Array(size),
      m: new Float64Array(size),
      v: new Float64Array(size),
      a: new Float64Array(out),
      delta: new Float64Array(out),
      mask: new Float64Array(out).fill(1),
    };
  });
  const curves: TrainingCurves = {
    train: [],
    validation: [],
    trainAccuracy: train.classes > 0 ? [] : null,
    validationAccuracy: train.classes > 0 ? [] : null,
    truth: [],
  };
  let order = Array.from({ length: train.count }, (_, i) => i);
  let step = 0;
  const stepsInAll = config.epochs * Math.ceil(train.count / config.batch);
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    order = random.shuffle(order);
    let loss = 0;
    let right = 0;
    for (let start = 0; start < train.count; start += config.batch) {
      const end = Math.min(train.count, start + config.batch);
      for (const layer of layers) layer.grad.fill(0);
      for (let place = start; place < end; place++) {
        const row = order[place]!;
        forward(layers, train, row, config, random);
        const [one, hit] = lossAt(layers.at(-1)!, train, row);
        loss += one;
        right += hit;
        backward(layers, train, row, config);
      }
      step++;
      update(layers, config, {
        count: end - start,
        rate: rateAt(config, step - 1, stepsInAll),
        step,
      });
    }
    const penalty = config.lossWithPenalty
      ? config.weightDecay / 2 * sumOfSquares(layers)
      : 0;
    curves.train.push(loss / train.count + penalty);
    curves.trainAccuracy?.push(right / train.count);
    const seen = evaluate(layers, sampleOf(validation, config, random), config);
    curves.validation.push(seen.loss + penalty);
    curves.validationAccuracy?.push(seen.accuracy);
    curves.truth.push(evaluate(layers, truth, config).loss);
    if (!Number.isFinite(loss)) break;
  }
  return curves;
}

function rateAt(config: TrainingConfig, step: number, all: number): number {
  const done = step / all;
  if (config.schedule === "cosine") {
    return config.learningRate * (1 + Math.cos(Math.PI * done)) / 2;
  }
  if (config.schedule === "steps") {
    return config.learningRate * (done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01);
  }
  return config.learningRate;
}

function forward(
  layers: readonly Layer[],
  data: Examples,
  row: number,
  config: TrainingConfig,
  random: RandomStream | null,
): void {
  let input: Float64Array = data.x;
  let offset = row * data.inputs;
  layers.forEach((layer, k) => {
    const last = k === layers.length - 1;
    const width = layer.in + 1;
    for (let o = 0; o < layer.out; o++) {
      let sum = layer.w[o * width + layer.in]!;
      const base = o * width;
      for (let i = 0; i < layer.in; i++) {
        sum += layer.w[base + i]! * input[offset + i]!;
      }
      if (!last) {
        sum = config.activation === "relu" ? Math.max(0, sum) : Math.tanh(sum);
        if (random !== null && config.dropout > 0) {
          const kept = random.uniform() >= config.dropout;
          layer.mask[o] = kept ? 1 / (1 - config.dropout) : 0;
          layer.delta[o] = sum;
          sum *= layer.mask[o]!;
        } else layer.delta[o] = sum;
      }
      layer.a[o] = sum;
    }
    input = layer.a;
    offset = 0;
  });
}

/** The loss and whether the class is right; leaves the output's error in `delta`. */
function lossAt(last: Layer, data: Examples, row: number): [number, number] {
  const target = data.y[row]!;
  if (data.classes === 0) {
    const error = last.a[0]! - target;
    last.delta[0] = 2 * error;
    return [error * error, 0];
  }
  let top = -Infinity;
  let best = 0;
  for (let o = 0; o < last.out; o++) {
    if (last.a[o]! > top) {
      top = last.a[o]!;
      best = o;
    }
  }
  let sum = 0;
  for (let o = 0; o < last.out; o++) sum += Math.exp(last.a[o]! - top);
  for (let o = 0; o < last.out; o++) {
    last.delta[o] = Math.exp(last.a[o]! - top) / sum - (o === target ? 1 : 0);
  }
  return [
    Math.log(sum) + top - last.a[target]!,
    best === target ? 1 : 0,
  ];
}

function backward(
  layers: readonly Layer[],
  data: Examples,
  row: number,
  config: TrainingConfig,
): void {
  for (let k = layers.length - 1; k >= 0; k--) {
    const layer = layers[k]!;
    const below = layers[k - 1];
    const width = layer.in + 1;
    const input = below === undefined ? data.x : below.a;
    const offset = below === undefined ? row * data.inputs : 0;
    const back = below === undefined ? null : new Float64Array(layer.in);
    for (let o = 0; o < layer.out; o++) {
      const d = layer.delta[o]!;
      if (d === 0) continue;
      const base = o * width;
      for (let i = 0; i < layer.in; i++) {
        layer.grad[base + i]! += d * input[offset + i]!;
        if (back !== null) back[i]! += d * layer.w[base + i]!;
      }
      layer.grad[base + layer.in]! += d;
    }
    if (below === undefined) continue;
    for (let i = 0; i < layer.in; i++) {
      const plain = below.delta[i]!;
      const slope = config.activation === "relu"
        ? (plain > 0 ? 1 : 0)
        : 1 - plain * plain;
      below.delta[i] = back![i]! * slope *
        (config.dropout > 0 ? below.mask[i]! : 1);
    }
  }
}

function update(
  layers: readonly Layer[],
  config: TrainingConfig,
  { count, rate, step }: { count: number; rate: number; step: number },
): void {
  const [first, second] = [1 - 0.9 ** step, 1 - 0.999 ** step];
  for (const { w, grad, m, v, in: fanIn } of layers) {
    for (let i = 0; i < w.length; i++) {
      const isBias = i % (fanIn + 1) === fanIn;
      const g = grad[i]! / count + (isBias ? 0 : config.weightDecay * w[i]!);
      if (config.optimizer === "adam") {
        m[i] = 0.9 * m[i]! + 0.1 * g;
        v[i] = 0.999 * v[i]! + 0.001 * g * g;
        w[i]! -= rate * m[i]! / first / (Math.sqrt(v[i]! / second) + 1e-8);
      } else {
        m[i] = config.momentum * m[i]! + g;
        w[i]! -= rate * m[i]!;
      }
    }
  }
}

function evaluate(
  layers: readonly Layer[],
  data: Examples,
  config: TrainingConfig,
): { loss: number; accuracy: number } {
  let loss = 0;
  let right = 0;
  for (let row = 0; row < data.count; row++) {
    forward(layers, data, row, config, null);
    const [one, hit] = lossAt(layers.at(-1)!, data, row);
    loss += one;
    right += hit;
  }
  return { loss: loss / data.count, accuracy: right / data.count };
}

/** Neighbors in the set, from a random place on. */
function sampleOf(
  data: Examples,
  { validationSample: count }: TrainingConfig,
  random: RandomStream,
): Examples {
  if (count === 0 || count >= data.count) return data;
  const start = random.int(data.count - count);
  return {
    ...data,
    count,
    x: data.x.subarray(start * data.inputs, (start + count) * data.inputs),
    y: data.y.subarray(start, start + count),
  };
}

function sumOfSquares(layers: readonly Layer[]): number {
  let sum = 0;
  for (const { w, in: fanIn } of layers) {
    for (let i = 0; i < w.length; i++) {
      if (i % (fanIn + 1) !== fanIn) sum += w[i]! * w[i]!;
    }
  }
  return sum;
}
