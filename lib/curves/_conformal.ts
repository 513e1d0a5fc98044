/**
 * Bands that cover: how far finished curves ended from what would have been
 * forecast for them decides how wide a band is.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | d | `difficulty` | the unit of errors: how unsure the shapes are |
 * | r | `residual` | (truth − center) / d, smaller is better: negative is better than thought |
 * | l, u | `low`, `high` | the raw 5 % and 95 % points of r |
 * | α | `missShare` | the share that may lie outside on one side: 5 % |
 *
 * The points are moved apart by the (1 − α)(1 + 1/n) quantile of l − r and of
 * r − u over n finished curves: each side on its own, for curves fall further
 * than thought more often than they rise.
 *
 * Source: Romano, Patterson, Candès, "Conformalized Quantile Regression"
 * (NeurIPS 2019), theorem 2 (asymmetric).
 *
 * @module
 */

import type { ShapeAverage } from "./_shape_average.ts";

/** The share of finished curves that may end outside the band on one side. */
export const missShare = 0.05;

/** d of a forecast, in the curve's unit; positive. */
export function difficulty({ sd, mean, level, scale }: ShapeAverage): number {
  return sd + 0.1 * Math.abs(mean - level) + 0.02 * scale;
}

/** How far a raw band's side is to be moved outward, so that it covers all but the share {@linkcode missShare}; negative: inward. */
export function conformalMargin(scores: ArrayLike<number>): number {
  const sorted = Float64Array.from(scores).sort();
  const n = sorted.length;
  const rank = Math.ceil((1 - missShare) * (n + 1));
  return n === 0 ? Infinity : sorted[Math.min(n, rank) - 1]!;
}

/**
 * The 5 % and 95 % points of r where no curve is finished yet, by the share
 * seen: measured on the development halves of the bench's curve sets
 * (`bench/curves/forecast.ts --defaults`).
 */
const defaults:
  readonly (readonly [seen: number, low: number, high: number])[] = [
    [0.2, -4, 4],
    [0.3, -4, 4],
    [0.5, -4, 4],
    [0.7, -4, 4],
    [0.9, -4, 4],
  ];

/** The points of r without finished curves; between the measured shares, on a line. */
export function defaultResiduals(seen: number): { low: number; high: number } {
  const after = defaults.findIndex(([share]) => share >= seen);
  if (after === 0) return { low: defaults[0]![1], high: defaults[0]![2] };
  const [s1, l1, h1] = defaults.at(after - 1)!;
  if (after < 0) return { low: l1, high: h1 };
  const [s2, l2, h2] = defaults[after]!;
  const part = (seen - s1) / (s2 - s1);
  return { low: l1 + part * (l2 - l1), high: h1 + part * (h2 - h1) };
}
