import { randomUUID } from "node:crypto";
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { codeOf } from "./_journal_errors.ts";
import { goneWorker, thisWorker } from "./_worker.ts";

/** How a lock is waited for. */
export interface JournalLockOptions {
  /** After how long an unchanged lock counts as left behind, in milliseconds. */
  readonly staleMs: number;
  /** How long it is waited for, in milliseconds. */
  readonly busyMs: number;
}

const longestWaitMs = 50;

/**
 * The lock that Optuna's writers of a journal take: something called
 * `<path>.lock`, which only one can make. Both of its kinds, the symbolic link
 * and the empty file, keep this one out, and are kept out by it.
 *
 * This one is a file that says whose it is: one of a process of this machine that
 * was killed is removed at once, while of Optuna's only its age can be told.
 */
export class JournalLock {
  /** The lock's path. */
  readonly path: string;
  readonly #options: JournalLockOptions;
  #held: string | null = null;

  /** Takes nothing yet. */
  constructor(journal: string, options: JournalLockOptions) {
    this.path = `${journal}.lock`;
    this.#options = options;
  }

  /**
   * Takes it.
   *
   * @returns Whether it could, before the patience ran out.
   */
  async acquire(): Promise<boolean> {
    const { staleMs, busyMs } = this.#options;
    const start = performance.now();
    let seen: string | null = null;
    let seenSince = start;
    for (let waitMs = 1;; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      if (this.#make()) return true;
      const now = performance.now();
      const found = this.#found();
      if (found !== seen) {
        seen = found;
        seenSince = now;
      }
      const isLeft = now - seenSince > staleMs || this.#isOfTheDead();
      if (found !== null && isLeft) {
        this.#remove(found);
        continue;
      }
      if (now - start >= busyMs) return false;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  /** Gives it back. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#remove(held);
  }

  #make(): boolean {
    if (this.#found() !== null) return false;
    const made = this.#makeWhole() ?? this.#makeInPlace();
    if (made) this.#held = this.#found();
    return made;
  }

  /**
   * Makes it with what it says in one go: of one that was killed before it had
   * said whose it is nobody could tell. Null where that does not go.
   */
  #makeWhole(): boolean | null {
    const own = `${this.path}${randomUUID()}.new`;
    try {
      writeFileSync(own, thisWorker(), { flag: "wx" });
      linkSync(own, this.path);
      return true;
    } catch (error) {
      // Not all file systems have links, and not all disks room.
      return codeOf(error) === "EEXIST" ? false : null;
    } finally {
      rmSync(own, { force: true });
    }
  }

  #makeInPlace(): boolean {
    try {
      const file = openSync(this.path, "wx");
      try {
        writeSync(file, thisWorker());
      } catch {
        // The disk is full: then it is an empty one.
      } finally {
        closeSync(file);
      }
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    return true;
  }

  /** Whether a process of ours made it, on this machine, that no longer lives. */
  #isOfTheDead(): boolean {
    try {
      const { size } = lstatSync(this.path);
      return size > 0 && size < 1000 &&
        goneWorker(readFileSync(this.path, "utf8")) !== null;
    } catch {
      return false;
    }
  }

  #found(): string | null {
    return identityOf(this.path);
  }

  /** As Optuna does it: renamed first, which only one can. One of another holder stays. */
  #remove(known: string): void {
    if (this.#found() !== known) return;
    const away = `${this.path}${randomUUID()}.rename`;
    try {
      renameSync(this.path, away);
      // Another may have been quicker, and this its own.
      if (identityOf(away) !== known) linkSync(away, this.path);
      unlinkSync(away);
    } catch {
      // Another has taken it to be left behind.
    }
  }
}

/** What tells a file from a later one of the same name; null if there is none. */
function identityOf(path: string): string | null {
  try {
    // Of a link itself. (Deno's ctimeMs knows whole seconds only.)
    const { ino, mtimeMs } = lstatSync(path);
    return `${ino} ${mtimeMs}`;
  } catch {
    return null;
  }
}
