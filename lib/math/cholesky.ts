/**
 * Cholesky factors of symmetric positive definite matrices, on typed arrays.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | A | `matrix` | `[n, n]` | symmetric, row after row; only its lower triangle is read |
 * | n | `size` | | the number of rows |
 * | L | `lower` | `[n, n]` | lower triangular, A = L Lᵀ; what stands above the diagonal is left as it was |
 * | b | `rows` | `[m, n]` | right-hand sides, a row each |
 *
 * All matrices are `Float64Array`s, row after row. The work is done in tiles of
 * 4 × 4 numbers, which stay in registers. Each number is the same sum in the
 * same order however the rows are grouped: a factor that is grown by rows is
 * equal, to the last bit, to one that is made at once.
 *
 * Source: Golub and Van Loan, Matrix Computations (2013), 4.2.
 *
 * @module
 */

import { solveRows, tileProducts } from "./_tiles.ts";

/** Options of {@linkcode cholesky}. */
export interface CholeskyOptions {
  /** How many rows at the top hold rows of L already, from 0 to n. Defaults to `0`. */
  readonly from?: number;
}

/**
 * Turns the lower triangle of A into L, in place.
 *
 * @param matrix A, `[n, n]`. Afterwards its lower triangle is L, or unusable.
 * @param size The number of rows n.
 * @returns Whether A is positive definite: false if a pivot is not above 0, or NaN.
 * @throws {RangeError} If the matrix is too short for its size.
 *
 * @example
 * ```ts
 * import { cholesky } from "@etude/etude";
 * const a = Float64Array.of(4, 0, 2, 5);
 * cholesky(a, 2); // true
 * a; // [2, 0, 1, 2]
 * ```
 */
export function cholesky(
  matrix: Float64Array,
  size: number,
  options: CholeskyOptions = {},
): boolean {
  checkSquare(matrix, size);
  const { from = 0 } = options;
  for (let i = from; i < size; i += 4) {
    const end = Math.min(i + 4, size);
    solveRows(matrix, size, i, {
      rows: matrix,
      start: i * size,
      stride: size,
      count: end - i,
    });
    for (let a = i; a < end; a++) {
      for (let b = i; b <= a; b++) {
        let sum = matrix[a * size + b]!;
        for (let k = 0; k < b; k++) {
          sum -= matrix[a * size + k]! * matrix[b * size + k]!;
        }
        if (a !== b) matrix[a * size + b] = sum / matrix[b * size + b]!;
        else if (sum > 0) matrix[a * size + a] = Math.sqrt(sum);
        else return false;
      }
    }
  }
  return true;
}

/**
 * Grows a factor by rows of A: the factor of the larger matrix.
 *
 * @param lower L, `[n, n]`. It is not changed.
 * @param rows The new rows of A as far as the diagonal, `[m, n + m]`.
 * @returns The larger factor, `[n + m, n + m]`; null if the larger matrix is
 * not positive definite.
 * @throws {RangeError} If the lengths do not fit.
 *
 * @example
 * ```ts
 * import { appendToCholesky } from "@etude/etude";
 * appendToCholesky(Float64Array.of(2), Float64Array.of(2, 5)); // [2, 0, 1, 2]
 * ```
 */
export function appendToCholesky(
  lower: Float64Array,
  rows: Float64Array,
): Float64Array | null {
  const n = Math.sqrt(lower.length);
  // m (n + m) numbers: solved for m.
  const m = Math.round((Math.sqrt(n * n + 4 * rows.length) - n) / 2);
  if (!Number.isInteger(n) || m * (n + m) !== rows.length) {
    throw new RangeError(
      `Cannot grow the Cholesky factor: it has ${lower.length} numbers and the rows ${rows.length}, expected n² and m (n + m)`,
    );
  }
  const size = n + m;
  const grown = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    grown.set(lower.subarray(i * n, i * n + i + 1), i * size);
  }
  grown.set(rows, n * size);
  return cholesky(grown, size, { from: n }) ? grown : null;
}

/**
 * Solves L x = b for one or many right-hand sides, in place.
 *
 * @param lower L, `[n, n]`.
 * @param rows The right-hand sides, `[m, n]`, a row each; afterwards the solutions.
 * @throws {RangeError} If the lengths do not fit.
 *
 * @example
 * ```ts
 * import { solveLower } from "@etude/etude";
 * const b = Float64Array.of(2, 5);
 * solveLower(Float64Array.of(2, 0, 1, 2), b);
 * b; // [1, 2]
 * ```
 */
export function solveLower(lower: Float64Array, rows: Float64Array): void {
  const size = sizeOf(lower, rows);
  solveRows(lower, size, size, {
    rows,
    start: 0,
    stride: size,
    count: size === 0 ? 0 : rows.length / size,
  });
}

/**
 * Solves Lᵀ x = b for one or many right-hand sides, in place.
 *
 * @param lower L, `[n, n]`.
 * @param rows The right-hand sides, `[m, n]`, a row each; afterwards the solutions.
 * @throws {RangeError} If the lengths do not fit.
 *
 * @example
 * ```ts
 * import { solveLowerTransposed } from "@etude/etude";
 * const b = Float64Array.of(4, 4);
 * solveLowerTransposed(Float64Array.of(2, 0, 1, 2), b);
 * b; // [1, 2]
 * ```
 */
export function solveLowerTransposed(
  lower: Float64Array,
  rows: Float64Array,
): void {
  const n = sizeOf(lower, rows);
  for (let start = 0; start < rows.length; start += n) {
    // By rows of L, so that memory is read in order; four at a time.
    let i = n - 1;
    for (; i >= 3; i -= 4) {
      const q0 = i * n, q1 = q0 - n, q2 = q1 - n, q3 = q2 - n;
      const x0 = rows[start + i]! / lower[q0 + i]!;
      const x1 = (rows[start + i - 1]! - x0 * lower[q0 + i - 1]!) /
        lower[q1 + i - 1]!;
      const x2 = (rows[start + i - 2]! - x0 * lower[q0 + i - 2]! -
        x1 * lower[q1 + i - 2]!) / lower[q2 + i - 2]!;
      const x3 = (rows[start + i - 3]! - x0 * lower[q0 + i - 3]! -
        x1 * lower[q1 + i - 3]! - x2 * lower[q2 + i - 3]!) /
        lower[q3 + i - 3]!;
      rows[start + i] = x0, rows[start + i - 1] = x1;
      rows[start + i - 2] = x2, rows[start + i - 3] = x3;
      for (let k = 0; k < i - 3; k++) {
        rows[start + k] = rows[start + k]! - x0 * lower[q0 + k]! -
          x1 * lower[q1 + k]! - x2 * lower[q2 + k]! - x3 * lower[q3 + k]!;
      }
    }
    for (; i >= 0; i--) {
      const x = rows[start + i]! / lower[i * n + i]!;
      rows[start + i] = x;
      for (let k = 0; k < i; k++) rows[start + k]! -= x * lower[i * n + k]!;
    }
  }
}

/** Where {@linkcode choleskyInverse} works. */
export interface CholeskyInverseOptions {
  /** `[n, n]`: the inverse is written here. Defaults to a new array. */
  readonly out?: Float64Array;
  /** `[n, n]`, other than `out`: overwritten on the way. Defaults to a new array. */
  readonly work?: Float64Array;
}

/**
 * The inverse of A from its factor: A⁻¹ = L⁻ᵀ L⁻¹.
 *
 * @param lower L, `[n, n]`.
 * @returns A⁻¹, `[n, n]`, both triangles.
 *
 * @example
 * ```ts
 * import { choleskyInverse } from "@etude/etude";
 * choleskyInverse(Float64Array.of(2)); // [0.25]
 * ```
 */
export function choleskyInverse(
  lower: Float64Array,
  options: CholeskyInverseOptions = {},
): Float64Array {
  const n = sizeOf(lower, new Float64Array(0));
  const { out = new Float64Array(n * n), work = new Float64Array(n * n) } =
    options;
  // Row a is column a of L⁻¹: zeros, then the rest.
  work.fill(0);
  for (let a = 0; a < n; a++) work[a * n + a] = 1;
  for (let a = 0; a < n; a += 4) {
    solveRows(lower, n, n, {
      rows: work,
      start: a * n,
      stride: n,
      count: Math.min(4, n - a),
      from: a,
    });
  }
  tileProducts(work, n, out);
  return out;
}

/**
 * The logarithm of the determinant of A from its factor: 2 Σ log Lᵢᵢ.
 *
 * @param lower L, `[n, n]`.
 *
 * @example
 * ```ts
 * import { logDeterminant } from "@etude/etude";
 * logDeterminant(Float64Array.of(2, 0, 1, 2)); // log 16
 * ```
 */
export function logDeterminant(lower: Float64Array): number {
  const n = sizeOf(lower, new Float64Array(0));
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(lower[i * n + i]!);
  return 2 * sum;
}

function checkSquare(matrix: Float64Array, size: number): void {
  if (Number.isInteger(size) && size >= 0 && matrix.length === size * size) {
    return;
  }
  throw new RangeError(
    `Cannot take the matrix: it has ${matrix.length} numbers, expected ${size} × ${size}`,
  );
}

function sizeOf(lower: Float64Array, rows: Float64Array): number {
  const size = Math.sqrt(lower.length);
  if (Number.isInteger(size) && (size === 0 || rows.length % size === 0)) {
    return size;
  }
  throw new RangeError(
    `Cannot solve: the factor has ${lower.length} numbers and the right-hand sides ${rows.length}, expected n × n and m × n`,
  );
}
