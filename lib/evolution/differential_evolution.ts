/**
 * Differential evolution: steps are differences between individuals.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | x | `target` | the individual that the trial vector may replace |
 * | v, u | `mutant`, `point` | its mutant, and the two crossed |
 * | F, CR | `scale`, `crossRate` | length of the difference, share of axes from the mutant |
 * | M_F, M_CR | `memory` | what F and CR were where they succeeded |
 * | A | `archive` | individuals that were replaced |
 *
 * Source: Storn and Price, Differential evolution (1997); the adaptive one: Tanabe
 * and Fukunaga, Improving the search performance of SHADE using linear population
 * size reduction (2014), algorithms 1 and 2.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import {
  anyPoint,
  checkCount,
  checkRange,
  choiceAt,
  otherChoice,
} from "./_genes.ts";
import {
  type Axis,
  compareIndividuals,
  type Evolution,
  type Individual,
  type Member,
} from "./evolution.ts";

/** Options of {@linkcode differentialEvolution}. */
export interface DifferentialEvolutionOptions {
  /**
   * How mutants are made: `"current-to-pbest"` learns its F and CR and keeps an
   * archive (L-SHADE); `"rand"` and `"best"` are the plain DE/rand/1 and
   * DE/best/1. Defaults to `"current-to-pbest"`.
   */
  readonly strategy?: "current-to-pbest" | "rand" | "best";
  /** How many individuals there are at first, at least 4. Defaults to 4 an axis, at least 12, at most 100. */
  readonly populationSize?: number;
  /**
   * How many trials are planned: the population then shrinks to 4 until their end.
   * Defaults to none: it does not shrink.
   */
  readonly trials?: number;
  /** F of the plain strategies, in `[0, 2]`. Defaults to `0.5`. */
  readonly scale?: number;
  /** CR of the plain strategies, in `[0, 1]`. Defaults to `0.9`. */
  readonly crossRate?: number;
}

/** What differential evolution has learned. */
export interface DifferentialEvolutionState {
  /** Who lives; none before the first generation. */
  readonly population: readonly Member[];
  /** Places of those that were replaced. */
  readonly archive: readonly Float64Array[];
  /** What F and CR were where they succeeded, the next to be replaced, and how many trials there were. */
  readonly memory: {
    readonly scales: readonly number[];
    /** Null where only CR = 0 succeeded. */
    readonly crossRates: readonly (number | null)[];
    readonly next: number;
  };
  /** How many individuals there were. */
  readonly spent: number;
  /** How many generations there were. */
  readonly generation: number;
}

/** The settings of L-SHADE, as published. */
const memorySize = 6;
const bestShare = 0.11;
const archiveRate = 2.6;
const leastPopulation = 4;

/**
 * Differential evolution, by default L-SHADE.
 *
 * Axes without an order take the value of one of the parents, or any value where
 * the parents of the difference disagree. A place outside of the cube is put at the
 * end, or, as L-SHADE always does, half way between the target and the end: each one
 * time in two, so that the ends are reached.
 *
 * Each individual draws a few numbers, and one an axis; the first generation is
 * drawn uniformly.
 *
 * Source: Storn and Price 1997; Tanabe and Fukunaga 2014.
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { differentialEvolution, randomStream } from "@etude/etude";
 * const de = differentialEvolution([{ kind: "continuous" }]);
 * de.ask(de.start(), 0, randomStream("seed")).length; // 1
 * ```
 */
export function differentialEvolution(
  axes: readonly Axis[],
  options: DifferentialEvolutionOptions = {},
): Evolution<DifferentialEvolutionState> {
  const n = axes.length;
  const {
    strategy = "current-to-pbest",
    populationSize = Math.min(100, Math.max(12, 4 * n)),
    trials,
    scale = 0.5,
    crossRate = 0.9,
  } = options;
  const what = "differential evolution";
  checkCount(what, "populationSize", populationSize, leastPopulation);
  if (trials !== undefined) checkCount(what, "trials", trials, 1);
  checkRange(what, "scale", scale, [0, 2]);
  checkRange(what, "crossRate", crossRate, [0, 1]);
  const adapts = strategy === "current-to-pbest";

  return Object.freeze<Evolution<DifferentialEvolutionState>>({
    name: adapts ? "L-SHADE" : `DE/${strategy}/1`,
    start: () => ({
      population: [],
      archive: [],
      memory: {
        scales: new Array(memorySize).fill(0.5),
        crossRates: new Array(memorySize).fill(0.5),
        next: 0,
      },
      spent: 0,
      generation: 0,
    }),
    size: ({ population }) => population.length || populationSize,
    ask: (state, slot, random) => vary(state, slot, random).point,
    tell(state, generation) {
      const spent = state.spent + generation.length;
      const count = state.generation + 1;
      if (state.population.length < leastPopulation) {
        // Failures are replaced in time: they are the worst there is.
        const population = [...state.population, ...generation];
        return { ...state, population, spent, generation: count };
      }
      const next = select(state, generation);
      const wanted = sizeAfter(spent);
      return {
        ...next,
        population: shrunk(next.population, wanted),
        archive: next.archive.slice(-Math.round(archiveRate * wanted)),
        spent,
        generation: count,
      };
    },
    describe: ({ population, generation }, slot) =>
      population.length === 0
        ? `individual ${slot + 1} of the first ${populationSize}, at random`
        : `may replace individual ${
          slot % population.length + 1
        } of ${population.length}, generation ${generation + 1}`,
  });

  function sizeAfter(spent: number): number {
    if (trials === undefined || !adapts) return populationSize;
    const left = Math.max(0, 1 - spent / trials);
    return Math.round(
      leastPopulation + left * (populationSize - leastPopulation),
    );
  }

  /** A trial vector, and the F and CR that it was made with. */
  function vary(
    { population, archive, memory }: DifferentialEvolutionState,
    slot: number,
    random: RandomStream,
  ): { point: Float64Array; scale: number; crossRate: number } {
    if (population.length < leastPopulation) {
      return { point: anyPoint(axes, random), scale: 0, crossRate: 0 };
    }
    const index = slot % population.length;
    const target = population[index]!.point;
    const { f, cr } = adapts
      ? learned(memory, random)
      : { f: scale, cr: crossRate };
    const [base, to, from] = parents(
      { population, archive },
      index,
      random,
    );
    const kept = random.int(n);
    const point = axes.map((axis, j) => {
      const isCrossed = random.uniform() < cr || j === kept;
      const place = target[j]!;
      if (!isCrossed) return place;
      if (axis.kind === "unordered") {
        const agree = choiceAt(to[j]!, axis.count) ===
          choiceAt(from[j]!, axis.count);
        return !agree && random.uniform() < f
          ? otherChoice(place, axis.count, random)
          : random.uniform() < 0.5
          ? base[j]!
          : to[j]!;
      }
      const moved = (adapts ? place + f * (base[j]! - place) : base[j]!) +
        f * (to[j]! - from[j]!);
      if (moved >= 0 && moved <= 1) return moved;
      const end = moved < 0 ? 0 : 1;
      return random.uniform() < 0.5 ? end : (end + place) / 2;
    });
    return { point: Float64Array.from(point), scale: f, crossRate: cr };
  }

  /** The point that is moved to or from, and the two ends of the difference. */
  function parents(
    { population, archive }: Pick<
      DifferentialEvolutionState,
      "population" | "archive"
    >,
    index: number,
    random: RandomStream,
  ): [Float64Array, Float64Array, Float64Array] {
    const others = random.shuffle(
      Array.from(population.keys()).filter((k) => k !== index),
    );
    const point = (k: number) => population[others[k]!]!.point;
    if (strategy === "rand") return [point(0), point(1), point(2)];
    const ranked = [...population].sort(compareIndividuals);
    if (strategy === "best") return [ranked[0]!.point, point(0), point(1)];
    const good = Math.max(2, Math.round(bestShare * population.length));
    const base = ranked[random.int(Math.min(good, ranked.length))]!.point;
    const which = random.int(others.length - 1 + archive.length);
    const from = which < others.length - 1
      ? point(which + 1)
      : archive[which - (others.length - 1)]!;
    return [base, point(0), from];
  }

  /** Each trial vector against its target, and what the successes teach. */
  function select(
    state: DifferentialEvolutionState,
    generation: readonly Individual[],
  ): DifferentialEvolutionState {
    const population = [...state.population];
    const archive = [...state.archive];
    const successes: { scale: number; crossRate: number; gain: number }[] = [];
    for (const one of generation) {
      const index = one.slot % population.length;
      const target = population[index]!;
      const order = compareIndividuals(one, target);
      if (order > 0) continue;
      population[index] = one;
      if (order === 0) continue;
      archive.push(target.point);
      if (!adapts || one.isForeign) continue;
      const gain = target.violation > 0
        ? target.violation - one.violation
        : Math.abs(target.values[0]! - one.values[0]!);
      successes.push({ ...vary(state, one.slot, one.random()), gain });
    }
    return {
      ...state,
      population,
      archive,
      memory: remember(state.memory, successes),
    };
  }
}

/** F from a Cauchy, CR from a normal distribution around one of the remembered. */
function learned(
  { scales, crossRates }: DifferentialEvolutionState["memory"],
  random: RandomStream,
): { f: number; cr: number } {
  const k = random.int(scales.length);
  const rate = crossRates[k]!;
  const cr = rate === null
    ? 0
    : Math.min(1, Math.max(0, rate + 0.1 * random.normal()));
  let f = 0;
  while (f <= 0) {
    f = scales[k]! + 0.1 * Math.tan(Math.PI * (random.uniform() - 0.5));
  }
  return { f: Math.min(1, f), cr };
}

/** Weighted Lehmer means of what succeeded take the place of the oldest memory. */
function remember(
  memory: DifferentialEvolutionState["memory"],
  successes: readonly { scale: number; crossRate: number; gain: number }[],
): DifferentialEvolutionState["memory"] {
  if (successes.length === 0) return memory;
  const largest = Math.max(...successes.map(({ gain }) => gain));
  // Where a failure was replaced, the gain is infinite: then all count alike.
  const weigh = (gain: number) =>
    Number.isFinite(largest) && largest > 0 ? gain / largest : 1;
  const lehmer = (of: (success: typeof successes[number]) => number) => {
    let [squares, sum] = [0, 0];
    for (const success of successes) {
      const weight = weigh(success.gain);
      squares += weight * of(success) ** 2;
      sum += weight * of(success);
    }
    return sum > 0 ? squares / sum : null;
  };
  const scales = [...memory.scales];
  const crossRates = [...memory.crossRates];
  const { next } = memory;
  scales[next] = lehmer(({ scale }) => scale) ?? scales[next]!;
  crossRates[next] = crossRates[next] === null
    ? null
    : lehmer(({ crossRate }) => crossRate);
  return { scales, crossRates, next: (next + 1) % scales.length };
}

/** The best ones, in the order in which they stand. */
function shrunk(
  population: readonly Member[],
  size: number,
): readonly Member[] {
  if (population.length <= size) return population;
  const best = new Set([...population].sort(compareIndividuals).slice(0, size));
  return population.filter((member) => best.has(member));
}
