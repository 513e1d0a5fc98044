import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  frontOf,
  hyperbandSampler,
  isFeasible,
  isPaused,
  MemoryStorage,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const line = space({ x: float(0, 10) });
const quiet = { progress: false } as const;

function studyOf(
  storage: string | MemoryStorage = new MemoryStorage(),
  constraints: Record<string, { min?: number; max?: number }> = {
    "memory GB": { max: 8 },
  },
) {
  return createStudy({
    name: "bounded",
    space: line,
    objective: minimize("loss"),
    constraints,
    sampler: randomSampler(),
    storage,
  });
}

/** Tries x = loss with the memory 10 − x. */
async function tried(study: Awaited<ReturnType<typeof studyOf>>, x: number) {
  await study.try({ x }, (trial) => {
    trial.measure("memory GB", 10 - trial.params.x);
    return trial.params.x;
  }, quiet);
}

describe("a study with constraints", () => {
  it("without trials has no best and none that violates least", async () => {
    const study = await studyOf();
    expect(study.constraints.map(({ name }) => name)).toEqual([
      "memory GB ≤ 8",
    ]);
    expect(study.best).toBeNull();
    expect(study.leastViolating).toBeNull();
  });

  it("has as its best the best that keeps to them, the bound itself allowed", async () => {
    const study = await studyOf();
    for (const x of [1, 3, 2, 0.5]) await tried(study, x);
    expect(study.trials.map(({ constraints }) => constraints)).toEqual([
      [1],
      [-1],
      [0],
      [1.5],
    ]);
    expect(study.best!.number).toBe(2);
    expect(frontOf(study.view()).map(({ number }) => number)).toEqual([2]);
    expect(study.leastViolating).toBeNull();
  });

  it("has no best while nothing keeps to them, and names what violates them least", async () => {
    const study = await studyOf();
    for (const x of [0.5, 1.5, 1]) await tried(study, x);
    expect(study.best).toBeNull();
    expect(study.front).toEqual([]);
    expect(study.leastViolating!.number).toBe(1);
    expect(study.toString()).toContain("no feasible trial yet");
    expect(study.toString()).toContain("memory GB ≤ 8");
  });

  it("does not count a trial that did not say", async () => {
    const study = await studyOf();
    await study.tell(await study.ask(), 1);
    expect(study.trial(0).constraints).toEqual([null]);
    expect(isFeasible(study.trial(0))).toBe(false);
    expect(study.best).toBeNull();
    expect(study.leastViolating).toBeNull();
    expect(study.toString()).toContain('trial.measure("memory GB"');
  });

  it("takes the last value of a curve, or an objective, of that name", async () => {
    const study = await studyOf(new MemoryStorage(), {
      "validation accuracy": { min: 0.9 },
      loss: { max: 1 },
    });
    await study.try({ x: 1 }, (trial) => {
      trial.report(1, { validation: { accuracy: 0.8 } });
      trial.report(2, { validation: { accuracy: 0.95 } });
      return 0.25;
    }, quiet);
    const [accuracy, loss] = study.trial(0).constraints!;
    expect(accuracy).toBeCloseTo(-0.05, 12);
    expect(loss).toBe(-0.75);
  });

  it("takes measures with tell, by number too, and infinite ones", async () => {
    const study = await studyOf();
    await study.tell(await study.ask(), {
      state: "complete",
      value: 1,
      measures: { "memory GB": 7 },
    });
    const { number } = await study.ask();
    await study.tell(number, {
      state: "complete",
      value: 1,
      measures: { "memory GB": Infinity },
    });
    await study.tell(await study.ask(), {
      state: "failed",
      error: "out of memory",
      measures: { "memory GB": 16 },
    });
    expect(study.trials.map(({ constraints }) => constraints)).toEqual([
      [-1],
      [Infinity],
      [8],
    ]);
  });

  it("is the same when it is opened again from a file, and can go on with other bounds", () =>
    withTemporaryFolder(async (folder) => {
      const file = `${folder}/studies.db`;
      const study = await studyOf(file);
      for (const x of [1, 3, 2]) await tried(study, x);
      await study.close();
      const again = await createStudy({ name: "bounded", storage: file });
      expect(again.constraints).toEqual(study.constraints);
      expect(again.best!.number).toBe(2);
      await again.close();
      const tighter = await studyOf(file, { "memory GB": { min: 1, max: 7 } });
      expect(tighter.trial(1).constraints).toEqual([0, -6]);
      expect(tighter.best!.number).toBe(1);
      await tighter.close();
    }));

  for (
    const [what, constraints, words] of [
      ["no bound", { a: {} }, "has no bound"],
      ["bounds the wrong way round", { a: { min: 2, max: 1 } }, "wrong way"],
      ["a bound of NaN", { a: { max: NaN } }, "finite number"],
      ["a bound that is a text", { a: { max: "8" } }, "expected a number"],
      ["a list", [], "by the name of what is measured"],
      ["other words", { a: { below: 1 } }, '"below"'],
    ] as const
  ) {
    it(`refuses ${what}`, async () => {
      await expect(studyOf(new MemoryStorage(), constraints as never)).rejects
        .toThrow(words);
    });
  }

  it("keeps the measures of a trial that is paused, and of pruned ones", () =>
    withTemporaryFolder(async (folder) => {
      const open = () =>
        createStudy({
          name: "steps",
          space: line,
          objective: minimize("loss"),
          constraints: { "memory GB": { max: 8 } },
          sampler: hyperbandSampler({ maxSteps: 9 }),
          storage: `${folder}/studies.db`,
        });
      const study = await open();
      await study.optimize((trial) => {
        if (!trial.isResumed) trial.measure("memory GB", trial.number);
        for (let epoch = trial.startStep + 1; epoch <= 9; epoch++) {
          trial.report(epoch, trial.params.x / epoch);
          if (trial.shouldStop()) break;
        }
        return trial.params.x;
      }, { epochs: 30, ...quiet });
      await study.close();
      const again = await open();
      expect(again.trials.some(isPaused)).toBe(true);
      for (const { number, constraints } of again.trials) {
        expect(constraints).toEqual([number - 8]);
      }
      await again.close();
    }));

  it("refuses a measure that is NaN or no number, naming the trial", async () => {
    const study = await studyOf();
    const trial = await study.ask();
    expect(() => trial.measure("memory GB", NaN)).toThrow("of trial 0");
    expect(() => trial.measure("memory GB", "7" as never)).toThrow(TypeError);
    expect(() => trial.measure("", 7)).toThrow(TypeError);
    await study.tell(trial, 1);
    expect(() => trial.measure("memory GB", 7)).toThrow("it is over");
  });
});
