import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { directionVectors } from "../../lib/math/_direction_numbers.ts";
import {
  largestSobolDimension,
  largestSobolLength,
  randomStream,
  sobol,
  sobolScramble,
} from "../../lib/math/mod.ts";

// From SciPy 1.17.1, scipy.stats.qmc.Sobol, by golden/sobol.py.
import golden from "./golden/sobol.json" with { type: "json" };

const numbers = (text: string): number[] => text.split(" ").map(Number);
const whole = (point: Float64Array): number[] =>
  Array.from(point, (x) => x * 2 ** 30);

describe("directionVectors()", () => {
  it("gives SciPy's vectors on all 256 axes", async () => {
    const all = new Uint32Array(256 * 30);
    for (let axis = 0; axis < 256; axis++) {
      all.set(directionVectors(axis), axis * 30);
    }
    const hash = await crypto.subtle.digest("SHA-256", all);
    expect(new Uint8Array(hash).toHex()).toBe(golden.directionVectorsSha256);
  });
});

describe("sobol()", () => {
  it("begins in one dimension with 0, 1/2, 3/4, 1/4", () => {
    const points = [0, 1, 2, 3].map((index) => [...sobol(1).point(index)]);
    expect(points).toEqual([[0], [0.5], [0.75], [0.25]]);
  });

  for (const { dimension, first, others } of golden.plain) {
    it(`gives SciPy's points in ${dimension} dimensions, asked for in any order`, () => {
      const sequence = sobol(dimension);
      for (const { index, point } of others) {
        expect(whole(sequence.point(index))).toEqual(numbers(point));
      }
      first.forEach((point, index) => {
        expect(whole(sequence.point(index))).toEqual(numbers(point));
      });
    });
  }

  for (
    const { dimension, matrices, shift, first, others } of golden.scrambled
  ) {
    it(`gives SciPy's scrambled points in ${dimension} dimensions from SciPy's matrices and shifts`, () => {
      const scramble = {
        matrices: matrices.map(numbers),
        shift: numbers(shift),
      };
      const sequence = sobol(dimension, { scramble });
      first.forEach((point, index) => {
        expect(whole(sequence.point(index))).toEqual(numbers(point));
      });
      for (const { index, point } of others) {
        expect(whole(sequence.point(index))).toEqual(numbers(point));
      }
    });
  }

  it("is itself when scrambled with identities and no shift", () => {
    const identity = Array.from({ length: 30 }, (_, row) => 1 << (29 - row));
    const scramble = { matrices: [identity, identity], shift: [0, 0] };
    for (const index of [0, 1, 5, 12345]) {
      expect(sobol(2, { scramble }).point(index)).toEqual(
        sobol(2).point(index),
      );
    }
  });

  it("stays in [0, 1), scrambled or not, to the last point", () => {
    const last = largestSobolLength - 1;
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.oneof(fc.integer({ min: 0, max: last }), fc.constant(last)),
      fc.string(),
      (dimension, index, seed) => {
        const scramble = sobolScramble(dimension, randomStream(seed));
        for (const options of [{}, { scramble }]) {
          for (const x of sobol(dimension, options).point(index)) {
            expect(x >= 0 && x < 1).toBe(true);
          }
        }
      },
    ));
  });

  it("puts one of 2^m points into each 2^m-th of every axis, scrambled or not", () => {
    fc.assert(fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 50 }),
      fc.option(fc.string()),
      (m, block, seed) => {
        const count = 2 ** m;
        const sequence = sobol(
          20,
          seed === null
            ? {}
            : { scramble: sobolScramble(20, randomStream(seed)) },
        );
        const points = Array.from(
          { length: count },
          (_, i) => sequence.point(block * count + i),
        );
        for (let axis = 0; axis < 20; axis++) {
          const strata = points.map((point) =>
            Math.floor(point[axis]! * count)
          );
          expect(new Set(strata).size).toBe(count);
        }
      },
    ));
  });

  it("refuses a dimension or an index that is outside", () => {
    for (const dimension of [0, -1, 1.5, NaN, largestSobolDimension + 1]) {
      expect(() => sobol(dimension)).toThrow(
        /the dimension is .*, expected a whole number from 1 to 256/,
      );
    }
    for (const index of [-1, 0.5, NaN, Infinity, largestSobolLength]) {
      expect(() => sobol(1).point(index)).toThrow(
        /the index is .*, expected a whole number from 0 to 1073741823/,
      );
    }
  });

  it("refuses a scramble for another dimension", () => {
    const scramble = sobolScramble(2, randomStream("seed"));
    expect(() => sobol(3, { scramble })).toThrow(
      /2 matrices and 2 shifts, expected 3/,
    );
  });
});

describe("sobolScramble()", () => {
  it("draws lower triangular matrices with ones on the diagonal, and shifts of 30 bits", () => {
    const { matrices, shift } = sobolScramble(5, randomStream("seed"));
    for (const matrix of matrices) {
      expect(matrix.length).toBe(30);
      Array.from(matrix).forEach((row, i) => {
        const diagonal = 2 ** (29 - i);
        expect(row % (2 * diagonal)).toBe(diagonal);
        expect(row).toBeLessThan(2 ** 30);
      });
    }
    for (const one of Array.from(shift)) {
      expect(one >= 0 && one < 2 ** 30).toBe(true);
    }
  });

  it("sets about half of the bits that are free", () => {
    const { matrices } = sobolScramble(40, randomStream("seed"));
    const bits =
      matrices.flatMap((matrix) =>
        Array.from(matrix, (row) => row.toString(2).replaceAll("0", "").length)
      ).reduce((a, b) => a + b) - 40 * 30;
    const free = 40 * 435;
    expect(Math.abs(bits / free - 0.5)).toBeLessThan(4 * 0.5 / Math.sqrt(free));
  });

  it("gives fewer axes the same scramble as more", () => {
    const more = sobolScramble(5, randomStream("seed"));
    const fewer = sobolScramble(3, randomStream("seed"));
    expect(fewer.matrices).toEqual(more.matrices.slice(0, 3));
    expect([...Array.from(fewer.shift)]).toEqual(
      Array.from(more.shift).slice(0, 3),
    );
  });

  it("refuses a dimension that is outside", () => {
    expect(() => sobolScramble(257, randomStream("seed"))).toThrow(RangeError);
  });
});
