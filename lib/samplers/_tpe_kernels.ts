/**
 * The kernels of a Parzen estimator along one discrete axis: one for each
 * component. Those on continua are in `_tpe_continua.ts`.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | K | `components` | | how many components there are |
 * | μₖ | `coordinates` | `[K]` | where component k stands; NaN: nowhere, its kernel is uniform |
 * | σₖ | `widths` | `[K]` | the bandwidth of component k, in units of the axis |
 * | x | `x` | | a coordinate: a place in `[0, 1]`, or a value's number |
 * | k(x; μₖ) | `addLogs` | `[K]` | its logarithm, added to what is there |
 *
 * On steps k is the mass over the step's cell of a normal distribution cut to
 * `[0, 1]`; among categories, 1 for the component's own and a share for all,
 * normalized.
 *
 * @module
 */

import { drawInside, massInside, normalMass } from "./_tpe_normal.ts";

/** What kernels stand on. */
export type KernelAxis =
  | { readonly kind: "continuous" }
  | {
    readonly kind: "stepped";
    /** Where the values stand, `[n]`, rising. */
    readonly centers: Float64Array;
    /** Where their cells begin and end, `[n + 1]`, from 0 to 1. */
    readonly edges: Float64Array;
  }
  | { readonly kind: "categorical"; readonly count: number };

/** The kernels of all components along one discrete axis. */
export interface Kernels {
  /** Adds log k(x; μₖ) to `logs[k]` for every component. */
  addLogs(x: number, logs: Float64Array): void;
  /** Turns a number u in `[0, 1)` into a coordinate with the distribution k(·; μₖ). */
  draw(component: number, u: number): number;
}

/**
 * Kernels on steps.
 *
 * @param coordinates The numbers of the values where the components stand, `[K]`.
 * @param widths The bandwidth at each value, `[n]`, above 0.
 * @param centers Where the values stand, `[n]`.
 * @param edges Where their cells begin and end, `[n + 1]`.
 */
export function steppedKernels(
  coordinates: Float64Array,
  widths: Float64Array,
  { centers, edges }: KernelAxis & { kind: "stepped" },
): Kernels {
  const steps = centers.length;
  // Row v: the log masses around value v, reckoned when first asked for. The last row is uniform.
  const rows = coordinates.map((value) => value === value ? value : steps);
  const table: (Float64Array | undefined)[] = new Array(steps);
  const columnOf = (x: number) => {
    const column = new Float64Array(steps + 1).fill(NaN);
    column[steps] = Math.log(edges[x + 1]! - edges[x]!);
    return table[x] = column;
  };
  const logMass = (value: number, x: number) => {
    const mean = centers[value]!;
    const width = widths[value]!;
    const whole = massInside(mean, width);
    return Math.log(
      normalMass((edges[x]! - mean) / width, (edges[x + 1]! - mean) / width) /
        whole,
    );
  };
  return {
    addLogs(x, logs) {
      const column = table[x] ?? columnOf(x);
      for (let k = 0; k < rows.length; k++) {
        const value = rows[k]!;
        let log = column[value]!;
        if (Number.isNaN(log)) log = column[value] = logMass(value, x);
        logs[k]! += log;
      }
    },
    draw(k, u) {
      const value = rows[k]!;
      const place = value === steps
        ? u
        : drawInside(centers[value]!, widths[value]!, u);
      return cellOf(edges, place);
    },
  };
}

/**
 * Kernels among categories: a component gives each of the n categories the
 * share b, and its own 1 more, over 1 + n b.
 *
 * @param coordinates The numbers of the components' categories, `[K]`.
 * @param count How many categories there are: n.
 * @param share b, above 0.
 */
export function categoricalKernels(
  coordinates: Float64Array,
  count: number,
  share: number,
): Kernels {
  const total = 1 + count * share;
  const hit = Math.log((1 + share) / total);
  const miss = Math.log(share / total);
  const uniform = -Math.log(count);
  return {
    addLogs(x, logs) {
      for (let k = 0; k < coordinates.length; k++) {
        const own = coordinates[k]!;
        logs[k]! += own === x ? hit : own === own ? miss : uniform;
      }
    },
    draw(k, u) {
      const own = coordinates[k]!;
      const v = Number.isNaN(own) ? u : u * total - 1;
      // The first 1 of the total is the component's own; the rest is shared evenly.
      if (v < 0) return own;
      const even = Number.isNaN(own) ? v : v / (count * share);
      return Math.min(count - 1, Math.floor(even * count));
    },
  };
}

/** The number of the cell that holds a place; edges rise, and a cell holds its lower one. */
export function cellOf(edges: Float64Array, unit: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}
