/**
 * Points spread over the front of a test problem, and how far from them a set is.
 *
 * @module
 */

import { paretoFront } from "../../../lib/math/mod.ts";
import type { ManyObjectiveProblem } from "../many_objectives.ts";

/** How many steps each objective but the last is cut into. */
const steps = [0, 500, 40];

const known = new Map<string, readonly number[][]>();

/** Points of the front, `[points, objectives]`, each objective as a share of its worst. */
export function frontPoints(
  problem: ManyObjectiveProblem,
): readonly number[][] {
  const { name, objectives, nadir } = problem;
  let points = known.get(name);
  if (points === undefined) {
    const m = objectives - 1;
    const ticks = Array.from(
      { length: steps[m]! + 1 },
      (_, k) => k / steps[m]!,
    );
    const grid = m === 1
      ? ticks.map((a) => [a])
      : ticks.flatMap((a) => ticks.map((b) => [a, b]));
    const all = grid.map((shares) => [
      ...shares,
      problem.lowest(shares.map((share, k) => share * nadir[k]!)) / nadir[m]!,
    ]).filter((point) => point.every(Number.isFinite));
    points = paretoFront(all).map((index) => all[index]!);
    known.set(name, points);
  }
  return points;
}

/** IGD: the mean over the front of the distance to the nearest of those found. */
export function invertedDistance(
  front: readonly (readonly number[])[],
  found: readonly (readonly number[])[],
): number {
  const total = front.reduce((sum, point) => {
    let least = Infinity;
    for (const other of found) {
      let square = 0;
      for (let k = 0; k < point.length; k++) {
        square += (point[k]! - other[k]!) ** 2;
      }
      least = Math.min(least, square);
    }
    return sum + Math.sqrt(least);
  }, 0);
  return total / front.length;
}
