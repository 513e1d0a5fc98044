import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { loadTensorFlow, type Tensor } from "../../lib/tensorflow/mod.ts";

type Scalar = ReturnType<Tensor["asScalar"]>;

const { tf } = await loadTensorFlow({ prefer: "wasm" });

/** A gradient on each backend, of the same random input. */
async function gradients(
  shape: number[],
  loss: (input: Tensor) => Tensor,
  range: readonly [number, number] = [-1, 1],
): Promise<{ wasm: number[]; cpu: number[]; leaked: number }> {
  const on = async (backend: "wasm" | "cpu") => {
    await loadTensorFlow({ prefer: backend });
    const input = tf.randomUniform(shape, ...range, "float32", 7);
    const before = tf.memory().numTensors;
    const gradient = tf.grad((x) => loss(x).square().sum() as Scalar)(input);
    const values = Array.from(gradient.dataSync());
    gradient.dispose();
    const leaked = tf.memory().numTensors - before;
    input.dispose();
    return { values, leaked };
  };
  const cpu = await on("cpu");
  const wasm = await on("wasm");
  return { cpu: cpu.values, wasm: wasm.values, leaked: wasm.leaked };
}

function expectEqual(
  { wasm, cpu, leaked }: { wasm: number[]; cpu: number[]; leaked: number },
): void {
  const scale = Math.max(...cpu.map(Math.abs));
  const error = Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!)));
  expect(wasm.length).toBe(cpu.length);
  expect(scale).toBeGreaterThan(0);
  expect(error / scale).toBeLessThan(1e-5);
  expect(leaked).toBe(0);
}

/** Random values that do not depend on the backend. */
const random = (shape: number[]) =>
  tf.randomUniform(shape, -1, 1, "float32", 11);

describe("gradients on wasm", () => {
  it("of a convolution's filter are those of the cpu backend", async () => {
    for (
      const [size, filter, strides, pad] of [
        [8, 3, 1, "same"],
        [8, 3, 1, "valid"],
        [7, 3, 2, "same"],
        [7, 2, 2, "valid"],
        [6, 1, 1, "same"],
        [9, 4, 3, "same"],
        [6, 6, 1, "valid"],
      ] as const
    ) {
      expectEqual(
        await gradients([filter, filter, 2, 3], (w) =>
          tf.conv2d(
            random([2, size, size, 2]) as ReturnType<typeof tf.tensor4d>,
            w as ReturnType<typeof tf.tensor4d>,
            strides,
            pad,
          )),
      );
    }
  });

  it("of a filter that is wider than high, over one image of one channel", async () => {
    expectEqual(
      await gradients([2, 5, 1, 4], (w) =>
        tf.conv2d(
          random([1, 6, 9, 1]) as ReturnType<typeof tf.tensor4d>,
          w as ReturnType<typeof tf.tensor4d>,
          [1, 2],
          "same",
        )),
    );
  });

  it("of a depthwise convolution, for filter and image", async () => {
    const convolve = (x: Tensor, w: Tensor) =>
      tf.depthwiseConv2d(
        x as ReturnType<typeof tf.tensor4d>,
        w as ReturnType<typeof tf.tensor4d>,
        1,
        "same",
      );
    expectEqual(
      await gradients([3, 3, 2, 2], (w) => convolve(random([2, 6, 6, 2]), w)),
    );
    expectEqual(
      await gradients([2, 6, 6, 2], (x) => convolve(x, random([3, 3, 2, 2]))),
    );
  });

  it("of an embedding add up the rows that were looked up twice", async () => {
    expectEqual(
      await gradients(
        [5, 3],
        (table) => tf.gather(table, tf.tensor1d([4, 0, 4, 2], "int32")),
      ),
    );
  });

  it("of max pooling go to the largest pixel, also where none is positive", async () => {
    for (const range of [[-1, 1], [-2, -1], [1, 2]] as const) {
      for (const [size, pad] of [[6, "valid"], [7, "same"]] as const) {
        expectEqual(
          await gradients(
            [2, size, size, 3],
            (x) => tf.maxPool(x as ReturnType<typeof tf.tensor4d>, 3, 2, pad),
            range,
          ),
        );
      }
    }
  });

  it("of max pooling in a known case", () => {
    const pixels = tf.tensor4d([-4, -3, -1, -2], [1, 2, 2, 1]);
    const gradient = tf.grad((x) =>
      tf.maxPool(x as typeof pixels, 2, 2, "valid").sum() as Scalar
    )(pixels);
    expect(Array.from(gradient.dataSync())).toEqual([0, 0, 1, 0]);
    tf.dispose([pixels, gradient]);
  });
});

describe("products on wasm", () => {
  it("are the same transposed within the product or before", () => {
    const product = (a: number[], b: number[], left: boolean, right: boolean) =>
      tf.tidy(() => {
        const [x, y] = [random(a), random(b)];
        const swap = (tensor: Tensor) =>
          tf.transpose(tensor, tensor.rank === 2 ? [1, 0] : [0, 2, 1]);
        const within = tf.matMul(x, y, left, right);
        const before = tf.matMul(left ? swap(x) : x, right ? swap(y) : y);
        expect(within.shape).toEqual(before.shape);
        return Array.from(within.sub(before).abs().max().dataSync())[0];
      });
    const leftovers = tf.memory().numTensors;
    expect(product([5, 3], [5, 4], true, false)).toBe(0);
    expect(product([3, 5], [4, 5], false, true)).toBe(0);
    expect(product([5, 3], [4, 5], true, true)).toBe(0);
    expect(product([2, 5, 3], [2, 5, 4], true, false)).toBe(0);
    expect(product([2, 3, 5], [1, 4, 5], false, true)).toBe(0);
    expect(tf.memory().numTensors).toBe(leftovers);
  });
});

describe("a model on wasm", () => {
  it("with convolution, pooling, batch normalization and dropout learns", async () => {
    const { layers, initializers } = tf;
    const kernelInitializer = initializers.heNormal({ seed: 1 });
    const model = tf.sequential({
      layers: [
        layers.conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [8, 8, 1],
          kernelInitializer,
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.batchNormalization(),
        layers.flatten(),
        layers.dropout({ rate: 0.1, seed: 3 }),
        layers.dense({ units: 2, activation: "softmax", kernelInitializer }),
      ],
    });
    model.compile({
      optimizer: tf.train.adam(0.02),
      loss: "categoricalCrossentropy",
    });
    const y = tf.oneHot(
      tf.tensor1d(Array.from({ length: 32 }, (_, i) => i % 2), "int32"),
      2,
    );
    const x = random([32, 8, 8, 1]).add(y.slice([0, 1]).reshape([32, 1, 1, 1]));
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      losses.push(await model.trainOnBatch(x, y) as number);
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 4);
    model.dispose();
  });
});
