/**
 * A Gaussian process over configurations and steps: what a training that was
 * begun, or one that was not, will come to at its end.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | R | `last` | | the last step of a whole training |
 * | τ(s) | `place` | | log s / log R, the place of step s in `[0, 1]` |
 * | v | | | a value, with the sign that makes smaller better |
 * | y | `values` | `[n]` | v bent, so that good values are told apart more finely, less the trend |
 * | m(τ) | `trend` | | what trainings gain between rungs in the middle, cumulated |
 * | X | `inputs` | `[n, 1 + d]` | τ, then the configuration's columns |
 *
 * y(x, τ) = process(x, τ), Matérn-5/2 with a lengthscale a column; a training at
 * step s is expected to end at y(x, 1) + m(1).
 *
 * Source: Swersky, Snoek and Adams, "Freeze-Thaw Bayesian Optimization" (2014),
 * with a stationary kernel over log steps instead of the exponential decay.
 *
 * @module
 */

import type { StudyView, TrialRecord } from "../records/mod.ts";
import {
  featuresOf,
  fitHyperparameters,
  GaussianProcess,
  priorCenter,
} from "../surrogates/mod.ts";
import { objectiveCurve, valueAtOrBefore } from "./_fidelity.ts";

/** What is expected of a training's end, in the model's units: smaller is better. */
export interface EndForecast {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** The model of a study's curves. */
export interface CurveModel {
  /** Columns of a place in the unit cube at the last step, `[1 + d]`. */
  pointOf(unit: ArrayLike<number>): Float64Array;
  /** What places come to at the last step. */
  atEnd(units: readonly ArrayLike<number>[]): EndForecast;
  /** From the model's units to the objective's. */
  toObjective(y: number): number;
  /** How many points it learned from. */
  readonly size: number;
}

/** More points than these are not fitted to, for the time it takes. */
const mostFitted = 110;
/** More points than these are not learned from. */
const mostPoints = 320;

interface Point {
  readonly unit: Float64Array;
  readonly rung: number;
  readonly value: number;
}

/** The model of the trials whose curve has a finite value; null if there are fewer than two. */
export function fitCurveModel(
  study: StudyView,
  rungs: readonly number[],
  pending: readonly Float64Array[],
): CurveModel | null {
  const { space } = study;
  const features = featuresOf(space);
  const sign = study.objectives[0]!.direction === "minimize" ? 1 : -1;
  const points = study.trials.flatMap((trial) =>
    pointsOf(study, trial, { rungs, sign })
  );
  if (points.length < 2) return null;
  const chosen = thinned(points, mostPoints);
  const bend = bendOf(chosen.map(({ value }) => value));
  const bent = chosen.map(({ value }) => bend.to(value));
  const trend = trendOf(points, rungs, bend.to);
  const places = rungs.map((step) => placeOf(step, rungs.at(-1)!));
  const raw = bent.map((y, i) => y - trend[chosen[i]!.rung]!);
  const { center, scale } = standardOf(raw);
  const values = Float64Array.from(raw, (y) => (y - center) / scale);
  const dimension = 1 + features.dimension;
  const inputsOf = (of: readonly Point[]) => {
    const inputs = new Float64Array(of.length * dimension);
    of.forEach(({ unit, rung }, row) => {
      inputs[row * dimension] = places[rung]!;
      features.encode(unit, inputs, row * dimension + 1);
    });
    return inputs;
  };
  const shape = { dimension, numeric: 1 + features.numeric };
  const order = thinned(chosen.map((_, i) => i), mostFitted);
  const hyperparameters = fitHyperparameters({
    ...shape,
    inputs: inputsOf(order.map((i) => chosen[i]!)),
    values: Float64Array.from(order, (i) => values[i]!),
  }, { starts: [priorCenter(dimension)], maxEvaluations: 25 });
  let process = new GaussianProcess(
    { ...shape, inputs: inputsOf(chosen), values },
    hyperparameters,
  );
  const end = rungs.length - 1;
  const endsOf = (units: readonly ArrayLike<number>[]) =>
    inputsOf(units.map((unit) => ({
      unit: Float64Array.from(unit),
      rung: end,
      value: NaN,
    })));
  if (pending.length > 0) process = process.condition(endsOf(pending));
  return {
    size: chosen.length,
    pointOf: (unit) => endsOf([unit]),
    atEnd: (units) => process.predict(endsOf(units)),
    toObjective: (y) => sign * bend.from(center + scale * y + trend[end]!),
  };
}

function placeOf(step: number, last: number): number {
  return last <= 1 ? 1 : Math.log(step) / Math.log(last);
}

/** A trial's values at the rungs that it has reached. */
function pointsOf(
  study: StudyView,
  trial: TrialRecord,
  { rungs, sign }: { rungs: readonly number[]; sign: number },
): Point[] {
  const curve = objectiveCurve(study, trial);
  if (curve === null) return [];
  const unit = placeIn(study, trial);
  if (unit === null) return [];
  const reached = curve.steps.at(-1)!;
  return rungs.flatMap((step, rung) => {
    if (step > reached) return [];
    const value = sign * valueAtOrBefore(curve, step);
    return Number.isNaN(value) || value === -Infinity
      ? []
      : [{ unit, rung, value: within(value) }];
  });
}

/** Of larger values the squares would be infinite; infinity itself stays, and counts as the worst. */
const largest = 1e150;

function within(value: number): number {
  return value === Infinity
    ? value
    : Math.max(-largest, Math.min(largest, value));
}

const known = new WeakMap<
  object,
  { readonly space: object; readonly unit: Float64Array | null }
>();

/** Where a trial lies in the unit cube; null if its configuration is not of the space. */
export function placeIn(
  { space }: StudyView,
  { params }: TrialRecord,
): Float64Array | null {
  const before = known.get(params);
  if (before?.space === space) return before.unit;
  let unit: Float64Array | null;
  try {
    unit = space.encode(space.validate(params));
  } catch {
    unit = null;
  }
  known.set(params, { space, unit });
  return unit;
}

/** At most so many of the items, spread evenly, the last among them. */
function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from(
    { length: most },
    (_, i) => items[Math.floor((i + 1) * items.length / most) - 1]!,
  );
}

interface Bend {
  to(value: number): number;
  from(y: number): number;
}

/** log(1 + (v − v₀) / c): v₀ the best value, c four times the distance of the middle from it. */
function bendOf(values: readonly number[]): Bend {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const lowest = sorted[0] ?? 0;
  const width = 4 * ((sorted[sorted.length >> 1] ?? 0) - lowest);
  const worst = sorted.at(-1) ?? 0;
  if (!(width > 1e-12 * Math.max(1, Math.abs(lowest)))) {
    return { to: (value) => Math.min(value, worst), from: (y) => y };
  }
  return {
    to: (value) => Math.log1p((Math.min(value, worst) - lowest) / width),
    from: (y) => lowest + width * Math.expm1(y),
  };
}

/** What is gained from rung to rung in the middle of the trials that have both, cumulated from the first. */
function trendOf(
  points: readonly Point[],
  rungs: readonly number[],
  bend: (value: number) => number,
): Float64Array {
  const gains = rungs.map((): number[] => []);
  for (let i = 1; i < points.length; i++) {
    const [before, after] = [points[i - 1]!, points[i]!];
    if (before.unit !== after.unit || after.rung !== before.rung + 1) continue;
    gains[after.rung]!.push(bend(after.value) - bend(before.value));
  }
  const trend = new Float64Array(rungs.length);
  for (let rung = 1; rung < rungs.length; rung++) {
    const sorted = Float64Array.from(gains[rung]!).sort();
    trend[rung] = trend[rung - 1]! + (sorted[sorted.length >> 1] ?? 0);
  }
  return trend;
}

function standardOf(
  values: readonly number[],
): { center: number; scale: number } {
  const center = values.reduce((sum, y) => sum + y, 0) / values.length;
  const variance = values.reduce((sum, y) => sum + (y - center) ** 2, 0) /
    values.length;
  const scale = Math.sqrt(variance);
  return { center, scale: scale > 1e-12 ? scale : 1 };
}
