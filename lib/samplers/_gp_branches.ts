/**
 * The branches of a conditional space: the categories of a parameter that
 * decides which others there are. A surrogate that has seen a branch once, with
 * poor values of its own parameters, may take the whole branch for poor.
 */

import {
  cardinality,
  type Configuration,
  fromUnit,
  type Space,
} from "../space/mod.ts";

/** Of more categories, each would be looked at too seldom. */
const mostBranches = 12;

/**
 * The category that the fewest trials have, of those parameters that are always
 * there, are not fixed and decide which others there are; an empty object if
 * the space has no such parameter.
 *
 * @param units The places of the trials.
 */
export function rarestBranch(
  space: Space<Configuration>,
  fixed: Configuration,
  units: readonly Float64Array[],
): Configuration {
  const { parameters } = space;
  const parents = new Set(
    parameters.flatMap(({ conditions }) => conditions.map((c) => c.parent)),
  );
  let rarest: Configuration = {};
  let fewest = Infinity;
  parameters.forEach((parameter, axis) => {
    const { name, kind, conditions } = parameter;
    const count = cardinality(parameter);
    if (
      !parents.has(name) || conditions.length > 0 || count > mostBranches ||
      (kind !== "choice" && kind !== "boolean") || fixed[name] !== undefined
    ) return;
    const trials = new Array<number>(count).fill(0);
    for (const unit of units) {
      trials[Math.min(count - 1, Math.floor(unit[axis]! * count))]!++;
    }
    trials.forEach((tried, category) => {
      if (tried >= fewest) return;
      fewest = tried;
      rarest = { [name]: fromUnit(parameter, (category + 0.5) / count) };
    });
  });
  return rarest;
}
