import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  drawPoint,
  type GaussianSearch,
  keepMargin,
  startSearch,
  updateSearch,
  valueAt,
  warmStartSearch,
} from "../../lib/evolution/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import golden from "./golden/cmaes.json" with { type: "json" };

/** Points and values in the order in which they rank. */
function ranked({ points, values }: { points: number[][]; values: number[] }) {
  return points.map((point, i) => ({ point, value: values[i]! }))
    .sort((a, b) => a.value - b.value)
    .map(({ point }) => ({ point: Float64Array.from(point) }));
}

function expectNear(
  found: ArrayLike<number>,
  expected: readonly number[],
): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(
      1e-10 * Math.max(1, Math.abs(value)),
    );
  });
}

const keys = ["mean", "covariance", "sigmaPath", "covariancePath"] as const;

describe("updateSearch()", () => {
  const half = Float64Array.of(0.5, 0.5, 0.5);

  for (const kind of ["full", "separable"] as const) {
    it(`moves a ${kind} distribution as cmaes does, to 1e-10`, () => {
      let search = startSearch({
        mean: half,
        sigma: 0.25,
        separable: kind === "separable",
      });
      for (const step of golden[kind]) {
        search = updateSearch(search, ranked(step));
        for (const key of keys) expectNear(search[key], step.after[key]);
        expectNear([search.sigma], [step.after.sigma]);
      }
    });
  }

  it("leaves the mean where the points lie evenly around it and all are equal", () => {
    const search = startSearch({ mean: Float64Array.of(0, 0), sigma: 1 });
    const points = [[1, 0], [-1, 0], [0, 1], [0, -1]]
      .map((point) => ({ point: Float64Array.from(point) }));
    const { mean } = updateSearch(search, points, [0, 0, 0, 0]);
    expect([...mean]).toEqual([0, 0]);
  });

  it("goes a little way only towards a point of others that is far away", () => {
    const search = startSearch({ mean: Float64Array.of(0, 0), sigma: 0.1 });
    const far = { point: Float64Array.of(100, 0), isForeign: true };
    const near = { point: Float64Array.of(0, 0.1) };
    const next = updateSearch(search, [far, near, near, near]);
    expect(next.mean[0]!).toBeGreaterThan(0);
    expect(next.mean[0]!).toBeLessThan(1);
  });

  it("does not change what it is given", () => {
    const search = startSearch({ mean: half, sigma: 0.25 });
    updateSearch(search, ranked(golden.full[0]!));
    expect([...search.mean]).toEqual([0.5, 0.5, 0.5]);
    expect(search.generation).toBe(0);
  });
});

describe("drawPoint()", () => {
  it("draws with the mean and the covariance of the search", () => {
    const covariance = Float64Array.of(4, 1.5, 1.5, 1);
    const search: GaussianSearch = startSearch({
      mean: Float64Array.of(1, -1),
      sigma: 0.5,
      covariance,
    });
    const random = randomStream("draw");
    const count = 20_000;
    const sums = [0, 0];
    const products = [0, 0, 0, 0];
    for (let k = 0; k < count; k++) {
      const point = drawPoint(search, random);
      const steps = point.map((x, j) => (x - search.mean[j]!) / 0.5);
      for (let i = 0; i < 2; i++) {
        sums[i]! += steps[i]! / count;
        for (let j = 0; j < 2; j++) {
          products[2 * i + j]! += steps[i]! * steps[j]! / count;
        }
      }
    }
    // Five standard deviations.
    sums.forEach((mean) => expect(Math.abs(mean)).toBeLessThan(0.08));
    products.forEach((value, i) =>
      expect(Math.abs(value - covariance[i]!)).toBeLessThan(0.2)
    );
  });
});

describe("keepMargin()", () => {
  it("changes nothing where all axes are continuous", () => {
    const before = {
      search: startSearch({ mean: Float64Array.of(0.5), sigma: 0.25 }),
      stretch: Float64Array.of(1),
    };
    expect(keepMargin(before, [null], 0.1)).toEqual(before);
  });

  it("moves and stretches as cmaes does, to 1e-10", () => {
    const { counts, steps } = golden.margin;
    const edges = counts.map((count) =>
      count === null
        ? null
        : Float64Array.from({ length: count - 1 }, (_, k) => (k + 1) / count)
    );
    let search = startSearch({
      mean: new Float64Array(4).fill(0.5),
      sigma: 0.25,
    });
    let stretch = new Float64Array(4).fill(1);
    for (const step of steps) {
      ({ search, stretch } = keepMargin(
        { search: updateSearch(search, ranked(step)), stretch },
        edges,
        1 / (4 * step.points.length),
      ) as { search: GaussianSearch; stretch: Float64Array<ArrayBuffer> });
      for (const key of keys) expectNear(search[key], step.after[key]);
      expectNear(stretch, step.after.stretch);
    }
  });
});

describe("valueAt()", () => {
  it("counts the edges below a place", () => {
    const edges = Float64Array.of(0.25, 0.5, 0.75);
    expect([-1, 0.2, 0.3, 0.6, 0.9, 2].map((place) => valueAt(edges, place)))
      .toEqual([0, 0, 1, 2, 3, 3]);
  });
});

describe("warmStartSearch()", () => {
  it("wants a solution with a value", () => {
    expect(() => warmStartSearch([{ point: [0], value: NaN }])).toThrow(
      /no solutions with a value/,
    );
  });

  it("learns the start that cmaes learns, to 1e-10", () => {
    const { sources, mean, sigma, covariance } = golden.warmStart;
    const start = warmStartSearch(sources, { gamma: 0.2, alpha: 0.1 });
    expectNear(start.mean, mean);
    expectNear([start.sigma], [sigma]);
    expectNear(start.covariance, covariance);
  });
});
