import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  type ObjectiveFunction,
  randomSampler,
  space,
  type Study,
} from "../../mod.ts";
import { describeEachStorage, type Place } from "./_kinds.ts";
import {
  type Hostile,
  hostileReports,
  hostileReturns,
  hostileThrows,
} from "./_hostile.ts";

const open = (place: Place): Promise<Study<{ x: number }>> =>
  createStudy({
    name: "hostile",
    space: space({ x: float(0, 1) }),
    objective: minimize("loss"),
    sampler: randomSampler(),
    storage: place.storage,
  });

/** Lets one after the other misbehave, a good trial after each, and reads all of it anew. */
async function suffer(place: Place, cases: readonly Hostile[]): Promise<void> {
  const study = await open(place);
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
  const again = await open(place);
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
});
