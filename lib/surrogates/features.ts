/**
 * Configurations as columns of numbers for a Gaussian process.
 *
 * - Numbers, with steps or without, and orders: their place in the unit
 *   interval, which for a discrete parameter is the place of the value that it
 *   really has; inactive ones stand in the middle.
 * - Choices and booleans: the number of the category; inactive is a category of
 *   its own.
 *
 * An inactive parameter thus adds nothing to the distance of two configurations
 * that both lack it, and configurations of all branches of a conditional space
 * are modelled together. Surrogates take a column more for each set of parameters
 * that are active together, which says whether they are: see branches.ts.
 *
 * Source: imputation of inactive parameters, Lévesque et al., Bayesian
 * optimization for conditional hyperparameter spaces (2017).
 *
 * @module
 */

import { cardinality, type Configuration, type Space } from "../space/mod.ts";
import { type Branches, branchesOf } from "./branches.ts";

/**
 * How far from the unit interval a number may stand: of trials made before a range
 * was narrowed. Beyond, nothing is alike, and the squares of distances stay finite.
 */
const farthest = 1e6;

/** How the axes of a space become columns: numbers first, then categories. */
export interface Features {
  /** The number of columns d, one an axis of the space, and one a branch if there are some. */
  readonly dimension: number;
  /** How many columns, the first ones, are numbers. */
  readonly numeric: number;
  /** The axis of the space that each column is made of; columns that are made of none come last. */
  readonly axes: readonly number[];
  /** How many categories each column has, `[d]`; 0 for numbers. */
  readonly categories: readonly number[];
  /** Whether some parameters are active in some configurations only. */
  readonly isConditional: boolean;
  /** The branches of a conditional space, with a column each that says whether a point is on it. Defaults to none. */
  readonly branches?: Branches;
  /** Whether what is learnt over them is one of several objectives. Defaults to `false`. */
  readonly oneOfSeveral?: boolean;
  /**
   * A place in the unit cube as columns.
   *
   * @param unit `[d]`, NaN where inactive, as {@linkcode Space.encode} gives it.
   * @param out If given, the columns are written here, from `at` on.
   */
  encode(
    unit: ArrayLike<number>,
    out?: Float64Array,
    at?: number,
  ): Float64Array;
}

/**
 * The columns of a space.
 *
 * @example
 * ```ts
 * import { choice, featuresOf, float, space } from "@etude/etude";
 * const s = space({ kind: choice(["a", "b"]), x: float(0, 10) });
 * featuresOf(s).encode(s.encode({ kind: "b", x: 5 })); // [0.5, 1]
 * ```
 */
export function featuresOf<C = Configuration>(space: Space<C>): Features {
  const isCategory = space.parameters.map(({ kind }) =>
    kind === "choice" || kind === "boolean"
  );
  const all = space.parameters.map((_, axis) => axis);
  const axes = Object.freeze([
    ...all.filter((axis) => !isCategory[axis]),
    ...all.filter((axis) => isCategory[axis]),
  ]);
  const categories = Object.freeze(
    axes.map((axis) =>
      isCategory[axis] ? cardinality(space.parameters[axis]!) : 0
    ),
  );
  const dimension = axes.length;
  return Object.freeze<Features>({
    dimension,
    numeric: isCategory.filter((is) => !is).length,
    axes,
    categories,
    isConditional: space.isConditional,
    encode(unit, out = new Float64Array(dimension), at = 0) {
      for (let column = 0; column < dimension; column++) {
        const u = unit[axes[column]!]!;
        const count = categories[column]!;
        out[at + column] = count === 0
          ? (Number.isNaN(u) ? 0.5 : Math.max(-farthest, Math.min(farthest, u)))
          : (Number.isNaN(u) ? -1 : Math.min(count - 1, Math.floor(u * count)));
      }
      return out;
    },
  });
}

/**
 * The columns of a space, and, if it has conditions, those of its branches.
 *
 * @example
 * ```ts
 * import { branchedFeaturesOf, choice, float, space } from "@etude/etude";
 * const s = space({ kind: choice(["a", "b"]), x: float(0, 10).when({ kind: "b" }) });
 * branchedFeaturesOf(s).encode(s.encode({ kind: "b", x: 5 })); // [0.5, 1, 1]
 * ```
 */
export function branchedFeaturesOf<C = Configuration>(
  space: Space<C>,
): Features {
  const plain = featuresOf(space);
  const branches = branchesOf(space, plain.axes);
  if (branches === null) return plain;
  const { axes, categories } = plain;
  const dimension = plain.dimension + branches.parts.length;
  return Object.freeze<Features>({
    dimension,
    numeric: plain.numeric,
    axes,
    categories: Object.freeze([...categories, ...branches.parts.map(() => 2)]),
    branches,
    isConditional: true,
    encode(unit, out = new Float64Array(dimension), at = 0) {
      plain.encode(unit, out, at);
      for (const { columns, switch: column } of branches.parts) {
        const isOn = columns.some((one) => !Number.isNaN(unit[axes[one]!]!));
        out[at + column] = isOn ? 1 : 0;
      }
      return out;
    },
  });
}
