/**
 * Optimizers that tune their own learning rate while they train.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | g | `gradient` | the weights' | the gradient of the loss of the present batch |
 * | α | `rate` | 1 | the learning rate |
 * | ∂u | `slope` | the weights' | how the last step would have changed with α |
 * | h | `along` | 1 | g · ∂u: how the present loss would have changed with α |
 * | β | `hyperRate` | 1 | the learning rate's learning rate |
 *
 * α ← α − β h, or α ← α (1 − β h / (‖g‖ ‖∂u‖)).
 *
 * Source: Baydin, Cornish, Rubio, Schmidt and Wood, "Online learning rate adaptation with
 * hypergradient descent" (2018), algorithms 4 to 6 and, for the second rule, equation 9.
 *
 * @module
 */

import { importTensorFlow, type Tensor } from "./tensorflow.ts";

/** An optimizer of TensorFlow.js: what `model.compile` takes. */
export type Optimizer = InstanceType<
  typeof import("@tensorflow/tfjs")["Optimizer"]
>;

/** Options of {@linkcode onlineOptimizer}. */
export interface OnlineOptimizerOptions {
  /** How it steps: plain gradient descent, Nesterov's momentum of 0.9, or Adam with its usual settings. Defaults to `"sgd"`. */
  readonly kind?: "sgd" | "nesterov" | "adam";
  /** The learning rate to begin with, above 0. Defaults to `0.01`, for Adam to `0.001`. */
  readonly learningRate?: number;
  /**
   * How the learning rate moves: by a share of itself, whatever the loss's unit, or by
   * the hypergradient as it is. Defaults to `"multiplicative"`.
   */
  readonly rule?: "multiplicative" | "additive";
  /** β, at least 0. Defaults to `0.05`: at most 5 % a step; of the additive rule, which has the loss's unit, to `1e-4`, for Adam to `1e-7`. */
  readonly hyperRate?: number;
}

/** An optimizer that knows its learning rate. */
export type OnlineOptimizer = Optimizer & {
  /** The learning rate as it is now. */
  learningRate(): Promise<number>;
};

/**
 * An optimizer whose learning rate follows its own hypergradient: it grows while
 * successive gradients agree and shrinks where they turn. For `model.compile`, so that
 * `fitTrial` trains with it, or for `optimizer.minimize`. It costs a product of two
 * gradients a step, and a copy of the gradient in memory.
 *
 * `optimizer.dispose()` frees what it keeps.
 *
 * Source: see the module's head.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { loadTensorFlow, onlineOptimizer } from "@etude/etude/tensorflow";
 * const { tf } = await loadTensorFlow();
 * const optimizer = await onlineOptimizer({ learningRate: 0.001, hyperRate: 0.1 });
 * const w = tf.variable(tf.scalar(1));
 * for (let step = 0; step < 50; step++) optimizer.minimize(() => tf.square(w).asScalar());
 * (await optimizer.learningRate()) > 0.001; // true: it was far too small
 * optimizer.dispose();
 * ```
 */
export async function onlineOptimizer(
  options: OnlineOptimizerOptions = {},
): Promise<OnlineOptimizer> {
  const { kind = "sgd", rule = "multiplicative" } = options;
  const isAdam = kind === "adam";
  const { learningRate: start = isAdam ? 0.001 : 0.01 } = options;
  const isMultiplicative = rule === "multiplicative";
  const { hyperRate = isMultiplicative ? 0.05 : isAdam ? 1e-7 : 1e-4 } =
    options;
  check(
    "kind",
    kind,
    ["sgd", "nesterov", "adam"].includes(kind),
    '"sgd", "nesterov" or "adam"',
  );
  check(
    "rule",
    rule,
    isMultiplicative || rule === "additive",
    '"multiplicative" or "additive"',
  );
  const isRate = start > 0 && start < Infinity;
  check("learningRate", start, isRate, "a number above 0");
  const isHyperRate = hyperRate >= 0 && hyperRate < Infinity;
  check("hyperRate", hyperRate, isHyperRate, "a number of at least 0");
  const tf = await importTensorFlow();

  class Online extends tf.Optimizer {
    /** The name by which tfjs would save it. */
    static readonly className = "EtudeOnline";
    readonly #rate = tf.tidy(() => tf.variable(tf.scalar(start), false));
    /** By weight: what it keeps of the steps before. */
    readonly #kept = new Map<string, Kept>();
    #steps = 0;

    override getClassName(): string {
      return Online.className;
    }

    override getConfig() {
      return { kind, learningRate: start, rule, hyperRate };
    }

    override applyGradients(
      gradients:
        | Readonly<Record<string, Tensor>>
        | readonly { readonly name: string; readonly tensor: Tensor }[],
    ): void {
      const pairs = Array.isArray(gradients)
        ? gradients.map(({ name, tensor }) => [name, tensor] as const)
        : Object.entries(gradients as Readonly<Record<string, Tensor>>);
      const slopes = pairs.filter(([, gradient]) => gradient != null);
      if (this.#steps++ > 0) this.#adapt(slopes);
      tf.tidy(() => {
        for (const [name, gradient] of slopes) {
          const weight = tf.engine().registeredVariables[name]!;
          const slope = this.#slope(name, gradient);
          weight.assign(tf.add(weight, tf.mul(this.#rate, slope)));
        }
      });
      this.incrementIterations();
    }

    /** α after what the present gradients say of the last step. */
    #adapt(slopes: readonly (readonly [string, Tensor])[]): void {
      tf.tidy(() => {
        let along: Tensor = tf.scalar(0);
        let [size, before]: [Tensor, Tensor] = [tf.scalar(0), tf.scalar(0)];
        for (const [name, gradient] of slopes) {
          const last = this.#kept.get(name)?.slope;
          if (last === undefined) continue;
          along = tf.add(along, tf.sum(tf.mul(gradient, last)));
          size = tf.add(size, tf.sum(tf.square(gradient)));
          before = tf.add(before, tf.sum(tf.square(last)));
        }
        if (isMultiplicative) {
          const lengths = tf.sqrt(tf.mul(size, before));
          const cosine = tf.divNoNan(along, lengths);
          along = tf.mul(this.#rate, cosine);
        }
        this.#rate.assign(
          tf.relu(tf.sub(this.#rate, tf.mul(along, hyperRate))),
        );
      });
    }

    /** ∂u of this step, kept for the next; within `tf.tidy`. */
    #slope(name: string, gradient: Tensor): Tensor {
      const before = this.#kept.get(name);
      const t = this.#steps;
      const mix = (kept: Tensor | undefined, latest: Tensor, share: number) =>
        tf.add(
          tf.mul(kept ?? tf.zerosLike(latest), share),
          tf.mul(latest, 1 - share),
        );
      let next: Kept;
      if (kind === "sgd") next = { slope: tf.neg(gradient) };
      else if (kind === "nesterov") {
        const mean = before?.mean === undefined
          ? gradient.clone()
          : tf.add(tf.mul(before.mean, 0.9), gradient);
        next = { slope: tf.neg(tf.add(gradient, tf.mul(mean, 0.9))), mean };
      } else {
        const mean = mix(before?.mean, gradient, 0.9);
        const square = mix(before?.square, tf.square(gradient), 0.999);
        const root = tf.sqrt(tf.div(square, 1 - 0.999 ** t));
        const slope = tf.div(
          tf.neg(tf.div(mean, 1 - 0.9 ** t)),
          tf.add(root, 1e-8),
        );
        next = { slope, mean, square };
      }
      for (const tensor of Object.values(next)) tf.keep(tensor);
      for (const tensor of Object.values(before ?? {})) tensor.dispose();
      this.#kept.set(name, next);
      return next.slope;
    }

    async learningRate(): Promise<number> {
      return (await this.#rate.data())[0]!;
    }

    override dispose(): void {
      super.dispose();
      this.#rate.dispose();
      for (const kept of this.#kept.values()) {
        for (const tensor of Object.values(kept)) tensor.dispose();
      }
      this.#kept.clear();
    }
  }
  return new Online() as unknown as OnlineOptimizer;
}

interface Kept {
  readonly slope: Tensor;
  readonly mean?: Tensor;
  readonly square?: Tensor;
}

function check(
  name: string,
  value: unknown,
  fits: boolean,
  what: string,
): void {
  if (fits) return;
  throw new RangeError(
    `Cannot make the online optimizer: ${name} is ${
      JSON.stringify(value) ?? String(value)
    }, expected ${what}`,
  );
}
