import type { Tensor } from "./tensorflow.ts";

/** Hyperparameters by name: a number, or a list of numbers, each. */
export type HyperValues = Readonly<Record<string, number | ArrayLike<number>>>;

/** The same as tensors: a scalar for a number, `[n]` for a list. */
export type HyperTensors<H extends HyperValues = HyperValues> = {
  readonly [K in keyof H]: Tensor;
};

/** A derivative for each: a number for a number, `[n]` for a list. */
export type HyperDerivatives<H extends HyperValues = HyperValues> = {
  readonly [K in keyof H]: H[K] extends number ? number : Float64Array;
};

/**
 * A training, and what judges it, as functions that tfjs can differentiate. Both are
 * called within `tf.tidy`, several times with the same arguments, and must give the
 * same each time: whoever draws (dropout, batches) seeds it with `step`.
 */
export interface InnerProblem<H extends HyperValues = HyperValues> {
  /** Where the training begins, any shapes, `float32`. They are neither changed nor disposed. */
  readonly weights: readonly Tensor[];
  /**
   * What the training minimizes, a scalar: made of the weights and of the
   * hyperparameters by tensor operations alone.
   *
   * @param step Which step of the training, from 1; 0 where there are none.
   */
  trainLoss(
    weights: readonly Tensor[],
    hyper: HyperTensors<H>,
    step: number,
  ): Tensor;
  /** What the tuning minimizes, a scalar: of the trained weights. */
  validationLoss(weights: readonly Tensor[], hyper: HyperTensors<H>): Tensor;
}

/** The losses at a step, in the form that `trial.report` takes. */
export type StepLosses = {
  /** What the training minimizes. */
  readonly train: { readonly loss: number };
  /** What the tuning minimizes. */
  readonly validation: { readonly loss: number };
};

/** Who hears of each step: `(step, losses) => trial.report(step, losses)`. What it throws ends the training. */
export type StepListener = (
  step: number,
  losses: StepLosses,
) => void | Promise<void>;

/** What came of a training whose hyperparameters can be moved. */
export interface Hypergradient<H extends HyperValues = HyperValues> {
  /** The validation loss of the trained weights. */
  readonly value: number;
  /** Its derivatives, each per unit of the hyperparameter itself: what `trial.gradient` takes. */
  readonly gradient: HyperDerivatives<H>;
  /** The trained weights, the caller's to dispose. */
  readonly weights: readonly Tensor[];
}
