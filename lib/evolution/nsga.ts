import type { RandomStream } from "../math/mod.ts";
import { nonDominatedSort } from "../math/mod.ts";
import { anyPoint, checkCount, checkRange, unlike } from "./_genes.ts";
import { crowdingDistances } from "./_crowding.ts";
import { nicheSelection } from "./_niches.ts";
import { cross, type Crossover } from "./crossover.ts";
import type { Axis, Evolution, Member } from "./evolution.ts";
import { mutate } from "./mutation.ts";
import { referencePoints } from "./reference_points.ts";

/** Options of {@linkcode nsga2} and {@linkcode nsga3}. */
export interface NsgaOptions {
  /** How many individuals a generation has, at least 4. Defaults to `50`. */
  readonly populationSize?: number;
  /** How two parents are mixed. Defaults to `"sbx"`. */
  readonly crossover?: Crossover;
  /** How likely parents are mixed at all, in `[0, 1]`. Defaults to `0.9`. */
  readonly crossoverRate?: number;
  /** How likely a gene is changed, in `[0, 1]`. Defaults to one an individual: 1/n. */
  readonly mutationRate?: number;
}

/** One that lives, with what decides its tournaments. */
export interface NsgaMember {
  /** Where it is, `[dimension]`. */
  readonly point: Float64Array;
  /** A value an objective, smaller is better. */
  readonly values: ArrayLike<number>;
  /** By how much it breaks constraints. */
  readonly violation: number;
  /** Its front, from 0. */
  readonly rank: number;
  /** How far its neighbors on the front are; larger is lonelier. 0 in NSGA-III. */
  readonly crowding: number;
}

/** What NSGA-II and NSGA-III know. */
export interface NsgaState {
  /** Who lives; none before the first generation. */
  readonly population: readonly NsgaMember[];
  /** How many generations there were. */
  readonly generation: number;
}

/**
 * NSGA-II, for two or three objectives: fronts first, within a front the lonelier
 * ones, so that the whole trade-off is covered.
 *
 * A child that is a copy of one who lives is made anew, four times at most.
 * Individuals that break constraints stand behind all that do not, by how much.
 * Draws four numbers to choose the parents and a few an axis; the first generation,
 * one an axis.
 *
 * Source: Deb, Pratap, Agarwal and Meyarivan, A fast and elitist multiobjective
 * genetic algorithm: NSGA-II (2002).
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { nsga2, randomStream } from "@etude/etude";
 * const algorithm = nsga2([{ kind: "continuous" }, { kind: "continuous" }]);
 * algorithm.ask(algorithm.start(), 0, randomStream("seed")).length; // 2
 * ```
 */
export function nsga2(
  axes: readonly Axis[],
  options: NsgaOptions = {},
): Evolution<NsgaState> {
  return nsga("NSGA-II", axes, options, {
    survive: (members, size) => {
      const ranked = ranksOf(members);
      const kept: NsgaMember[] = [];
      for (const front of frontsOf(ranked)) {
        const crowding = crowdingDistances(
          front.map((index) => members[index]!.values),
        );
        const placed = front.map((index, i) => ({
          ...plain(members[index]!),
          rank: ranked[index]!,
          crowding: crowding[i]!,
        }));
        const room = size - kept.length;
        if (placed.length > room) {
          placed.sort((a, b) => b.crowding - a.crowding);
        }
        kept.push(...placed.slice(0, room));
        if (kept.length === size) break;
      }
      return kept;
    },
    isBetter: (a, b) =>
      a.rank < b.rank || (a.rank === b.rank && a.crowding > b.crowding),
  });
}

/** Options of {@linkcode nsga3}. */
export interface Nsga3Options extends NsgaOptions {
  /** Into how many parts each edge of the simplex of reference directions is cut, at least 1. Defaults to what gives about as many directions as individuals. */
  readonly divisions?: number;
}

/**
 * NSGA-III, for three objectives and more: fronts first, within a front those whose
 * direction is rarest, among directions spread evenly.
 *
 * Draws as NSGA-II does; ties among directions are broken by the stream of the
 * generation's last individual.
 *
 * Source: Deb and Jain, An evolutionary many-objective optimization algorithm using
 * reference-point-based nondominated sorting approach (2014), algorithms 1 to 4.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { nsga3, randomStream } from "@etude/etude";
 * const algorithm = nsga3([{ kind: "continuous" }], { populationSize: 20 });
 * algorithm.size(algorithm.start()); // 20
 * ```
 */
export function nsga3(
  axes: readonly Axis[],
  options: Nsga3Options = {},
): Evolution<NsgaState> {
  const { divisions, ...rest } = options;
  if (divisions !== undefined) {
    checkCount("NSGA-III", "divisions", divisions, 1);
  }
  return nsga("NSGA-III", axes, rest, {
    survive: (members, size, random) => {
      const ranked = ranksOf(members);
      const fronts = frontsOf(ranked);
      const objectives = members[0]!.values.length;
      const chosen = nicheSelection(
        members.map(({ values }) => values),
        fronts,
        {
          size,
          directions: referencePoints(
            objectives,
            divisions ?? divisionsFor(objectives, size),
          ),
          random,
        },
      );
      return chosen.map((index) => ({
        ...plain(members[index]!),
        rank: ranked[index]!,
        crowding: 0,
      }));
    },
    // Among feasible ones any may be a parent; of others, the one that breaks less.
    isBetter: (a, b) => a.violation < b.violation,
  });
}

interface Choices {
  readonly survive: (
    members: readonly Member[],
    size: number,
    random: RandomStream,
  ) => readonly NsgaMember[];
  readonly isBetter: (a: NsgaMember, b: NsgaMember) => boolean;
}

function nsga(
  name: string,
  axes: readonly Axis[],
  options: NsgaOptions,
  { survive, isBetter }: Choices,
): Evolution<NsgaState> {
  const {
    populationSize = 50,
    crossover = "sbx",
    crossoverRate = 0.9,
    mutationRate = 1 / axes.length,
  } = options;
  checkCount(name, "populationSize", populationSize, 4);
  checkRange(name, "crossoverRate", crossoverRate, [0, 1]);
  checkRange(name, "mutationRate", mutationRate, [0, 1]);

  return Object.freeze<Evolution<NsgaState>>({
    name,
    start: () => ({ population: [], generation: 0 }),
    size: () => populationSize,
    ask({ population }, _slot, random) {
      if (population.length === 0) return anyPoint(axes, random);
      return unlike(population, () => {
        const mother = select(population, random);
        const father = select(population, random);
        const child = random.uniform() < crossoverRate
          ? cross(crossover, axes, [mother, father], random, 20)
          : mother;
        return mutate(axes, child, { rate: mutationRate }, random);
      });
    },
    tell: ({ population, generation }, told) => ({
      population: survive(
        [...population, ...told],
        populationSize,
        told.at(-1)!.random(),
      ),
      generation: generation + 1,
    }),
    describe: ({ generation }, slot) =>
      generation === 0
        ? `individual ${slot + 1} of the first ${populationSize}, at random`
        : `individual ${slot + 1} of ${populationSize}, generation ${
          generation + 1
        }`,
  });

  function select(
    population: readonly NsgaMember[],
    random: RandomStream,
  ): Float64Array {
    const [a, b] = [0, 0].map(() =>
      population[random.int(population.length)]!
    ) as [NsgaMember, NsgaMember];
    return (isBetter(b, a) ? b : a).point;
  }
}

/** The front of each, from 0: feasible ones by domination, behind them the others by how much they break. */
function ranksOf(members: readonly Member[]): number[] {
  const feasible = members.filter(({ violation }) => violation === 0);
  const sorted = nonDominatedSort(
    feasible.map(({ values }) => Array.from(values)),
  );
  const ranks = new Map<Member, number>();
  feasible.forEach((member, i) => ranks.set(member, sorted[i]!));
  const fronts = sorted.reduce((most, rank) => Math.max(most, rank + 1), 0);
  const violations = [
    ...new Set(
      members.map(({ violation }) => violation).filter((one) => one > 0),
    ),
  ].sort((a, b) => a - b);
  return members.map((member) =>
    ranks.get(member) ?? fronts + violations.indexOf(member.violation)
  );
}

/** The indices of each front. */
function frontsOf(ranks: readonly number[]): number[][] {
  const fronts: number[][] = [];
  ranks.forEach((rank, index) => (fronts[rank] ??= []).push(index));
  return fronts.filter((front) => front !== undefined);
}

/** Without what only an individual of the present generation has. */
function plain({ point, values, violation }: Member): Member {
  return { point, values, violation };
}

/** How finely directions are cut so that there are about as many as individuals. */
function divisionsFor(objectives: number, size: number): number {
  let divisions = 1;
  const count = (parts: number) => {
    let ways = 1;
    for (let i = 1; i < objectives; i++) ways = ways * (parts + i) / i;
    return ways;
  };
  while (objectives > 1 && count(divisions + 1) <= size) divisions++;
  return divisions;
}
