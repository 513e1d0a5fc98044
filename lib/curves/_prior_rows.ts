import type { Curve, Direction } from "../records/mod.ts";
import { defaultResiduals, difficulty } from "./_conformal.ts";
import { curveFeatures } from "./_forecast_features.ts";
import { curvePoints } from "./_points.ts";
import { averageShapes } from "./_shape_average.ts";
import type { CurveAxis } from "./_shapes.ts";

/** The shares of their points at which finished curves are looked at. */
export const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** A finished curve as it looked when only part of it was there. */
export interface PriorRow {
  /** Which curve it is. */
  readonly curve: number;
  /** What made it; null if nobody said. */
  readonly kind: string | null;
  /** The share of the way that is seen: of the steps, or of their logarithms. */
  readonly seen: number;
  /** The features, `[featureCount]`. */
  readonly features: Float64Array;
  /** What is expected without a prior, less the level, over the scale. */
  readonly drop: number;
  /** The truth, less the level, over the scale. */
  readonly truth: number;
  /** The difficulty over the scale. */
  readonly difficulty: number;
  /** The scale over the whole curve's range, at most 1: what an error weighs. */
  readonly weight: number;
}

/** How much of the way to the forecast's step lies behind, on its axis, in [0, 1]. */
export function seenShare(
  times: ArrayLike<number>,
  axis: CurveAxis,
): number {
  const [first, last] = [times[0]!, times[times.length - 1]!];
  if (axis === "linear") return last;
  return first < 1 ? 1 - Math.log(last) / Math.log(first) : 1;
}

/** The level that a finished curve ends at: the mean of its last 20th, smaller is better; and its range. */
export function endOf(
  { values }: Curve,
  direction: Direction,
): { level: number; range: number } {
  const sign = direction === "minimize" ? 1 : -1;
  const tail = Math.max(1, Math.round(values.length / 20));
  let level = 0;
  for (const value of values.slice(-tail)) level += sign * value / tail;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { level, range: high - low };
}

/**
 * The rows of finished curves; those of equal length one after the other, since
 * they share their bases.
 *
 * @param perCurve How many cuts of each curve are taken.
 */
export function priorRows(
  curves: readonly (Curve & { readonly kind?: string })[],
  direction: Direction,
  axis: CurveAxis,
  perCurve: number,
): PriorRow[] {
  const rows: PriorRow[] = [];
  const order = [...curves.keys()].sort((a, b) =>
    curves[a]!.steps.length - curves[b]!.steps.length || a - b
  );
  for (const index of order) {
    const curve = curves[index]!;
    const at = curve.steps.at(-1)!;
    const { level: truth, range } = endOf(curve, direction);
    if (!Number.isFinite(truth) || !(range > 0)) continue;
    cuts.forEach((share, c) => {
      // All cuts occur equally often, however few of each curve are taken.
      if (
        Math.floor((c + index) * perCurve / cuts.length) ===
          Math.floor((c + index + 1) * perCurve / cuts.length)
      ) return;
      const count = Math.round(curve.steps.length * share);
      const points = curvePoints(
        {
          name: curve.name,
          steps: curve.steps.slice(0, count),
          values: curve.values.slice(0, count),
        },
        direction,
        at,
        axis,
      );
      if (typeof points === "string" || points.problem !== null) return;
      const average = averageShapes(points, axis);
      const { level, scale, mean } = average;
      const seen = seenShare(points.times, axis);
      const unit = difficulty(average) / scale;
      rows.push({
        curve: index,
        kind: curve.kind ?? null,
        seen,
        features: curveFeatures(points, average),
        drop: (mean - level) / scale +
          unit * defaultResiduals(seen, axis).center,
        truth: Math.max(-50, Math.min(50, (truth - level) / scale)),
        difficulty: unit,
        weight: Math.min(1, scale / range),
      });
    });
  }
  return rows;
}
