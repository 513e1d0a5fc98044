import type { RandomStream } from "../math/mod.ts";
import { clip } from "./_genes.ts";
import type { Axis } from "./evolution.ts";

/** How two parents are mixed. */
export type Crossover = "sbx" | "uniform" | "blend";

/**
 * A child of two parents.
 *
 * - `"sbx"`: simulated binary crossover within the cube: near one of the parents,
 *   the nearer the larger `eta` is. Half of the genes are inherited as they are.
 * - `"uniform"`: each gene from either parent.
 * - `"blend"` (BLX-α): anywhere between the parents and half as far beyond.
 *
 * Axes without an order always take the gene of either parent.
 *
 * Source: Deb and Agrawal 1995, bounded as in Deb, Pratap, Agarwal and Meyarivan
 * 2002 (NSGA-II); Syswerda 1989; Eshelman and Schaffer 1993.
 *
 * @param parents Two points, `[dimension]` each.
 * @param random Draws up to three numbers an axis.
 *
 * @example
 * ```ts
 * import { cross, randomStream } from "@etude/etude";
 * const child = cross(
 *   "sbx",
 *   [{ kind: "continuous" }, { kind: "continuous" }],
 *   [Float64Array.of(0.2, 0.8), Float64Array.of(0.4, 0.6)],
 *   randomStream("seed"),
 * );
 * child.length; // 2
 * ```
 */
export function cross(
  kind: Crossover,
  axes: readonly Axis[],
  [mother, father]: readonly [Float64Array, Float64Array],
  random: RandomStream,
  eta = 15,
): Float64Array {
  return Float64Array.from(axes, (axis, j) => {
    const [a, b] = [mother[j]!, father[j]!];
    const either = random.uniform() < 0.5 ? a : b;
    if (axis.kind === "unordered" || kind === "uniform") return either;
    const u = random.uniform();
    if (kind === "blend") {
      const reach = Math.abs(a - b) / 2;
      const low = Math.min(a, b) - reach;
      return clip(low + u * (Math.abs(a - b) + 2 * reach));
    }
    if (random.uniform() < 0.5 || Math.abs(a - b) < 1e-14) return either;
    return simulatedBinary(a, b, u, { eta, nearFirst: either === a });
  });
}

/**
 * One child of SBX within `[0, 1]`, near the first or the second of two genes.
 *
 * @example
 * ```ts
 * import { simulatedBinary } from "@etude/etude";
 * simulatedBinary(0.2, 0.6, 0.5, { eta: 15, nearFirst: true }); // about 0.2
 * ```
 */
export function simulatedBinary(
  a: number,
  b: number,
  u: number,
  { eta, nearFirst }: { eta: number; nearFirst: boolean },
): number {
  const [low, high] = [clip(Math.min(a, b)), clip(Math.max(a, b))];
  const isLow = nearFirst === (a <= b);
  const width = high - low;
  if (width <= 0) return low;
  const room = isLow ? low : 1 - high;
  const beta = 1 + 2 * room / width;
  const alpha = 2 - beta ** -(eta + 1);
  const spread = u <= 1 / alpha
    ? (u * alpha) ** (1 / (eta + 1))
    : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
  const middle = (low + high) / 2;
  return clip(middle + (isLow ? -1 : 1) * spread * width / 2);
}
