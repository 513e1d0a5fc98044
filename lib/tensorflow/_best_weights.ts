import type { LayersModel, Tensor, TensorFlow } from "./tensorflow.ts";

/** A copy of a model's weights as they were in its best epoch. */
export class BestWeights {
  readonly #tf: TensorFlow;
  readonly #model: LayersModel;
  #weights: Tensor[] = [];
  #epoch: number | null = null;

  constructor(tf: TensorFlow, model: LayersModel) {
    this.#tf = tf;
    this.#model = model;
  }

  /** The epoch that the copy is of; null if there is none. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /** Copies the weights as they are now, in place of the copy before. */
  keep(epoch: number): void {
    this.dispose();
    this.#epoch = epoch;
    // Training gives the variables new values, and leaves those of the clones alone.
    this.#weights = this.#tf.tidy(() =>
      this.#model.getWeights().map((weight) => weight.clone())
    );
  }

  /** Gives the copy back to the model, if there is one. */
  restore(): void {
    if (this.#epoch !== null) this.#model.setWeights(this.#weights);
  }

  /** Frees the copy; which epoch it was of stays known. */
  dispose(): void {
    this.#tf.dispose(this.#weights);
    this.#weights = [];
  }
}
