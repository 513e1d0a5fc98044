import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomSampler, type Suggestion } from "../../lib/samplers/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { requestOf, viewOf } from "../support/views.ts";

samplerConformance("randomSampler()", () => randomSampler());

describe("randomSampler()", () => {
  const s = space({ rate: float(1e-4, 1, { log: true }), layers: int(1, 4) });
  const draw = (number: number) =>
    randomSampler().suggest(requestOf(viewOf(s), { number })) as Suggestion<
      { rate: number; layers: number }
    >;

  it("says that it draws at random", () => {
    expect(draw(0).reason).toBe("Drawn at random.");
  });

  it("draws every trial anew", () => {
    expect(draw(0).params).not.toEqual(draw(1).params);
  });

  it("draws uniformly on each parameter's scale", () => {
    const draws = Array.from({ length: 4000 }, (_, n) => draw(n).params);
    // Four standard deviations of a share of one half, and of one quarter.
    const low = draws.filter(({ rate }) => rate < 1e-2).length / draws.length;
    expect(Math.abs(low - 0.5)).toBeLessThan(0.032);
    for (const layers of [1, 2, 3, 4]) {
      const share = draws.filter((params) => params.layers === layers).length /
        draws.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.028);
    }
  });
});
