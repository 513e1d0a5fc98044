import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  appendToCholesky,
  cholesky,
  choleskyInverse,
  logDeterminant,
  randomStream,
  solveLower,
  solveLowerTransposed,
} from "../../lib/math/mod.ts";

/** A positive definite matrix, `[n, n]`. */
function matrixOf(n: number): Float64Array {
  const { normal } = randomStream("matrix", n);
  const root = Float64Array.from({ length: n * n }, normal);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        matrix[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
      }
    }
    matrix[i * n + i]! += n;
  }
  return matrix;
}

/** The factor with zeros above its diagonal, and whether there is one. */
function factorOf(matrix: Float64Array, n: number): Float64Array {
  const lower = matrix.slice();
  expect(cholesky(lower, n)).toBe(true);
  return lower.map((x, at) => at % n > Math.floor(at / n) ? 0 : x);
}

function expectClose(a: Float64Array, b: Float64Array, error = 1e-11): void {
  expect(a.length).toBe(b.length);
  const worst = a.reduce((e, x, i) => Math.max(e, Math.abs(x - b[i]!)), 0);
  expect(worst).toBeLessThan(error);
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 66];

describe("cholesky()", () => {
  it("factors the matrix of no rows", () => {
    expect(cholesky(new Float64Array(0), 0)).toBe(true);
  });

  it("gives L with L Lᵀ = A, for sizes that tiles fit and that they do not", () => {
    for (const n of sizes) {
      const matrix = matrixOf(n);
      const lower = factorOf(matrix, n);
      const product = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) {
            product[i * n + j]! += lower[i * n + k]! * lower[j * n + k]!;
          }
        }
      }
      expectClose(product, matrix);
    }
  });

  it("says no to a matrix that is not positive definite, or holds NaN", () => {
    expect(cholesky(Float64Array.of(0), 1)).toBe(false);
    expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(1, 0, NaN, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(-1), 1)).toBe(false);
  });

  it("does not look above the diagonal", () => {
    const matrix = Float64Array.of(4, NaN, 2, 5);
    expect(cholesky(matrix, 2)).toBe(true);
    expect([...matrix]).toEqual([2, NaN, 1, 2]);
  });

  it("refuses a matrix of another size", () => {
    expect(() => cholesky(new Float64Array(3), 2)).toThrow(
      /it has 3 numbers, expected 2 × 2/,
    );
  });
});

describe("appendToCholesky()", () => {
  it("gives the larger matrix's factor, to the last bit", () => {
    for (const [n, m] of [[0, 3], [1, 1], [5, 2], [8, 4], [30, 7]] as const) {
      const size = n + m;
      const matrix = matrixOf(size);
      const small = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        small.set(matrix.subarray(i * size, i * size + n), i * n);
      }
      const grown = appendToCholesky(
        n === 0 ? small : factorOf(small, n),
        matrix.slice(n * size),
      )!;
      const whole = factorOf(matrix, size);
      for (let at = 0; at < size * size; at++) {
        if (at % size <= Math.floor(at / size)) {
          expect(grown[at]).toBe(whole[at]);
        }
      }
    }
  });

  it("gives null where the larger matrix is not positive definite", () => {
    expect(appendToCholesky(Float64Array.of(1), Float64Array.of(1, 1)))
      .toBeNull();
  });

  it("refuses rows that do not fit", () => {
    expect(() => appendToCholesky(Float64Array.of(1), new Float64Array(3)))
      .toThrow(/Cannot grow the Cholesky factor/);
  });
});

describe("solveLower() and solveLowerTransposed()", () => {
  it("solve A x = b together, for one and for many right-hand sides", () => {
    for (const n of sizes) {
      const matrix = matrixOf(n);
      const lower = factorOf(matrix, n);
      for (const m of [1, 3, 4, 6]) {
        const { normal } = randomStream("sides", n, m);
        const x = Float64Array.from({ length: m * n }, normal);
        const b = new Float64Array(m * n);
        for (let c = 0; c < m; c++) {
          for (let i = 0; i < n; i++) {
            for (let k = 0; k < n; k++) {
              b[c * n + i]! += matrix[i * n + k]! * x[c * n + k]!;
            }
          }
        }
        solveLower(lower, b);
        solveLowerTransposed(lower, b);
        expectClose(b, x);
      }
    }
  });

  it("refuse right-hand sides of another length", () => {
    expect(() => solveLower(new Float64Array(4), new Float64Array(3)))
      .toThrow(/expected n × n and m × n/);
  });
});

describe("choleskyInverse()", () => {
  it("gives the inverse, both triangles", () => {
    for (const n of sizes) {
      const matrix = matrixOf(n);
      const inverse = choleskyInverse(factorOf(matrix, n));
      const product = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) {
            product[i * n + j]! += inverse[i * n + k]! * matrix[k * n + j]!;
          }
        }
      }
      const identity = product.map((_, at) => at % (n + 1) === 0 ? 1 : 0);
      expectClose(product, identity);
    }
  });
});

describe("logDeterminant()", () => {
  it("is log 16 for [[4, 2], [2, 5]]", () => {
    expect(logDeterminant(factorOf(Float64Array.of(4, 2, 2, 5), 2)))
      .toBeCloseTo(Math.log(16), 14);
  });
});
