import { show } from "./_show.ts";
import { fromUnit } from "./encoding.ts";
import {
  cardinality,
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
} from "./parameter.ts";
import type { Space } from "./space.ts";

/**
 * How many values each number takes in a grid: one count for all, or a count
 * or a list of values by name.
 */
export type GridPoints =
  | number
  | Readonly<Record<string, number | readonly ParameterValue[]>>;

/** A grid of more configurations than this is refused. */
const largestGrid = 1_000_000;

/**
 * The values that one parameter takes in a grid: all of them where they are
 * few or no count is given, else `points` values spread evenly over the
 * parameter's scale, both ends included.
 *
 * @param points How many values, at least 1; or the values themselves.
 * @throws {RangeError} If a continuum has no count, or a value is not allowed.
 */
export function axisOf(
  space: Space,
  parameter: Parameter,
  points?: number | readonly ParameterValue[],
): readonly ParameterValue[] {
  const about = `Cannot make a grid over ${show(parameter.name)}`;
  if (Array.isArray(points)) {
    if (points.length === 0) {
      throw new RangeError(
        `${about}: its list of values is empty, expected at least one`,
      );
    }
    for (const value of points) space.checkValue(parameter.name, value);
    return points;
  }
  const count = cardinality(parameter);
  const asked = points as number | undefined;
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1)) {
    throw new RangeError(
      `${about}: the number of points is ${
        show(asked)
      }, expected a whole number of at least 1`,
    );
  }
  const choices = choicesOf(parameter);
  if (choices !== null) return choices;
  if (asked === undefined && !Number.isFinite(count)) {
    throw new RangeError(
      `${about}: it is a continuum, so the grid needs a number of points, e.g. { points: 5 } or { points: { ${parameter.name}: 5 } }, or give the parameter a step`,
    );
  }
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  if (asked === undefined || asked >= count) {
    return Array.from(
      { length: count },
      (_, index) => gridValue(index, low, step!),
    );
  }
  if (asked === 1) return [fromUnit(parameter, 0.5)];
  const values = Array.from({ length: asked }, (_, index) => {
    const t = index / (asked - 1);
    const raw = log
      ? Math.exp(Math.log(low) * (1 - t) + Math.log(high) * t)
      : low * (1 - t) + high * t;
    const onGrid = step === null
      ? raw
      : gridValue(Math.round((raw - low) / step), low, step);
    return Math.min(
      high,
      Math.max(low, kind === "int" ? Math.round(onGrid) : onGrid),
    );
  });
  return [...new Set(values)];
}

/**
 * Enumerates a grid, the last parameter varying fastest. A conditional
 * parameter takes part only where it is active, so no configuration comes twice.
 *
 * @throws {RangeError} If a continuum has no number of points, a name is not
 * in the space, or the grid has more than 1,000,000 configurations.
 */
export function enumerateGrid<C>(
  space: Space<C>,
  points?: GridPoints,
): readonly C[] {
  if (typeof points === "object" && points !== null) {
    for (const name of Object.keys(points)) space.parameter(name);
  }
  const plain = space as unknown as Space;
  const axes = new Map(
    plain.ordered.map((parameter) => {
      const own = typeof points === "object" && points !== null
        ? (Object.hasOwn(points, parameter.name)
          ? points[parameter.name]
          : undefined)
        : points;
      return [parameter.name, axisOf(plain, parameter, own)] as const;
    }),
  );
  const found: C[] = [];
  const extend = (
    index: number,
    partial: Record<string, ParameterValue>,
  ): void => {
    if (index === plain.ordered.length) {
      if (found.length >= largestGrid) {
        throw new RangeError(
          `Cannot make the grid: it has more than ${
            largestGrid.toLocaleString("en-US")
          } configurations; take fewer points or another sampler`,
        );
      }
      found.push(plain.arrange(partial) as C);
      return;
    }
    const parameter = plain.ordered[index]!;
    if (!plain.isActive(parameter.name, partial)) {
      return extend(index + 1, partial);
    }
    for (const value of axes.get(parameter.name)!) {
      extend(index + 1, { ...partial, [parameter.name]: value });
    }
  };
  extend(0, {});
  return Object.freeze(found);
}
