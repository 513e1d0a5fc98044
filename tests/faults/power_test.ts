import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import type { TrialRecord } from "../../mod.ts";
import { SQLiteStorage } from "../../lib/storage/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { isFull, seed } from "./_extent.ts";
import { brokenFile } from "./_kinds.ts";
import { smallStudy } from "./_small_study.ts";

const losses = isFull ? 2000 : 200;

/** What is there of a study: its trials, or nothing where it was not yet. */
async function trialsIn(path: string): Promise<readonly TrialRecord[]> {
  const storage = new SQLiteStorage(path);
  const study = await storage.findStudy("small");
  const trials = study === null ? [] : await storage.readTrials(study.id);
  await storage.close();
  return trials;
}

describe("a loss of power", () => {
  it(`that leaves an SQLite file's log cut off, with blocks of zeros or of old bytes (${losses} of them, seed ${seed}): the file is whole, and of the trials only the last are missing`, () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const study = await smallStudy({ storage: path });
      await study.optimize((trial) => {
        for (let step = 1; step <= 10; step++) trial.report(step, step);
        return trial.params.x;
      }, { trials: 30, progress: false });
      // As it lies on the disk while the study is open.
      const file = await Deno.readFile(path);
      const log = await Deno.readFile(`${path}-wal`);
      const all = study.trials;
      await study.close();

      const random = randomStream(seed, "power");
      const after = `${folder}/after.db`;
      const found: number[] = [];
      for (let loss = 0; loss < losses; loss++) {
        const left = log.slice(0, random.int(log.length + 1));
        const from = random.int(left.length + 1);
        if (loss % 3 === 1) left.fill(0, from, from + 4096);
        if (loss % 3 === 2) {
          left.set(left.slice(0, 512).slice(0, left.length - from), from);
        }
        for (const ending of ["", "-wal", "-shm"]) {
          await Deno.remove(after + ending).catch(() => {});
        }
        await Deno.writeFile(after, file);
        await Deno.writeFile(`${after}-wal`, left);
        const trials = await trialsIn(after);
        expect(brokenFile(after)).toBe(null);
        found.push(trials.length);
        expect(trials.map(({ number }) => number)).toEqual(
          trials.map((_, i) => i),
        );
        for (
          const trial of trials.filter(({ state }) => state === "complete")
        ) {
          const known = all[trial.number]!;
          expect([trial.value, trial.params, trial.curves]).toEqual([
            known.value,
            known.params,
            known.curves,
          ]);
        }
        // Only the last one may have been under way.
        expect(
          trials.slice(0, -1).every(({ state }) => state === "complete"),
        ).toBe(true);
        if (loss % 20 !== 0 || trials.length === 0) continue;
        const again = await smallStudy({ storage: after });
        await again.optimize((trial) => trial.params.x, {
          trials: 1,
          progress: false,
        });
        expect(again.trials.length).toBe(trials.length + 1);
        await again.close();
      }
      expect(Math.max(...found)).toBe(30);
      expect(new Set(found).size).toBeGreaterThan(20);
      console.log(
        `${losses} losses of power: 0 files broken; from ${
          Math.min(...found)
        } to ${Math.max(...found)} of 30 trials were there`,
      );
    }));
});
