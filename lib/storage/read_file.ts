import { open, readFile } from "node:fs/promises";
import { StorageError } from "./errors.ts";

/**
 * The bytes of a file, or only its first ones.
 *
 * @param path The file's path.
 * @param count How many bytes, from the beginning. Defaults to all.
 * @throws {StorageError} If there is no such file, or it cannot be read.
 *
 * @example
 * ```ts
 * import { readFileBytes } from "@etude/etude";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "SQLite format 3");
 * new TextDecoder().decode(await readFileBytes(path, 6)); // "SQLite"
 * ```
 */
export async function readFileBytes(
  path: string,
  count?: number,
): Promise<Uint8Array> {
  try {
    if (count === undefined) return new Uint8Array(await readFile(path));
    const file = await open(path, "r");
    try {
      const bytes = new Uint8Array(count);
      const { bytesRead } = await file.read(bytes, 0, count, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new StorageError(
      "cannot open",
      `Cannot read the file ${JSON.stringify(path)}: ${
        error instanceof Error ? error.message : String(error)
      }`,
      { cause: error },
    );
  }
}
