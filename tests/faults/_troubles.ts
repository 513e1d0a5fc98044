/**
 * What can happen to a storage while a study goes on, each with real means.
 *
 * @module
 */

import { dirname } from "node:path";
import type { TestPostgres } from "../support/postgres.ts";
import type { Trouble } from "./_kinds.ts";

/**
 * What can happen to a file.
 *
 * @param locked How another program keeps it locked.
 */
export function fileTroubles(
  path: string,
  locked: Pick<Trouble, "mend" | "begin">,
): readonly Trouble[] {
  const folder = dirname(path);
  const parts = () =>
    [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  const away = `${folder}-away`;
  return [
    {
      name: "is deleted",
      kind: "gone",
      mend:
        /put it back and go on, or keep what this process knows with export/,
      begin: async () => {
        for (const part of parts()) await Deno.remove(part);
        return null;
      },
    },
    {
      name: "is gone with its folder",
      kind: "gone",
      mend: /was deleted, moved or replaced/,
      begin: async () => {
        await Deno.remove(folder, { recursive: true });
        return null;
      },
    },
    {
      name: "is moved away, and back",
      kind: "gone",
      mend: /put it back and go on/,
      begin: async () => {
        await Deno.rename(folder, away);
        return () => Deno.rename(away, folder);
      },
    },
    {
      name: "is replaced by another, and put back",
      kind: "gone",
      mend: /was deleted, moved or replaced/,
      begin: async () => {
        await Deno.rename(path, away);
        await Deno.copyFile(away, path);
        return () => Deno.rename(away, path);
      },
    },
    {
      name: "is kept locked by another process",
      kind: "locked",
      ...locked,
    },
  ];
}

/** Another process writes to an SQLite file and does not end. */
export function lockedSQLite(path: string): Pick<Trouble, "mend" | "begin"> {
  return {
    mend: /another process has kept it locked for 150 ms; close that process/,
    begin: () => lockElsewhere(path),
  };
}

/** One of Optuna's processes has the lock of a journal, as it takes it. */
export function lockedJournal(path: string): Pick<Trouble, "mend" | "begin"> {
  const lock = `${path}.lock`;
  return {
    mend: /another program has held its lock "[^"]+" for 150 ms.*; end it/,
    begin: async () => {
      await Deno.symlink(path, lock);
      return () => Deno.remove(lock);
    },
  };
}

/** A process that begins to write to a file and does not end. */
async function lockElsewhere(path: string): Promise<() => Promise<void>> {
  const code = `
    import { DatabaseSync } from "node:sqlite";
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec("PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE");
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return async () => {
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
  };
}

/** What can happen to a database on a server. */
export function serverTroubles(
  server: TestPostgres,
  url: string,
): readonly Trouble[] {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const cutOff =
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  const ask = (sql: string) => void server.ask("postgres", sql);
  return [
    {
      name: "is deleted",
      kind: "cannot open",
      mend: /has no such database; make it with: createdb/,
      begin: () => {
        ask(`DROP DATABASE ${name} WITH (FORCE)`);
        return Promise.resolve(null);
      },
    },
    {
      name: "is down for longer than we wait",
      kind: "unreachable",
      mend: /does it run, is its address right/,
      begin: () => {
        server.stopNow();
        return Promise.resolve(() => {
          server.startAgain();
          return Promise.resolve();
        });
      },
    },
    {
      name: "is made read-only",
      kind: "read-only",
      mend: /this user may not change it; ask for the right/,
      begin: () => {
        const set = (how: string) => {
          ask(`ALTER DATABASE ${name} ${how}`);
          ask(cutOff);
        };
        set("SET default_transaction_read_only = on");
        return Promise.resolve(() => {
          set("RESET default_transaction_read_only");
          return Promise.resolve();
        });
      },
    },
    {
      name: "is kept locked by another session",
      kind: "locked",
      mend: /another session keeps what it needs locked/,
      begin: () => {
        const session = server.begin(name, "LOCK TABLE trials");
        return Promise.resolve(() => session.end());
      },
    },
  ];
}
