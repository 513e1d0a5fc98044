import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  boolean,
  choice,
  float,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import {
  RandomForest,
  type RandomForestData,
  type RandomForestOptions,
} from "../../lib/surrogates/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const forestOf = (
  searched: Space,
  data: RandomForestData,
  options: Partial<RandomForestOptions> = {},
) =>
  new RandomForest(searched, data, { random: randomStream("f"), ...options });

describe("RandomForest", () => {
  it("predicts the only value there is, with no doubt", () => {
    expect(forestOf(line, { points: [[0.3]], values: [7] }).predict([0.9]))
      .toEqual({ mean: 7, sd: 0 });
  });

  it("predicts a constant without doubt", () => {
    const points = [[0.1], [0.5], [0.9], [0.9]];
    expect(forestOf(line, { points, values: [2, 2, 2, 2] }).predict([0.4]))
      .toEqual({ mean: 2, sd: 0 });
  });

  it("predicts mean and spread of trials that no split can tell apart", () => {
    const points = [[0.5], [0.5]];
    const options = { bootstrap: false };
    expect(forestOf(line, { points, values: [1, 3] }, options).predict([0.1]))
      .toEqual({ mean: 2, sd: 1 });
  });

  it("adds the spread between trees to the spread in their leaves", () => {
    // One split, between 0 and 1, at a threshold that each tree draws.
    const data = { points: [[0], [1]], values: [0, 1] };
    const { mean, sd } = forestOf(line, data, { bootstrap: false, trees: 500 })
      .predict([0.3]);
    expect(Math.abs(mean - 0.3)).toBeLessThan(0.07);
    expect(sd).toBeCloseTo(Math.sqrt(mean * (1 - mean)));
  });

  it("passes through the trials where all trees saw them", () => {
    const points = Array.from({ length: 20 }, (_, i) => [i / 20]);
    const values = points.map(([x]) => Math.sin(9 * x!));
    const forest = forestOf(line, { points, values }, { bootstrap: false });
    points.forEach((point, i) => {
      const { mean, sd } = forest.predict(point);
      expect(mean).toBeCloseTo(values[i]!);
      expect(sd).toBeCloseTo(0);
    });
  });

  it("passes through the trials with thresholds anywhere, and has no large jumps between them", () => {
    const points = Array.from({ length: 6 }, (_, i) => [i / 5]);
    const values = points.map(([x]) => x!);
    const jumps = (["best", "random"] as const).map((thresholds) => {
      const forest = forestOf(line, { points, values }, {
        bootstrap: false,
        trees: 40,
        thresholds,
      });
      points.forEach((point, i) => {
        expect(forest.predict(point).mean).toBeCloseTo(values[i]!);
      });
      let largest = 0;
      for (let x = 0; x < 1; x += 0.01) {
        const jump = forest.predict([x + 0.01]).mean - forest.predict([x]).mean;
        largest = Math.max(largest, Math.abs(jump));
      }
      return largest;
    });
    expect(Math.max(...jumps)).toBeLessThan(0.12);
  });

  it("ends where neighbors differ by their last digit", () => {
    const points = [[0.3], [0.1 + 0.2], [0.3], [0.1 + 0.2]];
    const values = [1, 2, 1, 2];
    for (const thresholds of ["best", "random"] as const) {
      const forest = forestOf(line, { points, values }, {
        bootstrap: false,
        trees: 50,
        thresholds,
      });
      expect(forest.predict([0.3])).toEqual({ mean: 1, sd: 0 });
      expect(forest.predict([0.1 + 0.2])).toEqual({ mean: 2, sd: 0 });
    }
  });

  it("predicts huge and tiny values", () => {
    for (const unit of [1e308, 1e-308, 5e-324]) {
      const values = [unit, -unit];
      const forest = forestOf(line, { points: [[0], [1]], values }, {
        bootstrap: false,
      });
      expect(forest.predict([0])).toEqual({ mean: unit, sd: 0 });
      expect(forest.predict([1])).toEqual({ mean: -unit, sd: 0 });
    }
  });

  it("keeps so many trials in a leaf", () => {
    const points = [[0.1], [0.2], [0.8], [0.9]];
    const options = { bootstrap: false, smallestLeaf: 2, trees: 1 };
    const forest = forestOf(line, { points, values: [1, 3, 10, 20] }, options);
    for (const [x, mean, sd] of [[0, 2, 1], [1, 15, 5]] as const) {
      expect(forest.predict([x]).mean).toBeCloseTo(mean, 12);
      expect(forest.predict([x]).sd).toBeCloseTo(sd, 12);
    }
  });

  it("divides categories by their values, not by their order", () => {
    const searched = space({
      c: choice(["a", "b", "c", "d"]),
    }) as unknown as Space;
    const points = [0, 1, 2, 3].flatMap((
      k,
    ) => [[(k + 0.5) / 4], [(k + 0.5) / 4]]);
    const values = [1, 1, 9, 9, 1, 1, 9, 9];
    const forest = forestOf(searched, { points, values }, { bootstrap: false });
    expect(points.map((point) => forest.predict(point).mean)).toEqual(values);
  });

  it("tells trials without a parameter from those with it", () => {
    const searched = space({
      on: boolean(),
      x: float(0, 1).when({ on: true }),
      k: choice(["a", "b"]).when({ on: true }),
    }) as unknown as Space;
    const forest = forestOf(searched, {
      points: [[0.25, NaN, NaN], [0.75, 0, 0.25], [0.75, 1, 0.75]],
      values: [5, 1, 2],
    }, { bootstrap: false });
    expect(forest.predict([0.25, NaN, NaN]).mean).toBe(5);
    expect(forest.predict([0.75, 0, 0.25]).mean).toBe(1);
  });

  it("finds the parameters that matter", () => {
    const searched = space({
      a: float(0, 1),
      b: float(0, 1),
      c: float(0, 1),
    }) as unknown as Space;
    const { uniform } = randomStream("points");
    const points = Array.from(
      { length: 200 },
      () => [uniform(), uniform(), uniform()],
    );
    const values = points.map(([a, b]) => 10 * a! + (b! > 0.5 ? 5 : 0));
    const forest = forestOf(searched, { points, values });
    const low = forest.predict([0.1, 0.2, 0.9]).mean;
    const high = forest.predict([0.9, 0.8, 0.1]).mean;
    expect(Math.abs(low - 1)).toBeLessThan(1.5);
    expect(Math.abs(high - 14)).toBeLessThan(1.5);
  });

  it("is the same for the same stream", () => {
    const data = { points: [[0.1], [0.4], [0.9]], values: [1, 4, 2] };
    expect(forestOf(line, data).predict([0.3]))
      .toEqual(forestOf(line, data).predict([0.3]));
  });

  it("predicts within the values that it saw, in any space", () => {
    fc.assert(
      fc.property(
        arbitrarySpace(),
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
          minLength: 1,
          maxLength: 30,
        }),
        (searched, values) => {
          const { uniform } = randomStream("any");
          const points = values.map(() =>
            searched.encode(searched.sample(uniform))
          );
          const forest = forestOf(searched, { points, values });
          const { mean, sd } = forest.predict(
            searched.encode(searched.sample(uniform)),
          );
          const slack = 1e-6 * Math.max(...values.map(Math.abs));
          expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - slack);
          expect(mean).toBeLessThanOrEqual(Math.max(...values) + slack);
          expect(sd).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("refuses data and options that make no sense", () => {
    expect(() => forestOf(line, { points: [], values: [] })).toThrow(
      /there are 0 points and 0 values, expected as many of both/,
    );
    expect(() => forestOf(line, { points: [[0]], values: [NaN] })).toThrow(
      RangeError,
    );
    const data = { points: [[0]], values: [1] };
    expect(() => forestOf(line, data, { trees: 0 })).toThrow(RangeError);
    expect(() => forestOf(line, data, { featureShare: 0 })).toThrow(RangeError);
    expect(() => forestOf(line, data, { thresholds: "none" as "best" }))
      .toThrow(
        /thresholds is none, expected "best" or "random"/,
      );
  });
});
