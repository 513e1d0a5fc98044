import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { sobol } from "../../lib/math/mod.ts";
import { sobolSampler, type Suggestion } from "../../lib/samplers/mod.ts";
import type { Space } from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { floats } from "../support/spaces.ts";
import { requestOf, viewOf } from "../support/views.ts";

samplerConformance("sobolSampler()", () => sobolSampler());
samplerConformance(
  "sobolSampler({ scramble: false })",
  () => sobolSampler({ scramble: false }),
  { seeded: false },
);

describe("sobolSampler()", () => {
  const suggest = (space: Space, number: number, scramble = true) =>
    sobolSampler({ scramble }).suggest(
      requestOf(viewOf(space), { number }),
    ) as Suggestion;
  const values = (space: Space, number: number, scramble = true) =>
    Object.values(suggest(space, number, scramble).params) as number[];

  it("takes the point of the trial's number", () => {
    for (const number of [0, 1, 2, 77]) {
      expect(values(floats(3), number, false)).toEqual([
        ...sobol(3).point(number),
      ]);
    }
  });

  it("puts one of 16 trials into each sixteenth of every axis", () => {
    const points = Array.from({ length: 16 }, (_, n) => values(floats(5), n));
    for (let axis = 0; axis < 5; axis++) {
      const strata = points.map((point) => Math.floor(point[axis]! * 16));
      expect(new Set(strata).size).toBe(16);
    }
  });

  it("gives the first parameters the same values in a space that has more", () => {
    expect(values(floats(5), 9).slice(0, 3)).toEqual(values(floats(3), 9));
  });

  it("draws the parameters beyond 256 at random, and says so", () => {
    const { params, reason } = suggest(floats(300), 6);
    expect(Object.values(params).slice(0, 256)).toEqual(values(floats(256), 6));
    expect(new Set(Object.values(params).slice(256)).size).toBe(44);
    expect(reason).toBe(
      "Point 7 of a scrambled Sobol sequence; the last 44 parameters, beyond its 256 dimensions, at random.",
    );
  });

  it("says which point it took", () => {
    expect(suggest(floats(2), 6).reason).toBe(
      "Point 7 of a scrambled Sobol sequence.",
    );
    expect(suggest(floats(2), 0, false).reason).toBe(
      "Point 1 of a Sobol sequence.",
    );
  });

  it("refuses a scramble that is neither true nor false", () => {
    expect(() => sobolSampler({ scramble: "owen" as unknown as boolean }))
      .toThrow(/scramble is owen, expected true or false/);
  });
});
