import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { DatabaseSync } from "node:sqlite";
import { createStudy, randomStream } from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { pointsOf, valueAt } from "./_plan.ts";

function victim(path: string, trials?: number): Deno.ChildProcess {
  const script = new URL("./_victim.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      script,
      path,
      ...(trials === undefined ? [] : [String(trials)]),
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** Gathers the numbers that the process says it has finished; the first one resolves `began`. */
function listen(
  child: Deno.ChildProcess,
): { readonly told: Promise<number[]>; readonly began: Promise<void> } {
  let begin = () => {};
  const began = new Promise<void>((resolve) => begin = resolve);
  const told = (async () => {
    let text = "";
    for await (
      const chunk of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      text += chunk;
      begin();
    }
    begin();
    // The last line may be cut off by the kill: only whole lines count.
    return text.split("\n").slice(0, -1).map(Number);
  })();
  return { told, began };
}

/** Nothing in an SQLite file is damaged. */
function checkDatabase(path: string): void {
  const database = new DatabaseSync(path);
  expect(database.prepare("PRAGMA integrity_check").get()!.integrity_check)
    .toBe("ok");
  database.close();
}

/** Every line of a journal can be read, and no lock was left. */
async function checkJournal(path: string): Promise<void> {
  for (const line of (await Deno.readTextFile(path)).trimEnd().split("\n")) {
    JSON.parse(line);
  }
  await expect(Deno.lstat(`${path}.lock`)).rejects.toThrow();
}

describe("kill -9", () => {
  for (
    const [kind, file, kills, check] of [
      ["an SQLite file", "studies.db", 50, checkDatabase],
      ["a journal", "studies.log", 15, checkJournal],
    ] as const
  ) {
    it(`at ${kills} random moments loses no finished trial of ${kind} and none of its reports; it opens and the study goes on`, () =>
      withTemporaryFolder(async (folder) => {
        const path = `${folder}/${file}`;
        const random = randomStream("kill", "moments");
        const told: number[] = [];
        for (let kill = 0; kill < kills; kill++) {
          const child = victim(path);
          const heard = listen(child);
          // Every third kill may hit the opening of the file too.
          if (kill % 3 !== 0) await heard.began;
          await new Promise((resolve) =>
            setTimeout(resolve, random.uniform() * (kill % 3 === 0 ? 400 : 150))
          );
          child.kill("SIGKILL");
          told.push(...await heard.told);
          await child.status;
        }
        const last = victim(path, 5);
        const heard = listen(last);
        expect((await last.status).success).toBe(true);
        const goneOn = await heard.told;
        expect(goneOn.length).toBe(5);
        told.push(...goneOn);

        await check(path);
        const study = await createStudy({ name: "victim", storage: path });
        const { trials } = study;
        expect(trials.map(({ number }) => number)).toEqual(
          trials.map((_, index) => index),
        );
        expect(told.length).toBeGreaterThan(kills);
        expect(new Set(told).size).toBe(told.length);
        for (const number of told) {
          expect(trials[number]!.state).toBe("complete");
        }
        let points = 0;
        for (const trial of trials) {
          if (trial.state === "complete") {
            const steps = Array.from(
              { length: pointsOf(trial.number) },
              (_, index) => index + 1,
            );
            const { x } = trial.params as { x: number };
            expect(trial.value).toBe(x);
            expect(trial.curves.get("loss")!.values).toEqual(
              steps.map((step) => valueAt(trial.number, step)),
            );
            expect(trial.curves.get("train loss")!.values).toEqual(
              steps.map(() => x),
            );
            points += 2 * steps.length;
          } else {
            // What was running is known for what it is.
            expect([trial.state, /Interrupted/.test(trial.error!)]).toEqual([
              "failed",
              true,
            ]);
          }
        }
        await study.close();
        console.log(
          `${kills} kills, ${told.length} trials told and ${points} points reported: none lost`,
        );
      }));
  }
});
