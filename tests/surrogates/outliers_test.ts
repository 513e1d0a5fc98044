import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { outlierNoise } from "../../lib/surrogates/_outliers.ts";
import {
  fitSurrogate,
  GaussianProcess,
  logMarginalLikelihood,
  toLogs,
} from "../../lib/surrogates/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";

const hyperparameters = { lengthscales: [0.3], outputScale: 1, noise: 0.01 };

/** A wave with a little noise, and at some places something else. */
function waveWith(others: Readonly<Record<number, number>>) {
  const random = randomStream("wave");
  const n = 24;
  const inputs = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
  const values = inputs.map((x, i) =>
    others[i] ?? Math.sin(6 * x) + 0.1 * random.normal()
  );
  return { inputs, values, dimension: 1, numeric: 1 };
}

describe("outlierNoise()", () => {
  it("is null where nothing is far off, and with few values", () => {
    expect(outlierNoise(waveWith({}), hyperparameters)).toBeNull();
    const few = {
      inputs: Float64Array.of(0, 0.01, 0.02),
      values: Float64Array.of(0, 9, 0),
      dimension: 1,
      numeric: 1,
    };
    expect(outlierNoise(few, hyperparameters)).toBeNull();
  });

  it("finds what is far off, good or bad, and not its neighbors", () => {
    const extra = outlierNoise(waveWith({ 5: -4, 14: 6 }), hyperparameters)!;
    const found = Array.from(extra).flatMap((e, i) => e > 0 ? [i] : []);
    expect(found).toEqual([5, 14]);
  });

  it("brings the process back to where it was without", () => {
    const data = waveWith({ 5: -4 });
    const extraNoise = outlierNoise(data, hyperparameters)!;
    const at = (process: GaussianProcess) =>
      process.predict(Float64Array.of(5 / 23)).mean[0]!;
    const clean = at(new GaussianProcess(waveWith({}), hyperparameters));
    const plain = at(new GaussianProcess(data, hyperparameters));
    const robust = at(
      new GaussianProcess({ ...data, extraNoise }, hyperparameters),
    );
    expect(Math.abs(plain - clean)).toBeGreaterThan(0.5);
    expect(Math.abs(robust - clean)).toBeLessThan(0.15);
  });
});

describe("extra noise", () => {
  const data = waveWith({ 5: -4 });
  const extraNoise = new Float64Array(24).fill(0.04);

  it("is noise: the same for all is σ² that is so much larger", () => {
    const more = { ...hyperparameters, noise: 0.05 };
    const process = new GaussianProcess(
      { ...data, extraNoise },
      hyperparameters,
    );
    const same = new GaussianProcess(data, more);
    expect(process.logLikelihood).toBeCloseTo(same.logLikelihood, 10);
    process.fittedMeans().forEach((mean, i) =>
      expect(mean).toBeCloseTo(same.fittedMeans()[i]!, 10)
    );
    const points = Float64Array.of(0.31);
    expect(process.condition(points).predict(Float64Array.of(0.3)).sd[0])
      .toBeLessThan(process.predict(Float64Array.of(0.3)).sd[0]!);
  });

  it("leaves the likelihood's slopes right", () => {
    const noisy = { ...data, extraNoise };
    const logs = toLogs(hyperparameters);
    const gradient = new Float64Array(3);
    const value = logMarginalLikelihood(noisy, logs, gradient);
    expect(value).toBeCloseTo(
      new GaussianProcess(noisy, hyperparameters).logLikelihood,
      10,
    );
    gradient.forEach((slope, i) => {
      const at = (step: number) =>
        logMarginalLikelihood(noisy, logs.with(i, logs[i]! + step));
      expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(slope, 5);
    });
  });

  it("is refused where it is negative or not a number", () => {
    for (const bad of [-1, NaN, Infinity]) {
      expect(() =>
        new GaussianProcess(
          { ...data, extraNoise: extraNoise.with(3, bad) },
          hyperparameters,
        )
      ).toThrow(RangeError);
    }
  });
});

describe("fitSurrogate({ outliers: true })", () => {
  it("does not take a lucky value for the function", () => {
    const s = space({ x: float(0, 1) });
    const { uniform } = randomStream("lucky");
    const trials = Array.from({ length: 30 }, (_, n) => {
      const x = uniform();
      const value = n === 17 ? -9 : (x - 0.2) ** 2 + 0.02 * uniform();
      return trialOf(n, { x }, { value });
    });
    const view = viewOf(s, trials);
    const lucky = trials[17]!.params;
    const plain = fitSurrogate(view).predict(lucky).mean;
    const robust = fitSurrogate(view, { outliers: true }).predict(lucky).mean;
    expect(robust).toBeGreaterThan(plain);
  });
});
