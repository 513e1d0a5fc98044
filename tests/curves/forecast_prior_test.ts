import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  curvePrior,
  forecastCurve,
  type PackedCurvePrior,
  readCurvePrior,
} from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";

const direction = "minimize" as const;

/** Curves that a pause of ten steps divides: no family knows that, finished curves show it. */
function paused(count: number, seed: number) {
  const random = randomStream("paused", seed);
  const steps = Array.from({ length: 40 }, (_, i) => i + 1);
  return Array.from({ length: count }, () => {
    const [floor, rate] = [0.1 + 0.2 * random.uniform(), 2 + random.uniform()];
    const second = 0.3 + 0.1 * random.uniform();
    return {
      name: "loss",
      steps,
      values: steps.map((t) =>
        floor + Math.exp(-t / rate) +
        second * (t < 22 ? 1 : Math.exp(-(t - 22) / 3)) +
        0.005 * random.normal()
      ),
    };
  });
}

const seenPart = (
  curve: { name: string; steps: number[]; values: number[] },
  count: number,
) => ({
  name: curve.name,
  steps: curve.steps.slice(0, count),
  values: curve.values.slice(0, count),
});

describe("curvePrior()", () => {
  it("of no curves changes nothing", () => {
    const prior = curvePrior([], { direction });
    expect(prior.curves).toBe(0);
    expect(prior.trust).toBe(0);
    const [curve] = paused(1, 1);
    const part = seenPart(curve!, 20);
    expect(forecastCurve(part, { direction, at: 40, prior }).value)
      .toBe(forecastCurve(part, { direction, at: 40 }).value);
  });

  it("skips curves that are short, constant, or do not end", () => {
    const [good] = paused(1, 2);
    const prior = curvePrior([
      good!,
      seenPart(good!, 5),
      { ...good!, values: good!.values.map(() => 1) },
      { ...good!, values: [...good!.values.slice(0, -1), NaN] },
      { name: "empty", steps: [], values: [] },
    ], { direction });
    expect(prior.curves).toBe(1);
    expect(prior.skipped).toBe(4);
  });

  it("calibrates a band from ten curves on, however early", () => {
    const [curve] = paused(1, 3);
    const part = seenPart(curve!, 6);
    const few = forecastCurve(part, {
      direction,
      at: 40,
      finished: paused(9, 4),
    });
    expect(few.band).toBeNull();
    expect(few.reason).toMatch(/too few finished curves/);
    const enough = forecastCurve(part, {
      direction,
      at: 40,
      finished: paused(10, 4),
    });
    expect(enough.band).not.toBeNull();
    expect(enough.reason).toBeNull();
    expect(enough.priorCurves).toBe(10);
  });

  it("foresees what all finished curves did, and its bands cover", () => {
    const prior = curvePrior(paused(60, 5), { direction });
    expect(prior.trust).toBeGreaterThan(0.5);
    expect(prior.error.prior).toBeLessThan(0.5 * prior.error.shapes);
    let covered = 0;
    let [error, plain] = [0, 0];
    const fresh = paused(100, 6);
    for (const curve of fresh) {
      const part = seenPart(curve, 20);
      const truth = (curve.values[38]! + curve.values[39]!) / 2;
      const found = forecastCurve(part, { direction, at: 40, prior });
      const { low, high } = found.band!;
      if (truth >= low && truth <= high) covered++;
      error += Math.abs(found.value! - truth);
      plain += Math.abs(
        forecastCurve(part, { direction, at: 40 }).value! - truth,
      );
    }
    expect(error).toBeLessThan(0.4 * plain);
    expect(covered).toBeGreaterThanOrEqual(80);
    expect(covered).toBeLessThanOrEqual(99);
  });

  it("of two kinds that go on differently foresees what this kind does", () => {
    // Up to step 20 they look the same; then one pauses, the other goes on falling.
    const falls = paused(30, 6).map((curve, k) => ({
      ...curve,
      group: `fall ${k}`,
      kind: "falls",
    }));
    const rests = paused(30, 7).map((curve, k) => ({
      ...curve,
      values: curve.values.map((value, i) =>
        i < 21 ? value : curve.values[20]! + value / 100
      ),
      group: `rest ${k}`,
      kind: "rests",
    }));
    const prior = curvePrior([...falls, ...rests], { direction });
    const [fresh] = paused(1, 8);
    const part = seenPart(fresh!, 20);
    const error = (kind: string) =>
      Math.abs(
        forecastCurve(part, { direction, at: 40, prior, kind }).value! -
          fresh!.values.at(-1)!,
      );
    expect(error("falls")).toBeLessThan(0.06);
    expect(error("rests")).toBeGreaterThan(0.15);
  });

  it("reads curves up to a step", () => {
    const curves = paused(12, 7);
    const short = curves.map((curve) => seenPart(curve, 20));
    const [curve] = paused(1, 8);
    const part = seenPart(curve!, 10);
    const [a, b] = [
      curvePrior(curves, { direction, at: 20 }),
      curvePrior(short, { direction }),
    ].map((prior) => forecastCurve(part, { direction, at: 20, prior }));
    expect(a!.band).toEqual(b!.band);
  });

  it("is left out where values are of another size", () => {
    const prior = curvePrior(paused(12, 9), { direction });
    const [curve] = paused(1, 10);
    const found = forecastCurve({
      ...seenPart(curve!, 20),
      values: curve!.values.slice(0, 20).map((value) => 100 * value),
    }, { direction, at: 40, prior });
    expect(found.priorCurves).toBe(0);
    expect(found.reason).toMatch(/percent against fraction\?$/);
    expect(found.value).not.toBeNull();
  });

  it("is the same for the same curves", () => {
    const [curve] = paused(1, 11);
    const [a, b] = [1, 2].map(() =>
      forecastCurve(seenPart(curve!, 20), {
        direction,
        at: 40,
        finished: paused(20, 12),
      })
    );
    expect(a!.value).toBe(b!.value);
    expect(a!.band).toEqual(b!.band);
  });

  it("made to be kept says the same after it was kept, to the last digits", () => {
    const curves = Array.from(
      { length: 24 },
      (_, k) => ({
        name: "loss",
        kind: k % 2 ? "odd" : "even",
        steps: Array.from({ length: 30 }, (_, i) => i + 1),
        values: Array.from(
          { length: 30 },
          (_, i) => 0.2 + Math.exp(-i / (3 + k)) * (1 + k / 30),
        ),
      }),
    );
    const prior = curvePrior(curves, {
      direction: "minimize",
      compact: true,
      cuts: 5,
    });
    const kept = readCurvePrior(JSON.parse(JSON.stringify(prior)));
    expect({ ...kept, read: null, toJSON: null })
      .toEqual({ ...prior, read: null, toJSON: null });
    for (const count of [6, 15, 24]) {
      const seen = {
        name: "loss",
        steps: curves[7]!.steps.slice(0, count),
        values: curves[7]!.values.slice(0, count),
      };
      const [a, b] = [prior, kept].map((one) =>
        forecastCurve(seen, {
          direction: "minimize",
          at: 30,
          prior: one,
          kind: "odd",
        })
      );
      expect(b!.priorCurves).toBe(24);
      expect(b!.value).toBeCloseTo(a!.value!, 3);
      expect(b!.band!.low).toBeCloseTo(a!.band!.low, 3);
      expect(b!.band!.high).toBeCloseTo(a!.band!.high, 3);
    }
  });

  it("cannot be kept where it learnt nothing, and what is no prior cannot be read", () => {
    const none = curvePrior([], { direction: "minimize", compact: true });
    expect(() => JSON.stringify(none)).toThrow(RangeError);
    expect(() => readCurvePrior({} as PackedCurvePrior)).toThrow(SyntaxError);
    expect(() => curvePrior([], { direction: "minimize", cuts: 1 }))
      .toThrow(RangeError);
  });

  it("says what is wrong", () => {
    expect(() => curvePrior("curves" as unknown as [], { direction }))
      .toThrow(TypeError);
    expect(() => curvePrior([], { direction, at: 0 })).toThrow(RangeError);
    const prior = curvePrior([], { direction: "maximize" });
    const [curve] = paused(1, 13);
    expect(() => forecastCurve(curve!, { direction, at: 50, prior }))
      .toThrow(/the prior is of curves to maximize/);
    expect(() =>
      forecastCurve(curve!, { direction, at: 50, prior, finished: [] })
    ).toThrow(/found both prior and finished/);
  });
});
