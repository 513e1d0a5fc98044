import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  blockMeans,
  mannKendall,
  median,
  noiseLevel,
  quantile,
  robustSd,
  runningMean,
  runningMedian,
  theilSen,
  windowWidth,
} from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 60,
});

describe("median(), quantile(), robustSd()", () => {
  it("are NaN where there is nothing", () => {
    expect(median([])).toBeNaN();
    expect(median([NaN])).toBeNaN();
    expect(quantile([], 0.5)).toBeNaN();
    expect(robustSd([NaN])).toBeNaN();
  });

  it("leave NaN out and do not change what they are given", () => {
    const values = [3, NaN, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, NaN, 1, 2]);
    expect(median([1, 2])).toBe(1.5);
    expect(median([Infinity, Infinity])).toBe(Infinity);
  });

  it("agree: the quantile of order ½ is the median", () => {
    fc.assert(
      fc.property(
        numbers,
        (values) =>
          expect(quantile(values, 0.5)).toBeCloseTo(median(values), 6),
      ),
    );
  });
});

describe("runningMedian()", () => {
  it("is the median of each window, cut short at the ends", () => {
    expect(runningMedian([], 3)).toEqual([]);
    expect(runningMedian([4], 3)).toEqual([4]);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(NaN)), {
          maxLength: 40,
        }),
        fc.integer({ min: 1, max: 15 }),
        (values, width) => {
          const half = width >> 1;
          expect(runningMedian(values, width)).toEqual(
            values.map((_, i) =>
              median(values.slice(Math.max(0, i - half), i + half + 1))
            ),
          );
        },
      ),
    );
  });

  it("takes a rising curve's own values inside, and a tenth of it as window", () => {
    expect(windowWidth(100)).toBe(11);
    expect(windowWidth(5)).toBe(3);
    const line = Array.from({ length: 100 }, (_, i) => i);
    expect(runningMedian(line).slice(10, 90)).toEqual(line.slice(10, 90));
  });
});

describe("runningMean()", () => {
  it("leaves NaN out", () => {
    expect(runningMean([1, NaN, 3], 3)).toEqual([1, 2, 3]);
    expect(runningMean([NaN, NaN], 1)).toEqual([NaN, NaN]);
  });
});

describe("noiseLevel()", () => {
  it("is NaN for two values, 0 for a straight line", () => {
    expect(noiseLevel([1, 2])).toBeNaN();
    expect(noiseLevel([1, 2, 3, 4])).toBe(0);
  });

  it("is the standard deviation of normal noise around a falling curve, within a tenth", () => {
    const random = randomStream("noise level");
    const curve = Array.from(
      { length: 2000 },
      (_, i) => 3 * Math.exp(-i / 400) + 0.05 * random.normal(),
    );
    expect(Math.abs(noiseLevel(curve) / 0.05 - 1)).toBeLessThan(0.1);
    // Wild values, one in ten, raise it by less than a third.
    const wild = curve.map((value, i) => i % 10 === 0 ? 1e6 : value);
    expect(noiseLevel(wild) / 0.05).toBeLessThan(1.33);
  });
});

describe("blockMeans()", () => {
  it("gives a short curve back, and averages a long one", () => {
    expect(blockMeans([1, 2], [5, 6])).toEqual({
      steps: [1, 2],
      values: [5, 6],
      block: 1,
    });
    expect(blockMeans([1, 2, 3, 4, 5], [1, 3, NaN, 7, 9], 3)).toEqual({
      steps: [2, 4, 5],
      values: [2, 7, 9],
      block: 2,
    });
  });
});

describe("mannKendall()", () => {
  it("finds no trend in nothing, in one value, in equal values", () => {
    for (const values of [[], [1], [2, 2, 2, 2]]) {
      expect(mannKendall(values)).toEqual({ tau: 0, z: 0, p: 1 });
    }
  });

  it("has known values", () => {
    // pymannkendall's formulas by hand: S = 10, Var S = 5·4·15/18 = 16.667.
    const { tau, z, p } = mannKendall([1, 2, 3, 4, 5]);
    expect(tau).toBe(1);
    expect(z).toBeCloseTo(9 / Math.sqrt(5 * 4 * 15 / 18), 12);
    expect(p).toBeCloseTo(0.02748633, 6);
  });

  it("counts every pair, as the definition says", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), {
          minLength: 2,
          maxLength: 30,
        }),
        (values) => {
          let s = 0;
          let pairs = 0;
          values.forEach((a, i) =>
            values.slice(i + 1).forEach((b) => {
              s += Math.sign(b - a);
              pairs++;
            })
          );
          expect(mannKendall(values).tau).toBeCloseTo(s / pairs, 12);
        },
      ),
    );
  });

  it("cries wolf in one of twenty curves of noise at p < .05", () => {
    const random = randomStream("mann kendall");
    let false_ = 0;
    for (let run = 0; run < 1000; run++) {
      const values = Array.from({ length: 25 }, () => random.normal());
      if (mannKendall(values).p < 0.05) false_++;
    }
    expect(false_).toBeGreaterThan(25);
    expect(false_).toBeLessThan(75);
  });
});

describe("theilSen()", () => {
  it("is NaN for one value", () => {
    expect(theilSen([1]).slope).toBeNaN();
    expect(theilSen([1, 2], [3, 3]).slope).toBeNaN();
  });

  it("finds a line's slope, wild values or not", () => {
    const line = [0, 3, 6, 9, 12, 15, 18];
    expect(theilSen(line)).toEqual({ slope: 3, low: 3, high: 3 });
    expect(theilSen(line.with(3, 1e9)).slope).toBe(3);
    expect(theilSen([0, 20, 40], [0, 10, 20]).slope).toBe(2);
  });

  it("has an interval that holds the true slope in nine of ten curves", () => {
    const random = randomStream("theil sen");
    let inside = 0;
    for (let run = 0; run < 300; run++) {
      const { low, high } = theilSen(
        Array.from({ length: 20 }, (_, i) => 0.1 * i + random.normal()),
      );
      if (low <= 0.1 && 0.1 <= high) inside++;
    }
    expect(inside / 300).toBeGreaterThan(0.84);
    expect(inside / 300).toBeLessThan(0.96);
  });
});
