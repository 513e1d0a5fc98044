import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { audited, auditNote, medianPruner } from "../../lib/pruners/mod.ts";
import { isPaused, minimize } from "../../lib/records/mod.ts";
import {
  freezeThawSampler,
  hyperbandSampler,
  randomSampler,
} from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { MemoryStorage, openStorage } from "../../lib/storage/mod.ts";
import {
  type CheckpointStore,
  createStudy,
  type Study,
  type Trial,
} from "../../lib/study/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const searched = space({ rate: float(0.01, 1, { log: true }) });
type Params = { readonly rate: number };

/** How many epochs were trained, each training's in its own list. */
function trainer() {
  const trained: number[][] = [];
  const objective = async (trial: Trial<Params>) => {
    const log: number[] = [];
    trained.push(log);
    let loss = (trial.resumeFrom ?? 1) as number;
    for (let epoch = trial.startStep + 1; epoch <= 27; epoch++) {
      loss *= 1 - trial.params.rate / 2;
      log.push(epoch);
      await trial.report(epoch, loss);
      if (trial.shouldStop()) break;
    }
    await trial.checkpoint(loss);
    return loss;
  };
  return { trained, objective };
}

const open = (
  options: Partial<Parameters<typeof createStudy<Params>>[0]> = {},
): Promise<Study<Params>> =>
  createStudy<Params>({
    name: "epochs",
    space: searched,
    objective: minimize("loss"),
    sampler: hyperbandSampler({ maxSteps: 27 }),
    storage: "memory",
    ...options,
  });

const quiet = { progress: false } as const;

describe("study.optimize(…, { epochs })", () => {
  it("trains so many epochs, in turns that go on where they were paused", async () => {
    const study = await open();
    const { trained, objective } = trainer();
    const { endReason } = await study.optimize(objective, {
      ...quiet,
      epochs: 200,
    }) as unknown as { endReason?: string };
    expect(endReason ?? "").not.toMatch(/trials done/);
    expect(trained.flat()).toHaveLength(200);
    expect(study.best).not.toBeNull();
    for (const { curves, params } of study.trials) {
      const { steps, values } = curves.get("loss")!;
      // Whole curves, as if trained without a pause.
      expect(steps).toEqual(steps.map((_, i) => i + 1));
      values.forEach((value, i) =>
        expect(value).toBeCloseTo((1 - params.rate / 2) ** (i + 1), 12)
      );
    }
    const paused = study.trials.filter(isPaused);
    const complete = study.trials.filter(({ state }) => state === "complete");
    expect(paused.length + complete.length).toBe(study.trials.length);
    expect(
      complete.every(({ curves }) => curves.get("loss")!.steps.length === 27),
    )
      .toBe(true);
    expect(trained.length).toBeGreaterThan(study.trials.length);
    await study.close();
  });

  it("goes on with paused trials in the next run", async () => {
    const study = await open({ sampler: freezeThawSampler({ maxSteps: 27 }) });
    const { trained, objective } = trainer();
    await study.optimize(objective, { ...quiet, epochs: 60 });
    const lengthOf = (number: number) =>
      study.trials[number]!.curves.get("loss")!.steps.length;
    const before = study.trials.filter(isPaused)
      .map(({ number }) => ({ number, length: lengthOf(number) }));
    await study.optimize(objective, { ...quiet, epochs: 60 });
    expect(trained.flat()).toHaveLength(120);
    const longer = before.filter(({ number, length }) =>
      lengthOf(number) > length
    );
    expect(longer.length).toBeGreaterThan(0);
    await study.close();
  });

  it("trains from the start where no state was kept, and counts that", async () => {
    const study = await open();
    let epochs = 0;
    await study.optimize(async (trial) => {
      expect(trial.startStep).toBe(0);
      expect(trial.resumeFrom).toBeUndefined();
      let loss = 1;
      for (let epoch = 1; epoch <= 27; epoch++) {
        epochs++;
        loss *= 1 - trial.params.rate / 2;
        await trial.report(epoch, loss);
        if (trial.shouldStop()) break;
      }
      return loss;
    }, { ...quiet, epochs: 120 });
    expect(epochs).toBe(120);
    await study.close();
  });

  it("with a sampler that trains whole trials begins none once the budget is used", async () => {
    const study = await open({ sampler: randomSampler() });
    const { trained, objective } = trainer();
    await study.optimize(objective, { ...quiet, epochs: 100 });
    expect(trained.map(({ length }) => length)).toEqual([27, 27, 27, 27]);
    expect(study.trials.every(({ state }) => state === "complete")).toBe(true);
    await study.close();
  });

  it("keeps to the budget with several trials at a time", async () => {
    const study = await open();
    const { trained, objective } = trainer();
    await study.optimize(async (trial) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return await objective(trial);
    }, { ...quiet, epochs: 150, parallel: 4 });
    expect(trained.flat()).toHaveLength(150);
    await study.close();
  });

  it("gives queued trials their turn", async () => {
    const study = await open();
    const { objective } = trainer();
    await study.enqueue({ rate: 0.5 });
    await study.optimize(objective, { ...quiet, epochs: 40 });
    expect(study.trials[0]!.params).toEqual({ rate: 0.5 });
    expect(study.trials[0]!.curves.get("loss")!.steps.length)
      .toBeGreaterThan(0);
    await study.close();
  });

  it("pauses what runs when it is stopped, and loses nothing", async () => {
    const study = await open();
    const { objective } = trainer();
    await study.optimize(async (trial) => {
      if (trial.number !== 2) return await objective(trial);
      await trial.report(1, 0.9);
      study.stop("enough");
      expect(trial.shouldStop()).toBe(true);
      return 0.9;
    }, { ...quiet, epochs: 200 });
    const last = study.trials[2]!;
    expect(isPaused(last)).toBe(true);
    expect(last.curves.get("loss")!.steps).toEqual([1]);
    await study.close();
  });

  it("fails a trial whose objective throws, and goes on", async () => {
    const study = await open();
    const { objective } = trainer();
    await study.optimize(async (trial) => {
      if (trial.number === 1) throw new Error("out of memory");
      return await objective(trial);
    }, { ...quiet, epochs: 60 });
    expect(study.trials[1]!.state).toBe("failed");
    expect(study.best).not.toBeNull();
    await study.close();
  });

  it("refuses a budget that makes no sense", () =>
    open().then((study) => {
      const { objective } = trainer();
      expect(() => study.start(objective, { epochs: 0 })).toThrow(
        "epochs is 0, expected a whole number of at least 1",
      );
      expect(() =>
        study.start(objective, { epochs: 5, checkpoints: {} as never })
      )
        .toThrow("checkpoints is not an object with the methods save and load");
      return study.close();
    }));
});

describe("paused trials in storage", () => {
  const states = new Map<number, { step: number; state: unknown }>();
  const checkpoints: CheckpointStore = {
    save: (number, step, state) => void states.set(number, { step, state }),
    load: (number) => states.get(number) ?? null,
  };

  it("go on in another process, as if there had been no break", () =>
    withTemporaryFolder(async (folder) => {
      const run = async (storage: string, budgets: readonly number[]) => {
        states.clear();
        const { trained, objective } = trainer();
        for (const epochs of budgets) {
          const study = await open({ storage });
          await study.optimize(objective, { ...quiet, epochs, checkpoints });
          expect(study.trials.some(({ state }) => state === "failed"))
            .toBe(false);
          await study.close();
        }
        expect(trained.flat()).toHaveLength(120);
        const study = await open({ storage });
        const all = study.trials.map(({ params, state, curves }) => ({
          params,
          state,
          curves,
        }));
        await study.close();
        return all;
      };
      const broken = await run(join(folder, "broken.db"), [50, 70]);
      expect(broken.length).toBeGreaterThan(5);
      for (const { curves, params } of broken) {
        const { steps, values } = curves.get("loss")!;
        expect(steps).toEqual(steps.map((_, i) => i + 1));
        expect(values.at(-1)).toBeCloseTo(
          (1 - params.rate / 2) ** steps.length,
          12,
        );
      }
    }));

  it("are counted as paused, not as running, on the study's card", async () => {
    const study = await open({ storage: "memory" });
    const trial = await study.ask();
    await trial.report(1, 0.5);
    await study.ask();
    await study.pause(trial);
    expect(study.toString()).toContain("1 running, 1 paused");
    await study.close();
  });

  for (const kind of ["memory", "SQLite"]) {
    it(`are taken over by one process only (${kind})`, () =>
      withTemporaryFolder(async (folder) => {
        const storage = kind === "memory"
          ? new MemoryStorage()
          : openStorage(join(folder, "studies.db"));
        const study = await open({ storage });
        const trial = await study.ask();
        await trial.report(1, 0.5);
        await trial.report(2, 0.4);
        const paused = await study.pause(trial);
        expect(isPaused(paused)).toBe(true);
        expect(paused.curves.get("loss")!.values).toEqual([0.5, 0.4]);
        const { id } = (await storage.findStudy("epochs"))!;
        expect(await storage.failAbandoned(id)).toEqual([]);
        const taken = await Promise.all([
          storage.resumeTrial!(id, 0),
          storage.resumeTrial!(id, 0),
        ]);
        expect(taken.filter((one) => one !== null)).toHaveLength(1);
        expect(await storage.resumeTrial!(id, 0)).toBeNull();
        expect(await storage.resumeTrial!(id, 7)).toBeNull();
        await study.close();
      }));
  }
});

describe("a study with an audited pruner", () => {
  it("lets some of the trials that would stop run on, notes them, and charts what it cost", () =>
    withTemporaryFolder(async (folder) => {
      for (const storage of ["memory", join(folder, "studies.db")]) {
        const study = await open({
          storage,
          sampler: randomSampler(),
          pruner: audited(medianPruner({ startupTrials: 3 }), { oneIn: 3 }),
        });
        const { objective } = trainer();
        await study.optimize(objective, { ...quiet, trials: 40 });
        const noted = study.trials.filter((trial) => auditNote(trial) !== null);
        const pruned = study.trials.filter(({ state }) => state === "pruned");
        expect(pruned.length).toBeGreaterThan(5);
        expect(noted.length).toBeGreaterThan(1);
        expect(noted.every(({ state }) => state === "complete")).toBe(true);
        expect(auditNote(noted[0]!)).toMatchObject({
          step: expect.any(Number),
          pruner: "median",
          oneIn: 3,
        });
        expect(pruned[0]!.reason).toMatch(/worse than the median of/);
        expect(study.charts.pruning().text).toContain(
          `${noted.length} audited trials`,
        );
        await study.close();
      }
    }));
});
