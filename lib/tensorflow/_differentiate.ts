import type { HyperTensors, HyperValues } from "./inner_problem.ts";
import { withGradientsOfGradients } from "./_second_order.ts";
import type { Tensor, TensorFlow } from "./tensorflow.ts";

/** A scalar and its derivatives; undefined where nothing leads from an input to it. */
export interface Differentiated {
  readonly value: Tensor;
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * Differentiates a scalar function; within `tf.tidy`.
 *
 * @param what What it is, for messages: `the training loss`.
 * @throws {TypeError} If the function gives no scalar tensor.
 * @throws {Error} If tfjs cannot, naming the backend and the operation.
 */
export function differentiate(
  tf: TensorFlow,
  what: string,
  work: () => Tensor,
  inputs: readonly Tensor[],
): Differentiated {
  return explain(tf, what, () => {
    const { value, grads } = withGradientsOfGradients(
      tf,
      () =>
        tf.engine().gradients(
          () => scalarOf(tf, what, work()),
          [...inputs],
          undefined,
          true,
        ),
    );
    return { value, gradients: grads as (Tensor | undefined)[] };
  });
}

/** Does something with tensors, and says on which backend it went wrong, and at which operation. */
export function explain<T>(tf: TensorFlow, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Explained || !(error instanceof Error)) throw error;
    if (error instanceof TypeError && error.message.startsWith("Cannot take")) {
      throw error;
    }
    throw new Explained(
      `Cannot compute the gradient of ${what} on the backend "${tf.getBackend()}"${
        causeOf(error.message)
      }: ${error.message}`,
      { cause: error },
    );
  }
}

class Explained extends Error {
  override readonly name = "Error";
}

/** What stood in the way, in words. */
function causeOf(message: string): string {
  const kernel = /gradient function not found for (\w+)/.exec(message)?.[1] ??
    /Kernel '(\w+)' not registered/.exec(message)?.[1];
  if (kernel !== undefined) {
    return `, whose operation ${kernel} cannot be differentiated there as often as it takes; use other operations, or loadTensorFlow({ prefer: "cpu" })`;
  }
  return /memory|alloc|array length/i.test(message)
    ? ", which has no memory for it; take fewer steps, `truncate`, or a smaller batch"
    : "";
}

function scalarOf(tf: TensorFlow, what: string, given: unknown): Tensor {
  if (given instanceof tf.Tensor && given.size === 1) {
    return given.rank === 0 ? given : tf.reshape(given, []);
  }
  const shown = given instanceof tf.Tensor
    ? `a tensor of shape [${given.shape}]`
    : typeof given;
  throw new TypeError(
    `Cannot take the gradient of ${what}: it is ${shown}, expected a scalar tensor such as tf.mean(…) gives`,
  );
}

/** Hyperparameters as one list of numbers. */
export class HyperList<H extends HyperValues> {
  readonly names: readonly string[];
  readonly #values: H;
  readonly #sizes: readonly number[];

  /**
   * @throws {TypeError} If one is neither a number nor a list of numbers.
   * @throws {RangeError} If there are none, or one is not finite.
   */
  constructor(values: H) {
    this.#values = values;
    this.names = Object.keys(values ?? {});
    if (this.names.length === 0) {
      throw new RangeError(
        "Cannot compute the hypergradient: there are no hyperparameters, expected an object such as { l2: 0.1 }",
      );
    }
    this.#sizes = this.names.map((name) => this.#check(name));
  }

  #check(name: string): number {
    const value: unknown = this.#values[name];
    const list = typeof value === "number" ? [value] : value;
    const about = `Cannot compute the hypergradient: ${JSON.stringify(name)}`;
    if (
      typeof list !== "object" || list === null ||
      !Number.isInteger((list as ArrayLike<number>).length)
    ) {
      throw new TypeError(
        `${about} is ${
          JSON.stringify(value) ?? String(value)
        }, expected a number or a list of numbers: a choice has no derivative`,
      );
    }
    const numbers = Array.from(list as ArrayLike<number>);
    if (!numbers.every(Number.isFinite)) {
      throw new RangeError(`${about} is ${value}, expected finite numbers`);
    }
    return numbers.length;
  }

  /** As tensors, for the caller to dispose. */
  tensors(tf: TensorFlow): readonly Tensor[] {
    return this.names.map((name) => {
      const value = this.#values[name]!;
      return typeof value === "number"
        ? tf.scalar(value)
        : tf.tensor1d(Float32Array.from(value));
    });
  }

  /** The tensors by name. */
  named(tensors: readonly Tensor[]): HyperTensors<H> {
    return Object.fromEntries(
      this.names.map((name, i) => [name, tensors[i]!]),
    ) as unknown as HyperTensors<H>;
  }

  /** How many numbers they are. */
  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Numbers, `[size]`, each with its name. */
  split(numbers: Float64Array): Record<string, number | Float64Array> {
    let from = 0;
    return Object.fromEntries(this.names.map((name, i) => {
      const part = numbers.slice(from, from += this.#sizes[i]!);
      return [
        name,
        typeof this.#values[name] === "number" ? part[0]! : part,
      ];
    }));
  }

  /**
   * Throws if a derivative is missing, because nothing leads from a hyperparameter to
   * the loss, or not finite.
   */
  checkGradient(
    tf: TensorFlow,
    gradient: Float64Array,
    isConnected: readonly boolean[],
  ): void {
    const about =
      `Cannot compute the hypergradient on the backend "${tf.getBackend()}"`;
    const missing = this.names.filter((_, i) => !isConnected[i]);
    if (missing.length > 0) {
      throw new TypeError(
        `${about}: no operation that can be differentiated leads from ${
          missing.slice(0, 5).map((name) => JSON.stringify(name)).join(", ")
        } to a loss; use the tensors that trainLoss and validationLoss are given, by tensor operations alone`,
      );
    }
    for (const [name, part] of Object.entries(this.split(gradient))) {
      const numbers = typeof part === "number" ? [part] : [...part];
      const bad = numbers.find((x) => !Number.isFinite(x));
      if (bad !== undefined) {
        throw new RangeError(
          `${about}: the derivative by ${
            JSON.stringify(name)
          } is ${bad}, expected a finite number; the training is too steep there: take smaller steps, or fewer`,
        );
      }
    }
  }
}

/** Numbers of tensors one after the other, `[n]`, in 64 bits. */
export async function flattened(
  tensors: readonly Tensor[],
): Promise<Float64Array> {
  const parts = await Promise.all(tensors.map((tensor) => tensor.data()));
  const flat = new Float64Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}

/** Tensors of the shapes of others out of numbers one after the other. */
export function unflattened(
  tf: TensorFlow,
  flat: Float64Array,
  like: readonly Tensor[],
): Tensor[] {
  let from = 0;
  return like.map(({ shape, size }) =>
    tf.tensor(Float32Array.from(flat.subarray(from, from += size)), shape)
  );
}

/** Σ ⟨a, b⟩; within `tf.tidy`. Pairs of which one is missing count as 0. */
export function innerProduct(
  tf: TensorFlow,
  a: readonly (Tensor | undefined)[],
  b: readonly Tensor[],
): Tensor {
  let sum: Tensor = tf.scalar(0);
  a.forEach((tensor, i) => {
    if (tensor !== undefined) {
      sum = tf.add(sum, tf.sum(tf.mul(tensor, b[i]!)));
    }
  });
  return sum;
}
