/**
 * What BBOB's functions are built from.
 *
 * Notation: D dimension; i index from 1 in the source, from 0 here; R, Q
 * rotations, row-major `[D * D]`; Λ^α diagonal scaling.
 *
 * Source: Hansen, Finck, Ros, Auger, "Real-Parameter Black-Box Optimization
 * Benchmarking 2009: Noiseless Functions Definitions", INRIA RR-6829, section 0.2.
 *
 * @module
 */

import type { RandomStream } from "../../../lib/math/mod.ts";

/** A point, or a diagonal: `[D]`. */
export type Vector = Float64Array;

/** The vector whose entries are those of a function of the index. */
export function vector(d: number, entry: (index: number) => number): Vector {
  return Float64Array.from({ length: d }, (_, index) => entry(index));
}

/** The index's share of the way from the first axis to the last: (i − 1) / (D − 1); 0 for one axis. */
export function share(index: number, d: number): number {
  return d === 1 ? 0 : index / (d - 1);
}

/** T_osz of one number: symmetric, with small waves that break smoothness. */
export function oscillate(x: number): number {
  if (x === 0) return 0;
  const log = Math.log(Math.abs(x));
  const [c1, c2] = x > 0 ? [10, 7.9] : [5.5, 3.1];
  return Math.sign(x) *
    Math.exp(log + 0.049 * (Math.sin(c1 * log) + Math.sin(c2 * log)));
}

/** T_asy^β: stretches the positive half, more along later axes. */
export function asymmetry(x: Vector, beta: number): Vector {
  return x.map((value, i) =>
    value > 0
      ? value ** (1 + beta * share(i, x.length) * Math.sqrt(value))
      : value
  );
}

/** Λ^α x: condition number α in the squares of the axes. */
export function condition(x: Vector, alpha: number): Vector {
  return x.map((value, i) => value * alpha ** (share(i, x.length) / 2));
}

/** f_pen: the squared distance beyond [−5, 5], summed over the axes. */
export function penalty(x: Vector): number {
  return x.reduce(
    (sum, value) => sum + Math.max(0, Math.abs(value) - 5) ** 2,
    0,
  );
}

/** The matrix times the vector. */
export function rotate(matrix: Vector, x: Vector): Vector {
  const d = x.length;
  return vector(d, (row) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += matrix[row * d + k]! * x[k]!;
    return sum;
  });
}

/** The transposed matrix times the vector. */
export function rotateBack(matrix: Vector, x: Vector): Vector {
  const d = x.length;
  return vector(d, (column) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += matrix[k * d + column]! * x[k]!;
    return sum;
  });
}

/** The difference of two vectors. */
export function minus(x: Vector, y: Vector): Vector {
  return x.map((value, i) => value - y[i]!);
}

/** The sum over the entries of a function of value and index. */
export function sumOf(
  x: Vector,
  term: (value: number, index: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += term(x[i]!, i);
  return sum;
}

/** A random rotation: normal numbers made orthonormal by Gram and Schmidt; draws D² normal numbers. */
export function randomRotation(d: number, random: RandomStream): Vector {
  const matrix = vector(d * d, () => random.normal());
  for (let row = 0; row < d; row++) {
    const current = matrix.subarray(row * d, (row + 1) * d);
    for (let before = 0; before < row; before++) {
      const other = matrix.subarray(before * d, (before + 1) * d);
      const product = sumOf(current, (value, k) => value * other[k]!);
      for (let k = 0; k < d; k++) current[k]! -= product * other[k]!;
    }
    const length = Math.sqrt(sumOf(current, (value) => value * value));
    for (let k = 0; k < d; k++) current[k]! /= length;
  }
  return matrix;
}
