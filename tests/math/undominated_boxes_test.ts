import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { hypervolume, undominatedBoxes } from "../../lib/math/mod.ts";

/** The volume of the boxes above a floor. */
function volumeOf(
  points: readonly number[][],
  reference: number[],
  floor: number,
): number {
  const { count, objectives, lower, upper } = undominatedBoxes(
    points,
    reference,
  );
  let volume = 0;
  for (let k = 0; k < count; k++) {
    let box = 1;
    for (let j = 0; j < objectives; j++) {
      const at = k * objectives + j;
      box *= Math.max(0, upper[at]! - Math.max(floor, lower[at]!));
    }
    volume += box;
  }
  return volume;
}

describe("undominatedBoxes()", () => {
  it("is one box where there is no point, or none is better than the reference", () => {
    for (const points of [[], [[3, 0]], [[NaN, 0]], [[2, 2]]]) {
      const { count, lower, upper } = undominatedBoxes(points, [2, 2]);
      expect(count).toBe(1);
      expect([...lower]).toEqual([-Infinity, -Infinity]);
      expect([...upper]).toEqual([2, 2]);
    }
  });

  it("of two objectives is the strips between the points", () => {
    const { lower, upper } = undominatedBoxes([[2, 1], [1, 2]], [3, 3]);
    expect([...lower]).toEqual([
      -Infinity,
      -Infinity,
      1,
      -Infinity,
      2,
      -Infinity,
    ]);
    expect([...upper]).toEqual([1, 3, 2, 2, 3, 1]);
  });

  it("throws at one objective, four, and an infinite reference", () => {
    expect(() => undominatedBoxes([], [1])).toThrow(RangeError);
    expect(() => undominatedBoxes([], [1, 1, 1, 1])).toThrow(/two or three/);
    expect(() => undominatedBoxes([], [1, Infinity])).toThrow(RangeError);
  });

  for (const m of [2, 3]) {
    it(`of ${m} objectives fills what the hypervolume leaves, in few boxes that do not overlap`, () => {
      // Whole numbers, so that many coordinates are equal.
      const coordinate = fc.oneof(
        fc.integer({ min: 0, max: 6 }),
        fc.double({ min: 0, max: 6, noNaN: true }),
      );
      const points = fc.array(
        fc.array(coordinate, { minLength: m, maxLength: m }),
        { maxLength: 14 },
      );
      fc.assert(
        fc.property(points, (points) => {
          const reference = new Array<number>(m).fill(5);
          const inside = points.map((p) => p.map((x) => Math.max(0, x)));
          const volume = volumeOf(inside, reference, -1);
          expect(volume + hypervolume(inside, reference)).toBeCloseTo(
            6 ** m,
            8,
          );
          const { count, lower, upper } = undominatedBoxes(inside, reference);
          expect(count).toBeLessThanOrEqual(2 * points.length + 1);
          for (let a = 0; a < count; a++) {
            for (let b = 0; b < a; b++) {
              const isApart = Array.from({ length: m }, (_, j) => j).some((j) =>
                upper[a * m + j]! <= lower[b * m + j]! ||
                upper[b * m + j]! <= lower[a * m + j]!
              );
              expect(isApart).toBe(true);
            }
          }
        }),
        { numRuns: 150 },
      );
    });
  }
});
