import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  copyStudies,
  exportStudy,
  type ImportedStudy,
  type ImportOptions,
  importStudies,
} from "../../lib/interop/mod.ts";
import {
  createStudy,
  float,
  maximize,
  MemoryStorage,
  minimize,
  openLibrary,
  space,
} from "../../mod.ts";
import { readJournal } from "../../lib/interop/_optuna.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const golden = (name: string) =>
  new URL(`./golden/${name}`, import.meta.url).pathname;

async function one(
  name: string,
  options: ImportOptions = {},
): Promise<ImportedStudy> {
  const [study] = await importStudies(golden(name), options);
  return study!;
}

/** Imports a file of this content. */
function given(
  name: string,
  content: string | Uint8Array,
  options: ImportOptions = {},
): Promise<readonly ImportedStudy[]> {
  return withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, name), content);
    return await importStudies(join(folder, name), options);
  });
}

/** Parameters in words, without the line of none. */
const words = ({ space }: ImportedStudy) => String(space).split("\n").sort();

// All golden files were made by the tools themselves: golden/make_studies.py.
describe("importStudies() of an Optuna journal", () => {
  it("gives what Optuna 5 says of it", async () => {
    const [journal, two] = await importStudies(golden("optuna_journal.log"));
    const said = JSON.parse(
      await readFile(golden("optuna_journal.json"), "utf8"),
    ) as Record<string, {
      state: string;
      params: object;
      values: string[] | null;
      intermediate: Record<string, string>;
    }[]>;
    const numbers = (texts: string[]) =>
      texts.map((text) => Number(text.replace("inf", "Infinity")));
    for (const study of [journal!, two!]) {
      const expected = said[study.name]!;
      expect(study.trials.length).toBe(expected.length);
      study.trials.forEach((trial, i) => {
        const { state, params, values, intermediate } = expected[i]!;
        expect(trial.state.slice(0, 4)).toBe(state.toLowerCase().slice(0, 4));
        // Of a trial that has begun with nothing yet, we show what was queued.
        if (state !== "RUNNING") expect(trial.params).toEqual(params);
        expect(trial.values).toEqual(values && numbers(values));
        const curve = trial.curves.get(study.objectives[0]!.name);
        expect(curve?.values ?? []).toEqual(
          numbers(Object.values(intermediate)),
        );
      });
    }
    expect(journal!.objectives).toEqual([maximize("accuracy")]);
    expect(journal!.attributes).toEqual({ note: "made by Optuna" });
    expect(words(journal!)).toContain(
      'momentum: float in [0, 0.9], step 0.1, needs optimizer to be "sgd"',
    );
    expect(two!.trials[1]!.constraints![0]).toBeCloseTo(0.22, 2);
  });

  it("and its table in CSV give the same trials", async () => {
    const [journal] = await importStudies(golden("optuna_journal.log"));
    const table = await one("optuna_table.csv", {
      objective: maximize("accuracy"),
    });
    // A table does not tell a choice of null from none.
    const plain = (study: ImportedStudy) =>
      study.trials.map(({ state, params, value }) => ({
        state,
        params: Object.fromEntries(
          Object.entries(params).filter(([, value]) => value !== null),
        ),
        value,
      })).filter(({ state }) => state !== "running");
    expect(plain(table)).toEqual(plain(journal!));
  });

  it("a large one, of whose trials only those are held that have not ended, gives the same", () =>
    withTemporaryFolder(async (folder) => {
      // Ours: trials that end out of order, and what is said of them afterwards.
      const ours = join(folder, "ours.log");
      const study = await createStudy({
        name: "ours",
        space: space({ x: float(0, 1) }),
        storage: ours,
      });
      const trials = [await study.ask(), await study.ask(), await study.ask()];
      await study.enqueue({ x: 0.5 });
      for (const trial of trials.toReversed()) {
        await trial.report(1, { "train loss": trial.number });
        await study.tell(trial, trial.params.x);
      }
      await study.ask();
      await study.note(2, "odd");
      await study.favorite(0);
      await study.discard(1, "twice");
      await study.close();
      await Deno.writeTextFile(ours, '{"op_code": 8, "tri', { append: true });
      for (const path of [golden("optuna_journal.log"), ours]) {
        const held = await readJournal(path);
        const streamed = await readJournal(path, { heldBytes: 0 });
        const whole = (drafts: typeof held) =>
          Promise.all(drafts.map(async ({ trials, ...draft }) => ({
            ...draft,
            trials: typeof trials === "function"
              ? await Array.fromAsync(trials())
              : trials,
          })));
        expect(await whole(streamed)).toEqual(await whole(held));
      }
      expect((await readJournal(ours, { heldBytes: 0 }))[0]!.notes![0])
        .toContain("breaks off");
    }));

  it("passes over a torn tail, and over a torn line with another glued to it", async () => {
    const text = await readFile(golden("optuna_journal.log"), "utf8");
    const lines = text.trimEnd().split("\n");
    const [torn] = await given("a.log", text.slice(0, -20));
    expect(torn!.trials.length).toBe(10);
    expect(torn!.notes[0]).toContain("breaks off");
    const glued = [...lines];
    glued.splice(8, 0, lines[20]!.slice(0, 30) + lines[8]!);
    glued.splice(9, 1);
    const [mended] = await given("b.log", `${glued.join("\n")}\n`);
    expect(mended!.notes[0]).toContain("torn end of another");
    expect(mended!.trials[0]!.params).toEqual(torn!.trials[0]!.params);
  });
});

describe("importStudies() of other tools' files", () => {
  it("reads Hyperopt's trials; a label of a branch stands under its condition", async () => {
    const study = await one("hyperopt.json");
    expect(words(study)).toContain(
      "depth: int in [2, 9], needs model to be 1",
    );
    expect(study.trials.length).toBe(12);
    const { params, value } = study.trials[4]!;
    expect(params.depth).toBeUndefined();
    expect(value).toBeCloseTo(
      (params.lr as number) * (params.layers as number),
      12,
    );
  });

  it("reads scikit-optimize's results", async () => {
    const study = await one("skopt.json");
    expect(words(study)).toEqual([
      "depth: int in [1, 9]",
      "flag: choice of true, false",
      "lr: float in [0.00001, 0.1], log",
      'optimizer: choice of "adam", "sgd"',
    ]);
    expect(study.trials[2]!.params.optimizer).toBe("sgd");
    expect(study.trials[2]!.value).toBe(1.0143253552904967);
  });

  it("reads SMAC3's folders: conditions, crashes, times", async () => {
    const study = await one("smac");
    expect(words(study)).toContain(
      'gamma: float in [0.0001, 10], log, needs kernel to be "rbf"',
    );
    const failed = study.trials.filter(({ state }) => state === "failed");
    expect(failed.map(({ error }) => error)).toEqual([
      "ValueError: no luck",
      "ValueError: no luck",
    ]);
    expect(study.trials[0]!.value).toBe(3.0316227766017);
    const alone = await one("smac/runhistory.json");
    expect(alone.trials).toEqual(study.trials);
  });

  it("reads Syne Tune's curves; a trial stopped before its end is pruned", async () => {
    const study = await one("syne_tune");
    expect(study.objectives).toEqual([maximize("accuracy")]);
    expect(words(study)).toContain("lr: float in [0.00001, 0.1], log");
    expect(study.trials.map(({ state }) => state)).toEqual([
      "complete",
      "pruned",
      "complete",
      "complete",
      "complete",
    ]);
    expect(study.trials[0]!.curves.get("accuracy")!.steps).toEqual([1, 2, 3]);
  });

  it("reads Ray Tune's folders, from JSON or CSV", async () => {
    const study = await one("ray");
    expect(study.objectives).toEqual([minimize("loss")]);
    for (const { params, value, curves } of study.trials) {
      expect(value).toBe(params.lr as number);
      expect(curves.get("loss")!.steps).toEqual([1, 2, 3]);
      expect(params["model/kind"]).toBe("linear");
    }
    expect(study.trials.length).toBe(3);
  });

  it("reads Ax's snapshots and summaries alike", async () => {
    const [snapshot, summary] = [
      await one("ax_snapshot.json"),
      await one("ax_summary.csv"),
    ];
    expect(snapshot.objectives).toEqual([minimize("loss")]);
    expect(words(snapshot)).toContain("batch: ordinal of 16, 32, 64");
    summary.trials.forEach(({ state, params, value }, i) => {
      expect(snapshot.trials[i]!.state).toBe(state);
      expect(snapshot.trials[i]!.params).toEqual(params);
      if (value !== null) {
        // The snapshot rounds.
        expect(snapshot.trials[i]!.value).toBeCloseTo(value, 9);
      }
    });
    expect(snapshot.trials[0]!.curves.get("loss")!.steps).toEqual([0, 1]);
  });

  it("reads Vizier's studies: conditions, curves, infeasible trials", async () => {
    const study = await one("vizier.json");
    expect(words(study)).toEqual([
      "batch: ordinal of 16, 32, 64",
      'depth: int in [2, 9], needs model to be "tree"',
      "layers: int in [1, 4]",
      "lr: float in [0.00001, 0.1], log",
      'model: choice of "linear", "tree"',
    ]);
    expect(study.trials.map(({ state }) => state)).toEqual([
      "complete",
      "complete",
      "failed",
      "running",
    ]);
    expect(study.trials[2]!.error).toBe("diverged");
    expect(study.trials[1]!.curves.get("accuracy")!.values).toEqual([0.2, 0.4]);
  });

  it("reads Keras Tuner's folders", async () => {
    const study = await one("keras_tuner");
    expect(study.objectives).toEqual([maximize("val_accuracy")]);
    expect(words(study)).toContain("units: int in [16, 64], step 16");
    for (const { params, value } of study.trials) {
      expect(value).toBeCloseTo(3 * (params.lr as number), 12);
    }
  });

  it("reads TensorBoard's hyperparameters and scalars", async () => {
    const study = await one("hparams");
    expect(study.objectives).toEqual([minimize("validation/loss")]);
    expect(words(study)).toEqual([
      "flag: boolean",
      "lr: float in [0.00001, 0.1]",
      'optimizer: choice of "adam", "sgd"',
      "units: int in [8, 64]",
    ]);
    expect(study.trials.map(({ durationMs }) => durationMs)).toEqual([
      10000,
      10000,
      10000,
    ]);
    const [run] = await importStudies(golden("simple.tfevents"), {
      objective: minimize("validation/loss"),
    });
    expect(run!.trials[0]!.params).toEqual({ run: "." });
  });

  it("gives a run of TensorBoard the scalars of the folders below it, or above it", async () => {
    await withTemporaryFolder(async (folder) => {
      const run = golden("hparams/run0/events.out.tfevents.0");
      const scalars = golden("simple.tfevents");
      // As Keras writes it, and as PyTorch's add_hparams() does.
      await cp(run, join(folder, "keras/events.tfevents"), {});
      await cp(scalars, join(folder, "keras/train/events.tfevents"), {});
      await cp(scalars, join(folder, "torch/events.tfevents"), {});
      await cp(run, join(folder, "torch/1700/events.tfevents"), {});
      const [study] = await importStudies(folder, {
        objective: minimize("validation/loss"),
      });
      const [keras, torch] = study!.trials;
      expect([...keras!.curves.keys()].sort()).toEqual([
        "loss",
        "train/lr",
        "train/validation/loss",
        "validation/loss",
      ]);
      expect([...torch!.curves.keys()].sort()).toEqual([
        "loss",
        "lr",
        "validation/loss",
      ]);
      expect(keras!.attributes.run).toBe("keras");
      expect(study!.trials.length).toBe(2);
    });
  });

  it("reads W&B's sweeps: exponents, values, nested groups", async () => {
    const [sweep] = await given(
      "sweep.yaml",
      `
method: bayes
metric: { name: val/loss, goal: minimize }
parameters:
  epochs: { value: 10 }
  batch: { values: [16, 32] }
  layers: { min: 1, max: 4 }
  dropout: { min: 0.0, max: 0.5 }
  lr: { distribution: log_uniform, min: -9, max: -2 }
  decay: { distribution: log_uniform_values, min: 1.0e-6, max: 1.0e-2 }
  model:
    parameters:
      kind: { values: [a, b], probabilities: [0.9, 0.1] }
  noise: { distribution: normal, mu: 1, sigma: 0.5 }
`,
    );
    expect(words(sweep!)).toEqual([
      "batch: choice of 16, 32",
      "decay: float in [0.000001, 0.01], log",
      "dropout: float in [0, 0.5]",
      "epochs: choice of 10",
      "layers: int in [1, 4]",
      `lr: float in [${Math.exp(-9)}, ${Math.exp(-2)}], log`,
      'model.kind: choice of "a", "b"',
      "noise: float in [-0.5, 2.5]",
    ]);
    expect(sweep!.trials).toEqual([]);
    expect(sweep!.notes.length).toBe(2);
  });

  it("reads W&B's folders: curves, states, a record that is spread over blocks", async () => {
    const read = () => one("wandb", { objective: minimize("loss") });
    const study = await read();
    expect(study.name).toBe("digits");
    expect(study.trials.map(({ state, value }) => [state, value])).toEqual([
      ["complete", 1 / 3],
      // Its loss ended as NaN.
      ["failed", null],
      ["complete", 0.25],
      ["failed", null],
    ]);
    const { params, curves, durationMs } = study.trials[2]!;
    expect(String(params.notes).length).toBe(35_000);
    // Changed while it ran.
    expect(params).toMatchObject({ lr: 0.5, units: 48, "model/depth": 2 });
    expect(curves.get("loss")).toMatchObject({
      steps: [0, 1, 2, 10],
      values: [1 / 3, 1 / 4, 1 / 5, 0.25],
    });
    expect(curves.get("validation.accuracy")!.values).toEqual([0.5, 0.6, 0.7]);
    expect(durationMs! > 0).toBe(true);
    expect(study.trials[0]!.attributes).toMatchObject({
      run: "run-0",
      best: 0.9,
    });
    await withTemporaryFolder(async (folder) => {
      const [run] = (await readdir(golden("wandb"))).filter((name) =>
        name.endsWith("golden2")
      );
      const bytes = await readFile(golden(`wandb/${run}/run-golden2.wandb`));
      const path = join(folder, "run-golden2.wandb");
      // Wherever it breaks off, what came before is read.
      for (const length of [bytes.length - 3, 36_000, 34_000, 1500, 700]) {
        await writeFile(path, bytes.subarray(0, length));
        const [torn] = await importStudies(path, {
          objective: minimize("loss"),
        });
        expect(torn!.trials[0]!.state).toBe("running");
        expect(torn!.notes.join()).toContain("break off");
      }
      await writeFile(path, "something else");
      await expect(importStudies(folder)).rejects.toThrow(".wandb");
    });
  });

  // The service cannot be reached from here: the form is that of its documentation.
  it("reads the configuration and summary beside a run of W&B's", async () => {
    await withTemporaryFolder(async (folder) => {
      const files = join(folder, "wandb", "run-20260101_000000-ab12", "files");
      await mkdir(files, { recursive: true });
      await writeFile(
        join(files, "config.yaml"),
        "wandb_version: 1\n_wandb:\n  desc: null\n  value: {}\nlr:\n  desc: null\n  value: 0.1\n",
      );
      await writeFile(
        join(files, "wandb-summary.json"),
        '{"loss": 0.5, "_timestamp": 1000, "_runtime": 10}',
      );
      const [study] = await importStudies(join(folder, "wandb"), {
        objective: minimize("loss"),
      });
      expect(study!.trials[0]).toMatchObject({
        params: { lr: 0.1 },
        value: 0.5,
        startedAt: new Date(990_000),
        durationMs: 10_000,
      });
      await writeFile(join(files, "config.yaml"), "lr: [\n");
      await expect(importStudies(folder)).rejects.toThrow("YAML is damaged");
    });
  });

  it("reads Arrow files of pandas and Polars alike; of compressed ones it says how to write others", async () => {
    const read = await Promise.all(
      ["pandas.feather", "polars.arrow"].map((name) => one(`arrow/${name}`)),
    );
    for (const { trials, objectives, tool } of read) {
      expect([tool, ...objectives]).toEqual(["Arrow", minimize("val_loss")]);
      expect(trials.map(({ value }) => value)).toEqual([
        0.5,
        0.25,
        0.125,
        Infinity,
        1,
        null,
      ]);
      expect(trials[5]!.state).toBe("failed");
      expect(trials[1]!.params).toEqual({
        lr: 0.01,
        units: 32,
        optimizer: "sgd",
        nesterov: false,
      });
      expect(trials[4]!.params.units).toBe(undefined);
      expect(trials[0]!.startedAt).toEqual(new Date("2026-01-01T00:00:00.5Z"));
    }
    await expect(one("arrow/compressed.feather")).rejects.toThrow(
      'compression="uncompressed"',
    );
    const whole = await readFile(golden("arrow/polars.arrow"));
    await expect(given("a.arrow", whole.subarray(0, 1500))).rejects.toThrow(
      "breaks off or is damaged",
    );
  });

  // The service cannot be reached from here: the forms are those of its documentation.
  it("reads W&B's runs, as JSON and as the table of its documentation", async () => {
    const [json] = await given(
      "runs.json",
      JSON.stringify([{
        name: "fast-1",
        state: "finished",
        config: { lr: 0.1, model: { kind: "a" }, _wandb: {} },
        summary: { "val/loss": 0.5, _step: 2 },
        history: [{ _step: 0, "val/loss": 1 }, { _step: 1, "val/loss": 0.5 }],
      }, { name: "b", state: "crashed", config: { lr: 0.2 }, summary: {} }]),
    );
    expect(json!.trials.map(({ state }) => state)).toEqual([
      "complete",
      "failed",
    ]);
    expect(json!.trials[0]!.params).toEqual({ lr: 0.1, "model/kind": "a" });
    expect(json!.trials[0]!.curves.get("val/loss")!.values).toEqual([1, 0.5]);
    const [table] = await given(
      "project.csv",
      `,summary,config,name\r\n0,"{'val/loss': 0.5, '_step': 2}","{'lr': 0.1, 'kind': ""it's"", 'flag': True, 'none': None}",fast-1\r\n`,
    );
    expect(table!.trials[0]!.params).toEqual({
      lr: 0.1,
      kind: "it's",
      flag: true,
      none: null,
    });
  });

  it("reads plain tables, with commas or semicolons, quotes and gaps", async () => {
    const [study] = await given(
      "tries.csv",
      '\uFEFFlr;units;note;val_loss\r\n0.1;8;"a;\r\n""b""";0.5\r\n0.001;16;c;\r\n1e-5;16;c;nan\r\n',
    );
    expect(study!.objectives).toEqual([minimize("val_loss")]);
    expect(study!.trials.map(({ params }) => params)).toEqual([
      { lr: 0.1, units: 8, note: 'a;\r\n"b"' },
      { lr: 0.001, units: 16, note: "c" },
      { lr: 0.00001, units: 16, note: "c" },
    ]);
    expect(study!.trials.map(({ state }) => state)).toEqual([
      "complete",
      "failed",
      "failed",
    ]);
    expect(study!.isSpaceInferred).toBe(true);
  });
});

describe("importStudies()", () => {
  it("stores studies that are gone on with and opened as a library", async () => {
    const storage = new MemoryStorage();
    await importStudies(golden("vizier.json"), { into: storage });
    await importStudies(golden("optuna_journal.log"), { into: storage });
    const library = await openLibrary([storage]);
    expect(library.studies().map(({ name }) => name)).toEqual([
      "digits",
      "journal",
      "two",
    ]);
    const study = await createStudy({ name: "digits", storage });
    const [read] = await importStudies(golden("vizier.json"));
    expect(study.trials[1]!.startedAt).toEqual(read!.trials[1]!.startedAt);
    expect(study.trials[3]!.error).toContain("still running");
    await study.optimize((trial) => (trial.params.lr as number) ?? 0, {
      trials: 1,
      progress: false,
    });
    expect(study.trials.length).toBe(5);
    await expect(importStudies(golden("vizier.json"), { into: storage }))
      .rejects.toThrow("one of that name");
  });

  it("takes a name and a space", async () => {
    const [study] = await importStudies(golden("ax_summary.csv"), {
      name: "mine",
      space: space({ lr: float(1e-6, 1, { log: true }) }),
    });
    expect(study!.name).toBe("mine");
    expect(study!.trials[0]!.params).toEqual({ lr: 0.001 });
  });
});

describe("copyStudies()", () => {
  it("stores what importStudies() stores, whatever the form", async () => {
    const cases: [string, ImportOptions][] = [
      ["optuna_journal.log", {}],
      ["optuna_table.csv", {}],
      ["vizier.json", {}],
    ];
    for (const [name, options] of cases) {
      const [held, streamed] = [new MemoryStorage(), new MemoryStorage()];
      await importStudies(golden(name), { ...options, into: held });
      const copied = await copyStudies(golden(name), streamed, options);
      const studies = await held.listStudies();
      expect(copied.map(({ name }) => name)).toEqual(
        studies.map(({ name }) => name),
      );
      for (const { id, space, attributes } of studies) {
        const trials = await held.readTrials(id);
        expect(await streamed.readTrials(id)).toEqual(trials);
        const other = (await streamed.listStudies()).find((one) =>
          one.id === id
        )!;
        expect(other).toMatchObject({ attributes });
        expect(String(other.space)).toBe(String(space));
      }
    }
  });

  it("stores nothing of a study that breaks off, and of one that is there already", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.jsonl");
      const storage = new MemoryStorage();
      await exportStudy(await one("vizier.json"), path);
      const lines = (await readFile(path, "utf8")).split("\n");
      await writeFile(path, [...lines.slice(0, 2), "{torn", ""].join("\n"));
      await expect(copyStudies(path, storage)).rejects.toThrow("line 3");
      expect(await storage.listStudies()).toEqual([]);
      await copyStudies(golden("vizier.json"), storage);
      await expect(copyStudies(golden("vizier.json"), storage)).rejects
        .toThrow("one of that name");
      expect((await storage.listStudies()).length).toBe(1);
    });
  });

  it("reads tables that break off, and says what it left out", async () => {
    for (
      const [rest, note] of [
        ['0.3,"3', "within a quoted cell"],
        ["0.3", "1 cells for 2 columns and was left out"],
      ]
    ) {
      const [study] = await given("a.csv", `lr,loss\n0.1,1\n0.2,2\n${rest}`);
      expect(study!.trials.map(({ value }) => value)).toEqual([1, 2]);
      expect(study!.notes.join()).toContain(note);
    }
  });

  it("does not take a column of ten thousand different texts for a parameter", async () => {
    const rows = Array.from({ length: 10_002 }, (_, i) => `note ${i},${i}`);
    await expect(given("a.csv", ["note,loss", ...rows, ""].join("\n")))
      .rejects.toThrow("makes no parameter");
  });
});

describe("importStudies() of bad input says what it found and what is allowed", () => {
  const cases: [string, string, string | Uint8Array, string][] = [
    ["an empty file", "a.csv", "", "the file is empty"],
    ["a header alone", "a.csv", "lr,loss\n", "a header and no rows"],
    ["half a JSON file", "a.json", '{"data": [1, 2', "breaks off"],
    ["foreign JSON", "package.json", '{"name": "x"}', "its JSON has name"],
    ["foreign YAML", "a.yaml", "jobs: {}\n", "its YAML has jobs"],
    ["damaged YAML", "a.yml", "parameters: {a: [\n", "YAML is damaged"],
    ["a pickle", "a.pkl", Uint8Array.of(0x80, 4, 0x95, 1), "a pickle"],
    ["half a ZIP file", "results.csv.zip", "PK\x03\x04abc", "breaks off"],
    ["an image", "a.png", "\x89PNG\r\n\x1a\n\0\0", "neither text"],
    ["prose", "a.txt", "Dear diary\n", "names no columns"],
    ["a table that does not say", "a.csv", "a,b\n1,2\n", "what was optimized"],
    ["a column twice", "a.csv", "a,a,loss\n1,2,3\n", "stands twice"],
    ["no event file", "x.tfevents.1", "epoch,loss\n".repeat(9), "no file of"],
    [
      "points without values",
      "s.json",
      '{"tool":"scikit-optimize","x_iters":[[1]],"func_vals":[]}',
      "1 points and 0 values",
    ],
  ];
  for (const [what, name, content, found] of cases) {
    it(what, async () => {
      const error = await given(name, content).then(
        () => null,
        (error: Error) => error,
      );
      expect(error?.message).toContain(found);
      expect(error?.message).toContain(name);
    });
  }

  it("what is not there, a foreign SQLite file, an empty folder, unknown options", async () => {
    await expect(importStudies("/nowhere/at/all.csv")).rejects.toThrow(
      "/nowhere/at/all.csv",
    );
    await withTemporaryFolder(async (folder) => {
      const foreign = new DatabaseSync(join(folder, "foreign.db"));
      foreign.exec("CREATE TABLE recipes (name TEXT)");
      foreign.close();
      await expect(importStudies(join(folder, "foreign.db"))).rejects.toThrow(
        "foreign.db",
      );
      await rm(join(folder, "foreign.db"));
      await expect(importStudies(folder)).rejects.toThrow("folder is empty");
      // A run that was killed while it wrote its last report is read without it.
      await cp(golden("ray"), join(folder, "ray"), { recursive: true });
      const file = join(folder, "ray/trial_0/result.json");
      await writeFile(file, (await readFile(file, "utf8")).slice(0, -40));
      const [study] = await importStudies(join(folder, "ray"));
      expect(study!.trials[0]!.curves.get("loss")!.steps).toEqual([1, 2]);
    });
    await expect(importStudies(golden("skopt.json"), { onto: 1 } as never))
      .rejects.toThrow("no option");
  });
});
