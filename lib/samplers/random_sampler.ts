import type { Sampler } from "./sampler.ts";

/**
 * Draws every configuration at random, uniformly on each parameter's scale,
 * without a look at the trials so far.
 *
 * It draws one number for each parameter, active or not.
 *
 * @example
 * ```ts
 * import { randomSampler } from "@etude/etude";
 * const sampler = randomSampler();
 * sampler.name; // "random"
 * ```
 */
export function randomSampler(): Sampler {
  return Object.freeze<Sampler>({
    name: "random",
    suggest: ({ study, random, fixed }) => ({
      params: study.space.sample(random.uniform, fixed),
      reason: "Drawn at random.",
    }),
  });
}
