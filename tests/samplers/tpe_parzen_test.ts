import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { normalCdf, normalPdf, randomStream } from "../../lib/math/mod.ts";
import { ParzenEstimator } from "../../lib/samplers/_tpe_parzen.ts";
import type { KernelAxis } from "../../lib/samplers/_tpe_kernels.ts";
import {
  rankWeights,
  recencyWeights,
  thinned,
  TpeModel,
} from "../../lib/samplers/_tpe_model.ts";

const continuum: KernelAxis = { kind: "continuous" };
const steps = (count: number): KernelAxis => ({
  kind: "stepped",
  centers: Float64Array.from({ length: count }, (_, k) => (k + 0.5) / count),
  edges: Float64Array.from({ length: count + 1 }, (_, k) => k / count),
});
const categories = (count: number): KernelAxis => ({
  kind: "categorical",
  count,
});
const estimator = (
  axes: readonly KernelAxis[],
  points: readonly number[][],
  weights = points.map(() => 1),
) => {
  const density = new ParzenEstimator(axes);
  density.fit({ points, weights, priorWeight: 1 });
  return density;
};
const midpoints = (count: number) =>
  Array.from({ length: count }, (_, i) => (i + 0.5) / count);

describe("ParzenEstimator", () => {
  it("is uniform without points", () => {
    const density = estimator([continuum, steps(4), categories(5)], []);
    expect(density.components).toBe(1);
    expect(density.logDensity([0.2, 1, 3])).toBeCloseTo(-Math.log(20));
  });

  it("is, of one point, the mean of its cut normal distribution and 1", () => {
    const density = estimator([continuum], [[0.4]]);
    // A lone point reaches to the farther end: its bandwidth is 0.6.
    const mass = normalCdf(1) - normalCdf(-0.4 / 0.6);
    for (const x of [0, 0.4, 0.9]) {
      const kernel = normalPdf((x - 0.4) / 0.6) / 0.6 / mass;
      expect(density.logDensity([x])).toBeCloseTo(Math.log((kernel + 1) / 2));
    }
  });

  it("weighs its components", () => {
    const density = estimator([categories(2)], [[0], [1]], [3, 1]);
    // Kernels (1 + b, b) / (1 + 2 b), b = 1/3; weights 3, 1 and 1 of the prior.
    expect(Math.exp(density.logDensity([0])))
      .toBeCloseTo((3 * 0.8 + 0.2 + 0.5) / 5);
  });

  it("integrates to 1 over a continuum, with points at the very ends too", () => {
    const density = estimator([continuum], [[0], [0.31], [0.32], [1], [1]]);
    const sum = midpoints(20_000).reduce(
      (total, x) => total + Math.exp(density.logDensity([x])),
      0,
    );
    expect(sum / 20_000).toBeCloseTo(1, 6);
  });

  it("sums to 1 over steps and categories together with a continuum", () => {
    const density = estimator(
      [continuum, steps(3), categories(4)],
      [[0.1, 0, 3], [0.5, NaN, 1], [NaN, 2, 1], [0.97, 2, NaN]],
    );
    let sum = 0;
    for (const x of midpoints(400)) {
      for (let step = 0; step < 3; step++) {
        for (let category = 0; category < 4; category++) {
          sum += Math.exp(density.logDensity([x, step, category])) / 400;
        }
      }
    }
    expect(sum).toBeCloseTo(1, 5);
  });

  it("leaves out axes that are inactive at a place", () => {
    const both = estimator([continuum, continuum], [[0.2, NaN], [0.7, 0.4]]);
    const one = estimator([continuum], [[0.2], [0.7]]);
    expect(both.logDensity([0.3, NaN])).toBeCloseTo(one.logDensity([0.3]));
  });

  it("draws with its own density on a continuum (Kolmogorov and Smirnov)", () => {
    const density = estimator([continuum], [[0.03], [0.1], [0.6]]);
    const { uniform } = randomStream("draws");
    const shares = density.sharesGiven([NaN]);
    const count = 4000;
    const drawn = Float64Array.from(
      { length: count },
      () => density.draw(uniform, shares)[0]!,
    ).sort();
    const cells = 4000;
    let mass = 0;
    let distance = 0;
    let below = 0;
    midpoints(cells).forEach((x, i) => {
      mass += Math.exp(density.logDensity([x])) / cells;
      while (below < count && drawn[below]! < (i + 1) / cells) below++;
      distance = Math.max(distance, Math.abs(below / count - mass));
    });
    // The 1 % point of the statistic is 1.63 / √n.
    expect(distance).toBeLessThan(1.63 / Math.sqrt(count));
  });

  it("draws with its own masses on steps and among categories", () => {
    const density = estimator([steps(4), categories(3)], [[1, 0], [3, 2]]);
    const { uniform } = randomStream("draws");
    const shares = density.sharesGiven([NaN, NaN]);
    const count = 6000;
    const found = new Float64Array(12);
    for (let i = 0; i < count; i++) {
      const [step, category] = density.draw(uniform, shares);
      found[3 * step! + category!]!++;
    }
    let chiSquare = 0;
    for (let cell = 0; cell < 12; cell++) {
      const place = [Math.floor(cell / 3), cell % 3];
      const expected = count * Math.exp(density.logDensity(place));
      chiSquare += (found[cell]! - expected) ** 2 / expected;
    }
    // The 1 % point of χ² with 11 degrees of freedom.
    expect(chiSquare).toBeLessThan(24.7);
  });

  it("draws near the points that fit what is known", () => {
    const density = estimator([categories(2), continuum], [
      ...Array(5).fill([0, 0.1]),
      ...Array(5).fill([1, 0.9]),
    ]);
    const { uniform } = randomStream("known");
    const shares = density.sharesGiven([1, NaN]);
    const drawn = Array.from(
      { length: 200 },
      () => density.draw(uniform, shares)[1]!,
    );
    expect(drawn.filter((x) => x > 0.5).length).toBeGreaterThan(140);
  });
});

describe("TpeModel", () => {
  it("scores a place near good points higher than one near bad points", () => {
    const model = new TpeModel([continuum]).fit({
      good: [[0.2], [0.25]],
      bad: [[0.7], [0.8], [0.9]],
      priorWeight: 1,
    });
    expect(model.score([0.22])).toBeGreaterThan(model.score([0.5]));
    expect(model.score([0.5])).toBeGreaterThan(model.score([0.8]));
  });

  it("scores every place 0 without points", () => {
    const model = new TpeModel([continuum]).fit({
      good: [],
      bad: [],
      priorWeight: 1,
    });
    expect(model.score([0.3])).toBe(0);
  });
});

describe("TpeModel.mostPromising()", () => {
  const axes = [continuum, steps(4), categories(3)];
  const point = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 2 }),
  ).map((coordinates) => Float64Array.from(coordinates));
  const points = fc.array(point, { maxLength: 30 });

  it("finds nothing among no places, or where none is allowed", () => {
    const model = new TpeModel([continuum]);
    expect(model.mostPromising([])).toBe(null);
    expect(model.mostPromising([Float64Array.of(0.2)], () => false))
      .toBe(null);
  });

  it("finds the place of the highest score among those allowed, the first of equals", () => {
    fc.assert(fc.property(points, points, points, (good, bad, places) => {
      const model = new TpeModel(axes).fit({ good, bad, priorWeight: 1 });
      const isAllowed = (place: Float64Array) => place[2] !== 1;
      let best: Float64Array | null = null;
      for (const place of places.filter(isAllowed)) {
        if (best === null || model.score(place) > model.score(best)) {
          best = place;
        }
      }
      expect(model.mostPromising(places, isAllowed)).toBe(best);
    }));
  });
});

describe("TpeModel.fit()", () => {
  it("leaves nothing of the points before", () => {
    const few = { good: [[0.2]], bad: [[0.7], [0.9]], priorWeight: 1 };
    const many = {
      good: midpoints(9).map((x) => [x]),
      bad: midpoints(40).map((x) => [x]),
      priorWeight: 2,
    };
    const used = new TpeModel([continuum]).fit(few).fit(many).fit(few);
    const fresh = new TpeModel([continuum]).fit(few);
    for (const x of midpoints(10)) {
      expect(used.score([x])).toBe(fresh.score([x]));
    }
  });
});

describe("ParzenEstimator.logDensity()", () => {
  const axes = [continuum, steps(4), categories(3)];

  it("of the last component alone is the prior's share", () => {
    const density = estimator(axes, [[0.2, 1, 1], [0.8, NaN, 2]]);
    expect(density.logDensity([0.1, 1, 2], 1)).toBeCloseTo(-Math.log(3 * 12));
  });

  it("grows with the components that are asked, to that of all", () => {
    const density = estimator(
      axes,
      midpoints(30).map((x, n) => [x, n % 4, n % 3]),
    );
    for (const x of midpoints(10)) {
      const logs = [1, 5, 20, 31, 40].map((latest) =>
        density.logDensity([x, 3, 2], latest)
      );
      expect(logs).toEqual(logs.toSorted((a, b) => a - b));
      expect(logs[3]).toBe(density.logDensity([x, 3, 2]));
      expect(logs[4]).toBe(logs[3]);
    }
  });
});

describe("rankWeights()", () => {
  it("falls with the rank and has mean 1", () => {
    expect([...rankWeights(0)]).toEqual([]);
    expect([...rankWeights(1)]).toEqual([1]);
    const [first, second] = rankWeights(2);
    expect(first! + second!).toBeCloseTo(2);
    expect(first! / second!).toBeCloseTo(Math.log(3) / Math.log(1.5));
  });
});

describe("recencyWeights()", () => {
  it("is 1 for the last 25, and rises evenly from 1/n before", () => {
    expect([...recencyWeights(25)]).toEqual(Array(25).fill(1));
    const weights = recencyWeights(29);
    expect(weights[0]).toBeCloseTo(1 / 29);
    expect(weights[1]! - weights[0]!).toBeCloseTo(weights[2]! - weights[1]!);
    expect([...weights.slice(3)]).toEqual(Array(26).fill(1));
  });
});

describe("thinned()", () => {
  it("keeps what is few, and of many an even choice with the last", () => {
    expect(thinned([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(thinned([1, 2, 3, 4, 5, 6], 2)).toEqual([3, 6]);
  });
});
