import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { describeTask, openLibrary } from "../../lib/library/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  gpSampler,
  gridSampler,
  randomSampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
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

let kept: Uint8Array | null = null;

/** A file with a study of 25 trials, which are run once. */
async function history(folder: string): Promise<string> {
  const storage = `${folder}/old.db`;
  if (kept !== null) {
    await Deno.writeFile(storage, kept);
    return storage;
  }
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
  kept = await Deno.readFile(storage);
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
      for (
        const sampler of [
          randomSampler(),
          gpSampler(),
          tpeSampler(),
          cmaEsSampler({ populationSize: 3 }),
        ]
      ) {
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

  it("leaves a grid alone", () =>
    withTemporaryFolder(async (folder) => {
      const sampler = gridSampler({ points: { learningRate: 2, units: 2 } });
      const study = await make({ library: [await history(folder)], sampler });
      const cold = await make({ library: false, sampler });
      expect((await study.suggest({ count: 4 })).map(({ params }) => params))
        .toEqual(
          (await cold.suggest({ count: 4 })).map(({ params }) => params),
        );
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

  it("names a library file that is gone or corrupt, and goes on", () =>
    withTemporaryFolder(async (folder) => {
      const path = await history(folder);
      const corrupt = `${folder}/corrupt.db`;
      await Deno.writeTextFile(corrupt, "This is no database.");
      const gone = `${folder}/gone.db`;
      const storage = new MemoryStorage();
      const study = await make({ storage, library: [path, gone, corrupt] });
      expect(study.warmStart!.sources.map(({ name }) => name)).toEqual(["old"]);
      const skipped = study.warmStart!.skipped.map(({ source }) => source);
      expect(skipped).toHaveLength(2);
      for (const [i, file] of [gone, corrupt].entries()) {
        expect(skipped[i]).toContain(file);
        expect(study.warmStart!.remarks[i]).toContain(file);
      }
      expect(String(study)).toContain("Left out of the library:");
      const shown = (study as unknown as Record<
        symbol,
        () => Record<string, string>
      >)[Symbol.for("Jupyter.display")]!();
      expect(shown["text/html"]).toContain("gone.db");
      await run(study, 2);
      expect(study.trials).toHaveLength(2);
      // A file that has gone since: what it said is with the study.
      await Deno.remove(path);
      const resumed = await make({ storage, library: [path] });
      expect(resumed.warmStart!.sources.map(({ name }) => name))
        .toEqual(["old"]);
      expect(String(resumed)).toContain("cannot be read now");
    }));

  it("of nothing but a file that is gone is cold, and says so", async () => {
    const study = await make({ library: ["gone.db"] });
    expect(study.warmStart!.sources).toEqual([]);
    expect(study.warmStart!.remarks[0]).toContain("gone.db");
    await run(study, 1);
    expect(study.warmStart!.trials).toEqual([]);
    expect(study.charts.warmStart().spec).toBeDefined();
  });

  it("keeps its prior through a change of the space, in its words, and says so", () =>
    withTemporaryFolder(async (folder) => {
      const library = [await history(folder)];
      const storage = new MemoryStorage();
      await run(await make({ library, storage, sampler: gpSampler() }), 4);
      const change = {
        name: "new",
        space: space({
          rate: float(1e-3, 1, { log: true }),
          units: int(16, 128, { log: true }),
          dropout: float(0, 0.5),
        }),
        changes: { renamed: { learningRate: "rate" }, before: { dropout: 0 } },
        storage,
        sampler: gpSampler(),
      };
      const study = await createStudy(change);
      expect(study.warmStart!.remarks[0]).toMatch(/^The space has changed/);
      expect(String(study)).toContain("The space has changed");
      await study.optimize(
        ({ params }) => loss(params.rate, params.units) + params.dropout,
        { trials: 4, progress: false },
      );
      const { trials } = study.warmStart!;
      expect(trials.map(({ number }) => number))
        .toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(trials[0]!.isStart).toBe(true);
      // In another process it goes on the same.
      const [next] = await study.suggest({ count: 1 });
      const { changes: _, space: __, ...again } = change;
      const [resumed] = await (await createStudy(again)).suggest({ count: 1 });
      expect(resumed!.params).toEqual(next!.params);
    }));

  it("says so where nothing of the space is left for the prior", () =>
    withTemporaryFolder(async (folder) => {
      const storage = new MemoryStorage();
      await make({ storage, library: [await history(folder)] });
      const study = await createStudy({
        name: "new",
        space: space({ other: float(0, 1) }),
        changes: {
          dropped: ["learningRate", "units"],
          before: { other: 0.5 },
        },
        storage,
      });
      expect(study.warmStart!.remarks).toEqual([
        "Nothing is left of what prior studies said, since the space has changed too much: the study goes on without them.",
      ]);
      const next = await study.suggest();
      expect(next!.reason).not.toContain("prior studies");
    }));

  it("of one study with one trial begins with that", async () => {
    const storage = new MemoryStorage();
    const one = await make({ name: "one", storage, library: false });
    await one.try({ learningRate: 0.05, units: 20 }, () => 1);
    const study = await make({ storage, name: "next", library: [storage] });
    expect((await study.suggest())!.params)
      .toEqual({ learningRate: 0.05, units: 20 });
    expect(study.warmStart!.sources[0]!.trials).toBe(1);
  });

  it("survives a parameter of the same name that means something else", async () => {
    // Their learning rate was told as its logarithm moved into the range, their units turned round.
    const storage = new MemoryStorage();
    for (const name of ["a", "b", "c"]) {
      const other = await make({ name, storage, library: false });
      await other.optimize(
        ({ params }) =>
          loss(1e-4 + (1 - params.learningRate), 264 - params.units),
        { trials: 15, progress: false },
      );
    }
    for (const sampler of [gpSampler(), tpeSampler(), cmaEsSampler()]) {
      const best = async (library: false | [MemoryStorage]) => {
        const study = await make({
          name: `${sampler.name} ${library === false}`,
          seed: "seed",
          storage,
          library,
          sampler,
        });
        await run(study, 40);
        return study.best!.value!;
      };
      expect(await best([storage])).toBeLessThan(
        Math.max(0.1, 2 * await best(false)),
      );
    }
  });

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
