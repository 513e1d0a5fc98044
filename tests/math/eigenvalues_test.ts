import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import {
  randomStream,
  symmetricEigen,
  symmetricEigenvalues,
} from "../../lib/math/mod.ts";

describe("symmetricEigenvalues()", () => {
  it("of nothing are none", () => {
    expect(symmetricEigenvalues(new Float64Array(0), 0)).toHaveLength(0);
  });

  it("of [[2, 1], [1, 2]] are 3 and 1", () => {
    const [a, b] = symmetricEigenvalues(Float64Array.of(2, 1, 1, 2), 2);
    expect(a).toBeCloseTo(3, 12);
    expect(b).toBeCloseTo(1, 12);
  });

  it("are NaN for a matrix with NaN, which is no matrix to decompose", () => {
    expect([...symmetricEigenvalues(Float64Array.of(NaN), 1)]).toEqual([NaN]);
  });

  it("wants a square matrix", () => {
    expect(() => symmetricEigenvalues(new Float64Array(3), 2)).toThrow(
      RangeError,
    );
  });

  it("are the diagonal of a diagonal matrix, zeros and equal ones too", () => {
    const matrix = new Float64Array(16);
    [2, 0, 2, -1].forEach((value, i) => {
      matrix[5 * i] = value;
    });
    expect([...symmetricEigenvalues(matrix, 4)]).toEqual([2, 2, 0, -1]);
  });

  it("are those of ml-matrix, for matrices of full and of low rank", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.string(),
        (n, rank, seed) => {
          const random = randomStream(seed);
          const factor = Matrix.zeros(n, rank).apply(function (i, j) {
            this.set(i, j, random.normal());
          });
          const product = factor.mmul(factor.transpose());
          const expected = new EigenvalueDecomposition(product, {
            assumeSymmetric: true,
          }).realEigenvalues.sort((a, b) => b - a);
          const found = symmetricEigenvalues(
            Float64Array.from(product.to1DArray()),
            n,
          );
          found.forEach((value, i) => {
            expect(Math.abs(value - expected[i]!)).toBeLessThan(
              1e-11 * Math.max(1, expected[0]!),
            );
          });
        },
      ),
    );
  });
});

describe("symmetricEigen()", () => {
  it("of nothing is nothing, and of NaN is NaN", () => {
    expect(symmetricEigen(new Float64Array(0), 0).values).toHaveLength(0);
    const { values, vectors } = symmetricEigen(Float64Array.of(NaN), 1);
    expect([...values, ...vectors]).toEqual([NaN, NaN]);
  });

  it("gives the matrix back, with orthogonal vectors of length 1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.string(),
        (n, rank, seed) => {
          const random = randomStream(seed);
          const factor = Matrix.zeros(n, rank).apply(function (i, j) {
            this.set(i, j, random.normal());
          });
          const a = factor.mmul(factor.transpose());
          const { values, vectors } = symmetricEigen(
            Float64Array.from(a.to1DArray()),
            n,
          );
          const q = Matrix.from1DArray(n, n, [...vectors]);
          const near = (found: Matrix, expected: Matrix) =>
            expect(Matrix.sub(found, expected).abs().max()).toBeLessThan(
              1e-11 * Math.max(1, values[0]!),
            );
          near(q.mmul(q.transpose()), Matrix.eye(n));
          near(q.transpose().mmul(Matrix.diag([...values])).mmul(q), a);
          expect([...values]).toEqual([...values].sort((x, y) => y - x));
        },
      ),
    );
  });
});
