import { basename, dirname, join } from "node:path";
import type { Objective } from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import {
  openStorage,
  readFileBytes,
  SQLiteStorage,
  StorageError,
  type StudyStorage,
} from "../storage/mod.ts";
import { axSummaryOf, isAx, isAxSummary, readAx } from "./_ax.ts";
import { importedStudy, type StudyDraft } from "./_draft.ts";
import {
  exists,
  filesUnder,
  isFolder,
  readJSON,
  unreadable,
} from "./_files.ts";
import { isHyperopt, readHyperopt } from "./_hyperopt.ts";
import { isJSONLines, readJSONLines } from "./_json_lines.ts";
import { readKerasTuner } from "./_keras_tuner.ts";
import { isJournal, readJournal } from "./_optuna_journal.ts";
import { plainTableOf } from "./_plain_table.ts";
import { rayTrials, readRay } from "./_ray.ts";
import type { ReadingOptions } from "./_reading.ts";
import { isSkopt, readSkopt } from "./_skopt.ts";
import { isSmac, readSmac } from "./_smac.ts";
import { storeStudy } from "./_store_study.ts";
import { isSyneTune, readSyneTune, syneTuneOf } from "./_syne_tune.ts";
import { readTable } from "./_table.ts";
import { isEventFile, readTensorBoard } from "./_tensorboard.ts";
import { objectOf } from "./_values.ts";
import { isVizier, readVizier } from "./_vizier.ts";
import {
  isRuns,
  isRunsTable,
  readRuns,
  readSweep,
  runsTableOf,
} from "./_wandb.ts";
import type { ImportedStudy } from "./imported_study.ts";

/** Options of {@linkcode importStudies}. */
export interface ImportOptions {
  /** Where to store the studies as well: a storage, or what `createStudy` takes. Defaults to nowhere. */
  readonly into?: string | StudyStorage;
  /** The study's name, where there is one study. Defaults to what the file says, else to the file's name. */
  readonly name?: string;
  /** What was optimized, by the name of a column, metric or tag, where the file does not say it. */
  readonly objective?: Objective;
  /** Several objectives, in place of `objective`. */
  readonly objectives?: readonly Objective[];
  /** Which columns of a plain table are parameters. Defaults to all that are neither an objective nor say something of the trial. */
  readonly params?: readonly string[];
  /** What was searched, where it is known better than the file or its trials say. */
  readonly space?: Space;
}

const known = [
  "into",
  "name",
  "objective",
  "objectives",
  "params",
  "space",
];

const allowed =
  "a file or folder of Optuna (SQLite, journal), Hyperopt or scikit-optimize (JSON), W&B (sweep in YAML, runs), SMAC3, Syne Tune, Ray Tune, Ax, Vizier, Keras Tuner or TensorBoard, or a table in CSV";

/**
 * Reads the studies in another tool's file or folder, whichever tool it is:
 *
 * - Optuna: an SQLite file or a journal;
 * - Hyperopt and scikit-optimize: JSON, by the snippets of docs/migration.md;
 * - Weights & Biases: a sweep's YAML (a space without trials), runs as JSON or CSV;
 * - SMAC3: the folder of a run, or its `runhistory.json`;
 * - Syne Tune: a folder with `results.csv.zip` and `metadata.json`;
 * - Ray Tune: the folder of an experiment;
 * - Ax: the client's JSON snapshot, or `client.summarize()` as CSV;
 * - Vizier: `{ study, trials }` in proto3-JSON;
 * - Keras Tuner: the project's folder, with `oracle.json`;
 * - TensorBoard: a folder of runs, or an event file;
 * - a table in CSV with a row a trial; and what {@linkcode exportStudy} writes.
 *
 * What is given back are plain views: charts, `report` and `diagnoseStudy` take
 * them. Stored (`into`), they can be gone on with, and opened as a library.
 * A trial that was running elsewhere is stored as failed.
 *
 * @param path The file or folder. It is never changed.
 * @throws {SyntaxError} If the file is none that is known, breaks off, or does not say what was optimized.
 * @throws {StorageError} If it cannot be opened.
 * @throws {RangeError} If no study in it has a parameter, or one of its name is stored already.
 *
 * @example
 * ```ts ignore
 * import { importStudies } from "@etude/etude/interop";
 * const [study] = await importStudies("ray_results/my_experiment", { into: "studies.db" });
 * study.trials.length;
 * ```
 */
export async function importStudies(
  path: string,
  options: ImportOptions = {},
): Promise<readonly ImportedStudy[]> {
  checkOptions(path, options);
  const { objective, objectives, name, params, space, into } = options;
  const reading: ReadingOptions = {
    objectives: objectives ?? (objective === undefined ? null : [objective]),
    name: name ?? null,
    params: params ?? null,
  };
  const given = space as unknown as Space | undefined;
  let drafts: readonly StudyDraft[];
  let studies: readonly ImportedStudy[];
  try {
    drafts = await isFolder(path)
      ? await readFolder(path, reading)
      : await readOneFile(path, reading);
    studies = drafts.flatMap((draft) => {
      const named = name === undefined ? draft : { ...draft, name };
      return importedStudy(named, given) ?? [];
    });
  } catch (error) {
    throw inWords(path, error);
  }
  if (studies.length === 0) {
    throw new RangeError(
      `Cannot import ${JSON.stringify(path)}: ${
        drafts.length === 0
          ? "it has no study"
          : `no trial of ${
            drafts.map((draft) => JSON.stringify(draft.name)).join(", ")
          } has a parameter`
      }, expected at least one study with one`,
    );
  }
  if (name !== undefined && studies.length > 1) {
    throw new RangeError(
      `Cannot import ${JSON.stringify(path)} under the name ${
        JSON.stringify(name)
      }: it has ${studies.length} studies; leave the name out`,
    );
  }
  if (into !== undefined) {
    const storage = openStorage(into);
    try {
      for (const study of studies) await storeStudy(study, storage);
    } finally {
      if (typeof into === "string") await storage.close();
    }
  }
  return Object.freeze(studies);
}

/** What went wrong, where the file led a reader astray: it holds other things than its tool writes. */
function inWords(path: string, error: unknown): unknown {
  const { message } = error as Error;
  if (error instanceof StorageError || isOurs(message)) return error;
  return new SyntaxError(
    `Cannot read ${
      JSON.stringify(path)
    }: it is damaged, or not as its tool writes it (${message})`,
    { cause: error },
  );
}

/** The engine's own words begin so, too. */
function isOurs(message: string): boolean {
  return /^Cannot /.test(message) &&
    !/^Cannot (access|assign|convert|create property|delete|destructure|mix|read propert|redefine|set propert|use 'in')/
      .test(message);
}

async function readFolder(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const has = (name: string) => exists(join(path, name));
  if (await has("oracle.json")) return await readKerasTuner(path, options);
  const history = join(path, "runhistory.json");
  if (await exists(history)) {
    return await readSmac(history, smacOf(history, await readJSON(history)));
  }
  for (const name of ["results.csv.zip", "results.csv"]) {
    if (await has(name)) return await readSyneTune(join(path, name), options);
  }
  const files = await filesUnder(path);
  // Ray's trials have event files as well.
  if (rayTrials(files).length > 0) return await readRay(path, options);
  const events = files.filter(isEventFile);
  if (events.length > 0) return await readTensorBoard(path, events, options);
  const inner = files.find((file) =>
    ["oracle.json", "runhistory.json", "results.csv.zip"].includes(
      basename(file),
    )
  );
  if (inner !== undefined) {
    return await readFolder(join(path, dirname(inner)), options);
  }
  throw unreadable(
    path,
    files.length === 0
      ? "the folder is empty"
      : `the folder has ${files.slice(0, 5).join(", ")}${
        files.length > 5 ? " and more" : ""
      }`,
    allowed,
  );
}

function smacOf(path: string, json: unknown): unknown {
  if (isSmac(json)) return json;
  throw unreadable(path, "it is no run history", "data and configs");
}

async function readOneFile(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const bytes = await readFileBytes(path, 4096);
  if (bytes.length === 0) {
    throw unreadable(path, "the file is empty", allowed);
  }
  const head = new TextDecoder().decode(bytes);
  if (head.startsWith("SQLite format 3\0")) return await readSQLite(path);
  if (head.startsWith("PK\x03\x04")) return await readSyneTune(path, options);
  if (isEventFile(path) || head.includes("brain.Event:")) {
    return await readTensorBoard(dirname(path), [basename(path)], options);
  }
  // Tabs and line ends are the only control characters in a text.
  if (bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32))) {
    throw unreadable(
      path,
      bytes[0] === 0x80
        ? "it is a pickle of Python's, which runs code when it is opened"
        : "it is neither text nor a file that is known",
      `${allowed}; docs/migration.md says how to get JSON out of Python`,
    );
  }
  if (isJournal(head)) return await readJournal(path);
  if (isJSONLines(head)) return await readJSONLines(path);
  if (/^\s*[{[]/.test(head)) return await readJSONFile(path, options);
  if (
    /\.ya?ml$/i.test(path) || /^(parameters|method|program)\s*:/m.test(head)
  ) {
    return await readSweep(path);
  }
  return await readTableFile(path, options);
}

async function readJSONFile(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const json = await readJSON(path);
  if (isSmac(json)) return await readSmac(path, json);
  if (isHyperopt(json)) return readHyperopt(path, json);
  if (isSkopt(json)) return readSkopt(path, json);
  if (isAx(json)) return readAx(path, json, options);
  if (isVizier(json)) return readVizier(path, json);
  if (isRuns(json)) return readRuns(path, json, options);
  if (basename(path) === "oracle.json") {
    return await readKerasTuner(dirname(path), options);
  }
  const names = Object.keys(objectOf(json) ?? {}).slice(0, 8);
  throw unreadable(
    path,
    names.length === 0
      ? "its JSON is a list of other things"
      : `its JSON has ${names.join(", ")}`,
    allowed,
  );
}

async function readTableFile(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const table = await readTable(path);
  if (isSyneTune(table)) return await syneTuneOf(table, options);
  if (isAxSummary(table)) return axSummaryOf(table, options);
  if (isRunsTable(table)) return runsTableOf(table, options);
  if (table.columns.size < 2) {
    throw unreadable(path, "its first line names no columns", allowed);
  }
  return plainTableOf(table, options);
}

/** The studies of an SQLite file of Optuna's or ours, opened for reading alone. */
async function readSQLite(path: string): Promise<StudyDraft[]> {
  const storage = new SQLiteStorage(path, { readOnly: true });
  try {
    const drafts: StudyDraft[] = [];
    for (const study of await storage.listStudies()) {
      if (study.space === null) continue;
      const { name, objectives, constraints, space, attributes } = study;
      drafts.push({
        tool: "SQLite file",
        path,
        name,
        objectives,
        ...constraints === undefined ? {} : { constraints },
        space,
        attributes,
        trials: (await storage.readTrials(study.id)).map((trial) => ({
          ...trial,
          params: trial.params,
          curves: new Map(
            [...trial.curves].map(([name, { steps, values }]) => [
              name,
              new Map(steps.map((step, i) => [step, values[i]!])),
            ]),
          ),
          startedAtMs: trial.startedAt?.getTime() ?? null,
          finishedAtMs: trial.finishedAt?.getTime() ?? null,
        })),
      });
    }
    return drafts;
  } finally {
    await storage.close();
  }
}

function checkOptions(path: unknown, options: ImportOptions): void {
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `Cannot import studies: the path is ${
        JSON.stringify(path) ?? String(path)
      }, expected ${allowed}`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `Cannot import studies: there is no option ${
        unknown.map((key) => JSON.stringify(key)).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { objective, objectives, space } = options;
  if (objective !== undefined && objectives !== undefined) {
    throw new TypeError(
      "Cannot import studies: there are both objective and objectives; give one of them",
    );
  }
  for (const one of objectives ?? (objective ? [objective] : [])) {
    if (
      typeof one?.name !== "string" || !/^(min|max)imize$/.test(one.direction)
    ) {
      throw new TypeError(
        `Cannot import studies: an objective is ${
          JSON.stringify(one)
        }, expected minimize("…") or maximize("…")`,
      );
    }
  }
  if (space !== undefined && !(space instanceof Space)) {
    throw new TypeError(
      "Cannot import studies: the space is none made with space({ … })",
    );
  }
}
