import { anyPoint, checkCount, checkRange, unlike, winner } from "./_genes.ts";
import { cross, type Crossover } from "./crossover.ts";
import {
  type Axis,
  compareIndividuals,
  type Evolution,
  type Member,
} from "./evolution.ts";
import { mutate } from "./mutation.ts";

/** Options of {@linkcode geneticAlgorithm}. */
export interface GeneticAlgorithmOptions {
  /** How many individuals a generation has, at least 2. Defaults to `20`. */
  readonly populationSize?: number;
  /** How two parents are mixed: simulated binary, uniform, or blend crossover. Defaults to `"sbx"`. */
  readonly crossover?: Crossover;
  /** How likely parents are mixed at all, in `[0, 1]`. Defaults to `0.9`. */
  readonly crossoverRate?: number;
  /** How likely a gene is changed, in `[0, 1]`. Defaults to one an individual: 1/n. */
  readonly mutationRate?: number;
  /** How many fight to become a parent, at least 1. Defaults to `2`. */
  readonly tournament?: number;
  /** How many of the best live on, at least 0, fewer than the population. Defaults to a tenth, at least 1. */
  readonly elites?: number;
}

/** What a genetic algorithm knows. */
export interface GeneticAlgorithmState {
  /** The parents of the next generation; none before the first. */
  readonly population: readonly Member[];
  /** How many generations there were. */
  readonly generation: number;
}

/**
 * A genetic algorithm: tournaments choose parents, crossover mixes their genes,
 * polynomial mutation changes some, and the best live on.
 *
 * A child that is a copy of one who lives is made anew, four times at most.
 * Axes without an order are inherited from either parent and mutate to any other
 * value.
 *
 * Each individual draws 2 × `tournament` numbers and a few an axis; the first
 * generation, one an axis.
 *
 * Source: Deb and Agrawal, Simulated binary crossover for continuous search space
 * (1995); Deb and Goyal, A combined genetic adaptive search (1996).
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { geneticAlgorithm, randomStream } from "@etude/etude";
 * const ga = geneticAlgorithm([{ kind: "continuous" }, { kind: "unordered", count: 3 }]);
 * ga.ask(ga.start(), 0, randomStream("seed")).length; // 2
 * ```
 */
export function geneticAlgorithm(
  axes: readonly Axis[],
  options: GeneticAlgorithmOptions = {},
): Evolution<GeneticAlgorithmState> {
  const {
    populationSize = 20,
    crossover = "sbx",
    crossoverRate = 0.9,
    mutationRate = 1 / axes.length,
    tournament = 2,
    elites = Math.max(1, Math.round(populationSize / 10)),
  } = options;
  const what = "a genetic algorithm";
  checkCount(what, "populationSize", populationSize, 2);
  checkCount(what, "tournament", tournament, 1);
  checkCount(what, "elites", elites, 0);
  checkRange(what, "elites", elites, [0, populationSize - 1]);
  checkRange(what, "crossoverRate", crossoverRate, [0, 1]);
  checkRange(what, "mutationRate", mutationRate, [0, 1]);

  return Object.freeze<Evolution<GeneticAlgorithmState>>({
    name: "genetic algorithm",
    start: () => ({ population: [], generation: 0 }),
    size: () => populationSize,
    ask({ population }, _slot, random) {
      if (population.length === 0) return anyPoint(axes, random);
      return unlike(population, () => {
        const mother = winner(population, tournament, random).point;
        const father = winner(population, tournament, random).point;
        const child = random.uniform() < crossoverRate
          ? cross(crossover, axes, [mother, father], random)
          : mother;
        return mutate(axes, child, { rate: mutationRate }, random);
      });
    },
    tell({ population, generation }, told) {
      const best = [...population].sort(compareIndividuals).slice(0, elites);
      return {
        population: [...best, ...told],
        generation: generation + 1,
      };
    },
    describe: ({ generation }, slot) =>
      generation === 0
        ? `individual ${slot + 1} of the first ${populationSize}, at random`
        : `individual ${slot + 1} of ${populationSize}, generation ${
          generation + 1
        }`,
  });
}
