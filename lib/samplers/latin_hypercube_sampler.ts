import { latinHypercube, randomStream } from "../math/mod.ts";
import { allowedPoint } from "./_allowed_points.ts";
import type { Sampler } from "./sampler.ts";

/** Options of {@linkcode latinHypercubeSampler}. */
export interface LatinHypercubeSamplerOptions {
  /** How many trials make one hypercube: the number planned for the study, at least 1. */
  readonly trials: number;
}

/**
 * Walks a latin hypercube: over its `trials` trials, every parameter's scale is
 * cut into as many equal parts, and each part is tried once. Trials beyond
 * them begin another hypercube.
 *
 * The hypercubes are drawn from the study's seed; nothing is drawn from the
 * trial's random stream, save where a function among the space's rules refuses.
 * A point that the rules do not allow is moved to what they leave, so that it is
 * not quite a latin hypercube then.
 *
 * @throws {RangeError} If `trials` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { latinHypercubeSampler } from "@etude/etude";
 * const sampler = latinHypercubeSampler({ trials: 20 });
 * ```
 */
export function latinHypercubeSampler(
  options: LatinHypercubeSamplerOptions,
): Sampler {
  const { trials } = options ?? {};
  if (!Number.isInteger(trials) || trials < 1) {
    throw new RangeError(
      `Cannot make the latin hypercube sampler: trials is ${
        String(trials)
      }, expected a whole number of at least 1, the number of trials planned`,
    );
  }
  const designOf = rememberLast(trials);
  return Object.freeze<Sampler>({
    name: "latin hypercube",
    suggest: ({ study: { space }, number, seed, fixed, random }) => {
      const block = Math.floor(number / trials);
      const row = number % trials;
      const design = designOf(seed, block, space.dimension);
      if (space.rules.length > 0) {
        return allowedPoint({ space, fixed, number, random }, {
          name: "a latin hypercube",
          unit: design[row]!,
        });
      }
      return {
        params: space.decode(design[row]!, fixed),
        reason: `Point ${row + 1} of ${trials} of ${
          block === 0 ? "a latin hypercube" : `latin hypercube ${block + 1}`
        }.`,
      };
    },
  });
}

/** Makes designs, and keeps the last: it hangs on the arguments alone. */
function rememberLast(
  trials: number,
): (seed: string, block: number, dimension: number) => Float64Array[] {
  let last: { key: string; design: Float64Array[] } | undefined;
  return (seed, block, dimension) => {
    const key = JSON.stringify([seed, block, dimension]);
    if (last?.key !== key) {
      const random = randomStream(seed, "latin hypercube", block);
      last = { key, design: latinHypercube(trials, dimension, { random }) };
    }
    return last.design;
  };
}
