import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  stopAtBudget,
  stopAtExpectedRegret,
  stopAtRegretBound,
  stopWhenStagnant,
} from "../../lib/ensembles/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { gpSampler, randomSampler } from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import {
  createStudy,
  type StudyCallback,
  type Trial,
} from "../../lib/study/mod.ts";

type Line = { readonly x: number };

async function runWith(
  callback: StudyCallback<Line>,
  objective: (trial: Trial<Line>) => number,
  sampler = randomSampler(),
) {
  const study = await createStudy<Line>({
    name: "stop",
    space: space({ x: float(0, 1) }),
    objective: minimize("loss"),
    storage: "memory",
    sampler,
  });
  const { reason } = await study.optimize(objective, {
    trials: 45,
    callbacks: [callback],
    progress: false,
  });
  return { count: study.trials.length, reason };
}

describe("stopWhenStagnant()", () => {
  it("stops after so many trials without a better one, and says so", async () => {
    const { count, reason } = await runWith(
      stopWhenStagnant({ trials: 10 }),
      ({ number }) => Math.max(0, 5 - number),
    );
    expect(count).toBe(16);
    expect(reason).toMatch(/no trial in 10 was better than trial 5/);
  });

  it("what is better by too little does not count", async () => {
    const { count } = await runWith(
      stopWhenStagnant({ trials: 10, leastGain: 1 }),
      ({ number }) => -number / 100,
    );
    expect(count).toBe(11);
  });

  it("goes on while it gets better, and while nothing is complete", async () => {
    const stop = stopWhenStagnant<Line>({ trials: 3 });
    expect((await runWith(stop, ({ number }) => -number)).count).toBe(45);
    expect((await runWith(stop, () => NaN)).count).toBe(45);
  });
});

describe("stopAtBudget()", () => {
  it("counts trials, steps and measures of the whole study", async () => {
    const objective = (trial: Trial<Line>) => {
      for (const step of [1, 2, 3]) void trial.report(step, 1);
      trial.measure("dollars", 2);
      return 1;
    };
    const measure = { name: "dollars", most: 9 };
    expect((await runWith(stopAtBudget({ trials: 4 }), objective)).count).toBe(
      4,
    );
    expect((await runWith(stopAtBudget({ steps: 7 }), objective)).count).toBe(
      3,
    );
    const { count, reason } = await runWith(
      stopAtBudget({ measure }),
      objective,
    );
    expect(count).toBe(5);
    expect(reason).toMatch(/the budget of 9 dollars is used \(10\)/);
  });

  it("no budget, unknown ones and numbers that are none are refused", () => {
    expect(() => stopAtBudget({})).toThrow(/no budget is given/);
    expect(() => stopAtBudget({ minutes: 3 } as object)).toThrow(/"minutes"/);
    expect(() => stopAtBudget({ seconds: 0 })).toThrow(/above 0/);
    expect(() => stopWhenStagnant({ trials: 0.5 })).toThrow(/whole number/);
  });
});

describe("stopAtRegretBound() and stopAtExpectedRegret()", () => {
  const bowl = ({ params }: Trial<Line>) => (params.x - 0.4) ** 2;

  it("stop where nothing is left to win", async () => {
    const bound = await runWith(
      stopAtRegretBound({ fewest: 10, threshold: 0.01 }),
      bowl,
      gpSampler(),
    );
    expect(bound.count).toBeLessThan(40);
    expect(bound.reason).toMatch(/is left to win .* less than the threshold/);
    const gap = await runWith(
      stopAtExpectedRegret({ fewest: 16 }),
      bowl,
      gpSampler(),
    );
    expect(gap.count).toBeLessThan(45);
    expect(gap.reason).toMatch(/changed the regret expected/);
  });

  it("go on where everything is left", async () => {
    const rough = ({ params }: Trial<Line>) => Math.sin(1e4 * params.x);
    for (
      const stop of [
        stopAtRegretBound<Line>({ fewest: 20, every: 20, threshold: 1e-3 }),
        stopAtExpectedRegret<Line>({ threshold: 1e-3, fewest: 40 }),
      ]
    ) {
      expect((await runWith(stop, rough)).count).toBe(45);
    }
  });
});
