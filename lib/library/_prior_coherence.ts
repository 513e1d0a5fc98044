import { type Features } from "../surrogates/mod.ts";
import type { SourceModel } from "./_source_model.ts";

/** Later. */
export function priorCoherence(
  _models: readonly SourceModel[],
  _weights: readonly number[],
  _features: Features,
  _lengthscales: Float64Array,
): number | null {
  return null;
}
