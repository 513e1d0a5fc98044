import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { createStudy, minimize, type ObjectiveFunction } from "../../mod.ts";
import { Space } from "../../lib/space/mod.ts";
import { describeEachStorage, type Place } from "./_kinds.ts";
import { readAnew, smallStudy } from "./_small_study.ts";
import {
  type Hostile,
  hostileReports,
  hostileReturns,
  hostileThrows,
} from "./_hostile.ts";

/** Lets one after the other misbehave, a good trial after each, and reads all of it anew. */
async function suffer(place: Place, cases: readonly Hostile[]): Promise<void> {
  const study = await smallStudy(place);
  let turn = 0;
  const objective = ((trial) => {
    const at = turn++;
    return at % 2 === 1 ? trial.params.x : cases[at / 2]!.run(trial as never);
  }) as ObjectiveFunction<{ x: number }>;
  const summary = await study.optimize(objective, {
    trials: 2 * cases.length,
    progress: false,
  });
  expect(summary.counts.failed).toBe(cases.length);
  const known = study.trials;
  await study.close();
  const again = await smallStudy(place);
  const { trials } = again;
  expect(trials.length).toBe(2 * cases.length);
  for (const [i, { name, error }] of cases.entries()) {
    const bad = trials[2 * i]!;
    expect([name, bad.state, bad.value]).toEqual([name, "failed", null]);
    expect([name, bad.error]).toEqual([name, expect.stringMatching(error)]);
    expect(bad.error!.length).toBeLessThan(4200);
    const good = trials[2 * i + 1]!;
    expect([good.state, good.value]).toEqual(["complete", good.params.x]);
  }
  // What this process knows and what is stored are one.
  expect(trials.map(({ state, value }) => [state, value])).toEqual(
    known.map(({ state, value }) => [state, value]),
  );
  expect(place.broken()).toBe(null);
  await again.close();
}

describeEachStorage("objectives that misbehave", (places) => {
  const groups = [
    ["throw", hostileThrows],
    ["give back", hostileReturns],
    ["report", hostileReports],
  ] as const;
  for (const [what, cases] of groups) {
    it(`${what} ${cases.length} things that they should not: their trials fail with the reason, the others are whole`, async () => {
      await suffer(places().fresh(), cases);
    });
  }

  it("callbacks that throw end the run with what they threw; the trial is stored, and the study goes on", async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    for (const [i, { run }] of hostileThrows.slice(0, 20).entries()) {
      const ended = await study.optimize((trial) => trial.params.x, {
        trials: 3,
        progress: false,
        callbacks: [() => void run(undefined as never)],
      }).then(() => false, () => true);
      expect([ended, study.trials.length]).toEqual([true, i + 1]);
    }
    await study.close();
    const trials = await readAnew(place);
    expect(trials.map(({ state }) => state)).toEqual(
      Array(20).fill("complete"),
    );
  });

  it("a study made by a process that ended before it could say that its trials say what they search is one all the same", async () => {
    const place = places().fresh();
    const storage = place.open();
    await storage.createStudy({
      name: "open",
      objectives: [minimize("loss")],
      space: Space.open(),
      seed: "open",
      task: null,
    });
    if (typeof place.storage === "string") await storage.close();
    const study = await createStudy({ name: "open", storage: place.storage });
    await study.optimize((trial) => trial.suggestFloat("x", 0, 1), {
      trials: 3,
      progress: false,
    });
    await study.close();
    const again = await createStudy({ name: "open", storage: place.storage });
    expect(again.space.names).toEqual(["x"]);
    expect(again.trials.every(({ params, value }) => params.x === value)).toBe(
      true,
    );
    await again.close();
  });
});
