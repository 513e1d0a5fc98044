import {
  type Configuration,
  ParameterBuilder,
  type ParameterValue,
  type Role,
} from "../space/mod.ts";

/** A model's layers in groups: names of layers by the name of the group, the first group nearest to the input. */
export type LayerGroups<G extends string = string> = Readonly<
  Record<G, readonly string[]>
>;

/** How the layers of a group learn. */
export interface LayerGroupSettings {
  /** The names of the layers. */
  readonly layers: readonly string[];
  /** Their learning rate, at least 0; a schedule's factors apply to it as to the optimizer's. Defaults to the optimizer's. */
  readonly learningRate?: number;
  /**
   * How much of their weights a step takes away, times the learning rate; at
   * least 0. It is decoupled from the gradients, as in AdamW; vectors (biases,
   * scales) are spared. Defaults to `0`.
   */
  readonly weightDecay?: number;
  /** In how many epochs from the first one their weights stay as they are: a whole number of at least 0, or Infinity. Defaults to `0`. */
  readonly frozenEpochs?: number;
}

/** How the layers of a model learn, by group. Layers in no group learn as the optimizer says. */
export type LayerSettings = Readonly<Record<string, LayerGroupSettings>>;

/** What of a group can be a parameter. */
export type LayerKnob = "learningRate" | "weightDecay" | "frozenEpochs";

const roles: Readonly<Record<LayerKnob, Role>> = Object.freeze({
  learningRate: "learning rate",
  weightDecay: "regularization",
  frozenEpochs: "schedule",
});

/** The parameters of {@linkcode perLayer}: one of each knob for each group, e.g. `bodyLearningRate`. */
export type PerLayer<G extends string, K> = {
  readonly [
    N in keyof K & LayerKnob as `${G}${Capitalize<N>}`
  ]: K[N];
};

/**
 * Parameters for a space: each knob for each group of layers, named after both,
 * e.g. `bodyLearningRate` and `headLearningRate`.
 *
 * @param groups The groups.
 * @param knobs What is open in each of them.
 * @throws {TypeError} If a knob is unknown or no parameter.
 *
 * @example
 * ```ts
 * import { float, int, space } from "@etude/etude";
 * import { perLayer } from "@etude/etude/tensorflow";
 * const groups = { body: ["hidden_1", "hidden_2"], head: ["output"] };
 * const searchSpace = space({
 *   units: int(16, 256, { log: true }),
 *   ...perLayer(groups, {
 *     learningRate: float(1e-5, 1e-1, { log: true }),
 *     frozenEpochs: int(0, 3),
 *   }),
 * });
 * searchSpace.validate({
 *   units: 32,
 *   bodyLearningRate: 1e-4,
 *   headLearningRate: 1e-2,
 *   bodyFrozenEpochs: 2,
 *   headFrozenEpochs: 0,
 * });
 * ```
 */
export function perLayer<
  G extends string,
  K extends {
    readonly [N in LayerKnob]?: ParameterBuilder<number, unknown>;
  },
>(groups: LayerGroups<G>, knobs: K): PerLayer<G, K> {
  const parameters: Record<string, ParameterBuilder<ParameterValue, unknown>> =
    {};
  for (const group of Object.keys(groups)) {
    for (const [knob, builder] of Object.entries(knobs)) {
      if (
        !Object.hasOwn(roles, knob) || !(builder instanceof ParameterBuilder)
      ) {
        throw new TypeError(
          `Cannot make parameters of the layers: found ${knob}, expected ${
            Object.keys(roles).join(", ")
          }, each a parameter such as float(1e-5, 1e-1, { log: true })`,
        );
      }
      const { draft } = builder;
      parameters[nameOf(group, knob as LayerKnob)] = new ParameterBuilder({
        ...draft,
        role: draft.role ?? roles[knob as LayerKnob],
      });
    }
  }
  return Object.freeze(parameters) as unknown as PerLayer<G, K>;
}

/**
 * What a configuration says of the groups, for `fitTrial`'s option `layers`:
 * the values of the parameters that {@linkcode perLayer} made.
 *
 * @param groups The groups.
 * @param configuration The configuration, e.g. `trial.params`.
 *
 * @example
 * ```ts
 * import { layerSettings } from "@etude/etude/tensorflow";
 * const groups = { body: ["hidden"], head: ["output"] };
 * const settings = layerSettings(groups, { bodyLearningRate: 1e-4, headLearningRate: 1e-2 });
 * settings.body; // { layers: ["hidden"], learningRate: 0.0001 }
 * ```
 */
export function layerSettings(
  groups: LayerGroups,
  configuration: Configuration,
): LayerSettings {
  return Object.freeze(Object.fromEntries(
    Object.entries(groups).map(([group, layers]) => {
      const values = (Object.keys(roles) as LayerKnob[]).flatMap((knob) => {
        const value = configuration[nameOf(group, knob)];
        return value === undefined ? [] : [[knob, value]];
      });
      return [
        group,
        Object.freeze({ layers, ...Object.fromEntries(values) }),
      ];
    }),
  ));
}

/** Options of {@linkcode discriminativeLayers}. */
export interface DiscriminativeOptions {
  /** The learning rate of the last group, above 0. */
  readonly learningRate: number;
  /** How many times larger a group's rate is than that of the group before it, at least 1. Defaults to `2.6`. */
  readonly ratio?: number;
  /** After how many epochs the next group from the end begins to learn; a whole number, 0: all learn at once. Defaults to `0`. */
  readonly unfreezeEvery?: number;
  /** The weight decay of all groups, at least 0. Defaults to `0`. */
  readonly weightDecay?: number;
}

/**
 * Learning rates that fall from the last group to the first, and groups that
 * begin to learn one after the other from the last: for models that have
 * learned before, whose first layers know most of what they need. Two or three
 * parameters do for any number of groups.
 *
 * Source: Howard and Ruder, "Universal language model fine-tuning", 2018,
 * sections 3.2 (discriminative fine-tuning, the ratio 2.6) and 3.3 (gradual
 * unfreezing, a group an epoch).
 *
 * @param groups The groups, the first nearest to the input.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { discriminativeLayers } from "@etude/etude/tensorflow";
 * const groups = { body: ["hidden"], head: ["output"] };
 * const settings = discriminativeLayers(groups, { learningRate: 0.01, ratio: 2, unfreezeEvery: 1 });
 * settings.body?.learningRate; // 0.005
 * settings.body?.frozenEpochs; // 1
 * ```
 */
export function discriminativeLayers(
  groups: LayerGroups,
  options: DiscriminativeOptions,
): LayerSettings {
  const { learningRate, ratio = 2.6, unfreezeEvery = 0, weightDecay = 0 } =
    options;
  const refuse = (name: string, value: unknown, expected: string): never => {
    throw new RangeError(
      `Cannot set the layers: ${name} is ${value}, expected ${expected}`,
    );
  };
  if (!(learningRate > 0 && learningRate < Infinity)) {
    refuse("learningRate", learningRate, "a number above 0");
  }
  if (!(ratio >= 1 && ratio < Infinity)) {
    refuse("ratio", ratio, "a number of at least 1");
  }
  if (!Number.isInteger(unfreezeEvery) || unfreezeEvery < 0) {
    refuse("unfreezeEvery", unfreezeEvery, "a whole number of at least 0");
  }
  const names = Object.keys(groups);
  return Object.freeze(Object.fromEntries(names.map((name, index) => {
    const before = names.length - 1 - index;
    return [
      name,
      Object.freeze({
        layers: groups[name]!,
        learningRate: learningRate / ratio ** before,
        weightDecay,
        frozenEpochs: before * unfreezeEvery,
      }),
    ];
  })));
}

function nameOf(group: string, knob: LayerKnob): string {
  return `${group}${knob[0]!.toUpperCase()}${knob.slice(1)}`;
}
