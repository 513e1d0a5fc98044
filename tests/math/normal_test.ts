import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  millsRatio,
  normalCdf,
  normalLogCdf,
  normalLogExcess,
  normalLogPdf,
  normalPdf,
  normalQuantile,
} from "../../lib/math/mod.ts";

// From mpmath with 60 digits, by golden/normal.py.
import golden from "./golden/normal.json" with { type: "json" };

const relative = (a: number, b: number) =>
  a === b ? 0 : Math.abs(a - b) / Math.max(1e-300, Math.abs(b));

describe("the normal distribution", () => {
  it("has mpmath's values, in the tails too", () => {
    for (const [x, cdf, logCdf, logExcess] of golden.rows) {
      expect(relative(normalCdf(x!), cdf!)).toBeLessThan(1e-13);
      expect(relative(normalLogCdf(x!), logCdf!)).toBeLessThan(1e-13);
      expect(relative(normalLogExcess(x!), logExcess!)).toBeLessThan(
        2e-14 * 10,
      );
    }
  });

  it("has its limits at infinity, and NaN at NaN", () => {
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalLogCdf(-Infinity)).toBe(-Infinity);
    expect(normalLogCdf(Infinity)).toBe(-0);
    expect(normalPdf(Infinity)).toBe(0);
    expect(normalLogExcess(-1e200)).toBe(-Infinity);
    expect(normalCdf(NaN)).toBeNaN();
    expect(normalLogCdf(NaN)).toBeNaN();
  });

  it("has a density whose logarithm is the log density", () => {
    for (const x of [-3, 0, 0.5]) {
      expect(Math.log(normalPdf(x))).toBeCloseTo(normalLogPdf(x), 12);
    }
  });

  it("has a log excess that rises without a jump", () => {
    let last = -Infinity;
    for (let z = -40; z < 5; z += 0.01) {
      const value = normalLogExcess(z);
      expect(value).toBeGreaterThan(last);
      last = value;
    }
    expect(normalLogExcess(-1e5)).toBeCloseTo(
      normalLogPdf(1e5) - 2 * Math.log(1e5),
      4,
    );
  });
});

describe("millsRatio()", () => {
  it("falls from √(π/2), like 1/t in the tail", () => {
    expect(millsRatio(0)).toBeCloseTo(Math.sqrt(Math.PI / 2), 14);
    expect(millsRatio(1e8) * 1e8).toBeCloseTo(1, 14);
  });
});

describe("normalQuantile()", () => {
  it("is infinite at 0 and 1, NaN outside", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(NaN)).toBeNaN();
  });

  it("undoes normalCdf()", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 5, noNaN: true }), (x) => {
        expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, x > 3 ? 8 : 11);
      }),
    );
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  });
});
