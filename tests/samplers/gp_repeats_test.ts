import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { repeatsMayPay } from "../../lib/samplers/_gp_repeats.ts";
import { GaussianProcess, type Observation } from "../../lib/surrogates/mod.ts";

describe("repeatsMayPay()", () => {
  const processOf = (noise: number) =>
    new GaussianProcess(
      {
        inputs: Float64Array.of(0, 1),
        dimension: 1,
        numeric: 1,
        values: Float64Array.of(-1, 1),
      },
      { lengthscales: [1], outputScale: 1, noise },
    );
  const trials = (...pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([u, value], number): Observation => ({
      number,
      unit: Float64Array.of(u, NaN),
      value,
      isPruned: false,
    }));

  it("is false without noise", () => {
    expect(repeatsMayPay(processOf(0), [])).toBe(false);
    expect(repeatsMayPay(processOf(1e-3), trials([0.5, 1], [0.5, 2])))
      .toBe(false);
  });

  it("is true with noise, until a repeat has brought the same value", () => {
    expect(repeatsMayPay(processOf(0.1), [])).toBe(true);
    expect(repeatsMayPay(processOf(0.1), trials([0.5, 1], [0.6, 1])))
      .toBe(true);
    expect(repeatsMayPay(processOf(0.1), trials([0.5, 1], [0.5 + 1e-15, 1])))
      .toBe(false);
  });

  it("is true for good once two values of one configuration have differed", () => {
    const noisy = trials([0.5, 1], [0.5, 1], [0.2, 3], [0.2, 2]);
    expect(repeatsMayPay(processOf(0.1), noisy)).toBe(true);
  });

  it("does not look at failed and pruned trials", () => {
    const failed = trials([0.5, NaN], [0.5, NaN]);
    expect(repeatsMayPay(processOf(0.1), failed)).toBe(true);
    const pruned = trials([0.5, 1], [0.5, 1])
      .map((one) => ({ ...one, isPruned: true }));
    expect(repeatsMayPay(processOf(0.1), pruned)).toBe(true);
  });
});
