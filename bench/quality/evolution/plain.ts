/**
 * Our evolutionary algorithms as plain objects, without a study.
 *
 * @module
 */

import {
  type Axis,
  cmaEs,
  type CmaEsOptions,
  differentialEvolution,
  type Evolution,
  geneticAlgorithm,
  type Individual,
  particleSwarm,
  regularizedEvolution,
} from "../../../lib/evolution/mod.ts";
import { quickStream, randomStream } from "../../../lib/math/mod.ts";

/** Makes an algorithm that knows how many trials are planned. */
export type MakePlain = (
  axes: readonly Axis[],
  trials: number,
) => Evolution<unknown>;

/** Forgets what the state is: the bench only hands it back. */
const opaque = <S>(evolution: Evolution<S>): Evolution<unknown> =>
  evolution as Evolution<unknown>;

const cma = (options: CmaEsOptions): MakePlain => (axes) =>
  opaque(cmaEs(axes, options));

/** The algorithms by name. */
export const plain: Readonly<Record<string, MakePlain>> = {
  "cma-es": cma({}),
  "cma-es-none": cma({ restarts: "none" }),
  "cma-es-ipop": cma({ restarts: "ipop" }),
  "l-shade": (axes, trials) => opaque(differentialEvolution(axes, { trials })),
  "l-shade-untold": (axes) => opaque(differentialEvolution(axes)),
  "de-rand": (axes) =>
    opaque(differentialEvolution(axes, { strategy: "rand" })),
  "pso": (axes) => opaque(particleSwarm(axes)),
  "pso-global": (axes) => opaque(particleSwarm(axes, { topology: "global" })),
  "ga": (axes) => opaque(geneticAlgorithm(axes)),
  "regularized": (axes) => opaque(regularizedEvolution(axes)),
};

/** Runs an algorithm in the unit cube for a number of evaluations. */
export function runPlain(
  evolution: Evolution<unknown>,
  evaluate: (point: Float64Array) => readonly number[],
  { trials, seed }: { trials: number; seed: string },
): void {
  let state = evolution.start();
  for (let spent = 0, g = 0; spent < trials; g++) {
    const size = Math.min(evolution.size(state), trials - spent);
    const generation: Individual[] = [];
    for (let slot = 0; slot < size; slot++) {
      const random = () => quickStream(randomStream(seed, g, slot));
      const point = evolution.ask(state, slot, random());
      const values = evaluate(point)
        .map((value) => Number.isNaN(value) ? Infinity : value);
      generation.push({
        slot,
        point,
        values,
        violation: 0,
        isForeign: false,
        random,
      });
    }
    spent += size;
    state = evolution.tell(state, generation);
  }
}
