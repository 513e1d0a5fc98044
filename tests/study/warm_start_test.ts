import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { describeTask, openLibrary } from "../../lib/library/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import { gpSampler, randomSampler } from "../../lib/samplers/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import { MemoryStorage } from "../../lib/storage/mod.ts";
import { nextStart } from "../../lib/study/_warm_start.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { trialOf, viewOf } from "../support/views.ts";

const old = space({
  lr: float(1e-4, 1, { log: true }),
  width: int(8, 256, { log: true }),
});
const current = space({
  learningRate: float(1e-4, 1, { log: true }),
  units: int(8, 256, { log: true }),
});

const loss = (lr: number, units: number) =>
  (Math.log10(lr) + 2.5) ** 2 + (Math.log2(units) - 6) ** 2 / 9;

/** A file with a study of 25 trials. */
async function history(folder: string): Promise<string> {
  const storage = `${folder}/old.db`;
  const study = await createStudy({
    name: "old",
    space: old,
    objective: minimize("loss"),
    sampler: gpSampler(),
    storage,
    task: describeTask(null, { tags: ["toy"] }),
  });
  await study.optimize(({ params }) => loss(params.lr, params.width), {
    trials: 25,
    progress: false,
  });
  await study.close();
  return storage;
}

const run = (study: Awaited<ReturnType<typeof make>>, trials: number) =>
  study.optimize(({ params }) => loss(params.learningRate, params.units), {
    trials,
    progress: false,
  });

const make = (change: Partial<Parameters<typeof createStudy<Params>>[0]>) =>
  createStudy<Params>({
    name: "new",
    space: current,
    objective: minimize("loss"),
    storage: "memory",
    ...change,
  });

type Params = { readonly learningRate: number; readonly units: number };

describe("createStudy({ library })", () => {
  it("of an empty or missing library begins as without", async () => {
    for (const library of [[], ["nowhere.db"], false] as const) {
      const study = await make({ library, sampler: randomSampler() });
      const cold = await make({ sampler: randomSampler(), library: false });
      expect(await study.suggest()).toEqual(await cold.suggest());
    }
  });

  it("begins with what did best on a similar study, and says so", () =>
    withTemporaryFolder(async (folder) => {
      const library = [await history(folder)];
      const study = await make({ library });
      await run(study, 1);
      expect(study.trials[0]!.reason).toBe(
        "Among the best on prior studies: old.",
      );
      expect(study.best!.value).toBeLessThan(0.05);
      // The metric is the same: the old study's values say what to expect.
      expect(study.trials[0]!.forecast!.mean).toBeLessThan(1);
      const cold = await make({ library: false });
      await run(cold, 5);
      expect(study.best!.value).toBeLessThan(cold.best!.value!);
      expect(study.attributes["etude:warm_start"]).toMatchObject({
        strategy: "auto",
        sources: [{ name: "old", trials: 25 }],
      });
    }));

  it("goes on the same when it is resumed, also without its library, and with every sampler", () =>
    withTemporaryFolder(async (folder) => {
      const library = [await history(folder)];
      for (const sampler of [randomSampler(), gpSampler()]) {
        const [one, two] = [new MemoryStorage(), new MemoryStorage()];
        await run(await make({ library, sampler, storage: one }), 8);
        await run(await make({ library, sampler, storage: two }), 1);
        const resumed = await make({ sampler, storage: two });
        await run(resumed, 7);
        const whole = await make({ sampler, storage: one });
        expect(resumed.trials.map(({ params }) => params))
          .toEqual(whole.trials.map(({ params }) => params));
      }
    }));

  it("suggests each start once, whoever tried it, and leaves fixed values alone", () =>
    withTemporaryFolder(async (folder) => {
      const library = await openLibrary([await history(folder)]);
      const study = await make({ library });
      const [first, second] = await study.suggest({ count: 2 });
      expect(second!.params).not.toEqual(first!.params);
      await study.try(first!.params, () => 0);
      expect((await study.suggest())!.params).not.toEqual(first!.params);
      const fixed = await study.suggest({ fixed: { units: 9 } });
      expect(fixed!.params.units).toBe(9);
      await library.close();
    }));

  it("does not learn from itself: its own file is a library without it", () =>
    withTemporaryFolder(async (folder) => {
      const storage = await history(folder);
      const study = await make({ storage, library: [storage] });
      expect(study.attributes["etude:warm_start"]).toMatchObject({
        sources: [{ name: "old" }],
      });
      await study.close();
    }));

  it("takes what the old study says as a prior, and tells how much it weighed", () =>
    withTemporaryFolder(async (folder) => {
      const study = await make({
        library: [await history(folder)],
        sampler: gpSampler(),
      });
      await run(study, 8);
      const { trials, sources } = study.warmStart!;
      expect(sources.map(({ name }) => name)).toEqual(["old"]);
      expect(trials.map(({ number }) => number))
        .toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(trials.some(({ chosenBy }) => chosenBy === "trials")).toBe(true);
      expect(trials.at(-1)!.weight).toBeGreaterThan(0.5);
      expect(trials.at(-1)!.voices).toEqual([{ name: "old", share: 1 }]);
      const asked = study.trials.find(({ reason }) =>
        /they weigh 0\.\d+ \(old 1\.00\)/.test(reason!)
      );
      expect(asked).toBeDefined();
    }));

  it("finds out what misleads: it weighs less and less, and the study ends well", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/mirrored.db`;
      const mirrored = await createStudy({
        name: "mirrored",
        space: old,
        objective: minimize("loss"),
        storage,
        library: false,
      });
      await mirrored.optimize(
        ({ params }) => loss(1e-4 / params.lr, 2048 / params.width),
        { trials: 20, progress: false },
      );
      await mirrored.close();
      const study = await make({ library: [storage], sampler: gpSampler() });
      await run(study, 20);
      const weights = study.warmStart!.trials.map(({ weight }) => weight);
      expect(Math.min(...weights)).toBeLessThan(0.3);
      expect(study.best!.value).toBeLessThan(0.1);
    }));

  it("is on by default for samplers that ask prior studies, over the study's own storage", async () => {
    const storage = new MemoryStorage();
    await run(await make({ name: "before", storage, library: false }), 10);
    const study = await make({ name: "after", storage });
    expect(study.warmStart!.sources[0]!.name).toBe("before");
    const plain = await make({
      name: "plain",
      storage,
      sampler: randomSampler(),
    });
    expect(plain.warmStart).toBeNull();
    const cold = await make({ name: "cold", storage, library: false });
    expect(cold.warmStart).toBeNull();
  });

  it("begins warm on a fresh machine with the built-in library", async () => {
    const study = await createStudy({
      name: "fresh",
      space: space({
        learningRate: float(1e-5, 1, { log: true }),
        units: int(16, 1024, { log: true }),
        batchSize: int(4, 256, { log: true }),
      }),
      objective: maximize("validation accuracy"),
      storage: "memory",
    });
    const first = await study.suggest();
    expect(first!.reason).toMatch(/prior studies: hpobench/);
    // A learning rate that no one who knows networks would laugh at.
    expect(first!.params.learningRate).toBeGreaterThan(2e-4);
    expect(first!.params.learningRate).toBeLessThan(5e-2);
    expect(Object.keys(study.attributes)).toEqual(["etude:warm_start"]);
    expect(study.warmStart!.sources.length).toBeGreaterThan(5);
  });
});

describe("nextStart()", () => {
  const line = space({ x: float(0, 1) });
  const starts = [0.1, 0.2, 0.3].map((x) => ({ params: { x }, reason: "." }));
  const next = (...trials: readonly TrialRecord<{ x: number }>[]) =>
    nextStart(starts, viewOf(line, trials) as unknown as StudyView)?.params.x ??
      null;

  it("is the first that no trial has, running ones too", () => {
    expect(next()).toBe(0.1);
    expect(next(trialOf(0, { x: 0.1 }, { state: "running" }))).toBe(0.2);
    expect(next(trialOf(0, { x: 0.2 }))).toBe(0.1);
    expect(next(...[0.3, 0.1, 0.2].map((x, i) => trialOf(i, { x }))))
      .toBeNull();
  });

  it("is none once two have failed", () => {
    const failed = (x: number, i: number) =>
      trialOf(i, { x }, { state: "failed" });
    expect(next(failed(0.1, 0))).toBe(0.2);
    expect(next(failed(0.1, 0), failed(0.2, 1))).toBeNull();
  });

  it("is none once two did worse than another trial", () => {
    const [a, b] = [0.1, 0.2].map((x, i) => trialOf(i, { x }, { value: 1 }));
    const other = (value: number) => trialOf(2, { x: 0.9 }, { value });
    expect(next(a!, other(0))).toBe(0.2);
    expect(next(a!, b!, other(0))).toBeNull();
    expect(next(a!, b!, other(2))).toBe(0.3);
  });

  it("is none once one was far worse than prior studies expected", () => {
    const expecting = starts.map((start) => ({
      ...start,
      expected: { mean: 0.5, sd: 0.1 },
    }));
    const after = (value: number) =>
      nextStart(
        expecting,
        viewOf(line, [
          trialOf(0, { x: 0.1 }, { value }),
        ]) as unknown as StudyView,
      );
    expect(after(0.75)?.params.x).toBe(0.2);
    expect(after(0.85)).toBeNull();
    expect(after(-5)?.params.x).toBe(0.2);
  });
});
