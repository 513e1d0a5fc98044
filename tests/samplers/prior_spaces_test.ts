import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { makePrior, remapPrior } from "../../lib/library/mod.ts";
import {
  cmaEsSampler,
  differentialEvolutionSampler,
  nsga2Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import type { Configuration, Space } from "../../lib/space/mod.ts";
import { featuresOf, PriorFunctions } from "../../lib/surrogates/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { growWith, studyOf } from "../support/priors.ts";
import { viewOf } from "../support/views.ts";

/** Some function of any configuration. */
function valueOf(params: Configuration): number {
  const text = JSON.stringify(params);
  let sum = text.length;
  for (let i = 0; i < text.length; i++) {
    sum = (31 * sum + text.charCodeAt(i)) % 1009;
  }
  return sum;
}

const spaces = arbitrarySpace({ maxParameters: 4 });
const priorOf = (space: Space) =>
  makePrior(
    ["one", "two"].map((name) => studyOf(name, space, valueOf)),
    space,
  );

describe("prior studies of any space", () => {
  for (
    const [name, make] of Object.entries({
      TPE: () => tpeSampler(),
      "TPE, each parameter for itself": () =>
        tpeSampler({ multivariate: false }),
      "CMA-ES": () => cmaEsSampler({ populationSize: 4 }),
      "separable CMA-ES": () => cmaEsSampler({ separable: true }),
      "L-SHADE": () => differentialEvolutionSampler({ trials: 20 }),
      "NSGA-II": () => nsga2Sampler({ populationSize: 4 }),
    })
  ) {
    it(`leave ${name} valid configurations`, () =>
      fc.assert(
        fc.asyncProperty(spaces, async (any) => {
          const space = any as Space;
          const prior = priorOf(space);
          if (prior === null) return;
          const { trials } = await growWith(make(), viewOf(space), {
            prior,
            trials: 9,
            value: valueOf,
          });
          for (const { params } of trials) {
            expect(space.validate(params)).toEqual(params);
          }
        }),
        { numRuns: 12 },
      ));
  }

  it("read in any other space say finite things, or nothing", () =>
    fc.assert(
      fc.property(spaces, spaces, (a, b) => {
        const [before, now] = [a as Space, b as Space];
        const prior = priorOf(before);
        const remapped = prior && remapPrior(prior, before, now);
        if (remapped === null) return;
        const features = featuresOf(now);
        const points = new Float64Array(
          remapped.units.length * features.dimension,
        );
        remapped.units.forEach((unit, i) =>
          features.encode(unit, points, i * features.dimension)
        );
        const said = new PriorFunctions(remapped, features).at(points);
        expect(said.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 20 },
    ));
});
