/**
 * Places in the unit cube for the search of an acquisition function: only those
 * that a configuration really has, the fixed values kept.
 */

import type { RandomStream } from "../math/mod.ts";
import {
  cardinality,
  type Configuration,
  fromUnit,
  type Parameter,
  type Space,
  toUnit,
} from "../space/mod.ts";

/** How an axis of the cube is searched. */
export interface Axis {
  /** Its index. */
  readonly index: number;
  /** How many values it has; `Infinity` for a continuum. */
  readonly count: number;
  /** Whether its values have no order. */
  readonly isCategory: boolean;
  /** Whether other parameters' conditions look at it. */
  readonly isParent: boolean;
}

/** The places of a space where some values are fixed. */
export interface Places {
  /** The number of axes of the cube. */
  readonly dimension: number;
  /** The axes that are free and have more than one value. */
  readonly axes: readonly Axis[];
  /** How many configurations there are at most, conditions not counted; may be `Infinity`. */
  readonly count: number;
  /** The place of the configuration at or near a place, NaN on inactive axes. */
  snap(unit: Float64Array): Float64Array;
  /** A place drawn at random: a number for each axis of the cube. */
  draw(random: RandomStream): Float64Array;
}

/** The places of a space. */
export function placesOf(space: Space, fixed: Configuration): Places {
  const { parameters, dimension } = space;
  const parents = new Set(
    parameters.flatMap(({ conditions }) => conditions.map((c) => c.parent)),
  );
  const isFixed = (name: string) =>
    Object.hasOwn(fixed, name) && fixed[name] !== undefined;
  const axes = parameters.map((parameter, index): Axis => ({
    index,
    count: isFixed(parameter.name) ? 1 : cardinality(parameter),
    isCategory: parameter.kind === "choice" || parameter.kind === "boolean",
    isParent: parents.has(parameter.name),
  })).filter(({ count }) => count > 1);
  const isPlain = parents.size === 0 && Object.keys(fixed).length === 0;
  const roundings = parameters.map(roundingOf);
  const snap = isPlain
    ? (unit: Float64Array) => unit.map((u, axis) => roundings[axis]!(u))
    : (unit: Float64Array) => space.encode(space.decode(unit, fixed));
  return {
    dimension,
    axes,
    count: axes.reduce((product, { count }) => product * count, 1),
    snap,
    draw(random) {
      const unit = new Float64Array(dimension);
      for (let axis = 0; axis < dimension; axis++) {
        unit[axis] = random.uniform();
      }
      return snap(unit);
    },
  };
}

/** Moves a place on one axis to that of the value there. */
function roundingOf(parameter: Parameter): (unit: number) => number {
  const count = cardinality(parameter);
  if (count === Infinity) {
    return (u) => Number.isNaN(u) ? 0.5 : Math.min(1, Math.max(0, u));
  }
  const isLog = parameter.kind === "int" && parameter.log;
  if (count === 1 || isLog || count > 1e9) {
    return (u) => toUnit(parameter, fromUnit(parameter, u));
  }
  return (u) =>
    Number.isNaN(u)
      ? toUnit(parameter, fromUnit(parameter, u))
      : (Math.max(0, Math.min(count - 1, Math.floor(u * count))) + 0.5) / count;
}

/** Whether a place is that of a trial. */
export function isTaken(
  unit: Float64Array,
  taken: readonly Float64Array[],
): boolean {
  return taken.some((other) =>
    unit.every((u, axis) =>
      // Equal configurations may differ in the last digits of their places.
      Math.abs(u - other[axis]!) < 1e-12 ||
      (Number.isNaN(u) && Number.isNaN(other[axis]!))
    )
  );
}
