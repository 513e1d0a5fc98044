import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import {
  fitHyperparameters,
  logPosterior,
  priorCenter,
  toLogs,
} from "../../lib/surrogates/mod.ts";

/** Random points in d dimensions, of which only the first matters. */
function dataOf(n: number, d: number, noise = 0) {
  const random = randomStream("fit", n, d);
  const inputs = Float64Array.from({ length: n * d }, random.uniform);
  const values = Float64Array.from(
    { length: n },
    (_, i) => 1.4 * Math.sin(6 * inputs[i * d]!) + noise * random.normal(),
  );
  return { inputs, values, dimension: d, numeric: d };
}

describe("fitHyperparameters()", () => {
  it("finds which dimension matters", () => {
    const { lengthscales } = fitHyperparameters(dataOf(40, 3));
    expect(lengthscales[0]).toBeLessThan(1);
    expect(lengthscales[1]! / lengthscales[0]!).toBeGreaterThan(3);
    expect(lengthscales[2]! / lengthscales[0]!).toBeGreaterThan(3);
  });

  it("finds how much noise there is", () => {
    expect(fitHyperparameters(dataOf(60, 1)).noise).toBeLessThan(1e-3);
    const { noise } = fitHyperparameters(dataOf(60, 1, 0.4));
    expect(Math.sqrt(noise)).toBeGreaterThan(0.3);
    expect(Math.sqrt(noise)).toBeLessThan(0.5);
  });

  it("is where the posterior density has no slope", () => {
    const data = dataOf(30, 2, 0.2);
    const found = fitHyperparameters(data, { maxEvaluations: 200 });
    const gradient = new Float64Array(4);
    const value = logPosterior(data, toLogs(found), gradient);
    expect(value).toBeCloseTo(found.logPosterior, 10);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(0.1);
    expect(value).toBeGreaterThan(logPosterior(data, toLogs(priorCenter(2))));
  });

  it("stays near the priors with one point", () => {
    const { lengthscales, noise } = fitHyperparameters({
      inputs: Float64Array.of(0.5),
      values: Float64Array.of(0),
      dimension: 1,
      numeric: 1,
    });
    expect(lengthscales[0]).toBeCloseTo(0.5, 3);
    expect(noise).toBeCloseTo(1e-4, 4);
  });
});
