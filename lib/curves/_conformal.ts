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
import type { CurveAxis } from "./_shapes.ts";

/** The share of finished curves that may end outside the band on one side. */
export const missShare = 0.05;

/** d of a forecast, in the curve's unit; positive. */
export function difficulty({ sd, mean, level, scale }: ShapeAverage): number {
  return sd + 0.2 * Math.abs(mean - level) + 0.1 * scale;
}

/**
 * How far a raw band's side is to be moved outward, so that a new curve lies
 * outside with probability {@linkcode missShare}; negative: inward. Between two
 * order statistics on a line; of fewer than 19 scores, beyond the largest, as
 * if they had an exponential tail.
 */
export function conformalMargin(scores: ArrayLike<number>): number {
  const sorted = Float64Array.from(scores).sort();
  const n = sorted.length;
  if (n === 0) return Infinity;
  const rank = (1 - missShare) * (n + 1) - 1;
  const most = sorted[n - 1]!;
  if (rank > n - 1) {
    const middle = sorted[n >> 1]!;
    return middle + (most - middle) *
        Math.max(1, Math.log(0.5 / missShare) / Math.log(0.5 * (n + 1)));
  }
  const below = Math.floor(rank);
  const part = rank - below;
  return sorted[below]! +
    (part > 0 ? part * (sorted[below + 1]! - sorted[below]!) : 0);
}

/** A share of the way, and where r lies there: its 5 %, its center, its 95 % point. */
type DefaultResidual = readonly [
  seen: number,
  low: number,
  center: number,
  high: number,
];

/**
 * Where r lies while no curve is finished yet. Measured on the development
 * halves of the bench's curve sets: over epochs on LCBench, accuracy and cross
 * entropy alike, over sample sizes on LCDB 1.1, of whose median half is taken
 * as the center (over sample sizes, shapes end too high).
 */
const defaults: Readonly<Record<CurveAxis, readonly DefaultResidual[]>> = {
  linear: [
    [0.1, -8.8, 0, 1.8],
    [0.2, -8.6, 0, 2.6],
    [0.3, -7.0, 0, 3.0],
    [0.4, -5.6, 0, 2.9],
    [0.5, -4.0, 0, 2.8],
    [0.6, -2.8, 0, 2.8],
    [0.7, -2.1, 0, 2.4],
    [0.8, -1.2, 0, 1.7],
    [0.9, -0.8, 0, 0.9],
  ],
  log: [
    [0.1, -30, -1.95, 0.8],
    [0.2, -21, -1.02, 1.2],
    [0.3, -13, -0.52, 1.3],
    [0.4, -10.8, -0.27, 1.2],
    [0.5, -6.1, -0.14, 1.1],
    [0.6, -3.4, -0.07, 1.0],
    [0.7, -2.1, -0.04, 1.0],
    [0.8, -1.1, 0, 1.0],
    [0.9, -1.0, 0, 0.8],
  ],
};

/** Where r lies without finished curves; between the measured shares, on a line. */
export function defaultResiduals(
  seen: number,
  axis: CurveAxis,
): { low: number; center: number; high: number } {
  const table = defaults[axis];
  const place = Math.min(
    table.length - 1,
    Math.max(0, (seen - table[0]![0]) / (table[1]![0] - table[0]![0])),
  );
  const before = table[Math.floor(place)]!;
  const after = table[Math.ceil(place)]!;
  const part = place - Math.floor(place);
  const [, low, center, high] = before.map((x, i) =>
    x + part * (after[i]! - x)
  );
  return { low: low!, center: center!, high: high! };
}
