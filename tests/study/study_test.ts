import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { randomSampler } from "../../lib/samplers/mod.ts";
import { choice, float, int, space } from "../../lib/space/mod.ts";
import {
  createStudy,
  SamplerExhausted,
  type StudyOptions,
  TrialPruned,
} from "../../lib/study/mod.ts";

const line = space({
  x: float(0, 1),
  n: int(1, 3),
  o: choice(["adam", "sgd"]),
  m: float(0, 1).when({ o: "sgd" }),
});

type Line = NonNullable<typeof line.configurationType>;

let made = 0;

function study(options: Partial<StudyOptions<Line>> = {}) {
  return createStudy<Line>({
    name: `study ${made++}`,
    space: line,
    objective: minimize("loss"),
    storage: "memory",
    sampler: randomSampler(),
    ...options,
  });
}

async function thrown(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(() => null, (error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

describe("study.ask() and study.tell()", () => {
  it("a trial runs from ask to tell, and its value is kept", async () => {
    const s = await study();
    const trial = await s.ask();
    expect(s.trials[0]!.state).toBe("running");
    expect(s.space.validate(trial.params)).toEqual(trial.params);
    const record = await s.tell(trial, 0.5);
    expect([record.state, record.value]).toEqual(["complete", 0.5]);
    expect(s.best).toEqual(record);
    expect(s.trials).toEqual([record]);
  });

  it("telling twice and telling an unknown trial are refused", async () => {
    const s = await study();
    const trial = await s.ask();
    await s.tell(trial, 1);
    expect((await thrown(s.tell(trial, 2))).message).toMatch(
      /trial 0.*complete already/,
    );
    expect((await thrown(s.tell(7, 2))).message).toMatch(/no such trial/);
    expect(s.trials[0]!.value).toBe(1);
  });

  it("a result of another form is refused, and the trial can still be told", async () => {
    const s = await study();
    const trial = await s.ask();
    for (
      const result of [undefined, "0.5", { value: 1 }, { state: "complete" }, {
        state: "waiting",
      }, null]
    ) {
      expect(await thrown(s.tell(trial, result as unknown as number)))
        .toBeInstanceOf(TypeError);
    }
    expect((await s.tell(trial, 1)).value).toBe(1);
  });

  it("NaN fails the trial; infinite values are kept, as in Optuna", async () => {
    const s = await study();
    expect((await s.tell(await s.ask(), NaN)).state).toBe("failed");
    expect((await s.tell(await s.ask(), Infinity)).value).toBe(Infinity);
    expect((await s.tell(await s.ask(), -Infinity)).value).toBe(-Infinity);
    expect(s.best!.number).toBe(2);
  });

  it("a pruned trial keeps the last value of the objective's curve, as in Optuna", async () => {
    const s = await study();
    const trial = await s.ask();
    trial.report(1, 0.9);
    trial.report(2, 0.7);
    const record = await s.tell(trial, { state: "pruned" });
    expect([record.state, record.value]).toEqual(["pruned", 0.7]);
    expect(s.best).toBe(null);
  });

  it("pinned values are kept, and those that are not valid are refused before a trial is made", async () => {
    const s = await study();
    const trial = await s.ask({ fixed: { o: "sgd", m: 0.25 } });
    expect([trial.params.o, trial.params.m]).toEqual(["sgd", 0.25]);
    expect(await thrown(s.ask({ fixed: { x: 7 } }))).toBeInstanceOf(RangeError);
    expect(
      await thrown(
        s.ask({ fixed: { o: "adam", m: 0.5 } as unknown as Partial<Line> }),
      ),
    ).toBeInstanceOf(RangeError);
    expect(s.trials.length).toBe(1);
  });

  it("asking at the same time gives different trials", async () => {
    const s = await study();
    const trials = await Promise.all(Array.from({ length: 10 }, () => s.ask()));
    expect(trials.map((trial) => trial.number)).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
    ]);
    expect(new Set(trials.map((trial) => trial.params.x)).size).toBe(10);
  });

  it("a sampler that fails leaves a failed trial with the reason, and the study goes on", async () => {
    let broken = true;
    const inner = randomSampler();
    const s = await study({
      sampler: {
        name: "moody",
        suggest: (request) => {
          if (broken) throw new Error("no idea");
          return inner.suggest(request);
        },
      },
    });
    expect((await thrown(s.ask())).message).toBe("no idea");
    expect([s.trials[0]!.state, s.trials[0]!.error]).toEqual([
      "failed",
      "no idea",
    ]);
    broken = false;
    expect((await s.ask()).number).toBe(1);
  });

  it("a sampler with nothing left says so", async () => {
    const s = await study({
      sampler: { name: "empty", suggest: () => null, remaining: () => 0 },
    });
    expect(await thrown(s.ask())).toBeInstanceOf(SamplerExhausted);
    expect(s.trials.length).toBe(0);
    const summary = await s.optimize(() => 1);
    expect(summary.reason).toMatch(/no configuration left/);
  });
});

describe("trial.report()", () => {
  it("makes curves by name from nested numbers, and a bare number is the objective's", async () => {
    const s = await study({ objective: maximize("validation accuracy") });
    const trial = await s.ask();
    trial.report(0, {
      train: { loss: 1 },
      validation: { loss: 2, accuracy: 0.5 },
      speed: 9,
    });
    trial.report(1, 0.75);
    const { curves } = await s.tell(trial, 1);
    expect([...curves.keys()].sort()).toEqual([
      "speed",
      "train loss",
      "validation accuracy",
      "validation loss",
    ]);
    expect(curves.get("validation accuracy")).toEqual({
      name: "validation accuracy",
      steps: [0, 1],
      values: [0.5, 0.75],
    });
  });

  it("refuses steps and values that are none, at once", async () => {
    const trial = await (await study()).ask();
    for (const step of [-1, 0.5, NaN, Infinity, "1"]) {
      expect(() => trial.report(step as number, 1)).toThrow(RangeError);
    }
    for (
      const values of [undefined, null, "x", { loss: "1" }, {
        train: { loss: null },
      }, { train: [], a: undefined }]
    ) {
      expect(() => trial.report(1, values as unknown as number)).toThrow();
    }
    expect(trial.curve("loss")).toBe(null);
  });

  it("a later value for a step replaces the earlier; steps may come in any order", async () => {
    const s = await study();
    const trial = await s.ask();
    for (const [step, value] of [[3, 3], [1, 1], [2, 2], [3, 30]] as const) {
      trial.report(step, value);
    }
    const record = await s.tell(trial, 1);
    expect(record.curves.get("loss")).toEqual({
      name: "loss",
      steps: [1, 2, 3],
      values: [1, 2, 30],
    });
  });

  it("trial.best() follows the objective's direction, and the name for other curves", async () => {
    const s = await study({ objective: maximize("score") });
    const trial = await s.ask();
    for (
      const [step, value] of [[1, 0.2], [2, NaN], [3, 0.9], [4, 0.5]] as const
    ) {
      trial.report(step, {
        score: value,
        train: { loss: value },
        speed: value,
      });
    }
    expect(trial.best()).toBe(0.9);
    expect(trial.best("train loss")).toBe(0.2);
    expect(() => trial.best("speed")).toThrow(/minimize/);
    expect(trial.best("speed", "maximize")).toBe(0.9);
    expect(() => trial.best("accuracy")).toThrow(/has reported "score"/);
  });

  it("after the end of the trial it throws, and nothing is added", async () => {
    const s = await study();
    const trial = await s.ask();
    await s.tell(trial, 1);
    expect(() => trial.report(1, 1)).toThrow(/over/);
  });
});

describe("study.enqueue()", () => {
  it("queued configurations run first, in order; what they leave open is sampled", async () => {
    const s = await study();
    await s.enqueue({ x: 0.25 });
    await s.enqueue({ x: 0.5, n: 2, o: "adam" });
    const [a, b, c] = [await s.ask(), await s.ask(), await s.ask()];
    expect(a.params.x).toBe(0.25);
    expect(s.space.validate(a.params)).toEqual(a.params);
    expect(b.params).toEqual({ x: 0.5, n: 2, o: "adam" });
    expect([a, b, c].map((trial) => s.trial(trial.number).origin)).toEqual([
      "enqueued",
      "enqueued",
      "sampler",
    ]);
  });

  it("refuses what is not valid", async () => {
    const s = await study();
    expect((await thrown(s.enqueue({ y: 1 } as Partial<Line>))).message)
      .toMatch(/"y" is not a parameter/);
    expect((await thrown(s.enqueue({ n: 9 }))).message).toMatch(
      /between 1 and 3/,
    );
    expect(s.trials.length).toBe(0);
  });
});

describe("study.try()", () => {
  it("runs one configuration chosen by hand", async () => {
    const s = await study();
    const record = await s.try(
      { x: 0.5, n: 2, o: "adam" },
      (trial) => trial.params.x,
    );
    expect([record.state, record.value, record.origin]).toEqual([
      "complete",
      0.5,
      "manual",
    ]);
  });

  it("refuses a configuration that is not valid, and runs nothing", async () => {
    const s = await study();
    const error = await thrown(
      s.try({ x: 2, n: 2, o: "adm" } as unknown as Line, () => 1),
    );
    expect(error.message).toMatch(
      /"x" is 2.*"o" is "adm".*did you mean "adam"/,
    );
    expect(s.trials.length).toBe(0);
  });

  it("keeps the objective's error with the trial, and throws it", async () => {
    const s = await study();
    const error = await thrown(s.try({ x: 0, n: 1, o: "adam" }, () => {
      throw new Error("boom");
    }));
    expect(error.message).toBe("boom");
    expect(s.trials[0]!.state).toBe("failed");
    expect(s.trials[0]!.error).toMatch(/boom/);
  });
});

describe("study.optimize()", () => {
  it("runs so many trials and finds the best by the direction", async () => {
    const s = await study({ objective: maximize("x") });
    const summary = await s.optimize((trial) => trial.params.x, { trials: 20 });
    expect(summary.counts).toEqual({ complete: 20, pruned: 0, failed: 0 });
    expect(s.best!.value).toBe(
      Math.max(...s.trials.map((trial) => trial.value!)),
    );
  });

  it("an objective that throws, returns NaN or something else fails its trial, and the study goes on", async () => {
    const s = await study();
    const objectives: (() => number)[] = [
      () => {
        throw new TypeError("boom");
      },
      () => {
        throw "a text";
      },
      () => {
        throw undefined;
      },
      () => NaN,
      () => undefined as unknown as number,
      () => "1" as unknown as number,
      () => 0.5,
    ];
    await s.optimize((trial) => objectives[trial.number]!(), {
      trials: objectives.length,
    });
    expect(s.trials.map((trial) => trial.state)).toEqual([
      "failed",
      "failed",
      "failed",
      "failed",
      "failed",
      "failed",
      "complete",
    ]);
    expect(s.trials[0]!.error).toMatch(/TypeError: boom/);
    expect(s.trials[1]!.error).toMatch(/a text/);
    expect(s.trials[4]!.error).toMatch(/returned nothing/);
    expect(s.best!.number).toBe(6);
  });

  it("stopOnError ends the run with the objective's error, after the trial was failed", async () => {
    const s = await study();
    const error = await thrown(s.optimize((trial) => {
      if (trial.number === 2) throw new Error("boom");
      return 1;
    }, { trials: 10, stopOnError: true }));
    expect(error.message).toBe("boom");
    expect(s.trials.map((trial) => trial.state)).toEqual([
      "complete",
      "complete",
      "failed",
    ]);
  });

  it("TrialPruned and trial.prune() prune, with the reason", async () => {
    const s = await study();
    await s.optimize((trial) => {
      trial.report(1, 5);
      if (trial.number === 0) throw new TrialPruned("flat");
      return trial.prune("too slow");
    }, { trials: 2 });
    expect(s.trials.map((trial) => [trial.state, trial.value, trial.reason]))
      .toEqual([["pruned", 5, "flat"], ["pruned", 5, "too slow"]]);
  });

  it("what a pruner stops counts as pruned, with its reason", async () => {
    const s = await study({
      pruner: {
        name: "strict",
        judge: ({ curve }) => ({
          stop: curve.values.length >= 3,
          reason: "three are enough",
        }),
      },
    });
    await s.optimize(async (trial) => {
      for (let step = 1; step <= 10 && !trial.shouldStop(); step++) {
        await trial.report(step, 1 / step);
      }
      return trial.best();
    }, { trials: 2 });
    expect(
      s.trials.map((
        trial,
      ) => [trial.state, trial.curves.get("loss")!.steps.length, trial.reason]),
    ).toEqual([
      ["pruned", 3, "three are enough"],
      ["pruned", 3, "three are enough"],
    ]);
  });

  it("parallel trials overlap, and every one is told once", async () => {
    const s = await study();
    let running = 0;
    let most = 0;
    await s.optimize(async (trial) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return trial.params.x;
    }, { trials: 12, parallel: 4 });
    expect(most).toBe(4);
    expect(s.trials.map((trial) => trial.state)).toEqual(
      Array(12).fill("complete"),
    );
  });

  it("callbacks see each trial and can stop the study", async () => {
    const s = await study();
    const seen: number[] = [];
    const summary = await s.optimize((trial) => trial.params.x, {
      trials: 50,
      callbacks: [(handle, record) => {
        seen.push(record.number);
        if (record.number === 4) handle.stop("good enough");
      }],
    });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(summary.reason).toBe("good enough");
  });

  it("a callback that throws ends the run with its error; the trial is stored", async () => {
    const s = await study();
    const error = await thrown(s.optimize(() => 1, {
      trials: 5,
      callbacks: [() => {
        throw new Error("callback");
      }],
    }));
    expect(error.message).toBe("callback");
    expect(s.trials.map((trial) => trial.state)).toEqual(["complete"]);
  });

  it("a listener that throws does not disturb the run", async () => {
    const s = await study();
    s.listen(() => {
      throw new Error("listener");
    });
    expect((await s.optimize(() => 1, { trials: 3 })).counts.complete).toBe(3);
  });

  it("after the timeout no further trial begins", async () => {
    const s = await study();
    const summary = await s.optimize(
      () => new Promise((resolve) => setTimeout(() => resolve(1), 20)),
      { timeoutMs: 70 },
    );
    expect(summary.reason).toMatch(/time limit/);
    expect(summary.counts.complete).toBeGreaterThanOrEqual(2);
    expect(summary.counts.complete).toBeLessThan(7);
  });

  it("an aborted signal stops the run", async () => {
    const s = await study();
    const controller = new AbortController();
    const done = s.optimize(async (trial) => {
      for (let step = 0;; step++) {
        await trial.report(step, 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }, { trials: 5, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect((await done).reason).toMatch(/signal/);
    expect(
      (await s.optimize(() => 1, { trials: 5, signal: controller.signal }))
        .counts.complete,
    ).toBe(0);
  });

  it("options that make no sense are refused before anything runs", async () => {
    const s = await study();
    const objective = () => 1;
    const bad: [unknown, unknown][] = [
      [undefined, {}],
      ["train", {}],
      [objective, { trials: 0 }],
      [objective, { trials: 1.5 }],
      [objective, { parallel: 0 }],
      [objective, { timeoutMs: -1 }],
      [objective, { callbacks: [1] }],
      [objective, { nTrials: 5 }],
      [objective, null],
    ];
    for (const [first, second] of bad) {
      expect(() => s.start(first as typeof objective, second as object))
        .toThrow(/Cannot start the study/);
    }
    expect(s.trials.length).toBe(0);
  });
});

describe("study.start()", () => {
  it("runs in the background and stops after the current report", async () => {
    const s = await study();
    const run = s.start(async (trial) => {
      for (let step = 0; step < 10_000; step++) {
        await trial.report(step, step);
        if (trial.shouldStop()) break;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return 1;
    }, { trials: 3 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(run.running).toBe(true);
    await run.stop();
    expect(run.running).toBe(false);
    const [trial] = s.trials;
    expect([trial!.state, trial!.reason]).toEqual([
      "pruned",
      "stopped by hand",
    ]);
    expect(trial!.value).toBe(trial!.curves.get("loss")!.values.at(-1)!);
    expect(s.trials.length).toBe(1);
  });

  it("an objective that never asks shouldStop() ends at its next report", async () => {
    const s = await study();
    const run = s.start(async (trial) => {
      for (let step = 0;; step++) {
        await trial.report(step, step);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }, { trials: 3 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await run.stop();
    expect(s.trials.map((trial) => trial.state)).toEqual(["pruned"]);
  });

  it("stopped twice, it does not wait for an objective that hangs", async () => {
    const s = await study();
    const run = s.start(() => new Promise<number>(() => {}), { trials: 3 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    void run.stop();
    await run.stop();
    expect(s.trials.map((trial) => trial.state)).toEqual(["failed"]);
    expect(s.trials[0]!.error).toMatch(/did not stop when asked/);
  });

  it("an error of the run is kept for done and does not end the process", async () => {
    const s = await study();
    const run = s.start(() => {
      throw new Error("boom");
    }, { trials: 3, stopOnError: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await thrown(run.done)).message).toBe("boom");
  });
});
