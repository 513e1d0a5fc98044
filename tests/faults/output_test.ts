import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { KernelSession, textOf, workFolder } from "../support/kernel.ts";
import { describeWith, program } from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { readAnew } from "./_small_study.ts";

const whole = Array(4).fill("complete");

describeWith(program("script"), "a terminal that is gone in mid-study", () => {
  it("does not disturb the study: it goes on to its end, and all is stored", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const script = new URL("./_watched.ts", import.meta.url).pathname;
      const terminal = new Deno.Command("script", {
        args: [
          "-qec",
          // In a session of its own: else the end of the terminal ends it, as a kill does.
          `exec setsid --wait ${Deno.execPath()} run -A --no-check ${script} ${storage}`,
          "/dev/null",
        ],
        stdin: "null",
        stdout: "piped",
      }).spawn();
      const text = terminal.stdout.pipeThrough(new TextDecoderStream());
      for await (const chunk of text) {
        if (chunk.includes("trial 2 of 4")) break;
      }
      terminal.kill("SIGKILL");
      await terminal.status;
      const over = `${storage}.over`;
      for (let tries = 0; tries < 400; tries++) {
        if (await Deno.stat(over).then(() => true, () => false)) break;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      expect(await Deno.readTextFile(over)).toBe("4 complete");
      const trials = await readAnew({ storage });
      expect(trials.map(({ state }) => state)).toEqual(whole);
    }));
});

/** What a notebook's way out does: by the name of what it is. */
const ways = {
  "throws": "() => { throw new Error('no way out'); }",
  "throws what is no error": "() => { throw null; }",
  "rejects": "() => Promise.reject(new Error('no way out'))",
  "never answers": "() => new Promise(() => {})",
  "gives back nothing": "() => undefined",
  "gives back what throws when it is looked at":
    "() => new Proxy({}, { get() { throw new Error('no'); } })",
};

describe("a notebook's output in the real kernel", () => {
  it(
    `that ${
      Object.keys(ways).join(", ")
    }: studies run to their end, and are whole`,
    async () => {
      const cwd = await workFolder("faulty output");
      await using kernel = await KernelSession.start({ cwd });
      const { error } = await kernel.execute(`
      import { createStudy, display, float, minimize, openDisplay, randomSampler, space } from "@etude/etude";
      const broadcast = Deno.jupyter.broadcast;
      const runWith = async (way) => {
        const study = await createStudy({ name: way, space: space({ x: float(0, 1) }), objective: minimize("loss"), sampler: randomSampler(), storage: "studies.db" });
        const place = openDisplay();
        const started = performance.now();
        try {
          const { counts } = await study.optimize(async (trial) => {
            for (let step = 1; step <= 3; step++) {
              await trial.report(step, trial.params.x);
              await place.show(study);
              await new Promise((resolve) => setTimeout(resolve, 30));
            }
            return trial.params.x;
          }, { trials: 4 });
          await study.close();
          return counts.complete + " complete" + (performance.now() - started > 4000 ? ", late" : "");
        } finally {
          Deno.jupyter.broadcast = broadcast;
        }
      };`);
      expect(error ?? null).toBe(null);
      for (const [name, way] of Object.entries(ways)) {
        const { outputs } = await kernel.execute(
          `Deno.jupyter.broadcast = ${way}; await runWith(${
            JSON.stringify(name)
          })`,
        );
        expect([name, textOf(outputs)]).toEqual([
          name,
          expect.stringContaining("4 complete"),
        ]);
        expect([name, textOf(outputs)]).not.toEqual([
          name,
          expect.stringContaining("late"),
        ]);
        const trials = await readAnew({ storage: `${cwd}/studies.db` }, name);
        expect(trials.map(({ state }) => state)).toEqual(whole);
      }
      // The kernel itself is as it was.
      const { outputs } = await kernel.execute(`await runWith("as ever")`);
      expect(JSON.stringify(outputs)).toContain("vegalite");
      console.log(
        `${
          Object.keys(ways).length
        } broken ways out of the kernel: 0 trials lost`,
      );
    },
  );
});
