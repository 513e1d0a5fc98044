import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  exportStudy,
  importStudies,
  repairJournal,
} from "../../lib/interop/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { isFull, seed } from "./_extent.ts";
import { smallStudy } from "./_small_study.ts";

const kills = isFull ? 60 : 6;

/** Kills a process that writes to a path, at a random moment after it has done so once. */
async function killExporter(
  args: readonly string[],
  afterMs: number,
): Promise<void> {
  const script = new URL("./_exporter.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
}

async function withStudy(
  work: (
    folder: string,
    storage: string,
    read: typeof readWhole,
  ) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const storage = `${folder}/studies.db`;
    const study = await smallStudy({ storage });
    await study.optimize((trial) => {
      for (let step = 1; step <= 20; step++) trial.report(step, step);
      return trial.params.x;
    }, { trials: 100, progress: false });
    await study.close();
    await work(folder, storage, readWhole);
  });
}

/** The values of a file's study, which must have all its trials. */
async function readWhole(path: string): Promise<(number | null)[]> {
  const [study] = await importStudies(path);
  expect(study!.trials.length).toBe(100);
  return study!.trials.map(({ value }) => value);
}

describe("kill -9 of a process that writes for other tools", () => {
  it(`leaves the file that was there whole, in every form (${kills} kills each, seed ${seed})`, () =>
    withStudy(async (folder, storage, read) => {
      const random = randomStream(seed, "export");
      const study = await smallStudy({ storage });
      const values = study.trials.map(({ value }) => value);
      await study.close();
      let left = 0;
      for (const ending of ["csv", "jsonl", "log"]) {
        const path = `${folder}/study.${ending}`;
        for (let kill = 0; kill < kills; kill++) {
          await killExporter([storage, path], 40 * random.uniform());
          expect(await read(path)).toEqual(values);
        }
      }
      for await (const { name } of Deno.readDir(folder)) {
        if (name.endsWith(".part")) left++;
      }
      console.log(
        `${
          3 * kills
        } kills of exports: 0 files broken, ${left} unfinished ones (.part) left beside`,
      );
    }));

  it(`leaves a torn journal torn or mended, never worse, and says how to go on (${kills} kills)`, () =>
    withStudy(async (folder, storage, read) => {
      const random = randomStream(seed, "repair");
      const whole = `${folder}/whole.log`;
      const torn = `${folder}/torn.log`;
      const path = `${folder}/study.log`;
      const study = await smallStudy({ storage });
      await exportStudy(study, whole);
      await study.close();
      const text = await Deno.readTextFile(whole);
      await Deno.writeTextFile(torn, `${text}{"op_code": 4, "work`);
      let locked = 0;
      for (let kill = 0; kill < kills; kill++) {
        await killExporter([storage, path, torn], 20 * random.uniform());
        const found = await Deno.readTextFile(path);
        // What is mended is blanked where it lies.
        expect([text.trimEnd(), `${text}{"op_code": 4, "work`])
          .toContain(found.trimEnd());
        expect((await read(path)).length).toBe(100);
        if (await Deno.lstat(`${path}.lock`).then(() => true, () => false)) {
          locked++;
          // Its process is known to be gone.
          await repairJournal(path);
          const mended = await Deno.readTextFile(path);
          expect(mended.trimEnd()).toBe(text.trimEnd());
        }
      }
      console.log(
        `${kills} kills of repairs: 0 journals worse than before, ${locked} locks left behind and taken over`,
      );
    }));
});
