import type { ModelDescription } from "./task.ts";

/** What may be said of a model; a tfjs model counts for itself. */
export type ModelInput =
  | Partial<ModelDescription>
  | {
    /** How many numbers the model holds. */
    countParams(): number;
    /** Its layers. */
    readonly layers: readonly unknown[];
  };

/** What is known of a model, in its canonical form. */
export function describeModel(model: ModelInput): ModelDescription {
  if (typeof model !== "object" || model === null) {
    throw new TypeError(
      `Cannot describe the task: the model is ${
        JSON.stringify(model) ?? typeof model
      }, expected { kind, parameters, depth } or a tfjs model`,
    );
  }
  if ("countParams" in model) {
    const withWeights = model.layers.filter((layer) =>
      ((layer as { weights?: readonly unknown[] }).weights?.length ?? 0) > 0
    );
    const kinds = model.layers.map((layer) =>
      (layer as { getClassName?: () => string }).getClassName?.() ?? ""
    );
    return Object.freeze({
      kind: kindOf(kinds),
      parameters: model.countParams(),
      depth: withWeights.length,
    });
  }
  const { kind = null, parameters = null, depth = null } = model;
  for (const [name, value] of Object.entries({ parameters, depth })) {
    if (value !== null && !(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(
        `Cannot describe the task: the model's ${name} is ${value}, expected a number of at least 0`,
      );
    }
  }
  return Object.freeze({ kind, parameters, depth });
}

/** What a network is, by the layers that tell. */
function kindOf(layers: readonly string[]): string {
  const has = (pattern: RegExp) => layers.some((name) => pattern.test(name));
  if (has(/attention|transformer/i)) return "transformer";
  if (has(/lstm|gru|rnn/i)) return "rnn";
  if (has(/conv/i)) return "cnn";
  return "mlp";
}
