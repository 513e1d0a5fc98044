import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/**
 * The eigenvalues of a symmetric matrix, the largest first.
 *
 * @param matrix `[n, n]`, row after row.
 * @param size The number of rows n.
 * @returns `[n]`; of a matrix with NaN or infinities, all NaN.
 * @throws {RangeError} If the matrix is not of that size.
 *
 * @example
 * ```ts
 * import { symmetricEigenvalues } from "@etude/etude";
 * symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2); // [3, 1]
 * ```
 */
export function symmetricEigenvalues(
  matrix: Float64Array,
  size: number,
): Float64Array {
  if (matrix.length !== size * size) {
    throw new RangeError(
      `Cannot take the matrix: it has ${matrix.length} numbers, expected ${size} × ${size}`,
    );
  }
  if (size === 0) return new Float64Array(0);
  if (!matrix.every(Number.isFinite)) return new Float64Array(size).fill(NaN);
  const decomposition = new EigenvalueDecomposition(
    Matrix.from1DArray(size, size, matrix),
    { assumeSymmetric: true },
  );
  return Float64Array.from(decomposition.realEigenvalues).sort().reverse();
}
