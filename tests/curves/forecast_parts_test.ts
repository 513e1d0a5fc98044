import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  conformalMargin,
  defaultResiduals,
} from "../../lib/curves/_conformal.ts";
import {
  shapeFunction,
  shapes,
  writeShapes,
} from "../../lib/curves/_shapes.ts";
import { randomStream } from "../../lib/math/mod.ts";

describe("the shapes", () => {
  const times = Float64Array.from({ length: 12 }, (_, i) => (i + 1) / 40);

  it("are 1 at the first point and 0 at the forecast, and fall between", () => {
    for (const shape of shapes) {
      if (shape.family === "constant") continue;
      const at = shapeFunction(shape, times[0]!);
      expect(at(times[0]!)).toBeCloseTo(1, 9);
      expect(at(1)).toBe(0);
      for (let t = 0.05; t < 1; t += 0.05) {
        expect(at(t)).toBeLessThanOrEqual(at(t - 0.02));
      }
    }
  });

  it("are the same one by one and all at once", () => {
    const phi = new Float64Array(shapes.length * times.length);
    writeShapes(times, phi);
    shapes.forEach((shape, j) => {
      const at = shapeFunction(shape, times[0]!);
      times.forEach((t, i) => {
        expect(phi[j * times.length + i]).toBeCloseTo(at(t), 9);
      });
    });
  });

  it("hold the exponential: δ = 1 halves at m", () => {
    const shape = shapes.find(({ family, power }) =>
      family === "stretched exponential" && power === 1
    )!;
    const at = shapeFunction(shape, times[0]!);
    const m = times[0]! ** (1 - shape.place);
    const raw = (t: number) => 2 ** (-t / m);
    expect(at(0.5)).toBeCloseTo(
      (raw(0.5) - raw(1)) / (raw(times[0]!) - raw(1)),
      9,
    );
  });
});

describe("conformalMargin()", () => {
  it("is infinite of nothing", () => {
    expect(conformalMargin([])).toBe(Infinity);
  });

  it("is the largest of 19 scores, and between the two largest of 25", () => {
    const scores = (n: number) => Array.from({ length: n }, (_, i) => i);
    expect(conformalMargin(scores(19))).toBeCloseTo(18, 9);
    expect(conformalMargin(scores(25))).toBeCloseTo(23.7, 9);
    expect(conformalMargin(scores(10))).toBeGreaterThan(9);
  });

  it("is exceeded by a new score one time in twenty", () => {
    const random = randomStream("margins");
    let above = 0;
    const repeats = 4000;
    for (let k = 0; k < repeats; k++) {
      const scores = Array.from({ length: 30 }, () => random.normal());
      if (random.normal() > conformalMargin(scores)) above++;
    }
    expect(above / repeats).toBeGreaterThan(0.038);
    expect(above / repeats).toBeLessThan(0.062);
  });
});

describe("defaultResiduals()", () => {
  it("holds the center between its ends, wider on the better side, at any share", () => {
    fc.assert(fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom("linear" as const, "log" as const),
      (seen, axis) => {
        const { low, center, high } = defaultResiduals(seen, axis);
        expect(low).toBeLessThan(center);
        expect(high).toBeGreaterThan(center);
        if (seen < 0.6) expect(center - low).toBeGreaterThan(high - center);
      },
    ));
  });
});
