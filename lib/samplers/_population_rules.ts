/**
 * What evolutionary algorithms ask for, in a space with rules: a place that they do
 * not allow is asked for anew, with another stream of random numbers; after
 * {@linkcode mostAsks} times the first is moved to the nearest that they allow, or,
 * where a function refuses that, on the way to a good trial.
 *
 * Source: resampling and repair, as compared by Kramer, "A review of
 * constraint-handling techniques for evolution strategies" (2010).
 *
 * @module
 */

import type { Evolution } from "../evolution/mod.ts";
import { quickStream, type RandomStream, randomStream } from "../math/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";

/** How often an algorithm is asked before a place is moved. */
const mostAsks = 50;

/** What an algorithm asked for, and what became of it. */
export interface AskedPlace {
  /** The point, `[dimension]`. */
  readonly point: Float64Array;
  /** The configuration there. */
  readonly params: Configuration;
  /** The stream it was drawn from, afresh. */
  random(): RandomStream;
}

/** What an algorithm asks for a trial, by the seed and the trial's number alone. */
export function askFor<S, C>(
  { evolution, state, streamOf }: {
    readonly evolution: Evolution<S>;
    readonly state: S;
    /** The stream of a trial, the same whenever it is asked for. */
    readonly streamOf: (number: number) => RandomStream;
  },
  { space, slot, seed, number, fixed }: {
    readonly space: Space<C>;
    readonly slot: number;
    readonly seed: string;
    readonly number: number;
    readonly fixed: Configuration;
  },
): AskedPlace {
  let first: AskedPlace | undefined;
  for (let ask = 0; ask < mostAsks; ask++) {
    const random = () =>
      ask === 0
        ? streamOf(number)
        : quickStream(randomStream(seed, "evolution", number, ask));
    const point = evolution.ask(state, slot, random());
    const params = space.decode(point, fixed);
    const asked = { point, params: params as Configuration, random };
    if (space.rules.length === 0 || space.allows(params)) return asked;
    first ??= asked;
  }
  return first!;
}

/** The configuration to suggest: what was asked for, or else near it. */
export function allowedNear<C>(
  space: Space<C>,
  { point, params }: AskedPlace,
  { fixed, towards }: {
    readonly fixed: Configuration;
    /** Good trials' configurations, the best first. */
    readonly towards: () => readonly Configuration[];
  },
): Configuration {
  if (space.rules.length === 0 || space.allows(params as C)) return params;
  return space.allowed(fixed).nearest(point, { towards: towards() });
}
