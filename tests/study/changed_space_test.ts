import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  forestSampler,
  gpSampler,
  latinHypercubeSampler,
  randomSampler,
  type Sampler,
  sobolSampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, int, type Space, space } from "../../lib/space/mod.ts";
import { MemoryStorage, SQLiteStorage } from "../../lib/storage/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { observationsOf } from "../../lib/surrogates/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const before = space({
  lr: float(1e-3, 1, { log: true }),
  optimizer: choice(["adam", "sgd", "old"]),
  momentum: float(0, 0.99).when({ optimizer: "sgd" }),
});

/** Renamed, narrowed, another scale; a value gone, one come; a parameter gone, two come. */
const after = space({
  learningRate: float(1e-3, 1e-1),
  optimizer: choice(["adam", "sgd", "lion"]),
  dropout: float(0.1, 0.5),
  units: int(8, 64, { default: 32 }),
});

const changes = {
  renamed: { lr: "learningRate" },
  dropped: ["momentum"],
  before: { dropout: 0 },
};

const loss = (params: Record<string, unknown>) =>
  (Math.log10((params.lr ?? params.learningRate) as number) + 2) ** 2;

const samplers: readonly Sampler[] = [
  randomSampler(),
  sobolSampler(),
  latinHypercubeSampler({ trials: 30 }),
  tpeSampler(),
  gpSampler(),
  forestSampler(),
];

describe("a study whose space changes", () => {
  for (const sampler of samplers) {
    it(`goes on with ${sampler.name}, its earlier trials in the words of the new space`, async () => {
      const storage = new MemoryStorage();
      const old = await createStudy({ name: "s", space: before, storage });
      await old.optimize(({ params }) => loss(params), {
        trials: 14,
        progress: false,
      });
      const study = await createStudy({
        name: "s",
        space: after,
        changes,
        sampler,
        storage,
      });
      expect(study.trials).toHaveLength(14);
      for (const [index, { params, value }] of study.trials.entries()) {
        const was = old.trials[index]!;
        expect(value).toBe(was.value);
        expect(params).toEqual({
          learningRate: was.params.lr,
          optimizer: was.params.optimizer,
          dropout: 0,
          units: 32,
        });
      }
      expect(observationsOf(study.view()).finished).toHaveLength(14);
      await study.optimize(({ params }) => {
        after.validate(params);
        return loss(params);
      }, { trials: 6, progress: false });
      expect(study.trials.slice(14).every(({ state }) => state === "complete"))
        .toBe(true);
      // With no word on it, and as another process finds it.
      const again = await createStudy({ name: "s", storage, sampler });
      expect(again.trials.map(({ params }) => params))
        .toEqual(study.trials.map(({ params }) => params));
      expect(
        again.predict({
          learningRate: 0.01,
          optimizer: "lion",
          dropout: 0.2,
          units: 32,
        }).sd,
      ).toBeGreaterThan(0);
    });
  }

  it("learns from what came before: the surrogate knows where it was good", async () => {
    const storage = new MemoryStorage();
    const narrow = space({ x: float(0, 1) });
    const old = await createStudy({ name: "s", space: narrow, storage });
    await old.optimize(({ params }) => (params.x - 0.4) ** 2, {
      trials: 12,
      progress: false,
    });
    const study = await createStudy({
      name: "s",
      space: space({ position: float(-1, 1), y: float(0, 1) }),
      changes: { renamed: { x: "position" }, before: { y: 0.5 } },
      storage,
      sampler: gpSampler(),
    });
    const at = (position: number) => study.predict({ position, y: 0.5 });
    expect(at(0.4).mean).toBeLessThan(0.02);
    expect(at(1).mean).toBeGreaterThan(0.2);
    // Where nobody has been yet it knows less.
    expect(at(-1).sd).toBeGreaterThan(3 * at(0.4).sd);
  });

  it("changes by edit, in a file, time after time; what was stored stays as it was", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const first = await createStudy({ name: "s", space: before, storage });
      await first.optimize(({ params }) => loss(params), {
        trials: 4,
        progress: false,
      });
      await first.enqueue({ lr: 0.5 });
      const edited = first.space.edit({
        rename: { lr: "rate" },
        add: { units: int(8, 64) },
        before: { units: 16 },
      });
      await first.close();
      const second = await createStudy({ name: "s", space: edited, storage });
      await second.optimize(({ params }) => Number(params.units), {
        trials: 3,
        progress: false,
      });
      const third = second.space.edit({
        drop: ["units"],
        rename: { rate: "learningRate" },
      });
      await second.close();
      const study = await createStudy({ name: "s", space: third, storage });
      for (const { params } of study.trials) {
        expect(Object.keys(params)).toContain("learningRate");
        expect(Object.keys(params)).not.toContain("units");
      }
      await study.close();
      const file = new SQLiteStorage(storage);
      const { id } = (await file.findStudy("s"))!;
      const stored = await file.readTrials(id);
      expect(Object.keys(stored[0]!.params)).toContain("lr");
      expect(Object.keys(stored.at(-1)!.params)).toContain("units");
      await file.close();
    }));

  it("of a queued configuration takes what the new space knows", async () => {
    const storage = new MemoryStorage();
    const old = await createStudy({ name: "s", space: before, storage });
    await old.enqueue({ lr: 0.05, optimizer: "sgd" });
    const study = await createStudy({
      name: "s",
      space: after,
      changes,
      storage,
    });
    const { params } = await study.ask();
    expect(params.optimizer).toBe("sgd");
    expect((after as unknown as Space).validate(params)).toEqual(params);
  });
});
