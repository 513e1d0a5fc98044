import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  latinHypercubeSampler,
  type LatinHypercubeSamplerOptions,
  type Suggestion,
} from "../../lib/samplers/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { floats } from "../support/spaces.ts";
import { requestOf, viewOf } from "../support/views.ts";

samplerConformance(
  "latinHypercubeSampler()",
  () => latinHypercubeSampler({ trials: 20 }),
);
samplerConformance(
  "latinHypercubeSampler({ trials: 1 })",
  () => latinHypercubeSampler({ trials: 1 }),
  { runs: 10 },
);

describe("latinHypercubeSampler()", () => {
  const sampler = latinHypercubeSampler({ trials: 10 });
  const suggest = (number: number) =>
    sampler.suggest(requestOf(viewOf(floats(4)), { number })) as Suggestion;
  const block = (from: number) =>
    Array.from(
      { length: 10 },
      (_, row) => Object.values(suggest(from + row).params) as number[],
    );

  it("puts one trial of each block into every tenth of every axis", () => {
    for (const from of [0, 10, 990]) {
      for (let axis = 0; axis < 4; axis++) {
        const strata = block(from).map((row) => Math.floor(row[axis]! * 10));
        expect(new Set(strata).size).toBe(10);
      }
    }
  });

  it("begins another hypercube after the last trial of one", () => {
    expect(block(10)).not.toEqual(block(0));
  });

  it("says which point of which hypercube it took", () => {
    expect(suggest(3).reason).toBe("Point 4 of 10 of a latin hypercube.");
    expect(suggest(23).reason).toBe("Point 4 of 10 of latin hypercube 3.");
  });

  it("refuses a number of trials that is not a whole number of at least 1", () => {
    for (
      const trials of [0, -1, 2.5, NaN, Infinity, "9" as unknown as number]
    ) {
      expect(() => latinHypercubeSampler({ trials })).toThrow(RangeError);
    }
    expect(() =>
      latinHypercubeSampler(
        undefined as unknown as LatinHypercubeSamplerOptions,
      )
    ).toThrow(/trials is undefined, expected a whole number of at least 1/);
  });
});
