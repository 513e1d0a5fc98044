import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { simulateColdStart } from "../../lib/library/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { randomSampler } from "../../lib/samplers/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const bowl = {
  ...viewOf(
    line,
    Array.from(
      { length: 12 },
      (_, i) => trialOf(i, { x: i / 11 }, { value: (i / 11 - 0.3) ** 2 }),
    ),
  ),
  objectives: [minimize("loss")],
};

describe("simulateColdStart()", () => {
  it("needs three complete trials to learn from", async () => {
    await expect(
      simulateColdStart({ ...bowl, trials: bowl.trials.slice(0, 2) }),
    ).rejects.toThrow("expected at least 3");
  });

  it("refuses a number of runs that is none", async () => {
    await expect(simulateColdStart(bowl, { runs: 0 })).rejects.toThrow(
      "runs is 0, expected a whole number from 1 to 100",
    );
  });

  it("finds what the study shows, and trains nothing", async () => {
    const [run] = await simulateColdStart(bowl, { runs: 1, trials: 15 });
    expect(Math.min(...run!)).toBeLessThan(0.01);
  });

  it("draws the same numbers each time, others in each run", async () => {
    const options = { runs: 2, trials: 4, sampler: randomSampler() };
    const [a, b] = await simulateColdStart(bowl, options);
    expect(await simulateColdStart(bowl, options)).toEqual([a, b]);
    expect(a).not.toEqual(b);
  });
});
