import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  latinHypercube,
  type RandomStream,
  randomStream,
} from "../../lib/math/mod.ts";

const make = (points: number, dimension: number, centered = false) =>
  latinHypercube(points, dimension, { random: randomStream("seed"), centered });

describe("latinHypercube()", () => {
  it("has one point anywhere if it has one", () => {
    const [point, ...others] = make(1, 2);
    expect(others).toEqual([]);
    expect([...point!].every((x) => x >= 0 && x < 1)).toBe(true);
  });

  it("has the middles of the strata if centered", () => {
    const axis = make(4, 3, true).map((point) => point[1]!);
    expect(axis.sort()).toEqual([0.125, 0.375, 0.625, 0.875]);
  });

  it("has exactly one point in each stratum of every axis", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      fc.string(),
      (points, dimension, centered, seed) => {
        const random = randomStream(seed);
        const design = latinHypercube(points, dimension, { random, centered });
        expect(design).toHaveLength(points);
        for (let axis = 0; axis < dimension; axis++) {
          const strata = design.map((point) =>
            Math.floor(point[axis]! * points)
          );
          expect(new Set(strata).size).toBe(points);
          expect(Math.max(...strata)).toBeLessThan(points);
        }
      },
    ));
  });

  it("stays below 1 with the largest random numbers", () => {
    const random: RandomStream = {
      ...randomStream("seed"),
      uniform: () => 1 - 2 ** -53,
    };
    for (const points of [1, 2, 3, 10, 1000]) {
      const values = latinHypercube(points, 1, { random }).map(([x]) => x!);
      expect(Math.max(...values)).toBeLessThan(1);
    }
  });

  it("gives fewer axes the same values as more", () => {
    const more = make(7, 5).map((point) => [...point.slice(0, 2)]);
    expect(make(7, 2).map((point) => [...point])).toEqual(more);
  });

  it("gives equal streams equal designs, and others others", () => {
    expect(make(5, 2)).toEqual(make(5, 2));
    const other = latinHypercube(5, 2, { random: randomStream("other") });
    expect(other).not.toEqual(make(5, 2));
  });

  it("refuses counts that are not whole numbers of at least 1", () => {
    for (const count of [0, -1, 1.5, NaN, Infinity]) {
      expect(() => make(count, 2)).toThrow(/the number of points is/);
      expect(() => make(2, count)).toThrow(/the number of axes is/);
    }
  });
});
