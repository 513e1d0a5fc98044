/**
 * When a run of CMA-ES has come to its end.
 *
 * Source: Hansen 2009 (BIPOP), section 2.2; Hansen 2016, appendix B.3. Differences
 * of values are compared with the largest that there were, so that the scale of the
 * objective does not matter: a run is over where they would be lost in rounding.
 *
 * @module
 */

import {
  conditionOf,
  type GaussianSearch,
  spreadAlong,
} from "./gaussian_search.ts";

/** What the end of a run is told by. */
export interface RunLog {
  /** The best finite value of each of the last generations, the latest last. */
  readonly bests: readonly number[];
  /** How many of them count. */
  readonly memory: number;
  /** The range of the last generation's values. */
  readonly range: number;
  /** The largest range so far, 0 before any. */
  readonly unit: number;
}

export function startLog(dimension: number, size: number): RunLog {
  const memory = 10 + Math.ceil(30 * dimension / size);
  return { bests: [], memory, range: Infinity, unit: 0 };
}

/** The log with another generation, the best first. */
export function writeLog(
  { bests, memory, unit }: RunLog,
  ranked: readonly { readonly values: ArrayLike<number> }[],
): RunLog {
  const finite = ranked.map(({ values }) => values[0]!).filter(Number.isFinite);
  const best = finite.length > 0 ? Math.min(...finite) : Infinity;
  const range = finite.length > 0 ? Math.max(...finite) - best : 0;
  return {
    bests: [...bests, best].slice(-memory),
    memory,
    range,
    unit: Math.max(unit, range),
  };
}

/** Whether the run can find nothing more. */
export function isOver(
  { bests, memory, range, unit }: RunLog,
  search: GaussianSearch,
): boolean {
  if (bests.length >= memory) {
    const spread = Math.max(range, Math.max(...bests) - Math.min(...bests));
    if (!(spread > Number.EPSILON * unit)) return true;
  }
  const spreads = search.mean.map((_, j) => spreadAlong(search, j));
  if (spreads.every((spread) => spread < 1e-11)) return true;
  if (search.mean.some((m, j) => m === m + 0.2 * spreads[j]!)) return true;
  return conditionOf(search) > 1e7;
}
