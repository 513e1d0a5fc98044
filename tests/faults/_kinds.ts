/**
 * The storages that the faults are tried on, one line each: a further one joins
 * every suite here by a line in {@linkcode storageKinds}.
 *
 * @module
 */

import { after, before } from "@std/testing/bdd";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parsePythonJSON } from "../../lib/storage/_python_json.ts";
import {
  JournalStorage,
  MemoryStorage,
  openStorage,
  PostgresStorage,
  SQLiteStorage,
  type StorageTrouble,
  type StudyStorage,
} from "../../lib/storage/mod.ts";
import { TestPostgres } from "../support/postgres.ts";
import {
  fileTroubles,
  lockedJournal,
  lockedSQLite,
  serverTroubles,
} from "./_troubles.ts";
import { describeWith, postgresServer } from "../support/require.ts";

/** An empty storage of the tests' own. */
export interface Place {
  /** What `createStudy` is given; a text where another process can open it too. */
  readonly storage: string | StudyStorage;
  /** Opens it. Memory, which is gone once it is closed, is always the same. */
  open(): StudyStorage;
  /** Opens it so that it does not wait long for what does not come. */
  impatient(): StudyStorage;
  /** What is broken in it, in words; null if it is whole. */
  broken(): string | null;
  /** What can happen to it while a study goes on. */
  readonly troubles: readonly Trouble[];
}

/** What happens to a storage that is in use. */
export interface Trouble {
  /** What it is, in words. */
  readonly name: string;
  /** What the error says that it is. */
  readonly kind: StorageTrouble;
  /** The mend, in the error's message. */
  readonly mend: RegExp;
  /** Brings it about, and gives what ends it; null where there is no way back. */
  begin(): Promise<(() => Promise<void>) | null>;
}

/** Makes places, and cleans up after them. */
export interface Places {
  /** A fresh place. */
  fresh(): Place;
  /** Removes all of them. */
  close(): void;
}

/** A kind of storage. */
export interface StorageKind {
  /** What it is called. */
  readonly name: string;
  /** Whether what it holds outlives its process, and other processes can open it. */
  readonly isKept: boolean;
  /** What the machine must have. Defaults to nothing. */
  readonly requirement?: typeof postgresServer;
  /** Gets ready. */
  start(): Places;
}

/** Memory: what a process holds dies with it, by its nature. */
const memory: StorageKind = {
  name: "memory",
  isKept: false,
  start: () => ({
    fresh: () => {
      const storage = new MemoryStorage();
      return {
        storage,
        open: () => storage,
        impatient: () => storage,
        broken: () => null,
        troubles: [],
      };
    },
    close: () => {},
  }),
};

/** Files, each in a folder of its own. */
function files(
  file: string,
  partsOf: (path: string) => Pick<Place, "impatient" | "broken" | "troubles">,
): () => Places {
  return () => {
    const folder = Deno.makeTempDirSync({ prefix: "etude_faults_" });
    let count = 0;
    return {
      fresh: () => {
        const own = `${folder}/${count++}`;
        Deno.mkdirSync(own);
        const storage = `${own}/${file}`;
        return {
          storage,
          open: () => openStorage(storage),
          ...partsOf(storage),
        };
      },
      close: () => Deno.removeSync(folder, { recursive: true }),
    };
  };
}

const sqlite: StorageKind = {
  name: "SQLite",
  isKept: true,
  start: files("studies.db", (path) => ({
    impatient: () => new SQLiteStorage(path, { busyTimeoutMs: 150 }),
    broken: () => brokenFile(path),
    troubles: fileTroubles(path, lockedSQLite(path)),
  })),
};

/** What SQLite finds broken in a file; null if it is whole. */
export function brokenFile(path: string): string | null {
  const database = new DatabaseSync(path, { timeout: 20_000 });
  try {
    const found = String(
      database.prepare("PRAGMA integrity_check").get()!.integrity_check,
    );
    const orphans = database.prepare("PRAGMA foreign_key_check").all();
    if (found !== "ok") return found;
    return orphans.length === 0 ? null : `${orphans.length} orphaned rows`;
  } finally {
    database.close();
  }
}

const journal: StorageKind = {
  name: "journal",
  isKept: true,
  start: files("journal.log", (path) => ({
    impatient: () => new JournalStorage(path, { busyTimeoutMs: 150 }),
    broken: () => brokenJournal(path),
    troubles: fileTroubles(path, lockedJournal(path)),
  })),
};

/** Which lines of a journal are broken. What another process writes just now is not ended yet. */
function brokenJournal(path: string): string | null {
  // Who was killed at once has not made it yet.
  if (!existsSync(path)) return null;
  const broken = Deno.readTextFileSync(path).split("\n").slice(0, -1).filter(
    (line) => {
      try {
        parsePythonJSON(line);
        return false;
      } catch {
        return true;
      }
    },
  );
  return broken.length === 0 ? null : `broken lines: ${broken.join("\n")}`;
}

/** PostgreSQL: a server of the tests' own, a database a place. */
const postgres: StorageKind = {
  name: "PostgreSQL",
  isKept: true,
  requirement: postgresServer,
  start: () => {
    const server = TestPostgres.start();
    return {
      fresh: () => {
        const storage = server.freshDatabase();
        return {
          storage,
          open: () => openStorage(storage),
          impatient: () =>
            new PostgresStorage(storage, { patienceMs: 300, answerMs: 500 }),
          broken: () => null,
          troubles: serverTroubles(server, storage),
        };
      },
      close: () => server.close(),
    };
  },
};

/** All kinds. */
export const storageKinds: readonly StorageKind[] = [
  memory,
  sqlite,
  journal,
  postgres,
];

const none = { name: "nothing", path: "", remedy: "" };

/**
 * A suite for each kind of storage, where the machine has it.
 *
 * @param title What is suffered.
 * @param suite Its tests; `places` is there once they run.
 * @param kinds Which kinds. Defaults to all.
 */
export function describeEachStorage(
  title: string,
  suite: (places: () => Places, kind: StorageKind) => void,
  kinds: readonly StorageKind[] = storageKinds,
): void {
  for (const kind of kinds) {
    describeWith(kind.requirement ?? none, `${title}: ${kind.name}`, () => {
      let places: Places | null = null;
      before(() => void (places = kind.start()));
      after(() => places?.close());
      suite(() => places!, kind);
    });
  }
}
