import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { moments } from "../../lib/math/mod.ts";

describe("moments()", () => {
  it("of nothing are NaN, of one number its value", () => {
    expect(moments([]).mean).toBeNaN();
    expect(moments([NaN]).count).toBe(0);
    expect(moments([3])).toEqual({
      count: 1,
      mean: 3,
      sd: 0,
      skewness: 0,
      kurtosis: 0,
    });
  });

  it("have no shape if all numbers are equal but for their last digits", () => {
    expect(moments([0.1 + 0.2, 0.3, 0.3]).skewness).toBe(0);
  });

  it("leave NaN out", () => {
    expect(moments([1, NaN, 3])).toEqual(moments([1, 3]));
  });

  it("are those of R's e1071 1.7: skewness and kurtosis of type 3", () => {
    // By hand: mean 4, m₂ 10, m₃ 36, m₄ 278.8; s² 12.5.
    const { mean, sd, skewness, kurtosis } = moments([1, 2, 3, 4, 10]);
    expect(mean).toBe(4);
    expect(sd).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(skewness).toBeCloseTo(36 / 12.5 ** 1.5, 12);
    expect(kurtosis).toBeCloseTo(278.8 / 12.5 ** 2 - 3, 12);
  });
});
