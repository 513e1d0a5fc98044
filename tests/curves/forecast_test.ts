import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { forecastCurve } from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import type { Curve } from "../../lib/records/mod.ts";

const curveOf = (
  count: number,
  value: (step: number) => number,
  first = 1,
): Curve => {
  const steps = Array.from({ length: count }, (_, i) => first + i);
  return { name: "loss", steps, values: steps.map(value) };
};
const decay = (t: number) => 0.3 + 0.6 * Math.exp(-t / 10);
/** Within a tenth of the curve's descent. */
const expectNear = (value: number | null, truth: number) =>
  expect(Math.abs(value! - truth)).toBeLessThan(0.06);
const minimize = { direction: "minimize", at: 50 } as const;

describe("forecastCurve(), with little to go by", () => {
  it("has nothing to say of no points", () => {
    const found = forecastCurve({ name: "loss", steps: [], values: [] }, {
      ...minimize,
    });
    expect(found.value).toBeNull();
    expect(found.band).toBeNull();
    expect(found.reason).toBe("no forecast: the curve has no points");
    expect(found.probabilityOfBeating(0.1)).toBeNull();
  });

  it("gives the last of one, two and three points, without a band", () => {
    for (const count of [1, 2, 3]) {
      const found = forecastCurve(curveOf(count, decay), minimize);
      expect(found.value).toBe(decay(count));
      expect(found.band).toBeNull();
      expect(found.reason).toMatch(/^the last value, for it has \d usable/);
    }
  });

  it("gives the value of a constant curve, without a band", () => {
    const found = forecastCurve(curveOf(20, () => 0.7), minimize);
    expect(found.value).toBe(0.7);
    expect(found.reason).toBe("the last value, for it is constant so far");
  });

  it("has a value but no band before 8 points and a fifth of the way", () => {
    const few = forecastCurve(curveOf(6, decay), { ...minimize, at: 10 });
    expect(few.value).not.toBeNull();
    expect(few.band).toBeNull();
    expect(few.reason).toBe(
      "no band: the curve has 6 points, fewer than 8, and there are no finished curves to go by",
    );
    const early = forecastCurve(curveOf(10, decay), { ...minimize, at: 100 });
    expect(early.reason).toMatch(/10 % of the way, less than 20 %/);
    expect(early.probabilityOfBeating(0.3)).toBeNull();
  });
});

describe("forecastCurve(), with what it knows", () => {
  it("gives the value of a step that is already seen", () => {
    const found = forecastCurve(curveOf(50, decay), { ...minimize, at: 40 });
    expect(found.value).toBe(decay(40));
    expect(found.band).toEqual({ low: decay(40), high: decay(40) });
    expect(found.probabilityOfBeating(decay(40) + 0.01)).toBe(1);
    expect(found.probabilityOfBeating(decay(40) - 0.01)).toBe(0);
    expect(found.probabilityOfBeating(decay(40))).toBe(0.5);
    expect(found.probabilityOfBeating(decay(30), 35)).toBe(1);
  });

  it("finds the end of an exponential decay, and of power laws", () => {
    expectNear(forecastCurve(curveOf(15, decay), minimize).value, decay(50));
    const power = (t: number) => 0.1 + 0.9 * (t + 2) ** -0.7;
    expectNear(forecastCurve(curveOf(25, power), minimize).value, power(50));
    // Sample sizes: 16 to 4,096 of 65,536.
    const steps = Array.from({ length: 17 }, (_, i) => 16 * 2 ** (i / 2));
    const sized = (x: number) => 0.05 + 2 * x ** -0.5;
    const found = forecastCurve({
      name: "error",
      steps,
      values: steps.map(sized),
    }, { direction: "minimize", at: 65_536, axis: "log" });
    expect(Math.abs(found.value! - sized(65_536))).toBeLessThan(0.02);
    expect(found.band!.low).toBeLessThan(sized(65_536));
    expect(found.band!.high).toBeGreaterThan(sized(65_536));
  });

  it("sees that a rising loss rises on", () => {
    const rising = (t: number) => 0.5 + Math.exp(-t / 3) + 0.004 * t;
    const found = forecastCurve(curveOf(25, rising), minimize);
    expect(found.value!).toBeGreaterThan(rising(25));
  });

  it("opens its band wider on the better side", () => {
    const { value, band } = forecastCurve(curveOf(15, decay), minimize);
    expect(value! - band!.low).toBeGreaterThan(1.5 * (band!.high - value!));
  });

  it("stays within what is possible", () => {
    const bounds = [0.28, 1] as const;
    const found = forecastCurve(curveOf(15, decay), { ...minimize, bounds });
    expect(found.band!.low).toBe(0.28);
    expect(found.value).toBeGreaterThanOrEqual(0.28);
    expect(found.probabilityOfBeating(0.27)).toBe(0);
    expect(found.probabilityOfBeating(1.1)).toBe(1);
    expect(() =>
      forecastCurve(curveOf(15, decay), { ...minimize, bounds: [1, 0] })
    ).toThrow(/the bounds are 1,0, expected two rising numbers/);
  });

  it("names its families and draws the way from the last point to the forecast", () => {
    const found = forecastCurve(curveOf(15, decay), minimize);
    expect(found.seen).toBeCloseTo(0.3, 12);
    const weights = found.families.map(({ weight }) => weight);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(found.path[0]!.step).toBeCloseTo(15, 9);
    expect(found.path[0]!.low).toBe(found.path[0]!.value);
    const end = found.path.at(-1)!;
    expect(end.step).toBeCloseTo(50, 9);
    expect(end.value).toBeCloseTo(found.value!, 9);
    expect(end.low).toBeCloseTo(found.band!.low, 9);
    expect(end.high).toBeCloseTo(found.band!.high, 9);
  });

  it("gives probabilities that rise with what is to be beaten", () => {
    const found = forecastCurve(curveOf(20, decay), minimize);
    const at = (best: number) => found.probabilityOfBeating(best)!;
    expect(at(found.value!)).toBeCloseTo(0.5, 12);
    expect(at(found.band!.low)).toBeCloseTo(0.05, 9);
    expect(at(found.band!.high)).toBeCloseTo(0.95, 9);
    expect(at(-100)).toBeLessThan(1e-6);
    expect(at(100)).toBeGreaterThan(1 - 1e-6);
    // At 25 of 50 epochs it still stands higher than at the end.
    expect(found.probabilityOfBeating(0.33, 22)!).toBeLessThan(at(0.33));
  });
});

describe("forecastCurve(), with bad input", () => {
  it("leaves out NaN and infinity in the middle", () => {
    const clean = curveOf(20, decay);
    const values = [...clean.values];
    values[7] = NaN;
    values[9] = Infinity;
    const found = forecastCurve({ ...clean, values }, minimize);
    expectNear(found.value, decay(50));
  });

  it("has no forecast of a curve that ends in NaN or infinity", () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const clean = curveOf(20, decay);
      const found = forecastCurve({
        ...clean,
        values: [...clean.values.slice(0, -1), bad],
      }, minimize);
      expect(found.value).toBeNull();
      expect(found.reason).toMatch(/ends in (NaN|-?Infinity) at step 20/);
    }
  });

  it("takes steps in any order, and of a repeated step the last report", () => {
    const clean = curveOf(20, decay);
    const order = randomStream("order").shuffle([...clean.steps.keys()]);
    const mixed = {
      name: "loss",
      steps: [5, ...order.map((i) => clean.steps[i]!)],
      values: [99, ...order.map((i) => clean.values[i]!)],
    };
    expect(forecastCurve(mixed, minimize).value)
      .toBe(forecastCurve(clean, minimize).value);
  });

  it("goes by the steps where some are missing", () => {
    const every = curveOf(24, decay);
    const kept = every.steps.flatMap((step, i) => step % 3 === 0 ? [i] : []);
    const found = forecastCurve({
      name: "loss",
      steps: kept.map((i) => every.steps[i]!),
      values: kept.map((i) => every.values[i]!),
    }, minimize);
    expectNear(found.value, decay(50));
  });

  it("counts epochs from 0 too", () => {
    const found = forecastCurve(curveOf(20, decay, 0), { ...minimize, at: 49 });
    expectNear(found.value, decay(49));
    expect(found.path.at(-1)!.step).toBeCloseTo(49, 9);
  });

  it("does not follow a lone spike", () => {
    const clean = curveOf(20, decay);
    const values = [...clean.values];
    values[14] = 50;
    expectNear(forecastCurve({ ...clean, values }, minimize).value, decay(50));
  });

  it("reads a million points in a second or so", () => {
    const long = curveOf(1_000_000, (t) => decay(t / 50_000));
    const { value } = forecastCurve(long, { ...minimize, at: 2_500_000 });
    expectNear(value, decay(50));
  });

  it("says what is wrong with options and with what is no curve", () => {
    const curve = curveOf(20, decay);
    expect(() => forecastCurve({ steps: 3 } as unknown as Curve, minimize))
      .toThrow(TypeError);
    expect(() => forecastCurve(curve, { direction: "minimize", at: NaN }))
      .toThrow(/at is NaN, expected a step above 0/);
    expect(() =>
      forecastCurve(curve, {
        ...minimize,
        direction: "up" as unknown as "minimize",
      })
    ).toThrow(RangeError);
  });
});

describe("forecastCurve(), always", () => {
  const anyCurve = fc.array(
    fc.record({
      step: fc.oneof(fc.integer({ min: -3, max: 60 }), fc.double()),
      value: fc.oneof(
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double(),
      ),
    }),
    { maxLength: 40 },
  ).map((points) => ({
    name: "any",
    steps: points.map(({ step }) => step),
    values: points.map(({ value }) => value),
  }));

  it("answers plainly: a finite value within its band, or a reason", () => {
    fc.assert(
      fc.property(
        anyCurve,
        fc.constantFrom("minimize" as const, "maximize" as const),
        fc.constantFrom("linear" as const, "log" as const),
        (curve, direction, axis) => {
          const found = forecastCurve(curve, { direction, axis, at: 50 });
          if (found.value === null) {
            expect(found.reason).toMatch(/^no forecast: /);
            return;
          }
          expect(Number.isFinite(found.value)).toBe(true);
          if (found.band === null) expect(found.reason).not.toBeNull();
          else {
            expect(found.band.low <= found.value).toBe(true);
            expect(found.band.high >= found.value).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  const noisy = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    count: fc.integer({ min: 8, max: 45 }),
    rate: fc.double({ min: 2, max: 30, noNaN: true }),
  }).map(({ seed, count, rate }) => {
    const random = randomStream("noisy", seed);
    return curveOf(
      count,
      (t) => 0.3 + Math.exp(-t / rate) + 0.01 * random.normal(),
    );
  });

  it("is the mirror image for curves that are to rise", () => {
    fc.assert(
      fc.property(noisy, (curve) => {
        const falling = forecastCurve(curve, minimize);
        const rising = forecastCurve({
          ...curve,
          values: curve.values.map((value) => -value),
        }, { ...minimize, direction: "maximize" });
        expect(rising.value).toBe(-falling.value!);
        if (falling.band === null) return;
        expect(rising.band!.high).toBe(-falling.band.low);
        expect(rising.probabilityOfBeating(-0.4))
          .toBe(falling.probabilityOfBeating(0.4));
      }),
      { numRuns: 40 },
    );
  });

  it("goes with the unit: percent and fraction say the same", () => {
    fc.assert(
      fc.property(noisy, (curve) => {
        const fraction = forecastCurve(curve, minimize);
        const percent = forecastCurve({
          ...curve,
          values: curve.values.map((value) => 100 * value + 7),
        }, minimize);
        expect(percent.value! - 7).toBeCloseTo(100 * fraction.value!, 5);
      }),
      { numRuns: 40 },
    );
  });

  it("is the same when it is asked again", () => {
    const curve = curveOf(20, decay);
    const [a, b] = [1, 2].map(() => forecastCurve(curve, minimize));
    expect(a!.value).toBe(b!.value);
    expect(a!.band).toEqual(b!.band);
    expect(a!.path).toEqual(b!.path);
  });
});
