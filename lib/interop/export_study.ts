import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { StudyView } from "../records/mod.ts";
import { JournalStorage, SQLiteStorage } from "../storage/mod.ts";
import { sweepText } from "./_export_sweep.ts";
import { arrowParts, csvLines, type WrittenStudy } from "./_export_table.ts";
import { exists } from "./_files.ts";
import { studyLine, trialLine } from "./_json_lines.ts";
import { storeStudy } from "./_store_study.ts";
import type { StudyStream } from "./imported_study.ts";

/** The forms that a study is written in. */
export type ExportFormat =
  | "arrow"
  | "csv"
  | "json lines"
  | "optuna journal"
  | "optuna sqlite"
  | "wandb sweep";

/** Options of {@linkcode exportStudy}. */
export interface ExportOptions {
  /** The form. Defaults to what the path's ending says. */
  readonly format?: ExportFormat;
  /** Whether a file that is there already may be replaced; a study is added to an SQLite file in any case. Defaults to `false`. */
  readonly overwrite?: boolean;
}

/** What was written. */
export interface ExportSummary {
  /** The file. */
  readonly path: string;
  /** The form. */
  readonly format: ExportFormat;
  /** What the form cannot hold and was left out, a sentence each. */
  readonly notes: readonly string[];
}

const endings: Readonly<Record<string, ExportFormat>> = {
  arrow: "arrow",
  feather: "arrow",
  csv: "csv",
  jsonl: "json lines",
  ndjson: "json lines",
  log: "optuna journal",
  journal: "optuna journal",
  db: "optuna sqlite",
  sqlite: "optuna sqlite",
  sqlite3: "optuna sqlite",
  yaml: "wandb sweep",
  yml: "wandb sweep",
};

/** A study that can be written: one of `createStudy`, an imported one, or any view. */
export type ExportableStudy = StudyView & {
  /** What is attached to it. Defaults to nothing. */
  readonly attributes?: Readonly<Record<string, unknown>>;
};

/**
 * Writes a study for another tool, in the form that the path's ending says:
 *
 * - `.db`, `.sqlite`: a copy in Optuna's SQLite schema, added to the file if it is there;
 * - `.log`, `.journal`: Optuna's journal;
 * - `.csv`: a row a trial, columns as in Optuna's `trials_dataframe()`. Texts
 *   that a spreadsheet would run as a formula have a `'` before them;
 * - `.jsonl`: everything, the study and then a trial a line;
 * - `.arrow`, `.feather`: the table of the CSV as Arrow's IPC file;
 * - `.yaml`: the space and the objective as a W&B sweep, without trials.
 *
 * The file appears when it is whole, and not before. Trials are written one after
 * the other: of a study of {@linkcode streamStudies} they are never all held.
 *
 * @throws {RangeError} If the form is not known, or the file is there already.
 *
 * @example
 * ```ts ignore
 * import { exportStudy } from "@etude/etude/interop";
 * await exportStudy(study, "trials.csv");
 * await exportStudy(study, "for-optuna.log");
 * ```
 */
export async function exportStudy<C>(
  study:
    | StudyView<C> & {
      readonly attributes?: Readonly<Record<string, unknown>>;
    }
    | StudyStream,
  path: string,
  options: ExportOptions = {},
): Promise<ExportSummary> {
  const plain = written(study as unknown as ExportableStudy | StudyStream);
  const format = options.format ?? formatOf(path);
  if (format === "optuna sqlite") {
    const storage = new SQLiteStorage(path);
    try {
      await storeStudy({ ...plain, trials: plain.trials() }, storage);
    } finally {
      await storage.close();
    }
    return summary(path, format);
  }
  if (!(options.overwrite ?? false) && await exists(path)) {
    throw new RangeError(
      `Cannot export the study to ${
        JSON.stringify(path)
      }: the file is there already; choose another, or say overwrite: true`,
    );
  }
  if (format === "optuna journal") {
    await writeJournal(plain, path);
    return summary(path, format);
  }
  const { parts, notes } = await partsOf(plain, format);
  await writeWhole(path, parts);
  return summary(path, format, notes);
}

/** What is written, without what a study is besides. */
function written(study: ExportableStudy | StudyStream): WrittenStudy {
  const { name, objectives, constraints = [], space, attributes = {}, trials } =
    study;
  return {
    name,
    objectives,
    ...constraints.length === 0 ? {} : { constraints },
    space,
    attributes,
    trials: typeof trials === "function"
      ? () => (study as StudyStream).trials()
      : () => trials,
  };
}

function summary(
  path: string,
  format: ExportFormat,
  notes: readonly string[] = [],
): ExportSummary {
  return Object.freeze({ path, format, notes: Object.freeze([...notes]) });
}

function formatOf(path: string): ExportFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  if (format !== undefined) return format;
  throw new RangeError(
    `Cannot export the study to ${JSON.stringify(path)}: the ending is ${
      JSON.stringify(ending)
    }, expected one of ${
      Object.keys(endings).map((one) => `.${one}`).join(", ")
    }, or say format:`,
  );
}

type Parts =
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

async function partsOf(
  study: WrittenStudy,
  format: ExportFormat,
): Promise<{ readonly parts: Parts; readonly notes: readonly string[] }> {
  switch (format) {
    case "arrow":
      return { parts: arrowParts(study), notes: ["A table has no curves."] };
    case "csv":
      return { parts: csvLines(study), notes: ["A table has no curves."] };
    case "json lines":
      return { parts: exactLines(study), notes: [] };
    case "wandb sweep": {
      const { text, notes } = await sweepText(study);
      return { parts: [text], notes };
    }
    default:
      throw new RangeError(
        `Cannot export the study: the format is ${
          JSON.stringify(format)
        }, expected one of ${
          [...new Set(Object.values(endings))].map((one) => JSON.stringify(one))
            .join(", ")
        }`,
      );
  }
}

async function* exactLines(study: WrittenStudy): AsyncGenerator<string> {
  yield `${studyLine(study)}\n`;
  for await (const trial of study.trials()) yield `${trialLine(trial)}\n`;
}

/** Text is written in pieces of about this length. */
const pieceLength = 1 << 18;

/** Writes a journal beside its place and moves it there. */
async function writeJournal(
  study: WrittenStudy,
  path: string,
): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  const storage = new JournalStorage(beside, { survives: "power" });
  try {
    await storeStudy({ ...study, trials: study.trials() }, storage);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await storage.close();
  }
}

/** Writes a file beside its place and moves it there. */
async function writeWhole(path: string, parts: Parts): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  const file = await open(beside, "wx");
  try {
    let text = "";
    for await (const part of parts) {
      if (typeof part !== "string") await file.writeFile(part);
      else if ((text += part).length > pieceLength) {
        await file.writeFile(text);
        text = "";
      }
    }
    if (text !== "") await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(beside, { force: true });
    throw error;
  }
}
