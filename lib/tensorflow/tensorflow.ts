/**
 * TensorFlow.js as a value: what `import("@tensorflow/tfjs")` gives and
 * {@linkcode loadTensorFlow} hands out. For functions that take `tf`.
 *
 * @example
 * ```ts
 * import type { TensorFlow } from "@etude/etude/tensorflow";
 * const identity = (tf: TensorFlow) => tf.eye(3);
 * ```
 */
export type TensorFlow = typeof import("@tensorflow/tfjs");
