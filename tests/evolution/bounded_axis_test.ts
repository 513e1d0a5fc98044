import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  fromCube,
  isInside,
  toCube,
} from "../../lib/evolution/_bounded_axis.ts";
import { type Axis, cmaEs, type Individual } from "../../lib/evolution/mod.ts";
import { quickStream, randomStream } from "../../lib/math/mod.ts";

const axes: readonly Axis[] = new Array(5).fill({ kind: "continuous" });

describe("a bounded axis", () => {
  it("is the cube's own in the middle, and ends a twentieth further out", () => {
    for (const place of [0.05, 0.3, 0.5, 0.95]) {
      expect(toCube(place)).toBeCloseTo(place, 15);
    }
    expect(toCube(-0.05)).toBe(0);
    expect(toCube(1.05)).toBeCloseTo(1, 15);
    expect(fromCube(0)).toBe(-0.05);
    expect(fromCube(1)).toBe(1.05);
  });

  it("is mirrored beyond its ends, again and again", () => {
    for (const beyond of [0.01, 0.2, 0.7]) {
      const inside = toCube(-0.05 + beyond);
      expect(toCube(-0.05 - beyond)).toBeCloseTo(inside, 12);
      expect(toCube(2.15 + beyond)).toBeCloseTo(inside, 12);
    }
  });

  it("gives each place of the cube back, and stays in it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (place) => {
        expect(isInside(fromCube(place))).toBe(true);
        expect(Math.abs(toCube(fromCube(place)) - place)).toBeLessThan(1e-15);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), (inner) => {
        expect(toCube(inner)).toBeGreaterThanOrEqual(0);
        expect(toCube(inner)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("cmaEs() at the bounds", () => {
  const es = cmaEs(axes, { restarts: "none" });

  function run(copied: boolean) {
    let state = es.start();
    let best = Infinity;
    for (let g = 0, spent = 0; spent < 1500; g++) {
      const generation = Array.from(
        { length: es.size(state) },
        (_, slot): Individual => {
          const random = () => quickStream(randomStream("corner", g, slot));
          const asked = es.ask(state, slot, random());
          const point = copied ? Float64Array.from(asked) : asked;
          const value = point.reduce(
            (sum, x, j) => sum + 10 ** (j / 4) * (1 - x),
            0,
          );
          best = Math.min(best, value);
          return {
            slot,
            point,
            values: [value],
            violation: 0,
            isForeign: false,
            random,
          };
        },
      );
      spent += generation.length;
      state = es.tell(state, generation);
    }
    return { best, mean: [...state.search.mean] };
  }

  it("finds the corner of a slope to 1e-8 in 1,500 trials", () => {
    expect(run(false).best).toBeLessThan(1e-8);
  });

  it("knows what it has drawn, of copies too, as after a resume", () => {
    expect(run(true)).toEqual(run(false));
  });
});
