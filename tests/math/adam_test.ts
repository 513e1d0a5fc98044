import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { adam, adamSearch, lbfgs, lbfgsSearch } from "../../lib/math/mod.ts";

const bowl = (x: Float64Array, g: Float64Array) => {
  g.set(x.map((v, i) => 2 * (i + 1) * (v - 0.3)));
  return x.reduce((sum, v, i) => sum + (i + 1) * (v - 0.3) ** 2, 0);
};
const unit = { lower: [0, 0], upper: [1, 1] };

describe("adam()", () => {
  it("stays where the gradient is 0", () => {
    expect([...adam(bowl, [0.3, 0.3]).point]).toEqual([0.3, 0.3]);
  });

  it("begins with a step of the learning rate against each sign", () => {
    const search = adamSearch([0.5, 0.5], { learningRate: 0.1 });
    search.next();
    const { value } = search.next({
      value: 1,
      gradient: Float64Array.of(1e4, -1e-3),
    });
    expect((value as Float64Array)[0]).toBeCloseTo(0.4, 6);
    expect((value as Float64Array)[1]).toBeCloseTo(0.6, 5);
  });

  // By hand from algorithm 1: g = 1, then g = −1, α = 0.1.
  it("takes the second step as in the paper", () => {
    const search = adamSearch([0], { learningRate: 0.1 });
    search.next();
    search.next({ value: 1, gradient: Float64Array.of(1) });
    const { value } = search.next({ value: 1, gradient: Float64Array.of(-1) });
    const m = (0.9 * 0.1 - 0.1) / (1 - 0.9 ** 2);
    expect((value as Float64Array)[0]).toBeCloseTo(-0.1 - 0.1 * m, 8);
  });

  it("comes near the bottom, and gives the best place seen", () => {
    const { point, value, evaluations } = adam(bowl, [0.9, 0.1], {
      ...unit,
      maxIterations: 150,
    });
    expect(point[0]).toBeCloseTo(0.3, 2);
    expect(point[1]).toBeCloseTo(0.3, 2);
    expect(value).toBeLessThan(1e-3);
    expect(evaluations).toBe(151);
  });

  it("goes half the way back from a place without a value", () => {
    const search = adamSearch([0.5], { learningRate: 0.1 });
    search.next();
    search.next({ value: 1, gradient: Float64Array.of(1) });
    const back = search.next({ value: NaN, gradient: Float64Array.of(1) });
    expect((back.value as Float64Array)[0]).toBeCloseTo(0.45, 6);
    const ended = adamSearch([0.5]);
    ended.next();
    expect(ended.next({ value: NaN, gradient: Float64Array.of(0) }).done)
      .toBe(true);
  });

  it("refuses options out of range at once", () => {
    expect(() => adamSearch([0], { learningRate: 0 })).toThrow(RangeError);
    expect(() => adamSearch([0], { beta1: 1 })).toThrow("expected a number in");
  });

  it("keeps within any box", () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(number, number), number, ([a, b], start) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        adam(
          (x, g) => {
            expect(x[0]! >= low && x[0]! <= high).toBe(true);
            return bowl(x, g);
          },
          [start],
          { lower: [low], upper: [high], maxIterations: 20 },
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe("lbfgsSearch()", () => {
  it("asks for the points that lbfgs() evaluates", () => {
    const seen: number[][] = [];
    const result = lbfgs((x, g) => {
      seen.push([...x]);
      return bowl(x, g);
    }, [0.9, 0.1]);
    const search = lbfgsSearch([0.9, 0.1]);
    let next = search.next();
    for (const point of seen) {
      expect([...next.value as Float64Array]).toEqual(point);
      const gradient = new Float64Array(2);
      next = search.next({
        value: bowl(next.value as Float64Array, gradient),
        gradient,
      });
    }
    expect(next).toEqual({ done: true, value: result });
  });
});
