/**
 * A PostgreSQL server of the tests' own: real, in a folder of its own, on a free
 * port of this machine.
 *
 * @module
 */

import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "./free_port.ts";
import { postgresServer } from "./require.ts";

/** A server that runs. */
export class TestPostgres {
  /** The port on 127.0.0.1. */
  readonly port: number;
  readonly #folder: string;
  readonly #programs: string;
  /** Whether it waits for the disk, as servers do; tests do not. */
  readonly #isDurable: boolean;
  #databases = 0;

  private constructor(
    port: number,
    folder: string,
    programs: string,
    isDurable: boolean,
  ) {
    this.#isDurable = isDurable;
    this.port = port;
    this.#folder = folder;
    this.#programs = programs;
  }

  /** Starts a server. */
  static start(
    { isDurable = false }: { readonly isDurable?: boolean } = {},
  ): TestPostgres {
    const { path, remedy } = postgresServer;
    if (path === null) throw new Error(`Cannot find PostgreSQL. ${remedy}`);
    const programs = dirname(path);
    const folder = mkdtempSync(join(tmpdir(), "etude-postgres-"));
    if (isRoot()) chownSync(folder, ...postgresIds());
    const server = new TestPostgres(
      freePort(),
      folder,
      programs,
      isDurable,
    );
    server.#run("initdb", [
      "-D",
      join(folder, "data"),
      "-U",
      "etude",
      "--auth=trust",
      "--no-sync",
      "-E",
      "UTF8",
    ]);
    // One who needs a password; all others are let in.
    server.#run("sed", [
      "-i",
      "1i host all stranger 127.0.0.1/32 scram-sha-256",
      join(folder, "data", "pg_hba.conf"),
    ]);
    server.startAgain();
    server.ask("postgres", "CREATE ROLE stranger LOGIN PASSWORD 'secret'");
    return server;
  }

  /** The address of a fresh, empty database. */
  freshDatabase(): string {
    const name = `studies${++this.#databases}`;
    this.#run("createdb", [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.port),
      "-U",
      "etude",
      name,
    ]);
    return this.url(name);
  }

  /** The address of a fresh database that lies in a folder, a small disk say, but for its log. */
  freshDatabaseIn(folder: string): string {
    if (isRoot()) chownSync(folder, ...postgresIds());
    // Two statements: neither may stand in a transaction.
    this.ask("postgres", `CREATE TABLESPACE small LOCATION '${folder}'`);
    const name = `studies${++this.#databases}`;
    this.ask("postgres", `CREATE DATABASE ${name} TABLESPACE small`);
    return this.url(name);
  }

  /** Empties a database. */
  empty(database: string): void {
    this.ask(
      database,
      "DO $$ BEGIN IF to_regclass('studies') IS NOT NULL THEN TRUNCATE studies, trials CASCADE; END IF; END $$",
    );
  }

  /** The address of a database, of a user and over a port where they are others. */
  url(
    database: string,
    { user = "etude", port = this.port }: {
      readonly user?: string;
      readonly port?: number;
    } = {},
  ): string {
    return `postgres://${user}@127.0.0.1:${port}/${database}`;
  }

  /** What a statement gives, as text. */
  ask(database: string, sql: string): string {
    return this.#run("psql", [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.port),
      "-U",
      "etude",
      "-At",
      "-c",
      sql,
      database,
    ]).trim();
  }

  /** A session that begins a transaction and keeps it open until it is told to end. */
  begin(database: string, sql: string): { end(): Promise<void> } {
    const [command, ...args] = this.#command("psql", [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.port),
      "-U",
      "etude",
      "-c",
      `BEGIN; ${sql}; SELECT pg_sleep(60)`,
      database,
    ]);
    const child = spawn(command!, args, { stdio: "ignore" });
    const over = new Promise<void>((resolve) => child.on("exit", resolve));
    const sleeping =
      `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}' AND query LIKE 'BEGIN;%' AND wait_event = 'PgSleep'`;
    while (this.ask("postgres", sleeping) === "0");
    return {
      end: async () => {
        this.ask(
          "postgres",
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND query LIKE 'BEGIN;%'`,
        );
        await over;
      },
    };
  }

  /** Starts it after a stop. */
  startAgain(): void {
    this.#control("start", [
      "-l",
      join(this.#folder, "log"),
      "-o",
      `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.#folder} ${
        this.#isDurable ? "" : "-c fsync=off "
      }-c max_connections=100`,
    ]);
  }

  /** Stops it at once, as a crash does. */
  stopNow(): void {
    this.#control("stop", ["-m", "immediate"]);
  }

  /** Ends it for good. */
  close(): void {
    try {
      this.stopNow();
    } catch {
      // It is stopped already.
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #control(action: string, args: readonly string[]): void {
    this.#run("pg_ctl", [
      "-D",
      join(this.#folder, "data"),
      "-w",
      ...args,
      action,
    ]);
  }

  #command(program: string, args: readonly string[]): string[] {
    const path = program === "sed" ? program : join(this.#programs, program);
    // The server refuses to run as root.
    return isRoot()
      ? ["runuser", "-u", "postgres", "--", path, ...args]
      : [path, ...args];
  }

  #run(program: string, args: readonly string[]): string {
    const [command, ...all] = this.#command(program, args);
    const { status, stdout, stderr } = spawnSync(command!, all, {
      encoding: "utf8",
      cwd: this.#folder,
      // A server that goes on would keep its starter's pipes open.
      stdio: program === "pg_ctl" ? "ignore" : "pipe",
    });
    if (status !== 0) throw new Error(`${program} failed: ${stderr ?? ""}`);
    return stdout ?? "";
  }
}

const isRoot = () => userInfo().uid === 0;

/** The user and the group that the server runs as, where we are root. */
function postgresIds(): [number, number] {
  const id = (kind: string) =>
    Number(spawnSync("id", [kind, "postgres"]).stdout);
  return [id("-u"), id("-g")];
}
