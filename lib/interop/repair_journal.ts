import { randomUUID } from "node:crypto";
import { open, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename } from "node:path";
import { exists, linesOf, unreadable } from "./_files.ts";
import { isJournal, operationOf } from "./_optuna_journal.ts";
import { readFileBytes } from "../storage/mod.ts";

/** What was done to a journal. */
export interface JournalRepair {
  /** How many lines were torn. */
  readonly tornLines: number;
  /** Where what was torn is kept; null if nothing was. */
  readonly keptAside: string | null;
}

/**
 * Mends an Optuna journal that a writer left with half a line: Optuna would glue
 * the next operation to it and never open the study again. What is torn is moved
 * to a file beside, `<path>.torn`; all whole operations stay, in their order.
 *
 * Optuna's own lock (`<path>.lock`, a symbolic link) is held meanwhile.
 *
 * @param path The journal.
 * @throws {SyntaxError} If the file is no journal.
 * @throws {RangeError} If another program holds the lock.
 *
 * @example
 * ```ts ignore
 * import { repairJournal } from "@etude/etude/interop";
 * await repairJournal("journal.log"); // { tornLines: 0, keptAside: null }
 * ```
 */
export async function repairJournal(path: string): Promise<JournalRepair> {
  const head = new TextDecoder().decode(await readFileBytes(path, 4096));
  if (!isJournal(head)) {
    throw unreadable(
      path,
      head === "" ? "the file is empty" : "it does not begin as one",
      "an Optuna journal",
    );
  }
  return await withLock(path, async () => {
    const kept: string[] = [];
    const torn: string[] = [];
    let needsEnd = false;
    for await (const { text, isEnded } of linesOf(path)) {
      const { operation, isMended } = operationOf(text);
      if (operation === null) torn.push(text);
      else if (isMended) {
        const at = wholeFrom(text);
        torn.push(text.slice(0, at));
        kept.push(text.slice(at));
      } else {
        kept.push(text);
        needsEnd ||= !isEnded;
      }
    }
    if (torn.length === 0 && !needsEnd) {
      return { tornLines: 0, keptAside: null };
    }
    let keptAside: string | null = null;
    if (torn.length > 0) {
      keptAside = `${path}.torn`;
      for (let n = 2; await exists(keptAside); n++) {
        keptAside = `${path}.torn${n}`;
      }
      await writeDurably(keptAside, torn);
    }
    const beside = `${path}.${randomUUID()}.part`;
    await writeDurably(beside, kept);
    await rename(beside, path);
    return { tornLines: torn.length, keptAside };
  });
}

/** Where in a torn line the whole operation begins. */
function wholeFrom(text: string): number {
  let at = text.lastIndexOf('{"op_code"');
  while (at > 0 && operationOf(text.slice(at)).operation === null) {
    at = text.lastIndexOf('{"op_code"', at - 1);
  }
  return at;
}

async function writeDurably(
  path: string,
  lines: readonly string[],
): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (const line of lines) await file.writeFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Holds the lock that Optuna's writers take. */
async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  try {
    await symlink(basename(path), lock);
  } catch {
    const holder = await readlink(lock).catch(() => null);
    throw new RangeError(
      `Cannot repair ${JSON.stringify(path)}: another program holds its lock ${
        JSON.stringify(lock)
      }${
        holder === null ? "" : ", or left it behind"
      }; end it, delete the lock if no program uses the journal, and try again`,
    );
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
