import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { classicalScaling, randomStream } from "../../lib/math/mod.ts";

const distancesOf = (points: readonly (readonly number[])[]) =>
  Float64Array.from(
    points.flatMap((a) =>
      points.map((b) => Math.hypot(...a.map((x, d) => x - b[d]!)))
    ),
  );

describe("classicalScaling()", () => {
  it("places no point, one point, and equal points", () => {
    expect(classicalScaling(new Float64Array(0), 0).kept).toBe(1);
    expect(classicalScaling(new Float64Array(1), 1).axes.map((a) => [...a]))
      .toEqual([[0], [0]]);
    const { axes, kept } = classicalScaling(new Float64Array(9), 3);
    expect([axes.map((a) => [...a]), kept]).toEqual([
      [[0, 0, 0], [0, 0, 0]],
      1,
    ]);
  });

  it("refuses a matrix of another size", () => {
    expect(() => classicalScaling(new Float64Array(5), 2)).toThrow(RangeError);
  });

  it("gives points of a plane back, but for turning and mirroring", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 25 }), (size) => {
        const random = randomStream("scaling", size);
        const points = Array.from(
          { length: size },
          () => [random.uniform(), 3 * random.uniform()],
        );
        const given = distancesOf(points);
        const { axes, kept } = classicalScaling(given, size);
        const found = distancesOf(
          points.map((_, i) => axes.map((axis) => axis[i]!)),
        );
        found.forEach((d, i) =>
          expect(Math.abs(d - given[i]!)).toBeLessThan(1e-6)
        );
        expect(kept).toBeCloseTo(1, 8);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps two thirds of a box's spread whose sides are equal", () => {
    const random = randomStream("box");
    const points = Array.from(
      { length: 300 },
      () => [random.uniform(), random.uniform(), random.uniform()],
    );
    const { kept } = classicalScaling(distancesOf(points), 300);
    expect(Math.abs(kept - 2 / 3)).toBeLessThan(0.06);
  });
});
