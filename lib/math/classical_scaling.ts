/**
 * Classical multidimensional scaling: points in a plane whose distances are as
 * much like those given as straight axes allow.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, k | `size`, `dimensions` | | how many points, and in how many dimensions |
 * | D | `distances` | `[n, n]` | the distances |
 * | B | `products` | `[n, n]` | the products of the points about their middle |
 * | λ, v | | | an eigenvalue of B and its vector |
 *
 * (1) B = −½ J D² J, with J = I − 11ᵀ / n
 * (2) the points' coordinates along axis i are √λᵢ vᵢ, the largest λ first
 *
 * The vectors come from subspace iteration, begun with columns of B itself, so
 * that no random numbers are drawn.
 *
 * Source: Torgerson, "Multidimensional scaling: I" (1952).
 *
 * @module
 */

/** What {@linkcode classicalScaling} gives. */
export interface ScaledPoints {
  /** The coordinates of each axis, `[k][n]`, about 0; the widest axis first. */
  readonly axes: readonly Float64Array[];
  /** The share of the squared distances from the middle that the axes keep, in `[0, 1]`; 1 where all points are one. */
  readonly kept: number;
}

/** How often the subspace is turned. */
const turns = 30;
/** How many more columns than axes are turned, so that the axes settle sooner. */
const spare = 3;

/**
 * Places points by their distances.
 *
 * @param distances `[n, n]`, row after row, symmetric, at least 0, finite.
 * @param size The number of points n.
 * @param dimensions The number of axes k, at least 1. Defaults to `2`.
 * @throws {RangeError} If the matrix is not of that size.
 *
 * @example
 * ```ts
 * import { classicalScaling } from "@etude/etude";
 * const { axes } = classicalScaling(Float64Array.of(0, 3, 3, 0), 2, 1);
 * Math.abs(axes[0]![0]! - axes[0]![1]!); // 3
 * ```
 */
export function classicalScaling(
  distances: Float64Array,
  size: number,
  dimensions = 2,
): ScaledPoints {
  if (distances.length !== size * size) {
    throw new RangeError(
      `Cannot place the points: there are ${distances.length} distances, expected ${size} × ${size}`,
    );
  }
  const products = centered(distances, size);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += products[i * size + i]!;
  const width = Math.min(size, dimensions + spare);
  let columns = orthonormal(startOf(products, size, width));
  for (let turn = 0; turn < turns; turn++) {
    columns = orthonormal(columns.map((column) => times(products, column)));
  }
  const found = columns
    .map((column) => ({ column, value: dot(column, times(products, column)) }))
    .sort((a, b) => b.value - a.value);
  const axes = Array.from({ length: dimensions }, (_, k) => {
    const { column, value } = found[k] ?? { column: null, value: 0 };
    if (column === null || !(value > 0)) return new Float64Array(size);
    // A vector and its opposite are the same axis: the largest coordinate is positive.
    const top = column.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a, 0);
    const scale = Math.sqrt(value) * Math.sign(top);
    return column.map((x) => x * scale);
  });
  const kept = axes.reduce((sum, axis) => sum + dot(axis, axis), 0);
  return {
    axes,
    kept: trace > 0 ? Math.min(1, kept / trace) : 1,
  };
}

/** (1) */
function centered(distances: Float64Array, size: number): Float64Array {
  const squares = distances.map((d) => d * d);
  const means = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) means[i]! += squares[i * size + j]! / size;
  }
  const mean = means.reduce((sum, m) => sum + m / size, 0);
  return squares.map((square, at) =>
    -(square - means[Math.floor(at / size)]! - means[at % size]! + mean) / 2
  );
}

/** Columns of the matrix, spread evenly. */
function startOf(matrix: Float64Array, size: number, width: number) {
  return Array.from({ length: width }, (_, k) => {
    const row = Math.floor(k * size / width) * size;
    return matrix.slice(row, row + size);
  });
}

function times(matrix: Float64Array, column: Float64Array): Float64Array {
  const size = column.length;
  const product = new Float64Array(size);
  for (let i = 0, at = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++, at++) sum += matrix[at]! * column[j]!;
    product[i] = sum;
  }
  return product;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Gram and Schmidt, twice for the sake of digits; columns that depend on others become 0. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of columns) {
    const column = given.slice();
    const before = Math.sqrt(dot(column, column));
    for (const other of [...done, ...done]) {
      const share = dot(column, other);
      for (let i = 0; i < column.length; i++) column[i]! -= share * other[i]!;
    }
    const length = Math.sqrt(dot(column, column));
    done.push(
      length > 1e-10 * before && length > 0
        ? column.map((x) => x / length)
        : column.fill(0),
    );
  }
  return done;
}
