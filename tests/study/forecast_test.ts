import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { maximize, minimize, type Objective } from "../../lib/records/mod.ts";
import {
  gridSampler,
  randomSampler,
  type Sampler,
  sobolSampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const plane = space({
  x: float(-1, 1),
  y: float(-1, 1),
  o: choice(["a", "b"]),
  m: float(0, 1).when({ o: "b" }),
});

function make(
  sampler: Sampler = sobolSampler(),
  objective: Objective = minimize("loss"),
  storage = "memory",
) {
  return createStudy({ name: "s", space: plane, objective, sampler, storage });
}

async function thrown(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(() => null, (error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

describe("study.predict()", () => {
  it("needs two trials with a finite value, and says so", async () => {
    const study = await make();
    const params = { x: 0, y: 0, o: "a" } as const;
    expect(() => study.predict(params)).toThrow(/fewer than two trials/);
    await study.optimize((trial) => trial.number === 0 ? Infinity : 1, {
      trials: 2,
      progress: false,
    });
    expect(() => study.predict(params)).toThrow(/fewer than two trials/);
  });

  it("refuses a configuration that is not valid", async () => {
    const study = await make();
    await study.optimize((trial) => trial.params.x, {
      trials: 5,
      progress: false,
    });
    expect(() => study.predict({ x: 9, y: 0, o: "a" })).toThrow(/"x" is 9/);
  });

  it("at a seen trial it expects about that trial's value (bad outliers moved in), and names the trial", async () => {
    const study = await make();
    await study.optimize(({ params }) => params.x ** 2 + params.y, {
      trials: 30,
      progress: false,
    });
    for (const trial of study.trials.filter(({ value }) => value! < 0.8)) {
      const forecast = study.predict(trial.params);
      expect(Math.abs(forecast.mean - trial.value!)).toBeLessThan(0.1);
      expect(forecast.nearest[0]!.trial.number).toBe(trial.number);
      expect(forecast.nearest[0]!.distance).toBeLessThan(1e-9);
      expect(forecast.nearest.length).toBe(5);
    }
  });

  it("the chance to beat the best is large where things get better, in both directions", async () => {
    for (const objective of [minimize("loss"), maximize("score")]) {
      const study = await make(sobolSampler(), objective);
      const sign = objective.direction === "minimize" ? 1 : -1;
      await study.optimize(({ params }) => sign * (params.x + params.y), {
        trials: 30,
        progress: false,
      });
      const good = study.predict({ x: -1, y: -1, o: "a" });
      const bad = study.predict({ x: 1, y: 1, o: "a" });
      expect(good.probabilityOfImprovement).toBeGreaterThan(0.9);
      expect(bad.probabilityOfImprovement).toBeLessThan(0.01);
      expect(good.expectedImprovement).toBeGreaterThan(bad.expectedImprovement);
      expect(Math.sign(good.mean)).toBe(-sign);
      const [low, high] = good.interval90;
      expect(low).toBeLessThan(good.mean);
      expect(high).toBeGreaterThan(good.mean);
      expect(good.toString()).toMatch(
        /^expected .* ± .* · \d+ % to beat the best · nearest trial \d+/,
      );
    }
  });

  it("sees what has come since the last prediction", async () => {
    const study = await make();
    await study.optimize(({ params }) => params.x, {
      trials: 8,
      progress: false,
    });
    const params = { x: 0.123, y: 0.5, o: "a" } as const;
    study.predict(params);
    await study.try(params, () => 0.123);
    expect(study.predict(params).nearest[0]!.trial.number).toBe(8);
  });
});

describe("study.suggest()", () => {
  it("is what ask() would give next, and runs nothing", async () => {
    const study = await make();
    await study.optimize(({ params }) => params.x, {
      trials: 5,
      progress: false,
    });
    const suggestion = await study.suggest();
    expect(study.trials.length).toBe(5);
    expect((await study.ask()).params).toEqual(suggestion!.params);
    expect(suggestion!.reason).toMatch(/Sobol/);
  });

  it("several are those that asking several times would give", async () => {
    const study = await make(randomSampler());
    const several = await study.suggest({ count: 4 });
    const asked = [];
    for (let i = 0; i < 4; i++) asked.push((await study.ask()).params);
    expect(several.map(({ params }) => params)).toEqual(asked);
  });

  it("keeps fixed values, and refuses those that are not valid", async () => {
    const study = await make();
    expect((await study.suggest({ fixed: { o: "b", m: 0.25 } }))!.params)
      .toMatchObject({ o: "b", m: 0.25 });
    expect(await thrown(study.suggest({ fixed: { x: 9 } }))).toBeInstanceOf(
      RangeError,
    );
    expect(await thrown(study.suggest({ count: 0 }))).toBeInstanceOf(
      RangeError,
    );
  });

  it("is null, or shorter, where the sampler has nothing left", async () => {
    const study = await make(gridSampler({ points: 1 }));
    expect((await study.suggest({ count: 9 })).length).toBe(2);
    await study.optimize(() => 1, { progress: false });
    expect(await study.suggest()).toBe(null);
  });
});

describe("forecasts kept with trials, and the scoreboard", () => {
  it("a trial by hand keeps what was expected of it, in the file too", () =>
    withTemporaryFolder(async (folder) => {
      const study = await make(
        sobolSampler(),
        minimize("loss"),
        `${folder}/studies.db`,
      );
      const first = await study.try({ x: 0, y: 0, o: "a" }, () => 1);
      expect(first.forecast).toBe(null);
      await study.optimize(({ params }) => params.x + params.y, {
        trials: 12,
        progress: false,
      });
      const params = { x: -0.5, y: 0.25, o: "a" } as const;
      const expected = study.predict(params);
      let seen: unknown = null;
      const record = await study.try(params, (trial) => {
        seen = trial.forecast;
        return -0.25;
      });
      expect(record.forecast).toEqual({ mean: expected.mean, sd: expected.sd });
      expect(seen).toEqual(record.forecast);
      await study.close();
      const again = await createStudy({
        name: "s",
        storage: `${folder}/studies.db`,
      });
      expect(again.trials.at(-1)!.forecast).toEqual(record.forecast);
      await again.close();
    }));

  it("the scoreboard counts forecasts within their interval, and compares person and sampler", async () => {
    const study = await make();
    expect(study.scoreboard().toString()).toBe("no forecasts yet");
    await study.optimize(({ params }) => params.x + params.y, {
      trials: 15,
      progress: false,
    });
    for (const x of [-1, -0.5, 0, 0.5]) {
      await study.try(
        { x, y: -1, o: "a" },
        ({ params }) => params.x + params.y,
      );
    }
    const board = study.scoreboard();
    expect(board.forecasts.map(({ number }) => number)).toEqual([
      15,
      16,
      17,
      18,
    ]);
    expect(board.within90).toBeGreaterThanOrEqual(3);
    expect(board.origins.map(({ origin, trials }) => [origin, trials])).toEqual(
      [["sampler", 15], ["manual", 4]],
    );
    const manual = board.origins[1]!;
    expect([manual.best, manual.improvements]).toEqual([-2, 1]);
    expect(board.toString()).toMatch(
      /by hand: 4 trials, best -2, improved the best 1 time/,
    );
  });
});

describe("what a notebook shows of forecasts, suggestions and the scoreboard", () => {
  const shown = (thing: object): Record<string, string> =>
    (thing as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]!();
  const untagged = (html: string) =>
    html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

  it("is a card without scripts beside the text of the console, before and after there are trials", async () => {
    const study = await make();
    const things: object[] = [
      study.scoreboard(),
      await study.suggest({ count: 2 }),
      (await study.suggest())!,
      (await study.suggest({ fixed: { x: 0, y: 0, o: "a" } }))!,
    ];
    await study.optimize(({ params }) => params.x + params.y, {
      trials: 8,
      progress: false,
    });
    const params = { x: 0, y: 0.25, o: "b", m: 0.5 } as const;
    things.push(study.predict(params));
    await study.try(params, () => 1);
    things.push(study.scoreboard());
    for (const thing of things) {
      const bundle = shown(thing);
      expect(Object.keys(bundle)).toEqual(["text/html", "text/plain"]);
      expect(bundle["text/html"]).not.toMatch(/<script|NaN|undefined|null/);
      expect(bundle["text/plain"]).toBe(String(thing));
    }
  });

  it("a forecast names the nearest trials and where they differ", async () => {
    const study = await make();
    await study.try({ x: 0, y: 0, o: "a" }, () => 1);
    await study.try({ x: 0, y: 0.5, o: "a" }, () => 2);
    const text = untagged(
      shown(study.predict({ x: 0, y: 0, o: "a" }))["text/html"]!,
    );
    expect(text).toMatch(/minimize loss/);
    expect(text).toMatch(/to beat the best, 1/);
    expect(text).toMatch(/ 0 1 0 the same configuration 1 2 [\d.]+ y 0.5 /);
  });

  it("names and values cannot become markup", async () => {
    const study = await createStudy({
      name: "s",
      space: space({ "<i>": choice(["<script>", "&"]), x: float(0, 1) }),
      objective: minimize("<b>loss"),
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize(({ params }) => params.x, {
      trials: 4,
      progress: false,
    });
    for (
      const thing of [
        study.predict({ "<i>": "&", x: 0.5 }),
        await study.suggest({ fixed: { "<i>": "<script>" }, count: 2 }),
        (await study.suggest({ fixed: { "<i>": "<script>" } }))!,
      ]
    ) {
      expect(shown(thing)["text/html"]).not.toMatch(/<i>|<script>|<b>loss/);
    }
  });

  it("several suggestions are an array: mapped and filtered they are plain ones", async () => {
    const study = await make();
    const several = await study.suggest({ count: 3 });
    expect(Array.isArray(several)).toBe(true);
    expect(several.length).toBe(3);
    expect(several.map(({ reason }) => reason).constructor).toBe(Array);
    expect(several.filter(() => false)).toEqual([]);
    const empty = await make(gridSampler({ points: 1 }));
    await empty.optimize(() => 1, { progress: false });
    expect(String(await empty.suggest({ count: 3 })))
      .toBe("nothing left to suggest");
  });
});
