import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream, symmetricEigenvalues } from "../../lib/math/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import {
  branchedFeaturesOf,
  crossCovariance,
  featuresOf,
  fitHyperparameters,
  GaussianProcess,
  logMarginalLikelihood,
  priorCenter,
  selfCovariance,
} from "../../lib/surrogates/mod.ts";
import { knownFeatures } from "../../lib/surrogates/_known_features.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { floats } from "../support/spaces.ts";

const learners = space({
  learner: choice(["trees", "linear"]),
  depth: float(0, 1).when({ learner: "trees" }),
  leaf: float(0, 1).when({ learner: "trees" }),
  penalty: choice(["l1", "l2"]).when({ learner: "linear" }),
});
const features = branchedFeaturesOf(learners);

/** Points of a space drawn at random, as data with made-up values. */
function dataOf(space: Space, count: number, seed: string) {
  const random = randomStream("branches test", seed);
  const { dimension, numeric, branches, encode } = branchedFeaturesOf(space);
  const inputs = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const unit = space.encode(space.sample(random.uniform));
    encode(unit, inputs, i * dimension);
  }
  const values = Float64Array.from({ length: count }, () => random.normal());
  const lengthscales = Float64Array.from(
    { length: dimension },
    () => Math.exp(0.7 * random.normal()),
  );
  return {
    data: { inputs, values, dimension, numeric, branches },
    hyperparameters: { lengthscales, outputScale: 1.3, noise: 0.01 },
  };
}

const isConditional = (space: Space) => space.isConditional;
const conditional = arbitrarySpace().filter(isConditional);

describe("branchedFeaturesOf()", () => {
  it("is featuresOf() where there are no conditions", () => {
    const plain = floats(3);
    const { branches, dimension } = branchedFeaturesOf(plain);
    expect(branches).toBeUndefined();
    expect(dimension).toBe(featuresOf(plain).dimension);
  });

  it("adds a column for what is active together, and says whether it is", () => {
    expect(features.dimension).toBe(6);
    expect(features.branches?.shared).toEqual([2]);
    expect(features.branches?.parts).toEqual([
      { columns: [0, 1], switch: 4 },
      { columns: [3], switch: 5 },
    ]);
    const trees = { learner: "trees", depth: 0.2, leaf: 0.4 } as const;
    expect([...features.encode(learners.encode(trees))])
      .toEqual([0.2, 0.4, 0, -1, 1, 0]);
    const linear = { learner: "linear", penalty: "l2" } as const;
    expect([...features.encode(learners.encode(linear))])
      .toEqual([0.5, 0.5, 1, 1, 0, 1]);
  });

  it("knows how many parameters there are beside each", () => {
    const [depth, leaf, learner, penalty] = features.branches!.company;
    expect([depth, leaf, penalty]).toEqual([3, 3, 2]);
    expect(Math.abs(learner! - 2.5)).toBeLessThan(0.1);
  });
});

describe("knownFeatures()", () => {
  it("has branches where at most half of the parameters are active at once", () => {
    const flag = space({
      x: float(0, 1),
      on: choice(["yes", "no"]),
      y: float(0, 1).when({ on: "yes" }),
    });
    expect(knownFeatures(flag).branches).toBeUndefined();
    const three = space({
      learner: choice(["a", "b", "c"]),
      a: float(0, 1).when({ learner: "a" }),
      b: float(0, 1).when({ learner: "b" }),
      c: float(0, 1).when({ learner: "c" }),
    });
    expect(knownFeatures(three).branches?.parts.length).toBe(3);
    expect(knownFeatures(three)).toBe(knownFeatures(three));
  });
});

describe("priorCenter()", () => {
  it("takes only what is active together for the dimension", () => {
    const { lengthscales } = priorCenter(features);
    expect(lengthscales[0]).toBe(0.5 * Math.sqrt(3));
    expect(lengthscales[3]).toBe(0.5 * Math.sqrt(2));
    expect(priorCenter({ dimension: 6 })).toEqual(priorCenter(6));
  });
});

describe("the kernel of branches", () => {
  const lengthscales = [0.4, 0.9, 1.1, 0.7, 1.5, 2];
  const hyperparameters = { lengthscales, outputScale: 2, noise: 0 };
  const share = (column: number) => Math.exp(-0.5 / lengthscales[column]! ** 2);
  const matern = (square: number) => {
    const far = Math.sqrt(5 * square);
    return (1 + far + far * far / 3) * Math.exp(-far);
  };
  const pointOf = (params: typeof learners.configurationType) =>
    features.encode(learners.encode(learners.validate(params)));
  const covariance = (a: Float64Array, b: Float64Array) =>
    crossCovariance({ ...features, inputs: a }, b, hyperparameters)[0]!;
  const tree = pointOf({ learner: "trees", depth: 0.2, leaf: 0.4 });
  const other = pointOf({ learner: "trees", depth: 0.5, leaf: 0.9 });
  const linear = pointOf({ learner: "linear", penalty: "l1" });

  it("is the output scale where points are the same", () => {
    expect(covariance(tree, tree)).toBeCloseTo(2, 14);
    expect(covariance(linear, linear)).toBeCloseTo(2, 14);
  });

  it("is what branches have in common, and the rest by their own parameters, within a branch", () => {
    const own = matern((0.3 / 0.4) ** 2 + (0.5 / 0.9) ** 2);
    const common = share(4) ** 2;
    expect(covariance(tree, other))
      .toBeCloseTo(2 * (common + (1 - common) * own), 14);
  });

  it("is the same for all points of two branches", () => {
    const between = 2 * matern(1 / 1.1 ** 2) * share(4) * share(5);
    expect(covariance(tree, linear)).toBeCloseTo(between, 14);
    expect(covariance(other, linear)).toBeCloseTo(between, 14);
  });

  it("leaves a branch unknown but near its only trial", () => {
    const data = { ...features, inputs: tree, values: Float64Array.of(1) };
    const process = new GaussianProcess(
      { ...data, mean: 0 },
      { ...hyperparameters, noise: 1e-6 },
    );
    const far = pointOf({ learner: "trees", depth: 1, leaf: 1 });
    const known = process.predict(tree).sd[0]!;
    const unknown = process.predict(far).sd[0]!;
    expect(known).toBeLessThan(2e-3);
    expect(unknown).toBeGreaterThan(Math.sqrt(2 * (1 - share(4) ** 2)));
  });

  it("is a covariance over any space", () => {
    fc.assert(
      fc.property(conditional, fc.string(), (space, seed) => {
        const { data, hyperparameters } = dataOf(space, 12, seed);
        const matrix = selfCovariance(data, hyperparameters);
        for (let a = 0; a < 12; a++) {
          expect(matrix[13 * a]).toBe(1.3);
          for (let b = 0; b < a; b++) matrix[b * 12 + a] = matrix[a * 12 + b]!;
        }
        const least = symmetricEigenvalues(matrix, 12)[11]!;
        expect(least).toBeGreaterThan(-1e-10);
      }),
      { numRuns: 60 },
    );
  });

  it("has the slopes of finite differences, in hyperparameters and in points", () => {
    const h = 1e-5;
    fc.assert(
      fc.property(conditional, fc.string(), (space, seed) => {
        const { data, hyperparameters } = dataOf(space, 10, seed);
        const logs = Float64Array.of(
          ...Array.from(hyperparameters.lengthscales, Math.log),
          0.3,
          -3,
        );
        const gradient = new Float64Array(logs.length);
        logMarginalLikelihood(data, logs, gradient);
        const moved = (x: Float64Array, i: number, by: number) =>
          x.map((y, j) => j === i ? y + by : y);
        logs.forEach((_, i) => {
          const at = (by: number) =>
            logMarginalLikelihood(data, moved(logs, i, by));
          const slope = (at(h) - at(-h)) / (2 * h);
          expect(Math.abs(slope - gradient[i]!)).toBeLessThan(
            1e-6 * (1 + Math.abs(slope)),
          );
        });
        const process = new GaussianProcess(data, hyperparameters);
        const point = data.inputs.slice(0, data.dimension).map((x, j) =>
          j < data.numeric ? x + 0.013 : x
        );
        const slopes = process.predictGradient(point);
        for (let j = 0; j < data.numeric; j++) {
          const at = (by: number) => process.predict(moved(point, j, by));
          const [up, down] = [at(h), at(-h)];
          const mean = (up.mean[0]! - down.mean[0]!) / (2 * h);
          const sd = (up.sd[0]! - down.sd[0]!) / (2 * h);
          expect(Math.abs(mean - slopes.meanGradient[j]!)).toBeLessThan(1e-5);
          expect(Math.abs(sd - slopes.sdGradient[j]!)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is fitted with the same answer each time", () => {
    const { data } = dataOf(learners as unknown as Space, 15, "fit");
    expect(fitHyperparameters(data)).toEqual(fitHyperparameters(data));
  });
});
