import type { Configuration, Space } from "../space/mod.ts";

/**
 * The configuration at a place in the unit cube; where the space's rules do not
 * allow it, the nearest that they do, as far as it is found.
 *
 * @param unit `[dimension]`, as for `space.decode`.
 * @throws {RangeError} If the rules allow practically nothing.
 */
export function allowedAt<C>(
  space: Space<C>,
  unit: ArrayLike<number>,
  fixed: Configuration,
): C {
  return space.rules.length === 0
    ? space.decode(unit, fixed)
    : space.allowed(fixed).nearest(unit) as C;
}
