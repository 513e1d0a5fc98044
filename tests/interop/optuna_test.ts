import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  boolean,
  choice,
  createStudy,
  float,
  hyperbandSampler,
  int,
  isPaused,
  maximize,
  minimize,
  openLibrary,
  ordinal,
  paretoFrontRows,
  pausedAttribute,
  portfolio,
  randomSampler,
  readPriorStudies,
  space,
  SQLiteStorage,
  TrialPruned,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { exchangeNotes } from "./notes.ts";
import {
  optunaSpace,
  optunaStates,
  type OptunaStudy,
  runOptuna,
  writtenNumber,
} from "./optuna_runs.ts";

/** Has Optuna 5 do something with a study file. */
const optuna = <T = OptunaStudy>(...args: string[]) =>
  runOptuna<T>("5", ...args);

describe("Python's Optuna 5", () => {
  it("sees the trials of a study made here just as we do: every kind of value, state and curve", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const study = await createStudy({
        name: "ours 常数 </b>",
        space: space({
          rate: float(1e-4, 1, { log: true }),
          units: int(1, 512, { log: true }),
          even: int(0, 10, { step: 2 }),
          half: float(0, 1, { step: 0.5 }),
          kind: choice(["a", null, true, 2.5]),
          size: ordinal([16, 32, 64]),
          flag: boolean(),
          deep: float(0, 1).when({ flag: true }),
        }),
        objective: maximize("validation accuracy"),
        sampler: randomSampler(),
        storage,
      });
      await study.setAttribute("note", { text: "NaN", list: [1, null] });
      const ends: ((best: number) => number)[] = [
        (best) => best,
        () => Infinity,
        () => -Infinity,
        () => NaN,
        () => {
          throw new Error("boom");
        },
        () => {
          throw new TrialPruned("meh");
        },
      ];
      await study.optimize(async (trial) => {
        await trial.setAttribute("seed", trial.seed);
        for (
          const [step, value] of [[1, 0.5], [2, NaN], [3, Infinity], [
            4,
            -Infinity,
          ], [5, trial.params.rate]] as const
        ) {
          trial.report(step, {
            train: { loss: step },
            validation: { accuracy: value },
          });
        }
        return ends[trial.number % ends.length]!(trial.params.rate);
      }, { trials: 30, progress: false });
      await study.enqueue({ units: 7 });
      await study.ask();
      await study.enqueue({ units: 8, flag: false });

      const seen = await optuna("show", storage, study.name);
      expect(seen.name).toBe(study.name);
      expect(seen.directions).toEqual(["MAXIMIZE"]);
      expect(seen.metric_names).toEqual(["validation accuracy"]);
      expect(seen.user_attrs).toEqual({
        note: { text: "NaN", list: [1, null] },
      });
      expect(seen.best).toBe(study.best!.number);
      expect(seen.trials.length).toBe(32);
      for (const trial of study.trials) {
        const theirs = seen.trials[trial.number]!;
        expect(theirs.state).toBe(optunaStates[trial.state]);
        if (trial.state === "waiting") {
          expect(theirs.fixed).toEqual(trial.params);
        } else expect(theirs.params).toEqual(trial.params);
        expect(theirs.values).toEqual(trial.values?.map(writtenNumber) ?? null);
        const curve = trial.curves.get("validation accuracy");
        expect(theirs.intermediate).toEqual(
          Object.fromEntries(
            curve?.steps.map((
              step,
              index,
            ) => [step, writtenNumber(curve.values[index]!)]) ?? [],
          ),
        );
        expect(theirs.user_attrs).toEqual(trial.attributes);
        expect(
          theirs.seconds === null ? null : Math.round(theirs.seconds * 1000),
        ).toBe(trial.durationMs);
      }
      await study.close();
    }));

  it("sees paused trials as running, with their curves, and leaves them alone", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const open = () =>
        createStudy({
          name: "paused",
          space: optunaSpace,
          objective: minimize("loss"),
          sampler: hyperbandSampler({ maxSteps: 9 }),
          storage,
        });
      let study = await open();
      await study.optimize(async (trial) => {
        const { rate } = trial.params;
        for (let epoch = trial.startStep + 1; epoch <= 9; epoch++) {
          await trial.report(epoch, rate / epoch);
          if (trial.shouldStop()) break;
        }
        await trial.checkpoint("trained");
        return rate / trial.step!;
      }, { epochs: 30, progress: false });
      const paused = study.trials.filter(isPaused);
      expect(paused.length).toBeGreaterThan(1);
      await study.close();

      await optuna("go on", storage, "paused", "3");
      const seen = await optuna("show", storage, "paused");
      for (const { number, params, curves } of paused) {
        const theirs = seen.trials[number]!;
        expect(theirs.state).toBe("RUNNING");
        expect(theirs.params).toEqual(params);
        expect(Object.values(theirs.intermediate)).toEqual(
          curves.get("loss")!.values,
        );
        expect(theirs.user_attrs[pausedAttribute]).toEqual({
          step: curves.get("loss")!.steps.at(-1),
        });
      }
      study = await open();
      expect(study.trials.filter(isPaused).length).toBe(paused.length);
      await study.close();
    }));

  it("goes on with a study made here, and its trials appear in ours", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const study = await createStudy({
        name: "ours",
        space: optunaSpace,
        objective: minimize("loss"),
        sampler: randomSampler(),
        storage,
      });
      await study.optimize((trial) => trial.params.rate, {
        trials: 5,
        progress: false,
      });
      await study.enqueue({ rate: 0.5, optimizer: "sgd" });

      const after = await optuna("go on", storage, "ours", "12");
      expect(after.trials.length).toBe(17);

      // Ours was open all the time.
      await study.refresh();
      expect(study.trials.length).toBe(17);
      expect([study.trials[5]!.params.rate, study.trials[5]!.params.optimizer])
        .toEqual([0.5, "sgd"]);
      for (const trial of study.trials.slice(5)) {
        const theirs = after.trials[trial.number]!;
        expect([optunaStates[trial.state], trial.params, trial.values]).toEqual(
          [
            theirs.state,
            theirs.params,
            theirs.values,
          ],
        );
        expect(Object.values(theirs.intermediate)).toEqual(
          trial.curves.get("loss")!.values,
        );
        expect(trial.attributes["made by"]).toBe("Optuna");
        expect(study.space.validate(trial.params)).toEqual(trial.params);
      }
      expect(study.trials[6]!.origin).toBe("other program");
      expect(study.best!.number).toBe(after.best!);
      const { number } = await study.ask();
      expect(number).toBe(17);
      await study.close();
    }));

  it("a study made there is read here, queue and all, and gone on with; then Optuna sees that too", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/theirs.db`;
      const before = await optuna("create", storage, "theirs", "10");
      const study = await createStudy({
        name: "theirs",
        storage,
        space: optunaSpace,
      });
      expect(study.objectives).toEqual([maximize("value")]);
      expect(study.trials.length).toBe(11);
      expect(study.attributes).toEqual({ note: { a: NaN, b: "NaN" } });
      for (const trial of study.trials.slice(0, 10)) {
        const theirs = before.trials[trial.number]!;
        expect([optunaStates[trial.state], trial.params, trial.values]).toEqual(
          [
            theirs.state,
            theirs.params,
            theirs.values,
          ],
        );
        // Our step belongs to the same moment in both: durations agree, and start times are read as UTC.
        expect(Math.abs(trial.startedAt!.getTime() - Date.now())).toBeLessThan(
          600_000,
        );
      }
      // The queued one has a parameter that this space does not know: the rest of it is kept.
      const queued = await study.ask();
      expect([queued.number, queued.params.rate]).toEqual([10, 0.25]);
      await study.tell(queued, 0.1);
      await study.optimize((trial) => trial.params.rate, {
        trials: 5,
        progress: false,
      });
      const after = await optuna("show", storage, "theirs");
      expect(after.trials.length).toBe(16);
      expect(after.trials.slice(0, 10)).toEqual(before.trials.slice(0, 10));
      expect(after.trials[15]!.params).toEqual(study.trials[15]!.params);
      await study.close();
    }));

  it("a study made there needs no space here once it has trials: it is read from them", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/theirs.db`;
      await optuna("create", storage, "theirs", "20");
      const study = await createStudy({ name: "theirs", storage });
      expect([...study.space.names].sort()).toEqual([
        "flag",
        "half",
        "momentum",
        "optimizer",
        "rate",
        "units",
      ]);
      await study.optimize(() => 1, { trials: 2, progress: false });
      expect((await optuna("show", storage, "theirs")).trials.length).toBe(22);
      await study.close();
    }));

  it("notes are its dashboard's, of any length and characters, and its dashboard's are ours", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const study = await createStudy({
        name: "noted",
        space: space({ x: float(0, 1) }),
        sampler: randomSampler(),
        storage,
      });
      await exchangeNotes(study, () => optuna("notes", storage, study.name));
    }));

  it("deletes a study made here, and nothing of it is left", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const study = await createStudy({
        name: "ours",
        space: optunaSpace,
        storage: path,
      });
      await study.optimize((trial) => {
        trial.report(1, { train: { loss: 1 } });
        return 1;
      }, { trials: 3, progress: false });
      expect(await optuna<string[]>("delete", path, "ours")).toEqual([]);
      // Whoever works on it here is told, also once its place is another's.
      const refused = /no longer has it; another program has deleted/;
      await expect(study.ask()).rejects.toThrow(refused);
      await expect(study.note("late")).rejects.toThrow(refused);
      await optuna("create", path, "theirs", "1");
      await expect(study.ask()).rejects.toThrow(refused);
      await study.close();
      expect(await optuna<string[]>("delete", path, "theirs")).toEqual([]);
      const storage = new SQLiteStorage(path);
      expect(await storage.listStudies()).toEqual([]);
      await storage.close();
    }));

  it("a file made there is a library here: similar studies, trials and a portfolio, and it stays as it was", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/theirs.db`;
      await optuna("create", path, "theirs", "20");
      const before = await Deno.readFile(path);
      const library = await openLibrary([path]);
      const target = space({
        learningRate: float(1e-4, 1, { log: true }),
        units: int(1, 512, { log: true }),
      });
      const [found] = await library.similar(null, target);
      expect(found!.study).toMatchObject({
        name: "theirs",
        objective: maximize(),
      });
      // "rate" is no alias: it alone is not known to be the learning rate.
      const mapping = found!.mapping.with({ learningRate: "rate" });
      const [prior] = await readPriorStudies([{ ...found!, mapping }]);
      const [pick] = portfolio([prior!], target);
      expect(pick!.params.learningRate).toBeGreaterThan(0.1);
      expect(pick!.params.units).toBeGreaterThan(50);
      await library.close();
      expect(await Deno.readFile(path)).toEqual(before);
    }));

  it("a study of two directions made there has its trade-offs here", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/theirs.db`;
      const best = await optuna<number[]>("trade-offs", path, "two");
      const study = await createStudy({ name: "two", storage: path });
      expect(study.view().objectives).toEqual([
        minimize("loss"),
        maximize("speed"),
      ]);
      const { points } = paretoFrontRows(study.view());
      expect(
        points.filter(({ k }) => k === "on the front").map(({ n }) => n),
      ).toEqual(best.toSorted((a, b) => a - b));
      expect(study.charts.hypervolumeHistory().text).toContain(
        "2 trials on the front",
      );
      await study.close();
    }));

  it("sees which of our trials keep to the constraints, as does its front", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/studies.db`;
      const study = await createStudy({
        name: "bounded",
        space: space({ x: float(0, 10) }),
        objectives: [minimize("loss"), minimize("size")],
        constraints: { "memory GB": { max: 8 }, score: { min: 1 } },
        sampler: randomSampler(),
        storage,
      });
      const told: readonly (readonly [number[], Record<string, number>])[] = [
        [[1, 1], { "memory GB": 9, score: 1 }],
        [[2, 2], { "memory GB": 7.5, score: 4 }],
        [[3, 1], { "memory GB": 8, score: 1 }],
        [[0, 0], { "memory GB": 1 }],
      ];
      for (const [value, measures] of told) {
        await study.tell(await study.ask(), {
          state: "complete",
          value,
          measures,
        });
      }
      const seen = await optuna<{
        readonly front: number[];
        readonly plotted: number[];
        readonly infeasible: number[];
        readonly constraints: (number | null)[][];
      }>("constrained", storage, study.name);
      const ours = study.front.map(({ number }) => number);
      expect(ours).toEqual([1, 2]);
      expect(seen.front.toSorted()).toEqual(ours);
      expect(seen.plotted.toSorted()).toEqual(ours);
      expect(seen.infeasible).toEqual([0, 3]);
      expect(seen.constraints.slice(0, 3)).toEqual(
        study.trials.slice(0, 3).map(({ constraints }) => constraints),
      );
      await study.close();
    }));

  it("a study with constraints made there has them here, by list and by name", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/theirs.db`;
      const { front } = await optuna<{ front: number[] }>(
        "constrain",
        path,
        "listed",
      );
      const listed = await createStudy({ name: "listed", storage: path });
      expect(listed.constraints.map(({ measure, bound }) => [measure, bound]))
        .toEqual([["constraint 0", 0], ["constraint 1", 0]]);
      expect(listed.trials.map(({ constraints }) => constraints)).toEqual([
        [0.5, -1],
        [-0.5, -1],
      ]);
      expect(listed.front.map(({ number }) => number)).toEqual(front);
      await listed.close();

      await optuna("named", path, "named");
      const named = await createStudy({ name: "named", storage: path });
      expect(named.constraints.map(({ name }) => name)).toEqual(["memory ≤ 0"]);
      expect(named.best!.number).toBe(1);
      // And goes on with it.
      await named.optimize((trial) => {
        trial.measure("memory", -1);
        return -2;
      }, { trials: 1, progress: false });
      expect(named.best!.number).toBe(2);
      await named.close();
      await expect(
        createStudy({
          name: "named",
          storage: path,
          constraints: { other: { max: 1 } },
        }),
      ).rejects.toThrow("that would be lost");
    }));
});

describe("Optuna's pictures", () => {
  it("all of optuna.visualization draw studies of ours", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const options = {
        storage: path,
        library: false,
        sampler: randomSampler(),
        space: space({
          rate: float(1e-4, 1, { log: true }),
          layers: int(1, 4),
          kind: choice(["a", "b"]),
          momentum: float(0, 1).when({ kind: "b" }),
        }),
      } as const;
      const one = await createStudy({
        ...options,
        name: "one",
        objective: minimize("loss"),
      });
      await one.optimize(async (trial) => {
        for (let step = 1; step <= 3; step++) {
          await trial.report(step, trial.params.rate / step);
        }
        if (trial.number === 3) throw new Error("for once");
        return trial.params.rate + trial.params.layers;
      }, { trials: 20, progress: false });
      const two = await createStudy({
        ...options,
        name: "two",
        objectives: [minimize("loss"), maximize("speed")],
      });
      await two.optimize(
        ({ params }) => [params.rate, params.layers],
        { trials: 10, progress: false },
      );
      await one.close();
      await two.close();
      const drawn = await optuna<Record<string, number>>("draw", path, "one");
      expect(Object.keys(drawn).length).toBe(12);
      for (const [name, traces] of Object.entries(drawn)) {
        expect([name, traces > 0]).toEqual([name, true]);
      }
    });
  });
});
