/**
 * What a finished curve and a curve in progress are compared by: numbers
 * without a unit, all in the curve's own scale, smaller is better.
 *
 * @module
 */

import type { CurvePoints } from "./_points.ts";
import type { ShapeAverage } from "./_shape_average.ts";

/** Numbers larger than this are cut: a ratio to something tiny says no more. */
const largest = 20;
const families = [
  "stretched exponential",
  "Morgan–Mercer–Flodin",
  "shifted power law",
] as const;
const lags = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1];

/** Which feature is the level itself, in the curve's unit: trials of one task can be compared by it. */
const levelIndex = 11;

/** Which features describe the way up to now: those that the nearest curves are found by. */
export const shapeIndices: readonly number[] = [0, 1, 2, 3, 4, 5].map((i) =>
  levelIndex + 5 + i
);

/** How many numbers {@linkcode curveFeatures} gives. */
export const featureCount = 16 + lags.length + families.length * 2;

/** The features of the points seen, `[featureCount]`, all finite. */
export function curveFeatures(
  points: CurvePoints,
  average: ShapeAverage,
): Float64Array {
  const { times, values, count, last } = points;
  const { level, scale, mean, sd } = average;
  const n = values.length;
  const seen = times[n - 1]!;
  const unit = (value: number) => (value - level) / scale;
  /** The mean around a place, counted in points back from the end. */
  const around = (back: number) => {
    const center = n - 1 - back;
    const half = Math.max(0, Math.round(n / 40));
    const from = Math.max(0, center - half);
    const to = Math.min(n - 1, center + half);
    let sum = 0;
    for (let i = from; i <= to; i++) sum += values[i]!;
    return sum / (to - from + 1);
  };
  let best = 0;
  let change = 0;
  for (let i = 1; i < n; i++) if (values[i]! < values[best]!) best = i;
  for (let i = average.from + 1; i + 1 < n; i++) {
    change += Math.abs(values[i + 1]! - 2 * values[i]! + values[i - 1]!);
  }
  const lagged = lags.map((lag) => unit(around(Math.round(lag * (n - 1)))));
  const byFamily = new Map(
    average.families.map((one) => [one.family as string, one]),
  );
  const row = [
    unit(mean),
    sd / scale,
    unit(average.at((1 + seen) / 2)),
    seen,
    Math.log(times[0]!) - Math.log(seen),
    Math.log(count),
    change / Math.max(1, n - average.from - 2) / scale,
    unit(values[best]!),
    best / (n - 1),
    unit(last),
    scale / (Math.abs(level) + scale),
    level,
    Math.log(times[0]!),
    unit(values[0]!),
    unit(values[n - 2]!),
    unit(values[Math.max(0, n - 4)]!),
    ...lagged,
    ...families.flatMap((family) => {
      const one = byFamily.get(family);
      return one === undefined ? [0, 0] : [unit(one.value), one.weight];
    }),
  ];
  return Float64Array.from(
    row,
    (x, i) =>
      Number.isFinite(x)
        ? i === levelIndex ? x : Math.min(largest, Math.max(-largest, x))
        : 0,
  );
}
