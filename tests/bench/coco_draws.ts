/**
 * How COCO draws the instances of BBOB's functions: its generator of 2009, and which
 * numbers go where.
 *
 * Source: COCO (numbbo/coco-experiment, BSD), the legacy generator of 2009.
 *
 * @module
 */

import type { Draw } from "../../bench/quality/suites/bbob_functions.ts";
import type { RandomStream } from "../../lib/math/mod.ts";

/** Numbers in `(0, 1)`: a minimal standard generator (Park and Miller) with a shuffle of 32. */
function uniforms(count: number, seed: number): number[] {
  let state = Math.max(1, Math.abs(seed));
  const step = () => {
    const part = Math.floor(state / 127773);
    state = 16807 * (state - part * 127773) - 2836 * part;
    if (state < 0) state += 2147483647;
  };
  const table = new Array<number>(32).fill(0);
  for (let i = 39; i >= 0; i--) {
    step();
    if (i < 32) table[i] = state;
  }
  let current = table[0]!;
  return Array.from({ length: count }, () => {
    step();
    const slot = Math.floor(current / 67108865);
    current = table[slot]!;
    table[slot] = state;
    return current / 2147483647 || 1e-99;
  });
}

/** Normal numbers (Box and Muller). */
function normals(count: number, seed: number): number[] {
  const u = uniforms(2 * count, seed);
  return Array.from(
    { length: count },
    (_, i) =>
      Math.sqrt(-2 * Math.log(u[i]!)) *
        Math.cos(2 * Math.PI * u[count + i]!) || 1e-99,
  );
}

/** A rotation `[d * d]`, its columns made orthonormal in turn. */
function rotation(d: number, seed: number): Float64Array {
  const g = normals(d * d, seed);
  // g is read column by column.
  const matrix = Float64Array.from(
    g,
    (_, at) => g[(at % d) * d + Math.floor(at / d)]!,
  );
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let k = 0; k < d; k++) {
        dot += matrix[k * d + i]! * matrix[k * d + j]!;
      }
      for (let k = 0; k < d; k++) {
        matrix[k * d + i]! -= dot * matrix[k * d + j]!;
      }
    }
    let square = 0;
    for (let k = 0; k < d; k++) square += matrix[k * d + i]! ** 2;
    for (let k = 0; k < d; k++) matrix[k * d + i]! /= Math.sqrt(square);
  }
  return matrix;
}

/** In which places the numbers stand, the least first. */
function orderOf(numbers: readonly number[]): number[] {
  return [...numbers.keys()].sort((a, b) => numbers[a]! - numbers[b]!);
}

/** What Gallagher's functions draw: peaks in an order, axes in orders, places. */
function peaksStream(d: number, peaks: number, seed: number): RandomStream {
  const orders = [
    orderOf(uniforms(peaks - 1, seed)),
    ...Array.from(
      { length: peaks },
      (_, i) => orderOf(uniforms(d, seed + 1000 * i)),
    ),
  ];
  const places = uniforms(d * peaks, seed);
  return {
    uniform: () => places.shift()!,
    int: () => 0,
    normal: () => 0,
    shuffle: (items) => orders.shift()!.map((k) => items[k]!),
  };
}

/** The functions whose first rotation is drawn with the plain seed. */
const plainFirst = [6, 7, 9, 13, 19, 21, 22, 23, 24];

/** COCO's draw of an instance, and its best value. */
export function cocoDraw(
  number: number,
  d: number,
  instance: number,
): { draw: Draw; best: number } {
  const seed = (number === 4 ? 3 : number === 18 ? 17 : number) +
    10_000 * instance;
  const far = rotation(d, seed + 1_000_000);
  const near = rotation(d, seed);
  const [R, Q] = plainFirst.includes(number) ? [near, far] : [far, near];
  const u = uniforms(d, number === 12 ? seed + 1_000_000 : seed);
  const shift = Float64Array.from(
    u,
    (x) => 8 * Math.floor(1e4 * x) / 1e4 - 4 || -1e-5,
  );
  const signs = number === 24
    ? Float64Array.from(normals(d, seed), (g) => g < 0 ? -1 : 1)
    : number === 5
    ? shift.map((x) => x < 0 ? -1 : 1)
    : Float64Array.from(u, (x) => x < 0.5 ? -1 : 1);
  const peaks = number === 21 ? 101 : 21;
  const [a, b] = [normals(1, seed)[0]!, normals(1, seed + 1)[0]!];
  const best = Math.round(1e4 * a / b) / 100;
  return {
    draw: { d, R, Q, shift, signs, random: peaksStream(d, peaks, seed) },
    best: Math.max(-1000, Math.min(1000, best)),
  };
}
