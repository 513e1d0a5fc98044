import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { bbobSuite } from "../../bench/quality/suites/bbob.ts";
import {
  bbobCount,
  bbobFunction,
} from "../../bench/quality/suites/bbob_functions.ts";
import {
  asymmetry,
  condition,
  oscillate,
  penalty,
  randomRotation,
  rotate,
  rotateBack,
} from "../../bench/quality/suites/bbob_transformations.ts";

const numbers = Array.from({ length: bbobCount }, (_, i) => i + 1);
const point = (...values: number[]) => Float64Array.from(values);

describe("BBOB's transformations", () => {
  it("leave zero where it is", () => {
    expect(oscillate(0)).toBe(0);
    expect([...asymmetry(point(0, 0), 0.5)]).toEqual([0, 0]);
    expect(penalty(point(-5, 5))).toBe(0);
  });

  it("have the values of the formulas", () => {
    // T_osz(e) = exp(1 + 0.049 (sin 10 + sin 7.9)), by hand.
    expect(oscillate(Math.E)).toBeCloseTo(
      Math.exp(1 + 0.049 * (Math.sin(10) + Math.sin(7.9))),
      12,
    );
    expect(oscillate(-1)).toBe(-1);
    expect([...condition(point(1, 1, 1), 100)]).toEqual([
      1,
      Math.sqrt(10),
      10,
    ]);
    expect([...asymmetry(point(4, -4, 4), 0.5)]).toEqual([4, -4, 4 ** 2]);
    expect(penalty(point(-7, 0, 6))).toBe(5);
  });

  it("rotate back and forth, keeping lengths", () => {
    const rotation = randomRotation(6, randomStream("rotation"));
    const x = point(1, -2, 3, 0.5, 0, 4);
    const y = rotate(rotation, x);
    expect(Math.hypot(...y)).toBeCloseTo(Math.hypot(...x), 12);
    rotateBack(rotation, y).forEach((value, i) =>
      expect(value).toBeCloseTo(x[i]!, 12)
    );
  });
});

describe("bbobFunction()", () => {
  for (const d of [2, 5, 10]) {
    it(`has its published optimum at its value, and nothing below it, in ${d} dimensions`, () => {
      for (const number of numbers) {
        for (const instance of [1, 2, 3]) {
          const { at, best, optimum } = bbobFunction(number, d, instance);
          expect(Math.abs(at(optimum) - best)).toBeLessThan(1e-9);
          expect(Math.max(...optimum.map(Math.abs))).toBeLessThanOrEqual(5);
          const random = randomStream("bbob test", number, d, instance);
          for (let n = 0; n < 100; n++) {
            const far = optimum.map(() => 10 * random.uniform() - 5);
            const near = optimum.map((value) =>
              Math.max(-5, Math.min(5, value + 0.01 * random.normal()))
            );
            expect(at(far)).toBeGreaterThan(best - 1e-9);
            expect(at(near)).toBeGreaterThan(best - 1e-9);
          }
        }
      }
    });
  }

  it("is the squared distance for number 1", () => {
    const { at, best, optimum } = bbobFunction(1, 5);
    const moved = optimum.with(0, optimum[0]! + 1).with(3, optimum[3]! - 2);
    expect(at(moved) - best).toBeCloseTo(5, 9);
  });

  it("is Rosenbrock's for number 8: d − 1 at one step below the optimum along all of z", () => {
    // z = 0 gives the sum over i of (0 − 1)².
    const { at, best, optimum } = bbobFunction(8, 10);
    expect(at(optimum.map((value) => value - 1)) - best).toBeCloseTo(9, 8);
  });

  it("is linear for number 5", () => {
    const { at, optimum } = bbobFunction(5, 4);
    const zero = at(point(0, 0, 0, 0));
    const half = at(optimum.map((value) => value / 2));
    expect(half).toBeCloseTo((zero + at(optimum)) / 2, 9);
  });

  it("has conditions of a million for numbers 2, 10, 11 and 12", () => {
    for (const number of [2, 10, 11, 12]) {
      const { at, best, optimum } = bbobFunction(number, 2);
      const around = Array.from({ length: 720 }, (_, degree) => {
        const angle = degree * Math.PI / 360;
        return at(point(
          optimum[0]! + 0.1 * Math.cos(angle),
          optimum[1]! + 0.1 * Math.sin(angle),
        )) - best;
      });
      expect(Math.max(...around) / Math.min(...around)).toBeGreaterThan(1e3);
    }
  });

  it("differs from instance to instance, and is the same each time", () => {
    for (const number of numbers) {
      const one = bbobFunction(number, 3, 1);
      const x = point(0.5, -1, 2);
      expect(bbobFunction(number, 3, 1).at(x)).toBe(one.at(x));
      expect(bbobFunction(number, 3, 2).at(x)).not.toBe(one.at(x));
    }
  });

  it("is refused for numbers and dimensions that do not exist", () => {
    expect(() => bbobFunction(25, 2)).toThrow(RangeError);
    expect(() => bbobFunction(1, 1)).toThrow(RangeError);
  });
});

describe("bbobSuite()", () => {
  it("has 24 functions in 2, 5 and 10 dimensions", async () => {
    const suite = bbobSuite();
    expect(suite.tasks().length).toBe(72);
    expect(suite.space("f24-10d").dimension).toBe(10);
    const f = bbobFunction(3, 2, 7);
    const [x1, x2] = f.optimum;
    const [found] = await suite.evaluate("f03-2d-i7", [{ x1, x2 }]);
    expect(found!.value).toBeCloseTo(suite.optimum("f03-2d-i7", "value")!, 9);
  });

  it("names a task that it does not know", () => {
    expect(() => bbobSuite().space("f1")).toThrow("expected one such as");
  });
});
