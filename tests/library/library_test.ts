import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { DatabaseSync } from "node:sqlite";
import {
  describeTask,
  mapSpace,
  openLibrary,
  type TaskDescription,
} from "../../lib/library/mod.ts";
import { maximize, minimize, type Objective } from "../../lib/records/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import {
  MemoryStorage,
  SQLiteStorage,
  type StudyStorage,
} from "../../lib/storage/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const rate = space({
  lr: float(1e-4, 1e-1, { log: true }),
}) as unknown as Space;

interface Made {
  readonly name: string;
  readonly space?: Space;
  readonly objective?: Objective;
  readonly task?: TaskDescription | null;
  readonly trials?: number;
  readonly shift?: number;
}

/** Makes a study whose trial i has lr 10^(−3 + i/10) and value i + shift. */
async function make(storage: StudyStorage, made: Made): Promise<number> {
  const { name, objective = minimize("loss"), task = null, trials = 3 } = made;
  const { id } = await storage.createStudy({
    name,
    objectives: [objective],
    space: made.space ?? rate,
    seed: name,
    task,
  });
  for (let i = 0; i < trials; i++) {
    const first = (made.space ?? rate).names[0]!;
    const { number } = await storage.createTrial(id, {
      state: "running",
      params: { [first]: 10 ** (-3 + i / 10) },
      origin: "sampler",
    });
    await storage.finishTrial(id, number, {
      state: "complete",
      values: [i + (made.shift ?? 0)],
    });
  }
  return id;
}

const taskOf = (rows: number, columns: number, classes = 2) =>
  describeTask({
    x: { shape: [rows, columns], data: new Float32Array(rows * columns) },
    y: Array.from({ length: rows }, (_, i) => `c${i % classes}`),
  }, { landmarks: false });

describe("openLibrary()", () => {
  it("of nothing is empty, and says so", async () => {
    const library = await openLibrary([]);
    expect(library.studies()).toEqual([]);
    expect(await library.similar(null, rate)).toEqual([]);
    expect(String(library)).toBe("Library: no studies yet");
    await library.close();
  });

  it("has every study with a complete trial, one trial being enough", async () => {
    const storage = new MemoryStorage();
    await make(storage, { name: "one", trials: 1 });
    await make(storage, { name: "none", trials: 0 });
    const library = await openLibrary([storage]);
    expect(library.studies().map(({ name }) => name)).toEqual(["one"]);
    expect(await library.studies()[0]!.read()).toHaveLength(1);
    await make(storage, { name: "later" });
    await library.refresh();
    expect(library.studies()).toHaveLength(2);
  });

  it("skips and names files that are missing, corrupt, locked or foreign, and goes on", () =>
    withTemporaryFolder(async (folder) => {
      const at = (name: string) => `${folder}/${name}`;
      await Deno.writeTextFile(
        at("corrupt.db"),
        "this is no database, ".repeat(99),
      );
      const foreign = new DatabaseSync(at("foreign.db"));
      foreign.exec("CREATE TABLE songs (id INTEGER)");
      foreign.close();
      for (const name of ["good.db", "locked.db"]) {
        const storage = new SQLiteStorage(at(name));
        await make(storage, { name });
        await storage.close();
      }
      const lock = new DatabaseSync(at("locked.db"));
      lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      try {
        const library = await openLibrary(
          ["missing.db", "corrupt.db", "foreign.db", "locked.db", "good.db"]
            .map(at),
        );
        expect(library.studies().map(({ name }) => name)).toEqual(["good.db"]);
        const reasons = library.skipped.map(({ source, reason }) =>
          `${source.split("/").at(-1)}: ${reason}`
        );
        expect(reasons).toHaveLength(4);
        expect(reasons[0]).toMatch(/missing.*no such file/);
        expect(reasons[1]).toMatch(/corrupt.*not an SQLite database/);
        expect(reasons[2]).toMatch(/foreign.*another program's database/);
        expect(reasons[3]).toMatch(/locked.*locked/);
        expect(String(library)).toContain("left out: ");
        await library.close();
      } finally {
        lock.close();
      }
    }));

  it("skips an address that no storage knows", async () => {
    const library = await openLibrary(["mysql://somewhere/studies"]);
    expect(library.skipped[0]!.reason).toContain("this version knows");
  });

  it("a study file is a library, and is not changed by being one", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path);
      await make(storage, { name: "a" });
      await storage.close();
      const before = await Deno.readFile(path);
      const library = await openLibrary([path]);
      await library.similar(null, rate);
      await library.close();
      expect(await Deno.readFile(path)).toEqual(before);
    }));

  it("refuses what is neither a path nor a storage", async () => {
    await expect(openLibrary("studies.db" as never)).rejects.toThrow(
      "expected a list",
    );
    await expect(openLibrary([5 as never])).rejects.toThrow("a source is 5");
  });
});

describe("Library.similar()", () => {
  it("ranks by task, metric and how much of the space was searched", async () => {
    const storage = new MemoryStorage();
    const like = taskOf(1000, 20);
    await make(storage, {
      name: "far task",
      task: taskOf(60, 2, 30),
      shift: 0.1,
    });
    await make(storage, { name: "like", task: like, shift: 0.2 });
    await make(storage, {
      name: "other metric",
      task: like,
      objective: minimize("seconds"),
      shift: 0.3,
    });
    await make(storage, {
      name: "small range",
      task: like,
      space: space({
        lr: float(1e-3, 1e-2, { log: true }),
      }) as unknown as Space,
      shift: 0.4,
    });
    await make(storage, {
      name: "other space",
      space: space({ z: choice(["a"]) }) as unknown as Space,
      trials: 1,
    });
    const library = await openLibrary([storage]);
    const found = await library.similar(taskOf(900, 24), rate, {
      objective: minimize("loss"),
    });
    expect(found.map(({ study }) => study.name)).toEqual(
      ["like", "far task", "other metric", "small range"]
        .sort((a, b) =>
          found.findIndex(({ study }) => study.name === a) -
          found.findIndex(({ study }) => study.name === b)
        ),
    );
    expect(found[0]!.study.name).toBe("like");
    expect(found.map(({ similarity }) => similarity)).toEqual(
      found.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
    );
    const by = (name: string) =>
      found.find(({ study }) => study.name === name)!;
    expect(by("far task").task).toBeLessThan(by("like").task);
    expect(by("other metric").metric).toBe(0.3);
    expect(by("small range").coverage).toBeCloseTo(1 / 3, 9);
    expect(by("far task").traits[0]!.distance).toBeGreaterThan(0.9);
  });

  it("leaves out the study itself, and copies of it and of one another", async () => {
    const [mine, theirs] = [new MemoryStorage(), new MemoryStorage()];
    const id = await make(mine, { name: "mine" });
    await make(theirs, { name: "copied under another name" });
    await make(theirs, { name: "other", shift: 10 });
    await make(mine, { name: "other, copied", shift: 10 });
    const library = await openLibrary([mine, theirs]);
    const found = await library.similar(null, rate, {
      exclude: { trials: await mine.readTrials(id) },
    });
    expect(found.map(({ study }) => study.name)).toEqual(["other, copied"]);
  });

  it("leaves out what is not to be trusted, until it is restored; marks stay with the file", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path);
      await make(storage, { name: "leaked" });
      await make(storage, { name: "old", shift: 5 });
      await storage.close();
      const names = async (library: Awaited<ReturnType<typeof openLibrary>>) =>
        (await library.similar(null, rate)).map(({ study }) => study.name);
      const first = await openLibrary([path]);
      await first.distrust(first.studies()[0]!, "the test set was in it");
      await first.withdraw(first.studies()[1]!);
      await first.close();
      const library = await openLibrary([path]);
      expect(await names(library)).toEqual([]);
      expect(library.studies().map(({ name }) => name)).toEqual(["leaked"]);
      expect(String(library)).toContain(
        "leaked (untrusted: the test set was in it)",
      );
      const [, old] = library.studies({ withdrawn: true });
      expect(old!.standing).toBe("withdrawn");
      await library.restore(old!);
      await library.restore(library.studies()[0]!);
      expect(await names(library)).toEqual(["leaked", "old"]);
      await library.close();
    }));

  it("reads trials by the edits of their space", async () => {
    const storage = new MemoryStorage();
    const id = await make(storage, { name: "renamed" });
    await storage.updateStudy(id, {
      space: rate.edit({ rename: { lr: "learningRate" } }),
    });
    const library = await openLibrary([storage]);
    const [trial] = await library.studies()[0]!.read();
    expect(trial!.params).toEqual({ learningRate: 1e-3 });
  });

  it("keeps a corrected mapping with the studies", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const source = space({
        knob: float(1e-4, 1e-1, { log: true }),
        lr: float(0, 1),
      }) as unknown as Space;
      const storage = new SQLiteStorage(path);
      await make(storage, { name: "odd", space: source });
      await storage.close();
      const target = space({
        learningRate: float(1e-4, 1e-1, { log: true }),
      }) as unknown as Space;
      const first = await openLibrary([path]);
      expect((await first.similar(null, target))[0]!.mapping.links[0]!.from)
        .toBe("lr");
      expect(
        await first.correct(
          mapSpace(source, target).with({ learningRate: "knob" }),
        ),
      ).toBe(1);
      await first.close();
      const library = await openLibrary([path]);
      const [found] = await library.similar(null, target);
      expect(found!.mapping.links[0]).toMatchObject({
        from: "knob",
        by: "by hand",
      });
      await library.close();
    }));

  it("the direction counts: the same name to be maximized is another thing", async () => {
    const storage = new MemoryStorage();
    await make(storage, { name: "up", objective: maximize("loss") });
    const library = await openLibrary([storage]);
    expect(
      (await library.similar(null, rate, { objective: minimize("loss") }))[0]!
        .metric,
    ).toBe(0.3);
    expect(
      (await library.similar(null, rate, {
        objective: maximize("validation loss"),
      }))[0]!.metric,
    ).toBe(1);
  });

  it("of 10,000 studies takes less than two seconds", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/many.db`;
      const storage = new SQLiteStorage(path);
      await make(storage, { name: "first", task: taskOf(100, 4) });
      await storage.close();
      const database = new DatabaseSync(path);
      database.exec(`
        WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO studies SELECT i, 'study ' || i FROM n;
        INSERT INTO study_directions (direction, study_id, objective) SELECT 'MINIMIZE', study_id, 0 FROM studies WHERE study_id > 1;
        INSERT INTO etude_studies SELECT s.study_id, e.space_json, e.task_json FROM studies s, etude_studies e WHERE e.study_id = 1 AND s.study_id > 1;
        INSERT INTO trials (number, study_id, state, datetime_start) SELECT 0, study_id, 'COMPLETE', '2025-01-01 00:00:00.000000' FROM studies WHERE study_id > 1;
        INSERT INTO trial_values (trial_id, objective, value, value_type) SELECT trial_id, 0, trial_id, 'FINITE' FROM trials WHERE study_id > 1;
        INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) SELECT trial_id, 'lr', 0.01, (SELECT distribution_json FROM trial_params LIMIT 1) FROM trials WHERE study_id > 1;
      `);
      database.close();
      const start = performance.now();
      const library = await openLibrary([path]);
      expect(library.studies()).toHaveLength(10_000);
      const found = await library.similar(taskOf(100, 4), rate);
      const elapsed = performance.now() - start;
      expect(found).toHaveLength(50);
      await library.close();
      expect(elapsed).toBeLessThan(2000);
    }));

  it("shows itself in a notebook, with nothing that could be run", async () => {
    const storage = new MemoryStorage();
    await make(storage, { name: "<script>", task: taskOf(100, 4) });
    const library = await openLibrary([storage]);
    const card = library.card() as unknown as Record<
      symbol,
      () => Record<string, string>
    >;
    const { "text/html": html, "text/plain": text } =
      card[Symbol.for("Jupyter.display")]!();
    expect(text).toBe([
      "Library: 1 study, 3 trials, 1 with a task",
      "  study     optimizes      trials  task                                kept in",
      "  <script>  minimize loss  3       classification; 100 × 4, 2 classes  memory",
    ].join("\n"));
    expect(html).not.toContain("<script>");
  });
});
