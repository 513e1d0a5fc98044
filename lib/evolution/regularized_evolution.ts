import { anyPoint, checkCount, checkRange, winner } from "./_genes.ts";
import type { Axis, Evolution, Member } from "./evolution.ts";
import { mutate } from "./mutation.ts";

/** Options of {@linkcode regularizedEvolution}. */
export interface RegularizedEvolutionOptions {
  /** How many individuals live, at least 2. Defaults to `50`. */
  readonly populationSize?: number;
  /** How many fight to become the parent, at least 1, at most the population. Defaults to a quarter of it. */
  readonly sample?: number;
}

/** What regularized evolution knows. */
export interface RegularizedEvolutionState {
  /** Who lives, the oldest first. */
  readonly population: readonly Member[];
}

/**
 * Regularized (aging) evolution: the best of a sample has a child with one gene
 * changed, and the oldest dies, however good it was. Each individual is a
 * generation of its own, so that any number can run side by side.
 *
 * It draws `sample` numbers and some for the changed gene; the first ones are drawn
 * uniformly.
 *
 * Source: Real, Aggarwal, Huang and Le, Regularized evolution for image classifier
 * architecture search (2019), algorithm 1.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { randomStream, regularizedEvolution } from "@etude/etude";
 * const aging = regularizedEvolution([{ kind: "unordered", count: 4 }]);
 * aging.ask(aging.start(), 0, randomStream("seed")).length; // 1
 * ```
 */
export function regularizedEvolution(
  axes: readonly Axis[],
  options: RegularizedEvolutionOptions = {},
): Evolution<RegularizedEvolutionState> {
  const { populationSize = 50 } = options;
  const sample = options.sample ?? Math.ceil(populationSize / 4);
  const what = "regularized evolution";
  checkCount(what, "populationSize", populationSize, 2);
  checkCount(what, "sample", sample, 1);
  checkRange(what, "sample", sample, [1, populationSize]);

  return Object.freeze<Evolution<RegularizedEvolutionState>>({
    name: "regularized evolution",
    start: () => ({ population: [] }),
    size: () => 1,
    ask({ population }, _slot, random) {
      if (population.length < populationSize) return anyPoint(axes, random);
      const best = winner(population, sample, random);
      const gene = random.int(axes.length);
      const changed = mutate(axes, best.point, { rate: 1, eta: 5 }, random);
      return best.point.map((place, j) => j === gene ? changed[j]! : place);
    },
    tell: ({ population }, generation) => ({
      population: [...population, ...generation].slice(-populationSize),
    }),
    describe: ({ population }) =>
      population.length < populationSize
        ? `one of the first ${populationSize}, at random`
        : `a child of the best of ${sample} among the last ${populationSize}`,
  });
}
