import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import {
  copulaProcess,
  featuresOf,
  normalScores,
  type Prior,
  PriorFunctions,
} from "../../lib/surrogates/mod.ts";

const line = space({ x: float(0, 1) });
const prior: Prior = {
  strategy: "copula",
  sources: [{ name: "a", weight: 1 }],
  lengthscales: Float64Array.of(0.3),
  units: [0.1, 0.35, 0.6, 0.9].map((x) => Float64Array.of(x)),
  coefficients: Float64Array.of(-1, 0.5, 0.2, 1),
  loadings: new Float64Array(0),
  coherence: null,
  likeness: 1,
  level: null,
};
const functions = new PriorFunctions(prior, featuresOf(line));

function dataOf(n: number, value: (z: number) => number) {
  const random = randomStream("copula", n);
  const inputs = Float64Array.from({ length: n }, () => random.uniform());
  return { inputs, values: functions.sourcesAt(inputs).map(value) };
}

describe("normalScores()", () => {
  it("of nothing is nothing, of one value 0", () => {
    expect(normalScores([])).toEqual(new Float64Array(0));
    expect(normalScores([7])[0]).toBeCloseTo(0, 12);
  });

  it("are those of the ranks, cut off at δ", () => {
    // δ of 4 values: 1 / (4 · 4^¼ √(π log 4)) = 0.0847; Φ⁻¹(δ) = −1.374 (SciPy 1.17.1).
    const scores = normalScores([30, 10, 1e9, 20]);
    // Middle ranks 2.5, 0.5, 3.5, 1.5 of 4; 0.125 and 0.875 are within the cut.
    expect(scores[1]).toBeCloseTo(-1.1503, 4);
    expect(scores[3]).toBeCloseTo(-0.3186, 4);
    expect(scores[0]).toBeCloseTo(0.3186, 4);
    expect(scores[2]).toBeCloseTo(1.1503, 4);
  });

  it("hang on the order alone, and are the same for equals", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 30 }),
        (values) => {
          const scores = normalScores(values);
          expect(normalScores(values.map((v) => v ** 3 - 7))).toEqual(scores);
          values.forEach((v, i) =>
            values.forEach((w, j) => {
              if (v === w) expect(scores[i]).toBe(scores[j]);
              if (v < w) expect(scores[i]!).toBeLessThanOrEqual(scores[j]!);
            })
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("copulaProcess()", () => {
  it("takes one value, and values without spread", () => {
    for (const n of [1, 5]) {
      const process = copulaProcess(functions, dataOf(n, () => 3));
      const { mean, sd } = process.predict(Float64Array.of(0.2, 0.8));
      expect(mean.every(Number.isFinite)).toBe(true);
      expect(sd.every((x) => x > 0 && x < Infinity)).toBe(true);
    }
  });

  it("expects elsewhere the order that sources foretell", () => {
    const process = copulaProcess(functions, dataOf(6, (z) => 50 + 2 * z));
    const { mean } = process.predict(Float64Array.of(0.1, 0.9));
    expect(mean[0]).toBeLessThan(mean[1]!);
  });

  it("follows values that say the contrary where it has seen them", () => {
    const data = dataOf(20, (z) => -z);
    const process = copulaProcess(functions, data);
    const fitted = process.fittedMeans();
    const [least, most] = [Math.min, Math.max].map((end) =>
      data.values.indexOf(end(...data.values))
    );
    expect(fitted[least!]).toBeLessThan(fitted[most!]!);
  });

  it("believes that points brought what is expected of them: there it is surer", () => {
    const process = copulaProcess(functions, dataOf(8, (z) => z));
    const point = Float64Array.of(0.99);
    const after = process.believing(point).predict(point);
    expect(after.sd[0]).toBeLessThan(process.predict(point).sd[0]!);
    expect(after.mean[0]).toBeCloseTo(process.predict(point).mean[0]!, 6);
    expect(process.believing(new Float64Array(0))).toBe(process);
  });
});
