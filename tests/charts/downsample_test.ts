import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { evenly, minMaxIndices } from "../../lib/charts/_downsample.ts";

describe("minMaxIndices()", () => {
  it("keeps all that fits into the budget", () => {
    expect(minMaxIndices([], 10)).toEqual([]);
    expect(minMaxIndices([3, NaN, 1], 3)).toEqual([0, 1, 2]);
  });

  it("keeps the ends and the extremes of each stretch, rising, within the budget", () => {
    const value = fc.oneof(fc.double(), fc.constant(NaN));
    fc.assert(fc.property(
      fc.array(value, { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 4, max: 60 }),
      (values, budget) => {
        const kept = minMaxIndices(values, budget);
        expect(kept.length).toBeLessThanOrEqual(budget);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        kept.forEach((place, i) => {
          if (i > 0) expect(place).toBeGreaterThan(kept[i - 1]!);
        });
        const known = values.filter((each) => !Number.isNaN(each));
        if (known.length === 0) return;
        const shown = kept.map((place) => values[place]!);
        expect(shown).toContain(known.reduce((a, b) => Math.max(a, b)) + 0);
        expect(
          shown.some((each) => each === known.reduce((a, b) => Math.min(a, b))),
        )
          .toBe(true);
      },
    ));
  });
});

describe("evenly()", () => {
  it("keeps the first and the last", () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    expect(evenly(items, 200)).toEqual(items);
    expect(evenly(items, 4)).toEqual([0, 33, 66, 99]);
    expect(evenly(items, 1)).toEqual([99]);
    expect(evenly(items, 0)).toEqual([]);
  });
});
