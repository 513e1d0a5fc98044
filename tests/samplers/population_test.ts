import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import type { StudyView, TrialRecord } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  differentialEvolutionSampler,
  geneticSampler,
  particleSwarmSampler,
  regularizedEvolutionSampler,
  type Sampler,
  type Suggestion,
} from "../../lib/samplers/mod.ts";
import {
  choice,
  type Configuration,
  float,
  int,
  space,
} from "../../lib/space/mod.ts";
import { floats } from "../support/spaces.ts";
import { requestOf, trialOf, viewOf, withTrials } from "../support/views.ts";

const samplers: Record<string, () => Sampler> = {
  "CMA-ES": () => cmaEsSampler(),
  "L-SHADE": () => differentialEvolutionSampler({ trials: 300 }),
  "particle swarm": () => particleSwarmSampler(),
  "genetic algorithm": () => geneticSampler(),
  "regularized evolution": () => regularizedEvolutionSampler(),
};

const ask = (sampler: Sampler, view: StudyView, seed = "seed") =>
  sampler.suggest(
    requestOf(view, { seed, number: view.trials.length }),
  ) as Suggestion<Configuration>;

function bowl(params: Configuration): number {
  return Object.values(params).reduce<number>(
    (sum, x) => sum + ((x as number) - 0.3) ** 2,
    0,
  );
}

function grow(
  sampler: Sampler,
  view: StudyView,
  trials: number,
  end: (params: Configuration, number: number) => Partial<TrialRecord> = (
    params,
  ) => ({ value: bowl(params) }),
): StudyView {
  for (let n = view.trials.length; n < trials; n++) {
    const { params } = ask(sampler, view);
    const { curves: _, ...details } = end(params, n);
    view = withTrials(view, trialOf(n, params, details));
  }
  return view;
}

const best = (view: StudyView) =>
  Math.min(...view.trials.map(({ value }) => value ?? Infinity));

for (const [name, make] of Object.entries(samplers)) {
  describe(`${name} as a sampler`, () => {
    it("gets better through the generations", () => {
      const view = grow(make(), viewOf(floats(4)), 300);
      expect(best(view)).toBeLessThan(0.05);
    });

    it("learns as well where a tenth of the trials fail or have no number", () => {
      const view = grow(
        make(),
        viewOf(floats(3)),
        300,
        (params, n) =>
          n % 20 === 7
            ? { state: "failed" }
            : n % 20 === 13
            ? { value: NaN }
            : { value: bowl(params) },
      );
      const values = view.trials.map(({ value }) => value ?? Infinity)
        .filter((value) => !Number.isNaN(value));
      expect(Math.min(...values)).toBeLessThan(0.05);
    });

    it("goes on the same where a sampler that has seen nothing takes over", () => {
      const whole = grow(make(), viewOf(floats(3)), 90);
      const half = viewOf(whole.space, whole.trials.slice(0, 55));
      const resumed = grow(make(), half, 90);
      expect(resumed.trials.map(({ params }) => params))
        .toEqual(whole.trials.map(({ params }) => params));
    });

    it("takes a late end of a trial into account, as if it had known it", () => {
      const sampler = make();
      const done = grow(sampler, viewOf(floats(3)), 120);
      const late = done.trials.map((trial) =>
        trial.number === 3
          ? trialOf(3, trial.params, { state: "running" })
          : trial
      );
      const hung = viewOf(done.space, late);
      ask(sampler, hung);
      expect(ask(sampler, done)).toEqual(ask(make(), done));
      expect(ask(sampler, hung)).toEqual(ask(make(), hung));
    });

    it("does not wait for a trial that hangs", () => {
      const sampler = make();
      let view = viewOf(floats(3));
      for (let n = 0; n < 200; n++) {
        const { params } = ask(sampler, view);
        view = withTrials(
          view,
          n === 2
            ? trialOf(n, params, { state: "running" })
            : trialOf(n, params, { value: bowl(params) }),
        );
      }
      expect(best(view)).toBeLessThan(0.2);
    });

    it("lets a good trial of a person in", () => {
      const better = (seedTrial: boolean) => {
        const sampler = make();
        let view: StudyView = viewOf(floats(6));
        view = grow(sampler, view, 10);
        if (seedTrial) {
          const good = Object.fromEntries(
            view.space.names.map((key) => [key, 0.31]),
          );
          view = withTrials(
            view,
            trialOf(10, good, { value: bowl(good), origin: "manual" }),
          );
        }
        view = grow(sampler, view, 150);
        return view.trials.slice(60).reduce(
          (sum, { value }) => sum + value!,
          0,
        );
      };
      expect(better(true)).toBeLessThan(better(false) * 1.1);
    });

    it("searches choices, whole numbers and conditions", () => {
      const s = space({
        kind: choice(["a", "b", "c"]),
        layers: int(1, 8),
        rate: float(1e-4, 1, { log: true }),
        momentum: float(0, 1).when({ kind: "b" }),
      });
      const view = grow(make(), viewOf(s) as StudyView, 300, (params) => ({
        value: (params.kind === "b" ? (params.momentum as number) - 0.8 : 1) **
            2 +
          Math.abs((params.layers as number) - 5) +
          Math.abs(Math.log10(params.rate as number) + 2),
      }));
      expect(best(view)).toBeLessThan(0.5);
    });

    it("takes a space of one value", () => {
      const view = grow(
        make(),
        viewOf(space({ x: float(1, 1), kind: choice(["only"]) })) as StudyView,
        60,
        () => ({ value: 1 }),
      );
      expect(view.trials).toHaveLength(60);
    });
  });
}
