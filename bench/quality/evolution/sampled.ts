/**
 * Our evolutionary samplers on a study in memory.
 *
 * @module
 */

import * as etude from "../../../mod.ts";

const samplers: Readonly<Record<string, (trials: number) => etude.Sampler>> = {
  "cmaEsSampler": () => etude.cmaEsSampler(),
  "differentialEvolutionSampler": (trials) =>
    etude.differentialEvolutionSampler({ trials }),
  "particleSwarmSampler": () => etude.particleSwarmSampler(),
  "geneticSampler": () => etude.geneticSampler(),
  "regularizedEvolutionSampler": () => etude.regularizedEvolutionSampler(),
};

/** Their names. */
export const samplerNames: readonly string[] = Object.keys(samplers);

/** Runs a sampler over the unit cube for a number of trials. */
export async function runSampler(
  name: string,
  evaluate: (point: readonly number[]) => number,
  { dimension, trials, seed }: {
    dimension: number;
    trials: number;
    seed: string;
  },
): Promise<void> {
  const study = await etude.createStudy({
    name: `bench ${name}`,
    space: etude.space(Object.fromEntries(
      Array.from({ length: dimension }, (_, j) => [`x${j}`, etude.float(0, 1)]),
    )),
    objective: etude.minimize("value"),
    sampler: samplers[name]!(trials),
    storage: "memory",
    library: false,
    seed,
  });
  for (let n = 0; n < trials; n++) {
    const trial = await study.ask();
    await study.tell(trial, evaluate(Object.values(trial.params) as number[]));
  }
  await study.close();
}
