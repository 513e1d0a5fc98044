import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import {
  GaussianProcess,
  logMarginalLikelihood,
  selfCovariance,
  toLogs,
} from "../../lib/surrogates/mod.ts";

// From scikit-learn and NumPy, by golden/gaussian_process.py.
import golden from "./golden/gaussian_process.json" with { type: "json" };

const cases = golden.cases.map((known) => ({
  known,
  data: {
    inputs: Float64Array.from(known.inputs),
    values: Float64Array.from(known.values),
    dimension: 3,
    numeric: 2,
  },
  points: Float64Array.from(known.points),
  logs: toLogs(known),
}));

function expectClose(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  error = 1e-8,
): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) {
    expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(
      error * Math.max(1, Math.abs(b[i]!)),
    );
  }
}

/** Slopes by central differences. */
function differences(
  f: (x: Float64Array) => number,
  x: Float64Array,
): Float64Array {
  return x.map((_, i) => {
    const h = 1e-5;
    const at = (shift: number) => f(x.map((y, j) => j === i ? y + shift : y));
    return (at(h) - at(-h)) / (2 * h);
  });
}

describe("logMarginalLikelihood()", () => {
  it("has scikit-learn's value and gradient, for mean 0", () => {
    for (const { known, data, logs } of cases) {
      const gradient = new Float64Array(5);
      const value = logMarginalLikelihood({ ...data, mean: 0 }, logs, gradient);
      expectClose([value], [known.logLikelihood]);
      expectClose(gradient, known.gradient);
    }
  });

  it("is largest at the mean that it takes if none is given", () => {
    for (const { known, data, logs } of cases) {
      const value = logMarginalLikelihood(data, logs);
      expectClose([value], [known.profiledLogLikelihood]);
      for (const shift of [-0.01, 0.01]) {
        const mean = known.bestMean + shift;
        expect(logMarginalLikelihood({ ...data, mean }, logs))
          .toBeLessThan(value);
      }
    }
  });

  it("has the gradient of finite differences, with that mean", () => {
    for (const { data, logs } of cases) {
      const gradient = new Float64Array(5);
      logMarginalLikelihood(data, logs, gradient);
      expectClose(
        gradient,
        differences((x) => logMarginalLikelihood(data, x), logs),
        1e-6,
      );
    }
  });

  it("is −Infinity where the covariances cannot be factored", () => {
    const data = {
      inputs: new Float64Array(2),
      values: Float64Array.of(0, 1),
      dimension: 1,
      numeric: 1,
    };
    expect(logMarginalLikelihood(data, Float64Array.of(0, 0, -800)))
      .toBe(-Infinity);
  });
});

describe("GaussianProcess", () => {
  it("has scikit-learn's means and deviations, for mean 0", () => {
    for (const { known, data, points } of cases) {
      const process = new GaussianProcess({ ...data, mean: 0 }, known);
      const { mean, sd } = process.predict(points);
      expectClose(mean, known.mean);
      expectClose(sd, known.sd);
      expectClose(process.predictMean(points), known.mean);
      expectClose([process.logLikelihood], [known.logLikelihood]);
    }
  });

  it("has bounds that are its means, and no less than its deviations", () => {
    for (const { known, data, points } of cases) {
      const process = new GaussianProcess(data, known);
      const { mean, sd } = process.predict(points);
      const bounds = process.predictBounds(points);
      expect(bounds.mean).toEqual(mean);
      sd.forEach((exact, i) =>
        expect(bounds.sd[i]).toBeGreaterThanOrEqual(exact)
      );
    }
  });

  it("is with other hyperparameters as if made with them", () => {
    const { known, data, points } = cases[1]!;
    const other = cases[2]!.known;
    expect(
      new GaussianProcess(data, known).withHyperparameters(other)
        .predict(points),
    ).toEqual(new GaussianProcess(data, other).predict(points));
  });

  it("takes the most likely mean if none is given", () => {
    for (const { known, data } of cases) {
      expectClose([new GaussianProcess(data, known).mean], [known.bestMean]);
    }
  });

  it("leaves values out as if they had not been there", () => {
    for (const { known, data } of cases) {
      const { mean, sd } = new GaussianProcess(data, known).leaveOneOut();
      expectClose(mean, known.leftOutMean);
      expectClose(sd, known.leftOutSd);
    }
  });

  it("has the slopes of scikit-learn's means and deviations, for mean 0", () => {
    for (const { known, data, points } of cases) {
      const process = new GaussianProcess({ ...data, mean: 0 }, known);
      for (let at = 0; at < points.length; at += 3) {
        const found = process.predictGradient(points.slice(at, at + 3));
        expectClose(
          found.meanGradient,
          known.meanGradient.slice(at, at + 3),
        );
        expectClose(found.sdGradient, known.sdGradient.slice(at, at + 3));
      }
    }
  });

  it("has the slopes of finite differences", () => {
    for (const { known, data, points } of cases) {
      const process = new GaussianProcess(data, known);
      for (let at = 0; at < points.length; at += 3) {
        const point = points.slice(at, at + 3);
        const found = process.predictGradient(point);
        const { mean, sd } = process.predict(point);
        expectClose([found.mean, found.sd], [mean[0]!, sd[0]!], 1e-12);
        expectClose(
          found.meanGradient,
          differences((x) => process.predict(x).mean[0]!, point)
            .map((slope, j) => j < 2 ? slope : 0),
          1e-6,
        );
        expectClose(
          found.sdGradient,
          differences((x) => process.predict(x).sd[0]!, point)
            .map((slope, j) => j < 2 ? slope : 0),
          1e-6,
        );
      }
    }
  });

  it("goes through the values where there is no noise", () => {
    const { known, data } = cases[1]!;
    const process = new GaussianProcess(data, { ...known, noise: 0 });
    const { mean, sd } = process.predict(data.inputs);
    expectClose(mean, data.values, 1e-9);
    expect(Math.max(...sd)).toBeLessThan(1e-5);
    expectClose(process.fittedMeans(), data.values, 1e-12);
  });

  it("has fitted means that are its means at the points", () => {
    const { known, data } = cases[2]!;
    const process = new GaussianProcess(data, known);
    expectClose(process.fittedMeans(), process.predictMean(data.inputs), 1e-10);
  });

  it("believes means without changing them, and is surer afterwards", () => {
    const { known, data, points } = cases[1]!;
    const before = new GaussianProcess(data, known);
    const after = before.condition(points);
    const elsewhere = Float64Array.of(0.5, 0.5, 1);
    expect(after.size).toBe(before.size + 7);
    expectClose(
      after.predict(elsewhere).mean,
      before.predict(elsewhere).mean,
      1e-10,
    );
    expect(after.predict(elsewhere).sd[0]).toBeLessThan(
      before.predict(elsewhere).sd[0]!,
    );
  });

  it("sees more values as if it had seen them from the beginning", () => {
    const { known, data, points } = cases[1]!;
    const values = Float64Array.from({ length: 7 }, (_, i) => i / 7);
    const grown = new GaussianProcess({ ...data, mean: 0.3 }, known)
      .condition(points, values);
    const whole = new GaussianProcess({
      ...data,
      inputs: Float64Array.of(...data.inputs, ...points),
      values: Float64Array.of(...data.values, ...values),
      mean: 0.3,
    }, known);
    expect(grown.predict(points)).toEqual(whole.predict(points));
  });

  it("adds jitter where points are the same and there is no noise, and says so", () => {
    const process = new GaussianProcess({
      inputs: new Float64Array(6),
      values: Float64Array.of(1, 2, 3, 1, 2, 3),
      dimension: 1,
      numeric: 1,
    }, { lengthscales: [1], outputScale: 1, noise: 0 });
    expect(process.jitter).toBeGreaterThan(0);
    expect(process.predict(Float64Array.of(0)).mean[0]).toBeCloseTo(2, 3);
  });

  it("draws functions that have its means and covariances", () => {
    const { known, data } = cases[0]!;
    const process = new GaussianProcess(data, known);
    const points = Float64Array.of(0.1, 0.2, 0, 0.9, 0.9, 2);
    const random = randomStream("draws");
    const draws = Array.from(
      { length: 4000 },
      () => process.sample(points, random),
    );
    const { mean, sd } = process.predict(points);
    for (const i of [0, 1]) {
      const average = draws.reduce((s, d) => s + d[i]! / draws.length, 0);
      const variance = draws.reduce(
        (s, d) => s + (d[i]! - average) ** 2 / draws.length,
        0,
      );
      expect(Math.abs(average - mean[i]!)).toBeLessThan(0.05);
      expect(Math.abs(Math.sqrt(variance) / sd[i]! - 1)).toBeLessThan(0.05);
    }
  });

  it("refuses what is not finite or does not fit", () => {
    const { known, data } = cases[0]!;
    const bad = { ...data, values: data.values.map(() => NaN) };
    expect(() => new GaussianProcess(bad, known)).toThrow(/is NaN, infinite/);
    expect(() => new GaussianProcess({ ...data, dimension: 2 }, known))
      .toThrow(/expected 2 columns a value/);
  });
});

describe("selfCovariance()", () => {
  it("has categories that differ as far apart as numbers one unit apart", () => {
    const hyper = { lengthscales: [0.7], outputScale: 2, noise: 0 };
    const of = (numeric: number, ...x: number[]) =>
      selfCovariance(
        { inputs: Float64Array.from(x), dimension: 1, numeric },
        hyper,
      )[2];
    expect(of(0, 0, 5)).toBe(of(1, 0, 1));
    expect(of(0, 5, 5)).toBe(2);
  });
});
