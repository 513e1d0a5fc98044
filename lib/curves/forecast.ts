import { normalCdf, z90 } from "../math/mod.ts";
import type { Curve, Direction } from "../records/mod.ts";
import { defaultResiduals, difficulty } from "./_conformal.ts";
import { curveFeatures } from "./_forecast_features.ts";
import { type CurvePoints, curvePoints } from "./_points.ts";
import { seenShare } from "./_prior_rows.ts";
import {
  averageShapes,
  type FamilyForecast,
  type ShapeAverage,
} from "./_shape_average.ts";
import type { CurveAxis } from "./_shapes.ts";
import {
  type CurvePrior,
  curvePrior,
  type FinishedCurve,
  magnitude,
} from "./curve_prior.ts";

/** Options of {@linkcode forecastCurve}. */
export interface CurveForecastOptions {
  /** Which values are better. */
  readonly direction: Direction;
  /** The step to forecast, such as the last epoch: above 0. */
  readonly at: number;
  /** How the steps lie: evenly, as epochs, or by their ratio, as sample sizes. Defaults to `"linear"`. */
  readonly axis?: CurveAxis;
  /** What finished curves teach. Defaults to none. */
  readonly prior?: CurvePrior | null;
  /** The values that are possible, such as `[0, 1]` for an accuracy. Defaults to all numbers. */
  readonly bounds?: readonly [low: number, high: number];
  /** Finished curves to make a prior of, for one forecast; for many, make the prior once. Defaults to none. */
  readonly finished?: readonly FinishedCurve[];
  /** What makes the curve, in the words of the prior's curves, such as the family of models. Defaults to nothing known. */
  readonly kind?: string;
}

/** A point of a forecast's way. */
export interface CurveForecastPoint {
  /** The step. */
  readonly step: number;
  /** The expected value. */
  readonly value: number;
  /** The lower end of the band; NaN without a band. */
  readonly low: number;
  /** The upper end of the band; NaN without a band. */
  readonly high: number;
}

/** Where a curve is going. */
export interface CurveForecast {
  /** The step of the forecast. */
  readonly at: number;
  /** The expected level there, in the curve's unit: the median; null if nothing can be said. */
  readonly value: number | null;
  /** In 90 of 100 cases the level is in here; null without ground for it. */
  readonly band: { readonly low: number; readonly high: number } | null;
  /** Why there is no value, no more than the last value, or no band; null if there is nothing to explain. */
  readonly reason: string | null;
  /** The share of the way to `at` that is seen, in `[0, 1]`: of the steps, or of their logarithms. */
  readonly seen: number;
  /** How many finished curves the prior brought in; 0 without one. */
  readonly priorCurves: number;
  /** What each family of shapes expects, and how probable it is, the likeliest first. */
  readonly families: readonly FamilyForecast[];
  /**
   * The way there, from the last point to `at`, for a picture. The band is
   * calibrated at its end; on the way it opens with the square root of the distance.
   */
  readonly path: readonly CurveForecastPoint[];
  /**
   * The probability, in `[0, 1]`, that the level at a step is better than a
   * value; null without a band. Of a value equal to it, a half.
   *
   * @param best The value to beat, in the curve's unit.
   * @param atStep The step. Defaults to the forecast's.
   */
  readonly probabilityOfBeating: (
    best: number,
    atStep?: number,
  ) => number | null;
}

/** Below this share no band is shown unless finished curves back it. */
const leastSeen = 0.2;
/** Below this many points no band is shown unless finished curves back it. */
const leastPoints = 8;
const pathPoints = 24;

/**
 * Where a curve is going: an average over hundreds of shapes (stretched
 * exponentials, Morgan–Mercer–Flodin, shifted power laws, a constant, each with
 * a little drift), weighted by how well they explain the points seen, later
 * points more. Finished curves, if there are any, correct it and calibrate the
 * band. Without them the band is as wide as errors were on public curves, and
 * there is none before 8 points and a fifth of the way.
 *
 * The level is what an average over the last twentieth of the curve would show.
 * Nothing is random: equal curves give equal forecasts. Points that are NaN or
 * infinite are left out; a curve that ends in one has no forecast. Steps may
 * come in any order; of a repeated step the last report counts; epochs may be
 * counted from 0. Fewer than 4 usable points, or a constant curve, give the
 * last value without a band. A curve that is already at `at` gives its value.
 *
 * @param curve The curve up to now.
 * @throws {TypeError} If `curve` has no steps and values.
 * @throws {RangeError} If an option is none of what is allowed, or the prior is of another direction or axis.
 *
 * @example
 * ```ts
 * import { forecastCurve } from "@etude/etude";
 * const steps = Array.from({ length: 20 }, (_, i) => i + 1);
 * const values = steps.map((t) => 0.3 + 0.6 * Math.exp(-t / 10));
 * const forecast = forecastCurve({ name: "loss", steps, values }, {
 *   direction: "minimize",
 *   at: 50,
 * });
 * forecast.value!.toFixed(1); // "0.3"
 * forecast.probabilityOfBeating(0.45)! > 0.9; // true
 * forecast.families[0]!.family; // "shifted power law"
 * ```
 *
 * Source: the families of Domhan, Springenberg, Hutter (IJCAI 2015), averaged
 * over a grid instead of by Markov chains; correction and band as in {@linkcode curvePrior}.
 */
export function forecastCurve(
  curve: Curve,
  options: CurveForecastOptions,
): CurveForecast {
  const { direction, at, axis = "linear" } = options;
  checkCurve(curve);
  checkOptions(options);
  const prior = options.prior ??
    (options.finished === undefined
      ? null
      : curvePrior(options.finished, { direction, axis, at }));
  const { chanceBelow, ...forecast } = readCurve(curve, options, prior);
  const sign = direction === "minimize" ? 1 : -1;
  return Object.freeze({
    ...forecast,
    probabilityOfBeating: (best: number, atStep = at) => {
      if (atStep === at) return chanceBelow(sign * best);
      return forecastCurve(curve, {
        ...options,
        finished: undefined,
        prior,
        at: atStep,
      }).probabilityOfBeating(best);
    },
  });
}

/** A forecast, and the probability that the level, smaller is better, is below a value. */
interface Reading extends Omit<CurveForecast, "probabilityOfBeating"> {
  readonly chanceBelow: (value: number) => number | null;
}

function readCurve(
  curve: Curve,
  {
    direction,
    at,
    axis = "linear",
    bounds = [-Infinity, Infinity],
    kind,
  }: CurveForecastOptions,
  prior: CurvePrior | null,
): Reading {
  const sign = direction === "minimize" ? 1 : -1;
  const points = curvePoints(curve, direction, at, axis);
  if (typeof points === "string") return plain(at, null, points, 0);
  const seen = seenShare(points.times, axis);
  const lastValue = sign * points.last;
  if (points.passed) return observed(at, lastValue, points.last);
  if (points.problem !== null) {
    return plain(at, lastValue, `the last value, for ${points.problem}`, seen);
  }

  const average = averageShapes(points, axis);
  const unit = difficulty(average);
  const without = defaultResiduals(seen, axis);
  const base = average.mean + unit * without.center;
  const foreign = prior === null ? null : foreignUnit(points, prior);
  const answer = prior === null || foreign !== null ? null : prior.read({
    features: curveFeatures(points, average),
    seen,
    drop: (base - average.level) / average.scale,
    kind: kind ?? null,
  });
  const possible = (value: number) =>
    Math.min(bounds[1], Math.max(bounds[0], value));
  const center = sign *
    possible(sign * (base + average.scale * (answer?.move ?? 0)));
  const missing = answer === null ? noGround(points, seen, prior) : null;
  const { low, high } = answer ?? {
    low: without.low - without.center,
    high: without.high - without.center,
  };
  const [better, worse] = [center + low * unit, center + high * unit];
  const ends = [sign * better, sign * worse].map(possible)
    .sort((a, b) => a - b);
  const band = missing === null
    ? Object.freeze({ low: ends[0]!, high: ends[1]! })
    : null;
  return {
    at,
    value: sign * center,
    band,
    reason: foreign ?? missing,
    seen,
    priorCurves: answer === null ? 0 : prior!.curves,
    families: Object.freeze(
      average.families.map((one) =>
        Object.freeze({ ...one, value: sign * one.value })
      ),
    ),
    path: wayThere(points, average, { at, center, sign, band, possible }),
    chanceBelow: (value) => {
      if (band === null) return null;
      if (!(possible(sign * value) === sign * value)) {
        return value < center ? 0 : value > center ? 1 : NaN;
      }
      return chance(value, center, better, worse);
    },
  };
}

/** The probability below a value of two half normal distributions that meet at the center. */
function chance(
  best: number,
  center: number,
  low: number,
  high: number,
): number {
  const half = best < center ? center - low : high - center;
  if (Number.isNaN(best)) return NaN;
  if (!(half > 0)) return best < center ? 0 : best > center ? 1 : 0.5;
  return normalCdf(z90 * (best - center) / half);
}

function observed(at: number, value: number, cost: number): Reading {
  return {
    ...plain(at, value, `the value reported at step ${at}`, 1),
    band: Object.freeze({ low: value, high: value }),
    chanceBelow: (other) => chance(other, cost, cost, cost),
  };
}

function plain(
  at: number,
  value: number | null,
  reason: string,
  seen: number,
): Reading {
  return {
    at,
    value,
    band: null,
    reason: value === null ? `no forecast: ${reason}` : reason,
    seen,
    priorCurves: 0,
    families: Object.freeze([]),
    path: Object.freeze([]),
    chanceBelow: () => null,
  };
}

/** Why there is no band, though there is a value; null if there is one. */
function noGround(
  { count }: CurvePoints,
  seen: number,
  prior: CurvePrior | null,
): string | null {
  if (count >= leastPoints && seen >= leastSeen) return null;
  const found = count < leastPoints
    ? `${count} points, fewer than ${leastPoints}`
    : `${Math.round(100 * seen)} % of the way, less than ${100 * leastSeen} %`;
  return `no band: the curve has ${found}, and ${
    prior === null ? "there are no" : "there are too few"
  } finished curves to go by`;
}

/** In words, that a curve's values are far from all the prior's; null if they are not. */
function foreignUnit(
  { values }: CurvePoints,
  { magnitudes: [low, high], curves }: CurvePrior,
): string | null {
  const size = magnitude(values);
  if (curves === 0 || (size >= low / 20 && size <= high * 20)) return null;
  return `the finished curves are left out, for their values are of another size (about ${
    low.toPrecision(2)
  } to ${high.toPrecision(2)} against ${
    size.toPrecision(2)
  }): percent against fraction?`;
}

function wayThere(
  { times, shift }: CurvePoints,
  average: ShapeAverage,
  { at, center, sign, band, possible }: {
    possible: (value: number) => number;
    at: number;
    center: number;
    sign: number;
    band: { low: number; high: number } | null;
  },
): readonly CurveForecastPoint[] {
  const from = times[times.length - 1]!;
  const startGap = average.level - average.at(from);
  const endGap = center - average.at(1);
  const points = Array.from({ length: pathPoints + 1 }, (_, i) => {
    const part = i / pathPoints;
    const time = from + part * (1 - from);
    const value = possible(
      sign * (average.at(time) + (1 - part) * startGap + part * endGap),
    );
    const open = Math.sqrt(part);
    return Object.freeze({
      step: (at + shift) * time - shift,
      value,
      low: band === null
        ? NaN
        : possible(value - open * (sign * center - band.low)),
      high: band === null
        ? NaN
        : possible(value + open * (band.high - sign * center)),
    });
  });
  return Object.freeze(points);
}

function checkCurve(curve: Curve): void {
  const list = (x: unknown) => Array.isArray(x) || ArrayBuffer.isView(x);
  if (!list(curve?.steps) || !list(curve?.values)) {
    throw new TypeError(
      `Cannot forecast: expected a curve such as { name: "loss", steps: [1, 2], values: [0.9, 0.7] }`,
    );
  }
}

function checkOptions(
  { direction, at, axis = "linear", prior, finished, bounds }:
    CurveForecastOptions,
): void {
  if (direction !== "minimize" && direction !== "maximize") {
    throw new RangeError(
      `Cannot forecast: the direction is ${direction}, expected "minimize" or "maximize"`,
    );
  }
  if (axis !== "linear" && axis !== "log") {
    throw new RangeError(
      `Cannot forecast: the axis is ${axis}, expected "linear" or "log"`,
    );
  }
  if (!(at > 0 && at < Infinity)) {
    throw new RangeError(
      `Cannot forecast: at is ${at}, expected a step above 0, such as the last epoch`,
    );
  }
  if (bounds !== undefined && !(bounds[0] < bounds[1])) {
    throw new RangeError(
      `Cannot forecast: the bounds are ${
        String(bounds)
      }, expected two rising numbers such as [0, 1]`,
    );
  }
  if (prior != null && finished !== undefined) {
    throw new RangeError(
      "Cannot forecast: found both prior and finished, expected one of them",
    );
  }
  if (prior != null && (prior.direction !== direction || prior.axis !== axis)) {
    throw new RangeError(
      `Cannot forecast: the prior is of curves to ${prior.direction} on a ${prior.axis} axis, expected ${direction} and ${axis}`,
    );
  }
}
