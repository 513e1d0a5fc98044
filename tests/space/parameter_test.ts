import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  cardinality,
  choice,
  choicesOf,
  float,
  gridValue,
  int,
  ordinal,
  snap,
  space,
} from "../../lib/space/mod.ts";

const s = space({
  continuum: float(0, 1),
  point: float(2, 2),
  steps: float(0, 1, { step: 0.1 }),
  whole: int(1, 4),
  wholeSteps: int(0, 10, { step: 3 }),
  kind: choice(["a", 2, null]),
  order: ordinal([16, 32]),
  flag: boolean(),
});

describe("cardinality()", () => {
  it("counts the values, Infinity for a continuum", () => {
    expect(s.parameters.map(cardinality)).toEqual([
      Infinity,
      1,
      11,
      4,
      4,
      3,
      2,
      2,
    ]);
  });
});

describe("choicesOf()", () => {
  it("gives the values of a list, null for a number", () => {
    expect(choicesOf(s.parameter("kind"))).toEqual(["a", 2, null]);
    expect(choicesOf(s.parameter("order"))).toEqual([16, 32]);
    expect(choicesOf(s.parameter("flag"))).toEqual([false, true]);
    expect(choicesOf(s.parameter("whole"))).toBeNull();
  });
});

describe("gridValue() and snap()", () => {
  it("have no noise of binary fractions", () => {
    expect(gridValue(3, 0, 0.1)).toBe(0.3);
    expect(gridValue(3, -0.3, 0.1)).toBe(0);
    expect(Object.is(gridValue(3, -0.3, 0.1), 0)).toBe(true);
    expect(gridValue(7, 1e-5, 1e-6)).toBe(1.7e-5);
    expect(gridValue(2, 1e300, 1e299)).toBe(1.2e300);
    expect(snap(0.30000000000000004, 0, 0.1)).toBe(0.3);
  });

  it("keep steps apart that fourteen digits would not", () => {
    expect(gridValue(1, 1e10, 1e-6)).not.toBe(gridValue(0, 1e10, 1e-6));
  });

  it("give every grid value back from near it", () => {
    fc.assert(fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.constantFrom(0.1, 0.05, 0.25, 1 / 3, 1, 7, 1e-6, 1e6),
      fc.nat({ max: 10_000 }),
      fc.double({ min: -0.4, max: 0.4, noNaN: true }),
      (first, step, index, off) => {
        const low = gridValue(0, first * step, step);
        const value = gridValue(index, low, step);
        expect(snap(value, low, step)).toBe(value);
        expect(snap(value + off * step, low, step)).toBe(value);
        expect(Math.abs(value - (low + index * step)))
          .toBeLessThanOrEqual(1e-9 * step);
      },
    ));
  });
});
