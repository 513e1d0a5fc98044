import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { describeEachStorage } from "./_kinds.ts";
import { readAnew, smallStudy } from "./_small_study.ts";

const never = () => new Promise<number>(() => {});
const pause = (ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

describeEachStorage("time goes wrong", (places) => {
  it("a clock set back by a day, and forward by a year, between trials and within them: all are there in their order, no duration is negative", async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const real = Date.now;
    let shift = 0;
    Date.now = () => real() + shift;
    const day = 86_400_000;
    try {
      await study.optimize((trial) => {
        if (trial.number % 3 === 1) shift -= day;
        if (trial.number % 3 === 2) shift += 365 * day;
        trial.report(1, trial.params.x);
        return trial.params.x;
      }, {
        trials: 12,
        progress: false,
        callbacks: [(_study, { number }) => {
          if (number % 4 === 0) shift -= 7 * day;
        }],
      });
    } finally {
      Date.now = real;
    }
    await study.close();
    const trials = await readAnew(place);
    expect(trials.map(({ number, state, value, params }) => [
      number,
      state,
      value === params.x,
    ])).toEqual(trials.map((_, i) => [i, "complete", true]));
    for (const { durationMs, number } of trials) {
      if (number % 3 === 1) expect(durationMs).toBe(null);
      else expect(durationMs).toBeGreaterThanOrEqual(0);
    }
    // Pictures of such times are drawn.
    const again = await smallStudy(place);
    expect(again.charts.timeline().spec).toBeDefined();
    await again.close();
  });

  it("objectives that hang are given up when the run is stopped twice: known as failed, the others whole, and the study goes on", async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const run = study.start(
      (trial) => trial.number % 2 === 1 ? never() : trial.params.x,
      { trials: 20, parallel: 4, progress: false },
    );
    // Each hangs in a lane of its own; in the end all four do.
    while (run.trials.length < 4 || run.finished < 4) await pause(2);
    const stopped = run.stop("enough");
    await pause(5);
    expect(run.running).toBe(true);
    await run.stop("enough");
    await stopped;
    const { counts } = await run.done;
    expect([counts.complete, counts.failed]).toEqual([4, 4]);
    await study.optimize((trial) => trial.params.x, {
      trials: 1,
      progress: false,
    });
    await study.close();
    const trials = await readAnew(place);
    expect(trials.map(({ state }) => state)).toEqual(
      trials.map((_, i) => i % 2 === 1 ? "failed" : "complete"),
    );
    expect(trials[1]!.error).toBe(
      "enough: the objective did not stop when asked",
    );
  });

  it("an objective that hangs does not keep the study from being closed", async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const run = study.start((trial) => trial.number === 1 ? never() : 1, {
      trials: 5,
      progress: false,
    });
    while (run.trials[0]?.number !== 1) await pause(2);
    void study.stop();
    await study.close();
    const [first, second] = await readAnew(place);
    expect([first!.state, second!.state]).toEqual(["complete", "failed"]);
  });

  it("a trial whose process another one takes for dead keeps its result, as a trial of its own", async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const { done } = study.start(async (trial) => {
      if (trial.number === 1) {
        const other = place.open();
        const { id } = (await other.findStudy("small"))!;
        await other.finishTrial(id, 1, {
          state: "failed",
          values: null,
          error:
            "Interrupted: the process that ran this trial (process 7 on elsewhere, silent for 60 s) ended before the trial did",
        });
        if (typeof place.storage === "string") await other.close();
      }
      trial.report(3, trial.params.x);
      return trial.params.x;
    }, { trials: 3, progress: false });
    expect((await done).counts).toEqual({ complete: 3, failed: 0, pruned: 0 });
    expect(study.trials.length).toBe(4);
    await study.close();
    const trials = await readAnew(place);
    expect(trials.map(({ state }) => state)).toEqual([
      "complete",
      "failed",
      "complete",
      "complete",
    ]);
    const [, dead, late] = trials;
    expect([late!.value, late!.params, late!.curves.get("loss")!.values])
      .toEqual([dead!.params.x, dead!.params, [dead!.params.x]]);
    expect(late!.reason).toMatch(/The result of trial 1, whose process/);
  });
});
