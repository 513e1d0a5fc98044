import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  fitSurrogate,
  float,
  isDiscarded,
  isFavorite,
  MemoryStorage,
  minimize,
  noteOf,
  observationsOf,
  randomSampler,
  space,
  SQLiteStorage,
  type StudyEvent,
  type StudyStorage,
  verdictOf,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const line = space({ x: float(0, 1), y: float(0, 1) });

async function studyOf(storage: StudyStorage | "memory" = "memory") {
  const study = await createStudy({
    name: "marks",
    space: line,
    objective: minimize("loss"),
    sampler: randomSampler(),
    storage,
  });
  if (study.trials.length === 0) {
    await study.optimize((trial) => trial.params.x, {
      trials: 6,
      progress: false,
    });
  }
  return study;
}

describe("what a person says of trials", () => {
  it("a note and a star are kept with the trial, and an empty note removes it", async () => {
    const study = await studyOf();
    const events: StudyEvent[] = [];
    study.listen((event) => void events.push(event));
    await study.note(2, "*odd*");
    await study.favorite(2);
    expect(noteOf(study.trial(2))).toBe("*odd*");
    expect(isFavorite(study.trial(2))).toBe(true);
    expect(events.map(({ type }) => type)).toEqual([
      "trial changed",
      "trial changed",
    ]);
    await study.note(2, "");
    await study.favorite(2, false);
    expect(study.trial(2).attributes).toEqual({});
  });

  it("a note is kept with the study too, shown on its card, and with each other's reading it anew", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const study = await studyOf(new SQLiteStorage(path));
      const other = await studyOf(new SQLiteStorage(path));
      await study.note("About **June**.\nMore.");
      await study.note(1, "one");
      await study.note(2, "two");
      expect(noteOf(study)).toBe("About **June**.\nMore.");
      expect(String(study)).toContain("note: About **June**. …");
      expect(noteOf(other)).toBe("");
      const changed: number[] = [];
      other.listen((event) => {
        if (event.type === "trial changed") changed.push(event.record.number);
      });
      await other.refresh({ notes: false });
      expect(noteOf(other.trial(1))).toBe("");
      await other.refresh();
      expect(noteOf(other)).toBe("About **June**.\nMore.");
      expect([1, 2, 3].map((number) => noteOf(other.trial(number))))
        .toEqual(["one", "two", ""]);
      expect(changed).toEqual([1, 2]);
      await study.note("");
      await study.note(1, "");
      await other.note(3, "own");
      await other.refresh();
      expect(noteOf(other)).toBe("");
      expect(other.attributes).toEqual({});
      expect([1, 2, 3].map((number) => noteOf(other.trial(number))))
        .toEqual(["", "two", "own"]);
      expect(changed).toEqual([1, 2, 3, 1]);
      await study.close();
      await other.close();
    }));

  it("a note that is no text, too long, or on no trial is refused", async () => {
    const study = await studyOf();
    expect(() => study.note(0, 1 as never)).toThrow(TypeError);
    expect(() => study.note(0, "x".repeat(10_001))).toThrow(/at most 10000/);
    expect(() => study.note(99, "x")).toThrow(/Cannot find trial 99/);
    expect(() => study.note("x".repeat(10_001))).toThrow(/at most 10000/);
    expect(() => study.note(undefined as never)).toThrow();
  });

  it("a discarded trial is neither the best nor learnt from, and restore() takes it back", async () => {
    const study = await studyOf();
    const best = study.best!;
    const before = study.predict({ x: 0.5, y: 0.5 });
    await study.discard(best.number, "wrong data");
    expect(study.best!.number).not.toBe(best.number);
    expect(study.trial(best.number).state).toBe("failed");
    expect(study.trial(best.number).error).toBe("Discarded: wrong data");
    expect(isDiscarded(study.trial(best.number))).toBe(true);
    expect(observationsOf(study.view()).finished.length).toBe(5);
    expect(fitSurrogate(study.view()).size).toBe(5);
    expect(study.predict({ x: 0.5, y: 0.5 }).mean).not.toBe(before.mean);
    await study.restore(best.number);
    expect(study.best!.number).toBe(best.number);
    expect(study.trial(best.number).value).toBe(best.value);
    expect(study.predict({ x: 0.5, y: 0.5 }).mean).toBe(before.mean);
  });

  it("a trial failed by hand counts as bad, one that failed can be discarded", async () => {
    const study = await studyOf();
    await study.fail(1, "diverged");
    expect(verdictOf(study.trial(1))).toEqual({
      state: "failed",
      reason: "diverged",
    });
    const { finished } = observationsOf(study.view());
    expect(finished.length).toBe(6);
    expect(finished[1]!.value).toBeNaN();
    await study.discard(1);
    expect(observationsOf(study.view()).finished.length).toBe(5);
  });

  it("a trial that has not ended cannot be judged, and says what to do", async () => {
    const study = await studyOf();
    const running = await study.ask();
    const { number } = await study.enqueue({ x: 0.5 });
    expect(() => study.discard(running.number)).toThrow(/stop it first/);
    expect(() => study.fail(number)).toThrow(/study\.withdraw\(7\)/);
    await study.note(running.number, "while it runs");
    await study.tell(running, 0.5);
    expect(noteOf(study.trial(running.number))).toBe("while it runs");
  });

  it("withdraw() takes a trial out of the queue: nobody runs it or learns from it", async () => {
    const study = await studyOf();
    const first = await study.enqueue({ x: 0.25, y: 0.5 });
    const second = await study.enqueue({ x: 0.75, y: 0.5 });
    await study.withdraw(first.number);
    expect(observationsOf(study.view()).finished.length).toBe(6);
    const trial = await study.ask();
    expect(trial.number).toBe(second.number);
    await expect(study.withdraw(second.number)).rejects.toThrow(
      /it is running/,
    );
    await study.tell(trial, 1);
  });

  it("all of it is there again when the file is opened anew", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const study = await studyOf(new SQLiteStorage(path));
      await study.note(0, "kept");
      await study.favorite(1);
      await study.discard(2);
      const queued = await study.enqueue({ x: 0.5, y: 0.5 });
      await study.withdraw(queued.number);
      await study.close();
      const again = await studyOf(new SQLiteStorage(path));
      expect(noteOf(again.trial(0))).toBe("kept");
      expect(isFavorite(again.trial(1))).toBe(true);
      expect(isDiscarded(again.trial(2))).toBe(true);
      expect(again.trial(2).value).toBe(null);
      expect(isDiscarded(again.trial(queued.number))).toBe(true);
      expect(observationsOf(again.view()).finished.length).toBe(5);
      await again.close();
    }));
});

describe("what comes next by hand", () => {
  it("a queued trial is forecast when it begins, and says who chose it", async () => {
    const study = await studyOf(new MemoryStorage());
    await study.enqueue({ x: 0.5, y: 0.5 }, {
      chosenBy: "manual",
      reason: "I think so.",
    });
    const expected = study.predict({ x: 0.5, y: 0.5 });
    const trial = await study.ask();
    expect(trial.reason).toBe("I think so.");
    expect(trial.forecast!.mean).toBeCloseTo(expected.mean, 12);
    await study.tell(trial, 0.5);
    expect(study.trial(trial.number).origin).toBe("manual");
  });

  it("try() can say that the sampler chose", async () => {
    const study = await studyOf();
    const record = await study.try({ x: 0.5, y: 0.5 }, () => 1, {
      progress: false,
      chosenBy: "sampler",
      reason: "Suggested.",
    });
    expect([record.origin, record.reason]).toEqual(["sampler", "Suggested."]);
  });

  it("suggest() and optimize() keep to narrower ranges and fixed values", async () => {
    const study = await studyOf();
    const within = { x: [0.4, 0.5] } as const;
    for (const { params } of await study.suggest({ within, count: 5 })) {
      expect(params.x).toBeGreaterThanOrEqual(0.4);
      expect(params.x).toBeLessThanOrEqual(0.5);
    }
    await study.optimize((trial) => trial.params.x, {
      trials: 4,
      within,
      fixed: { y: 0.125 },
      progress: false,
    });
    for (const { params } of study.trials.slice(6)) {
      expect(params.y).toBe(0.125);
      expect(params.x).toBeGreaterThanOrEqual(0.4);
      expect(params.x).toBeLessThanOrEqual(0.5);
    }
  });

  it("a range outside of the space, empty, or of no number is refused", async () => {
    const study = await studyOf();
    for (
      const [within, message] of [
        [{ x: [0.5, 2] }, /not a part of \[0, 1\]/],
        [{ x: [0.5, 0.5] }, /not a part of/],
        [{ z: [0, 1] }, /no parameter "z"|"z"/],
        [{ x: "all" }, /expected \[low, high\]/],
      ] as const
    ) {
      await expect(study.suggest({ within: within as never })).rejects
        .toThrow(message);
    }
  });
});

describe("StudyRun.hold()", () => {
  it("lets the objective wait at its next report, and stop() ends the hold", async () => {
    const study = await studyOf();
    const steps: number[] = [];
    const run = study.start(async (trial) => {
      for (let step = 1; step <= 1000; step++) {
        await trial.report(step, step);
        steps.push(step);
        if (trial.shouldStop()) break;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return 1;
    }, { trials: 1, progress: false });
    const wait = (ms: number) =>
      new Promise((resolve) => setTimeout(resolve, ms));
    while (steps.length < 3) await wait(2);
    run.hold();
    await wait(20);
    const held = steps.length;
    await wait(60);
    expect(steps.length).toBe(held);
    expect(run.isHeld).toBe(true);
    run.release();
    while (steps.length < held + 3) await wait(2);
    run.hold();
    await wait(20);
    await run.stop("enough");
    expect(run.isHeld).toBe(false);
    const last = study.trials.at(-1)!;
    expect([last.state, last.reason]).toEqual(["pruned", "enough"]);
  });
});
