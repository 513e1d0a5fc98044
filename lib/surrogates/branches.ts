/**
 * The branches of a conditional space as a Gaussian process sees them: which of
 * its columns there are together, and only then.
 *
 * @module
 */

import { quickStream, randomStream } from "../math/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";

/** Columns of parameters that are active under the same conditions. */
export interface BranchColumns {
  /** The columns, at least one. */
  readonly columns: readonly number[];
  /** The column that says whether they are active: 1, or 0. */
  readonly switch: number;
}

/** The branches of a conditional space. */
export interface Branches {
  /** The columns that are always active. */
  readonly shared: readonly number[];
  /** The others, by what makes them active. */
  readonly parts: readonly BranchColumns[];
  /**
   * How many parameters are active where the one of a column is, on average over
   * the space, `[d]`; of switches, where they are on.
   */
  readonly company: readonly number[];
}

/** Over so many configurations {@linkcode Branches.company} is averaged. */
const draws = 512;

/**
 * The branches of a space; null if it has no conditions. It draws configurations
 * from a stream of its own, always the same ones.
 *
 * @param space The space.
 * @param axes The axis of the space that each column is made of; switches come after.
 *
 * @example
 * ```ts
 * import { branchesOf, choice, float, space } from "@etude/etude";
 * const s = space({ kind: choice(["a", "b"]), x: float(0, 1).when({ kind: "b" }) });
 * branchesOf(s, [1, 0])?.parts; // [{ columns: [0], switch: 2 }]
 * ```
 */
export function branchesOf<C = Configuration>(
  space: Space<C>,
  axes: readonly number[],
): Branches | null {
  const groups = new Map<string, number[]>();
  const shared: number[] = [];
  axes.forEach((axis, column) => {
    const { conditions } = space.parameters[axis]!;
    if (conditions.length === 0) return shared.push(column);
    const key = conditions.map((one) => JSON.stringify(one)).sort().join();
    groups.set(key, [...groups.get(key) ?? [], column]);
  });
  if (groups.size === 0) return null;
  const parts = [...groups.values()].map((columns, index): BranchColumns =>
    Object.freeze({
      columns: Object.freeze(columns),
      switch: axes.length + index,
    })
  );
  return Object.freeze<Branches>({
    shared: Object.freeze(shared),
    parts: Object.freeze(parts),
    company: Object.freeze(companyOf(space, axes, parts)),
  });
}

function companyOf<C>(
  space: Space<C>,
  axes: readonly number[],
  parts: readonly BranchColumns[],
): number[] {
  const random = quickStream(randomStream("branches of a space"));
  const active = new Array<number>(space.dimension).fill(0);
  const beside = new Array<number>(space.dimension).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const unit = space.encode(space.sample(random.uniform));
    const is = Array.from(unit, (u) => !Number.isNaN(u));
    const count = is.filter(Boolean).length;
    is.forEach((isActive, axis) => {
      if (!isActive) return;
      active[axis]!++;
      beside[axis]! += count;
    });
  }
  // What was never drawn is beside as many as others are.
  const usual = beside.reduce((a, b) => a + b) / active.reduce((a, b) => a + b);
  const ofColumn = axes.map((axis) =>
    active[axis]! > 0 ? beside[axis]! / active[axis]! : usual
  );
  return [...ofColumn, ...parts.map(({ columns }) => ofColumn[columns[0]!]!)];
}
