import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { forestSampler, type Suggestion } from "../../lib/samplers/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import {
  requestOf,
  type TrialDetails,
  trialOf,
  viewOf,
} from "../support/views.ts";

samplerConformance(
  "forestSampler()",
  () => forestSampler({ initialTrials: 4 }),
  { runs: 4, manyTrials: 500 },
);

describe("forestSampler()", () => {
  const line = space({ x: float(0, 1) }) as unknown as Space;
  const { uniform } = randomStream("history");
  const places = Array.from({ length: 40 }, () => line.sample(uniform));
  const suggest = (
    outcome: (x: number) => TrialDetails,
    details: { number?: number; direction?: "minimize" | "maximize" } = {},
  ) => {
    const { number, direction = "minimize" } = details;
    const objective = direction === "minimize" ? minimize() : maximize();
    const trials = places.map((params, n) =>
      trialOf(n, params, outcome(params.x as number))
    );
    return forestSampler({ randomShare: 0 }).suggest(
      requestOf(viewOf(line, trials, [objective]), { number }),
    ) as Suggestion;
  };

  it("searches near the good trials, whichever way is better", () => {
    for (const number of [40, 41, 42]) {
      const { params } = suggest((x) => ({ value: (x - 0.7) ** 2 }), {
        number,
      });
      expect(Math.abs((params.x as number) - 0.7)).toBeLessThan(0.25);
      const turned = suggest((x) => ({ value: -((x - 0.7) ** 2) }), {
        number,
        direction: "maximize",
      });
      expect(turned.params).toEqual(params);
    }
  });

  it("says what it expects, in the objective's units and direction", () => {
    const { prediction, reason } = suggest((x) => ({ value: 100 + x }), {
      direction: "maximize",
    });
    expect(Math.abs(prediction!.mean - 101)).toBeLessThan(0.2);
    expect(prediction!.sd).toBeGreaterThanOrEqual(0);
    expect(reason).toMatch(/by a forest of 30 trees on 40 trials/);
  });

  it("keeps away from where trials fail", () => {
    const { params } = suggest((x) =>
      x > 0.5 ? { state: "failed" } : { value: -x }
    );
    expect(params.x as number).toBeLessThan(0.6);
  });

  it("goes on evenly while no trial has a value", () => {
    expect(suggest(() => ({ value: NaN })).reason).toMatch(/^Spread evenly/);
  });

  it("refuses options that make no sense", () => {
    expect(() => forestSampler({ trees: 0 })).toThrow(RangeError);
    expect(() => forestSampler({ randomShare: 1 })).toThrow(
      /randomShare is 1, expected a number in \[0, 1\)/,
    );
  });
});
