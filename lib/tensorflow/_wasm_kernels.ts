/**
 * The gradients that tfjs 4.22 leaves out of its WebAssembly backend, without
 * which no convolution and no embedding can be trained on it, and mends of
 * those that it gets wrong or computes slowly.
 *
 * Notation: N images, H×W pixels in and h×w out, C channels in and K out, a
 * filter of R×S taps. With the patches P `[Nhw, RSC]` that the filter saw and
 * the gradient D `[Nhw, K]` of what it gave, the filter's gradient is Pᵀ D.
 */

import type {
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  Tensor,
  TensorInfo,
} from "@tensorflow/tfjs";
import { quietly } from "./_quietly.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** What both backends offer and tfjs's types do not say of them together. */
interface Memory {
  write(values: Values, shape: number[], dtype: string): TensorInfo["dataId"];
  readSync(dataId: TensorInfo["dataId"]): Values;
  disposeData(dataId: TensorInfo["dataId"], force?: boolean): boolean;
}

type Values = Float32Array | Int32Array | Uint8Array;

/** Adds the kernels that are missing and mends those that are wrong or slow; twice does no harm. */
export function mendWasmKernels(tf: TensorFlow): void {
  add(tf, "Conv2DBackpropFilter", convolutionFilterGradient(tf));
  add(tf, "UnsortedSegmentSum", segmentSum());
  for (
    const name of [
      "DepthwiseConv2dNativeBackpropFilter",
      "DepthwiseConv2dNativeBackpropInput",
      "Einsum",
    ]
  ) add(tf, name, throughCpu(tf, name));
  mend(tf, "MaxPoolGrad", onPositivePixels(tf));
  mend(tf, "MaxPool3DGrad", onPositivePixels(tf));
  mend(tf, "BatchMatMul", transposedBefore(tf));
}

function add(
  tf: TensorFlow,
  kernelName: string,
  kernelFunc: KernelFunc,
): void {
  if (find(tf, kernelName) !== undefined) return;
  tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
}

/** What our kernels are, so that none is mended twice. */
const mended = new WeakSet<KernelFunc>();

/** Gives a kernel other inputs than the caller did. */
type Rewrite = (inputs: Inputs, attrs: NamedAttrMap) => {
  inputs: Inputs;
  attrs: NamedAttrMap;
};

type Inputs = Readonly<Record<string, Tensor>>;

function mend(tf: TensorFlow, kernelName: string, rewrite: Rewrite): void {
  const original = find(tf, kernelName);
  if (original === undefined || mended.has(original.kernelFunc)) return;
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
    const given = inputs as unknown as Inputs;
    const rewritten = rewrite(given, attrs as NamedAttrMap);
    try {
      return original.kernelFunc({ ...rewritten, backend });
    } finally {
      for (const [name, tensor] of Object.entries(rewritten.inputs)) {
        if (tensor !== given[name]) tensor.dispose();
      }
    }
  };
  mended.add(kernelFunc);
  tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({ ...original, kernelFunc });
}

function find(tf: TensorFlow, kernelName: string): KernelConfig | undefined {
  return tf.getKernelsForBackend("wasm").find((kernel) =>
    kernel.kernelName === kernelName
  );
}

/**
 * tfjs looks for a window's largest value from 0 up, so that in a window
 * without a positive value the first pixel gets the gradient. A constant added
 * to all pixels does not move the largest: the kernel is given none below 0.
 */
function onPositivePixels(tf: TensorFlow): Rewrite {
  return (inputs, attrs) => {
    const pixels = inputs["input"]!;
    const input = tf.tidy(() => tf.sub(pixels, tf.min(pixels)));
    return { inputs: { ...inputs, input }, attrs };
  };
}

/**
 * tfjs multiplies fast (XNNPACK) only what is not to be transposed, and the
 * gradients of a dense layer transpose: done before, a product of 256 × 64 and
 * 64 × 256 takes 0.5 ms in place of 11.
 */
function transposedBefore(tf: TensorFlow): Rewrite {
  return ({ a, b }, attrs) => {
    const before = (tensor: Tensor, wanted: unknown): Tensor => {
      if (!wanted) return tensor;
      const axes = tensor.shape.map((_, axis) => axis);
      axes.push(...axes.splice(-2).reverse());
      return tf.transpose(tensor, axes);
    };
    return {
      inputs: {
        a: before(a!, attrs["transposeA"]),
        b: before(b!, attrs["transposeB"]),
      },
      attrs: { ...attrs, transposeA: false, transposeB: false },
    };
  };
}

/** Pᵀ D, put together from kernels that the backend has. */
function convolutionFilterGradient(tf: TensorFlow): KernelFunc {
  return ({ inputs, attrs }) => {
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
      attrs as unknown as {
        strides: number | [number, number];
        pad: "valid" | "same" | number;
        dataFormat: "NHWC" | "NCHW";
        dimRoundingMode: "floor" | "round" | "ceil" | undefined;
        filterShape: [number, number, number, number];
      };
    return tf.tidy(() => {
      const channelsLast = dataFormat === "NHWC";
      const x = inputs["x"] as Tensor;
      const dy = inputs["dy"] as Tensor;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
        false,
        channelsLast ? "channelsLast" : "channelsFirst",
      );
      const { padInfo, outHeight, outWidth, strideHeight, strideWidth } = info;
      const positions = info.batchSize * outHeight * outWidth;
      // Channels first: then a tap is a piece of memory in whole rows.
      const padded = tf.pad(
        tf.transpose(x, channelsLast ? [3, 0, 1, 2] : [1, 0, 2, 3]),
        [[0, 0], [0, 0], [padInfo.top, padInfo.bottom], [
          padInfo.left,
          padInfo.right,
        ]],
      );
      const taps: Tensor[] = [];
      for (let row = 0; row < info.filterHeight; row++) {
        for (let column = 0; column < info.filterWidth; column++) {
          const tap = tf.stridedSlice(
            padded,
            [0, 0, row, column],
            [
              info.inChannels,
              info.batchSize,
              row + (outHeight - 1) * strideHeight + 1,
              column + (outWidth - 1) * strideWidth + 1,
            ],
            [1, 1, strideHeight, strideWidth],
          );
          taps.push(tf.reshape(tap, [info.inChannels, positions]));
        }
      }
      const errors = channelsLast ? dy : tf.transpose(dy, [0, 2, 3, 1]);
      const gradient = tf.matMul(
        tf.concat(taps, 0),
        tf.reshape(errors, [positions, info.outChannels]),
      );
      return tf.reshape(gradient, filterShape);
    });
  };
}

/** Adds up the rows of `x` that bear the same number: an embedding's gradient. */
function segmentSum(): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const memory = backend as unknown as Memory;
    const x = inputs["x"]!;
    const numSegments = attrs!["numSegments"] as number;
    const values = memory.readSync(x.dataId);
    const segments = memory.readSync(inputs["segmentIds"]!.dataId);
    const width = values.length / segments.length;
    const sums = x.dtype === "int32"
      ? new Int32Array(numSegments * width)
      : new Float32Array(numSegments * width);
    segments.forEach((segment, row) => {
      if (segment < 0 || segment >= numSegments) return;
      for (let column = 0; column < width; column++) {
        sums[segment * width + column]! += values[row * width + column]!;
      }
    });
    const shape = [numSegments, ...x.shape.slice(1)];
    return {
      dataId: memory.write(sums, shape, x.dtype),
      shape,
      dtype: x.dtype,
    };
  };
}

/** The JavaScript kernel of that name, its inputs and outputs carried across. */
function throughCpu(tf: TensorFlow, kernelName: string): KernelFunc {
  return ({ inputs, attrs, backend }) =>
    quietly(tf, () => {
      const wasm = backend as unknown as Memory;
      const cpu = tf.engine().findBackend("cpu") as unknown as Memory;
      const carry = (
        from: Memory,
        to: Memory,
        info: TensorInfo,
      ): TensorInfo => ({
        ...info,
        dataId: to.write(from.readSync(info.dataId), info.shape, info.dtype),
      });
      const carried = Object.fromEntries(
        Object.entries(inputs).map((
          [name, info],
        ) => [name, carry(wasm, cpu, info!)]),
      );
      const result = tf.getKernel(kernelName, "cpu").kernelFunc({
        inputs: carried,
        attrs: attrs as NamedAttrMap,
        backend: cpu,
      });
      const outputs = (Array.isArray(result) ? result : [result]).map(
        (info) => {
          const { dataId, shape, dtype } = info;
          const output = carry(cpu, wasm, { dataId, shape, dtype });
          cpu.disposeData(dataId, true);
          return output;
        },
      );
      Object.values(carried).forEach(({ dataId }) =>
        cpu.disposeData(dataId, true)
      );
      return Array.isArray(result) ? outputs : outputs[0]!;
    });
}
