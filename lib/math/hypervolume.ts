/**
 * The hypervolume: how much of the space in front of a reference point is
 * dominated by some points. Smaller is better in every objective. Exact.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, m | | | the number of points, of objectives |
 * | p | `points` | `[n, m]` | the points |
 * | r | `reference` | `[m]` | the corner of the space that counts, worse than what is of interest |
 *
 * (1) hv(P) = volume of { x : p ≤ x ≤ r for some p in P }
 *
 * (2) what p adds to Q: hv({p}) − hv({max(p, q) : q in Q})
 *
 * Of two objectives one sweep, O(n log n); of three a sweep over the third with
 * a staircase of the first two. Of more, slices: with the points sorted from bad
 * to good in the last objective, what p adds to the better ones, by (2), has the
 * depth r − p in it, and so is a hypervolume of m − 1 objectives.
 *
 * Source: While, Bradstreet and Barone, A Fast Way of Calculating Exact
 * Hypervolumes (2012), equations 6 and 7; Fonseca, Paquete and López-Ibáñez
 * (2006) for the sweep.
 *
 * @module
 */

import { checkPoints, paretoFront, type Point } from "./pareto.ts";

/**
 * The hypervolume of some points. Points that are not better than the reference
 * in every objective add nothing, nor do those with NaN. Infinity where a point
 * is infinitely good, or the reference infinitely bad.
 *
 * @param points Points, all with the same number of objectives; smaller is better.
 * @param reference The reference point, as many objectives.
 * @throws {RangeError} If the numbers of objectives differ, or the reference has NaN.
 *
 * @example
 * ```ts
 * import { hypervolume } from "@etude/etude";
 * hypervolume([[1, 2], [2, 1]], [3, 3]); // 3
 * ```
 */
export function hypervolume(
  points: readonly (readonly number[])[],
  reference: readonly number[],
): number {
  checkReference(points, reference);
  const inside = points.filter((point) =>
    point.every((value, i) => value < reference[i]!)
  );
  const front = paretoFront(inside).map((index) => inside[index]!);
  const volume = volumeOf(front, reference, reference.length);
  // ∞ − ∞ on the way is an infinite volume.
  return Number.isNaN(volume) ? Infinity : volume;
}

/**
 * What a point adds to the hypervolume of others: at least 0; 0 if one of them
 * is nowhere worse.
 *
 * @param point The point; smaller is better.
 * @param others Others, best none that another of them dominates: the time is theirs.
 * @param reference The reference point.
 * @throws {RangeError} If the numbers of objectives differ, or the reference has NaN.
 *
 * @example
 * ```ts
 * import { hypervolumeGain } from "@etude/etude";
 * hypervolumeGain([1, 2], [[2, 1]], [3, 3]); // 1
 * ```
 */
export function hypervolumeGain(
  point: readonly number[],
  others: readonly (readonly number[])[],
  reference: readonly number[],
): number {
  checkReference([point, ...others], reference);
  if (!point.every((value, i) => value < reference[i]!)) return 0;
  const volume = point.reduce(
    (all, value, i) => all * (reference[i]! - value),
    1,
  );
  const limited = others.map((other) =>
    other.map((value, i) => Math.max(value, point[i]!))
  );
  const gain = volume - hypervolume(limited, reference);
  return Number.isNaN(gain) ? Infinity : Math.max(0, gain);
}

function checkReference(points: readonly Point[], reference: Point): void {
  checkPoints([reference, ...points], "work out the hypervolume");
  if (reference.some(Number.isNaN)) {
    throw new RangeError(
      `Cannot work out the hypervolume: the reference point is ${
        JSON.stringify(reference.map(String))
      }, expected numbers`,
    );
  }
}

/** The volume of a front of m objectives, all points inside of the reference. */
function volumeOf(
  front: readonly Point[],
  reference: Point,
  m: number,
): number {
  if (front.length === 0) return 0;
  if (front.length === 1) {
    let volume = 1;
    for (let i = 0; i < m; i++) volume *= reference[i]! - front[0]![i]!;
    return volume;
  }
  if (m === 1) {
    return reference[0]! - front.reduce((a, p) => Math.min(a, p[0]!), Infinity);
  }
  const sorted = front.toSorted((p, q) => p[m - 1]! - q[m - 1]!);
  return m <= 3
    ? sweep(sorted, reference, m)
    : slices(sorted.reverse(), reference, m);
}

/** Over the last objective, with the area that the points so far take of the first two. */
function sweep(rising: readonly Point[], reference: Point, m: number): number {
  const stairs = new Staircase(reference[0]!, m === 2 ? 1 : reference[1]!);
  let area = 0;
  let volume = 0;
  rising.forEach((point, i) => {
    area += stairs.add(point[0]!, m === 2 ? 0 : point[1]!);
    const next = rising[i + 1]?.[m - 1] ?? reference[m - 1]!;
    if (next > point[m - 1]!) volume += area * (next - point[m - 1]!);
  });
  return volume;
}

/** The area under which points of two objectives leave nothing: its corners, x rising, y falling. */
class Staircase {
  readonly #xs: number[] = [];
  readonly #ys: number[] = [];
  readonly #right: number;
  readonly #top: number;

  constructor(right: number, top: number) {
    this.#right = right;
    this.#top = top;
  }

  /** Adds a corner, and gives the area that it adds. */
  add(x: number, y: number): number {
    const [xs, ys] = [this.#xs, this.#ys];
    let [from, high] = [0, xs.length];
    while (from < high) {
      const middle = (from + high) >> 1;
      if (xs[middle]! < x) from = middle + 1;
      else high = middle;
    }
    let height = from === 0 ? this.#top : ys[from - 1]!;
    if (height <= y) return 0;
    let area = 0;
    let at = x;
    let to = from;
    for (; to < xs.length && ys[to]! >= y; to++) {
      area += (height - y) * (xs[to]! - at);
      [at, height] = [xs[to]!, ys[to]!];
    }
    // A corner at the same x that is better leaves nothing to add.
    const end = to < xs.length ? xs[to]! : this.#right;
    if (end > at) area += (height - y) * (end - at);
    if (to < xs.length && xs[to] === x) return 0;
    xs.splice(from, to - from, x);
    ys.splice(from, to - from, y);
    return area;
  }
}

/** By (2), one point after another, from the worst in the last objective. */
function slices(
  falling: readonly Point[],
  reference: Point,
  m: number,
): number {
  const below = reference.slice(0, m - 1);
  let volume = 0;
  falling.forEach((point, i) => {
    const depth = reference[m - 1]! - point[m - 1]!;
    const face = volumeOf([point], below, m - 1);
    const limited = falling.slice(i + 1).map((other) =>
      below.map((_, k) => Math.max(other[k]!, point[k]!))
    );
    const front = paretoFront(limited).map((index) => limited[index]!);
    volume += depth * (face - volumeOf(front, below, m - 1));
  });
  return volume;
}
