import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  type Configuration,
  createStudy,
  float,
  forestSampler,
  gpSampler,
  isFeasible,
  minimize,
  nsga2Sampler,
  outcomeConstraints,
  randomSampler,
  type Sampler,
  space,
  tpeSampler,
  violationOf,
  violationScales,
} from "../../mod.ts";
import { acquisitionOf } from "../../lib/samplers/_gp_acquisition.ts";
import { perCost, priceOf } from "../../lib/samplers/_gp_cost.ts";
import {
  feasibilityOf,
  feasibleOnly,
} from "../../lib/samplers/_gp_feasibility.ts";
import { splitTrials } from "../../lib/samplers/_tpe_split.ts";
import { fitSurrogate } from "../../lib/surrogates/mod.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

const square = space({ a: float(0, 1), b: float(0, 1) });

/**
 * The problem of Gramacy et al. (2016): smallest sum, 0.5998, on the edge of what
 * is feasible.
 */
async function gramacy(
  sampler: Sampler,
  trials: number,
  { shift = 0, seed = 0 } = {},
) {
  const study = await createStudy({
    name: "gramacy",
    space: square,
    constraints: { first: { max: -shift }, second: { max: -shift } },
    sampler,
    seed,
    library: false,
    storage: "memory",
  });
  await study.optimize((trial) => {
    const { a, b } = trial.params;
    trial.measure(
      "first",
      1.5 - a - 2 * b - 0.5 * Math.sin(2 * Math.PI * (a * a - 2 * b)),
    );
    trial.measure("second", a * a + b * b - 1.5);
    return a + b;
  }, { trials, progress: false });
  return study;
}

describe("samplers on a problem with constraints", () => {
  it("the Gaussian process finds the optimum on the bound", async () => {
    const study = await gramacy(gpSampler(), 30);
    expect(study.best!.value! - 0.5998).toBeLessThan(0.005);
    expect(study.trials.at(-1)!.reason).toContain(
      "feasible with a probability of",
    );
  });

  it("each finds better feasible trials than random ones", async () => {
    const random = await gramacy(randomSampler(), 40);
    for (
      const sampler of [
        tpeSampler(),
        forestSampler(),
      ]
    ) {
      const study = await gramacy(sampler, 40);
      const gain = random.best!.value! - study.best!.value!;
      expect([sampler.name, gain > 0]).toEqual([sampler.name, true]);
    }
  });

  it("NSGA-II keeps to what is feasible", async () => {
    const study = await createStudy({
      name: "front",
      space: square,
      objectives: [minimize("a"), minimize("b")],
      constraints: { sum: { min: 0.8 } },
      sampler: nsga2Sampler({ populationSize: 12 }),
      storage: "memory",
    });
    await study.optimize((trial) => {
      const { a, b } = trial.params;
      trial.measure("sum", a + b);
      return [a, b];
    }, { trials: 120, progress: false });
    expect(study.front.length).toBeGreaterThan(4);
    for (const { values } of study.front) {
      expect(values![0]! + values![1]!).toBeGreaterThanOrEqual(0.8);
    }
    const late = study.trials.slice(-24);
    expect(late.filter(isFeasible).length).toBeGreaterThan(14);
  });

  it("where nothing is feasible, what violates less is looked for", async () => {
    const random = await gramacy(randomSampler(), 25, { shift: 2 });
    const scales = violationScales(random.trials);
    const least = (study: typeof random) =>
      Math.min(...study.trials.map((trial) => violationOf(trial, scales)));
    for (const sampler of [gpSampler(), forestSampler()]) {
      const study = await gramacy(sampler, 25, { shift: 2 });
      expect(study.best).toBeNull();
      expect([sampler.name, least(study) < 1.02 * least(random)]).toEqual([
        sampler.name,
        true,
      ]);
      expect(study.leastViolating).not.toBeNull();
    }
    const study = await gramacy(tpeSampler(), 50, { shift: 2 });
    const middle = (from: number) =>
      study.trials.slice(from, from + 15)
        .map((trial) => violationOf(trial, scales)).sort((a, b) => a - b)[7]!;
    expect(middle(35)).toBeLessThan(middle(0));
  });

  it("a constraint that is never measured does not keep the others, and the objective, from counting", async () => {
    for (const sampler of [gpSampler(), tpeSampler(), forestSampler()]) {
      const study = await createStudy({
        name: "silent",
        space: square,
        constraints: { never: { max: 1 }, a: { min: 0.5 } },
        sampler,
        library: false,
        storage: "memory",
      });
      await study.optimize((trial) => {
        trial.measure("a", trial.params.a);
        return trial.params.a + trial.params.b;
      }, { trials: 14, progress: false });
      expect(study.best).toBeNull();
      const kept = study.trials.filter(({ params }) => params.a >= 0.5);
      expect(Math.min(...kept.map(({ value }) => value!))).toBeLessThan(0.8);
    }
  });
});

describe("splitTrials() with constraints", () => {
  const of = (
    details: readonly [number, readonly (number | null)[]][],
    share = 0.5,
  ) =>
    splitTrials(
      details.map(([value, constraints], n) =>
        trialOf<Configuration>(n, {}, { value, constraints })
      ),
      { objectives: [minimize()], share, least: 1, most: 25 },
    ).good;

  it("puts feasible trials first by value, then others by violation, without the unknown", () => {
    expect(of([[1, [3]], [5, [-1]], [2, [1]], [0, [null]], [4, [0]]], 1))
      .toEqual([4, 1, 2, 0]);
  });

  it("is as without constraints where all are feasible", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const with1 = of(values.map((value) => [value, [-1]]));
    const without = splitTrials(
      values.map((value, n) => trialOf<Configuration>(n, {}, { value })),
      { objectives: [minimize()], share: 0.5, least: 1, most: 25 },
    ).good;
    expect(with1).toEqual(without);
  });
});

describe("acquisition functions with constraints and costs", () => {
  const space2 = floats(2);
  const [x, y] = space2.names as [string, string];
  const view = viewOf(
    space2,
    Array.from({ length: 14 }, (_, n) => {
      const [a, b] = [(n * 0.37) % 1, (n * 0.61) % 1];
      return trialOf(n, { [x]: a, [y]: b }, {
        value: (a - 0.3) ** 2 + b,
        constraints: [0.4 - a, b * a - 0.3],
        attributes: { price: Math.exp(2 * a - b) },
      });
    }),
    [minimize()],
    outcomeConstraints({ first: { max: 0 }, second: { max: 0 } }),
  );
  const { process } = fitSurrogate(view);
  const plain = acquisitionOf("logEI", process, {
    best: 0,
    beta: 2,
    random: null as never,
  });
  const feasibility = feasibilityOf(view, { pending: new Float64Array() })!;
  const price = priceOf(view, { cost: "price", costBudget: 1000 })!;

  for (
    const [what, acquisition] of [
      ["constraints", feasibleOnly(plain, feasibility)],
      ["constraints alone", feasibleOnly(null, feasibility)],
      ["costs", perCost(plain, price)],
    ] as const
  ) {
    it(`rise as their slopes say: ${what}`, () => {
      const at = Float64Array.of(0.52, 0.41);
      const { value, gradient } = acquisition.ascend!(at);
      expect(acquisition.score(at)[0]).toBeCloseTo(value, 9);
      for (const j of [0, 1]) {
        const [up, down] = [1e-5, -1e-5].map((step) => {
          const moved = at.slice();
          moved[j]! += step;
          return acquisition.score(moved)[0]!;
        });
        expect((up! - down!) / 2e-5).toBeCloseTo(gradient[j]!, 4);
      }
    });
  }

  it("know where trials run: a constraint is less in doubt there", () => {
    const at = Float64Array.of(0.52, 0.41);
    const before = feasibility.constraints[1]!.process.predict(at).sd[0]!;
    const after = feasibilityOf(view, { pending: at })!;
    expect(after.constraints[1]!.process.predict(at).sd[0]!).toBeLessThan(
      before,
    );
  });

  it("costs matter the less the more is spent, and nothing beyond the budget", () => {
    const spent = view.trials.reduce(
      (sum, { attributes }) => sum + Number(attributes.price),
      0,
    );
    expect(priceOf(view, { cost: "price" })!.exponent).toBe(1);
    expect(priceOf(view, { cost: "price", costBudget: 4 * spent })!.exponent)
      .toBeCloseTo(0.75, 12);
    expect(priceOf(view, { cost: "price", costBudget: spent / 2 })).toBeNull();
    expect(priceOf(view, {})).toBeNull();
  });
});

describe("gpSampler({ cost })", () => {
  it("spends less than without where two places are equally good", async () => {
    const run = async (options: { cost?: string }) => {
      const study = await createStudy({
        name: "two valleys",
        space: space({ x: float(0, 1) }),
        sampler: gpSampler({ repeats: false, ...options }),
        library: false,
        storage: "memory",
      });
      let spent = 0;
      await study.optimize((trial) => {
        const { x } = trial.params;
        const cost = Math.exp(4 * x);
        spent += cost;
        trial.measure("price", cost);
        return Math.cos(4 * Math.PI * x);
      }, { trials: 20, progress: false });
      expect(study.best!.value!).toBeLessThan(-0.99);
      return spent;
    };
    expect(await run({ cost: "price" })).toBeLessThan(0.8 * await run({}));
  });

  it("refuses what it cannot weigh", () => {
    expect(() => gpSampler({ cost: "" })).toThrow(TypeError);
    expect(() => gpSampler({ costBudget: 3 })).toThrow("no cost");
    expect(() => gpSampler({ cost: "seconds", costBudget: 0 })).toThrow(
      "above 0",
    );
    expect(() => gpSampler({ cost: "seconds", acquisition: "UCB" })).toThrow(
      "logEI",
    );
  });
});
