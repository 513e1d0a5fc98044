/**
 * Points of a design, such as a Sobol sequence, in a space with rules: those that are
 * not allowed are skipped, or moved.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Suggestion } from "./sampler.ts";

/** So many points tell whether enough are allowed for the others to be skipped. */
const looks = 1024;
/** In how many at least one is allowed. */
const sparse = 100;

/** A sequence that goes on for ever. */
interface Sequence {
  /** What tells it from others of the same space, e.g. the seed. */
  readonly key: string;
  /** Its point of that number. */
  point(number: number): ArrayLike<number>;
}

/** The numbers of the allowed points, as far as they have been looked for: they hang on the key alone. */
interface Found {
  readonly key: string;
  readonly numbers: number[];
  looked: number;
}

const memory = new WeakMap<object, Found>();

/** The point of a trial. */
export function allowedPoint<C>(
  { space, fixed, number, random }: {
    readonly space: Space<C>;
    readonly fixed: Configuration;
    readonly number: number;
    readonly random: RandomStream;
  },
  { name, unit, sequence }: {
    /** What it is a point of. */
    readonly name: string;
    /** The point of that number, `[dimension]`. */
    readonly unit: ArrayLike<number>;
    /** Where others are to be found; absent where there are none. */
    readonly sequence?: Sequence;
  },
): Suggestion<C> {
  const allowed = space.allowed(fixed);
  const index = sequence === undefined
    ? null
    : indexOf(space, { fixed, number, sequence });
  if (index !== null) {
    return {
      params: space.decode(sequence!.point(index), fixed),
      reason: `Point ${index + 1} of ${name}, number ${
        number + 1
      } of those that the rules allow.`,
    };
  }
  const isMoved = !allowed.has(unit);
  return {
    params: allowed.spread(unit, random.uniform) as C,
    reason: `Point ${number + 1} of ${name}${
      isMoved ? ", moved to what the rules allow" : ""
    }.`,
  };
}

/** The number of the n-th allowed point; null where they are too few. */
function indexOf<C>(
  space: Space<C>,
  { fixed, number, sequence }: {
    readonly fixed: Configuration;
    readonly number: number;
    readonly sequence: Sequence;
  },
): number | null {
  const key = JSON.stringify([sequence.key, fixed]);
  let found = memory.get(space);
  if (found?.key !== key) {
    memory.set(space, found = { key, numbers: [], looked: 0 });
  }
  const allowed = space.allowed(fixed);
  while (found.looked < looks || found.numbers.length <= number) {
    if (found.looked === looks && found.numbers.length < looks / sparse) {
      return null;
    }
    if (allowed.has(sequence.point(found.looked))) {
      found.numbers.push(found.looked);
    }
    found.looked++;
  }
  return found.numbers.length * sparse < looks ? null : found.numbers[number]!;
}
