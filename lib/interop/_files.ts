import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { parsePythonJSON, readFileBytes } from "../storage/mod.ts";

/** A file is read whole up to this size; JSON of more does not fit a string. */
const largestWholeBytes = 400 * 2 ** 20;

/** What is wrong with a file. */
export function unreadable(
  path: string,
  found: string,
  expected: string,
): SyntaxError {
  return new SyntaxError(
    `Cannot read ${JSON.stringify(path)}: ${found}, expected ${expected}`,
  );
}

/** Whether there is a folder of that path; false for a file. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Whether there is anything of that path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** The files in a folder and those below it, by path within it, sorted. */
export async function filesUnder(
  folder: string,
  depth = 4,
): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && depth > 0) {
      const inner = await filesUnder(join(folder, entry.name), depth - 1);
      found.push(...inner.map((name) => join(entry.name, name)));
    } else if (entry.isFile()) found.push(entry.name);
  }
  return found.sort();
}

/** The text of a file. */
export async function readText(path: string): Promise<string> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > largestWholeBytes) {
    throw new RangeError(
      `Cannot read ${
        JSON.stringify(path)
      }: it has ${size} bytes, expected at most ${largestWholeBytes} where a file is no table and no JSON Lines`,
    );
  }
  return new TextDecoder().decode(await readFileBytes(path));
}

/** What a JSON file holds, also where Python wrote bare `NaN` into it. */
export async function readJSON(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return parsePythonJSON(text);
  } catch (error) {
    throw unreadable(
      path,
      `its JSON breaks off or is damaged (${
        error instanceof Error ? error.message : String(error)
      })`,
      "a whole file; if it is still being written, read it again later",
    );
  }
}

/** A line of a file, without its end. */
export interface Line {
  readonly text: string;
  /** What ended it. Defaults to `"\n"`. */
  readonly end?: "\n" | "\r\n";
  /** Counted from 1. */
  readonly number: number;
  /** Whether the file goes on after it: false for a last line that has no line end. */
  readonly isEnded: boolean;
}

/** A line of a file may not be longer, in characters. */
const longestLine = 256 * 2 ** 20;

/** The lines of a file, however large, one after the other. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  for await (const bytes of createReadStream(path)) {
    const part = decoder.decode(bytes as Uint8Array, { stream: true });
    let from = 0;
    // Only what is new is looked at: a line may be of many parts.
    for (;;) {
      const end = part.indexOf("\n", from);
      if (end < 0) break;
      const line = rest + part.slice(from, end);
      rest = "";
      yield line.endsWith("\r")
        ? {
          text: line.slice(0, -1),
          end: "\r\n",
          number: ++number,
          isEnded: true,
        }
        : { text: line, number: ++number, isEnded: true };
      from = end + 1;
    }
    rest += part.slice(from);
    if (rest.length > longestLine) {
      throw unreadable(
        path,
        `line ${number + 1} has more than ${longestLine} characters`,
        "shorter lines",
      );
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: rest, number: ++number, isEnded: false };
}

/** A name for a study from the path of its file: without folders and the ending. */
export function nameOfPath(path: string): string {
  return basename(path).replace(/(.)(\.[a-z0-9]+)+$/i, "$1") || path;
}
