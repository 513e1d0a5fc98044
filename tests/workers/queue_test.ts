import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  MemoryStorage,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { runWorker } from "../../lib/workers/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const searched = space({ x: float(-1, 1) });
const objective = minimize("loss");

describe("the queue of a file", () => {
  for (
    const [kind, file, count, processes] of [[
      "an SQLite file",
      "studies.db",
      800,
      8,
    ], ["a journal", "studies.log", 400, 4]] as const
  ) {
    it(`of ${kind}: ${processes} processes take ${count} waiting trials: each goes to one, and nobody meets an error`, async () => {
      await withTemporaryFolder(async (folder) => {
        const path = join(folder, file);
        const study = await createStudy({
          name: "queue",
          storage: path,
          library: false,
          sampler: randomSampler(),
          space: searched,
          objective,
        });
        for (let i = 0; i < count; i++) await study.enqueue({ x: 0.5 });
        const script = new URL("./_claim.ts", import.meta.url).pathname;
        const outputs = await Promise.all(
          Array.from(
            { length: processes },
            () =>
              new Deno.Command(Deno.execPath(), {
                args: ["run", "-A", "--no-check", script, path, "queue"],
              }).output(),
          ),
        );
        const texts = outputs.map(({ stderr }) =>
          new TextDecoder().decode(stderr)
        );
        expect(outputs.map(({ code }) => code)).toEqual(outputs.map(() => 0));
        expect(texts.filter((text) => /error/i.test(text))).toEqual([]);
        const taken = outputs.flatMap(({ stdout }) =>
          JSON.parse(new TextDecoder().decode(stdout)) as number[]
        );
        expect(taken.sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        );
        await study.refresh();
        expect(study.trials.every(({ state }) => state === "complete")).toBe(
          true,
        );
        await study.close();
      });
    });
  }
});

describe("runWorker()", () => {
  it("wants a study that exists, and says which there are", async () => {
    const storage = new MemoryStorage();
    const work = { storage, study: "digits", objective: () => 1 };
    await expect(runWorker(work)).rejects.toThrow("has no studies");
    await createStudy({ name: "digit", storage, space: searched, objective });
    await expect(runWorker(work)).rejects.toThrow('has "digit"; make it first');
    await expect(runWorker({ ...work, trials: 0 })).rejects.toThrow(
      "trials is 0",
    );
  });

  it("two make exactly as many trials as were asked for", async () => {
    const storage = new MemoryStorage();
    const study = await createStudy({
      name: "two",
      storage,
      library: false,
      sampler: randomSampler(),
      space: searched,
      objective,
    });
    const work = () =>
      runWorker({
        storage,
        study: "two",
        trials: 7,
        sampler: randomSampler(),
        objective: async (trial) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return Number(trial.params.x);
        },
      });
    const summaries = await Promise.all([work(), work()]);
    await study.refresh();
    const complete = study.trials.filter(({ state }) => state === "complete");
    expect(complete.length).toBe(7);
    expect(summaries.reduce((sum, { trials }) => sum + trials, 0)).toBe(7);
    for (
      const { error } of study.trials.filter(({ state }) => state === "failed")
    ) {
      expect(error).toContain("Withdrawn");
    }
  });

  it("gives up where trial after trial fails", async () => {
    const storage = new MemoryStorage();
    await createStudy({ name: "bad", storage, space: searched, objective });
    const { endReason, trials } = await runWorker({
      storage,
      study: "bad",
      trials: 100,
      sampler: randomSampler(),
      mostFailures: 3,
      objective: () => {
        throw new Error("no GPU");
      },
    });
    expect([trials, endReason]).toEqual([3, "3 trials in a row failed"]);
  });
});
