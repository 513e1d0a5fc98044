/**
 * The space in front of a reference point that some points leave undominated, cut
 * into boxes. Smaller is better in every objective; of two and three objectives.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, m, K | | | the number of points, of objectives, of boxes |
 * | p | `points` | `[n, m]` | the points |
 * | r | `reference` | `[m]` | the corner of the space that counts |
 * | l, u | `lower`, `upper` | `[K, m]` | the boxes' corners; l may be −Infinity |
 *
 * The boxes do not overlap, and fill { x ≤ r : p ≤ x for no p in P }. Of two
 * objectives n + 1 strips between the points; of three a sweep over the last
 * objective: each point ends the strips that it cuts and begins at most two, so
 * that there are at most 2 n + 1 boxes.
 *
 * Source: the sweep after Yang, Emmerich, Deutz and Bäck, Efficient Computation of
 * Expected Hypervolume Improvement Using Box Decomposition Algorithms (2019).
 *
 * @module
 */

import { checkPoints, paretoFront, type Point } from "./pareto.ts";

/** Boxes that do not overlap. */
export interface Boxes {
  /** How many objectives m. */
  readonly objectives: number;
  /** How many boxes K. */
  readonly count: number;
  /** The lower corners, `[K, m]`, may be −Infinity. */
  readonly lower: Float64Array;
  /** The upper corners, `[K, m]`, finite. */
  readonly upper: Float64Array;
}

/**
 * The boxes that points leave undominated. Points that are not better than the
 * reference in every objective cut nothing off, nor do those with NaN.
 *
 * @param points Points, all with the same two or three objectives; smaller is better.
 * @param reference The reference point, as many objectives, finite.
 * @throws {RangeError} If there are not two or three objectives, their numbers
 * differ, or the reference is not finite.
 *
 * @example
 * ```ts
 * import { undominatedBoxes } from "@etude/etude";
 * undominatedBoxes([[1, 2], [2, 1]], [3, 3]).count; // 3
 * ```
 */
export function undominatedBoxes(
  points: readonly (readonly number[])[],
  reference: readonly number[],
): Boxes {
  checkPoints([reference, ...points], "cut the space into boxes");
  const m = reference.length;
  if ((m !== 2 && m !== 3) || !reference.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot cut the space into boxes: the reference point is [${
        reference.join(", ")
      }], expected two or three finite numbers`,
    );
  }
  const inside = points.filter((point) =>
    point.every((value, i) => value < reference[i]!)
  );
  const front = paretoFront(inside).map((index) => inside[index]!);
  const found: number[][] = [];
  sweep(front, reference, (low, high) => found.push([...low, ...high]));
  const lower = new Float64Array(found.length * m);
  const upper = new Float64Array(found.length * m);
  found.forEach((box, k) => {
    lower.set(box.slice(0, m), k * m);
    upper.set(box.slice(m), k * m);
  });
  return Object.freeze({ objectives: m, count: found.length, lower, upper });
}

/** What is undominated of the first two objectives between two places of the first. */
interface Strip {
  readonly from: number;
  readonly to: number;
  /** The second objective is below this. */
  readonly height: number;
  /** Where in the third objective it begins. */
  readonly since: number;
}

/** Over the last of three objectives; of two there is one level only. */
function sweep(
  front: readonly Point[],
  reference: Point,
  give: (low: readonly number[], high: readonly number[]) => void,
): void {
  const flat = reference.length === 2;
  const [right, top] = [reference[0]!, reference[1]!];
  const end = ({ from, to, height, since }: Strip, level: number) => {
    if (flat) give([from, -Infinity], [to, height]);
    else if (level > since) {
      give([from, -Infinity, since], [to, height, level]);
    }
  };
  const first = { from: -Infinity, to: right, height: top, since: -Infinity };
  let strips: Strip[] = [first];
  const rising = flat
    ? front
    : front.toSorted((p, q) => p[2]! - q[2]! || p[0]! - q[0]! || p[1]! - q[1]!);
  for (const [x, y, z = -Infinity] of rising) {
    const next: Strip[] = [];
    let reaches = -Infinity;
    for (const strip of strips) {
      if (strip.to <= x! || strip.height <= y!) {
        next.push(strip);
        continue;
      }
      if (!flat) end(strip, z);
      if (strip.from < x!) next.push({ ...strip, to: x!, since: z });
      reaches = strip.to;
    }
    if (reaches > x!) {
      const at = next.findIndex(({ from }) => from >= reaches);
      const cut = { from: x!, to: reaches, height: y!, since: z };
      next.splice(at < 0 ? next.length : at, 0, cut);
    }
    strips = next;
  }
  for (const strip of strips) end(strip, flat ? 0 : reference[2]!);
}
