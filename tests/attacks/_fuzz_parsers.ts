/**
 * Everything that reads what others wrote, over made-up and damaged input. Of each
 * must hold: it reads, or says in words of its own why not; in a time that is
 * bounded; and what every object inherits stays as it was.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deflateRawSync } from "node:zlib";
import { expect } from "@std/expect";
import fc from "fast-check";
import { builtInCurvePrior } from "../../lib/library/mod.ts";
import {
  isTaskDescription,
  openLibrary,
  SpaceMapping,
  unpackPrior,
  unpackPriorFor,
} from "../../lib/library/mod.ts";
import { readCurvePrior } from "../../lib/curves/mod.ts";
import { CSVReader, csvRow } from "../../lib/interop/_csv.ts";
import { parseExactJSON } from "../../lib/interop/_json_lines.ts";
import { dictionaryOf } from "../../lib/interop/_wandb.ts";
import {
  EventReader,
  exportStudy,
  type ImportOptions,
  importStudies,
  repairJournal,
} from "../../lib/interop/mod.ts";
import {
  constraintsKey,
  constraintsOf,
  gradientAttribute,
  gradientOf,
  guessDirection,
  interruptionsAttribute,
  interruptionsOf,
  minimize,
  noteOf,
  preferredAttribute,
  preferredTo,
  priorWeightKey,
  trainingFactsKey,
  trainingFactsOf,
  verdictAttribute,
  verdictOf,
  warmStartKey,
  warmStartOf,
} from "../../lib/records/mod.ts";
import {
  guessRole,
  type Space,
  Space as SpaceClass,
} from "../../lib/space/mod.ts";
import {
  externalValue,
  spaceOfDistributions,
} from "../../lib/storage/_optuna.ts";
import { operationIn } from "../../lib/storage/_journal_lines.ts";
import { workerName } from "../../lib/storage/_worker.ts";
import {
  openStorage,
  parsePythonJSON,
  SQLiteStorage,
  StorageError,
} from "../../lib/storage/mod.ts";
import { readDraft, readRequest } from "../../lib/tuner/read_request.ts";
import { fill, namesIn } from "../../lib/workers/_placeholders.ts";
import { csvFeed } from "../../lib/workers/_csv_feed.ts";
import { jsonLines, matching } from "../../lib/workers/mod.ts";
import { networkSpace } from "../support/spaces.ts";
import { studyOver } from "../support/chart_views.ts";
import { trialOf } from "../support/views.ts";
import {
  anyJSON,
  anyText,
  type FuzzTarget,
  fuzzTarget,
  prototypeWatch,
} from "./_fuzz.ts";
import {
  byteMutations,
  jsonMutations,
  jsonText,
  mutatedBytes,
  mutatedJSON,
  spliced,
  splices,
} from "./_mutations.ts";

/** What reading may take at most; machines are slow at times. */
const mostMs = 10_000;
const engine =
  /^Cannot (access|assign|convert|create property|delete|destructure|mix|read propert|redefine|set propert|use 'in')/;

/** Fails unless it is an error that says in our words what is wrong. */
export function expectTeaches(error: unknown): void {
  if (
    (error instanceof StorageError || error instanceof SyntaxError ||
      error instanceof RangeError || error instanceof TypeError) &&
    /^Cannot /.test(error.message) && !engine.test(error.message)
  ) return;
  throw error;
}

const polluted = prototypeWatch();

/** Runs a reader: it gives something back, or an error that teaches. */
async function reads<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  const start = performance.now();
  let result: T | undefined;
  try {
    result = await work();
  } catch (error) {
    expectTeaches(error);
  }
  expect(polluted()).toEqual([]);
  expect(performance.now() - start).toBeLessThan(mostMs);
  return result;
}

let folders = 0;

/** A folder for a target, emptied before each case. */
function workFolder(): string {
  return join(tmpdir(), `etude-fuzz-${Deno.pid}-${folders++}`);
}

/** Puts files into a folder of their own for a while. */
async function withFiles<T>(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true });
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What an imported study promises, whatever its file held. */
function expectStudies(
  studies: Awaited<ReturnType<typeof importStudies>> | undefined,
): void {
  for (const { space, objectives, trials } of studies ?? []) {
    expect(objectives.length).toBeGreaterThan(0);
    for (const trial of trials) {
      const { state, values, params, curves, startedAt, attributes } = trial;
      expect(["waiting", "running", "complete", "pruned", "failed"]).toContain(
        state,
      );
      if (state === "complete") {
        expect(values).toHaveLength(objectives.length);
        expect(values!.every((value) => typeof value === "number")).toBe(true);
      }
      for (const [name, value] of Object.entries(params)) {
        expect(space.has(name)).toBe(true);
        expect(["number", "string", "boolean", "object"])
          .toContain(typeof value);
      }
      expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
      expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
      for (const { steps, values } of curves.values()) {
        expect(steps.every(Number.isFinite)).toBe(true);
        expect(values).toHaveLength(steps.length);
      }
      startedAt?.toISOString();
    }
    // It can be written and is itself again.
    JSON.stringify(space);
  }
}

const golden = (name: string) =>
  new URL(`../interop/golden/${name}`, import.meta.url).pathname;
const goldenText = (name: string) => readFileSync(golden(name), "utf8");
const goldenJSON = (name: string) => parsePythonJSON(goldenText(name));

/** A file of a tool, in which JSON is changed. */
function jsonFile(
  tool: string,
  file: string,
  { json, beside = {}, options = {}, folder = false }: {
    readonly json: unknown;
    readonly beside?: Readonly<Record<string, string>>;
    readonly options?: ImportOptions;
    /** Whether the folder is imported. */
    readonly folder?: boolean;
  },
): FuzzTarget {
  const place = workFolder();
  return fuzzTarget(
    `import: ${tool}`,
    100,
    fc.tuple(jsonMutations, splices),
    async ([mutations, cuts]) => {
      const text = spliced(jsonText(mutatedJSON(json, mutations)), cuts);
      await withFiles(place, { ...beside, [file]: text }, async (at) => {
        expectStudies(
          await reads(() =>
            importStudies(folder ? at : join(at, file), options)
          ),
        );
      });
    },
  );
}

/** A text file of a tool, in which parts are changed. */
function textFile(
  tool: string,
  file: string,
  text: string,
  options: ImportOptions = {},
): FuzzTarget {
  const place = workFolder();
  return fuzzTarget(`import: ${tool}`, 100, splices, async (cuts) => {
    await withFiles(place, { [file]: spliced(text, cuts) }, async (at) => {
      expectStudies(
        await reads(() => importStudies(join(at, file), options)),
      );
    });
  });
}

/** A binary file of a tool, in which bytes are changed. */
function binaryFile(
  tool: string,
  file: string,
  bytes: Uint8Array,
  options: ImportOptions = {},
): FuzzTarget {
  const place = workFolder();
  return fuzzTarget(
    `import: ${tool}`,
    100,
    byteMutations,
    async (mutations) => {
      const content = mutatedBytes(bytes, mutations);
      await withFiles(place, { [file]: content }, async (at) => {
        expectStudies(
          await reads(() => importStudies(join(at, file), options)),
        );
      });
    },
  );
}

const keras = (trial: string) => `trial_${trial}/trial.json`;
const sweep = `
name: digits
method: bayes
metric: { name: val/loss, goal: minimize }
parameters:
  epochs: { value: 10 }
  batch: { values: [16, 32] }
  layers: { min: 1, max: 4 }
  lr: { distribution: log_uniform, min: -9, max: -2 }
  decay: { distribution: log_uniform_values, min: 1.0e-6, max: 1.0e-2 }
  model:
    parameters:
      kind: { values: [a, b], probabilities: [0.9, 0.1] }
  noise: { distribution: normal, mu: 1, sigma: 0.5 }
`;
const runs = [
  {
    name: "fast-1",
    state: "finished",
    created_at: "2026-01-01T00:00:00",
    config: { lr: 0.1, model: { kind: "a" }, _wandb: {} },
    summary: { "val/loss": 0.5, _step: 2, _runtime: 10 },
    history: [{ _step: 0, "val/loss": 1 }, { _step: 1, "val/loss": 0.5 }],
  },
  { name: "b", state: "crashed", config: { lr: 0.2 }, summary: {} },
];
const runsTable =
  `,summary,config,name\r\n0,"{'val/loss': 0.5, '_step': 2}","{'lr': 0.1, 'kind': ""it's"", 'flag': True, 'none': None}",fast-1\r\n`;

/** A study of ours as its lines of JSON, made once. */
const ownLines = await (async () => {
  const place = workFolder();
  return await withFiles(place, {}, async (at) => {
    const view = studyOver(networkSpace(), 6, (n) => ({
      value: n,
      curves: { loss: [3, 2, NaN], other: [1] },
      attributes: { "a b": [1, { c: null }] },
    }));
    await exportStudy({ ...view, name: "own" }, join(at, "own.jsonl"));
    return readFileSync(join(at, "own.jsonl"), "utf8");
  });
})();

/** A study file with a bit of everything, made once. */
const studyFile = await (async () => {
  const place = workFolder();
  return await withFiles(place, {}, async (at) => {
    const path = join(at, "studies.db");
    await exportStudy({
      ...studyOver(networkSpace(), 5, (n) => ({
        value: n,
        state: n === 3 ? "failed" : n === 4 ? "waiting" : "complete",
        curves: { value: [3, 2, 1], other: [1, 2] },
        attributes: { note: "n" },
      }), minimize("value")),
      attributes: { "a b": 1 },
    }, path);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.exec("PRAGMA journal_mode = DELETE");
    database.close();
    return new Uint8Array(readFileSync(path));
  });
})();

/** All columns of all tables in it. */
const columns = (() => {
  const place = workFolder();
  mkdirSync(place, { recursive: true });
  const path = join(place, "s.db");
  writeFileSync(path, studyFile);
  const database = new DatabaseSync(path, { readOnly: true });
  const found = database.prepare(
    "SELECT t.name AS tableName, c.name AS columnName FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
  ).all().map((row) => [String(row.tableName), String(row.columnName)]);
  database.close();
  rmSync(place, { recursive: true });
  return found as [string, string][];
})();

async function readWhole(path: string): Promise<void> {
  const storage = new SQLiteStorage(path, { readOnly: true });
  try {
    for (const { id } of await storage.listStudies()) {
      await storage.readTrials(id);
    }
    for (const { space } of await storage.summarizeStudies()) space();
  } finally {
    await storage.close();
  }
}

function rowsTarget(): FuzzTarget {
  const place = workFolder();
  const cell = fc.oneof(
    anyText,
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 12 }),
    anyJSON.map((value) => jsonText(value)),
  );
  return fuzzTarget(
    "study files: wrong values in rows",
    100,
    fc.array(
      fc.record({ column: fc.nat(), value: cell, every: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    ),
    async (changes) => {
      await withFiles(place, { "s.db": studyFile }, async (at) => {
        const path = join(at, "s.db");
        const database = new DatabaseSync(path);
        for (const { column, value, every } of changes) {
          const [table, name] = columns[column % columns.length]!;
          try {
            database.prepare(
              `UPDATE "${table}" SET "${name}" = ?${
                every ? "" : " WHERE rowid = 1"
              }`,
            ).run(value as string);
          } catch {
            // A key that is taken, a table without row ids.
          }
        }
        database.close();
        await reads(() => readWhole(path));
        await reads(() => importStudies(path));
      });
    },
  );
}

function pagesTarget(): FuzzTarget {
  const place = workFolder();
  return fuzzTarget(
    "study files: damaged pages",
    100,
    byteMutations,
    async (mutations) => {
      const content = mutatedBytes(studyFile, mutations);
      await withFiles(place, { "s.db": content }, async (at) => {
        await reads(() => readWhole(join(at, "s.db")));
      });
    },
  );
}

/** Texts of a parser. */
function ofTexts(
  name: string,
  texts: readonly string[],
  read: (text: string) => unknown,
  casesInTests = 1000,
): FuzzTarget {
  return fuzzTarget(
    name,
    casesInTests,
    fc.tuple(fc.constantFrom(...texts), splices),
    async ([text, cuts]) => {
      await reads(() => read(spliced(text, cuts)));
    },
  );
}

/** JSON of a parser. */
function ofJSON(
  name: string,
  examples: readonly unknown[],
  read: (json: unknown) => unknown,
  casesInTests = 1000,
): FuzzTarget {
  return fuzzTarget(
    name,
    casesInTests,
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom(...examples), jsonMutations).map((
          [example, mutations],
        ) => mutatedJSON(example, mutations)),
      },
      { weight: 1, arbitrary: anyJSON },
    ),
    async (json) => {
      await reads(() => read(json));
    },
  );
}

const plainSpace = JSON.parse(JSON.stringify(networkSpace()));
const ruledSpace = JSON.parse(
  JSON.stringify(
    (networkSpace() as unknown as Space).forbid({ optimizer: "sgd" } as never),
  ),
);
const curvePriorJSON = JSON.parse(
  JSON.stringify(await builtInCurvePrior().then((one) => one?.toJSON() ?? {})),
);
const packedPrior = {
  version: 1,
  space: JSON.stringify(networkSpace()),
  sources: [{ name: "a", source: "b", trials: 3, similarity: 0.5 }],
  nodes: 2,
  numbers: deflateRawSync(new Uint8Array(80)).toString("base64"),
  lengthscales: [1, 1, 1],
  coherence: null,
  likeness: null,
  level: null,
};
const messages: readonly unknown[] = [
  { type: "look", id: 1, params: { rate: 0.1 } },
  { type: "run", id: 1, candidate: { params: { a: 1 }, chosenBy: "manual" } },
  { type: "suggest", id: 2, count: 3, fixed: {}, ranges: { a: [0, 1] } },
  { type: "queue", id: 3, candidates: [{ params: {}, chosenBy: "sampler" }] },
  { type: "auto", id: 4, trials: 5, fixed: { a: null }, ranges: {} },
  { type: "stop", id: 5, scope: "run" },
  { type: "note", id: 6, number: 1, text: "x" },
  { type: "judge", id: 7, number: 1, verdict: "failed", reason: "r" },
  { type: "curves", id: 8, numbers: [1, 2] },
  {
    type: "draft",
    draft: { params: { a: 1 }, pinned: ["a"], ranges: {}, compared: [1] },
  },
];

function eventsTarget(): FuzzTarget {
  const examples = [
    golden("simple.tfevents"),
    golden("tensors.tfevents"),
    golden("hparams/run0/events.out.tfevents.0"),
  ].map((path) => new Uint8Array(readFileSync(path)));
  return fuzzTarget(
    "event files, in pieces",
    1000,
    fc.tuple(
      fc.constantFrom(...examples),
      byteMutations,
      fc.integer({ min: 1, max: 400 }),
    ),
    async ([bytes, mutations, piece]) => {
      const content = mutatedBytes(bytes, mutations);
      await reads(() => {
        const reader = new EventReader();
        for (let at = 0; at < content.length; at += piece) {
          for (const event of reader.read(content.subarray(at, at + piece))) {
            expect(typeof event.value).toBe("number");
          }
        }
      });
    },
  );
}

function csvTarget(): FuzzTarget {
  return fuzzTarget(
    "CSV cells there and back",
    1000,
    fc.array(fc.array(anyText, { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    }),
    (rows) => {
      for (const row of rows) {
        const reader = new CSVReader(",");
        let back: string[] | null = null;
        const lines = csvRow(row).slice(0, -2).split("\n");
        for (const line of lines) back = reader.read(line);
        // A row of nothing but spaces is an empty line.
        if (back === null) {
          expect(row.join("").trim()).toBe("");
          continue;
        }
        expect(back).toEqual(row);
        // Nothing that a spreadsheet would run.
        for (const cell of csvRow(row).slice(0, -2).split(/,(?=[^"]*$)/)) {
          expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
        }
      }
    },
  );
}

function feedTarget(): FuzzTarget {
  const place = workFolder();
  return fuzzTarget(
    "metrics: a CSV file that grows",
    100,
    splices,
    async (cuts) => {
      const text = spliced('epoch,loss\n1,0.5\n2,"0,4"\n3,nan\n', cuts);
      await withFiles(place, {}, async (at) => {
        await reads(async () => {
          const path = join(at, "log.csv");
          const feed = await csvFeed(path);
          writeFileSync(path, text.slice(0, text.length / 2));
          await feed.read(false);
          writeFileSync(path, text);
          for (const { step, values } of await feed.read(true)) {
            expect(step === null || step >= 0).toBe(true);
            expect(
              Object.values(values).every((one) => typeof one === "number"),
            ).toBe(true);
          }
        });
      });
    },
  );
}

function journalRepairTarget(): FuzzTarget {
  const place = workFolder();
  const text = goldenText("optuna_journal.log");
  return fuzzTarget(
    "repairJournal",
    50,
    splices,
    async (cuts) => {
      await withFiles(
        place,
        { "j.log": spliced(text, cuts) },
        async (at) => {
          const path = join(at, "j.log");
          const repaired = await reads(() => repairJournal(path));
          if (repaired === undefined) return;
          // Once is enough, if anything was whole.
          if (readFileSync(path).length === 0) return;
          expect((await repairJournal(path)).tornLines).toBe(0);
        },
      );
    },
  );
}

function marksTarget(): FuzzTarget {
  const keys = [
    constraintsKey,
    gradientAttribute,
    interruptionsAttribute,
    preferredAttribute,
    priorWeightKey,
    trainingFactsKey,
    verdictAttribute,
    warmStartKey,
  ];
  return ofJSON(
    "attributes that say something",
    keys.map((key) => ({
      [key]: {
        sources: [{ name: "a" }],
        skipped: [{ source: "s", reason: "r." }],
        remarks: ["x"],
        starts: [{ params: {} }],
        voices: [{ name: "a", share: 1 }],
        weight: 1,
        verdict: "discarded",
        baseline: 1,
      },
    })),
    (json) => {
      const attributes =
        (typeof json === "object" && json !== null ? json : {}) as Record<
          string,
          unknown
        >;
      const trial = trialOf(0, {}, { attributes });
      gradientOf(trial);
      verdictOf(trial);
      noteOf(trial);
      interruptionsOf(trial);
      expect(Array.isArray(preferredTo(trial))).toBe(true);
      constraintsOf(attributes);
      trainingFactsOf(attributes);
      warmStartOf({ attributes, trials: [trial] });
    },
  );
}

/** All parsers, as things to fuzz. */
export const parserTargets: readonly FuzzTarget[] = [
  jsonFile("Ax snapshot", "ax.json", { json: goldenJSON("ax_snapshot.json") }),
  textFile("Ax summary", "ax.csv", goldenText("ax_summary.csv")),
  jsonFile("Hyperopt", "h.json", { json: goldenJSON("hyperopt.json") }),
  jsonFile("scikit-optimize", "s.json", { json: goldenJSON("skopt.json") }),
  jsonFile("Vizier", "v.json", { json: goldenJSON("vizier.json") }),
  jsonFile("SMAC3 run history", "runhistory.json", {
    json: goldenJSON("smac/runhistory.json"),
    beside: {
      "configspace.json": goldenText("smac/configspace.json"),
      "scenario.json": goldenText("smac/scenario.json"),
    },
  }),
  jsonFile("SMAC3 space", "configspace.json", {
    json: goldenJSON("smac/configspace.json"),
    beside: {
      "runhistory.json": goldenText("smac/runhistory.json"),
      "scenario.json": goldenText("smac/scenario.json"),
    },
    folder: true,
  }),
  jsonFile("Keras Tuner oracle", "oracle.json", {
    json: goldenJSON("keras_tuner/oracle.json"),
    beside: { [keras("0")]: goldenText(`keras_tuner/${keras("0")}`) },
    folder: true,
  }),
  jsonFile("Keras Tuner trial", keras("0"), {
    json: goldenJSON(`keras_tuner/${keras("0")}`),
    beside: { "oracle.json": goldenText("keras_tuner/oracle.json") },
    folder: true,
  }),
  jsonFile("Syne Tune metadata", "metadata.json", {
    json: goldenJSON("syne_tune/metadata.json"),
    beside: {
      "results.csv":
        "trial_id,st_decision,st_status,st_worker_iter,st_tuner_time,config_lr,loss\n0,CONTINUE,completed,0,1.5,0.1,0.5\n0,STOP,stopped,1,2.5,0.1,0.4\n1,CONTINUE,completed,0,3,0.2,0.3\n",
    },
    folder: true,
  }),
  binaryFile(
    "Syne Tune results in a ZIP archive",
    "results.csv.zip",
    new Uint8Array(readFileSync(golden("syne_tune/results.csv.zip"))),
  ),
  jsonFile("Ray Tune parameters", "trial_0/params.json", {
    json: goldenJSON("ray/trial_0/params.json"),
    beside: {
      "trial_0/result.json": goldenText("ray/trial_0/result.json"),
    },
    options: { objective: minimize("loss") },
    folder: true,
  }),
  textFile("table in CSV", "t.csv", goldenText("optuna_table.csv")),
  textFile("W&B runs in CSV", "runs.csv", runsTable),
  jsonFile("W&B runs", "runs.json", { json: runs }),
  textFile("W&B sweep in YAML", "sweep.yaml", sweep),
  textFile("Optuna journal", "j.log", goldenText("optuna_journal.log")),
  textFile("our JSON Lines", "own.jsonl", ownLines),
  binaryFile(
    "TensorBoard event file",
    "events.out.tfevents.0",
    new Uint8Array(readFileSync(golden("simple.tfevents"))),
    { objective: minimize("loss") },
  ),
  ofJSON(
    "journal operations",
    goldenText("optuna_journal.log").trim().split("\n").map((line) =>
      parsePythonJSON(line)
    ),
    (json) => operationIn(Buffer.from(jsonText(json))),
  ),
  journalRepairTarget(),
  rowsTarget(),
  pagesTarget(),
  eventsTarget(),
  csvTarget(),
  ofTexts("JSON of Python", [
    '{"a": NaN, "b": [-Infinity, "NaN\\\\"], "c": {"d": null}}',
    '["\\ud800", 1e999, Infinity]',
    jsonText(runs),
  ], (text) => {
    try {
      parsePythonJSON(text);
    } catch (error) {
      // The engine's own words: whoever calls it says what was read.
      expect(error).toBeInstanceOf(SyntaxError);
    }
  }),
  ofTexts("numbers that JSON lacks", [
    '{"a": {"$number": "NaN"}, "b": [{"$number": "-Infinity"}]}',
  ], (text) => {
    try {
      parseExactJSON(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
    }
  }),
  ofTexts("dictionaries of Python", [
    "{'lr': 0.1, 'kind': \"it's\", 'flag': True, 'none': None, 'x': nan}",
  ], (text) => dictionaryOf("f", text)),
  ofJSON("space in JSON", [plainSpace, ruledSpace], (json) => {
    const read = SpaceClass.fromJSON(json);
    read.sample(() => 0.5);
    expect(
      JSON.stringify(SpaceClass.fromJSON(JSON.parse(JSON.stringify(read)))),
    )
      .toBe(JSON.stringify(read));
  }),
  ofJSON(
    "space mapping in JSON",
    [{
      version: 1,
      source: plainSpace,
      target: ruledSpace,
      corrections: { learningRate: "learningRate", units: null },
    }],
    (json) => String(SpaceMapping.fromJSON(json)),
    200,
  ),
  ofJSON("curve prior in JSON", [curvePriorJSON], (json) => {
    readCurvePrior(json as never);
  }, 20),
  ofJSON("packed prior", [packedPrior], (json) => {
    unpackPrior(json, networkSpace());
    unpackPriorFor(json, networkSpace());
  }),
  ofJSON("task descriptions", [{
    version: 1,
    kind: "classification",
    data: { rows: 10, columns: 3, classes: 2 },
    model: { kind: "mlp" },
    tags: ["a"],
  }], isTaskDescription),
  marksTarget(),
  ofTexts("Optuna distributions", [
    '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.001, "high": 0.1, "log": true}}',
    '{"name": "CategoricalDistribution", "attributes": {"choices": ["a", "b", null]}}',
    '{"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 8}}',
  ], (text) => {
    try {
      JSON.parse(text);
    } catch {
      return;
    }
    externalValue(text, 0);
    spaceOfDistributions([{ name: "x", distribution: text }]);
  }),
  ofJSON("panel's messages", messages, (json) => {
    const read = readRequest(JSON.stringify(json));
    expect(JSON.stringify(read).length).toBeLessThan(100_000);
  }),
  ofJSON("panel's draft", messages, (json) => void readDraft(json)),
  ofTexts("panel's messages as text", [
    ...messages.map((one) => JSON.stringify(one)),
  ], readRequest),
  fuzzTarget(
    "storage addresses",
    1000,
    fc.tuple(
      fc.constantFrom(
        "postgres://u:p@127.0.0.1:1/d?x=y",
        "postgresql+psycopg2://[::1]/d",
        "mysql://a/b",
        "http://a/",
        "redis://localhost:6379/0",
        "sqlite+pysqlite://x",
      ),
      splices,
    ),
    async ([text, cuts]) => {
      const address = spliced(text, cuts);
      // A path without a scheme would make a file.
      if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(address)) return;
      if (/^(sqlite:\/\/\/|file:)/i.test(address)) return;
      await reads(async () => await openStorage(address).close());
    },
  ),
  ofTexts("command templates", [
    "--lr={learningRate}",
    "{{learningRate}} {study} {größe} {",
    '{"a": {units}}',
  ], (text) => {
    namesIn(text);
    fill(
      text,
      new Map<string, string | null>([
        ["learningRate", "{units}$&$1"],
        ["units", null],
        ["study", "../x"],
        ["größe", "\u0000"],
      ]),
    );
  }),
  ofTexts("metrics: JSON lines", [
    '{"epoch": 3, "train loss": 0.41, "validation": {"loss": NaN}}',
    '{"__proto__": 1, "step": 1, "constructor": {"x": 2}}',
  ], (text) => {
    const read = jsonLines().readLine!(text);
    if (read !== null) {
      expect(Object.values(read.values).every((one) => typeof one === "number"))
        .toBe(true);
    }
  }),
  fuzzTarget(
    "metrics: patterns",
    1000,
    fc.tuple(splices, fc.constantFrom("", "g", "i", "u", "y"), anyText),
    async ([cuts, flags, line]) => {
      let pattern: RegExp;
      try {
        pattern = new RegExp(
          spliced("epoch (?<step>\\d+) loss=(?<loss>\\S+)", cuts),
          flags,
        );
      } catch {
        return;
      }
      await reads(() => {
        const source = matching(pattern);
        source.readLine!(line);
        source.readLine!("epoch 3 loss=0.5");
      });
    },
  ),
  feedTarget(),
  ofTexts("names that say a direction or a role", [
    "validation accuracy",
    "learningRate",
    "weight_decay",
  ], (text) => {
    guessDirection(text);
    guessRole(text);
  }),
  ofTexts("workers' marks", [
    '{"pid": 12, "host": "h", "started": 3, "goesOn": true}',
  ], (text) => void workerName(text)),
  (() => {
    const place = workFolder();
    return fuzzTarget(
      "libraries' files",
      30,
      byteMutations,
      async (mutations) => {
        await withFiles(
          place,
          { "l.db": mutatedBytes(studyFile, mutations) },
          async (at) => {
            await reads(async () => {
              const library = await openLibrary([join(at, "l.db")]);
              try {
                for (const study of library.studies()) await study.read();
              } finally {
                await library.close();
              }
            });
          },
        );
      },
    );
  })(),
];
