import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { minimize } from "../../lib/records/mod.ts";
import { autoSampler, gpSampler, tpeSampler } from "../../lib/samplers/mod.ts";
import { boolean, float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { requestOf, trialOf, viewOf } from "../support/views.ts";

samplerConformance(
  "auto",
  () => autoSampler({ gpTrials: 40, gpParameters: 12 }),
  { runs: 12 },
);

const plane = space({ x: float(-1, 1), y: float(-1, 1) });

async function reasons(
  options: Parameters<typeof autoSampler>[0],
  trials: number,
): Promise<string[]> {
  const study = await createStudy({
    name: "s",
    space: plane,
    sampler: autoSampler(options),
    storage: "memory",
  });
  await study.optimize(({ params }) => params.x ** 2 + params.y ** 2, {
    trials,
    progress: false,
  });
  return study.trials.map(({ reason }) => reason!);
}

describe("autoSampler()", () => {
  it("a Gaussian process chooses first, TPE once there are many trials, and the reason says so", async () => {
    const said = await reasons({ gpTrials: 12 }, 20);
    for (const reason of said.slice(0, 12)) {
      expect(reason).toMatch(/\(Gaussian process\)\.$/);
    }
    for (const reason of said.slice(12)) {
      expect(reason).toMatch(
        /\(TPE, because there are more than 12 trials\)\.$/,
      );
    }
  });

  it("TPE chooses where there are many parameters", async () => {
    for (const reason of await reasons({ gpParameters: 1 }, 3)) {
      expect(reason).toMatch(/\(TPE, because there are 2 parameters\)\.$/);
    }
  });

  it("TPE chooses beyond 200 parameters, with conditions beyond 60", async () => {
    const ask = async (count: number, isConditional: boolean) => {
      const rest = Object.fromEntries(
        Array.from({ length: count - 2 }, (_, i) => [`x${i}`, float(0, 1)]),
      );
      const last = float(0, 1);
      const s = space({
        on: boolean(),
        ...rest,
        last: isConditional ? last.when({ on: true }) : last,
      });
      return (await autoSampler().suggest(requestOf(viewOf(s))))!.reason;
    };
    expect(await ask(200, false)).toMatch(/\(Gaussian process\)\.$/);
    expect(await ask(201, false))
      .toMatch(/\(TPE, because there are 201 parameters\)\.$/);
    expect(await ask(60, true)).toMatch(/\(Gaussian process\)\.$/);
    expect(await ask(61, true))
      .toMatch(/\(TPE, because there are 61 parameters\)\.$/);
  });

  it("TPE chooses where very many trials run", async () => {
    const trials = Array.from(
      { length: 8 },
      (_, n) => trialOf(n, { x: n / 8, y: 0 }, { state: "running" }),
    );
    const ask = async (gpRunning: number) =>
      (await autoSampler({ gpRunning }).suggest(
        requestOf(viewOf(plane, trials)),
      ))!.reason;
    expect(await ask(7)).toMatch(
      /\(TPE, because 8 trials run or wait\)\.$/,
    );
    expect(await ask(8)).toMatch(/\(Gaussian process\)\.$/);
  });

  it("suggests what the sampler that it chose suggests", async () => {
    const trials = Array.from(
      { length: 12 },
      (_, n) => trialOf(n, { x: n / 12, y: -n / 12 }, { value: n }),
    );
    const request = () => requestOf(viewOf(plane, trials));
    const chosen = (await autoSampler().suggest(request()))!;
    const gp = (await gpSampler().suggest(request()))!;
    expect(chosen.params).toEqual(gp.params);
    expect(chosen.prediction).toEqual(gp.prediction);
    const other = (await autoSampler({ gpTrials: 0 }).suggest(request()))!;
    expect(other.params)
      .toEqual((await tpeSampler().suggest(request()))!.params);
  });

  it("of several objectives asks Gaussian processes first, then TPE, then a population", async () => {
    const ask = async (count: number, objectives: number) => {
      const trials = Array.from({ length: count }, (_, n) => {
        const [x, y] = [Math.sin(n), Math.cos(2 * n)];
        return trialOf(n, { x, y }, {
          values: [x, y, x * y].slice(0, objectives),
        });
      });
      const names = ["a", "b", "c"].slice(0, objectives);
      const view = viewOf(plane, trials, names.map((name) => minimize(name)));
      return (await autoSampler().suggest(requestOf(view)))!.reason;
    };
    expect(await ask(20, 2)).toMatch(
      /^Expected hypervolume improvement: .*\(Gaussian process\)\.$/,
    );
    expect(await ask(200, 2)).toMatch(
      /\(TPE, because there are more than 200 trials\)\.$/,
    );
    expect(await ask(500, 2)).toMatch(/\(NSGA-II\)\.$/);
    expect(await ask(500, 3)).toMatch(/\(NSGA-III\)\.$/);
  });

  it("refuses options that make no sense", () => {
    expect(() => autoSampler({ gpTrials: -1 })).toThrow(RangeError);
    expect(() => autoSampler({ gpParameters: 1.5 })).toThrow(RangeError);
    expect(() => autoSampler({ gpRunning: NaN })).toThrow(
      /gpRunning is NaN, expected a whole number of at least 0/,
    );
  });
});
