import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { countAtMost, countBelow } from "../../lib/math/mod.ts";

describe("countBelow(), countAtMost()", () => {
  it("of nothing are 0", () => {
    expect([countBelow([], 1), countAtMost([], 1)]).toEqual([0, 0]);
  });

  it("count equal numbers to the one side or the other", () => {
    expect([countBelow([1, 2, 2, 5], 2), countAtMost([1, 2, 2, 5], 2)])
      .toEqual([1, 3]);
  });

  it("count as a filter does", () => {
    fc.assert(fc.property(
      fc.array(fc.integer({ min: -5, max: 5 })),
      fc.integer({ min: -6, max: 6 }),
      (numbers, value) => {
        const sorted = Float64Array.from(numbers).sort();
        expect(countBelow(sorted, value))
          .toBe(numbers.filter((one) => one < value).length);
        expect(countAtMost(sorted, value))
          .toBe(numbers.filter((one) => one <= value).length);
      },
    ));
  });
});
