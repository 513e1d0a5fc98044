import { MemoryStorage } from "./memory_storage.ts";
import { PostgresStorage } from "./postgres_storage.ts";
import { SQLiteStorage } from "./sqlite_storage.ts";
import type { StudyStorage } from "./storage.ts";

/**
 * The storage that a word stands for: `"memory"`, the path of an SQLite
 * file, or the address of a PostgreSQL database. A storage is given back as it is.
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
      }, expected "memory", the path of an SQLite file such as "studies.db", "postgres://user:password@host/database", or a storage`,
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
      }: this version knows "memory", SQLite files such as "studies.db", and "postgres://user:password@host/database"`,
    );
  }
  return new SQLiteStorage(path);
}
