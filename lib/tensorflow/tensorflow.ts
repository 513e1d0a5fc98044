/**
 * TensorFlow.js as a value: what `import("@tensorflow/tfjs")` gives and
 * `loadTensorFlow()` hands out. For functions that take `tf`.
 *
 * @example
 * ```ts
 * import type { TensorFlow } from "@etude/etude/tensorflow";
 * const identity = (tf: TensorFlow) => tf.eye(3);
 * ```
 */
export type TensorFlow = typeof import("@tensorflow/tfjs");

/** A tensor of TensorFlow.js: `tf.Tensor`. */
export type Tensor = InstanceType<TensorFlow["Tensor"]>;

/** A model of TensorFlow.js, as `tf.sequential()` and `tf.model()` make it: `tf.LayersModel`. */
export type LayersModel = InstanceType<TensorFlow["LayersModel"]>;

/** TensorFlow.js, loaded at the first call. */
export async function importTensorFlow(): Promise<TensorFlow> {
  return await import("@tensorflow/tfjs");
}
