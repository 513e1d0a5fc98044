import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  type Examples,
  PenalizedRegression,
  type RegressionKind,
} from "../../bench/gradients/penalized_regression.ts";
import {
  conjugateGradient,
  implicitGradient,
  neumannSeries,
  randomStream,
} from "../../lib/math/mod.ts";

/** A symmetric positive matrix as a map. */
const positive = (v: Float64Array) =>
  Float64Array.of(
    4 * v[0]! + v[1]!,
    v[0]! + 3 * v[1]! - v[2]!,
    -v[1]! + 2 * v[2]!,
  );
const solution = [1, -2, 0.5];
const right = positive(Float64Array.from(solution));

describe("conjugateGradient()", () => {
  it("solves for 0 without a product", async () => {
    const { solution, products, converged } = await conjugateGradient(
      positive,
      new Float64Array(3),
    );
    expect([...solution]).toEqual([0, 0, 0]);
    expect(products).toBe(0);
    expect(converged).toBe(true);
  });

  it("solves in as many products as there are unknowns", async () => {
    const found = await conjugateGradient(positive, right);
    found.solution.forEach((x, i) => expect(x).toBeCloseTo(solution[i]!, 12));
    expect(found.products).toBe(3);
  });

  it("adds the damping to the diagonal", async () => {
    const { solution: [x] } = await conjugateGradient(
      (v) => v,
      Float64Array.of(3),
      { damping: 2 },
    );
    expect(x).toBeCloseTo(1, 12);
  });

  it("says that a saddle is no minimum", async () => {
    await expect(conjugateGradient((v) => v.map((x) => -x), right)).rejects
      .toThrow(/curvature is -1.0e\+0.*train longer, or add damping/);
  });

  it("says that a product is not finite", async () => {
    await expect(conjugateGradient((v) => v.map(() => NaN), right)).rejects
      .toThrow("a product A v is not finite");
  });
});

describe("neumannSeries()", () => {
  it("comes to the same solution", async () => {
    for (const options of [{}, { stepSize: 0.3 }]) {
      const found = await neumannSeries(positive, right, {
        terms: 300,
        ...options,
      });
      found.solution.forEach((x, i) => expect(x).toBeCloseTo(solution[i]!, 8));
      expect(found.converged).toBe(true);
    }
  });

  it("of one term is the right side, scaled", async () => {
    const { solution } = await neumannSeries(positive, right, {
      terms: 1,
      stepSize: 0.5,
    });
    expect([...solution]).toEqual([...right].map((x) => x / 2));
  });

  it("says that a step size is too large", async () => {
    await expect(neumannSeries(positive, right, { stepSize: 1 })).rejects
      .toThrow("take a smaller one");
  });
});

/** Examples of which half of the features matter. */
function examples(kind: RegressionKind, count: number, seed: string): Examples {
  const { normal, uniform } = randomStream(seed);
  const d = 20;
  const features = Float64Array.from({ length: count * d }, normal);
  const targets = Float64Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j += 2) sum += features[i * d + j]! / (1 + j / 4);
    if (kind === "ridge") return sum + normal();
    return uniform() < 1 / (1 + Math.exp(-sum)) ? 1 : 0;
  });
  return { features, targets };
}

describe("implicitGradient()", () => {
  it("refuses a direct gradient of another length", async () => {
    await expect(implicitGradient({
      outerGradient: right,
      hvp: positive,
      crossDerivative: (q) => q,
      directGradient: Float64Array.of(1),
    })).rejects.toThrow("directGradient has 1 numbers");
  });

  for (const kind of ["ridge", "logistic"] as const) {
    it(`of ${kind} regression with 20 penalties is within 1e-6 of central differences`, async () => {
      const model = new PenalizedRegression(kind, {
        train: examples(kind, 60, "train"),
        validation: examples(kind, 40, "validation"),
        test: examples(kind, 1, "test"),
      });
      const { uniform } = randomStream("penalties");
      const penalties = Float64Array.from(
        { length: 20 },
        () => 10 ** (3 * uniform() - 2),
      );
      const found = await model.gradient(model.train(penalties), penalties);
      const at = (logs: Float64Array) =>
        model.loss("validation", model.train(logs.map(Math.exp)));
      const logs = penalties.map(Math.log);
      // Fourth order, so that the differences themselves are exact enough.
      const h = 1e-2;
      const differences = logs.map((_, j) => {
        const f = (k: number) =>
          at(logs.map((x, i) => i === j ? x + k * h : x));
        return (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
      });
      const scale = Math.hypot(...differences);
      differences.forEach((difference, j) =>
        expect(Math.abs(found[j]! * penalties[j]! - difference) / scale)
          .toBeLessThan(1e-6)
      );
    });
  }
});
