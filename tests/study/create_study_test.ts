import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { maximize, minimize } from "../../lib/records/mod.ts";
import {
  gridSampler,
  latinHypercubeSampler,
  randomSampler,
  type Sampler,
  sobolSampler,
} from "../../lib/samplers/mod.ts";
import { boolean, choice, float, int, space } from "../../lib/space/mod.ts";
import { MemoryStorage } from "../../lib/storage/mod.ts";
import { createStudy, deleteStudy } from "../../lib/study/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const plain = space({ x: float(0, 1), o: choice(["a", "b"]) });

async function message(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

describe("createStudy()", () => {
  it("makes a study and reopens it with its trials", () =>
    withTemporaryFolder(async (folder) => {
      const options = {
        name: "a",
        space: plain,
        objective: maximize("accuracy"),
        storage: `${folder}/studies.db`,
      };
      const first = await createStudy(options);
      await first.optimize((trial) => trial.params.x, { trials: 5 });
      await first.close();
      const second = await createStudy({ name: "a", storage: options.storage });
      expect(second.trials).toEqual(first.trials);
      expect(second.objectives).toEqual([maximize("accuracy")]);
      expect(second.space.toString()).toBe(plain.toString());
      await second.close();
    }));

  it("options of the wrong kind are refused with what is expected", async () => {
    const bad: [object, RegExp][] = [
      [{}, /name is undefined/],
      [{ name: "" }, /name is ""/],
      [{ name: "x".repeat(513) }, /1 to 512/],
      [{ name: "a", space: { x: 1 } }, /made with space/],
      [{ name: "a", space: plain, objective: "loss" }, /minimize\("…"\)/],
      [
        { name: "a", space: plain, sampler: randomSampler },
        /mind the brackets/,
      ],
      [{ name: "a", space: plain, pruner: {} }, /judge/],
      [{ name: "a", space: plain, seed: {} }, /seed/],
      [
        { name: "a", space: plain, direction: "maximize" },
        /no option "direction"/,
      ],
      [{ name: "a", space: plain, storage: "mysql://x" }, /this version knows/],
    ];
    for (const [options, text] of bad) {
      expect(
        await message(
          createStudy(
            { storage: "memory", ...options } as Parameters<
              typeof createStudy
            >[0],
          ),
        ),
      ).toMatch(text);
    }
  });

  it("reopening with another direction, objective, seed, or a space of which something has to be said, is refused; ranges may change", async () => {
    const storage = new MemoryStorage();
    await createStudy({
      name: "a",
      space: plain,
      objective: minimize("loss"),
      seed: 1,
      storage,
    });
    const reopen = (change: object) =>
      createStudy({ name: "a", storage, ...change });
    expect(await message(reopen({ objective: maximize("loss") }))).toMatch(
      /made to minimize "loss", and is now asked to maximize "loss"/,
    );
    expect(await message(reopen({ objective: minimize("error") }))).toMatch(
      /"error"/,
    );
    expect(await message(reopen({ seed: 2 }))).toMatch(/seed "1"/);
    const differences: [object, RegExp][] = [
      [space({ x: float(0, 1) }), /"o" is gone/],
      [
        space({ x: float(0, 1), o: choice(["a", "b"]), y: boolean() }),
        /"y" is new/,
      ],
      [
        space({ x: choice([0, 1]), o: choice(["a", "b"]) }),
        /"x" was float and is choice/,
      ],
      [
        space({ z: float(0, 1), o: choice(["a", "b"]) }),
        /"x" is gone: say dropped: \["x"\], or if it has a new name renamed/,
      ],
      [
        space({ q: float(0, 1) }).edit({ rename: { q: "x" } }),
        /made from another one/,
      ],
    ];
    for (const [changed, text] of differences) {
      expect(await message(reopen({ space: changed }))).toMatch(text);
    }
    const wider = space({
      x: float(-5, 5, { default: 0 }),
      o: choice(["a", "b"]),
    });
    expect((await reopen({ space: wider })).space.toString()).toBe(
      wider.toString(),
    );
    expect((await reopen({})).space.toString()).toBe(wider.toString());
  });

  it("two who make one study at the same time get the same one", () =>
    withTemporaryFolder(async (folder) => {
      const options = {
        name: "a",
        space: plain,
        storage: `${folder}/studies.db`,
      };
      const studies = await Promise.all([
        createStudy(options),
        createStudy(options),
        createStudy(options),
      ]);
      const trials = await Promise.all(studies.map((study) => study.ask()));
      expect(trials.map((trial) => trial.number).sort()).toEqual([0, 1, 2]);
      await Promise.all(studies.map((study) => study.close()));
    }));

  it("deleteStudy() deletes", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      await (await createStudy({ name: "a", space: plain, storage })).close();
      expect(await deleteStudy("a", storage)).toBe(true);
      expect(await deleteStudy("a", storage)).toBe(false);
    }));
});

const mixed = space({
  rate: float(1e-5, 1, { log: true }),
  units: int(1, 300, { log: true }),
  optimizer: choice(["adam", "sgd", "rmsprop"]),
  momentum: float(0, 0.99).when({ optimizer: ["sgd", "rmsprop"] }),
  nesterov: boolean().when({ optimizer: "sgd" }),
});

const samplers: Record<string, () => Sampler> = {
  random: randomSampler,
  sobol: sobolSampler,
  "latin hypercube": () => latinHypercubeSampler({ trials: 12 }),
  grid: () => gridSampler({ points: 3, shuffle: true }),
};

describe("resuming a study", () => {
  for (const [name, sampler] of Object.entries(samplers)) {
    it(`30 trials at once are the same, bit for bit, as 10 and then 20 after reopening (${name})`, () =>
      withTemporaryFolder(async (folder) => {
        const run = async (file: string, parts: readonly number[]) => {
          for (const trials of parts) {
            const study = await createStudy({
              name: "s",
              space: mixed,
              seed: "resume",
              sampler: sampler(),
              storage: `${folder}/${file}`,
            });
            await study.optimize((trial) => {
              const { uniform } = trial.random();
              if (trial.number % 7 === 3) throw new Error("now and then");
              return trial.params.rate + uniform();
            }, { trials });
            await study.close();
          }
          const study = await createStudy({
            name: "s",
            storage: `${folder}/${file}`,
          });
          const seen = study.trials.map((
            { number, state, params, value, reason },
          ) => ({ number, state, params, value, reason }));
          await study.close();
          return seen;
        };
        const whole = await run("whole.db", [30]);
        expect(whole.length).toBe(30);
        expect(await run("parts.db", [10, 20])).toEqual(whole);
      }));
  }
});
