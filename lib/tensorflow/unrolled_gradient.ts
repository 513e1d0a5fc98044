/**
 * Hypergradients by reverse mode through the steps of a training.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | s | `InnerState` | weights, and what the optimizer keeps |
 * | λ | `hyper` | hyperparameters |
 * | Φ | `stepFrom` | a step: sₜ = Φₜ(sₜ₋₁, λ) |
 * | F | `validationLoss` | what is tuned, of the last weights |
 * | a | `adjoint` | dF/dsₜ |
 *
 * From the last step to the first: dF/dλ += aᵀ ∂Φₜ/∂λ, a ← aᵀ ∂Φₜ/∂sₜ₋₁. Each step is
 * computed again for that, so that memory holds one state a step, not all that lies
 * between.
 *
 * Source: Franceschi, Donini, Frasconi and Pontil, "Forward and reverse gradient-based
 * hyperparameter optimization" (2017), algorithm 1; truncated: Shaban, Cheng, Hatch and
 * Boots (2019).
 *
 * @module
 */

import { Breather } from "./_breather.ts";
import {
  differentiate,
  explain,
  flattened,
  HyperList,
  innerProduct,
} from "./_differentiate.ts";
import type {
  HyperDerivatives,
  Hypergradient,
  HyperValues,
  InnerProblem,
  StepListener,
} from "./inner_problem.ts";
import type { InnerState, InnerUpdate } from "./inner_update.ts";
import {
  importTensorFlow,
  type Tensor,
  type TensorFlow,
} from "./tensorflow.ts";

/** Options of {@linkcode unrolledGradient}. */
export interface UnrolledGradientOptions<H extends HyperValues = HyperValues> {
  /** How many steps the training takes, at least 1. */
  readonly steps: number;
  /** How a step goes, e.g. `descentUpdate({ learningRate: 0.1 })`. */
  readonly update: InnerUpdate<H>;
  /** Through how many of the last steps the gradient goes, at least 1: it bounds memory and time, and leaves out what the earlier ones would add. Defaults to all. */
  readonly truncate?: number;
  /** Hears of each step. Defaults to nobody. */
  readonly onStep?: StepListener;
}

/**
 * Trains, and gives the derivative of the validation loss with respect to each
 * hyperparameter, through all steps of the training or the last ones: exact for the
 * training as it is, converged or not. Learning rate and momentum have such a derivative
 * too. It takes about four times as long as the training alone; memory holds the
 * weights (and what the optimizer keeps) once a step.
 *
 * All tensors but the trained weights are disposed, also after an error. It lets the
 * event loop run about every 50 ms.
 *
 * Source: see the module's head.
 *
 * @param problem The training and what judges it.
 * @param hyper The hyperparameters' values.
 * @throws {TypeError} If a loss is no scalar tensor, or nothing that can be
 * differentiated leads from a hyperparameter to a loss.
 * @throws {RangeError} If an option is out of its range, a loss becomes NaN or infinite
 * (with its step), or a derivative does.
 * @throws {Error} If the backend lacks an operation or memory.
 *
 * @example
 * ```ts
 * import { descentUpdate, loadTensorFlow, unrolledGradient } from "@etude/etude/tensorflow";
 * const { tf } = await loadTensorFlow();
 * // One step on w²/2 from w = 1 comes to w = 1 − α; the derivative of w² is −2 (1 − α).
 * const { gradient } = await unrolledGradient({
 *   weights: [tf.scalar(1)],
 *   trainLoss: ([w]) => tf.div(tf.square(w!), 2),
 *   validationLoss: ([w]) => tf.square(w!),
 * }, { rate: 0.25 }, {
 *   steps: 1,
 *   update: descentUpdate({ learningRate: ({ rate }) => rate! }),
 * });
 * gradient.rate; // -1.5
 * ```
 */
export async function unrolledGradient<H extends HyperValues>(
  problem: InnerProblem<H>,
  hyper: H,
  options: UnrolledGradientOptions<H>,
): Promise<Hypergradient<H>> {
  const { steps, truncate = steps, update, onStep } = options;
  checkCount("steps", steps);
  checkCount("truncate", truncate);
  const tf = await importTensorFlow();
  const list = new HyperList(hyper);
  const unrolled = new Unrolled(tf, problem, list, update);
  try {
    await unrolled.train(steps, truncate, onStep);
    const value = await unrolled.judge();
    await unrolled.unroll();
    const gradient = await unrolled.gradient();
    return Object.freeze({
      value,
      gradient: Object.freeze(
        list.split(gradient),
      ) as unknown as HyperDerivatives<H>,
      weights: Object.freeze(unrolled.takeWeights()),
    });
  } finally {
    unrolled.dispose();
  }
}

/** How many losses are read at once, where nobody wants to hear of each. */
const readEvery = 25;

/** A training that remembers its way. */
class Unrolled<H extends HyperValues> {
  readonly #tf: TensorFlow;
  readonly #problem: InnerProblem<H>;
  readonly #list: HyperList<H>;
  readonly #update: InnerUpdate<H>;
  readonly #hyper: readonly Tensor[];
  readonly #breather = new Breather();
  /** The states that the gradient goes through, the last one the trained; the first at `#first` steps. */
  readonly #states: InnerState[];
  #first = 0;
  #adjoint: Tensor[] = [];
  #sums: (Tensor | undefined)[];

  constructor(
    tf: TensorFlow,
    problem: InnerProblem<H>,
    list: HyperList<H>,
    update: InnerUpdate<H>,
  ) {
    this.#tf = tf;
    this.#problem = problem;
    this.#list = list;
    this.#update = update;
    this.#hyper = list.tensors(tf);
    this.#sums = list.names.map(() => undefined);
    this.#states = [{
      weights: problem.weights.map((w) => tf.clone(w)),
      slots: Array.from(
        { length: update.slots },
        () => problem.weights.map((w) => tf.zerosLike(w)),
      ),
    }];
  }

  async train(
    steps: number,
    keep: number,
    onStep: StepListener | undefined,
  ): Promise<void> {
    const tf = this.#tf;
    let losses: Tensor[] = [];
    try {
      for (let step = 1; step <= steps; step++) {
        const [loss, state] = explain(
          tf,
          `the training loss in step ${step}`,
          () => {
            let next: InnerState | undefined;
            const loss = tf.tidy(() => {
              const [value, moved] = this.#stepFrom(
                this.#states.at(-1)!,
                this.#hyper,
                step,
              );
              next = kept(tf, moved);
              return value;
            });
            return [loss, next!] as const;
          },
        );
        losses.push(loss);
        this.#states.push(state);
        if (this.#states.length > keep + 1) {
          tf.dispose(tensorsOf(this.#states.shift()!));
          this.#first++;
        }
        if (
          onStep !== undefined || losses.length === readEvery || step === steps
        ) {
          const read = await this.#read(losses, step);
          losses = [];
          if (onStep !== undefined) {
            await onStep(step, {
              train: { loss: read },
              validation: { loss: await this.#validation() },
            });
          }
        }
        await this.#breather.breathe();
      }
    } finally {
      tf.dispose(losses);
    }
  }

  /** Reads losses and disposes them; gives the last. */
  async #read(losses: readonly Tensor[], step: number): Promise<number> {
    const tf = this.#tf;
    const all = tf.tidy(() => tf.stack([...losses]));
    try {
      const values = [...await all.data()];
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        throw new RangeError(
          `Cannot compute the hypergradient on the backend "${tf.getBackend()}": the training loss is ${
            values[bad]
          } in step ${
            step - losses.length + 1 + bad
          }, expected a finite number; the inner training explodes: a smaller learning rate, or a narrower range of the hyperparameters, may help`,
        );
      }
      return values.at(-1)!;
    } finally {
      tf.dispose([all, ...losses]);
    }
  }

  async #validation(): Promise<number> {
    const tf = this.#tf;
    const loss = explain(
      tf,
      "the validation loss",
      () =>
        tf.tidy(() =>
          this.#problem.validationLoss(
            this.#states.at(-1)!.weights,
            this.#list.named(this.#hyper),
          ).clone()
        ),
    );
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  }

  /** A step, from a state; within `tf.tidy`. Gives the training loss before it, and the state after it. */
  #stepFrom(
    { weights, slots }: InnerState,
    hyper: readonly Tensor[],
    step: number,
  ): [Tensor, InnerState] {
    const tf = this.#tf;
    const named = this.#list.named(hyper);
    const { value, gradients } = differentiate(
      tf,
      `the training loss in step ${step}`,
      () => this.#problem.trainLoss(weights, named, step),
      weights,
    );
    const slopes = gradients.map((slope, i) =>
      slope ?? tf.zerosLike(weights[i]!)
    );
    const state = { weights, slots };
    return [value, this.#update.apply(tf, state, slopes, named, step)];
  }

  /** F, and where the way back begins. */
  async judge(): Promise<number> {
    const tf = this.#tf;
    const { weights, slots } = this.#states.at(-1)!;
    let adjoint: Tensor[] = [];
    let direct: (Tensor | undefined)[] = [];
    const loss = tf.tidy(() => {
      const { value, gradients } = differentiate(
        tf,
        "the validation loss",
        () =>
          this.#problem.validationLoss(
            weights,
            this.#list.named(this.#hyper),
          ),
        [...weights, ...this.#hyper],
      );
      adjoint = weights.map((w, i) =>
        tf.keep(gradients[i]?.clone() ?? tf.zerosLike(w))
      );
      for (const slot of slots) {
        adjoint.push(...slot.map((one) => tf.keep(tf.zerosLike(one))));
      }
      direct = gradients.slice(weights.length)
        .map((g) => g === undefined ? undefined : tf.keep(g.clone()));
      return value;
    });
    this.#adjoint = adjoint;
    this.#sums = direct;
    const [value] = await loss.data();
    loss.dispose();
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Cannot compute the hypergradient on the backend "${tf.getBackend()}": the validation loss is ${value} after the training, expected a finite number`,
      );
    }
    return value!;
  }

  /** The way back. */
  async unroll(): Promise<void> {
    for (let index = this.#states.length - 2; index >= 0; index--) {
      this.#back(this.#states[index]!, this.#first + index + 1);
      await this.#breather.breathe();
    }
  }

  #back(state: InnerState, step: number): void {
    const tf = this.#tf;
    const inputs = tensorsOf(state);
    let adjoint: Tensor[] = [];
    let sums: (Tensor | undefined)[] = [];
    tf.tidy(() => {
      const { gradients } = differentiate(
        tf,
        `step ${step} of the training`,
        () => {
          const [, next] = this.#stepFrom(state, this.#hyper, step);
          return innerProduct(tf, tensorsOf(next), this.#adjoint);
        },
        [...inputs, ...this.#hyper],
      );
      adjoint = inputs.map((input, i) =>
        tf.keep(gradients[i]?.clone() ?? tf.zerosLike(input))
      );
      sums = this.#sums.map((sum, j) => {
        const part = gradients[inputs.length + j];
        const next = part === undefined || sum === undefined
          ? part ?? sum
          : tf.add(sum, part);
        return next === undefined ? undefined : tf.keep(next.clone());
      });
    });
    tf.dispose(this.#adjoint);
    tf.dispose(this.#sums.filter((sum) => sum !== undefined));
    this.#adjoint = adjoint;
    this.#sums = sums;
  }

  /** dF/dλ, `[size]`. */
  async gradient(): Promise<Float64Array> {
    const tf = this.#tf;
    const sums = tf.tidy(() =>
      this.#sums.map((sum, j) => sum?.clone() ?? tf.zerosLike(this.#hyper[j]!))
    );
    try {
      const gradient = await flattened(sums);
      const isConnected = this.#sums.map((sum) => sum !== undefined);
      this.#list.checkGradient(tf, gradient, isConnected);
      return gradient;
    } finally {
      tf.dispose(sums);
    }
  }

  /** The trained weights, for the caller. */
  takeWeights(): Tensor[] {
    return this.#states.at(-1)!.weights.map((w) => this.#tf.clone(w));
  }

  dispose(): void {
    const tf = this.#tf;
    tf.dispose([...this.#hyper]);
    tf.dispose(this.#states.flatMap(tensorsOf));
    tf.dispose(this.#adjoint);
    tf.dispose(this.#sums.filter((sum) => sum !== undefined));
  }
}

function tensorsOf({ weights, slots }: InnerState): Tensor[] {
  return [...weights, ...slots.flat()];
}

function kept(tf: TensorFlow, { weights, slots }: InnerState): InnerState {
  const keep = (tensors: readonly Tensor[]) =>
    tensors.map((tensor) => tf.keep(tensor.clone()));
  return { weights: keep(weights), slots: slots.map(keep) };
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(
    `Cannot compute the hypergradient: ${name} is ${value}, expected a whole number of at least 1`,
  );
}
