import type { LayersModel } from "./tensorflow.ts";

/** What tfjs's optimizers have, and keep to themselves. */
interface RatedOptimizer {
  learningRate?: unknown;
  /** Only of those that keep a second copy of the rate. */
  setLearningRate?(rate: number): void;
}

/** The learning rate of a model's optimizer, which can be changed during a training. */
export class LearningRate {
  readonly #optimizer: RatedOptimizer;
  /** The rate that the optimizer was made with. */
  readonly base: number;

  /**
   * @throws {TypeError} If the optimizer has no learning rate that is a number.
   */
  constructor(model: LayersModel) {
    this.#optimizer = model.optimizer as unknown as RatedOptimizer;
    const rate = this.#optimizer.learningRate;
    if (typeof rate !== "number") {
      throw new TypeError(
        `Cannot change the learning rate: the optimizer ${model.optimizer.getClassName()} has none that is a number, expected one of tf.train.sgd, momentum, adam, adamax, rmsprop, adagrad, adadelta`,
      );
    }
    this.base = rate;
  }

  /** The rate of the next step. */
  get value(): number {
    return this.#optimizer.learningRate as number;
  }

  set value(rate: number) {
    if (this.#optimizer.setLearningRate) this.#optimizer.setLearningRate(rate);
    else this.#optimizer.learningRate = rate;
  }

  /** Gives the optimizer the rate that it was made with. */
  restore(): void {
    if (this.value !== this.base) this.value = this.base;
  }
}
