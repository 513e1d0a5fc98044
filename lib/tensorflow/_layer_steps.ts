/**
 * Training steps of layers that learn each in its own way, over any optimizer.
 *
 * Notation: θ a weight before the step and θ′ after the optimizer's; η the
 * optimizer's learning rate in this step, η₀ the one that it was made with; ηg,
 * λ the group's learning rate and weight decay. The update of each of tfjs's
 * optimizers is proportional to η, so that a group's step is
 * θ + (ηg/η₀)(θ′ − θ) − (ηg/η₀) η λ θ; of a frozen group it is θ.
 */

import type { LayerGroupSettings, LayerSettings } from "./layer_groups.ts";
import type { LearningRate } from "./_learning_rate.ts";
import type { LayersModel, Tensor, TensorFlow } from "./tensorflow.ts";

/** A weight as tfjs's layers keep it. */
interface Weight {
  readonly shape: readonly (number | null)[];
  read(): Tensor;
  write(value: Tensor): unknown;
}

/** A group, its numbers with all defaults. */
interface Group {
  /** ηg/η₀. */
  readonly factor: number;
  readonly weightDecay: number;
  readonly frozenEpochs: number;
  /** What the optimizer moves. */
  readonly trainable: readonly Weight[];
  /** These and what moves besides, such as a batch normalization's averages. */
  readonly all: readonly Weight[];
}

/** Makes a model's training steps those that its groups of layers want. */
export class LayerSteps {
  readonly #tf: TensorFlow;
  readonly #rate: LearningRate;
  readonly #groups: readonly Group[];

  /**
   * @throws {TypeError} If something is of the wrong kind.
   * @throws {RangeError} If a layer is unknown or in two groups, or a number is
   * out of range.
   */
  constructor(
    tf: TensorFlow,
    model: LayersModel,
    settings: LayerSettings,
    rate: LearningRate,
  ) {
    this.#tf = tf;
    this.#rate = rate;
    const taken = new Map<string, string>();
    this.#groups = Object.entries(settings).map(([name, group]) =>
      groupOf(name, group, model, rate, taken)
    );
  }

  /** Takes a training step, `work`, in an epoch from 1. */
  async step<T>(epoch: number, work: () => Promise<T>): Promise<T> {
    const frozen = this.#groups.filter((group) => epoch <= group.frozenEpochs);
    const own = this.#groups.filter((group) =>
      epoch > group.frozenEpochs &&
      (group.factor !== 1 || group.weightDecay !== 0)
    );
    const before = new Map<Weight, Tensor>();
    try {
      // The optimizer gives the variables new values, and leaves those of the clones alone.
      for (const weight of frozen.flatMap(({ all }) => all)) {
        before.set(weight, weight.read().clone());
      }
      for (const weight of own.flatMap(({ trainable }) => trainable)) {
        before.set(weight, weight.read().clone());
      }
      const result = await work();
      this.#tf.tidy(() => {
        for (const weight of frozen.flatMap(({ all }) => all)) {
          weight.write(before.get(weight)!);
        }
        for (const group of own) this.#move(group, before);
      });
      return result;
    } finally {
      this.#tf.dispose([...before.values()]);
    }
  }

  #move(group: Group, before: ReadonlyMap<Weight, Tensor>): void {
    const { factor, weightDecay, trainable } = group;
    const shrink = factor * this.#rate.value * weightDecay;
    for (const weight of trainable) {
      const from = before.get(weight)!;
      const moved = from.add(weight.read().sub(from).mul(factor));
      const decayed = weight.shape.length > 1 && shrink !== 0
        ? moved.sub(from.mul(shrink))
        : moved;
      weight.write(decayed);
    }
  }
}

function groupOf(
  name: string,
  group: LayerGroupSettings,
  model: LayersModel,
  rate: LearningRate,
  taken: Map<string, string>,
): Group {
  const refuse = (Kind: typeof TypeError, what: string): never => {
    throw new Kind(`Cannot fit the model: layers.${name}${what}`);
  };
  if (typeof group !== "object" || group === null) {
    refuse(TypeError, ` is ${group}, expected { layers: ["name"] }`);
  }
  const {
    layers,
    learningRate = rate.base,
    weightDecay = 0,
    frozenEpochs = 0,
  } = group;
  if (!Array.isArray(layers)) {
    refuse(TypeError, `.layers is ${layers}, expected names of layers`);
  }
  for (
    const [knob, value] of Object.entries({ learningRate, weightDecay })
  ) {
    if (typeof value === "number" && value >= 0 && value < Infinity) continue;
    refuse(RangeError, `.${knob} is ${value}, expected a number of at least 0`);
  }
  if (
    !(Number.isInteger(frozenEpochs) || frozenEpochs === Infinity) ||
    frozenEpochs < 0
  ) {
    refuse(
      RangeError,
      `.frozenEpochs is ${frozenEpochs}, expected a whole number of at least 0, or Infinity`,
    );
  }
  if (rate.base === 0 && learningRate !== 0) {
    refuse(
      RangeError,
      `.learningRate is ${learningRate}, but the optimizer's own is 0, of which nothing can be a multiple; compile the model with another`,
    );
  }
  const found = layers.map((layer) => {
    const known = model.layers.find((one) => one.name === layer);
    if (known === undefined) {
      return refuse(
        RangeError,
        ` names the layer ${JSON.stringify(layer)}, expected one of ${
          model.layers.map((one) => one.name).join(", ")
        }`,
      );
    }
    const other = taken.get(layer);
    if (other !== undefined) {
      return refuse(RangeError, ` has the layer ${layer}, as ${other} has`);
    }
    taken.set(layer, name);
    return known;
  });
  return {
    factor: rate.base === 0 ? 1 : learningRate / rate.base,
    weightDecay,
    frozenEpochs,
    trainable: found.flatMap((layer) =>
      layer.trainableWeights as unknown as Weight[]
    ),
    all: found.flatMap((layer) => layer.weights as unknown as Weight[]),
  };
}
