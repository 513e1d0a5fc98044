/**
 * What the findings are made of: a training's curves in units of the baseline,
 * with their levels, trends and noises.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | B | `unit` | | the loss of a constant answer, in the plain form's unit |
 * | t, v | `train`, `validation` | `[n]` | the curves over B, smaller is better |
 * | t̃, ṽ | `trainSmooth`, `validationSmooth` | `[n]` | their running medians |
 * | w | `width` | | a window: a tenth of the curve, odd, at least 3 |
 * | σ | `trainNoise`, `validationNoise` | | the noise in the later half |
 * | τ | `lateTau` | | Kendall's τ of t in the last third |
 *
 * All levels are shares of B: 1 is no better than a constant answer, 0 is perfect.
 *
 * @module
 */

import type { DiagnosisContext, MetricCurves } from "./context.ts";
import { readCurves, type Reading } from "./_reading.ts";
import { type RiseTest, riseTest } from "./rise.ts";
import {
  median,
  noiseLevel,
  robustSd,
  runningMedian,
  windowWidth,
} from "./smooth.ts";
import { mannKendall } from "./trend.ts";

/** One curve's numbers, in units of B. */
export interface CurveFeatures {
  readonly values: readonly number[];
  readonly smooth: readonly number[];
  /** The mean of the last window, wild values drawn in. */
  readonly end: number;
  /** The lowest smoothed value, and where. */
  readonly low: number;
  readonly lowAt: number;
  /** The noise's standard deviation in the later half. */
  readonly noise: number;
  /** Kendall's τ and z of the last third (at least 5 values). */
  readonly lateTau: number;
  readonly lateZ: number;
  /** How much of all that was gained came in the last third. */
  readonly lateShare: number;
  /** How fast it fell in the last sixth, over how fast in the last third. */
  readonly stillFalling: number;
  /** How far it fell in all, from its first value to its end. */
  readonly moved: number;
  /** Kendall's τ of the whole. */
  readonly tau: number;
}

/** A training's numbers. */
export interface Features {
  readonly reading: Reading;
  readonly context: DiagnosisContext;
  readonly n: number;
  readonly width: number;
  readonly steps: readonly number[];
  /** B in the plain form's unit. */
  readonly unit: number;
  readonly baselineKnown: boolean;
  readonly train: CurveFeatures | null;
  readonly validation: CurveFeatures | null;
  /** Whether validation values have risen from a valley; null without validation. */
  readonly rise: RiseTest | null;
  /** v − t at the end, in B, and over its noise. */
  readonly gap: number;
  readonly gapZ: number;
  /** v − t in the first epochs, the training taken at the same moment. */
  readonly earlyGap: number;
  /** The standard error of the validation's level by the number of its examples, in B; 0 if unknown. */
  readonly samplingError: number;
  /** The value that is really wanted, on the validation data; null if unknown. */
  readonly metric: MetricFeatures | null;
}

/** How the wanted value went, in its own unit. */
export interface MetricFeatures {
  readonly name: string;
  /** The best smoothed value, and the smoothed value at the end. */
  readonly best: number;
  readonly end: number;
  /** How much was lost from the best to the end, at least 0. */
  readonly lost: number;
  /** What may be lost without meaning: 2 % of its range, or its noise. */
  readonly tolerance: number;
}

/** Computes them. `unit` is B where the study's other trials tell it. */
export function featuresOf(
  reading: Reading,
  context: DiagnosisContext,
  siblingUnit: number | null,
  metric: MetricFeatures | null,
): Features {
  const { steps, train, validation } = reading;
  const n = steps.length;
  const width = windowWidth(n);
  const known = context.baseline === undefined
    ? NaN
    : reading.toPlain(context.baseline);
  const baselineKnown = Number.isFinite(known) && known > 0;
  const unit = baselineKnown
    ? known
    : siblingUnit ?? estimateUnit(train, validation);
  const from = lastSegment(reading, context);
  const t = train && curveFeatures(train, unit, width, from);
  const v = validation && curveFeatures(validation, unit, width, from);
  const gap = t === null || v === null ? NaN : v.end - t.end;
  const spread = Math.hypot(t?.noise ?? 0, v?.noise ?? 0);
  return {
    reading,
    context,
    n,
    width,
    steps,
    unit,
    baselineKnown,
    train: t,
    validation: v,
    rise: v === null
      ? null
      : riseTest(v.values, { manyLooks: context.running ?? false }),
    gap,
    gapZ: gap / Math.max(1e-9, spread / Math.sqrt(width)),
    earlyGap: earlyGap(t, v, context),
    samplingError: v === null || !((context.nValidation ?? 0) > 0)
      ? 0
      // One example's loss scatters about as much as it is large.
      : v.end / Math.sqrt(context.nValidation!),
    metric,
  };
}

/** Reads the wanted value's validation curve. */
export function metricFeatures(
  metric: MetricCurves | null | undefined,
): MetricFeatures | null {
  if (metric?.validation == null) return null;
  const { direction = "maximize", name = "accuracy" } = metric;
  const reading = readCurves({ validation: metric.validation }, direction);
  const values = reading.validation;
  if (values === null || values.length < 4) return null;
  const smooth = runningMedian(values);
  const [low, end] = [Math.min(...smooth), smooth.at(-1)!];
  return {
    name,
    best: reading.toOwn(low),
    end: reading.toOwn(end),
    lost: end - low,
    tolerance: Math.max(
      0.02 * (Math.max(...smooth) - low),
      2 * (noiseLevel(values) || 0) / Math.sqrt(windowWidth(values.length)),
    ),
  };
}

/** B from the first values: what an untrained model loses is near a constant's loss. */
export function estimateUnit(
  train: readonly number[] | null,
  validation: readonly number[] | null,
): number {
  const first = Math.max(train?.[0] ?? 0, validation?.[0] ?? 0);
  const all = [...train ?? [], ...validation ?? []];
  // A first value that is wild beside the next ones tells nothing.
  const calm = 3 * median([
    ...(train ?? []).slice(0, 5),
    ...(validation ?? []).slice(0, 5),
  ]);
  const unit = Math.min(first, calm);
  if (unit > 0) return unit;
  return Math.max(...all.map(Math.abs), 0) || 1;
}

function curveFeatures(
  plain: readonly number[],
  unit: number,
  width: number,
  from: number,
): CurveFeatures {
  const values = plain.map((value) => value / unit);
  const n = values.length;
  const smooth = runningMedian(values, width);
  const tail = values.slice(-width);
  const end = median(tail);
  let lowAt = 0;
  smooth.forEach((value, i) => {
    if (value < smooth[lowAt]!) lowAt = i;
  });
  const half = values.slice(
    Math.min(Math.max(0, n - 5), Math.max(from, n >> 1)),
  );
  const thirdFrom = Math.max(
    0,
    Math.min(n - 5, Math.max(from, n - Math.floor(n / 3))),
  );
  const third = values.slice(thirdFrom);
  const { tau, z } = mannKendall(third);
  const moved = (values[0] ?? NaN) - end;
  const around = (at: number) =>
    median(values.slice(Math.max(0, at - 1), at + 2));
  const lateDrop = around(thirdFrom) - around(n - 2);
  const middle = (thirdFrom + n - 1) >> 1;
  const lastDrop = around(middle) - around(n - 2);
  const lastPart = (n - 2 - middle) / Math.max(1, n - 2 - thirdFrom);
  return {
    values,
    smooth,
    end,
    low: smooth[lowAt] ?? NaN,
    lowAt,
    noise: Math.max(0, Math.min(noiseLevel(half), bentNoise(half)) || 0),
    lateTau: tau,
    lateZ: z,
    lateShare: moved > 0 ? lateDrop / moved : 0,
    stillFalling: lateDrop > 0 && lastPart > 0
      ? lastDrop / lateDrop / lastPart
      : 0,
    moved,
    tau: mannKendall(values).tau,
  };
}

/**
 * The noise around a curve that bends: from each value's distance to the middle
 * of its neighbors, of which the variance is 1.5 σ² (Gasser, Sroka and
 * Jennen-Steinmetz, Biometrika 73, 1986).
 */
function bentNoise(values: readonly number[]): number {
  const distances = values.slice(1, -1).map((value, i) =>
    value - (values[i]! + values[i + 2]!) / 2
  );
  if (distances.length < 3) return Infinity;
  const bent = robustSd(distances) / Math.sqrt(1.5);
  // Of noise, differences of the third order tell as much; of a steep bend far less.
  const third = values.slice(3).map((value, i) =>
    value - 3 * values[i + 2]! + 3 * values[i + 1]! - values[i]!
  );
  const bare = robustSd(third) / Math.sqrt(20);
  return bare < 0.25 * bent ? bare : bent;
}

/** Where the last segment between changes of the schedule begins, if it has at least 5 values. */
function lastSegment(reading: Reading, context: DiagnosisContext): number {
  let from = 0;
  for (const change of context.scheduleSteps ?? []) {
    const at = reading.steps.findIndex((step) => step > change);
    if (at > from && reading.steps.length - at >= 5) from = at;
  }
  return from;
}

/**
 * v − t at the second to fifth epochs. A training loss averaged within its epoch
 * is that of the epoch's middle; the mean of two neighbors stands at its end.
 */
function earlyGap(
  t: CurveFeatures | null,
  v: CurveFeatures | null,
  context: DiagnosisContext,
): number {
  if (t === null || v === null || v.values.length < 4) return NaN;
  // Where nobody said, the gap is taken for as small as either way makes it.
  const averaged = context.trainAveraged ?? false;
  const gaps = [];
  for (let i = 0; i < Math.min(4, v.values.length - 1); i++) {
    const here = averaged
      ? (t.values[i]! + t.values[i + 1]!) / 2
      : t.values[i]!;
    gaps.push(v.values[i]! - here);
  }
  return median(gaps);
}
