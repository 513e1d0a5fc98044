import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  JournalStorage,
  maximize,
  minimize,
  randomSampler,
  space,
  type Study,
  TrialPruned,
} from "../../mod.ts";
import {
  debianOptuna,
  describeWith,
  type Requirement,
} from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { exchangeNotes } from "./notes.ts";
import {
  optunaSpace,
  optunaStates,
  type OptunaStudy,
  runOptuna,
  type WhichOptuna,
  writtenNumber,
  writtenValue,
} from "./optuna_runs.ts";

const options = {
  space: optunaSpace,
  library: false,
  sampler: randomSampler(),
} as const;

/** Whether Optuna sees of the first trials what is here. */
function expectSame(study: Study, seen: OptunaStudy, count: number): void {
  for (const trial of study.trials.slice(0, count)) {
    const theirs = seen.trials[trial.number]!;
    expect(theirs.state).toBe(optunaStates[trial.state]);
    expect(trial.state === "waiting" ? theirs.fixed : theirs.params).toEqual({
      ...trial.params as object,
    });
    expect(theirs.values).toEqual(trial.values?.map(writtenNumber) ?? null);
    const curve = trial.curves.get(study.objectives[0]!.name);
    expect(Object.entries(theirs.intermediate)).toEqual(
      curve?.steps.map((
        step,
        i,
      ) => [String(step), writtenNumber(curve.values[i]!)]) ?? [],
    );
    expect(theirs.user_attrs).toEqual(writtenValue(trial.attributes));
    // We keep milliseconds, Optuna microseconds.
    expect(theirs.seconds === null).toBe(trial.durationMs === null);
    expect(Math.abs((theirs.seconds ?? 0) * 1000 - (trial.durationMs ?? 0)))
      .toBeLessThanOrEqual(1);
  }
}

const here: Requirement = { name: "Optuna 5", path: "", remedy: "" };

for (
  const [which, requirement] of [["5", here], ["Debian's", debianOptuna]] as [
    WhichOptuna,
    Requirement,
  ][]
) {
  describeWith(requirement, `a journal and Optuna, ${which}`, () => {
    it("sees our study just as we do, goes on with it while we have it open, and deletes it", () =>
      withTemporaryFolder(async (folder) => {
        const path = `${folder}/studies.log`;
        const study = await createStudy({
          ...options,
          name: "ours 常数 </b>",
          objective: minimize("loss"),
          storage: path,
        });
        await study.setAttribute("note", { a: NaN, b: ["NaN", -Infinity] });
        const ends: ((value: number) => number)[] = [
          (value) => value,
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
          await trial.setAttribute("odd", [trial.number, NaN, Infinity]);
          for (
            const [step, value] of [[1, 3], [2, NaN], [3, Infinity]] as const
          ) await trial.report(step, { loss: value, "train loss": step });
          return ends[trial.number % ends.length]!(trial.params.rate);
        }, { trials: 12, progress: false });
        await study.enqueue({ rate: 0.5, optimizer: "sgd" });
        await study.refresh();

        const seen = await runOptuna(
          which,
          "go on",
          `journal:${path}`,
          study.name,
          "4",
        );
        expect(seen.directions).toEqual(["MINIMIZE"]);
        expect(seen.user_attrs).toEqual({
          note: { a: "nan", b: ["NaN", "-inf"] },
        });
        if (which === "5") expect(seen.metric_names).toEqual(["loss"]);
        expectSame(study as unknown as Study, seen, 12);
        await study.refresh();
        expect(study.trials.length).toBe(16);
        const [queued, next] = study.trials.slice(12);
        expect([queued!.params.rate, queued!.params.optimizer]).toEqual([
          0.5,
          "sgd",
        ]);
        expect(next!.origin).toBe("other program");
        for (const trial of study.trials.slice(12)) {
          expect(trial.attributes["made by"]).toBe("Optuna");
          expect(study.space.validate(trial.params)).toEqual(trial.params);
        }
        expectSame(study as unknown as Study, seen, 16);
        expect(study.best!.number).toBe(seen.best!);
        await study.optimize(() => 1, { trials: 1, progress: false });
        expect(study.trials.length).toBe(17);
        await study.close();
        expect(
          await runOptuna(which, "delete", `journal:${path}`, study.name),
        ).toEqual([]);
        const storage = new JournalStorage(path);
        expect(await storage.listStudies()).toEqual([]);
        await storage.close();
      }));

    it("makes one that is read here, queue and all, and gone on with; the other Optuna sees that too", () =>
      withTemporaryFolder(async (folder) => {
        const path = `${folder}/theirs.log`;
        const before = await runOptuna(
          which,
          "create",
          `journal+open:${path}`,
          "theirs",
          "10",
        );
        const study = await createStudy({
          ...options,
          name: "theirs",
          storage: path,
        });
        expect(study.objectives).toEqual([maximize("value")]);
        expect(study.attributes).toEqual({ note: { a: NaN, b: "NaN" } });
        expectSame(study as unknown as Study, before, 10);
        expect(Math.abs(study.trials[0]!.startedAt!.getTime() - Date.now()))
          .toBeLessThan(600_000);
        // The queued one has a parameter that this space does not know.
        const queued = await study.ask();
        expect([queued.number, queued.params.rate]).toEqual([10, 0.25]);
        await study.tell(queued, 0.1);
        await study.optimize((trial) => trial.params.rate, {
          trials: 3,
          progress: false,
        });
        const after = await runOptuna("5", "show", `journal:${path}`, "theirs");
        expect(after.trials.length).toBe(14);
        expect(after.trials.slice(0, 10)).toEqual(before.trials.slice(0, 10));
        expectSame(study as unknown as Study, after, 14);
        await study.close();
      }));
  });
}

describe("notes on a journal's study", () => {
  it("are its dashboard's, of any length and characters, and its dashboard's are ours", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.log`;
      const study = await createStudy({
        name: "noted",
        space: space({ x: float(0, 1) }),
        sampler: randomSampler(),
        storage: path,
      });
      await exchangeNotes(
        study,
        () => runOptuna("5", "notes", `journal:${path}`, study.name),
      );
    }));
});

describeWith(
  debianOptuna,
  "a journal and several Optunas at the same time",
  () => {
    it("each queued trial goes to one, numbers stay dense, and all see the same at the end", () =>
      withTemporaryFolder(async (folder) => {
        const path = `${folder}/studies.log`;
        const make = (name: string) =>
          createStudy({
            ...options,
            name,
            storage: path,
            objective: minimize("loss"),
          });
        const study = await make("both");
        // Of its own: 3.1 ends with an error where a trial that it saw waiting has ended meanwhile.
        const old = await make("old");
        const rates = Array.from({ length: 40 }, (_, i) => 0.001 * (i + 1));
        for (const rate of rates) await study.enqueue({ rate });
        const work = (one: typeof study, trials: number) =>
          one.optimize(async (trial) => {
            await new Promise((resolve) => setTimeout(resolve, 40));
            await trial.report(1, { loss: NaN, "train loss": 1 });
            return 1;
          }, { trials, progress: false });
        await Promise.all([
          work(study, 30),
          work(old, 15),
          runOptuna("5", "go on", `journal:${path}`, "both", "15"),
          runOptuna("5", "go on", `journal+open:${path}`, "both", "15"),
          runOptuna("Debian's", "go on", `journal:${path}`, "old", "15"),
        ]);
        for (
          const [one, count, others] of [[study, 60, 30], [
            old,
            30,
            15,
          ]] as const
        ) {
          await one.refresh();
          expect(one.trials.map(({ number }) => number)).toEqual(
            Array.from({ length: count }, (_, i) => i),
          );
          expect(one.trials.every(({ finishedAt }) => finishedAt !== null))
            .toBe(true);
          const theirs = one.trials.filter(({ attributes }) =>
            attributes["made by"] === "Optuna"
          );
          expect(theirs.length).toBe(others);
        }
        expect(study.trials.slice(0, 40).map(({ params }) => params.rate))
          .toEqual(rates);
        const seen = await runOptuna("5", "show", `journal:${path}`, "both");
        expectSame(study as unknown as Study, seen, 60);
        await old.close();
        await study.close();
        expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual([
          "studies.log",
        ]);
      }));
  },
);

describe("Optuna's pictures of a journal", () => {
  it("all of optuna.visualization but the terminator, which wants PyTorch", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.log`;
      const one = await createStudy({
        ...options,
        name: "one",
        objective: minimize("loss"),
        storage: path,
      });
      await one.optimize(async (trial) => {
        for (let step = 1; step <= 3; step++) {
          await trial.report(step, trial.params.rate / step);
        }
        if (trial.number === 3) throw new Error("for once");
        return trial.params.rate + trial.params.units;
      }, { trials: 12, progress: false });
      const two = await createStudy({
        ...options,
        name: "two",
        objectives: [minimize("loss"), maximize("speed")],
        storage: path,
      });
      await two.optimize(({ params }) => [params.rate, params.units], {
        trials: 6,
        progress: false,
      });
      await one.close();
      await two.close();
      const drawn = await runOptuna<Record<string, number>>(
        "5",
        "draw",
        `journal:${path}`,
        "one",
      );
      expect(Object.keys(drawn).length).toBeGreaterThan(10);
      for (const [name, traces] of Object.entries(drawn)) {
        expect([name, traces > 0]).toEqual([name, true]);
      }
    }));
});
