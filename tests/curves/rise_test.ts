import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { criticalRise, riseTest } from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";

describe("riseTest()", () => {
  it("finds nothing in no value, a few, or equal ones", () => {
    expect(riseTest([]).significant).toBe(false);
    expect(riseTest([1]).rise).toBe(0);
    expect(riseTest([1, 2, 3, 4, 5]).significant).toBe(false);
    expect(riseTest(new Array(50).fill(2))).toMatchObject({
      statistic: 0,
      rise: 0,
      significant: false,
    });
  });

  it("finds the valley and the rise of a plain curve", () => {
    const curve = [9, 7, 5, 4, 3, 2.5, 2, 2.2, 2.5, 3, 3.4, 4, 4.6, 5];
    const { significant, valley, low, end, rise } = riseTest(curve);
    expect(significant).toBe(true);
    expect(valley).toBe(6);
    expect(low).toBe(2);
    expect(end).toBeCloseTo((4 + 4.6 + 5) / 3, 6);
    expect(rise).toBeCloseTo(end - low, 12);
  });

  it("does not take one wild value at the end for a rise", () => {
    const random = randomStream("wild");
    const curve = Array.from(
      { length: 40 },
      (_, i) => Math.exp(-i / 8) + 0.01 * random.normal(),
    );
    curve[39] = 5;
    expect(riseTest(curve).significant).toBe(false);
  });

  it("never rises where the curve only falls, and does not care for units", () => {
    // Whole numbers: sums of them and of their multiples round alike.
    const values = fc.array(fc.integer({ min: 1, max: 1000 }), {
      minLength: 6,
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, (list) => {
        const falling = [...list].sort((a, b) => b - a);
        expect(riseTest(falling).statistic).toBeLessThan(1e-6);
        const { statistic, valley } = riseTest(list);
        const other = riseTest(list.map((v) => 1024 * v));
        expect(other.statistic).toBeCloseTo(statistic, 3);
        expect(other.valley).toBe(valley);
      }),
    );
  });

  it("cries wolf in at most one of a hundred curves of noise", () => {
    const random = randomStream("rise");
    for (const [n, runs] of [[10, 1500], [30, 1500], [150, 300]] as const) {
      let wrong = 0;
      for (let run = 0; run < runs; run++) {
        const noise = Array.from({ length: n }, () => random.normal());
        if (riseTest(noise).significant) wrong++;
      }
      expect(wrong / runs).toBeLessThan(0.012);
    }
  });

  it("with many looks cries wolf in about as few, all looks together", () => {
    const random = randomStream("looks");
    let wrong = 0;
    for (let run = 0; run < 400; run++) {
      const noise: number[] = [];
      let cried = false;
      for (let n = 1; n <= 60 && !cried; n++) {
        noise.push(random.normal());
        cried = riseTest(noise, { manyLooks: true }).significant;
      }
      if (cried) wrong++;
    }
    expect(wrong / 400).toBeLessThan(0.02);
  });

  it("asks more of many looks, and of very short curves", () => {
    expect(criticalRise(5, false)).toBe(Infinity);
    for (const n of [6, 10, 100, 1000]) {
      expect(criticalRise(n, true)).toBeGreaterThan(criticalRise(n, false));
    }
    expect(criticalRise(8, false)).toBeGreaterThan(criticalRise(20, false));
  });
});
