/**
 * Places in the unit cube for the search of an acquisition function: only those
 * that a configuration really has, the fixed values kept.
 */

import type { RandomStream } from "../math/mod.ts";
import {
  cardinality,
  choicesOf,
  type Configuration,
  fromUnit,
  type Parameter,
  type ParameterValue,
  type Requirement,
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

/** So many uniform draws are made for a candidate before another way is gone. */
const draws = 30;

/** The places of a space: those alone that its rules allow. */
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
  const snap = space.rules.length > 0
    ? (unit: Float64Array) =>
      space.encode(space.allowed(fixed).nearest(unit, { quick: true }))
    : isPlain
    ? (unit: Float64Array) => unit.map((u, axis) => roundings[axis]!(u))
    : (parents.size > 0 ? conditionalSnap(space, fixed, roundings) : null) ??
      ((unit: Float64Array) => space.encode(space.decode(unit, fixed)));
  return {
    dimension,
    axes,
    count: axes.reduce((product, { count }) => product * count, 1),
    snap,
    draw(random) {
      if (space.rules.length > 0) {
        const params = space.allowed(fixed).draw(random.uniform, { draws });
        return space.encode(params);
      }
      const unit = new Float64Array(dimension);
      for (let axis = 0; axis < dimension; axis++) {
        unit[axis] = random.uniform();
      }
      return snap(unit);
    },
  };
}

/**
 * {@linkcode Places.snap} of a conditional space without making configurations,
 * which takes longer; null where something fixed has conditions itself, and where a
 * condition looks at a continuum, whose values would have to be exact to the bit.
 */
function conditionalSnap(
  space: Space,
  fixed: Configuration,
  roundings: readonly ((unit: number) => number)[],
): ((unit: Float64Array) => Float64Array) | null {
  const pinned = space.parameters.map(({ name }) =>
    Object.hasOwn(fixed, name) ? fixed[name] : undefined
  );
  const isHard = space.parameters.some(({ conditions }, axis) =>
    pinned[axis] !== undefined && conditions.length > 0 ||
    conditions.some(({ parent }) =>
      cardinality(space.parameter(parent)) === Infinity
    )
  );
  if (isHard) return null;
  const steps = space.ordered.map((parameter) => {
    const axis = space.parameters.indexOf(parameter);
    const value = pinned[axis];
    const place = value === undefined ? null : toUnit(parameter, value);
    return {
      axis,
      round: place === null ? roundings[axis]! : () => place,
      tests: parameter.conditions.map((condition) => testOf(space, condition)),
    };
  });
  return (unit) => {
    const snapped = new Float64Array(unit.length);
    for (const { axis, round, tests } of steps) {
      const isActive = tests.every((test) => test(snapped));
      snapped[axis] = isActive ? round(unit[axis]!) : NaN;
    }
    return snapped;
  };
}

/** Whether a requirement holds at a place whose parents have been snapped. */
function testOf(
  space: Space,
  { parent, values, min = -Infinity, max = Infinity }: Requirement,
): (unit: Float64Array) => boolean {
  const axis = space.names.indexOf(parent);
  const parameter = space.parameters[axis]!;
  const fits = (value: ParameterValue) =>
    values?.includes(value) ??
      (typeof value === "number" && value >= min && value <= max);
  const choices = choicesOf(parameter)?.map(fits);
  if (choices === undefined) {
    return (unit) =>
      !Number.isNaN(unit[axis]!) && fits(fromUnit(parameter, unit[axis]!));
  }
  const last = choices.length - 1;
  return (unit) =>
    !Number.isNaN(unit[axis]!) &&
    choices[Math.min(last, Math.floor(unit[axis]! * choices.length))]!;
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
