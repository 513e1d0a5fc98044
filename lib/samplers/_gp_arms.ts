/**
 * The branches of a conditional space as the arms of a bandit: the categories of
 * the parameters that decide which others there are. Where trials bring nothing,
 * the surrogate may be too sure of the branches in which it has not dug: then one
 * of these is searched as if it were a space of its own, towards its own best.
 *
 * Source: the bound as in UCB1, Auer, Cesa-Bianchi and Fischer (2002), with the
 * best of an arm in place of its mean.
 */

import {
  cardinality,
  type Configuration,
  fromUnit,
  type Space,
} from "../space/mod.ts";

/** Of more categories, each would be looked at too seldom. */
const mostArms = 12;
/** How much is hoped for of an arm with few trials, in standard deviations of the values. */
const hope = 1;

/** A branch, and what it brought. */
export interface Arm {
  /** The value that leads into it. */
  readonly fixed: Configuration;
  /** Its best value so far; the middle of all without a trial. */
  readonly best: number;
  /** Whether a place is in it. */
  has(unit: Float64Array): boolean;
}

/**
 * The branch other than the best trial's from which most can be hoped: its best
 * is good, or it has been tried little. Null if the space has no branches.
 *
 * @param space The space.
 * @param fixed The values that are fixed.
 * @param trials The trials' places and values, smaller is better.
 */
export function hopefulArm(
  space: Space<Configuration>,
  fixed: Configuration,
  { units, values }: {
    readonly units: readonly Float64Array[];
    readonly values: ArrayLike<number>;
  },
): Arm | null {
  const { parameters } = space;
  const parents = new Set(
    parameters.flatMap(({ conditions }) => conditions.map((c) => c.parent)),
  );
  let leader = 0;
  units.forEach((_, i) => {
    if (values[i]! < values[leader]!) leader = i;
  });
  let found: Arm | null = null;
  let least = Infinity;
  parameters.forEach((parameter, axis) => {
    const { name, kind, conditions } = parameter;
    const count = cardinality(parameter);
    if (
      !parents.has(name) || conditions.length > 0 || count > mostArms ||
      (kind !== "choice" && kind !== "boolean") ||
      (Object.hasOwn(fixed, name) && fixed[name] !== undefined)
    ) return;
    const categoryOf = (unit: Float64Array) =>
      Math.min(count - 1, Math.floor(unit[axis]! * count));
    const tried = new Array<number>(count).fill(0);
    const best = new Array<number>(count).fill(Infinity);
    units.forEach((unit, i) => {
      const category = categoryOf(unit);
      tried[category]!++;
      best[category] = Math.min(best[category]!, values[i]!);
    });
    for (let category = 0; category < count; category++) {
      if (units.length > 0 && category === categoryOf(units[leader]!)) continue;
      const bound = tried[category] === 0 ? -Infinity : best[category]! -
        hope * Math.sqrt(Math.log(units.length) / tried[category]!);
      if (found !== null && bound >= least) continue;
      const value = fromUnit(parameter, (category + 0.5) / count);
      if (
        space.rules.length > 0 &&
        space.allowed({ ...fixed, [name]: value }).contradiction !== null
      ) continue;
      least = bound;
      found = {
        fixed: { [name]: value },
        best: tried[category] === 0 ? 0 : best[category]!,
        has: (unit) => categoryOf(unit) === category,
      };
    }
  });
  return found;
}
