/**
 * A small ONNX model, written by hand: `Cast`, `Concat` and `MatMul`.
 *
 * Source: ONNX's `onnx.proto` (field numbers) and the protocol buffers' encoding.
 *
 * @module
 */

import type { ModelShape } from "../../bench/quality/suites/yahpo_layouts.ts";

type Bytes = readonly number[];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [value & 127 | 128, ...varint(value >> 7)];
/** A field that holds a whole number. */
const whole = (field: number, value: number): Bytes => [
  ...varint(field << 3),
  ...varint(value),
];
/** A field that holds bytes, a text or a message. */
const part = (field: number, content: Bytes | string): Bytes => {
  const bytes = typeof content === "string"
    ? [...new TextEncoder().encode(content)]
    : content;
  return [...varint(field << 3 | 2), ...varint(bytes.length), ...bytes];
};

const float32 = 1;
const int32 = 6;

/** A tensor `[batch, width]` that goes in or comes out. */
function value(name: string, type: number, width: number): Bytes {
  const shape = [
    ...part(1, part(2, "batch")),
    ...part(1, whole(1, width)),
  ];
  const tensor = [...whole(1, type), ...part(2, shape)];
  return [...part(1, name), ...part(2, part(1, tensor))];
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attribute?: readonly [name: string, value: number],
): Bytes {
  return [
    ...inputs.flatMap((name) => part(1, name)),
    ...part(2, output),
    ...part(4, operator),
    ...attribute === undefined ? [] : part(5, [
      ...part(1, attribute[0]),
      ...whole(3, attribute[1]),
      ...whole(20, 2),
    ]),
  ];
}

/**
 * A model in YAHPO's form whose first output is the sum of its inputs,
 * categories first, times weights; the k-th output is k times that.
 *
 * @param shape How many inputs and outputs it has.
 * @param weights `[shape.categorical + shape.continuous]`.
 */
export function linearModel(
  shape: ModelShape,
  weights: readonly number[],
): Uint8Array {
  const { categorical, continuous, outputs } = shape;
  const matrix = Float32Array.from(
    weights.flatMap((one) =>
      Array.from({ length: outputs }, (_, k) => one * (k + 1))
    ),
  );
  const initializer = [
    ...whole(1, categorical + continuous),
    ...whole(1, outputs),
    ...whole(2, float32),
    ...part(8, "weights"),
    ...part(9, [...new Uint8Array(matrix.buffer)]),
  ];
  const graph = [
    ...part(1, node("Cast", ["x_cat"], "codes", ["to", float32])),
    ...part(1, node("Concat", ["codes", "x_cont"], "all", ["axis", 1])),
    ...part(1, node("MatMul", ["all", "weights"], "output")),
    ...part(2, "linear"),
    ...part(5, initializer),
    ...part(11, value("x_cat", int32, categorical)),
    ...part(11, value("x_cont", float32, continuous)),
    ...part(12, value("output", float32, outputs)),
  ];
  return Uint8Array.from([
    ...whole(1, 7),
    ...part(7, graph),
    ...part(8, [...part(1, ""), ...whole(2, 13)]),
  ]);
}
