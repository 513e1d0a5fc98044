import type { RandomStream } from "./random.ts";

/** Options of {@linkcode latinHypercube}. */
export interface LatinHypercubeOptions {
  /** The stream to draw from. */
  readonly random: RandomStream;
  /** Whether each value stands in the middle of its stratum, not anywhere in it. Defaults to `false`. */
  readonly centered?: boolean;
}

/**
 * A latin hypercube design, `[n, d]`, each value in `[0, 1)`: on every axis,
 * each of the n strata `[k / n, (k + 1) / n)` holds exactly one point. It draws
 * axis by axis, so that a design of fewer axes with the same stream is the same
 * design without the others: n − 1 numbers an axis, and n more unless centered.
 *
 * Source: McKay, Beckman and Conover (1979).
 *
 * @param points The number of points n, at least 1.
 * @param dimension The number of axes d, at least 1.
 * @throws {RangeError} If n or d is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { latinHypercube, randomStream } from "@etude/etude";
 * latinHypercube(4, 2, { random: randomStream("seed") }).length; // 4
 * ```
 */
export function latinHypercube(
  points: number,
  dimension: number,
  options: LatinHypercubeOptions,
): Float64Array[] {
  for (const [what, count] of [["points", points], ["axes", dimension]]) {
    if (!(Number.isInteger(count) && (count as number) >= 1)) {
      throw new RangeError(
        `Cannot make the latin hypercube: the number of ${what} is ${count}, expected a whole number of at least 1`,
      );
    }
  }
  const { random, centered = false } = options;
  const strata = Array.from({ length: points }, (_, k) => k);
  const design = strata.map(() => new Float64Array(dimension));
  for (let axis = 0; axis < dimension; axis++) {
    random.shuffle(strata).forEach((stratum, row) => {
      const within = centered ? 0.5 : random.uniform();
      design[row]![axis] = Math.min(
        (stratum + within) / points,
        // The last stratum's sum may round up to 1.
        1 - Number.EPSILON / 2,
      );
    });
  }
  return design;
}
