/**
 * A forecast as an average over all shapes, each weighted by how well it
 * explains the points seen: nothing is searched, so nothing gets stuck.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | z | `z` | `[n]` | values, smaller is better, as (value − level) / scale |
 * | φ, ψ | `phi`, `psi` | `[n]` | a shape and the drift: 1 at the first point, 0 at t = 1 |
 * | w | `weights` | `[n]` | weights of the points, later ones more; their sum is η n |
 * | σ | `noises` | | what the noise may be, in units of the scale |
 * | (c, a, b) | `coefficients` | `[3]` | level at t = 1, descent, drift |
 * | A | | `[3, 3]` | their posterior precision; its Cholesky factor is kept |
 * | p | `weight` | 1 | the posterior probability of a shape with a noise |
 *
 * z = c + a φ + b ψ + σ ε with c ~ N(0, 1), a ~ N(½, 1), b ~ N(0, 0.03²). With σ
 * known, everything is a formula (Bayesian linear regression): the evidence of
 * the shape, and the mean and variance of c, which is the forecast. η = ½ of
 * the points' weight is counted, for their errors are alike (they are the
 * misfit of the shape more than noise).
 *
 * A and its factor depend on the points' steps only: curves of one study share them.
 *
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), sections 3.3
 * and 3.5; recency weights 10^(i/n) after Domhan et al. (2015).
 *
 * @module
 */

import type { CurvePoints } from "./_points.ts";
import {
  type CurveAxis,
  type CurveFamily,
  driftFunction,
  shapeFunction,
  shapes,
  writeShapes,
} from "./_shapes.ts";

/** The first points of this share are left out: how a training starts says little of how it ends. */
const skippedShare = 0.2;
const noises = [0.003, 0.01, 0.03, 0.1, 0.3];
const countedShare = 0.5;
const recency = 2;
const [levelSd, descentMean, descentSd, driftSd] = [1, 0.5, 1, 0.03];
/** Numbers kept of each pair of shape and noise: the factor's entries and its log determinant. */
const stride = 7;

/** What a family says alone. */
export interface FamilyForecast {
  /** The family. */
  readonly family: CurveFamily;
  /** Its posterior probability, in [0, 1]. */
  readonly weight: number;
  /** The level that it expects at the step of the forecast, in the curve's unit. */
  readonly value: number;
}

/** The average over all shapes; values are in the curve's unit, smaller is better. */
export interface ShapeAverage {
  /** Where the fitted part of the points begins. */
  readonly from: number;
  /** The level of the last tenth of the points. */
  readonly level: number;
  /** The range of the fitted points, or a 50th of all points' if that is more: the unit of all normalized numbers. */
  readonly scale: number;
  /** The expected level at t = 1. */
  readonly mean: number;
  /** The standard deviation of that level, between shapes and within. */
  readonly sd: number;
  /** The families, the likeliest first. */
  readonly families: readonly FamilyForecast[];
  /** The expected level at a time from the last point to 1. */
  readonly at: (time: number) => number;
}

interface Basis {
  readonly times: Float64Array;
  readonly weights: Float64Array;
  readonly weightSum: number;
  readonly psi: Float64Array;
  readonly phi: Float64Array;
  readonly factors: Float64Array;
}

/** The latest bases: points of one study lie at the same steps. */
const remembered = new Map<string, Basis>();

function basisOf(times: Float64Array, axis: CurveAxis): Basis {
  const key = `${axis} ${times.join()}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const basis = makeBasis(times, axis);
  if (remembered.size >= 32) {
    remembered.delete(remembered.keys().next().value!);
  }
  remembered.set(key, basis);
  return basis;
}

function makeBasis(times: Float64Array, axis: CurveAxis): Basis {
  const n = times.length;
  const weights = times.map((_, i) => Math.pow(10, recency * i / n));
  const sum = weights.reduce((a, b) => a + b);
  const weightSum = n * countedShare;
  for (let i = 0; i < n; i++) weights[i]! *= weightSum / sum;
  const psi = times.map(driftFunction(axis, times[0]!));
  let p = 0;
  let pp = 0;
  for (let i = 0; i < n; i++) {
    p += weights[i]! * psi[i]!;
    pp += weights[i]! * psi[i]! ** 2;
  }
  const phi = new Float64Array(shapes.length * n);
  const factors = new Float64Array(shapes.length * noises.length * stride);
  writeShapes(times, phi);
  shapes.forEach((_, j) => {
    let f = 0;
    let ff = 0;
    let fp = 0;
    for (let i = 0; i < n; i++) {
      const value = phi[j * n + i]!;
      const weighted = weights[i]! * value;
      f += weighted;
      ff += weighted * value;
      fp += weighted * psi[i]!;
    }
    noises.forEach((noise, k) => {
      const q = 1 / (noise * noise);
      const l00 = Math.sqrt(q * weightSum + 1 / levelSd ** 2);
      const l10 = q * f / l00;
      const l20 = q * p / l00;
      const l11 = Math.sqrt(q * ff + 1 / descentSd ** 2 - l10 * l10);
      const l21 = (q * fp - l20 * l10) / l11;
      const l22 = Math.sqrt(
        Math.max(1e-12, q * pp + 1 / driftSd ** 2 - l20 * l20 - l21 * l21),
      );
      factors.set(
        [l00, l10, l11, l20, l21, l22, Math.log(l00 * l11 * l22)],
        (j * noises.length + k) * stride,
      );
    });
  });
  return { times, weights, weightSum, psi, phi, factors };
}

/** The average over all shapes for points without a problem. */
export function averageShapes(
  points: CurvePoints,
  axis: CurveAxis,
): ShapeAverage {
  const all = points.times.length;
  const from = Math.max(0, Math.min(Math.floor(all * skippedShare), all - 8));
  const basis = basisOf(points.times.slice(from), axis);
  const { times, weights, weightSum, psi, phi, factors } = basis;
  const n = times.length;
  const values = points.values.subarray(from);
  const tail = Math.max(1, Math.round(n / 10));
  let level = 0;
  for (let i = n - tail; i < n; i++) level += values[i]! / tail;
  // Flat since the skipped points: then a little of their descent is the unit.
  const scale = Math.max(rangeOf(values), 0.02 * rangeOf(points.values));
  const weighted = new Float64Array(n);
  let [y, yy, py] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const z = (values[i]! - level) / scale;
    weighted[i] = weights[i]! * z;
    y += weighted[i]!;
    yy += weighted[i]! * z;
    py += weighted[i]! * psi[i]!;
  }
  const pairs = shapes.length * noises.length;
  const evidence = new Float64Array(pairs);
  const coefficients = new Float64Array(3 * pairs);
  const variances = new Float64Array(pairs);
  let highest = -Infinity;
  for (let j = 0; j < shapes.length; j++) {
    let fy = 0;
    for (let i = 0; i < n; i++) fy += weighted[i]! * phi[j * n + i]!;
    for (let k = 0; k < noises.length; k++) {
      const noise = noises[k]!;
      const q = 1 / (noise * noise);
      const pair = j * noises.length + k;
      const start = pair * stride;
      const l00 = factors[start]!;
      const l10 = factors[start + 1]!;
      const l11 = factors[start + 2]!;
      const l20 = factors[start + 3]!;
      const l21 = factors[start + 4]!;
      const l22 = factors[start + 5]!;
      const logRoot = factors[start + 6]!;
      const u0 = q * y / l00;
      const u1 = (q * fy + descentMean / descentSd ** 2 - l10 * u0) / l11;
      const u2 = (q * py - l20 * u0 - l21 * u1) / l22;
      const b = u2 / l22;
      const a = (u1 - l21 * b) / l11;
      coefficients[3 * pair] = (u0 - l10 * a - l20 * b) / l00;
      coefficients[3 * pair + 1] = a;
      coefficients[3 * pair + 2] = b;
      const v0 = 1 / l00;
      const v1 = -l10 * v0 / l11;
      const v2 = (-l20 * v0 - l21 * v1) / l22;
      variances[pair] = v0 * v0 + v1 * v1 + v2 * v2;
      const found = evidence[pair] = -weightSum * Math.log(noise) -
        (q * yy - u0 * u0 - u1 * u1 - u2 * u2) / 2 - logRoot;
      if (found > highest) highest = found;
    }
  }
  let sum = 0;
  for (let pair = 0; pair < pairs; pair++) {
    sum += evidence[pair] = Math.exp(evidence[pair]! - highest);
  }
  const families = new Map<CurveFamily, { weight: number; value: number }>();
  let mean = 0;
  let square = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const weight = evidence[pair]! /= sum;
    const c = coefficients[3 * pair]!;
    mean += weight * c;
    square += weight * (c * c + variances[pair]!);
    const { family } = shapes[Math.floor(pair / noises.length)]!;
    const one = families.get(family) ?? { weight: 0, value: 0 };
    one.weight += weight;
    one.value += weight * c;
    families.set(family, one);
  }
  const at = wayOf(evidence, coefficients, times[0]!, axis);
  return {
    from,
    level,
    scale,
    mean: level + scale * mean,
    sd: scale * Math.sqrt(Math.max(0, square - mean * mean)),
    families: [...families].map(([family, { weight, value }]) => ({
      family,
      weight,
      value: level + scale * (weight > 1e-12 ? value / weight : mean),
    })).sort((a, b) => b.weight - a.weight),
    at: (time) => level + scale * at(time),
  };
}

/** The largest less the smallest of some values. */
function rangeOf(values: Float64Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/** The expected z at a time: shapes with next to no weight are left out. */
function wayOf(
  evidence: Float64Array,
  coefficients: Float64Array,
  first: number,
  axis: CurveAxis,
): (time: number) => number {
  const parts: { a: number; at: (t: number) => number }[] = [];
  let [total, level, drift] = [0, 0, 0];
  shapes.forEach((shape, j) => {
    let [weight, c, a, b] = [0, 0, 0, 0];
    for (let k = 0; k < noises.length; k++) {
      const pair = j * noises.length + k;
      const share = evidence[pair]!;
      weight += share;
      c += share * coefficients[3 * pair]!;
      a += share * coefficients[3 * pair + 1]!;
      b += share * coefficients[3 * pair + 2]!;
    }
    if (weight < 1e-3) return;
    total += weight;
    level += c;
    drift += b;
    parts.push({ a, at: shapeFunction(shape, first) });
  });
  const psi = driftFunction(axis, first);
  return (time) => {
    let z = level + drift * psi(time);
    for (const { a, at } of parts) z += a * at(time);
    return z / total;
  };
}
