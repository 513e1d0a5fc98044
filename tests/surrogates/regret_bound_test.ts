import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { regretBound } from "../../lib/surrogates/mod.ts";

const places = Float64Array.from({ length: 101 }, (_, i) => i / 100);

/** Values of a function of one parameter, seen at some places. */
function seen(f: (x: number) => number, at: readonly number[]) {
  return {
    inputs: Float64Array.from(at),
    values: Float64Array.from(at, f),
    dimension: 1,
    numeric: 1,
  };
}

const valley = (x: number) => (x - 0.37) ** 2;
const grid = (n: number) => Array.from({ length: n }, (_, i) => i / (n - 1));

describe("regretBound()", () => {
  it("of equal values is finite, and at least 0", () => {
    const { bound } = regretBound(seen(() => 3, grid(5)), places);
    expect(bound).toBeGreaterThanOrEqual(0);
    expect(bound).toBeLessThan(1e-6);
  });

  it("is above the regret, and falls with more trials", () => {
    const bounds = [4, 6, 10, 20].map((n) =>
      regretBound(seen(valley, grid(n)), places).bound
    );
    [4, 6, 10, 20].forEach((n, i) => {
      const regret = Math.min(...grid(n).map(valley));
      expect(bounds[i]!).toBeGreaterThanOrEqual(regret);
    });
    expect(bounds[3]!).toBeLessThan(bounds[0]! / 10);
  });

  it("grows as it is asked to be surer", () => {
    const data = seen(valley, grid(6));
    const [unsure, sure] = [0.5, 0.01].map((delta) =>
      regretBound(data, places, { delta }).bound
    );
    expect(sure!).toBeGreaterThan(unsure!);
  });

  it("grows with the unit of the values", () => {
    const one = regretBound(seen(valley, grid(6)), places);
    const thousand = regretBound(
      seen((x) => 1000 * valley(x) + 5, grid(6)),
      places,
    );
    expect(thousand.bound / one.bound).toBeCloseTo(1000, 4);
  });

  it("is the same each time", () => {
    const data = seen(valley, grid(6));
    expect(regretBound(data, places)).toEqual(regretBound(data, places));
  });
});
