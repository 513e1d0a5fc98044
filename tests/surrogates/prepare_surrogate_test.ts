import { expect } from "@std/expect";
import { afterEach, describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import type { StudyView, TrialRecord } from "../../lib/records/mod.ts";
import { doJob, jobOf } from "../../lib/surrogates/_fit_job.ts";
import {
  fitted,
  rungsOf,
  settledCount,
} from "../../lib/surrogates/_fit_schedule.ts";
import { fitThread } from "../../lib/surrogates/_fit_thread.ts";
import {
  featuresOf,
  fitSurrogate,
  observationsOf,
  prepareSurrogate,
} from "../../lib/surrogates/mod.ts";
import { networkSpace } from "../support/spaces.ts";
import { rebuilt, trialOf, viewOf, withTrials } from "../support/views.ts";

/** A study of `count` random trials, a few of them failed, and then running ones. */
function studyOf(count: number, running = 1, seed = "prepare"): StudyView {
  const s = networkSpace();
  const { uniform } = randomStream(seed);
  return viewOf(
    s,
    Array.from({ length: count + running }, (_, number) => {
      const params = s.sample(uniform);
      return number >= count
        ? trialOf(number, params, { state: "running" })
        : number % 11 === 7
        ? trialOf(number, params, { state: "failed" })
        : trialOf(number, params, {
          value: Math.log(Number(params.learningRate)) + uniform(),
        });
    }),
  );
}

/** The study once a running trial has ended with that value. */
function ended(view: StudyView, number: number, value = -3): StudyView {
  return {
    ...view,
    trials: view.trials.map((trial): TrialRecord =>
      trial.number === number ? trialOf(number, trial.params, { value }) : trial
    ),
  };
}

/** Waits until the thread has answered. */
async function answered(): Promise<void> {
  while (fitThread.waiting > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    fitThread.collect();
  }
}

const numbers = (count: number) =>
  Array.from({ length: count }, (_, number) => number);

describe("settledCount()", () => {
  it("is all trials while they are few, then all but the last", () => {
    expect([0, 1, 19, 20, 21, 500].map((n) => settledCount(numbers(n), [])))
      .toEqual([0, 1, 19, 19, 20, 499]);
  });

  it("where trials end as they began is what was known before the last ended", () => {
    // 20 to 23 ran side by side; 20 has ended.
    expect(settledCount(numbers(21), [21, 22, 23])).toBe(20);
    // Whichever of them ends first.
    expect(settledCount([...numbers(20), 22], [20, 21, 23])).toBe(20);
  });

  it("is at least three quarters, however many run", () => {
    expect(settledCount(numbers(40).map((n) => n + 50), numbers(50))).toBe(30);
    expect(settledCount(numbers(21).map((n) => n + 50), numbers(50))).toBe(19);
  });
});

describe("rungsOf()", () => {
  it("is the size, below it 12 and its doubles, none above a third", () => {
    expect([1, 12, 13, 35, 36, 200].map(rungsOf)).toEqual([
      [1],
      [12],
      [12, 13],
      [12, 35],
      [12, 24, 36],
      [12, 24, 48, 96, 200],
    ]);
  });
});

describe("doJob()", () => {
  it("gives the very numbers that a fit here gives, all rungs, with or without those known", () => {
    const view = studyOf(75, 0);
    const { finished } = observationsOf(view);
    const here = featuresOf(view.space);
    const expected = rungsOf(75).map((size) => ({
      size,
      result: fitted(here, finished.slice(0, size)),
    }));
    expect(expected.map(({ size }) => size)).toEqual([12, 24, 48, 75]);
    for (const features of [featuresOf(view.space), here]) {
      const job = structuredClone(jobOf(1, features, finished));
      expect(job.known.length).toBe(features === here ? 4 : 0);
      expect(structuredClone(doJob(job))).toEqual({ id: 1, fits: expected });
    }
  });
});

describe("prepareSurrogate()", () => {
  afterEach(() => fitThread.stop());

  it("prepares the fit of one of several objectives, which is another", async () => {
    const all = studyOf(30, 1, "one of several");
    // More than half share the best value.
    const view = viewOf(
      all.space,
      all.trials.map((trial) =>
        trial.value === null ? trial : trialOf(trial.number, trial.params, {
          value: Math.max(-4, trial.value),
        })
      ),
    );
    const options = { oneOfSeveral: true };
    expect(prepareSurrogate(view, options)).toBe(true);
    await answered();
    expect(prepareSurrogate(view, options)).toBe(false);
    const last = view.trials.at(-1)!.number;
    const fit = (view: StudyView, oneOfSeveral: boolean) =>
      fitSurrogate(view, { oneOfSeveral }).process.hyperparameters;
    const prepared = fit(ended(view, last), true);
    expect(prepared).toEqual(fit(rebuilt(ended(view, last)), true));
    expect(prepared).not.toEqual(fit(ended(view, last), false));
  });

  it("does nothing where nothing runs, or little is known, or it is there", () => {
    expect(prepareSurrogate(studyOf(0, 0))).toBe(false);
    expect(prepareSurrogate(studyOf(30, 0))).toBe(false);
    expect(prepareSurrogate(studyOf(10))).toBe(false);
    const view = studyOf(30);
    fitSurrogate(ended(view, 30));
    expect(prepareSurrogate(view)).toBe(false);
    expect(fitThread.waiting).toBe(0);
  });

  it("does nothing where no trial has a value", () => {
    const view = studyOf(30);
    const trials = view.trials.map(({ number, params, state }) =>
      trialOf(number, params, { state: state === "running" ? state : "failed" })
    );
    expect(prepareSurrogate({ ...view, trials })).toBe(false);
  });

  it("makes the fit that is needed when the running trial has ended, however it does", async () => {
    const view = studyOf(70);
    expect(prepareSurrogate(view)).toBe(true);
    await answered();
    expect(prepareSurrogate(view)).toBe(false);
    for (const value of [-1e9, 0, Infinity]) {
      const after = ended(view, 70, value);
      const { hyperparameters } = fitSurrogate(after).process;
      expect(hyperparameters).toEqual(
        fitSurrogate(rebuilt(after)).process.hyperparameters,
      );
      // It is the one that was prepared.
      expect(prepareSurrogate(withTrials(
        after,
        trialOf(71, view.trials[0]!.params, { state: "running" }),
      ))).toBe(false);
    }
  });

  it("the answer needs no turn of the event loop", () => {
    const view = studyOf(40);
    expect(prepareSurrogate(view)).toBe(true);
    const start = performance.now();
    while (fitThread.waiting > 0 && performance.now() - start < 20_000) {
      fitThread.collect();
    }
    expect(fitThread.waiting).toBe(0);
  });

  it("changes no surrogate, whatever runs and in whatever order trials end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 18, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (count, running, order, waits) => {
          let view = studyOf(count, running, `${count} ${running}`);
          for (const choice of order) {
            prepareSurrogate(view);
            if (waits) await answered();
            const { running } = observationsOf(view);
            if (running.length === 0) break;
            view = ended(view, running[choice % running.length]!, -choice % 7);
            const one = fitSurrogate(view).process.hyperparameters;
            const other = fitSurrogate(rebuilt(view)).process.hyperparameters;
            expect(one).toEqual(other);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it("a thread that is killed midway costs nothing but its work, and another takes its place", async () => {
    const view = studyOf(60);
    expect(prepareSurrogate(view)).toBe(true);
    await fitThread.stop();
    expect(fitThread.waiting).toBe(0);
    const after = ended(view, 60);
    expect(fitSurrogate(after).process.hyperparameters)
      .toEqual(fitSurrogate(rebuilt(after)).process.hyperparameters);
    expect(prepareSurrogate(studyOf(61, 1, "another"))).toBe(true);
    await answered();
  });

  it("keeps no process alive, and does nothing where no thread may be begun", async () => {
    const run = async (...flags: string[]) => {
      const script = new URL("./_prepare_and_end.ts", import.meta.url).pathname;
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--no-check", ...flags, script],
        stderr: "inherit",
      }).output();
      return new TextDecoder().decode(stdout).trim();
    };
    expect(await run("-A")).toBe("true true");
    expect(await run("--allow-env")).toBe("false false");
  });
});
