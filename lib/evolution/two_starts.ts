import {
  compareIndividuals,
  type Evolution,
  type Individual,
} from "./evolution.ts";

/** What {@linkcode twoStarts} has learned. */
export interface TwoStartsState<S> {
  /** Which beginning goes on; null while that is not known. */
  readonly chosen: "warm" | "cold" | null;
  /** What the algorithm has learned; before the choice what the warm one begins with. */
  readonly state: S;
}

/**
 * One algorithm with two beginnings, of which one may mislead: the individuals of
 * the first generation come from the two in turn, and the beginning whose
 * individuals stand better on average goes on, with all of the generation. In
 * doubt, it is the warm one. So a beginning that misleads costs half a generation.
 *
 * Individuals that others chose are no evidence. Both draw what the algorithm draws.
 *
 * @param warm The algorithm, begun from what is known of similar tasks; null where
 * nothing is, and the cold one has no other beside it.
 * @param cold The same with its usual beginning.
 *
 * @example
 * ```ts
 * import { cmaEs, randomStream, twoStarts } from "@etude/etude";
 * const axes = [{ kind: "continuous" }] as const;
 * const es = twoStarts(cmaEs(axes, { mean: [0.9], sigma: 0.05 }), cmaEs(axes));
 * const random = () => randomStream("seed");
 * const points = Array.from({ length: es.size(es.start()) }, (_, slot) =>
 *   es.ask(es.start(), slot, randomStream("seed", slot)));
 * const told = es.tell(es.start(), points.map((point, slot) => (
 *   { slot, point, values: [point[0]!], violation: 0, isForeign: false, random }
 * )));
 * told.chosen; // "cold", since smaller is better here
 * ```
 */
export function twoStarts<S>(
  warm: Evolution<S> | null,
  cold: Evolution<S>,
): Evolution<TwoStartsState<S>> {
  const algorithms = { warm: warm ?? cold, cold };
  const begun = {
    warm: algorithms.warm.start(),
    cold: algorithms.cold.start(),
  };
  const sideOf = (slot: number) => slot % 2 === 0 ? "warm" : "cold";
  /** Who asks for an individual, and from what. */
  const source = ({ chosen, state }: TwoStartsState<S>, slot: number) => {
    const side = chosen ?? sideOf(slot);
    return {
      algorithm: algorithms[side],
      side,
      from: chosen === null ? begun[side] : state,
    };
  };
  return Object.freeze<Evolution<TwoStartsState<S>>>({
    name: cold.name,
    start: () =>
      warm === null
        ? Object.freeze({ chosen: "cold" as const, state: begun.cold })
        : Object.freeze({ chosen: null, state: begun.warm }),
    size: ({ chosen, state }) =>
      chosen === null ? cold.size(begun.cold) : algorithms[chosen].size(state),
    ask(state, slot, random) {
      const { algorithm, from } = source(state, slot);
      return algorithm.ask(from, slot, random);
    },
    tell({ chosen, state }, generation) {
      if (chosen !== null) {
        return Object.freeze({
          chosen,
          state: algorithms[chosen].tell(state, generation),
        });
      }
      const side = isColdBetter(generation, sideOf) ? "cold" : "warm";
      // What the other one drew is for this one somebody else's.
      const own = generation.map((one) =>
        sideOf(one.slot) === side ? one : { ...one, isForeign: true }
      );
      return Object.freeze({
        chosen: side,
        state: algorithms[side].tell(begun[side], own),
      });
    },
    describe(state, slot) {
      const { algorithm, side, from } = source(state, slot);
      const text = algorithm.describe(from, slot);
      return state.chosen !== null
        ? text
        : `${text}, ${
          side === "warm"
            ? "where prior studies had their best"
            : "as if there were no prior studies"
        }`;
    },
  });
}

/** Whether the cold individuals' mean rank is better; equals share. */
function isColdBetter(
  generation: readonly Individual[],
  sideOf: (slot: number) => "warm" | "cold",
): boolean {
  const own = generation.filter(({ isForeign }) => !isForeign);
  const sides = { warm: [] as Individual[], cold: [] as Individual[] };
  for (const one of own) sides[sideOf(one.slot)].push(one);
  let wins = 0;
  for (const a of sides.cold) {
    for (const b of sides.warm) wins -= compareIndividuals(a, b);
  }
  return wins > 0;
}
