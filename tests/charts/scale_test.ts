import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  axisDomain,
  drawable,
  linearTicks,
  logTicks,
  round,
  valueRange,
} from "../../lib/charts/_scale.ts";

const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });

describe("drawable()", () => {
  it("refuses null, NaN, infinities, what is nearly infinite, and on a logarithmic axis 0 and less", () => {
    const all = [null, undefined, NaN, Infinity, 1e305, -1, 0, 1e-305, 2];
    expect(all.filter((value) => drawable(value))).toEqual([-1, 0, 1e-305, 2]);
    expect(all.filter((value) => drawable(value, true))).toEqual([2]);
  });
});

describe("valueRange()", () => {
  it("of nothing is null", () => {
    expect(valueRange([], "minimize", false)).toBeNull();
    expect(valueRange([NaN, Infinity], "minimize", false)).toBeNull();
  });

  it("leaves out what lies far out on the bad side only", () => {
    const values = [1, 2, 3, 2, 1, 500];
    expect(valueRange(values, "minimize", false)).toEqual({
      low: 1,
      high: 3,
      beyond: 1,
    });
    expect(valueRange(values, "maximize", false)).toEqual({
      low: 1,
      high: 500,
      beyond: 0,
    });
    expect(valueRange([1, 2, 3, -500, 2, 1], "maximize", false)).toEqual({
      low: 1,
      high: 3,
      beyond: 1,
    });
  });

  it("leaves nothing out of few values, or on a logarithmic axis", () => {
    expect(valueRange([1, 2, 3, 1e9], "minimize", false)!.high).toBe(1e9);
    expect(valueRange([1, 2, 3, 2, 1, 500], "minimize", true)!.high).toBe(500);
  });

  it("counts what it leaves out", () => {
    fc.assert(fc.property(
      fc.array(finite, { minLength: 1, maxLength: 40 }),
      fc.constantFrom("minimize" as const, "maximize" as const),
      (values, direction) => {
        const { low, high, beyond } = valueRange(values, direction, false)!;
        const outside = values.filter((value) => value < low || value > high);
        expect(outside.length).toBe(beyond);
        expect(beyond).toBeLessThan(values.length);
      },
    ));
  });
});

describe("axisDomain()", () => {
  it("holds its range and has a width", () => {
    fc.assert(fc.property(finite, finite, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const [from, to] = axisDomain(low, high, false);
      expect(from <= low && high <= to && from < to).toBe(true);
      expect(Number.isFinite(to - from)).toBe(true);
      // Narrower ones make Vega fail: "Invalid array length".
      const size = Math.max(Math.abs(from), Math.abs(to));
      expect(to - from).toBeGreaterThan(size * 0.9e-9);
    }));
    const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(fc.property(positive, positive, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const [from, to] = axisDomain(low, high, true);
      expect(0 < from && from <= low && high <= to && from < to).toBe(true);
      expect(to / from).toBeGreaterThan(1 + 0.9e-6);
    }));
  });
});

describe("axisDomain() of a range of a few last digits", () => {
  it("is as wide as of one value", () => {
    const next = 2.6234217227913903e-293;
    const [from, to] = axisDomain(2.623421722791388e-293, next, true);
    expect(to / from).toBeCloseTo(4, 6);
    const [below, above] = axisDomain(1, 1 + 2 ** -52, false);
    expect(above - below).toBeCloseTo(0.2, 6);
  });
});

describe("linearTicks()", () => {
  it("are round numbers, written as one writes them", () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.05, 0.33, 3)).toEqual([0.1, 0.2, 0.3]);
    expect(linearTicks(-10, 10, 4)).toEqual([-10, -5, 0, 5, 10]);
    expect(linearTicks(16, 512, 5)).toEqual([100, 200, 300, 400, 500]);
    expect(linearTicks(3, 3, 5)).toEqual([3]);
  });

  it("stand inside, rising, at most about twice as many as wanted", () => {
    fc.assert(
      fc.property(
        finite,
        finite,
        fc.integer({ min: 1, max: 12 }),
        (a, b, n) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          const ticks = linearTicks(low, high, n);
          const size = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
          expect(ticks.length).toBeLessThanOrEqual(2 * n + 2);
          ticks.forEach((tick, i) => {
            expect(tick >= low - size && tick <= high + size).toBe(true);
            if (i > 0) expect(tick).toBeGreaterThanOrEqual(ticks[i - 1]!);
          });
        },
      ),
    );
  });
});

describe("logTicks()", () => {
  it("are powers of ten, with others between where there is room", () => {
    expect(logTicks(1e-4, 0.1, 4)).toEqual([1e-4, 1e-3, 1e-2, 0.1]);
    expect(logTicks(1e-5, 1e5, 4)).toEqual([1e-5, 1e-2, 1e1, 1e4]);
    expect(logTicks(1, 100, 5)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(16, 40, 4)).toEqual([20, 25, 30, 35, 40]);
    expect(logTicks(0, 1, 4)).toEqual([0]);
  });
});

describe("round()", () => {
  it("keeps whole numbers, cuts others, and knows no -0", () => {
    expect(round(123456789)).toBe(123456789);
    expect(round(0.123456789)).toBe(0.123457);
    expect(Object.is(round(-0), 0)).toBe(true);
  });
});
