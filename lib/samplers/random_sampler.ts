import type { Sampler } from "./sampler.ts";

/**
 * Draws every configuration at random, uniformly on each parameter's scale,
 * without a look at the trials so far.
 *
 * It draws one number for each parameter, active or not. Where the space has rules
 * it draws anew until they allow the configuration, 1,000 times at most; then one
 * parameter after another among what linear rules and forbidden combinations leave,
 * and walks on from there, or from one of the few that 100,000 draws find.
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
      reason: study.space.rules.length === 0
        ? "Drawn at random."
        : "Drawn at random from what the rules allow.",
    }),
  });
}
