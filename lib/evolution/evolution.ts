import type { RandomStream } from "../math/mod.ts";

/** One axis of the unit cube, as evolutionary algorithms see it. */
export type Axis =
  /** Any number in `[0, 1]`. */
  | { readonly kind: "continuous" }
  /**
   * Values in an order. `edges` are the places between one value and the next,
   * rising, one fewer than there are values: a place below the first edge means
   * the first value.
   */
  | { readonly kind: "ordered"; readonly edges: Float64Array }
  /** `count` values without an order: value k is the share `[k, k + 1)/count`. */
  | { readonly kind: "unordered"; readonly count: number };

/** One of a generation, with what became of it. */
export interface Individual {
  /** Its place in the generation, from 0; what {@linkcode Evolution.ask} was asked for. */
  readonly slot: number;
  /** Where it is, `[dimension]`; in the unit cube, where the algorithm asked for it. */
  readonly point: Float64Array;
  /** A value an objective, smaller is better; `Infinity` for what failed. Never NaN. */
  readonly values: ArrayLike<number>;
  /** By how much it breaks constraints, at least 0; 0 is feasible. */
  readonly violation: number;
  /** Whether somebody else chose it: a person, a queue, another sampler. */
  readonly isForeign: boolean;
  /** A stream of random numbers of this individual alone, afresh from its beginning: what ask drew from. */
  random(): RandomStream;
}

/** What a population keeps of an individual. */
export type Member = Pick<Individual, "point" | "values" | "violation">;

/**
 * An evolutionary algorithm as a plain object on numbers: it knows nothing of
 * studies. It holds no state; what it has learned is a value `S`, which it never
 * changes, so that any generation can be gone back to.
 *
 * It minimizes, in the unit cube.
 */
export interface Evolution<S> {
  /** What it is called, e.g. `"CMA-ES"`. */
  readonly name: string;
  /** What is known before the first generation. */
  start(): S;
  /** How many individuals the next generation has, at least 1. */
  size(state: S): number;
  /**
   * An individual of the next generation.
   *
   * @param slot Its place in the generation, from 0, less than its size.
   * @returns `[dimension]`, in the unit cube; places of ordered axes may lie beyond.
   */
  ask(state: S, slot: number, random: RandomStream): Float64Array;
  /**
   * What is known after a generation.
   *
   * @param generation In the order of their slots; some may be missing, at least one is there.
   */
  tell(state: S, generation: readonly Individual[]): S;
  /** Where the next individual comes from, in a few words: `"generation 3, step size 0.12"`. */
  describe(state: S, slot: number): string;
}

/**
 * The order of individuals, the best first: feasible ones before others, those by
 * their first value, others by how much they break; of equals, the earlier slot.
 *
 * Source: Deb, An efficient constraint handling method for genetic algorithms
 * (2000), section 3.
 *
 * @returns Below 0 if `a` stands before `b`; 0 for equals.
 *
 * @example
 * ```ts
 * import { compareIndividuals } from "@etude/etude";
 * const feasible = { values: [5], violation: 0 };
 * const better = { values: [1], violation: 0.1 };
 * compareIndividuals(feasible, better) < 0; // true: the feasible one stands first
 * ```
 */
export function compareIndividuals(
  a: Pick<Individual, "values" | "violation">,
  b: Pick<Individual, "values" | "violation">,
): number {
  if (a.violation > 0 || b.violation > 0) return sign(a.violation, b.violation);
  return sign(a.values[0]!, b.values[0]!);
}

/** −1, 0 or 1, for infinities too. */
function sign(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
