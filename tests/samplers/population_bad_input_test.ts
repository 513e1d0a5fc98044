import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  type Axis,
  cmaEs,
  differentialEvolution,
  type Evolution,
  geneticAlgorithm,
  type Individual,
  nsga2,
  nsga3,
  particleSwarm,
  regularizedEvolution,
} from "../../lib/evolution/mod.ts";
import { quickStream, randomStream } from "../../lib/math/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  differentialEvolutionSampler,
  geneticSampler,
  nsga2Sampler,
  nsga3Sampler,
  particleSwarmSampler,
  regularizedEvolutionSampler,
  type Sampler,
} from "../../lib/samplers/mod.ts";
import {
  choice,
  type Configuration,
  float,
  space,
} from "../../lib/space/mod.ts";
import { MemoryStorage } from "../../lib/storage/mod.ts";
import { createStudy, type Study } from "../../lib/study/mod.ts";

interface Kind {
  readonly sampler: (populationSize: number) => Sampler;
  readonly plain: (axes: readonly Axis[]) => Evolution<unknown>;
  readonly objectives: 1 | 2;
}

const opaque = <S>(evolution: Evolution<S>) => evolution as Evolution<unknown>;

const kinds: Readonly<Record<string, Kind>> = {
  "CMA-ES": {
    sampler: (populationSize) => cmaEsSampler({ populationSize }),
    plain: (axes) => opaque(cmaEs(axes)),
    objectives: 1,
  },
  "separable CMA-ES": {
    sampler: (populationSize) =>
      cmaEsSampler({ populationSize, separable: true }),
    plain: (axes) => opaque(cmaEs(axes, { separable: true })),
    objectives: 1,
  },
  "L-SHADE": {
    sampler: (populationSize) =>
      differentialEvolutionSampler({ populationSize }),
    plain: (axes) => opaque(differentialEvolution(axes)),
    objectives: 1,
  },
  "particle swarm": {
    sampler: (populationSize) => particleSwarmSampler({ populationSize }),
    plain: (axes) => opaque(particleSwarm(axes)),
    objectives: 1,
  },
  "genetic algorithm": {
    sampler: (populationSize) => geneticSampler({ populationSize }),
    plain: (axes) => opaque(geneticAlgorithm(axes)),
    objectives: 1,
  },
  "regularized evolution": {
    sampler: (populationSize) =>
      regularizedEvolutionSampler({ populationSize }),
    plain: (axes) => opaque(regularizedEvolution(axes)),
    objectives: 1,
  },
  "NSGA-II": {
    sampler: (populationSize) => nsga2Sampler({ populationSize }),
    plain: (axes) => opaque(nsga2(axes)),
    objectives: 2,
  },
  "NSGA-III": {
    sampler: (populationSize) => nsga3Sampler({ populationSize }),
    plain: (axes) => opaque(nsga3(axes)),
    objectives: 2,
  },
};

const two = space({ x: float(0, 1), y: float(0, 1) });

/** A study of the sampler's number of objectives; opened again where the storage has it. */
function open(
  { sampler, objectives }: Kind,
  storage = new MemoryStorage(),
): Promise<Study<{ x: number; y: number }>> {
  const common = {
    name: "bad input",
    space: two,
    sampler: sampler(8),
    storage,
    library: false,
    seed: "seed",
  } as const;
  return objectives === 1
    ? createStudy({ ...common, objective: minimize("a") })
    : createStudy({ ...common, objectives: [minimize("a"), minimize("b")] });
}

/** The sampler's number of values. */
const several = ({ objectives }: Kind, ...values: [number, number]) =>
  objectives === 1 ? values[0] + values[1] : values;

const bowls = (kind: Kind, { x, y }: { x: number; y: number }, scale = 1) =>
  several(
    kind,
    scale * ((x - 0.3) ** 2 + y ** 2),
    scale * ((x - 0.6) ** 2 + y ** 2),
  );

async function ask(
  study: Study<{ x: number; y: number }>,
  value: (params: { x: number; y: number }, number: number) =>
    | ReturnType<typeof several>
    | { state: "failed" },
  trials: number,
): Promise<void> {
  for (let n = 0; n < trials; n++) {
    const trial = await study.ask();
    await study.tell(trial, value(trial.params, trial.number));
  }
}

const paramsOf = (study: Study<{ x: number; y: number }>) =>
  study.trials.map(({ params }) => params);

for (const [name, kind] of Object.entries(kinds)) {
  describe(`${name}, given bad input`, () => {
    it("says that a population of one is too few", () => {
      expect(() => kind.sampler(1)).toThrow(RangeError);
      expect(() => kind.sampler(1)).toThrow(
        /populationSize is 1, expected a whole number of at least/,
      );
    });

    it("goes on where nothing varies, and where all have failed", async () => {
      for (const value of [several(kind, 1, 1), { state: "failed" } as const]) {
        const study = await open(kind);
        await ask(study, () => value, 40);
        const late = paramsOf(study).slice(-8).map(({ x }) => x);
        expect(new Set(late).size).toBeGreaterThan(1);
      }
    });

    it("searches the same whether values are of the size 1e-12, 1 or 1e12", async () => {
      // Powers of two, so that no value is rounded.
      const found = await Promise.all(
        [1, 2 ** -40, 2 ** 40].map(async (scale) => {
          const study = await open(kind);
          await ask(study, (params) => bowls(kind, params, scale), 60);
          return paramsOf(study);
        }),
      );
      expect(found[1]).toEqual(found[0]);
      expect(found[2]).toEqual(found[0]);
    });

    it("takes NaN in an objective as a failure, and gets on", async () => {
      const study = await open(kind);
      await ask(
        study,
        (params, n) =>
          n % 5 === 2 ? several(kind, 1, NaN) : bowls(kind, params),
        150,
      );
      expect(study.trials.filter(({ state }) => state === "failed"))
        .toHaveLength(30);
      const late = paramsOf(study).slice(-50);
      const mean = late.reduce((sum, { y }) => sum + y, 0) / late.length;
      expect(mean).toBeLessThan(0.35);
    });

    it("goes on in a space that changes in mid-study", async () => {
      const storage = new MemoryStorage();
      const before = await open(kind, storage);
      await ask(before, (params) => bowls(kind, params), 25);
      const after = await createStudy({
        name: "bad input",
        space: two.edit({
          add: { z: float(0, 1), way: choice(["a", "b", "c"]) },
          before: { z: 0.5, way: "a" },
          range: { x: [-1, 0.5] },
        }),
        sampler: kind.sampler(8),
        storage,
        library: false,
      });
      for (let n = 0; n < 25; n++) {
        const trial = await after.ask();
        const params = trial.params as Configuration;
        expect(params.x).toBeLessThanOrEqual(0.5);
        expect(["a", "b", "c"]).toContain(params.way);
        await after.tell(
          trial,
          bowls(kind, { x: params.x as number, y: params.y as number }),
        );
      }
      expect(after.trials).toHaveLength(50);
    });

    it("looks for what breaks least where nothing is feasible", () => {
      const evolution = kind.plain([
        { kind: "continuous" },
        { kind: "continuous" },
      ]);
      let state = evolution.start();
      let violations: number[] = [];
      for (let g = 0, spent = 0; spent < 400; g++) {
        const generation = Array.from(
          { length: evolution.size(state) },
          (_, slot): Individual => {
            const random = () => quickStream(randomStream("feasible", g, slot));
            const point = evolution.ask(state, slot, random());
            const violation = 0.1 + Math.abs(point[0]! - 0.8);
            return {
              slot,
              point,
              values: [point[0]!, 1 - point[0]!].slice(0, kind.objectives),
              violation,
              isForeign: false,
              random,
            };
          },
        );
        spent += generation.length;
        violations = [
          ...violations,
          ...generation.map(({ violation }) => violation),
        ].slice(-40);
        state = evolution.tell(state, generation);
      }
      // At random it would be 0.44.
      const mean = violations.reduce((sum, v) => sum + v, 0) / 40;
      expect(mean).toBeLessThan(0.25);
    });
  });

  describe(`${name}, its generations read off the history`, () => {
    it("goes on as before when the study is opened again, with failures and a person's trials in between", async () => {
      const play = async (reopened: boolean) => {
        const storage = new MemoryStorage();
        let study = await open(kind, storage);
        for (let n = 0; n < 60; n++) {
          if (reopened && n === 29) study = await open(kind, storage);
          if (n % 13 === 6) {
            await study.try(
              { x: n / 60, y: 0.5 },
              ({ params }) => bowls(kind, params),
            );
            continue;
          }
          const trial = await study.ask();
          await study.tell(
            trial,
            n % 7 === 3 ? { state: "failed" } : bowls(kind, trial.params),
          );
        }
        return paramsOf(study);
      };
      expect(await play(true)).toEqual(await play(false));
    });

    it("gets on with many workers, of which some hang, and seldom suggests the same twice", async () => {
      const storage = new MemoryStorage();
      const workers = [
        await open(kind, storage),
        await open(kind, storage),
        await open(kind, storage),
      ];
      const running: {
        study: number;
        number: number;
        params: { x: number; y: number };
      }[] = [];
      const { uniform } = randomStream("workers");
      for (let n = 0; n < 160; n++) {
        const which = n % 3;
        const trial = await workers[which]!.ask();
        // One in twenty never comes back.
        if (n % 20 !== 11) {
          running.push({
            study: which,
            number: trial.number,
            params: trial.params,
          });
        }
        while (running.length > 5) {
          const [one] = running.splice(Math.floor(uniform() * 6), 1);
          await workers[one!.study]!.tell(
            one!.number,
            bowls(kind, one!.params),
          );
        }
      }
      await workers[0]!.refresh();
      const params = paramsOf(workers[0]!);
      expect(new Set(params.map(({ x, y }) => `${x} ${y}`)).size)
        .toBeGreaterThan(144);
      const late = params.slice(-50);
      const mean = late.reduce((sum, { y }) => sum + y, 0) / late.length;
      expect(mean).toBeLessThan(0.35);
    });
  });
}
