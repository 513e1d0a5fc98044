import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { logLengthPrior } from "../../lib/surrogates/_length_prior.ts";
import { float, space } from "../../lib/space/mod.ts";
import { featuresOf, fitHyperparameters } from "../../lib/surrogates/mod.ts";
import { fitted } from "../../lib/surrogates/_fit_schedule.ts";
import { randomStream } from "../../lib/math/mod.ts";

const centers = Float64Array.of(0.2, -0.1, 0.4);

describe("logLengthPrior()", () => {
  it("is 0 at the centers", () => {
    for (const alike of [false, true]) {
      expect(logLengthPrior(centers, { centers, alike })).toBeCloseTo(0, 14);
    }
  });

  it("is the normal distribution's where columns stand for themselves", () => {
    const logs = Float64Array.of(1.2, -0.1, -1.6);
    expect(logLengthPrior(logs, { centers, alike: false }))
      .toBeCloseTo(-0.5 * (1 + 0 + 4), 12);
  });

  it("takes a step of all together for one, where they are alike", () => {
    const logs = centers.map((c) => c + 1.5);
    expect(logLengthPrior(logs, { centers, alike: true }))
      .toBeCloseTo(-0.5 * 1.5 ** 2, 12);
  });

  it("bears a column that differs much better than a normal distribution of that width", () => {
    const logs = centers.with(0, centers[0]! + 3);
    const value = logLengthPrior(logs, { centers, alike: true });
    // v = (2, −1, −1) / 0.3, by hand: −½ − 1.5 (log(1 + 200/9) + 2 log(1 + 50/9)).
    const byHand = -0.5 -
      1.5 * (Math.log(1 + 200 / 9) + 2 * Math.log(1 + 50 / 9));
    expect(value).toBeCloseTo(byHand, 10);
    expect(value).toBeGreaterThan(-0.5 - 0.5 * 6 / 0.09);
  });

  it("has the slopes that differences show", () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
          minLength: 3,
          maxLength: 3,
        }),
        fc.boolean(),
        (numbers, alike) => {
          const logs = Float64Array.from(numbers);
          const gradient = new Float64Array(3);
          logLengthPrior(logs, { centers, alike }, gradient);
          const h = 1e-5;
          gradient.forEach((slope, j) => {
            const at = (step: number) =>
              logLengthPrior(logs.with(j, logs[j]! + step), { centers, alike });
            expect(Math.abs((at(h) - at(-h)) / (2 * h) - slope))
              .toBeLessThan(1e-5);
          });
        },
      ),
    ));
});

describe("lengthscales of many columns", () => {
  const spreadOf = (lengthscales: Float64Array) => {
    const logs = Array.from(lengthscales, Math.log);
    return Math.max(...logs) - Math.min(...logs);
  };
  const d = 20;
  const random = randomStream("many columns");
  const box = space(
    Object.fromEntries(
      Array.from({ length: d }, (_, i) => [`x${i}`, float(0, 1)]),
    ),
  );
  const units = Array.from(
    { length: 24 },
    () => Float64Array.from({ length: d }, random.uniform),
  );
  const fitOf = (f: (unit: Float64Array) => number, isConditional = false) =>
    fitted(
      { ...featuresOf(box), isConditional },
      units.map((unit, number) => ({
        number,
        unit,
        value: f(unit),
        isPruned: false,
      })),
    );

  it("are alike where nothing speaks against it, and in conditional spaces each stands for itself", () => {
    const bowl = (unit: Float64Array) =>
      unit.reduce((sum, u) => sum + (u - 0.4) ** 2, 0);
    const { lengthscales } = fitOf(bowl);
    expect(spreadOf(lengthscales)).toBeLessThan(1);
    expect(spreadOf(fitOf(bowl, true).lengthscales))
      .toBeGreaterThan(2 * spreadOf(lengthscales));
  });

  it("find the one column that matters", () => {
    const inputs = Float64Array.from({ length: 60 * d }, random.uniform);
    const values = Float64Array.from(
      { length: 60 },
      (_, i) => 1.4 * Math.sin(6 * inputs[i * d + 3]!),
    );
    const { lengthscales } = fitHyperparameters(
      { inputs, values, dimension: d, numeric: d },
      { alike: true },
    );
    const others = lengthscales.filter((_, j) => j !== 3);
    expect(Math.min(...others) / lengthscales[3]!).toBeGreaterThan(5);
  });
});
