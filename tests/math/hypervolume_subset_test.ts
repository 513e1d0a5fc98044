import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import fc from "fast-check";
import { hypervolumeGain, hypervolumeSubset } from "../../lib/math/mod.ts";

describe("hypervolumeSubset()", () => {
  it("is nothing of nothing, and all where there are no more", () => {
    expect(hypervolumeSubset([], { reference: [1, 1], count: 3 })).toEqual([]);
    const all = hypervolumeSubset([[0, 2], [2, 0]], {
      reference: [3, 3],
      count: 9,
    });
    expect(all.map(({ index }) => index).sort()).toEqual([0, 1]);
  });

  it("takes the middle of a bent front first, then its ends", () => {
    const chosen = hypervolumeSubset([[0, 2], [0.5, 0.5], [2, 0]], {
      reference: [2.2, 2.2],
      count: 3,
    });
    expect(chosen.map(({ index }) => index)).toEqual([1, 0, 2]);
  });

  it("takes equal points last, with a gain of 0, and those beyond the reference", () => {
    const points = [[1, 1], [1, 1], [5, 0], [0, 2]];
    const chosen = hypervolumeSubset(points, { reference: [3, 3], count: 4 });
    expect(chosen.map(({ index }) => index)).toEqual([0, 3, 1, 2]);
    expect(chosen.map(({ gain }) => gain)).toEqual([4, 1, 0, 0]);
  });

  it("each time takes the one that adds most, as all gains worked out anew say", () => {
    for (const m of [2, 3]) {
      const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
      const points = fc.array(
        fc.array(coordinate, { minLength: m, maxLength: m }),
        { minLength: 1, maxLength: 12 },
      );
      fc.assert(
        fc.property(points, (points) => {
          const reference = new Array<number>(m).fill(1.1);
          const chosen = hypervolumeSubset(points, { reference, count: 5 });
          const before: number[][] = [];
          for (const { index, gain } of chosen) {
            const most = Math.max(
              ...points.map((one) => hypervolumeGain(one, before, reference)),
            );
            expect(gain).toBeCloseTo(most, 9);
            before.push(points[index]!);
          }
        }),
        { numRuns: 60 },
      );
    }
  });
});
