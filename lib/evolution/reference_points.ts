/**
 * Directions spread evenly over the simplex: all points whose coordinates are
 * multiples of 1/divisions and sum to 1.
 *
 * Source: Das and Dennis, Normal-boundary intersection (1998), section 3.
 *
 * @param objectives How many coordinates a direction has, at least 1.
 * @param divisions Into how many parts each edge is cut, at least 1.
 * @returns `[(objectives + divisions − 1) over divisions, objectives]`.
 *
 * @example
 * ```ts
 * import { referencePoints } from "@etude/etude";
 * referencePoints(2, 2); // [[0, 1], [0.5, 0.5], [1, 0]]
 * ```
 */
export function referencePoints(
  objectives: number,
  divisions: number,
): number[][] {
  const points: number[][] = [];
  const extend = (head: number[], left: number) => {
    if (head.length === objectives - 1) {
      points.push([...head, left / divisions]);
      return;
    }
    for (let part = 0; part <= left; part++) {
      extend([...head, part / divisions], left - part);
    }
  };
  extend([], divisions);
  return points;
}
