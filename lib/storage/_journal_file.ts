import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { isJournal, operationIn } from "./_journal_lines.ts";
import { JournalLock } from "./_journal_lock.ts";
import {
  type JournalOperation,
  lineOf,
  ownWriter,
} from "./_journal_operations.ts";
import { journalError, journalGone } from "./_journal_errors.ts";
import { StorageError } from "./errors.ts";

/** What was done to a journal. */
export interface JournalRepair {
  /** How many lines were torn. */
  readonly tornLines: number;
  /** Where what was torn is kept; null if nothing was. */
  readonly keptAside: string | null;
}

/** How a journal's file is used. */
export interface JournalFileOptions {
  readonly readOnly: boolean;
  readonly durable: boolean;
  readonly staleMs: number;
  readonly busyMs: number;
}

/** What follows the file. */
export interface JournalReader {
  /** Plays an operation. */
  play(operation: JournalOperation): void;
  /** The file is another one: everything comes again. */
  restart(): void;
}

/** Bytes that are no whole line of theirs. */
interface Torn {
  readonly line: number;
  /** From its first byte to before its last. */
  readonly start: number;
  readonly end: number;
  /** Whether an operation follows on the same line. */
  readonly isGlued: boolean;
}

const chunkBytes = 4 * 2 ** 20;
const lineEnd = 10;

/**
 * A journal's file: only what is new in it is read; what is added is added under
 * the lock of Optuna's writers, once all that others have written is known.
 *
 * A torn line is mended where it lies, with blanks: others who read the file
 * remember how far they are by counting bytes.
 */
export class JournalFile {
  /** Its path. */
  readonly path: string;
  /** Whether it can be looked at but not changed. */
  readonly readOnly: boolean;
  readonly #reader: JournalReader;
  readonly #options: JournalFileOptions;
  readonly #lock: JournalLock;
  readonly #writer = `${ownWriter}${randomUUID()}`;
  /** Up to where it was read: after the last line that was ended. */
  #offset = 0;
  #lines = 0;
  /** Which file was read. */
  #inode: number | null = null;
  /** Which file was opened: only that one is written to. */
  readonly #place: number;
  #torn: Torn[] = [];
  /** What comes after the last line's end. */
  #tail: Buffer = Buffer.alloc(0);

  /**
   * Makes the file if it is not there.
   *
   * @throws {StorageError} If it cannot be opened, or is no journal.
   */
  constructor(
    path: string,
    reader: JournalReader,
    options: JournalFileOptions,
  ) {
    this.path = path;
    this.#reader = reader;
    this.#options = options;
    this.#lock = new JournalLock(path, options);
    this.readOnly = this.#translate("open", () => {
      if (options.readOnly) return true;
      if (existsSync(path)) return !mayWrite(path);
      closeSync(openSync(path, "a"));
      return false;
    });
    this.#translate("open", () => this.#checkHead());
    this.#place = this.#translate("open", () => statSync(path).ino);
  }

  /** What is torn in it, and what stands unended at its end, in words. */
  get notes(): string[] {
    return [
      ...this.#torn.map(({ line, isGlued }) =>
        isGlued
          ? `Line ${line} began with the torn end of another; what follows it was read.`
          : `Line ${line} is damaged and was left out.`
      ),
      ...this.#tail.length === 0 ? [] : [
        "The last line breaks off and was left out; repairJournal(path) mends the file, so that Optuna reads it too.",
      ],
    ];
  }

  /** Whether something in it is torn, or is being written just now. */
  get isTorn(): boolean {
    return this.#torn.length > 0 || this.#tail.length > 0;
  }

  #checkHead(): void {
    const file = openSync(this.path, "r");
    try {
      const head = Buffer.alloc(4096);
      const text = head.toString("latin1", 0, readSync(file, head, 0, 4096, 0));
      const isTornAtOnce = text.includes('{"op_code"') ||
        '{"op_code"'.startsWith(text);
      if (isJournal(text) || isTornAtOnce) return;
      throw new StorageError(
        "foreign database",
        `Cannot keep studies in ${this.#name}: it is another kind of file, expected a new one or one of Optuna's journals; choose another path, nothing was changed`,
      );
    } finally {
      closeSync(file);
    }
  }

  /** Reads what is new. */
  read(): void {
    this.#translate("read", () => {
      const { ino, size } = statSync(this.path);
      const isKnown = ino === this.#inode &&
        size === this.#offset + this.#tail.length;
      if (isKnown) return;
      const file = openSync(this.path, "r");
      try {
        this.#readFrom(file);
      } finally {
        closeSync(file);
      }
    });
  }

  #readFrom(file: number): void {
    const { ino, size } = fstatSync(file);
    if (ino !== this.#inode || size < this.#offset) {
      if (this.#inode !== null) this.#reader.restart();
      this.#inode = ino;
      this.#offset = 0;
      this.#lines = 0;
      this.#torn = [];
    }
    let rest: Buffer = Buffer.alloc(0);
    for (let at = this.#offset; at < size;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
      const count = readSync(file, chunk, 0, chunk.length, at);
      if (count === 0) break;
      at += count;
      const bytes = chunk.subarray(0, count);
      rest = this.#takeLines(
        rest.length === 0 ? bytes : Buffer.concat([rest, bytes]),
      );
    }
    this.#tail = Buffer.from(rest);
  }

  /** Plays the whole lines; gives what comes after them. */
  #takeLines(bytes: Buffer): Buffer {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(lineEnd, from);
      if (end < 0) return bytes.subarray(from);
      const start = this.#offset;
      const line = bytes.subarray(from, end);
      this.#offset += end + 1 - from;
      this.#lines++;
      from = end + 1;
      const found = operationIn(line);
      const isGlued = found !== null;
      if (found?.from !== 0) {
        this.#torn.push({
          line: this.#lines,
          start,
          end: isGlued ? start + found.from : this.#offset,
          isGlued,
        });
      }
      if (found !== null) this.#reader.play(found.operation);
    }
  }

  /**
   * Adds operations, which others do not come between.
   *
   * @param work Told that all is known that was written: gives what to add, and
   * what to give back once that is known as well.
   * @throws {StorageError} If the lock is not to be had, or the file cannot be written.
   */
  async write<T>(
    work: () => readonly [
      operations: readonly JournalOperation[],
      result: () => T,
    ],
  ): Promise<T> {
    return await this.#locked((file) => {
      if (this.isTorn) this.#mend(file);
      const [operations, result] = work();
      if (operations.length > 0) {
        this.#append(
          file,
          operations.map((operation) => lineOf(this.#writer, operation)).join(
            "",
          ),
        );
        this.#readFrom(file);
      }
      return result();
    });
  }

  /** Mends what is torn. What is torn is kept in a file beside. */
  async repair(): Promise<JournalRepair> {
    return await this.#locked((file) =>
      this.isTorn ? this.#mend(file) : { tornLines: 0, keptAside: null }
    );
  }

  async #locked<T>(work: (file: number) => T): Promise<T> {
    const isHeld = await this.#translate(
      "write to",
      () => this.#lock.acquire(),
    );
    if (!isHeld) {
      throw new StorageError(
        "locked",
        `Cannot write to ${this.#name}: another program has held its lock ${
          JSON.stringify(this.#lock.path)
        } for ${this.#options.busyMs} ms, or left it behind; end it, delete the lock if no program uses the journal, and try again`,
      );
    }
    try {
      return this.#translate("write to", () => {
        // Not made anew: who has deleted it is to be told.
        const file = openSync(this.path, constants.O_RDWR | constants.O_APPEND);
        try {
          if (fstatSync(file).ino !== this.#place) {
            throw journalGone("write to", this.#name);
          }
          this.#readFrom(file);
          return work(file);
        } finally {
          closeSync(file);
        }
      });
    } finally {
      this.#lock.release();
    }
  }

  #append(file: number, text: string): void {
    const { size } = fstatSync(file);
    try {
      writeWhole(file, Buffer.from(text), null);
      if (this.#options.durable) fsyncSync(file);
    } catch (error) {
      // Half of it would be torn.
      ftruncateSync(file, size);
      throw error;
    }
  }

  #mend(appending: number): JournalRepair {
    const file = openSync(this.path, "r+");
    try {
      const torn = [...this.#torn];
      const { size } = fstatSync(file);
      if (this.#tail.length > 0) {
        const isWhole = operationIn(this.#tail)?.from === 0;
        if (isWhole) this.#append(appending, "\n");
        else {
          torn.push({
            line: this.#lines + 1,
            start: this.#offset,
            end: size,
            isGlued: false,
          });
        }
      }
      const keptAside = torn.length === 0
        ? null
        : this.#keepAside(file, torn.map(({ start, end }) => [start, end]));
      let end = size;
      for (const one of torn.toReversed()) {
        // At the end there is nothing that it would have to be kept apart from.
        if (one.end === end && !one.isGlued) end = one.start;
        else {
          writeWhole(file, Buffer.alloc(one.end - one.start, " "), one.start);
        }
      }
      if (end < size) ftruncateSync(file, end);
      this.#offset = Math.min(this.#offset, end);
      fsyncSync(file);
      this.#torn = [];
      this.#readFrom(file);
      return { tornLines: torn.length, keptAside };
    } finally {
      closeSync(file);
    }
  }

  #keepAside(
    file: number,
    places: readonly (readonly [start: number, end: number])[],
  ): string {
    let path = `${this.path}.torn`;
    for (let n = 2; existsSync(path); n++) path = `${this.path}.torn${n}`;
    const aside = openSync(path, "wx");
    try {
      for (const [start, end] of places) {
        const bytes = Buffer.alloc(end - start);
        readSync(file, bytes, 0, bytes.length, start);
        writeWhole(aside, bytes, null);
        if (bytes.at(-1) !== lineEnd) {
          writeWhole(aside, Buffer.from("\n"), null);
        }
      }
      fsyncSync(aside);
    } finally {
      closeSync(aside);
    }
    return path;
  }

  get #name(): string {
    return `the journal ${JSON.stringify(this.path)}`;
  }

  #translate<T>(action: string, work: () => T): T {
    const inWords = (error: unknown) => journalError(action, this.#name, error);
    try {
      const result = work();
      return result instanceof Promise
        ? result.catch((error) => {
          throw inWords(error);
        }) as T
        : result;
    } catch (error) {
      throw inWords(error);
    }
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function writeWhole(file: number, bytes: Buffer, at: number | null): void {
  for (let from = 0; from < bytes.length;) {
    from += writeSync(
      file,
      bytes,
      from,
      bytes.length - from,
      at === null ? null : at + from,
    );
  }
}
