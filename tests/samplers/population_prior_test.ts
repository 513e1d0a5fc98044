import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { priorWeightOf } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  differentialEvolutionSampler,
  geneticSampler,
  nsga2Sampler,
  particleSwarmSampler,
  regularizedEvolutionSampler,
  type Sampler,
  type Suggestion,
} from "../../lib/samplers/mod.ts";
import { bowlAt, bowlPrior, growWith } from "../support/priors.ts";
import { floats } from "../support/spaces.ts";
import { requestOf, viewOf } from "../support/views.ts";

const samplers: readonly Sampler[] = [
  cmaEsSampler(),
  cmaEsSampler({ separable: true }),
  differentialEvolutionSampler({ trials: 100 }),
  particleSwarmSampler(),
  geneticSampler(),
  regularizedEvolutionSampler(),
  nsga2Sampler(),
];
const cube = floats(4);
const empty = viewOf(cube);
const prior = bowlPrior(cube, 0.8);
const bestOf = ({ trials }: typeof empty) =>
  Math.min(...trials.map(({ value }) => value!));

describe("evolutionary samplers with prior studies", () => {
  for (const sampler of samplers) {
    it(`${sampler.name} begins with what they begin with`, async () => {
      const start = { params: { x0: 0, x1: 1, x2: 0, x3: 1 }, reason: "Best." };
      expect(await sampler.suggest({ ...requestOf(empty), prior, start }))
        .toEqual(start);
    });
  }

  it("CMA-ES draws every other individual of the first generation where they had their best", async () => {
    const view = await growWith(cmaEsSampler(), empty, {
      prior,
      trials: 9,
      value: bowlAt(0.8),
    });
    const told = view.trials.map(({ params, attributes }) => ({
      distance: bowlAt(0.8)(params),
      by: priorWeightOf(attributes)?.chosenBy ?? null,
    }));
    const size = told.findIndex(({ by }) => by === null);
    expect(size).toBe(8);
    for (const [slot, { by }] of told.slice(0, size).entries()) {
      expect(by).toBe(slot % 2 === 0 ? "prior studies" : "trials");
    }
    const mean = (side: string) => {
      const some = told.filter(({ by }) => by === side);
      return some.reduce((sum, { distance }) => sum + distance, 0) /
        some.length;
    };
    expect(mean("prior studies")).toBeLessThan(mean("trials") / 2);
  });

  it("CMA-ES finds more with good ones, and loses little by ones that mislead", async () => {
    const run = async (center: number | null) => {
      let sum = 0;
      for (const seed of ["a", "b", "c"]) {
        const view = await growWith(cmaEsSampler(), empty, {
          ...(center === null ? {} : { prior: bowlPrior(cube, center) }),
          trials: 40,
          value: bowlAt(0.8),
          seed,
        });
        sum += bestOf(view);
      }
      return sum;
    };
    const [cold, good, mirrored] = [
      await run(null),
      await run(0.8),
      await run(0.2),
    ];
    expect(good).toBeLessThan(cold / 2);
    expect(mirrored).toBeLessThan(cold * 2);
  });

  it("CMA-ES goes on the same where a sampler that has seen nothing takes over", async () => {
    const options = { prior, trials: 30, value: bowlAt(0.7) };
    const whole = await growWith(cmaEsSampler(), empty, options);
    for (const done of [3, 8, 20]) {
      const half = viewOf(cube, whole.trials.slice(0, done));
      const resumed = await growWith(cmaEsSampler(), half, options);
      expect(resumed.trials).toEqual(whole.trials);
    }
  });

  it("CMA-ES with a beginning of its own, or prior studies that are doubted, begins without them", async () => {
    const told = cmaEsSampler({ mean: [0.1, 0.1, 0.1, 0.1], sigma: 0.01 });
    const doubted = { ...prior, coherence: -1, likeness: 0.05 };
    for (
      const [sampler, given] of [[told, prior], [
        cmaEsSampler(),
        doubted,
      ]] as const
    ) {
      const request = requestOf(empty);
      const { params } = await sampler.suggest({
        ...request,
        prior: given,
      }) as Suggestion;
      expect({ params }).toMatchObject({
        params: (await sampler.suggest(requestOf(empty)) as Suggestion).params,
      });
    }
  });
});
