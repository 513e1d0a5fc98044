import type { LayersModel, Tensor } from "./tensorflow.ts";

/** tfjs throws at the second time. */
const disposed = new WeakSet<LayersModel>();

/**
 * Frees a model: its weights, its optimizer's state, and a number that tfjs
 * forgets where the optimizer is `tf.train.momentum`. Twice does no harm.
 * A study of many trials calls it at the end of each.
 *
 * @param model The model, compiled or not.
 *
 * @example
 * ```ts
 * import { disposeModel, loadTensorFlow } from "@etude/etude/tensorflow";
 * const { tf } = await loadTensorFlow();
 * const before = tf.memory().numTensors;
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: "meanSquaredError" });
 * disposeModel(model);
 * tf.memory().numTensors === before; // true
 * ```
 */
export function disposeModel(model: LayersModel): void {
  const optimizer = model.optimizer as unknown as
    | { dispose(): void; readonly c?: Tensor }
    | undefined;
  if (disposed.has(model)) return;
  disposed.add(model);
  model.dispose();
  optimizer?.dispose();
  // The learning rate of sgd, which momentum is made from (tfjs 4.22).
  optimizer?.c?.dispose();
}
