import { closeSync, openSync, readSync } from "node:fs";
import { isJournal } from "./_journal_lines.ts";
import { JournalStorage } from "./journal_storage.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { PostgresStorage } from "./postgres_storage.ts";
import { SQLiteStorage } from "./sqlite_storage.ts";
import type { StudyStorage } from "./storage.ts";

/**
 * The storage that a word stands for: `"memory"`, the path of an SQLite file or
 * of one of Optuna's journals, or the address of a PostgreSQL database. A storage
 * is given back as it is. What a file holds says what it is; a new one whose name
 * ends in `.log` or `.journal` becomes a journal.
 *
 * @throws {StorageError} If the file cannot be used.
 * @throws {TypeError} If it is neither a text nor a storage.
 *
 * @example
 * ```ts
 * import { openStorage } from "@etude/etude";
 * openStorage("memory").description; // "memory"
 * ```
 */
export function openStorage(storage: string | StudyStorage): StudyStorage {
  if (
    typeof storage === "object" && storage !== null &&
    typeof storage.claimTrial === "function"
  ) return storage;
  if (typeof storage !== "string" || storage === "") {
    throw new TypeError(
      `Cannot open the storage: found ${
        JSON.stringify(storage) ?? String(storage)
      }, expected "memory", the path of an SQLite file such as "studies.db" or of a journal such as "studies.log", "postgres://user:password@host/database", or a storage`,
    );
  }
  if (storage === "memory") return new MemoryStorage();
  if (/^postgres(ql)?(\+\w+)?:\/\//i.test(storage)) {
    // Python's SQLAlchemy names its driver too: postgresql+psycopg2://…
    return new PostgresStorage(
      storage.replace(/^postgres(ql)?(\+\w+)?:/i, "postgres:"),
    );
  }
  const path = storage.replace(/^sqlite:\/\/\//, "");
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
    throw new RangeError(
      `Cannot open the storage ${
        JSON.stringify(storage)
      }: this version knows "memory", SQLite files such as "studies.db", journals such as "studies.log", and "postgres://user:password@host/database"`,
    );
  }
  return openStudyFile(path);
}

/** Options of {@linkcode openStudyFile}. */
export interface StudyFileOptions {
  /** Whether to open the file for looking only. Defaults to `false`. */
  readonly readOnly?: boolean;
  /** How long to wait for another process, in milliseconds. Defaults to what the kind of file has. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens a file of studies: an SQLite file, or one of Optuna's journals. What it
 * holds says which; a new one whose name ends in `.log` or `.journal` becomes a
 * journal.
 *
 * @throws {StorageError} If the file cannot be used.
 *
 * @example
 * ```ts ignore
 * import { openStudyFile } from "@etude/etude";
 * await openStudyFile("journal.log", { readOnly: true }).listStudies();
 * ```
 */
export function openStudyFile(
  path: string,
  options: StudyFileOptions = {},
): SQLiteStorage | JournalStorage {
  return isJournalPath(path)
    ? new JournalStorage(path, options)
    : new SQLiteStorage(path, options);
}

/** Whether a file is a journal, or is to become one. */
function isJournalPath(path: string): boolean {
  const head = headOf(path);
  return isJournal(head) ||
    (/\.(log|journal)$/i.test(path) && !head.startsWith("SQLite format 3\0"));
}

function headOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = new Uint8Array(4096);
      const count = readSync(file, bytes, 0, bytes.length, 0);
      return new TextDecoder().decode(bytes.subarray(0, count));
    } finally {
      closeSync(file);
    }
  } catch {
    // The storage says in words what is wrong.
    return "";
  }
}
