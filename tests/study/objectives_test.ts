import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  frontOf,
  kneeOf,
  maximize,
  MemoryStorage,
  minimize,
  nsga2Sampler,
  randomSampler,
  space,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const line = space({ x: float(0, 2) });
const quiet = { progress: false } as const;

function studyOf(name: string, storage = new MemoryStorage()) {
  return createStudy({
    name,
    space: line,
    objectives: [minimize("loss"), maximize("speed")],
    sampler: randomSampler(),
    storage,
  });
}

describe("a study with several objectives", () => {
  it("has an empty front and no best before its first trial", async () => {
    const study = await studyOf("empty");
    expect(study.front).toEqual([]);
    expect(study.best).toBeNull();
  });

  it("takes values in a list, and by name", async () => {
    const study = await studyOf("forms");
    await study.tell(await study.ask(), [1, 5]);
    await study.tell(await study.ask(), { speed: 9, loss: 2 });
    expect(study.trials.map(({ values }) => values)).toEqual([[1, 5], [2, 9]]);
  });

  it("keeps what nothing dominates, the best by the first objective first", async () => {
    const study = await studyOf("front");
    for (const values of [[3, 9], [1, 5], [2, 4], [2, 7], [4, 8]]) {
      await study.tell(await study.ask(), values);
    }
    expect(study.front.map(({ number }) => number)).toEqual([1, 3, 0]);
    // Shares of the range: (0, 1), (½, ½), (1, 0).
    expect(study.best!.number).toBe(3);
    expect(kneeOf(study.front, study.objectives)!.number).toBe(3);
  });

  it("says what is missing in the objective's answer, and goes on", async () => {
    const study = await studyOf("wrong");
    const answers: unknown[] = [
      1,
      [1],
      { loss: 1 },
      { loss: 1, sped: 2 },
      { loss: 1, speed: "fast" },
      undefined,
    ];
    await study.optimize((trial) => answers[trial.number] as number, {
      trials: answers.length,
      ...quiet,
    });
    expect(study.trials.map(({ error }) => error!.replace(/, expected.*/, "")))
      .toEqual([
        "The objective returned one number",
        "The objective returned 1 values",
        'The objective returned nothing for "speed"',
        'The objective returned a value for "sped"',
        'The objective returned "fast" for "speed"',
        "The objective returned nothing",
      ]);
    expect(study.trials[0]!.error).toContain(
      'expected 2 numbers, in a list or by name: { "loss": …, "speed": … }',
    );
  });

  it("fails a trial with NaN in one objective, naming it", async () => {
    const study = await studyOf("nan");
    const { state, error } = await study.tell(await study.ask(), [1, NaN]);
    expect(state).toBe("failed");
    expect(error).toBe('The value of "speed" is NaN');
  });

  it("is the same when it is opened again from a file", () =>
    withTemporaryFolder(async (folder) => {
      const options = {
        name: "kept",
        space: line,
        objectives: [minimize("loss"), maximize("speed")],
        storage: `${folder}/several.db`,
      };
      const study = await createStudy(options);
      await study.tell(await study.ask(), [1e-12, 1e12]);
      await study.close();
      const again = await createStudy(options);
      expect(again.objectives).toEqual(options.objectives);
      expect(again.front[0]!.values).toEqual([1e-12, 1e12]);
      await again.close();
      await expect(
        createStudy({ ...options, objectives: [minimize("loss")] }),
      ).rejects.toThrow(/Cannot reopen the study "kept"/);
    }));

  it("refuses objective beside objectives, none, and the same name twice", async () => {
    const make = (options: object) =>
      createStudy({ name: "bad", space: line, storage: "memory", ...options });
    await expect(
      make({ objective: minimize(), objectives: [minimize()] }),
    ).rejects.toThrow(/both objective and objectives/);
    await expect(make({ objectives: [] })).rejects.toThrow(/expected a list/);
    await expect(make({ objectives: [minimize("a"), maximize("a")] })).rejects
      .toThrow(/stands twice/);
  });

  it("is searched by NSGA-II, which covers the trade-off", async () => {
    const study = await createStudy({
      name: "schaffer",
      space: space({ x: float(-10, 10) }),
      objectives: [minimize("left"), minimize("right")],
      sampler: nsga2Sampler({ populationSize: 20 }),
      storage: "memory",
    });
    await study.optimize(
      ({ params: { x } }) => [x ** 2, (x - 2) ** 2],
      { trials: 200, ...quiet },
    );
    const inside = study.front.filter(({ params: { x } }) => x >= 0 && x <= 2);
    expect(inside.length).toBeGreaterThan(20);
    // The ends of the front.
    expect(study.front[0]!.values![0]).toBeLessThan(0.05);
    expect(study.front.at(-1)!.values![1]).toBeLessThan(0.05);
  });

  it("is searched by its default sampler, with three objectives too", async () => {
    const study = await createStudy({
      name: "three",
      space: space({ x: float(0, 1), y: float(0, 1) }),
      objectives: ["a", "b", "c"].map((name) => minimize(name)),
      storage: "memory",
    });
    await study.optimize(
      ({ params: { x, y } }) => ({ a: x, b: y, c: 2 - x - y }),
      { trials: 14, ...quiet },
    );
    expect(study.front.length).toBeGreaterThan(10);
    expect(study.trials.at(-1)!.reason).toMatch(
      /^Expected hypervolume improvement: a 0\.\d+ ± .* on the front so far.*\(Gaussian process\)\.$/,
    );
  });
});

describe("frontOf()", () => {
  it("of one objective is the best trials", async () => {
    const study = await createStudy({
      name: "one",
      space: line,
      storage: "memory",
      sampler: randomSampler(),
    });
    for (const value of [3, 1, 2, 1]) {
      await study.tell(await study.ask(), value);
    }
    expect(frontOf(study.view()).map(({ number }) => number)).toEqual([1, 3]);
  });
});
