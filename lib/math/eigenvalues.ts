/**
 * The eigenvalues of symmetric matrices, and their eigenvectors.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | A | `a` | `[n, n]` | the matrix, row after row |
 * | d, e | `diagonal`, `beside` | `[n]` | T = Qᵀ A Q, tridiagonal: its diagonal and what stands beside it |
 * | v, β | `v`, `beta` | `[n]` | a Householder reflection I − β v vᵀ |
 * | Qᵀ | `vectors` | `[n, n]` | the eigenvectors, a row each |
 *
 * 1. Householder reflections make A tridiagonal.
 * 2. QL steps with implicit shifts make T diagonal.
 *
 * Written out because it is needed at once, and often without vectors: importing
 * a package for it would cost more than the work.
 *
 * Source: Golub and Van Loan, Matrix Computations (2013), 8.3.1 and 8.3.3; the
 * QL variant as `imtql1` of EISPACK (Dubrulle, Martin and Wilkinson 1968).
 *
 * @module
 */

/** The most QL steps for an eigenvalue; three are usual. */
const mostSteps = 60;

/** A symmetric matrix taken apart: A = Q Λ Qᵀ. */
export interface SymmetricEigen {
  /** The eigenvalues, `[n]`, the largest first; all NaN where there are none. */
  readonly values: Float64Array;
  /** Their eigenvectors of length 1, `[n, n]`, a row each: row k belongs to value k. */
  readonly vectors: Float64Array;
}

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
  checkSquare(matrix, size);
  if (!matrix.every(Number.isFinite)) return new Float64Array(size).fill(NaN);
  const { diagonal, beside } = tridiagonal(matrix, size, null);
  return ql(diagonal, beside, null)
    ? diagonal.sort().reverse()
    : diagonal.fill(NaN);
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix.
 *
 * @param matrix `[n, n]`, row after row.
 * @param size The number of rows n.
 * @returns Values and vectors; of a matrix with NaN or infinities, all NaN.
 * @throws {RangeError} If the matrix is not of that size.
 *
 * @example
 * ```ts
 * import { symmetricEigen } from "@etude/etude";
 * const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
 * values; // [3, 1]
 * Math.abs(vectors[0]!); // √½
 * ```
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): SymmetricEigen {
  checkSquare(matrix, size);
  const rows = new Float64Array(size * size);
  const nothing = () => ({
    values: new Float64Array(size).fill(NaN),
    vectors: rows.fill(NaN),
  });
  if (!matrix.every(Number.isFinite)) return nothing();
  const { diagonal, beside } = tridiagonal(matrix, size, rows);
  if (!ql(diagonal, beside, rows)) return nothing();
  const order = Array.from(diagonal.keys())
    .sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(rows.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (k) => diagonal[k]!), vectors };
}

function checkSquare(matrix: Float64Array, size: number): void {
  if (matrix.length === size * size) return;
  throw new RangeError(
    `Cannot take the matrix: it has ${matrix.length} numbers, expected ${size} × ${size}`,
  );
}

/** Makes A tridiagonal; `rows` becomes Qᵀ, if it is asked for. */
function tridiagonal(
  matrix: Float64Array,
  n: number,
  rows: Float64Array | null,
) {
  for (let i = 0; rows !== null && i < n; i++) rows[i * n + i] = 1;
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm = hypotenuse(norm, a[i * n + k]!);
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
    if (rows !== null) reflect(rows, v, beta, { n, from: k + 1 });
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

/** Qᵀ ← (I − β v vᵀ) Qᵀ, where v begins at row `from`. */
function reflect(
  rows: Float64Array,
  v: Float64Array,
  beta: number,
  { n, from }: { n: number; from: number },
): void {
  // Row after row, as they lie in memory.
  const dots = new Float64Array(n);
  for (let i = from; i < n; i++) {
    const weight = v[i]!;
    for (let j = 0; j < n; j++) dots[j]! += weight * rows[i * n + j]!;
  }
  for (let j = 0; j < n; j++) dots[j]! *= beta;
  for (let i = from; i < n; i++) {
    const weight = v[i]!;
    for (let j = 0; j < n; j++) rows[i * n + j]! -= dots[j]! * weight;
  }
}

/** √(a² + b²) of finite numbers without overflow; several times quicker than `Math.hypot`. */
function hypotenuse(a: number, b: number): number {
  const x = Math.abs(a);
  const y = Math.abs(b);
  const large = x > y ? x : y;
  if (large === 0) return 0;
  const ratio = (x > y ? y : x) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

/** Turns a row, and the next one, by an angle of sine s and cosine c. */
function rotate(
  rows: Float64Array,
  from: number,
  { n, s, c }: { n: number; s: number; c: number },
): void {
  for (let k = from; k < from + n; k++) {
    const low = rows[k]!;
    const high = rows[k + n]!;
    rows[k + n] = s * low + c * high;
    rows[k] = c * low - s * high;
  }
}

/**
 * Makes the diagonal hold the eigenvalues, and turns the rows with it; false if
 * that does not come to an end.
 */
function ql(
  d: Float64Array,
  e: Float64Array,
  rows: Float64Array | null,
): boolean {
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
      let r = hypotenuse(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = hypotenuse(f, g);
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
        if (rows !== null) rotate(rows, i * n, { n, s, c });
      }
      if (r === 0 && i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return true;
}
