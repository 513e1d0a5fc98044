import { randomUUID } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { basename } from "node:path";
import { codeOf } from "./_journal_errors.ts";

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
 */
export class JournalLock {
  /** The lock's path. */
  readonly path: string;
  readonly #target: string;
  readonly #options: JournalLockOptions;
  #held: string | null = null;

  /** Takes nothing yet. */
  constructor(journal: string, options: JournalLockOptions) {
    this.path = `${journal}.lock`;
    // Optuna looks through the link: it has to lead somewhere from its folder.
    this.#target = basename(journal);
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
      } else if (found !== null && now - seenSince > staleMs) {
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
    try {
      try {
        symlinkSync(this.#target, this.path);
      } catch (error) {
        // Not every file system has links, and Windows wants a privilege.
        if (!["EPERM", "ENOSYS", "ENOTSUP", "EINVAL"].includes(codeOf(error))) {
          throw error;
        }
        closeSync(openSync(this.path, "wx"));
      }
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    this.#held = this.#found();
    return true;
  }

  /** What tells this lock from a later one of the same name; null if there is none. */
  #found(): string | null {
    try {
      // Of the link itself. (Deno's ctimeMs knows whole seconds only.)
      const { ino, mtimeMs } = lstatSync(this.path);
      return `${ino} ${mtimeMs}`;
    } catch {
      return null;
    }
  }

  /** As Optuna does it: renamed first, which only one can. One of another holder stays. */
  #remove(known: string): void {
    if (this.#found() !== known) return;
    const away = `${this.path}${randomUUID()}.rename`;
    try {
      renameSync(this.path, away);
      unlinkSync(away);
    } catch {
      // Another has taken it to be left behind.
    }
  }
}
