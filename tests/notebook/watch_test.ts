import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  MemoryStorage,
  minimize,
  randomSampler,
  space,
  watch,
} from "../../mod.ts";

/** The same study twice: one that works, one that looks on. */
async function pair() {
  const storage = new MemoryStorage();
  const open = () =>
    createStudy({
      name: "watched",
      storage,
      library: false,
      sampler: randomSampler(),
      space: space({ x: float(0, 1) }),
      objective: minimize("loss"),
    });
  return [await open(), await open()] as const;
}

/** What is printed meanwhile. */
async function printed(work: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(String(line));
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}

describe("watch()", () => {
  it("wants times and counts above 0", async () => {
    const [study] = await pair();
    expect(() => watch(study, { everyMs: 0 })).toThrow("everyMs is 0");
    expect(() => watch(study, { trials: -1 })).toThrow("trials is -1");
  });

  it("prints a line where something has changed, until there are enough trials", async () => {
    const [worker, looker] = await pair();
    const lines = await printed(async () => {
      const watched = watch(looker, { trials: 3, everyMs: 20 });
      for (let n = 0; n < 3; n++) {
        await worker.tell(await worker.ask(), 3 - n);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      await watched.done;
    });
    expect(looker.trials.length).toBe(3);
    expect(lines[0]).toMatch(/^0 of 3 trials|^1 of 3 trials/);
    expect(lines.at(-1)).toContain("3 of 3 trials, ended: it has its 3 trials");
    expect(lines.at(-1)).toContain("1 in trial 2");
    expect(new Set(lines).size).toBe(lines.length);
  });

  it("says how far the trials are that others run", async () => {
    const [worker, looker] = await pair();
    const lines = await printed(async () => {
      const trial = await worker.ask();
      await worker.ask();
      const watched = watch(looker, { trials: 1, everyMs: 20 });
      for (let step = 1; step <= 3; step++) {
        await trial.report(step, 1 / step);
        // Curves are stored twice a second.
        await new Promise((resolve) => setTimeout(resolve, 600));
      }
      await worker.tell(trial, 1);
      await watched.done;
    });
    expect(lines.join("\n")).toMatch(
      /2 running · trial 0, step [123], and 1 more/,
    );
  });

  it("ends when it is stopped or its signal says so, and leaves the work alone", async () => {
    const [worker, looker] = await pair();
    const trial = await worker.ask();
    await printed(async () => {
      const watched = watch(looker, { everyMs: 10_000 });
      watched.stop();
      await watched.done;
      await watch(looker, { signal: AbortSignal.abort() }).done;
    });
    expect((await worker.tell(trial, 1)).state).toBe("complete");
  });
});
