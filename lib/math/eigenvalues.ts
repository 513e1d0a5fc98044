/**
 * The eigenvalues of symmetric matrices.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | A | `a` | `[n, n]` | the matrix, row after row |
 * | d, e | `diagonal`, `beside` | `[n]` | T = Qᵀ A Q, tridiagonal: its diagonal and what stands beside it |
 * | v, β | `v`, `beta` | `[n]` | a Householder reflection I − β v vᵀ |
 *
 * 1. Householder reflections make A tridiagonal.
 * 2. QL steps with implicit shifts make T diagonal.
 *
 * Written out because it is needed without vectors and at once: importing a
 * package for it would cost more than the work.
 *
 * Source: Golub and Van Loan, Matrix Computations (2013), 8.3.1 and 8.3.3; the
 * QL variant as `imtql1` of EISPACK (Dubrulle, Martin and Wilkinson 1968).
 *
 * @module
 */

/** The most QL steps for an eigenvalue; three are usual. */
const mostSteps = 60;

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
  if (!matrix.every(Number.isFinite)) return new Float64Array(size).fill(NaN);
  const { diagonal, beside } = tridiagonal(matrix, size);
  return ql(diagonal, beside) ? diagonal.sort().reverse() : diagonal.fill(NaN);
}

function tridiagonal(matrix: Float64Array, n: number) {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, a[i * n + k]!);
    if (norm === 0) continue;
    const first = a[(k + 1) * n + k]!;
    const head = first >= 0 ? first + norm : first - norm;
    // v = x ± ‖x‖ e₁, scaled to v₁ = 1.
    let square = 1;
    v[k + 1] = 1;
    for (let i = k + 2; i < n; i++) {
      v[i] = a[i * n + k]! / head;
      square += v[i]! * v[i]!;
    }
    const beta = 2 / square;
    // p = β A v, w = p − (β pᵀv / 2) v, A ← A − v wᵀ − w vᵀ
    let dot = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = beta * sum;
      dot += p[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i]! -= beta * dot / 2 * v[i]!;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) {
        a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
      }
    }
    a[(k + 1) * n + k] = first >= 0 ? -norm : norm;
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!),
    // e[i] stands beside d[i] and d[i + 1].
    beside: Float64Array.from(
      { length: n },
      (_, i) => i + 1 < n ? a[(i + 1) * n + i]! : 0,
    ),
  };
}

/** Makes the diagonal hold the eigenvalues; false if that does not come to an end. */
function ql(d: Float64Array, e: Float64Array): boolean {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let step = 0;; step++) {
      let m = l;
      while (m < n - 1) {
        const near = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * near) break;
        m++;
      }
      if (m === l) break;
      if (step === mostSteps) return false;
      // Wilkinson's shift.
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return true;
}
