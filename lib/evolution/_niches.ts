/**
 * NSGA-III's choice of who lives on: whole fronts, and of the last one that does
 * not fit those whose direction is rarest.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | f | `values` | `[n, m]` | values, smaller is better |
 * | z* | `ideal` | `[m]` | the best value of each objective |
 * | a | `intercepts` | `[m]` | how far the front reaches along each axis |
 * | ρ | `counts` | `[directions]` | how many of the chosen go in each direction |
 *
 * Source: Deb and Jain 2014, algorithms 1 to 4.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";

/** The indices of those that live on. */
export function nicheSelection(
  values: readonly ArrayLike<number>[],
  fronts: readonly (readonly number[])[],
  { size, directions, random }: {
    size: number;
    directions: readonly (readonly number[])[];
    random: RandomStream;
  },
): number[] {
  const chosen: number[] = [];
  let last: readonly number[] = [];
  for (const front of fronts) {
    last = front;
    if (chosen.length + front.length > size) break;
    chosen.push(...front);
    if (chosen.length === size) return chosen;
    last = [];
  }
  if (last.length === 0) return chosen;
  const scaled = normalized(values, [...chosen, ...last]);
  const near = new Map(
    [...chosen, ...last].map((index) => [
      index,
      nearest(scaled.get(index)!, directions),
    ]),
  );
  const counts = new Array<number>(directions.length).fill(0);
  for (const index of chosen) counts[near.get(index)!.direction]!++;
  const left = new Map<number, number[]>();
  for (const index of last) {
    const { direction } = near.get(index)!;
    left.set(direction, [...left.get(direction) ?? [], index]);
  }
  while (chosen.length < size) {
    const least = Math.min(...[...left.keys()].map((key) => counts[key]!));
    const rarest = [...left.keys()].filter((key) => counts[key] === least);
    const direction = rarest[random.int(rarest.length)]!;
    const candidates = left.get(direction)!;
    const pick = least === 0
      ? candidates.reduce((a, b) =>
        near.get(b)!.distance < near.get(a)!.distance ? b : a
      )
      : candidates[random.int(candidates.length)]!;
    chosen.push(pick);
    counts[direction]!++;
    const rest = candidates.filter((index) => index !== pick);
    if (rest.length > 0) left.set(direction, rest);
    else left.delete(direction);
  }
  return chosen;
}

/** Values, by their index, with the ideal point at 0 and the front reaching to 1 on each axis. */
export function normalized(
  values: readonly ArrayLike<number>[],
  indices: readonly number[],
): Map<number, number[]> {
  const m = values[0]!.length;
  const axes = Array.from({ length: m }, (_, k) => k);
  const finite = indices.filter((index) =>
    axes.every((k) => Number.isFinite(values[index]![k]!))
  );
  const ideal = axes.map((k) =>
    Math.min(...finite.map((index) => values[index]![k]!))
  );
  const shifted = finite.map((index) =>
    axes.map((k) => values[index]![k]! - ideal[k]!)
  );
  const intercepts = interceptsOf(shifted, m);
  return new Map(
    indices.map((index) => [
      index,
      axes.map((k) => {
        const value = (values[index]![k]! - ideal[k]!) / intercepts[k]!;
        return Number.isFinite(value) ? value : 1e6;
      }),
    ]),
  );
}

/** Where the plane through the extreme points cuts the axes; the largest values where there is no such plane. */
function interceptsOf(shifted: readonly number[][], m: number): number[] {
  const largest = Array.from({ length: m }, (_, k) => {
    const most = Math.max(0, ...shifted.map((point) => point[k]!));
    return most > 0 ? most : 1;
  });
  if (shifted.length < m) return largest;
  const extremes = Array.from({ length: m }, (_, axis) => {
    const reach = (point: readonly number[]) =>
      Math.max(
        ...point.map((value, k) =>
          value / largest[k]! / (k === axis ? 1 : 1e-6)
        ),
      );
    return shifted.reduce((a, b) => reach(b) < reach(a) ? b : a);
  });
  // In shares of the largest values, so that scales do not matter.
  const plane = solve(
    extremes.map((point) => [...point.map((v, k) => v / largest[k]!), 1]),
  );
  if (plane === null) return largest;
  return plane.map((slope, k) => {
    const share = 1 / slope;
    return (share > 1e-6 && Number.isFinite(share) ? share : 1) * largest[k]!;
  });
}

/** Gaussian elimination with pivots; null where the rows are not independent. */
function solve(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) {
        pivot = row;
      }
    }
    const head = rows[pivot]![column]!;
    if (!(Math.abs(head) > 1e-12)) return null;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const share = rows[row]![column]! / head;
      for (let k = column; k <= n; k++) {
        rows[row]![k]! -= share * rows[column]![k]!;
      }
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

/** The direction that a point is nearest to, by the square of its perpendicular distance. */
export function nearest(
  point: readonly number[],
  directions: readonly (readonly number[])[],
): { readonly direction: number; readonly distance: number } {
  let best = { direction: 0, distance: Infinity };
  directions.forEach((direction, index) => {
    let [dot, length] = [0, 0];
    direction.forEach((d, k) => {
      dot += d * point[k]!;
      length += d * d;
    });
    let distance = 0;
    direction.forEach((d, k) => {
      distance += (point[k]! - dot / length * d) ** 2;
    });
    if (distance < best.distance) best = { direction: index, distance };
  });
  return best;
}
