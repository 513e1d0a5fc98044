import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import { normalizeOutcomes } from "../../lib/surrogates/_outcomes.ts";

const of = (...values: number[]) =>
  normalizeOutcomes(values.map((value, number) => ({
    number,
    unit: Float64Array.of(0.5),
    value,
    isPruned: false,
  })));

describe("normalizeOutcomes()", () => {
  it("gives zeros for one value, for equal ones, and for none that is finite", () => {
    expect([...of(7).values]).toEqual([0]);
    expect([...of(3, 3, 3).values]).toEqual([0, 0, 0]);
    expect([...of(NaN, NaN).values]).toEqual([0, 0]);
  });

  it("gives values of mean 0 and sd 1 that lead back to those given", () => {
    const given = [1, 2, 4, 3, 2.5];
    const { values, toRaw } = of(...given);
    expect(values.reduce((sum, y) => sum + y)).toBeCloseTo(0, 12);
    expect(values.reduce((sum, y) => sum + y * y / 5, 0)).toBeCloseTo(1, 12);
    values.forEach((y, i) =>
      expect(toRaw({ mean: y, sd: 0 }).mean).toBeCloseTo(given[i]!, 12)
    );
  });

  it("moves bad outliers in, and leaves the best where it is", () => {
    const { values, toRaw } = of(1, 2, 3, 4, 5, 6, 7, 8, 1e300);
    expect(Math.max(...values)).toBeLessThan(3);
    expect(toRaw({ mean: values[0]!, sd: 0 }).mean).toBeCloseTo(1, 9);
    expect(values[1]! - values[0]!).toBeGreaterThan(0.05);
  });

  it("gives the lognormal moments of what the process expects", () => {
    const random = randomStream("lognormal");
    const { toRaw } = of(1, 2, 4, 3, 2.5, 8);
    const draws = Array.from(
      { length: 20_000 },
      () => toRaw({ mean: 0.2 + 0.5 * random.normal(), sd: 0 }).mean,
    );
    const mean = draws.reduce((sum, v) => sum + v) / draws.length;
    const sd = Math.sqrt(
      draws.reduce((sum, v) => sum + (v - mean) ** 2) / draws.length,
    );
    const found = toRaw({ mean: 0.2, sd: 0.5 });
    expect(Math.abs(found.mean / mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.sd / sd - 1)).toBeLessThan(0.03);
  });

  it("stays finite where the best and the median differ by next to nothing", () => {
    const { values, toRaw } = of(0, 3.552713678800501e-15, -5e-324);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(toRaw({ mean: 0.3, sd: 1 }).mean)).toBe(true);
  });

  it("counts NaN as the worst", () => {
    const { values } = of(1, NaN, 3, 2);
    expect(values[1]).toBe(Math.max(...values));
  });

  it("counts a pruned trial no better than the median", () => {
    const unit = Float64Array.of(0.5);
    const { values } = normalizeOutcomes([1, 2, 3, 0].map((value, number) => ({
      number,
      unit,
      value,
      isPruned: number === 3,
    })));
    expect(values[3]).toBe(values[1]);
  });

  it("keeps the order and stays finite whatever the values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 1,
          maxLength: 30,
        }),
        (given) => {
          const { values, toRaw } = of(...given);
          expect(values.every(Number.isFinite)).toBe(true);
          const { mean, sd } = toRaw({ mean: 0.3, sd: 1 });
          expect(Number.isFinite(mean)).toBe(true);
          expect(sd).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(sd)).toBe(true);
          given.forEach((a, i) =>
            given.forEach((b, j) => {
              if (a < b) expect(values[i]).toBeLessThanOrEqual(values[j]!);
            })
          );
        },
      ),
    );
  });
});
