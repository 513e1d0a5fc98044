/**
 * A suite with noise on its values; what is found is judged without it.
 *
 * | symbol | meaning |
 * |---|---|
 * | v | a value without noise |
 * | b, m | the best value, and the median of 200 random configurations |
 * | g, c, u | a normal, a Cauchy and a uniform number, drawn by task, seed and trial |
 *
 * - `noisy`: v + 0.1 |m − b| g, the same everywhere;
 * - `hetero`: v + 0.3 |v − b| g, at most as for v = 2 m − b: bad values are noisier,
 *   as where trainings hardly converge;
 * - `outliers`: v + 0.02 |m − b| g, and for one trial in ten + |m − b| c, which may
 *   be as good as it is bad.
 *
 * Source: the three kinds are those of Hansen et al., Real-Parameter Black-Box
 * Optimization Benchmarking 2009: Noisy Functions Definitions, INRIA RR-6869; the
 * sizes are ours, since theirs hang on the function's scale.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../../lib/math/mod.ts";
import { medianValue } from "../reference.ts";
import type { Metrics, Suite } from "./suite.ts";

/** How the noise is spread. */
export type NoiseKind = "noisy" | "hetero" | "outliers";

/** What is added to a value, in units of |m − b|. */
const noises: Readonly<
  Record<NoiseKind, (far: number, random: RandomStream) => number>
> = {
  noisy: (_, random) => 0.1 * random.normal(),
  hetero: (far, random) => 0.3 * Math.min(2, far) * random.normal(),
  outliers: (_, random) => {
    const small = 0.02 * random.normal();
    const isOutlier = random.uniform() < 0.1;
    // The quotient of two normal numbers is Cauchy.
    return small +
      (isOutlier ? random.normal() / random.normal() : 0);
  },
};

/**
 * The suite with noise.
 *
 * @param suite One without noise whose best values are known exactly.
 * @param kind How the noise is spread.
 */
export function noisySuite(suite: Suite, kind: NoiseKind): Suite {
  const scales = new Map<string, Promise<number>>();
  const scaleOf = (task: string, metric: string): Promise<number> => {
    const key = JSON.stringify([task, metric]);
    const found = scales.get(key) ?? spreadOf(suite, task, metric);
    scales.set(key, found);
    return found;
  };
  return {
    ...suite,
    name: suite.name.replace(/^[a-z]+/, (word) => `${word}-${kind}`),
    noise: "seeded",
    async evaluate(task, configurations, options = {}) {
      const { seed = 0, trial = 0 } = options;
      const random = randomStream("noise", kind, task, seed, trial);
      const noisy: Metrics[] = [];
      for (
        const metrics of await suite.evaluate(task, configurations, options)
      ) {
        const one: Record<string, number> = {};
        for (const [metric, value] of Object.entries(metrics)) {
          const scale = await scaleOf(task, metric);
          const far = Math.abs(value - suite.optimum(task, metric)!) / scale;
          one[metric] = value + scale * noises[kind](far, random);
        }
        noisy.push(one);
      }
      return noisy;
    },
    truth: async (task, configuration, options) =>
      (await suite.evaluate(task, [configuration], options))[0]!,
  };
}

/** |m − b|, or 1 where that is 0. */
async function spreadOf(
  suite: Suite,
  task: string,
  metric: string,
): Promise<number> {
  const { uniform } = randomStream("noise", suite.name, task);
  const space = suite.space(task);
  const drawn = await suite.evaluate(
    task,
    Array.from({ length: 200 }, () => space.sample(uniform)),
  );
  const median = medianValue(
    drawn.map((one) => one[metric]!).filter(Number.isFinite),
  );
  return Math.abs(median - suite.optimum(task, metric)!) || 1;
}
