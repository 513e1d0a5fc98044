import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { patienceOf } from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";

const minimize = { direction: "minimize", patience: 5 } as const;

describe("patienceOf()", () => {
  it("knows nothing of an empty curve", () => {
    expect(patienceOf([], minimize)).toEqual({
      best: -1,
      reference: -1,
      waited: 0,
      noise: 0,
      exhausted: false,
    });
  });

  it("waits through values that are not finite", () => {
    const dead = new Array(6).fill(NaN);
    expect(patienceOf(dead, minimize)).toMatchObject({
      best: -1,
      waited: 6,
      exhausted: true,
    });
    expect(patienceOf([3, NaN, 2], minimize)).toMatchObject({
      best: 2,
      reference: 2,
      waited: 0,
    });
  });

  it("counts the values since the last improvement", () => {
    const state = patienceOf([4, 3, 2, 2, 2, 2], minimize);
    expect(state).toMatchObject({ best: 2, reference: 2, waited: 3 });
    expect(state.exhausted).toBe(false);
    expect(patienceOf([4, 3, 2, 2, 2, 2, 2, 2], minimize).exhausted).toBe(true);
  });

  it("is plain patience where there is no noise, and where none is asked for", () => {
    const random = randomStream("plain");
    for (let round = 0; round < 50; round++) {
      const curve = Array.from({ length: 12 }, () => random.uniform());
      const state = patienceOf(curve, { ...minimize, noiseUnits: 0 });
      const best = curve.indexOf(Math.min(...curve));
      expect(state).toMatchObject({ best, reference: best, waited: 11 - best });
    }
  });

  it("takes accuracies upside down", () => {
    const loss = [5, 3, 3.1, 2.9, 3.2, 3];
    expect(
      patienceOf(loss.map((v) => -v), { ...minimize, direction: "maximize" }),
    )
      .toEqual(patienceOf(loss, minimize));
  });

  it("does not take the lucky draws of a flat, noisy curve for improvement", () => {
    const random = randomStream("flat");
    let plain = 0;
    let aware = 0;
    for (let round = 0; round < 200; round++) {
      const curve = Array.from({ length: 40 }, () => 1 + 0.1 * random.normal());
      const ends = (noiseUnits: number) => {
        for (let n = 1; n <= 40; n++) {
          const seen = curve.slice(0, n);
          if (patienceOf(seen, { ...minimize, noiseUnits }).exhausted) return n;
        }
        return 41;
      };
      plain += ends(0) / 200;
      aware += ends(2) / 200;
    }
    expect(aware).toBeLessThan(plain - 1.5);
  });

  it("does not end a curve that falls slowly but surely, below its noise a step", () => {
    const random = randomStream("slow");
    let ended = 0;
    for (let round = 0; round < 200; round++) {
      const curve = Array.from(
        { length: 60 },
        (_, i) => 1 - 0.01 * i + 0.01 * random.normal(),
      );
      for (let n = 5; n <= 60; n++) {
        const state = patienceOf(curve.slice(0, n), {
          ...minimize,
          patience: 8,
        });
        if (state.exhausted) {
          ended++;
          break;
        }
      }
    }
    expect(ended).toBeLessThan(5);
  });

  it("does not hang on the unit of the values", () => {
    fc.assert(fc.property(
      fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 40 }),
      fc.constantFrom(0.5, 4, 1024),
      (curve, unit) => {
        const plain = patienceOf(curve, minimize);
        const scaled = patienceOf(curve.map((v) => v * unit), minimize);
        expect(scaled).toEqual({ ...plain, noise: plain.noise * unit });
      },
    ));
  });
});
