import { Buffer } from "node:buffer";
import {
  openStorage,
  readFileBytes,
  type StudyStorage,
} from "../storage/mod.ts";
import { fileSource, type LibrarySource, storageSource } from "./_source.ts";
import { compactSource, isCompactLibrary } from "./_compact_source.ts";
import { Library } from "./library.ts";
import type { SkippedSource } from "./similar_study.ts";

/** The word for the library that comes with Étude. */
const builtIn = "built-in";

/**
 * A source of a library: `"built-in"` for the one that comes with Étude, the path of an SQLite file of Étude's or Optuna's or of
 * a compact library, a storage, or a compact library's bytes.
 */
export type LibraryInput = string | StudyStorage | Uint8Array;

/**
 * Opens study files and databases as a library of prior studies. Files are
 * opened for reading alone. One that is missing, corrupt, locked or another
 * program's is left out, and named in {@linkcode Library.skipped}.
 *
 * @param sources Paths and storages; storages stay open when the library is closed.
 * @throws {TypeError} If a source is neither.
 *
 * @example
 * ```ts ignore
 * import { openLibrary } from "@etude/etude";
 * const library = await openLibrary(["studies.db", "../colleague/optuna.db"]);
 * library // the last expression of a cell: what is in it
 * ```
 */
export async function openLibrary(
  sources: readonly LibraryInput[],
): Promise<Library> {
  if (!Array.isArray(sources)) {
    throw new TypeError(
      `Cannot open the library: found ${
        JSON.stringify(sources)
      }, expected a list of paths and storages such as ["studies.db"]`,
    );
  }
  const opened: LibrarySource[] = [];
  const skipped: SkippedSource[] = [];
  for (const source of sources) {
    if (source instanceof Uint8Array) {
      opened.push(compactSource(source, "compact library"));
      continue;
    }
    if (
      typeof source === "object" && source !== null && "readTrials" in source
    ) {
      opened.push(storageSource(source, false));
      continue;
    }
    if (typeof source !== "string" || source === "") {
      throw new TypeError(
        `Cannot open the library: a source is ${
          JSON.stringify(source) ?? String(source)
        }, expected a path such as "studies.db" or a storage`,
      );
    }
    try {
      opened.push(
        source === builtIn ? await builtInSource() : await pathSource(source),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      skipped.push(Object.freeze({ source, reason }));
    }
  }
  const library = new Library(opened, skipped);
  await library.refresh();
  return library;
}

/** A database by its address, or a file by what its first bytes say, as a source. */
async function pathSource(path: string): Promise<LibrarySource> {
  if (path.includes("://")) return storageSource(openStorage(path), true);
  const head = await readFileBytes(path, 16).catch(() => new Uint8Array(0));
  // Of a file that cannot be read the storage says in words what is wrong.
  return isCompactLibrary(head)
    ? compactSource(
      await readFileBytes(path),
      `compact library ${JSON.stringify(path)}`,
    )
    : fileSource(path);
}

let packed: Promise<Uint8Array> | null = null;

/** The built-in library; its module is loaded when it is first asked for. */
async function builtInSource(): Promise<LibrarySource> {
  packed ??= import("./_built_in.ts").then(({ builtInLibrary }) =>
    new Uint8Array(Buffer.from(builtInLibrary, "base64"))
  );
  return compactSource(await packed, "built-in library");
}
