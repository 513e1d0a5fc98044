/**
 * Which tool a file or folder is of.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { readFileBytes } from "../storage/mod.ts";
import { isArrow, openArrow } from "./_arrow.ts";
import { axSummaryOf, isAx, isAxSummary, readAx } from "./_ax.ts";
import type { StudyDraft } from "./_draft.ts";
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
import { readSQLite } from "./_sqlite.ts";
import { isSyneTune, readSyneTune, syneTuneOf } from "./_syne_tune.ts";
import { columnNames, openTable, readTable } from "./_table.ts";
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
import { readWandbFolder, readWandbRun, wandbRuns } from "./_wandb_folder.ts";

/** What can be read, in words. */
export const allowed: string =
  "a file or folder of Optuna (SQLite, journal), Hyperopt or scikit-optimize (JSON), W&B (sweep in YAML, runs as JSON, CSV or folders), SMAC3, Syne Tune, Ray Tune, Ax, Vizier, Keras Tuner or TensorBoard, or a table in CSV or Arrow";

/** The studies in a file or folder, whichever tool made it. */
export async function readDrafts(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  return await isFolder(path)
    ? await readFolder(path, options)
    : await readOneFile(path, options);
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
  // W&B may keep event files beside a run.
  if (wandbRuns(files).length > 0) {
    return await readWandbFolder(path, files, options);
  }
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
  if (isArrow(head)) return plainTableOf(await openArrow(path), options);
  if (head.startsWith("PK\x03\x04")) return await readSyneTune(path, options);
  if (head.startsWith(":W&B")) return await readWandbRun(path, options);
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
  const names = new Set(await columnNames(path));
  if (names.size < 2) {
    throw unreadable(path, "its first line names no columns", allowed);
  }
  if (isSyneTune(names)) {
    return await syneTuneOf(await readTable(path), options);
  }
  if (isAxSummary(names)) return axSummaryOf(await readTable(path), options);
  if (isRunsTable(names)) return runsTableOf(await readTable(path), options);
  return plainTableOf(await openTable(path), options);
}
