import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  DatabaseSync,
  type SQLInputValue,
  type StatementSync,
} from "node:sqlite";
import { studyGone } from "./_record.ts";
import { plainValues } from "./_plain_text.ts";
import {
  etudeSchema,
  etudeSchemaVersion,
  headRevision,
  olderRevisions,
  optunaSchema,
  readableRevisions,
  tablesIn,
  triggersIn,
} from "./_sqlite_schema.ts";
import { StorageError } from "./errors.ts";

/** All tables that are read or written. */
const ownTables: ReadonlySet<string> = new Set(
  [optunaSchema, etudeSchema].flatMap(tablesIn),
);
/** What our triggers do, by name. */
const ownTriggers = triggersIn(etudeSchema);

/** What Deno's types do not tell yet of a statement. */
interface ArrayStatement extends StatementSync {
  setReturnArrays(on: boolean): void;
}

/** A row of a result. */
export type Row = Record<string, unknown>;

/**
 * An open database file: statements kept prepared, transactions, and SQLite's
 * errors in words.
 */
export class SQLiteDatabase {
  /** The file, or `":memory:"`. */
  readonly path: string;
  /** Whether the file can be looked at but not changed. */
  readonly readOnly: boolean;
  /** Whether the file has Étude's own tables; a file of Optuna's that cannot be written has none. */
  readonly hasOwnTables: boolean;
  readonly #busyTimeoutMs: number;
  /** Where the file is, and which file it is; null where there is none. */
  #place: { readonly path: string; readonly identity: string } | null = null;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Those whose rows come as arrays. */
  readonly #tuples = new Map<string, ArrayStatement>();
  #open = true;

  /** Opens the file, checks that it is one of ours or Optuna's, and makes the missing tables. */
  constructor(
    path: string,
    options: {
      readonly readOnly: boolean;
      readonly durable: boolean;
      readonly busyTimeoutMs: number;
    },
  ) {
    this.path = path;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    if (options.readOnly && !existsSync(path)) {
      throw new StorageError(
        "cannot open",
        `Cannot open ${this.#name}: there is no such file, and it was to be opened for reading only`,
      );
    }
    this.#database = this.#translate("open", () => {
      const database = new DatabaseSync(path, {
        readOnly: options.readOnly,
        timeout: options.busyTimeoutMs,
      });
      // Deno 2.9 forgets the timeout of a file opened for reading only.
      database.exec(
        `PRAGMA busy_timeout = ${Math.round(options.busyTimeoutMs)}`,
      );
      // What a file's schema calls may be no function that reaches outside of it.
      database.exec("PRAGMA trusted_schema = OFF");
      database.prepare("SELECT COUNT(*) FROM sqlite_master").get();
      return database;
    });
    try {
      this.#checkSchema();
      this.#checkPlain(options.readOnly);
      this.readOnly = options.readOnly ||
        !this.#prepareForWriting(options.durable);
      this.hasOwnTables = this.#tables().has("etude_version");
      this.#place = placeOf(path);
    } catch (error) {
      this.#database.close();
      throw this.#damaged(this.#inWords("open", error));
    }
  }

  get #name(): string {
    return `the SQLite file ${JSON.stringify(this.path)}`;
  }

  #tables(): Set<string> {
    const rows = this.#database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table'",
    ).all();
    return new Set(rows.map(({ name }) => String(name)));
  }

  #checkSchema(): void {
    const tables = this.#tables();
    if (tables.size === 0) return;
    if (!tables.has("studies") || !tables.has("trials")) {
      throw new StorageError(
        "foreign database",
        `Cannot keep studies in ${this.#name}: it is another program's database (tables ${
          [...tables].slice(0, 5).join(", ")
        }), expected a new file or a study file of Étude or Optuna; choose another path`,
      );
    }
    const revision = tables.has("alembic_version")
      ? this.#database.prepare(
        "SELECT version_num AS revision FROM alembic_version",
      ).get()?.revision
      : undefined;
    if (typeof revision === "string" && !readableRevisions.includes(revision)) {
      throw new StorageError(
        "wrong schema",
        olderRevisions.includes(revision)
          ? `Cannot open ${this.#name}: an older Optuna made it (schema ${revision}), expected ${headRevision}; bring it up to date with: optuna storage upgrade --storage sqlite:///${this.path}`
          : `Cannot open ${this.#name}: its schema is ${revision}, and this version of Étude knows ${
            readableRevisions.join(" and ")
          }; update Étude`,
      );
    }
    const own = tables.has("etude_version")
      ? this.#database.prepare(
        "SELECT MAX(schema_version) AS version FROM etude_version",
      ).get()?.version
      : undefined;
    if (typeof own === "number" && own > etudeSchemaVersion) {
      throw new StorageError(
        "wrong schema",
        `Cannot open ${this.#name}: a newer Étude made it (its tables have version ${own}, this one knows ${etudeSchemaVersion}); update Étude`,
      );
    }
  }

  /**
   * Refuses a file in which reading or writing a table would run what its maker
   * wrote: a view in a table's place may have rows without end.
   */
  #checkPlain(readOnly: boolean): void {
    const refuse = (found: string, mend: string): never => {
      throw new StorageError(
        "wrong schema",
        `Cannot open ${this.#name}: ${found}, expected the plain tables that Étude and Optuna make; ${mend}`,
      );
    };
    for (
      const { name, type } of this.#database.prepare(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main'",
      ).all()
    ) {
      if (!ownTables.has(String(name)) || type === "table") continue;
      refuse(
        `${String(name)} is a ${String(type)}${
          type === "view" ? "" : " table"
        }`,
        "nothing was read; ask for a file as it was made, or export the studies",
      );
    }
    const generated = this.#database.prepare(
      "SELECT t.name AS tableName, c.name AS columnName FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND c.hidden > 1",
    ).all().find(({ tableName }) => ownTables.has(String(tableName)));
    if (generated !== undefined) {
      refuse(
        `the column ${String(generated.columnName)} of ${
          String(generated.tableName)
        } is computed`,
        "nothing was read; ask for a file as it was made",
      );
    }
    if (readOnly) return;
    const foreign = this.#database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    ).all().map(({ name }) => String(name))
      .find((name) => !ownTriggers.has(name));
    if (foreign !== undefined) {
      refuse(
        `it has the trigger ${JSON.stringify(foreign)}`,
        `look at it, and take it away with: DROP TRIGGER "${
          foreign.replaceAll('"', '""')
        }"; importStudies and openLibrary, which only read, take the file as it is`,
      );
    }
  }

  /** Whether the file can be written; makes what is missing if so. */
  #prepareForWriting(durable: boolean): boolean {
    try {
      // Another process that has the file open may keep the mode from changing; the old one works too.
      try {
        this.#database.exec("PRAGMA journal_mode = WAL");
      } catch (error) {
        if (troubleOf(error) !== "locked") throw error;
      }
      this.#database.exec(
        `PRAGMA synchronous = ${durable ? "FULL" : "NORMAL"}`,
      );
      if (this.#isComplete()) return true;
      this.transaction(() => {
        for (const name of ownTriggers.keys()) {
          this.#database.exec(`DROP TRIGGER IF EXISTS ${name}`);
        }
        this.#database.exec(optunaSchema);
        this.#database.exec(etudeSchema);
        this.run("INSERT OR IGNORE INTO version_info VALUES (1, 12, 'etude')");
        if (this.get("SELECT 1 FROM alembic_version") === undefined) {
          this.run("INSERT INTO alembic_version VALUES (?)", headRevision);
        }
        if (this.get("SELECT 1 FROM etude_version") === undefined) {
          this.run("INSERT INTO etude_version VALUES (?)", etudeSchemaVersion);
        }
      });
      return true;
    } catch (error) {
      const trouble = error instanceof StorageError
        ? error.trouble
        : troubleOf(error);
      if (trouble === "read-only" && this.#tables().has("studies")) {
        return false;
      }
      throw error instanceof StorageError
        ? error
        : this.#inWords("open", error);
    }
  }

  #isComplete(): boolean {
    if (!this.#tables().has("etude_version")) return false;
    const found = new Map(
      this.#database.prepare(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
      ).all().map(({ name, sql }) => [
        String(name),
        String(sql).replace(/^CREATE TRIGGER \S+/i, "").trim()
          .replace(/\s+/g, " "),
      ]),
    );
    // Under our names, too, stands only what we wrote.
    return [...ownTriggers].every(([name, text]) => found.get(name) === text);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Runs a statement and gives how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...plainValues(values)).changes);
  }

  /** Inserts a row and gives its id. */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(
      this.#statement(sql).run(...plainValues(values)).lastInsertRowid,
    );
  }

  /** The first row, or undefined. */
  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...plainValues(values)) as Row | undefined;
  }

  /** All rows. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...plainValues(values)) as Row[];
  }

  /** All rows as their values in order: a fifth of the time and memory of {@linkcode all}, for many rows. */
  tuples(sql: string, ...values: SQLInputValue[]): unknown[][] {
    let statement = this.#tuples.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql) as ArrayStatement;
      statement.setReturnArrays(true);
      this.#tuples.set(sql, statement);
    }
    return statement.all(...values) as unknown as unknown[][];
  }

  /** Runs work that changes the file, all of it or nothing. */
  transaction<T>(work: () => T): T {
    return this.#translate("write to", () => {
      this.#refuseIfGone();
      this.run("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.run("COMMIT");
        return result;
      } catch (error) {
        try {
          this.run("ROLLBACK");
        } catch {
          // A full disk has rolled back already.
        }
        throw error;
      }
    });
  }

  /** What is written to a file that was deleted is lost without a word, and SQLite does not look. */
  #refuseIfGone(): void {
    if (this.#place === null) return;
    if (identityOf(this.#place.path) === this.#place.identity) return;
    throw new StorageError(
      "gone",
      `Cannot write to ${this.#name}: it was deleted, moved or replaced while it was open, and what is written now would be lost; put it back and go on, or keep what this process knows with exportStudy(study, "rescued.db") of "@etude/etude/interop"`,
    );
  }

  /** Runs work that only looks, seeing one state of the file throughout. */
  snapshot<T>(work: () => T): T {
    return this.#translate("read", () => {
      this.run("BEGIN");
      try {
        return work();
      } catch (error) {
        throw this.#damaged(error);
      } finally {
        this.run("COMMIT");
      }
    });
  }

  /** What reading ran into, if it was what stands in the file; else the error as it is. */
  #damaged(error: unknown): unknown {
    const reason = error instanceof Error ? error.message : String(error);
    const isOurs = /^Cannot (?!read propert|convert|destructure)/.test(reason);
    if (isOurs || error instanceof StorageError) return error;
    if (troubleOf(error) !== null) return error;
    return new StorageError(
      "damaged",
      `Cannot read ${this.#name}: a row in it is not as Étude or Optuna write it (${reason}); nothing was changed. Open a copy of before, or export what can be read`,
      { cause: error },
    );
  }

  #translate<T>(action: string, work: () => T): T {
    if (!this.#open) {
      throw new StorageError(
        "cannot open",
        `Cannot ${action} ${this.#name}: it was closed; open the study again with createStudy`,
      );
    }
    try {
      return work();
    } catch (error) {
      // A row whose owner is not there.
      throw error instanceof Error && /FOREIGN KEY/.test(error.message)
        ? studyGone(this.#name, error)
        : this.#inWords(action, error);
    }
  }

  #inWords(action: string, error: unknown): unknown {
    const trouble = troubleOf(error);
    if (trouble === null) return error;
    const mend: Record<typeof trouble, string> = {
      "not a database":
        "it is not an SQLite database; choose another path, nothing was changed",
      "damaged":
        "it is damaged, or breaks off as a file that is still being copied does; copy it again, or take what is left of it with: sqlite3 FILE .recover",
      "read-only":
        "it cannot be written; mend its permissions, or copy it elsewhere",
      "full":
        "the disk is full; free some space and go on, what was stored before is whole",
      "locked":
        `another process has kept it locked for ${this.#busyTimeoutMs} ms; close that process`,
      "cannot open":
        "the file cannot be opened or made; does its folder exist, and may it be written?",
      "input/output":
        "the disk could not be read or written; what was stored before is whole",
    };
    const reason = error instanceof Error ? error.message : String(error);
    return new StorageError(
      trouble,
      `Cannot ${action} ${this.#name}: ${
        mend[trouble]
      } (SQLite says: ${reason})`,
      { cause: error },
    );
  }

  /** Closes the file. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#statements.clear();
    this.#tuples.clear();
    this.#database.close();
  }
}

/** What tells a file from another that takes its place; null if there is none. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

function placeOf(
  name: string,
): { readonly path: string; readonly identity: string } | null {
  // Of now: the working folder may change.
  const path = resolve(name);
  const identity = name === ":memory:" ? null : identityOf(path);
  return identity === null ? null : { path, identity };
}

type SQLiteTrouble = Exclude<
  StorageError["trouble"],
  | "foreign database"
  | "gone"
  | "wrong schema"
  | "unreachable"
  | "no access"
>;

const messages: readonly (readonly [RegExp, SQLiteTrouble])[] = [
  [/not a database|unsupported file format/, "not a database"],
  [/malformed/, "damaged"],
  [/readonly|read-only/, "read-only"],
  [/disk is full/, "full"],
  [/locked|busy/, "locked"],
  [/unable to open/, "cannot open"],
  [/disk I\/O/, "input/output"],
];

function troubleOf(error: unknown): SQLiteTrouble | null {
  if (
    !(error instanceof Error) ||
    (error as { code?: string }).code !== "ERR_SQLITE_ERROR"
  ) return null;
  return messages.find(([pattern]) => pattern.test(error.message))?.[1] ?? null;
}
