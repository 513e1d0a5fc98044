import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import {
  exportStudy,
  importStudies,
  repairJournal,
  streamStudies,
} from "../../lib/interop/mod.ts";
import {
  boolean,
  choice,
  type Configuration,
  createStudy,
  type Curve,
  float,
  int,
  maximize,
  minimize,
  ordinal,
  type Space,
  space,
  type StudyView,
  type TrialRecord,
} from "../../mod.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const searched = space({
  rate: float(1e-5, 1, { log: true }),
  half: float(0, 1, { step: 0.5 }),
  units: int(16, 64, { step: 16 }),
  kind: choice(["adam", "=SUM(A1)", null, 2, true]),
  size: ordinal(["small", "large"]),
  flag: boolean(),
  momentum: float(0, 0.9).when({ flag: true }),
}) as unknown as Space;

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, Infinity, -Infinity),
);

const curve = (name: string): fc.Arbitrary<Curve> =>
  fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 4 }).chain((steps) =>
    fc.array(fc.oneof(number, fc.constant(NaN)), {
      minLength: steps.length,
      maxLength: steps.length,
    }).map((values) => ({
      name,
      steps: steps.sort((a, b) => a - b),
      values,
    }))
  );

const trial: fc.Arbitrary<TrialRecord> = fc.record({
  state: fc.constantFrom("complete", "pruned", "failed", "waiting"),
  unit: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 7,
    maxLength: 7,
  }),
  values: fc.tuple(number, number),
  main: fc.option(curve("loss")),
  other: fc.option(curve('train: é "quoted"')),
  startedAtMs: fc.integer({ min: 1, max: 2e12 }),
  note: fc.option(fc.jsonValue()),
}).map((drawn): TrialRecord => {
  const { state, unit, values, main, other, startedAtMs, note } = drawn;
  const isWaiting = state === "waiting";
  const hasValues = state === "complete" || state === "pruned";
  const curves = [main, other].flatMap((one) =>
    one === null || isWaiting ? [] : [[one.name, one] as const]
  );
  return {
    number: 0,
    state,
    params: searched.decode(unit) as Configuration,
    value: hasValues ? values[0] : null,
    values: hasValues ? values : null,
    curves: new Map(curves),
    startedAt: isWaiting ? null : new Date(startedAtMs),
    finishedAt: isWaiting ? null : new Date(startedAtMs + 1500),
    durationMs: isWaiting ? null : 1500,
    error: state === "failed" ? "no luck" : null,
    origin: "other program",
    reason: null,
    forecast: null,
    attributes: note === null ? {} : { note },
  };
});

const study = fc.array(trial, { minLength: 1, maxLength: 5 }).map((
  trials,
): StudyView => ({
  name: 'a "study", 常数',
  objectives: [minimize("loss"), maximize("accuracy")],
  space: searched,
  trials: trials.map((one, number) => ({ ...one, number })),
}));

/** What a form keeps of every trial. */
function kept(trials: readonly TrialRecord[], isOptuna: boolean) {
  return trials.map((
    { forecast: _, reason: __, error, attributes, ...rest },
  ) => ({
    ...rest,
    // A failed trial's error is not Optuna's to keep; and JSON knows no -0.
    ...isOptuna ? {} : { error },
    attributes: JSON.parse(JSON.stringify(attributes)),
    values: rest.values?.map((value) => value + 0) ?? null,
    value: rest.value === null ? null : rest.value + 0,
    curves: [...rest.curves.values()].sort((a, b) => a.name < b.name ? -1 : 1)
      .map((one) => ({ ...one, values: one.values.map((value) => value + 0) })),
    params: { ...rest.params },
  }));
}

/** Writes a study, reads it again, and gives what was read. */
function there(view: StudyView, file: string) {
  return withTemporaryFolder(async (folder) => {
    await exportStudy(view, join(folder, file));
    const [read] = await importStudies(join(folder, file));
    return read!;
  });
}

describe("exportStudy(), read again", () => {
  for (
    const [file, isOptuna] of [
      ["a.jsonl", false],
      ["a.log", true],
      ["a.db", false],
    ] as const
  ) {
    it(`${file} gives the same study, numbers that JSON lacks included`, async () => {
      await fc.assert(
        fc.asyncProperty(study, async (view) => {
          const read = await there(view, file);
          expect(read.name).toBe(view.name);
          expect(read.objectives).toEqual(view.objectives);
          expect(JSON.stringify(read.space)).toBe(JSON.stringify(searched));
          expect(kept(read.trials, isOptuna)).toEqual(
            kept(view.trials, isOptuna),
          );
        }),
        { numRuns: file.endsWith(".db") ? 5 : 25 },
      );
    });
  }

  it("a table in CSV gives the trials again; formulas are no formulas in it", async () => {
    const [view] = fc.sample(
      study.filter(({ trials }) => trials.some(({ value }) => value !== null)),
      { numRuns: 1, seed: 3 },
    );
    const params = {
      ...searched.decode(new Array(7).fill(0.3)) as Configuration,
      kind: "=SUM(A1)",
    };
    const trials = view!.trials.map((one) => ({ ...one, params }));
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.csv");
      await exportStudy({ ...view!, trials }, path);
      const text = await readFile(path, "utf8");
      expect(text).toContain(",'=SUM(A1),");
      expect(text).not.toMatch(/(^|,)=/m);
      const [read] = await importStudies(path, {
        objectives: view!.objectives,
      });
      expect(read!.trials[0]!.params.kind).toBe("=SUM(A1)");
      expect(read!.trials.map(({ values }) => values)).toEqual(
        view!.trials.map(({ values }) => values),
      );
      await expect(exportStudy(view!, path)).rejects.toThrow("there already");
      await exportStudy(view!, path, { overwrite: true });
    });
  });

  it("a W&B sweep gives the space again, but for what it cannot say", async () => {
    const [view] = fc.sample(study, 1);
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.yaml");
      const { notes } = await exportStudy(
        { ...view!, objectives: [maximize("accuracy")] },
        path,
      );
      expect(notes[0]).toContain("no conditions");
      const [read] = await importStudies(path);
      expect(read!.objectives).toEqual([maximize("accuracy")]);
      expect(String(read!.space)).toBe(
        [
          "rate: float in [0.00001, 1], log",
          "half: float in [0, 1], step 0.5",
          "units: int in [16, 64], step 16",
          'kind: choice of "adam", "=SUM(A1)", null, 2, true',
          'size: choice of "small", "large"',
          "flag: choice of false, true",
          "momentum: float in [0, 0.9]",
        ].join("\n"),
      );
    });
  });

  it("W&B's own schema finds nothing wrong with a sweep of every kind", async () => {
    const every = space({
      rate: float(1e-5, 1, { log: true }),
      half: float(0, 1, { step: 0.5 }),
      shifted: float(0.1, 0.9, { step: 0.2 }),
      plain: float(-1, 1),
      fixed: float(2, 2),
      whole: int(1, 9),
      odd: int(1, 9, { step: 2 }),
      units: int(1, 512, { log: true }),
      kind: choice(["adam", null, 2.5, true]),
      only: choice([null]),
      size: ordinal([1, 2, 4]),
      flag: boolean(),
      momentum: float(0, 0.9).when({ flag: true }),
    }) as unknown as Space;
    const { python, variables } = await preparePythonEnvironment();
    await withTemporaryFolder(async (folder) => {
      for (
        const objectives of [
          [minimize("validation/loss")],
          [minimize("loss"), maximize("accuracy")],
        ]
      ) {
        const path = join(folder, `${objectives.length}.yaml`);
        await exportStudy(
          { name: "every", objectives, space: every, trials: [] },
          path,
        );
        const here = (name: string) => new URL(name, import.meta.url).pathname;
        const { stdout, stderr } = await new Deno.Command(python, {
          args: [
            here("./sweep_side.py"),
            here("./golden/wandb_sweep_schema.json"),
            path,
          ],
          env: { ...variables },
        }).output();
        const said = new TextDecoder().decode(stdout);
        if (said === "") throw new Error(new TextDecoder().decode(stderr));
        expect(JSON.parse(said)).toEqual([]);
        const [read] = await importStudies(path);
        // Its grid does not go through 0, as W&B's would.
        expect(String(read!.space)).toContain("odd: choice of 1, 3, 5, 7, 9");
      }
    });
  });

  it("an Arrow file has the table's columns", async () => {
    const [view] = fc.sample(study, { numRuns: 1, seed: 1 });
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.arrow");
      await exportStudy(view!, path);
      const table = tableFromIPC(await readFile(path));
      expect(table.numRows).toBe(view!.trials.length);
      expect([...table.getChild("params_units")!]).toEqual(
        view!.trials.map(({ params }) => params.units),
      );
      expect([...table.getChild("loss")!]).toEqual(
        view!.trials.map(({ value }) => value),
      );
      const { objectives, space } = view!;
      const [read] = await importStudies(path, { objectives, space });
      expect(read!.trials.map(({ values }) => values)).toEqual(
        view!.trials.map(({ values }) => values),
      );
    });
  });

  it("a study that is streamed gives what one that is held gives, in every form", async () => {
    const [view] = fc.sample(study, { numRuns: 1, seed: 3 });
    await withTemporaryFolder(async (folder) => {
      const from = join(folder, "a.jsonl");
      await exportStudy(view!, from);
      const [stream] = await streamStudies(from);
      for (const ending of ["csv", "jsonl", "log", "arrow"]) {
        const [held, streamed] = ["held", "streamed"].map((name) =>
          join(folder, `${name}.${ending}`)
        );
        await exportStudy(view!, held!);
        await exportStudy(stream!, streamed!);
        expect(await readFile(streamed!)).toEqual(await readFile(held!));
      }
    });
  });

  it("takes a study as it is, and says what endings there are", async () => {
    const made = await createStudy({
      name: "made",
      space: space({ x: float(0, 1) }),
      storage: "memory",
    });
    await made.optimize((trial) => trial.params.x, {
      trials: 2,
      progress: false,
    });
    await withTemporaryFolder(async (folder) => {
      await exportStudy(made, join(folder, "made.jsonl"));
      const [read] = await importStudies(join(folder, "made.jsonl"));
      expect(read!.trials.map(({ params }) => params)).toEqual(
        made.trials.map(({ params }) => params),
      );
      await expect(exportStudy(made, join(folder, "made.xls"))).rejects.toThrow(
        ".csv",
      );
    });
  });
});

describe("an exported journal", () => {
  it("is read and gone on with by Python's Optuna", async () => {
    const { python, variables } = await preparePythonEnvironment();
    const [view] = fc.sample(study, { numRuns: 1, seed: 7 });
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.log");
      await exportStudy(view!, path);
      const { success, stdout, stderr } = await new Deno.Command(python, {
        args: [
          new URL("./journal_side.py", import.meta.url).pathname,
          path,
        ],
        env: { ...variables },
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      const [seen] = JSON.parse(new TextDecoder().decode(stdout));
      expect(seen.name).toBe(view!.name);
      expect(seen.metric_names).toEqual(["loss", "accuracy"]);
      expect(seen.directions).toEqual(["MINIMIZE", "MAXIMIZE"]);
      seen.trials.forEach(
        (one: Record<string, unknown>, i: number) => {
          const { state, params, values } = view!.trials[i]!;
          expect(one.state).toBe(
            state === "failed" ? "FAIL" : state.toUpperCase(),
          );
          expect(state === "waiting" ? one.fixed : one.params).toEqual({
            ...params,
          });
          expect(
            (one.values as string[] | null)?.map((text) =>
              Number(text.replace("inf", "Infinity"))
            ) ?? null,
          ).toEqual(values);
        },
      );
      // It took a waiting trial, or made a new one.
      const [again] = await importStudies(path);
      const complete = (trials: readonly TrialRecord[]) =>
        trials.filter(({ state }) => state === "complete").length;
      expect(complete(again!.trials)).toBe(complete(view!.trials) + 1);
    });
  });
});

describe("repairJournal()", () => {
  const lines = [
    '{"op_code":0,"worker_id":"w","study_name":"s","directions":[1]}',
    '{"op_code":4,"worker_id":"w","study_id":0,"datetime_start":null}',
    '{"op_code":6,"worker_id":"w","trial_id":0,"state":3,"values":null}',
  ];

  it("leaves a whole journal alone", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.log");
      await writeFile(path, `${lines.join("\n")}\n`);
      expect(await repairJournal(path)).toEqual({
        tornLines: 0,
        keptAside: null,
      });
      expect(await readFile(path, "utf8")).toBe(`${lines.join("\n")}\n`);
    });
  });

  it("moves a torn tail, and what was glued before a line, aside", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.log");
      await writeFile(
        path,
        [lines[0], `{"op_code":4,"wor${lines[1]}`, "", lines[2], '{"op_c']
          .join("\n"),
      );
      const { tornLines, keptAside } = await repairJournal(path);
      expect(tornLines).toBe(3);
      expect(await readFile(path, "utf8")).toBe(`${lines.join("\n")}\n`);
      expect(await readFile(keptAside!, "utf8")).toBe(
        '{"op_code":4,"wor\n\n{"op_c\n',
      );
    });
  });

  it("ends a last line that is whole, and waits for no lock", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.log");
      await writeFile(path, lines.join("\n"));
      await symlink("a.log", `${path}.lock`);
      await expect(repairJournal(path)).rejects.toThrow("lock");
      await Deno.remove(`${path}.lock`);
      await repairJournal(path);
      expect(await readFile(path, "utf8")).toBe(`${lines.join("\n")}\n`);
      await expect(repairJournal(join(folder, "no.log"))).rejects.toThrow();
    });
  });
});
