import type { HyperTensors, HyperValues } from "./inner_problem.ts";
import type { Tensor, TensorFlow } from "./tensorflow.ts";

/** A setting of the training: a number, or made of the hyperparameters, so that it can be tuned. */
export type InnerSetting<H extends HyperValues = HyperValues> =
  | number
  | ((hyper: HyperTensors<H>, step: number) => Tensor);

/** Weights, and what the optimizer keeps of the steps before: a list of each kind, in the weights' shapes. */
export interface InnerState {
  /** The weights. */
  readonly weights: readonly Tensor[];
  /** What is kept, `[kinds][weights]`. */
  readonly slots: readonly (readonly Tensor[])[];
}

/** How a step of the training goes, by operations that can be differentiated. */
export interface InnerUpdate<H extends HyperValues = HyperValues> {
  /** How many kinds of things are kept of the steps before; each begins at 0. */
  readonly slots: number;
  /** The state after a step. */
  apply(
    tf: TensorFlow,
    state: InnerState,
    gradients: readonly Tensor[],
    hyper: HyperTensors<H>,
    step: number,
  ): InnerState;
}

/** Options of {@linkcode descentUpdate}. */
export interface DescentUpdateOptions<H extends HyperValues = HyperValues> {
  /** The learning rate. */
  readonly learningRate: InnerSetting<H>;
  /** How much of the last step is added, in `[0, 1)`. Defaults to `0`. */
  readonly momentum?: InnerSetting<H>;
}

/**
 * Gradient descent, with momentum or without: v ← μ v + g, w ← w − α v. Learning rate
 * and momentum can be hyperparameters themselves.
 *
 * @example
 * ```ts
 * import { descentUpdate } from "@etude/etude/tensorflow";
 * const update = descentUpdate<{ rate: number }>({ learningRate: ({ rate }) => rate, momentum: 0.9 });
 * update.slots; // 1
 * ```
 */
export function descentUpdate<H extends HyperValues = HyperValues>(
  { learningRate, momentum }: DescentUpdateOptions<H>,
): InnerUpdate<H> {
  return Object.freeze<InnerUpdate<H>>({
    slots: momentum === undefined ? 0 : 1,
    apply(tf, { weights, slots: [before] }, gradients, hyper, step) {
      const rate = settingOf(tf, learningRate, hyper, step);
      const share = settingOf(tf, momentum ?? 0, hyper, step);
      const steps = before === undefined
        ? gradients
        : gradients.map((g, i) => tf.add(tf.mul(share, before[i]!), g));
      return {
        weights: weights.map((w, i) => tf.sub(w, tf.mul(rate, steps[i]!))),
        slots: before === undefined ? [] : [steps],
      };
    },
  });
}

/** Options of {@linkcode adamUpdate}. */
export interface AdamUpdateOptions<H extends HyperValues = HyperValues> {
  /** The learning rate. */
  readonly learningRate: InnerSetting<H>;
  /** How much of the mean of the gradients is kept, in `[0, 1)`. Defaults to `0.9`. */
  readonly beta1?: number;
  /** The same for the mean of their squares, in `[0, 1)`. Defaults to `0.999`. */
  readonly beta2?: number;
  /** What is added to the mean square, squared, above 0. Defaults to `1e-7`. */
  readonly epsilon?: number;
}

/**
 * Adam. ε² is added within the root, since the root of 0 has no derivative.
 *
 * @example
 * ```ts
 * import { adamUpdate } from "@etude/etude/tensorflow";
 * adamUpdate({ learningRate: 0.01 }).slots; // 2
 * ```
 */
export function adamUpdate<H extends HyperValues = HyperValues>(
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }:
    AdamUpdateOptions<H>,
): InnerUpdate<H> {
  return Object.freeze<InnerUpdate<H>>({
    slots: 2,
    apply(tf, { weights, slots }, gradients, hyper, step) {
      const rate = settingOf(tf, learningRate, hyper, step);
      const mix = (kept: Tensor, latest: Tensor, share: number) =>
        tf.add(tf.mul(kept, share), tf.mul(latest, 1 - share));
      const means = gradients.map((g, i) => mix(slots[0]![i]!, g, beta1));
      const squares = gradients.map((g, i) =>
        mix(slots[1]![i]!, tf.mul(g, g), beta2)
      );
      const moved = weights.map((w, i) => {
        const mean = tf.div(means[i]!, 1 - beta1 ** step);
        const square = tf.div(squares[i]!, 1 - beta2 ** step);
        const root = tf.sqrt(tf.add(square, epsilon ** 2));
        return tf.sub(w, tf.mul(rate, tf.div(mean, root)));
      });
      return { weights: moved, slots: [means, squares] };
    },
  });
}

function settingOf<H extends HyperValues>(
  tf: TensorFlow,
  setting: InnerSetting<H>,
  hyper: HyperTensors<H>,
  step: number,
): Tensor {
  return typeof setting === "number"
    ? tf.scalar(setting)
    : setting(hyper, step);
}
