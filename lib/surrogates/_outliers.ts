/**
 * Values that are far from what all others lead to expect count less.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | K, α | | | see marginal_likelihood.ts |
 * | e | `extra` | `[n]` | the variance of noise that a value has beyond σ² |
 * | r | `residual` | `[n]` | how far a value is from what the others lead to expect |
 * | s² | `variance` | `[n]` | the variance of that, for a value without e of its own |
 *
 * (1) rᵢ = αᵢ / K⁻¹ᵢᵢ, sᵢ² = 1 / K⁻¹ᵢᵢ − eᵢ
 *
 * (2) eᵢ = rᵢ² where |rᵢ| > 3 sᵢ, else 0
 *
 * In turn, twice: a value that is far off also makes its neighbors look so.
 *
 * Source: leaving one out, Rasmussen and Williams (2006), equation 5.12; noise as
 * large as what is left over is what the likelihood would have for one value alone.
 *
 * @module
 */

import { choleskyInverse } from "../math/mod.ts";
import { factorOf } from "./_factor.ts";
import { type GaussianProcessData, weigh } from "./marginal_likelihood.ts";
import type { GaussianProcessHyperparameters } from "./matern.ts";

/** So many standard deviations off is far. */
const far = 3;
const rounds = 2;
/** With fewer values none can be told to be far off. */
const fewest = 12;

/** e of the values, `[n]`; null if none is far off. */
export function outlierNoise(
  data: GaussianProcessData,
  hyperparameters: GaussianProcessHyperparameters,
): Float64Array | null {
  const { values, mean } = data;
  const n = values.length;
  if (n < fewest) return null;
  let extra = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    const { lower } = factorOf({ ...data, extraNoise: extra }, hyperparameters);
    const { alpha } = weigh(lower, values, mean);
    const inverse = choleskyInverse(lower);
    extra = extra.map((own, i) => {
      const precision = inverse[i * n + i]!;
      const residual = alpha[i]! / precision;
      const variance = 1 / precision - own;
      return residual ** 2 > far ** 2 * variance ? residual ** 2 : 0;
    });
    if (extra.every((one) => one === 0)) return null;
  }
  return extra;
}
