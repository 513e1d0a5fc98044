/**
 * Which points are not dominated, and how many layers of others stand before
 * each. Smaller is better in every objective.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, m | | | the number of points, of objectives |
 * | p | `points` | `[n, m]` | the points; NaN counts as infinitely bad |
 * | F_k | `fronts` | | front k: what is left undominated once fronts 0 … k − 1 are gone |
 *
 * p dominates q if no objective of p is larger and one is smaller. Equal points
 * do not dominate each other: they share a front.
 *
 * Source: Zhang, Tian, Cheng and Jin, An Efficient Approach to Nondominated
 * Sorting (2015), with binary search over the fronts.
 *
 * @module
 */

/** A point: a value an objective, smaller is better. */
export type Point = readonly number[];

/**
 * Whether point p dominates point q: nowhere worse, somewhere better. NaN
 * counts as infinitely bad.
 *
 * @example
 * ```ts
 * import { dominates } from "@etude/etude";
 * dominates([1, 2], [1, 3]); // true
 * dominates([1, 2], [2, 1]); // false
 * ```
 */
export function dominates(
  p: readonly number[],
  q: readonly number[],
): boolean {
  let isBetter = false;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [worst(p[i]!), worst(q[i]!)];
    if (a > b) return false;
    if (a < b) isBetter = true;
  }
  return isBetter;
}

/**
 * The front of each point, from 0, the points that nothing dominates. Of two
 * objectives in O(n log n); of more, n² comparisons at worst, far fewer where
 * there are many fronts.
 *
 * @param points Points, all with the same number of objectives, at least one; NaN is worse than any number.
 * @returns `[n]`, whole numbers from 0.
 * @throws {RangeError} If the points have not all the same number of objectives.
 *
 * @example
 * ```ts
 * import { nonDominatedSort } from "@etude/etude";
 * nonDominatedSort([[1, 4], [2, 2], [3, 3], [4, 1]]); // Int32Array [0, 0, 1, 0]
 * ```
 */
export function nonDominatedSort(
  points: readonly (readonly number[])[],
): Int32Array {
  checkPoints(points, "sort the points");
  const clean = points.map((point) => point.map(worst));
  const order = [...clean.keys()].sort((a, b) =>
    compare(clean[a]!, clean[b]!) || a - b
  );
  const objectives = clean[0]?.length ?? 0;
  const ranks = new Int32Array(points.length);
  // In rising order no later point dominates an earlier one.
  const fronts: Point[][] = [];
  let before: Point | null = null;
  let rank = 0;
  for (const index of order) {
    const point = clean[index]!;
    if (before === null || compare(before, point) !== 0) {
      rank = firstFront(fronts, point, objectives);
      (fronts[rank] ??= []).push(point);
    }
    ranks[index] = rank;
    before = point;
  }
  return ranks;
}

/**
 * The indices of the points that nothing dominates, rising; equal points are all
 * among them.
 *
 * @param points Points, all with the same number of objectives, at least one; NaN is worse than any number.
 * @throws {RangeError} If the points have not all the same number of objectives.
 *
 * @example
 * ```ts
 * import { paretoFront } from "@etude/etude";
 * paretoFront([[1, 4], [2, 2], [3, 3], [4, 1]]); // [0, 1, 3]
 * ```
 */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  checkPoints(points, "find the front");
  const clean = points.map((point) => point.map(worst));
  const order = [...clean.keys()].sort((a, b) =>
    compare(clean[a]!, clean[b]!) || a - b
  );
  const front: Point[] = [];
  const kept: number[] = [];
  for (const index of order) {
    const point = clean[index]!;
    const isEqual = front.length > 0 && compare(front.at(-1)!, point) === 0;
    if (!isEqual && isDominatedBy(front, point, point.length)) continue;
    kept.push(index);
    if (!isEqual) front.push(point);
  }
  return kept.sort((a, b) => a - b);
}

/** The first front of which no point dominates this one: fronts before it all do. */
function firstFront(
  fronts: readonly (readonly Point[])[],
  point: Point,
  objectives: number,
): number {
  let [low, high] = [0, fronts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isDominatedBy(fronts[middle]!, point, objectives)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a point of a front, all before this one in order and none equal to it, dominates it. */
function isDominatedBy(
  front: readonly Point[],
  point: Point,
  objectives: number,
): boolean {
  // Of two objectives the last of a front has its smallest second one.
  if (objectives <= 2) {
    const last = front.at(-1);
    return last !== undefined && noWorse(last, point);
  }
  for (let i = front.length - 1; i >= 0; i--) {
    if (noWorse(front[i]!, point)) return true;
  }
  return false;
}

function noWorse(p: Point, q: Point): boolean {
  for (let i = 0; i < p.length; i++) if (p[i]! > q[i]!) return false;
  return true;
}

function compare(p: Point, q: Point): number {
  for (let i = 0; i < p.length; i++) {
    if (p[i]! !== q[i]!) return p[i]! < q[i]! ? -1 : 1;
  }
  return 0;
}

function worst(value: number): number {
  return Number.isNaN(value) ? Infinity : value;
}

/** Throws if points have not all the same number of objectives. */
export function checkPoints(points: readonly Point[], action: string): void {
  const objectives = points[0]?.length;
  const other = points.findIndex(({ length }) =>
    length !== objectives || length === 0
  );
  if (other < 0) return;
  throw new RangeError(
    `Cannot ${action}: point ${other} has ${
      points[other]!.length
    } objectives, expected as many as point 0, ${objectives}, and at least 1`,
  );
}
