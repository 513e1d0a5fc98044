/**
 * Hypergradients by the implicit function theorem: through the minimum of a training
 * loss, not through the way to it. Notation as in `lib/math/implicit_gradient.ts`.
 *
 * @module
 */

import {
  type AdjointSolver,
  conjugateGradient,
  implicitGradient,
  lbfgsSearch,
} from "../math/mod.ts";
import { Breather } from "./_breather.ts";
import {
  differentiate,
  explain,
  flattened,
  HyperList,
  innerProduct,
  unflattened,
} from "./_differentiate.ts";
import type {
  HyperDerivatives,
  Hypergradient,
  HyperValues,
  InnerProblem,
  StepListener,
} from "./inner_problem.ts";
import {
  importTensorFlow,
  type Tensor,
  type TensorFlow,
} from "./tensorflow.ts";

/** Options of {@linkcode implicitHypergradient}. */
export interface ImplicitHypergradientOptions {
  /** The most steps of the training (L-BFGS on the whole training loss), at least 0: `0` where the weights given are trained already. Defaults to `200`. */
  readonly steps?: number;
  /** The training ends where it falls by no more than this part of itself, above 0. Defaults to `1e-7`, what 32 bits can tell. */
  readonly tolerance?: number;
  /** How the linear equations are solved. Defaults to conjugate gradients to `1e-6`. */
  readonly solver?: AdjointSolver;
  /** Hears of each step. Defaults to nobody. */
  readonly onStep?: StepListener;
}

/** What {@linkcode implicitHypergradient} found. */
export interface ImplicitHypergradient<H extends HyperValues = HyperValues>
  extends Hypergradient<H> {
  /** ‖∂L/∂w‖ at the trained weights: how far from a minimum they are. */
  readonly slope: number;
  /** How well the linear equations were solved: ‖b − A x‖ by ‖b‖. */
  readonly residual: number;
}

/**
 * Trains to the minimum of the training loss, and gives the derivative of the
 * validation loss with respect to each hyperparameter there: memory and time do not hang
 * on how long the training was, and any number of hyperparameters costs the same. Right
 * where the training has converged, and the loss has curvature in every direction (a
 * penalty on all weights gives it); `unrolledGradient` for what stops early, and for
 * learning rates, which a minimum does not know.
 *
 * The training is L-BFGS, then up to three Newton steps by conjugate gradients, which
 * take the weights as near as 32 bits allow. All tensors but the trained weights are
 * disposed, also after an error.
 *
 * Source: Pedregosa (2016); Lorraine, Vicol and Duvenaud (2020).
 *
 * @param problem The training and what judges it; `trainLoss` is called with step 0.
 * @param hyper The hyperparameters' values.
 * @throws {TypeError} If a loss is no scalar tensor, or nothing that can be
 * differentiated leads from a hyperparameter to a loss.
 * @throws {RangeError} If an option is out of its range, a loss or a derivative is NaN or
 * infinite, or the training has reached no minimum.
 * @throws {Error} If the backend lacks an operation or memory.
 *
 * @example
 * ```ts
 * import { implicitHypergradient, loadTensorFlow } from "@etude/etude/tensorflow";
 * const { tf } = await loadTensorFlow();
 * // The least of (w − 3)² + λ w² is at w = 3 / (1 + λ).
 * const { gradient } = await implicitHypergradient({
 *   weights: [tf.scalar(0)],
 *   trainLoss: ([w], { penalty }) => tf.add(tf.square(tf.sub(w!, 3)), tf.mul(penalty!, tf.square(w!))),
 *   validationLoss: ([w]) => tf.square(tf.sub(w!, 2)),
 * }, { penalty: 1 });
 * gradient.penalty; // about 0.75
 * ```
 */
export async function implicitHypergradient<H extends HyperValues>(
  problem: InnerProblem<H>,
  hyper: H,
  options: ImplicitHypergradientOptions = {},
): Promise<ImplicitHypergradient<H>> {
  const { steps = 200, tolerance = 1e-7, onStep } = options;
  const { solver = { kind: "conjugate gradient", tolerance: 1e-6 } } = options;
  if (!(steps >= 0)) {
    throw new RangeError(
      `Cannot compute the hypergradient: steps is ${steps}, expected at least 0`,
    );
  }
  if (!(tolerance > 0)) {
    throw new RangeError(
      `Cannot compute the hypergradient: tolerance is ${tolerance}, expected a number above 0`,
    );
  }
  const tf = await importTensorFlow();
  const list = new HyperList(hyper);
  const losses = new Losses(tf, problem, list);
  try {
    let flat = await flattened(problem.weights);
    if (steps > 0) {
      const { slope } = await losses.train(flat);
      flat = await train(losses, flat, { steps, tolerance, onStep });
      flat = await polish(losses, flat, enough * Math.hypot(...slope));
    }
    const { slope } = await losses.train(flat);
    const outer = await losses.validation(flat);
    let crossConnected: readonly boolean[] = [];
    const { gradient, adjoint } = await implicitGradient({
      outerGradient: outer.slope,
      directGradient: outer.direct,
      hvp: (vector) => losses.curvature(flat, vector),
      crossDerivative: async (vector) => {
        const cross = await losses.cross(flat, vector);
        crossConnected = cross.isConnected;
        return cross.derivative;
      },
      solver,
    });
    list.checkGradient(
      tf,
      gradient,
      crossConnected.map((one, j) => one || outer.isConnected[j]!),
    );
    return Object.freeze({
      value: outer.value,
      gradient: Object.freeze(
        list.split(gradient),
      ) as unknown as HyperDerivatives<H>,
      weights: Object.freeze(unflattened(tf, flat, problem.weights)),
      slope: Math.hypot(...slope),
      residual: adjoint.residual,
    });
  } finally {
    losses.dispose();
  }
}

async function train<H extends HyperValues>(
  losses: Losses<H>,
  start: Float64Array,
  { steps, tolerance, onStep }: {
    readonly steps: number;
    readonly tolerance: number;
    readonly onStep: StepListener | undefined;
  },
): Promise<Float64Array> {
  const search = lbfgsSearch(start, {
    maxEvaluations: steps,
    maxIterations: steps,
    valueTolerance: tolerance,
    gradientTolerance: 1e-7,
  });
  const breather = new Breather();
  let next = search.next();
  for (let step = 1; !next.done; step++) {
    const point = next.value;
    const { value, slope } = await losses.train(point, step === 1);
    if (onStep !== undefined) {
      const loss = await losses.validationLoss(point);
      await onStep(step, { train: { loss: value }, validation: { loss } });
    }
    next = search.next({ value, gradient: slope });
    await breather.breathe();
  }
  return next.value.point;
}

/** The part of its first slope at which a training has arrived: 32 bits tell little below. */
const enough = 1e-6;

/** Newton steps, as long as they are needed and make the slope less; where there is no minimum near, none. */
async function polish<H extends HyperValues>(
  losses: Losses<H>,
  start: Float64Array,
  goal: number,
): Promise<Float64Array> {
  let point = start;
  let { slope } = await losses.train(point);
  for (let round = 0; round < 3 && Math.hypot(...slope) > goal; round++) {
    let step: Float64Array;
    try {
      const { solution } = await conjugateGradient(
        (vector) => losses.curvature(point, vector),
        slope,
        { tolerance: 1e-3, maxIterations: 200 },
      );
      step = solution;
    } catch (error) {
      if (error instanceof RangeError) return point;
      throw error;
    }
    const from = point;
    const moved = from.map((x, i) => x - step[i]!);
    const there = await losses.train(moved, false);
    if (!(Math.hypot(...there.slope) < 0.9 * Math.hypot(...slope))) break;
    point = moved;
    slope = there.slope;
  }
  return point;
}

/** Both losses and their derivatives, at weights given as numbers. */
class Losses<H extends HyperValues> {
  readonly #tf: TensorFlow;
  readonly #problem: InnerProblem<H>;
  readonly #list: HyperList<H>;
  readonly #hyper: readonly Tensor[];

  constructor(
    tf: TensorFlow,
    problem: InnerProblem<H>,
    list: HyperList<H>,
  ) {
    this.#tf = tf;
    this.#problem = problem;
    this.#list = list;
    this.#hyper = list.tensors(tf);
  }

  dispose(): void {
    this.#tf.dispose([...this.#hyper]);
  }

  /** L and ∂L/∂w; throws if L is not finite, unless told not to. */
  async train(
    flat: Float64Array,
    mustBeFinite = true,
  ): Promise<{ value: number; slope: Float64Array }> {
    const { value, gradients } = await this.#differentiate(
      "the training loss",
      flat,
      (weights) => this.#trainLoss(weights),
    );
    if (mustBeFinite) this.#checkFinite("training", value);
    return { value, slope: gradients };
  }

  /** F, as it is. */
  async validationLoss(flat: Float64Array): Promise<number> {
    const tf = this.#tf;
    const loss = explain(
      tf,
      "the validation loss",
      () =>
        tf.tidy(() =>
          this.#problem.validationLoss(
            unflattened(tf, flat, this.#problem.weights),
            this.#list.named(this.#hyper),
          ).clone()
        ),
    );
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  }

  /** F, ∂F/∂w and ∂F/∂λ. */
  async validation(flat: Float64Array): Promise<{
    value: number;
    slope: Float64Array;
    direct: Float64Array;
    isConnected: readonly boolean[];
  }> {
    const { value, gradients, isConnected } = await this.#differentiate(
      "the validation loss",
      flat,
      (weights) =>
        this.#problem.validationLoss(weights, this.#list.named(this.#hyper)),
      "both",
    );
    this.#checkFinite("validation", value);
    return {
      value,
      slope: gradients.slice(0, flat.length),
      direct: gradients.slice(flat.length),
      isConnected,
    };
  }

  /** H v. */
  async curvature(
    flat: Float64Array,
    vector: Float64Array,
  ): Promise<Float64Array> {
    const { gradients } = await this.#alongGradient(flat, vector, "weights");
    return gradients;
  }

  /** (∂²L/∂λ∂w) v. */
  async cross(flat: Float64Array, vector: Float64Array): Promise<{
    derivative: Float64Array;
    isConnected: readonly boolean[];
  }> {
    const { gradients, isConnected } = await this.#alongGradient(
      flat,
      vector,
      "hyper",
    );
    return { derivative: gradients, isConnected };
  }

  /** The derivatives of ⟨∂L/∂w, v⟩. */
  #alongGradient(
    flat: Float64Array,
    vector: Float64Array,
    by: "weights" | "hyper",
  ) {
    const tf = this.#tf;
    return this.#differentiate(
      "the training loss's slope",
      flat,
      (weights) => {
        const { gradients } = differentiate(
          tf,
          "the training loss",
          () => this.#trainLoss(weights),
          weights,
        );
        return innerProduct(
          tf,
          gradients,
          unflattened(tf, vector, this.#problem.weights),
        );
      },
      by,
    );
  }

  #trainLoss(weights: readonly Tensor[]): Tensor {
    return this.#problem.trainLoss(weights, this.#list.named(this.#hyper), 0);
  }

  async #differentiate(
    what: string,
    flat: Float64Array,
    work: (weights: readonly Tensor[]) => Tensor,
    by: "weights" | "hyper" | "both" = "weights",
  ): Promise<{
    value: number;
    gradients: Float64Array;
    /** Of the hyperparameters, whether something leads from them to it. */
    isConnected: readonly boolean[];
  }> {
    const tf = this.#tf;
    const isConnected: boolean[] = [];
    const results = tf.tidy(() => {
      const weights = unflattened(tf, flat, this.#problem.weights);
      const inputs = [
        ...by === "hyper" ? [] : weights,
        ...by === "weights" ? [] : this.#hyper,
      ];
      const { value, gradients } = differentiate(
        tf,
        what,
        () => work(weights),
        inputs,
      );
      if (by !== "weights") {
        isConnected.push(
          ...gradients.slice(-this.#hyper.length)
            .map((one) => one !== undefined),
        );
      }
      return [
        value,
        ...gradients.map((one, i) => one ?? tf.zerosLike(inputs[i]!)),
      ];
    });
    try {
      const [value, ...gradients] = results;
      return {
        value: (await value!.data())[0]!,
        gradients: await flattened(gradients),
        isConnected,
      };
    } finally {
      tf.dispose(results);
    }
  }

  #checkFinite(which: string, value: number): void {
    if (Number.isFinite(value)) return;
    throw new RangeError(
      `Cannot compute the hypergradient on the backend "${this.#tf.getBackend()}": the ${which} loss is ${value}, expected a finite number`,
    );
  }
}
