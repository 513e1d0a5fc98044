import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  growTrees,
  weightedQuantile,
} from "../../lib/curves/_boosted_trees.ts";
import { randomStream } from "../../lib/math/mod.ts";

const options = {
  quantile: 0.5,
  trees: 60,
  depth: 2,
  fewestRows: 10,
  learningRate: 0.2,
};
const ones = (n: number) => new Float64Array(n).fill(1);

describe("weightedQuantile()", () => {
  it("is 0 of nothing, and the lower median without weights", () => {
    expect(weightedQuantile(new Float64Array(), new Float64Array(), 0.5))
      .toBe(0);
    expect(weightedQuantile(Float64Array.of(9, 1, 5, 7), ones(4), 0.5))
      .toBe(5);
  });

  it("counts a value as often as it weighs", () => {
    const values = Float64Array.of(1, 2, 3);
    expect(weightedQuantile(values, Float64Array.of(5, 1, 1), 0.5)).toBe(1);
    expect(weightedQuantile(values, Float64Array.of(1, 1, 5), 0.5)).toBe(3);
  });
});

describe("growTrees()", () => {
  const random = randomStream("trees");
  const n = 600;
  const features = Float64Array.from(
    { length: 2 * n },
    () => random.uniform(),
  );
  const step = Float64Array.from(
    { length: n },
    (_, i) => features[2 * i]! > 0.5 ? 3 : -1,
  );

  it("gives the quantile where there are no trees, no rows to split, or no features that differ", () => {
    const targets = Float64Array.of(1, 2, 9);
    const few = growTrees(Float64Array.of(1, 2, 3), targets, ones(3), options);
    expect(few.predict([2])).toBe(2);
    const none = growTrees(features, step, ones(n), { ...options, trees: 0 });
    expect([3, -1]).toContain(none.predict([0.9, 0.1]));
    const flat = growTrees(new Float64Array(n), step, ones(n), options);
    expect(Math.abs(flat.predict([0]) - 1)).toBeLessThanOrEqual(2);
  });

  it("finds a step, and not in the feature that says nothing", () => {
    const grown = growTrees(features, step, ones(n), options);
    for (const other of [0.05, 0.5, 0.95]) {
      expect(grown.predict([0.8, other])).toBeCloseTo(3, 1);
      expect(grown.predict([0.2, other])).toBeCloseTo(-1, 1);
    }
  });

  it("parts a feature with two values, however rare one is", () => {
    const rare = Float64Array.from(
      { length: n },
      (_, i) => i % 20 === 7 ? 1 : 0,
    );
    const targets = rare.map((x) => 3 * x + 0.01 * random.normal());
    const trees = growTrees(rare, targets, ones(n), options);
    expect(trees.predict([1])).toBeCloseTo(3, 1);
    expect(trees.predict([0])).toBeCloseTo(0, 1);
  });

  it("bounds its share of the targets from above", () => {
    const targets = Float64Array.from(
      { length: n },
      (_, i) => features[2 * i]! + random.normal(),
    );
    const upper = growTrees(features, targets, ones(n), {
      ...options,
      quantile: 0.9,
    });
    const below =
      targets.filter((y, i) =>
        y <= upper.predict(features.subarray(2 * i, 2 * i + 2))
      ).length / n;
    expect(below).toBeGreaterThan(0.86);
    expect(below).toBeLessThan(0.94);
  });

  it("does not follow outliers: the absolute error is what counts", () => {
    const wild = step.map((y, i) => i % 10 === 0 ? 1e6 : y);
    const grown = growTrees(features, wild, ones(n), options);
    expect(grown.predict([0.2, 0.5])).toBeCloseTo(-1, 1);
  });
});
