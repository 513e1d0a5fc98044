import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  pausedAttribute,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import {
  type Allocation,
  bohbSampler,
  freezeThawSampler,
  gpSampler,
  hyperbandSampler,
  type Sampler,
} from "../../lib/samplers/mod.ts";
import {
  type Configuration,
  float,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { networkSpace } from "../support/spaces.ts";
import { rebuilt, requestOf, trialOf, viewOf } from "../support/views.ts";

samplerConformance(
  "hyperbandSampler()",
  () => hyperbandSampler({ maxSteps: 9 }),
  { manyTrials: 2000, runs: 20 },
);
samplerConformance(
  "bohbSampler()",
  () => bohbSampler({ maxSteps: 9 }),
  { manyTrials: 2000, runs: 20 },
);

const plane = space({
  rate: float(0.01, 1, { log: true }),
  level: float(0, 1),
}) as unknown as Space;

/** A training: a loss that falls with `rate` to a floor that hangs on both. */
function loss({ rate, level }: Configuration, step: number): number {
  const floor = ((level as number) - 0.7) ** 2 +
    0.05 * Math.log(1 / (rate as number));
  return floor + Math.exp(-(rate as number) * step);
}

interface Told {
  readonly view: StudyView;
  readonly steps: number;
  readonly allocations: readonly Allocation[];
}

/** Trains by a sampler's allocations until a budget of steps is used. */
async function train(
  make: () => Sampler,
  budget: number,
  options: {
    readonly space?: Space;
    readonly value?: (params: Configuration, step: number) => number;
    readonly seed?: string;
    readonly maximized?: boolean;
  } = {},
): Promise<Told> {
  const { value = loss, seed = "seed", maximized = false } = options;
  const sign = maximized ? -1 : 1;
  let view = viewOf(options.space ?? plane, [], [
    maximized ? maximize("loss") : minimize("loss"),
  ]);
  let steps = 0;
  const allocations: Allocation[] = [];
  while (steps < budget) {
    const number = view.trials.length;
    const allocation = await make().allocate!({
      ...requestOf(view, { seed }),
      random: randomStream(seed, number, steps, "allocation"),
      stepsLeft: budget - steps,
      mustBegin: false,
    });
    allocations.push(allocation);
    const before = allocation.kind === "new"
      ? null
      : view.trials[allocation.number]!;
    const params = allocation.kind === "new"
      ? allocation.suggestion.params
      : before!.params;
    const from = before?.curves.get("loss")?.steps.at(-1) ?? 0;
    expect(allocation.untilStep).toBeGreaterThan(from);
    if (before !== null) {
      expect(before.attributes[pausedAttribute]).toBeDefined();
    }
    const until = Math.min(allocation.untilStep, from + budget - steps);
    steps += until - from;
    const values = Array.from(
      { length: until },
      (_, i) => sign * value(params, i + 1),
    );
    const isDone = allocation.isFinal && until === allocation.untilStep;
    const trial: TrialRecord = trialOf(before?.number ?? number, params, {
      state: isDone ? "complete" : "running",
      ...(isDone ? { value: values.at(-1)! } : {
        attributes: { [pausedAttribute]: { step: until } },
      }),
      curves: { loss: values },
    });
    const trials = [...view.trials];
    trials[trial.number] = trial;
    view = { ...view, trials: Object.freeze(trials) };
  }
  return { view, steps, allocations };
}

const lengths = ({ view }: Told) =>
  view.trials.map(({ curves }) => curves.get("loss")!.steps.length);

const samplers: Readonly<Record<string, () => Sampler>> = {
  hyperband: () => hyperbandSampler({ maxSteps: 27 }),
  bohb: () => bohbSampler({ maxSteps: 27 }),
  "hyperband by a Gaussian process": () =>
    hyperbandSampler({
      maxSteps: 27,
      sampler: gpSampler({ initialTrials: 4 }),
    }),
  "freeze-thaw": () => freezeThawSampler({ maxSteps: 27 }),
};

for (const [name, make] of Object.entries(samplers)) {
  describe(`${name}: handing out steps`, () => {
    it("keeps to the budget exactly, and finishes a trial within it", async () => {
      for (const budget of [27, 60, 150]) {
        const told = await train(make, budget);
        expect(told.steps).toBe(budget);
        expect(lengths(told).reduce((a, b) => a + b, 0)).toBe(budget);
        if (budget >= 60) {
          expect(told.view.trials.some(({ state }) => state === "complete"))
            .toBe(true);
        }
      }
    });

    it("trains few trials whole, and those are among the better ones", async () => {
      const { view } = await train(make, 300);
      const whole = view.trials.filter(({ state }) => state === "complete");
      const rank = (trial: TrialRecord) =>
        view.trials.filter((other) =>
          loss(other.params, 27) < loss(trial.params, 27)
        ).length;
      expect(whole.length).toBeLessThan(view.trials.length / 2);
      const best = Math.min(...whole.map(rank));
      expect(best).toBeLessThanOrEqual(0.2 * view.trials.length);
    });

    it("says why, in a sentence", async () => {
      const { allocations } = await train(make, 100);
      for (const allocation of allocations) {
        const reason = allocation.kind === "new"
          ? allocation.suggestion.reason
          : allocation.reason;
        expect(reason).toMatch(/^[A-Z-].*\.$/);
      }
    });

    it("holds no state: a study read anew is gone on with alike", async () => {
      const { view } = await train(make, 120);
      const request = {
        ...requestOf(view),
        stepsLeft: 100,
        mustBegin: false,
      };
      const sampler = make();
      const first = await sampler.allocate!({
        ...request,
        random: randomStream("a"),
      });
      expect(
        await sampler.allocate!({ ...request, random: randomStream("a") }),
      ).toEqual(first);
      expect(
        await make().allocate!({
          ...request,
          study: rebuilt(view),
          random: randomStream("a"),
        }),
      ).toEqual(first);
    });

    it("decides alike in both directions", async () => {
      const down = await train(make, 80);
      const up = await train(make, 80, { maximized: true });
      expect(lengths(up)).toEqual(lengths(down));
    });

    it("begins a new trial with the fixed values where it must", async () => {
      const { view } = await train(make, 80);
      const allocation = await make().allocate!({
        ...requestOf(view, { fixed: { level: 0.25 } }),
        stepsLeft: 30,
        mustBegin: true,
      });
      expect(allocation.kind).toBe("new");
      if (allocation.kind === "new") {
        expect(allocation.suggestion.params.level).toBe(0.25);
      }
    });

    it("bears NaN and infinite values, equal values, and conditions", async () => {
      const values = [
        (_: Configuration, step: number) => step === 2 ? NaN : 1 / step,
        () => NaN,
        () => Infinity,
        () => 1,
      ];
      for (const value of values) {
        expect((await train(make, 60, { value })).steps).toBe(60);
      }
      const told = await train(make, 90, {
        space: networkSpace() as unknown as Space,
        value: (_, step) => 1 / step,
      });
      expect(told.steps).toBe(90);
    });
  });
}

describe("hyperbandSampler()", () => {
  it("with one bracket and a factor of 3 promotes the best third of each rung", async () => {
    const told = await train(
      () => hyperbandSampler({ maxSteps: 9, maxBrackets: 1 }),
      400,
    );
    const all = lengths(told);
    const at = (step: number) => all.filter((length) => length >= step).length;
    expect(new Set(all)).toEqual(new Set([1, 3, 9]));
    expect(Math.abs(at(3) - at(1) / 3)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(9) - at(3) / 3)).toBeLessThanOrEqual(2);
  });

  it("begins trials at the rungs of all brackets", async () => {
    const { allocations } = await train(
      () => hyperbandSampler({ maxSteps: 9 }),
      200,
    );
    const begun = new Set(
      allocations.flatMap((one) => one.kind === "new" ? [one.untilStep] : []),
    );
    expect([...begun].sort()).toEqual([1, 3, 9]);
  });

  it("refuses what makes no sense", () => {
    expect(() => hyperbandSampler({} as never)).toThrow(
      "Cannot make the hyperband sampler: maxSteps is undefined, expected a whole number of at least 1",
    );
    expect(() => bohbSampler({ maxSteps: 9, minSteps: 10 })).toThrow(
      "minSteps is 10, expected a whole number from 1 to maxSteps, which is 9",
    );
  });
});

describe("freezeThawSampler()", () => {
  it("finds a good end with far fewer steps than whole trainings take", async () => {
    const ends = await Promise.all(
      ["a", "b", "c"].map(async (seed) => {
        const { view } = await train(
          () => freezeThawSampler({ maxSteps: 27 }),
          7 * 27,
          { seed },
        );
        return Math.min(
          ...view.trials.flatMap(({ value }) => value ?? Infinity),
        );
      }),
    );
    // The best there is: rate 1, level 0.7, where the loss is 0.
    expect(Math.max(...ends)).toBeLessThan(0.06);
  });

  it("under a budget of trials is the Gaussian process sampler", async () => {
    const view = viewOf(plane, [trialOf(0, { rate: 0.1, level: 0.3 })]);
    const { params } = (await freezeThawSampler({ maxSteps: 9 })
      .suggest(requestOf(view)))!;
    expect(params).toEqual(
      (await gpSampler().suggest(requestOf(view)))!.params,
    );
  });

  it("refuses what makes no sense", () => {
    expect(() => freezeThawSampler({} as never)).toThrow(
      "Cannot make the freeze-thaw sampler: maxSteps is undefined",
    );
    expect(() => freezeThawSampler({ maxSteps: 5, growth: 1 })).toThrow(
      "growth is 1, expected a number of at least 1.2",
    );
  });
});
