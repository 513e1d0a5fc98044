import { setTimeout } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";
import type postgres from "postgres";
import {
  etudePostgresSchema,
  optunaPostgresSchema,
} from "./_postgres_schema.ts";
import {
  etudeSchemaVersion,
  headRevision,
  olderRevisions,
  readableRevisions,
} from "./_sqlite_schema.ts";
import { studyGone } from "./_record.ts";
import { plainValues } from "./_plain_text.ts";
import { StorageError, type StorageTrouble } from "./errors.ts";

/** A row of a result. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs a statement; those not awaited in between go to the server together, in their order. */
export type Query = (
  sql: string,
  ...values: readonly (string | number | null)[]
) => Promise<readonly Row[]>;

/** What a transaction is told. */
export interface Attempt {
  /** Whether an earlier attempt may have been committed without our hearing of it. */
  readonly isAgain: boolean;
}

/** Options of {@linkcode PostgresDatabase}. */
export interface PostgresOptions {
  /** How long a lost connection is tried anew, in milliseconds. */
  readonly patienceMs: number;
  /** How long one attempt may take, in milliseconds: then the connection counts as lost. */
  readonly attemptMs: number;
  /** How many connections at most. */
  readonly connections: number;
}

/** How the server is spoken to; each connects when it is first needed. */
interface Clients {
  /** Several connections, whichever is free. */
  readonly pool: postgres.Sql;
  /** One connection, over which statements go in their order. */
  readonly line: postgres.Sql;
}

/** What keeps two clients from making the tables at once: "etude" in ASCII. */
const schemaLock = 0x6574756465;

/**
 * A database on a server: connects when it is asked first, tries anew where the
 * connection is lost, and gives the server's errors in words.
 */
export class PostgresDatabase {
  /** The address without its password. */
  readonly name: string;
  readonly #url: string;
  readonly #options: PostgresOptions;
  #clients: Promise<Clients> | null = null;
  #isClosed = false;
  #isChecked = false;

  constructor(url: string, options: PostgresOptions) {
    this.#url = url;
    this.#options = options;
    this.name = `PostgreSQL database ${shown(url)}`;
  }

  /**
   * Runs work that changes the database, all of it or nothing. Again, where the
   * connection was lost.
   *
   * @param options `isLight`: whether a crash of the server may undo its last
   * moments, which spares a wait for its disk. Defaults to `false`.
   */
  transaction<T>(
    work: (query: Query, attempt: Attempt) => Promise<T>,
    { isLight = false }: { readonly isLight?: boolean } = {},
  ): Promise<T> {
    return this.#persist(
      "write to",
      ({ pool }, attempt) =>
        pool.begin((sql) =>
          withinTransaction(sql, (query) => {
            if (isLight) {
              query("SET LOCAL synchronous_commit = off").catch(() => {});
            }
            return work(query, attempt);
          })
        ) as Promise<T>,
    );
  }

  /** Runs work that only looks, seeing one state of the database throughout. */
  snapshot<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#persist(
      "read",
      ({ pool }) =>
        pool.begin(
          "isolation level repeatable read read only",
          (sql) => withinTransaction(sql, work),
        ) as Promise<T>,
    );
  }

  /** Runs single statements, each a transaction of its own. */
  statements<T>(
    work: (query: Query, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    return this.#persist(
      "write to",
      ({ pool }, attempt) => work(queryOf(pool), attempt),
    );
  }

  /**
   * Runs statements that go over one connection in their order, together where they
   * are not awaited in between: each a transaction of its own, but for those that
   * {@linkcode together} joins.
   */
  line<T>(
    work: (query: Query, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    return this.#persist(
      "write to",
      ({ line }, attempt) => work(queryOf(line), attempt),
    );
  }

  /** Lets go of the connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#clients !== null) await this.#drop(this.#clients, 5);
  }

  async #persist<T>(
    action: string,
    work: (clients: Clients, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const begun = performance.now();
    for (let tries = 0;; tries++) {
      if (this.#isClosed) {
        throw new StorageError(
          "cannot open",
          `Cannot ${action} the ${this.name}: it was closed; open the study again with createStudy`,
        );
      }
      const clients = this.#clients ??= this.#open();
      try {
        return await this.#within(async () =>
          await work(await this.#checked(clients), { isAgain: tries > 0 })
        );
      } catch (error) {
        // A row whose owner is not there.
        if (
          error instanceof Error && "code" in error && error.code === "23503"
        ) {
          throw studyGone(`the ${this.name}`, error);
        }
        const trouble = troubleOf(error);
        if (trouble === null) throw error;
        const spent = performance.now() - begun;
        if (trouble.isLost) await this.#drop(clients, 0);
        if (
          !(trouble.isLost || trouble.isBusy) ||
          spent > this.#options.patienceMs
        ) throw this.#inWords(action, error, trouble, spent);
        await delay(Math.min(2000, 50 * 2 ** Math.min(tries, 6)));
      }
    }
  }

  /** A connection that says nothing for so long is lost. */
  #within<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      // The client itself gives up connecting.
      const { attemptMs } = this.#options;
      const timer = setTimeout(
        () => reject(new NoAnswer(attemptMs)),
        attemptMs + 1000 * connectSeconds(attemptMs),
      );
      work().then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async #checked(opened: Promise<Clients>): Promise<Clients> {
    const clients = await opened;
    if (!this.#isChecked) {
      await this.#prepare(clients.pool);
      this.#isChecked = true;
    }
    return clients;
  }

  async #open(): Promise<Clients> {
    // Read when it is first needed: who keeps studies in files never loads it.
    const { default: connect } = await import("postgres");
    const limit = this.#options.attemptMs;
    const options = {
      max: this.#options.connections,
      idle_timeout: 20,
      connect_timeout: connectSeconds(limit),
      backoff: () => 0.05,
      fetch_types: false,
      onnotice: () => {},
      connection: {
        application_name: "etude",
        // A client that is cut off must not hold what others wait for.
        idle_in_transaction_session_timeout: limit,
        statement_timeout: limit,
      },
    };
    return {
      pool: connect(this.#url, options),
      // It may not be exchanged for another between the statements of a transaction.
      line: connect(this.#url, { ...options, max: 1, max_lifetime: null }),
    };
  }

  /** Gives up connections; the next call opens others, unless one has already. */
  async #drop(clients: Promise<Clients>, timeout: number): Promise<void> {
    if (this.#clients === clients) this.#clients = null;
    try {
      const { pool, line } = await clients;
      await Promise.allSettled([pool.end({ timeout }), line.end({ timeout })]);
    } catch {
      // It could not even be loaded.
    }
  }

  async #prepare(client: postgres.Sql): Promise<void> {
    const tables = new Set(
      (await client`
        SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))
      `).map(({ tablename }) => String(tablename)),
    );
    if (tables.has("alembic_version")) {
      const [row] = await client`SELECT version_num FROM alembic_version`;
      this.#checkRevision(row?.version_num);
    }
    if (tables.has("etude_version")) {
      const [row] = await client`
        SELECT MAX(schema_version) AS version FROM etude_version
      `;
      if (Number(row?.version) > etudeSchemaVersion) {
        throw new StorageError(
          "wrong schema",
          `Cannot open the ${this.name}: a newer Étude made it (its tables have version ${row?.version}, this one knows ${etudeSchemaVersion}); update Étude`,
        );
      }
      return;
    }
    if (tables.has("studies") && !tables.has("trials")) {
      throw new StorageError(
        "foreign database",
        `Cannot keep studies in the ${this.name}: it has another program's table "studies"; make a database of its own with: createdb etude`,
      );
    }
    await client.begin(async (sql) => {
      await sql.unsafe(`SELECT pg_advisory_xact_lock(${schemaLock})`);
      await sql.unsafe(optunaPostgresSchema).simple();
      await sql.unsafe(etudePostgresSchema).simple();
      await sql`INSERT INTO version_info VALUES (1, 12, 'etude') ON CONFLICT DO NOTHING`;
      await sql`INSERT INTO alembic_version SELECT ${headRevision} WHERE NOT EXISTS (SELECT 1 FROM alembic_version)`;
      await sql`INSERT INTO etude_version SELECT ${etudeSchemaVersion}::int WHERE NOT EXISTS (SELECT 1 FROM etude_version)`;
    });
  }

  #checkRevision(revision: unknown): void {
    if (
      typeof revision !== "string" || readableRevisions.includes(revision)
    ) return;
    throw new StorageError(
      "wrong schema",
      olderRevisions.includes(revision)
        ? `Cannot open the ${this.name}: an older Optuna made it (schema ${revision}), expected ${headRevision}; bring it up to date with: optuna storage upgrade --storage ${
          shown(this.#url).replace(/^"|"$/g, "").replace(
            /^postgres(ql)?:/,
            "postgresql:",
          )
        }`
        : `Cannot open the ${this.name}: its schema is ${revision}, and this version of Étude knows ${
          readableRevisions.join(" and ")
        }; update Étude`,
    );
  }

  #inWords(
    action: string,
    error: unknown,
    { trouble, mend }: Trouble,
    spentMs: number,
  ): StorageError {
    const reason = error instanceof Error && error.message !== ""
      ? error.message
      : String((error as { code?: unknown })?.code ?? error);
    const tried = spentMs < 1000
      ? ""
      : ` (tried for ${Math.round(spentMs / 1000)} s)`;
    return new StorageError(
      trouble,
      `Cannot ${action} the ${this.name}: ${mend}${tried} (it says: ${reason})`,
      { cause: error },
    );
  }
}

/** How long connecting may take. */
const connectSeconds = (attemptMs: number) =>
  Math.max(2, Math.round(attemptMs / 1000));

/** Statements over a client or within its transaction; they leave at once, so in their order. */
function queryOf(sql: postgres.Sql | postgres.TransactionSql): Query {
  return (text, ...values) =>
    sql.unsafe(text, plainValues(values), { prepare: true })
      .execute() as unknown as Promise<readonly Row[]>;
}

/**
 * A transaction that leaves together with its begin and its end: one way there and
 * back. Where a statement fails, the server undoes all of it.
 *
 * @param query Of {@linkcode PostgresDatabase.line}.
 * @param send Sends the statements, all before it awaits any.
 */
export async function together<T>(
  query: Query,
  send: () => Promise<T>,
): Promise<T> {
  const [, result] = await Promise.all([
    query("BEGIN"),
    send(),
    query("COMMIT"),
  ]);
  return result;
}

/**
 * Work within a transaction. Where its connection is gone nothing more is sent, not
 * even the rollback that the client would send if the work failed: it would write to
 * a socket that is no more, in a callback whose error nobody can catch and which
 * leaves Deno's queue of immediates broken. So the work never settles then; the
 * client itself fails a transaction whose connection has closed.
 */
async function withinTransaction<T>(
  sql: postgres.TransactionSql,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const send = queryOf(sql);
  const never = new Promise<never>(() => {});
  let isGone = false;
  try {
    return await work((text, ...values) => {
      if (isGone) return never;
      const rows = send(text, ...values);
      rows.catch((error) => isGone ||= closesConnection(error));
      return rows;
    });
  } catch (error) {
    if (!isGone) throw error;
    return await never;
  }
}

/** Whether an error says that the connection is gone; after our own limit for a statement it is not. */
function closesConnection(error: unknown): boolean {
  return troubleOf(error)?.isLost === true &&
    (error as { code?: unknown }).code !== "57014";
}

/** An address for messages: without its password. */
function shown(url: string): string {
  try {
    const { username, host, pathname } = new URL(url);
    return JSON.stringify(
      `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}`,
    );
  } catch {
    return '"postgres://…"';
  }
}

class NoAnswer extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`);
  }
}

interface Trouble {
  readonly trouble: StorageTrouble;
  readonly mend: string;
  /** Whether the connection is gone, and another may do. */
  readonly isLost: boolean;
  /** Whether it may go well the next time, over the same connection. */
  readonly isBusy: boolean;
}

const lost = {
  trouble: "unreachable",
  mend:
    "the server cannot be reached; does it run, is its address right, does the network let it through? What was stored before is whole",
  isLost: true,
  isBusy: false,
} as const;

const hopeless = (trouble: StorageTrouble, mend: string): Trouble => ({
  trouble,
  mend,
  isLost: false,
  isBusy: false,
});

/** PostgreSQL's codes (appendix A of its manual), the client's, and the system's. */
function troubleOf(error: unknown): Trouble | null {
  if (error instanceof NoAnswer) return lost;
  if (!(error instanceof Error)) return null;
  const { code } = error as { code?: unknown };
  if (typeof code !== "string") return null;
  if (code === "28P01" || code === "28000") {
    return hopeless(
      "no access",
      "the server knows no such user with that password; mend the address: postgres://user:password@host/database",
    );
  }
  if (code === "3D000") {
    return hopeless(
      "cannot open",
      "the server has no such database; make it with: createdb NAME",
    );
  }
  if (code === "42501" || code === "25006") {
    return hopeless(
      "read-only",
      "this user may not change it; ask for the right: GRANT ALL ON DATABASE …",
    );
  }
  if (code === "53100") {
    return hopeless("full", "its disk is full; free some space and go on");
  }
  // Our own limit for a statement: the server is there, and busy.
  if (code === "57014") {
    return {
      trouble: "locked",
      mend:
        "the server is there but did not come to it in time; another session keeps what it needs locked (SELECT pid, query FROM pg_stat_activity), or it has too much to do. What was stored before is whole",
      isLost: true,
      isBusy: false,
    };
  }
  // 57P01 to 57P03: shut down, crashed, starting; 25P03: our own limit after a cut.
  if (
    /^(08...|57P0[1-5]|25P03|53300)$/.test(code) ||
    /^(CONNECT|CONNECTION_|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ENOENT$)/
      .test(code)
  ) return lost;
  // Serialization, deadlock, lock not available.
  if (/^(40001|40P01|55P03)$/.test(code)) {
    return {
      trouble: "locked",
      mend: "others work on the same rows all the time",
      isLost: false,
      isBusy: true,
    };
  }
  return null;
}
