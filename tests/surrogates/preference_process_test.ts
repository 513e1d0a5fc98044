import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  normalLogCdf,
  normalLogPdf,
  randomStream,
} from "../../lib/math/mod.ts";
import { minimize, preferredAttribute } from "../../lib/records/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import {
  expectedPreferenceGain,
  fitUtility,
  PreferenceProcess,
} from "../../lib/surrogates/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";
import golden from "./golden/preference_process.json" with { type: "json" };

const flat = (rows: readonly (readonly number[])[]) =>
  Float64Array.from(rows.flat());
const line = { dimension: 1, numeric: 1 };
const usual = { lengthscales: [0.5], outputScale: 4 };

describe("PreferenceProcess", () => {
  it("with nothing said is the process that it was before", () => {
    const process = new PreferenceProcess({
      ...line,
      inputs: new Float64Array(0),
      pairs: [],
    }, usual);
    const { mean, sd } = process.predict(Float64Array.of(0.2, 0.8));
    expect([...mean]).toEqual([0, 0]);
    expect([...sd]).toEqual([2, 2]);
    expect(process.logLikelihood).toBeCloseTo(0, 12);
  });

  it("of one comparison of points far apart has the mode that can be reckoned by hand", () => {
    const process = new PreferenceProcess(
      { ...line, inputs: Float64Array.of(0, 1e6), pairs: [[1, 0]] },
      usual,
    );
    const [worse, better] = process.predict(Float64Array.of(0, 1e6)).mean;
    expect(worse).toBeCloseTo(-better!, 6);
    // δ / 2 s² = φ(δ) / Φ(δ)
    const delta = better! - worse!;
    expect(delta / 8).toBeCloseTo(
      Math.exp(normalLogPdf(delta) - normalLogCdf(delta)),
      6,
    );
  });

  it(`is what ${golden.origin} finds with dense inverses`, () => {
    const process = new PreferenceProcess({
      inputs: flat(golden.inputs),
      dimension: 2,
      numeric: 2,
      pairs: golden.pairs.map(([b, w]) => [b!, w!] as const),
    }, golden);
    const points = flat(golden.points);
    const { mean, sd } = process.predict(points);
    const between = process.differences(points, points);
    golden.mean.forEach((expected, i) => {
      expect(mean[i]).toBeCloseTo(expected, 6);
      expect(sd[i]! ** 2).toBeCloseTo(golden.covariance[i]![i]!, 6);
      golden.mean.forEach((other, j) => {
        const { covariance: c } = golden;
        const variance = c[i]![i]! + c[j]![j]! - 2 * c[i]![j]!;
        expect(between.mean[3 * i + j]).toBeCloseTo(expected - other, 6);
        expect(between.sd[3 * i + j]! ** 2).toBeCloseTo(variance, 6);
      });
    });
    expect(process.logLikelihood).toBeCloseTo(golden.logLikelihood, 6);
  });

  it("takes answers that contradict each other, a hundred times", () => {
    const pairs = Array.from(
      { length: 200 },
      (_, i) => i % 2 ? [0, 1] as const : [1, 0] as const,
    );
    const process = new PreferenceProcess({
      ...line,
      inputs: Float64Array.of(0, 1),
      pairs,
    }, usual);
    const [a, b] = process.predict(Float64Array.of(0, 1)).mean;
    expect(a).toBeCloseTo(b!, 8);
  });

  it("takes equal points, one better than the other", () => {
    const process = new PreferenceProcess({
      ...line,
      inputs: Float64Array.of(0.5, 0.5),
      pairs: [[0, 1]],
    }, usual);
    expect(Math.abs(process.predict(Float64Array.of(0.5)).mean[0]!))
      .toBeLessThan(1e-6);
  });

  it("throws where a comparison names no point, or the same twice", () => {
    for (const pair of [[0, 2], [0, 0], [-1, 0]] as const) {
      expect(() =>
        new PreferenceProcess({
          ...line,
          inputs: Float64Array.of(0, 1),
          pairs: [pair],
        }, usual)
      ).toThrow(RangeError);
    }
  });
});

describe("expectedPreferenceGain()", () => {
  it("is the gain itself where nothing is unsure, and 0 where it is a loss", () => {
    expect(expectedPreferenceGain(2, 0)).toBe(2);
    expect(expectedPreferenceGain(-2, 0)).toBe(0);
  });

  it("is the mean of the gains of draws", () => {
    const random = randomStream("gains");
    let sum = 0;
    for (let i = 0; i < 20_000; i++) {
      sum += Math.max(0, 0.3 + 0.7 * random.normal());
    }
    expect(Math.abs(expectedPreferenceGain(0.3, 0.7) - sum / 20_000))
      .toBeLessThan(0.015);
  });
});

describe("fitUtility()", () => {
  const line = space({ x: float(0, 1) });
  const places = Array.from({ length: 9 }, (_, i) => i / 8);
  /** A study in which a person likes places near 0.3, and said so of neighbours. */
  const view = viewOf(
    line,
    places.map((x, n) =>
      trialOf(n, { x }, {
        attributes: {
          [preferredAttribute]: places.flatMap((y, m) =>
            Math.abs(n - m) <= 2 && Math.abs(x - 0.3) < Math.abs(y - 0.3)
              ? [m]
              : []
          ),
        },
      })
    ),
  );

  it("orders trials as the person does", () => {
    const { process, pointsOf, trials } = fitUtility(view);
    const { mean } = process.predict(pointsOf(trials));
    const order = [...mean.keys()].sort((a, b) => mean[b]! - mean[a]!);
    const liked = [...places.keys()].sort((a, b) =>
      Math.abs(places[a]! - 0.3) - Math.abs(places[b]! - 0.3)
    );
    expect(order.slice(0, 4)).toEqual(liked.slice(0, 4));
    expect(order.at(-1)).toBe(8);
  });

  it("of several objectives learns how they are weighed, whatever their scales", () => {
    const values = places.map((x) => [1e12 * x, 1e-12 * (1 - x)]);
    const several = viewOf(
      line,
      view.trials.map((trial, n) => ({ ...trial, values: values[n]! })),
      [minimize("a"), minimize("b")],
    );
    const { process, pointsOf, trials, features } = fitUtility(several);
    expect(features).toBeNull();
    const { mean } = process.predict(pointsOf(trials));
    expect(mean.indexOf(Math.max(...mean))).toBe(2);
  });
});
