import { expect } from "@std/expect";
import { after, before, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  maximize,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { TestPostgres } from "../support/postgres.ts";
import { describeWith, postgresServer } from "../support/require.ts";
import { exchangeNotes } from "./notes.ts";
import { optunaSpace, type OptunaStudy, runOptuna } from "./optuna_runs.ts";

describeWith(postgresServer, "PostgreSQL and Python's Optuna", () => {
  let server: TestPostgres;
  before(() => {
    server = TestPostgres.start();
  });
  after(() => server.close());

  /** Has Python's Optuna do something with a study on the server. */
  const optuna = <T = OptunaStudy>(
    command: string,
    url: string,
    ...args: string[]
  ) =>
    runOptuna<T>(
      "5",
      command,
      url.replace("postgres:", "postgresql+psycopg2:"),
      ...args,
    );

  it("notes are its dashboard's, of any length and characters, and its dashboard's are ours", async () => {
    const url = server.freshDatabase();
    const study = await createStudy({
      name: "noted",
      space: space({ x: float(0, 1) }),
      sampler: randomSampler(),
      storage: url,
    });
    await exchangeNotes(study, () => optuna("notes", url, study.name));
  });

  it("our study is read, continued and deleted by Optuna; it continues here", async () => {
    const url = server.freshDatabase();
    const make = () =>
      createStudy({
        name: "ours",
        storage: url,
        library: false,
        space: optunaSpace,
        sampler: randomSampler(),
        objective: minimize("loss"),
      });
    const study = await make();
    await study.optimize(async (trial) => {
      for (let step = 1; step <= 3; step++) {
        await trial.report(step, {
          loss: step === 2 ? NaN : 1 / step,
          "train loss": 0.5,
        });
      }
      if (trial.number === 1) throw new Error("a null \0 character");
      return trial.number === 2 ? Infinity : trial.params.rate;
    }, { trials: 4, progress: false });
    await study.enqueue({ units: 7 });
    const shown = await optuna("show", url, "ours");
    expect(shown.directions).toEqual(["MINIMIZE"]);
    expect(shown.metric_names).toEqual(["loss"]);
    expect(shown.trials.map(({ state }) => state)).toEqual([
      "COMPLETE",
      "FAIL",
      "COMPLETE",
      "COMPLETE",
      "WAITING",
    ]);
    expect(shown.trials[0]!.params).toEqual(study.trials[0]!.params);
    expect(shown.trials[0]!.intermediate).toEqual({
      1: 1,
      2: "nan",
      3: 1 / 3,
    });
    expect(shown.trials[2]!.values).toEqual(["inf"]);
    // The waiting one first, with its fixed value.
    const after = await optuna("go on", url, "ours", "3");
    expect(after.trials[4]!.params.units).toBe(7);
    await study.refresh();
    expect(study.trials.length).toBe(7);
    expect(study.trials[6]!.curves.get("loss")!.steps).toEqual([1, 2, 3]);
    expect(study.trials[5]!.origin).toBe("other program");
    await study.optimize(() => 1, { trials: 1, progress: false });
    await study.close();
    expect(await optuna("delete", url, "ours")).toEqual([]);
    const left = server.ask(
      url.slice(url.lastIndexOf("/") + 1),
      "SELECT (SELECT COUNT(*) FROM etude_trials) + (SELECT COUNT(*) FROM etude_curve_points) + (SELECT COUNT(*) FROM etude_studies)",
    );
    expect(left).toBe("0");
  });

  it("Optuna's study is read, its space found, and it goes on here", async () => {
    const url = server.freshDatabase();
    const theirs = await optuna("create", url, "theirs", "6");
    const study = await createStudy({
      name: "theirs",
      storage: url,
      library: false,
      sampler: randomSampler(),
    });
    expect(study.objectives[0]).toEqual(maximize("value"));
    expect(study.trials.map(({ params }) => params as unknown).slice(0, 6))
      .toEqual(theirs.trials.slice(0, 6).map(({ params }) => params));
    await study.optimize(() => 0.5, { trials: 2, progress: false });
    await study.close();
    const shown = await optuna("show", url, "theirs");
    expect(shown.trials.length).toBe(8);
    expect(shown.trials.at(-1)!.values).toEqual([0.5]);
  });

  it("both work on one study at the same time: no number twice, nothing lost", async () => {
    const url = server.freshDatabase();
    const study = await createStudy({
      name: "both",
      storage: url,
      library: false,
      space: optunaSpace,
      sampler: randomSampler(),
      objective: minimize("loss"),
    });
    const [, theirs] = await Promise.all([
      study.optimize(async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return 1;
      }, { trials: 40, progress: false }),
      optuna("go on", url, "both", "25"),
    ]);
    await study.refresh();
    expect(study.trials.map(({ number }) => number)).toEqual(
      study.trials.map((_, i) => i),
    );
    expect(study.trials.length).toBe(65);
    expect(theirs.trials.length).toBeGreaterThan(25);
    const origins = Map.groupBy(study.trials, ({ origin }) => origin);
    expect(origins.get("other program")!.length).toBe(25);
    await study.close();
  });
});
