/**
 * The two loops that linear algebra spends its time in, in tiles of 4 × 4: 16
 * sums in registers, 8 loads for 16 products. Every sum runs over rising k, so
 * that a result does not hang on the tile that it fell into.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | L | `lower` | a lower triangular matrix, row after row |
 * | x | `x0`…`x3` | numbers of four right-hand sides |
 * | y | `y0`…`y3` | numbers of four rows of L |
 *
 * @module
 */

/** Where right-hand sides stand in an array. */
interface RightHandSides {
  readonly rows: Float64Array;
  /** The index of the first number of the first row. */
  readonly start: number;
  /** The distance between the beginnings of rows. */
  readonly stride: number;
  /** How many rows there are. */
  readonly count: number;
  /** The first column that is not 0 in all rows, rounded down to a multiple of 4. */
  readonly from?: number;
}

/** Solves L x = b in place for rows b, with the first `size` rows of L, which stand `stride` apart. */
export function solveRows(
  lower: Float64Array,
  stride: number,
  size: number,
  sides: RightHandSides,
): void {
  const { rows, start, stride: step, count, from = 0 } = sides;
  const tiled = count - count % 4;
  const square = from + (size - from) - (size - from) % 4;
  for (let c = 0; c < tiled; c += 4) {
    const p = start + c * step;
    for (let i = from; i < square; i += 4) {
      solveTile(lower, i * stride, stride, i, rows, p, step, from);
    }
    for (let r = 0; r < 4; r++) {
      solveRow(lower, stride, rows, p + r * step, square, size, from);
    }
  }
  for (let c = tiled; c < count; c++) {
    solveRow(lower, stride, rows, start + c * step, from, size, from);
  }
}

/** Numbers `first` to `size` of one row, where those before are solved. */
function solveRow(
  lower: Float64Array,
  stride: number,
  rows: Float64Array,
  p: number,
  first: number,
  size: number,
  from: number,
): void {
  let i = first;
  // Four numbers at a time, so that their sums run side by side.
  for (; i + 3 < size; i += 4) {
    const q0 = i * stride, q1 = q0 + stride, q2 = q1 + stride, q3 = q2 + stride;
    let a0 = rows[p + i]!, a1 = rows[p + i + 1]!;
    let a2 = rows[p + i + 2]!, a3 = rows[p + i + 3]!;
    for (let k = from; k < i; k++) {
      const x = rows[p + k]!;
      a0 -= x * lower[q0 + k]!, a1 -= x * lower[q1 + k]!;
      a2 -= x * lower[q2 + k]!, a3 -= x * lower[q3 + k]!;
    }
    a0 /= lower[q0 + i]!;
    a1 = (a1 - a0 * lower[q1 + i]!) / lower[q1 + i + 1]!;
    a2 = (a2 - a0 * lower[q2 + i]! - a1 * lower[q2 + i + 1]!) /
      lower[q2 + i + 2]!;
    a3 = (a3 - a0 * lower[q3 + i]! - a1 * lower[q3 + i + 1]! -
      a2 * lower[q3 + i + 2]!) / lower[q3 + i + 3]!;
    rows[p + i] = a0, rows[p + i + 1] = a1;
    rows[p + i + 2] = a2, rows[p + i + 3] = a3;
  }
  for (; i < size; i++) {
    let sum = rows[p + i]!;
    const q = i * stride;
    for (let k = from; k < i; k++) sum -= rows[p + k]! * lower[q + k]!;
    rows[p + i] = sum / lower[q + i]!;
  }
}

/** Numbers i to i + 3 of four rows. */
function solveTile(
  lower: Float64Array,
  q0: number,
  stride: number,
  i: number,
  rows: Float64Array,
  p0: number,
  step: number,
  from: number,
): void {
  const p1 = p0 + step, p2 = p1 + step, p3 = p2 + step;
  const q1 = q0 + stride, q2 = q1 + stride, q3 = q2 + stride;
  let a00 = rows[p0 + i]!, a01 = rows[p0 + i + 1]!;
  let a02 = rows[p0 + i + 2]!, a03 = rows[p0 + i + 3]!;
  let a10 = rows[p1 + i]!, a11 = rows[p1 + i + 1]!;
  let a12 = rows[p1 + i + 2]!, a13 = rows[p1 + i + 3]!;
  let a20 = rows[p2 + i]!, a21 = rows[p2 + i + 1]!;
  let a22 = rows[p2 + i + 2]!, a23 = rows[p2 + i + 3]!;
  let a30 = rows[p3 + i]!, a31 = rows[p3 + i + 1]!;
  let a32 = rows[p3 + i + 2]!, a33 = rows[p3 + i + 3]!;
  for (let k = from; k < i; k++) {
    const x0 = rows[p0 + k]!, x1 = rows[p1 + k]!;
    const x2 = rows[p2 + k]!, x3 = rows[p3 + k]!;
    const y0 = lower[q0 + k]!, y1 = lower[q1 + k]!;
    const y2 = lower[q2 + k]!, y3 = lower[q3 + k]!;
    a00 -= x0 * y0, a01 -= x0 * y1, a02 -= x0 * y2, a03 -= x0 * y3;
    a10 -= x1 * y0, a11 -= x1 * y1, a12 -= x1 * y2, a13 -= x1 * y3;
    a20 -= x2 * y0, a21 -= x2 * y1, a22 -= x2 * y2, a23 -= x2 * y3;
    a30 -= x3 * y0, a31 -= x3 * y1, a32 -= x3 * y2, a33 -= x3 * y3;
  }
  const d0 = lower[q0 + i]!, d1 = lower[q1 + i + 1]!;
  const d2 = lower[q2 + i + 2]!, d3 = lower[q3 + i + 3]!;
  const l10 = lower[q1 + i]!, l20 = lower[q2 + i]!, l21 = lower[q2 + i + 1]!;
  const l30 = lower[q3 + i]!, l31 = lower[q3 + i + 1]!;
  const l32 = lower[q3 + i + 2]!;
  a00 /= d0, a10 /= d0, a20 /= d0, a30 /= d0;
  a01 = (a01 - a00 * l10) / d1, a11 = (a11 - a10 * l10) / d1;
  a21 = (a21 - a20 * l10) / d1, a31 = (a31 - a30 * l10) / d1;
  a02 = (a02 - a00 * l20 - a01 * l21) / d2;
  a12 = (a12 - a10 * l20 - a11 * l21) / d2;
  a22 = (a22 - a20 * l20 - a21 * l21) / d2;
  a32 = (a32 - a30 * l20 - a31 * l21) / d2;
  rows[p0 + i] = a00, rows[p0 + i + 1] = a01, rows[p0 + i + 2] = a02;
  rows[p1 + i] = a10, rows[p1 + i + 1] = a11, rows[p1 + i + 2] = a12;
  rows[p2 + i] = a20, rows[p2 + i + 1] = a21, rows[p2 + i + 2] = a22;
  rows[p3 + i] = a30, rows[p3 + i + 1] = a31, rows[p3 + i + 2] = a32;
  rows[p0 + i + 3] = (a03 - a00 * l30 - a01 * l31 - a02 * l32) / d3;
  rows[p1 + i + 3] = (a13 - a10 * l30 - a11 * l31 - a12 * l32) / d3;
  rows[p2 + i + 3] = (a23 - a20 * l30 - a21 * l31 - a22 * l32) / d3;
  rows[p3 + i + 3] = (a33 - a30 * l30 - a31 * l31 - a32 * l32) / d3;
}

/** All products of rows a and b of an upper triangular matrix, both triangles: U Uᵀ. */
export function tileProducts(
  upper: Float64Array,
  n: number,
  out: Float64Array,
): void {
  const square = n - n % 4;
  for (let a = 0; a < square; a += 4) {
    for (let b = 0; b <= a; b += 4) productTile(upper, n, a, b, out);
  }
  for (let a = square; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = a; k < n; k++) sum += upper[a * n + k]! * upper[b * n + k]!;
      out[a * n + b] = sum;
    }
  }
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) out[b * n + a] = out[a * n + b]!;
  }
}

/** Rows a to a + 3 times rows b to b + 3, where b is at most a. */
function productTile(
  upper: Float64Array,
  n: number,
  a: number,
  b: number,
  out: Float64Array,
): void {
  const p0 = a * n, p1 = p0 + n, p2 = p1 + n, p3 = p2 + n;
  const q0 = b * n, q1 = q0 + n, q2 = q1 + n, q3 = q2 + n;
  let a00 = 0, a01 = 0, a02 = 0, a03 = 0, a10 = 0, a11 = 0, a12 = 0, a13 = 0;
  let a20 = 0, a21 = 0, a22 = 0, a23 = 0, a30 = 0, a31 = 0, a32 = 0, a33 = 0;
  for (let k = a; k < n; k++) {
    const x0 = upper[p0 + k]!, x1 = upper[p1 + k]!;
    const x2 = upper[p2 + k]!, x3 = upper[p3 + k]!;
    const y0 = upper[q0 + k]!, y1 = upper[q1 + k]!;
    const y2 = upper[q2 + k]!, y3 = upper[q3 + k]!;
    a00 += x0 * y0, a01 += x0 * y1, a02 += x0 * y2, a03 += x0 * y3;
    a10 += x1 * y0, a11 += x1 * y1, a12 += x1 * y2, a13 += x1 * y3;
    a20 += x2 * y0, a21 += x2 * y1, a22 += x2 * y2, a23 += x2 * y3;
    a30 += x3 * y0, a31 += x3 * y1, a32 += x3 * y2, a33 += x3 * y3;
  }
  out[p0 + b] = a00, out[p0 + b + 1] = a01;
  out[p0 + b + 2] = a02, out[p0 + b + 3] = a03;
  out[p1 + b] = a10, out[p1 + b + 1] = a11;
  out[p1 + b + 2] = a12, out[p1 + b + 3] = a13;
  out[p2 + b] = a20, out[p2 + b + 1] = a21;
  out[p2 + b + 2] = a22, out[p2 + b + 3] = a23;
  out[p3 + b] = a30, out[p3 + b + 1] = a31;
  out[p3 + b + 2] = a32, out[p3 + b + 3] = a33;
}
