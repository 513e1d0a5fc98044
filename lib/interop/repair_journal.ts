import {
  isJournal,
  type JournalRepair,
  JournalStorage,
  readFileBytes,
} from "../storage/mod.ts";
import { unreadable } from "./_files.ts";

export type { JournalRepair } from "../storage/mod.ts";

/**
 * Mends an Optuna journal that a writer left with half a line: Optuna would glue
 * the next operation to it and never open the study again. What is torn is copied
 * to a file beside, `<path>.torn`, and blanked where it lies, so that nothing
 * moves under others who have the file open; all whole operations stay.
 *
 * A study that is opened on a journal does so by itself. Optuna's own lock
 * (`<path>.lock`) is held meanwhile.
 *
 * @param path The journal.
 * @throws {SyntaxError} If the file is no journal.
 * @throws {StorageError} If another program holds the lock, or the file cannot be written.
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
  const storage = new JournalStorage(path, { busyTimeoutMs: 0 });
  try {
    return await storage.repair();
  } finally {
    await storage.close();
  }
}
