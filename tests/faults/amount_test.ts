import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import type { TrialRecord } from "../../mod.ts";
import { describeEachStorage, storageKinds } from "./_kinds.ts";
import { pointsIn, queuedIn } from "./_extent.ts";
import { readAnew, smallStudy } from "./_small_study.ts";

/** A trial that waits. */
const waiting: TrialRecord = {
  number: 0,
  state: "waiting",
  params: { x: 0.5 },
  value: null,
  values: null,
  curves: new Map(),
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  error: null,
  origin: "enqueued",
  reason: null,
  forecast: null,
  attributes: {},
};

describeEachStorage("too much", (places, kind) => {
  const queued = queuedIn(kind.name);
  const points = pointsIn(kind.name);

  it(`a trial that reports ${points} points, forwards, backwards, and as many curves of one point: all are kept`, async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const few = points / 10;
    const steps = Array.from({ length: points }, (_, i) => i);
    const half = steps.slice(0, points / 2);
    await study.optimize(async (trial) => {
      switch (trial.number) {
        case 0:
          for (const step of half) await trial.report(step, -step);
          break;
        case 1:
          for (const step of half) {
            await trial.report(half.length - 1 - step, -step);
          }
          break;
        default:
          await trial.report(
            1,
            Object.fromEntries(steps.slice(0, few).map((i) => [`c${i}`, i])),
          );
      }
      return trial.params.x;
    }, { trials: 3, progress: false });
    await study.close();
    const [up, down, wide] = await readAnew(place);
    expect([up!.state, down!.state, wide!.state]).toEqual(
      Array(3).fill("complete"),
    );
    // Compared by hand: a matcher takes minutes over so many.
    const isSame = (a: readonly number[], b: readonly number[]) =>
      a.length === b.length && a.every((value, i) => value === b[i]);
    expect(isSame(up!.curves.get("loss")!.steps, half)).toBe(true);
    expect(isSame(down!.curves.get("loss")!.steps, half)).toBe(true);
    expect(up!.curves.get("loss")!.values.every((v, i) => v === -i)).toBe(true);
    expect(
      down!.curves.get("loss")!.values.every((v, i) =>
        v === i - half.length + 1
      ),
    ).toBe(true);
    expect(wide!.curves.size).toBe(few);
    expect(wide!.curves.get(`c${few - 1}`)!.values).toEqual([few - 1]);
  });

  it(`${queued} trials in the queue: each goes to one taker, none is left, and beside them the study goes on at its pace`, async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const storage = place.open();
    const { id } = (await storage.findStudy("small"))!;
    for (let left = queued - 100; left > 0; left -= 900) {
      await storage.addTrials!(id, Array(Math.min(left, 900)).fill(waiting));
    }
    const began = performance.now();
    for (let i = 0; i < 100; i++) await study.enqueue({ x: i / 100 });
    const queueMs = (performance.now() - began) / 100;
    expect(study.trials.length).toBe(queued);
    const asked = performance.now();
    const trials = await Promise.all([study.ask(), study.ask(), study.ask()]);
    const askMs = (performance.now() - asked) / trials.length;
    expect(trials.map(({ number }) => number)).toEqual([0, 1, 2]);
    for (const trial of trials) await study.tell(trial, trial.params.x);
    const taken: number[] = [];
    const taker = async () => {
      for (;;) {
        const trial = await storage.claimTrial(id);
        if (trial === null) return;
        taken.push(trial.number);
      }
    };
    await Promise.all([taker(), taker(), taker(), taker()]);
    expect(taken.sort((a, b) => a - b)).toEqual(
      Array.from({ length: queued - 3 }, (_, i) => i + 3),
    );
    expect((await study.ask()).number).toBe(queued);
    console.log(
      `${kind.name}: ${queued} queued, ${queued} taken once, 0 left; beside them queueing takes ${
        queueMs.toFixed(1)
      } ms, asking ${askMs.toFixed(1)} ms`,
    );
    await study.close();
  });
});

describeEachStorage("a process that ends itself", (places) => {
  for (
    const [way, words] of [
      ["memory", "takes more memory than there is"],
      ["error", "throws where nobody catches"],
      ["rejection", "rejects where nobody catches"],
      ["exit", "leaves"],
    ] as const
  ) {
    it(`because its objective ${words}: what ended before is whole, the trial is known as interrupted`, async () => {
      const place = places().fresh();
      const script = new URL("./_glutton.ts", import.meta.url).pathname;
      const { success } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          "--v8-flags=--max-old-space-size=80",
          script,
          String(place.storage),
          way,
        ],
        stderr: "null",
      }).output();
      expect(success).toBe(false);
      const trials = await readAnew(place);
      expect(trials.map(({ state }) => state)).toEqual([
        ...Array(4).fill("complete"),
        "failed",
      ]);
      expect(trials[4]!.error).toMatch(/^Interrupted: the process/);
      for (const { value, params } of trials.slice(0, 4)) {
        expect(value).toBe(params.x);
      }
      expect(place.broken()).toBe(null);
    });
  }
}, storageKinds.filter(({ isKept }) => isKept));
