/**
 * Sobol sequences: points that fill the unit cube evenly, one by one.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | d | `dimension` | | the number of axes |
 * | B | `sobolBits` | | 30 bits, so 2³⁰ points |
 * | n | `index` | | the number of a point, from 0 |
 * | g | `gray` | | the Gray code of n: n ⊕ ⌊n / 2⌋ |
 * | vₖ | `vectors` | `[d, B]` | direction vectors; bit k of g switches vₖ on |
 * | L | `matrices` | `[d, B]` | lower triangular matrices over Z₂, a row a number |
 * | e | `shift` | `[d]` | digital shifts |
 *
 * Point n on an axis: x = (e ⊕ ⨁ₖ gₖ vₖ) / 2ᴮ. A left matrix scramble puts L vₖ
 * in the place of vₖ. The same points as `scipy.stats.qmc.Sobol`.
 *
 * Source: Sobol (1967); the order by Gray code from Antonov and Saleev (1979);
 * direction numbers from Joe and Kuo (2008); scrambling from Matoušek (1998), as
 * in SciPy.
 *
 * @module
 */

import {
  directionVectors,
  sobolBits,
  tableDimensions,
} from "./_direction_numbers.ts";
import type { RandomStream } from "./random.ts";

/** How many dimensions a Sobol sequence can have. */
export const largestSobolDimension: number = tableDimensions;

/** How many points a Sobol sequence has: 2³⁰. */
export const largestSobolLength: number = 2 ** sobolBits;

/** What turns a Sobol sequence into a random one that fills as evenly. */
export interface SobolScramble {
  /**
   * A matrix an axis, `[d, 30]`: lower triangular with ones on the diagonal,
   * each row a number of 30 bits, the highest its first column.
   */
  readonly matrices: readonly ArrayLike<number>[];
  /** A shift an axis, `[d]`: whole numbers in `[0, 2³⁰)`. */
  readonly shift: ArrayLike<number>;
}

/** Options of {@linkcode sobol}. */
export interface SobolOptions {
  /** Matrices and shifts, e.g. from {@linkcode sobolScramble}. Defaults to none. */
  readonly scramble?: SobolScramble;
}

/** A Sobol sequence. */
export interface Sobol {
  /** The number of axes d. */
  readonly dimension: number;
  /**
   * A point of the sequence, `[d]`, each value in `[0, 1)` and a multiple of
   * 2⁻³⁰. Any point can be asked for, in any order.
   *
   * @param index The number of the point: a whole number in `[0, 2³⁰)`.
   * @throws {RangeError} If the number is outside.
   */
  point(index: number): Float64Array;
}

/**
 * A Sobol sequence. Its first 2ᵐ points fill the cube most evenly. Unscrambled,
 * point 0 is the cube's lowest corner.
 *
 * @param dimension The number of axes: 1 to 256.
 * @throws {RangeError} If the dimension is outside, or the scramble is not for it.
 *
 * @example
 * ```ts
 * import { randomStream, sobol, sobolScramble } from "@etude/etude";
 * sobol(2).point(2); // [0.75, 0.25]
 * const scramble = sobolScramble(2, randomStream("my seed"));
 * sobol(2, { scramble }).point(2); // elsewhere, and as evenly spread
 * ```
 */
export function sobol(dimension: number, options: SobolOptions = {}): Sobol {
  checkDimension(dimension);
  const { scramble } = options;
  if (
    scramble !== undefined && (scramble.matrices.length !== dimension ||
      scramble.shift.length !== dimension)
  ) {
    throw new RangeError(
      `Cannot make the Sobol sequence: the scramble has ${scramble.matrices.length} matrices and ${scramble.shift.length} shifts, expected ${dimension} of each`,
    );
  }
  const shift = Int32Array.from(scramble?.shift ?? new Int32Array(dimension));
  const vectors = new Int32Array(dimension * sobolBits);
  for (let axis = 0; axis < dimension; axis++) {
    const plain = directionVectors(axis);
    const matrix = scramble?.matrices[axis];
    vectors.set(
      matrix === undefined ? plain : plain.map((v) => multiply(matrix, v)),
      axis * sobolBits,
    );
  }
  return Object.freeze({
    dimension,
    point(index: number): Float64Array {
      checkIndex(index);
      const gray = index ^ (index >>> 1);
      const point = new Float64Array(dimension);
      for (let axis = 0; axis < dimension; axis++) {
        let x = shift[axis]!;
        let k = axis * sobolBits;
        for (let rest = gray; rest !== 0; rest >>>= 1, k++) {
          if (rest & 1) x ^= vectors[k]!;
        }
        point[axis] = x / largestSobolLength;
      }
      return point;
    },
  });
}

/**
 * Draws a scramble: random lower triangular matrices and random shifts. It
 * draws 31 numbers an axis, axis by axis, so that a sequence of fewer axes with
 * the same stream is the same sequence without the others.
 *
 * @param dimension The number of axes: 1 to 256.
 * @param random The stream to draw from.
 * @throws {RangeError} If the dimension is outside.
 *
 * @example
 * ```ts
 * import { randomStream, sobol, sobolScramble } from "@etude/etude";
 * const first = sobol(3, { scramble: sobolScramble(3, randomStream("seed")) });
 * ```
 */
export function sobolScramble(
  dimension: number,
  random: RandomStream,
): SobolScramble {
  checkDimension(dimension);
  const matrices: Int32Array[] = [];
  const shift = new Int32Array(dimension);
  for (let axis = 0; axis < dimension; axis++) {
    matrices.push(Int32Array.from({ length: sobolBits }, (_, row) => {
      const diagonal = 1 << (sobolBits - 1 - row);
      const above = largestSobolLength - 2 * diagonal;
      return (random.int(largestSobolLength) & above) | diagonal;
    }));
    shift[axis] = random.int(largestSobolLength);
  }
  return Object.freeze({ matrices: Object.freeze(matrices), shift });
}

/** The product of a binary matrix and a binary vector. */
function multiply(matrix: ArrayLike<number>, vector: number): number {
  let product = 0;
  for (let row = 0; row < sobolBits; row++) {
    product = (product << 1) | parity(matrix[row]! & vector);
  }
  return product;
}

/** Whether an odd number of bits is set: 1 or 0. */
function parity(bits: number): number {
  let x = bits ^ (bits >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  // Bit n of 0x6996 is the parity of n.
  return (0x6996 >>> (x & 15)) & 1;
}

function checkDimension(dimension: number): void {
  if (
    Number.isInteger(dimension) && dimension >= 1 &&
    dimension <= largestSobolDimension
  ) return;
  throw new RangeError(
    `Cannot make the Sobol sequence: the dimension is ${dimension}, expected a whole number from 1 to ${largestSobolDimension}`,
  );
}

function checkIndex(index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < largestSobolLength) {
    return;
  }
  throw new RangeError(
    `Cannot give a point of the Sobol sequence: the index is ${index}, expected a whole number from 0 to ${
      largestSobolLength - 1
    }`,
  );
}
