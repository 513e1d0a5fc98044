import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { workerObjective } from "../../lib/tuner/mod.ts";
import { isFull } from "./_extent.ts";
import { describeEachStorage, storageKinds } from "./_kinds.ts";
import { readAnew, smallStudy } from "./_small_study.ts";

const ends = isFull ? 100 : 8;

describeEachStorage("threads that end in mid-trial", (places, kind) => {
  it(`${ends} of them: their trials fail with the reason, the others are whole, and the study goes on in a new thread`, async () => {
    const place = places().fresh();
    const study = await smallStudy(place);
    const objective = workerObjective<{ x: number }>(
      new URL("./_thread_objective.ts", import.meta.url),
    );
    const { counts } = await study.optimize(objective, {
      trials: 2 * ends,
      progress: false,
    });
    expect([counts.complete, counts.failed]).toEqual([ends, ends]);
    await study.close();
    for (const trial of await readAnew(place)) {
      const { number, state, value, params, curves, error } = trial;
      if (number % 2 === 1) {
        expect([number, state, error]).toEqual([
          number,
          "failed",
          expect.stringMatching(/thread|nobody catches me/),
        ]);
        continue;
      }
      expect([state, value, curves.get("loss")!.values]).toEqual([
        "complete",
        params.x,
        Array(10).fill(params.x),
      ]);
    }
    console.log(`${kind.name}: ${ends} threads ended, 0 trials lost`);
  });
}, isFull ? storageKinds : storageKinds.slice(0, 1));
