import { mkdir } from "node:fs/promises";
import { createWriteStream, type WriteStream } from "node:fs";
import { dirname } from "node:path";

/** How many last lines an error shows. */
const lastLines = 12;

/** What a command printed: kept in a file, the last lines at hand. */
export class CommandLog {
  /** Where it is; null for no file. */
  readonly path: string | null;
  readonly #stream: WriteStream | null;
  readonly #last: string[] = [];
  #problem: string | null = null;

  private constructor(path: string | null, stream: WriteStream | null) {
    this.path = path;
    this.#stream = stream;
    // A full disk must not end the training.
    stream?.on("error", (error) => this.#problem = error.message);
  }

  /** Begins a log; what is in the file is kept. */
  static async open(path: string | null): Promise<CommandLog> {
    if (path === null) return new CommandLog(null, null);
    await mkdir(dirname(path), { recursive: true });
    return new CommandLog(path, createWriteStream(path, { flags: "a" }));
  }

  /** Adds a line. */
  add(line: string): void {
    if (this.#problem === null) this.#stream?.write(`${line}\n`);
    if (line.trim() === "") return;
    this.#last.push(line.length > 400 ? `${line.slice(0, 400)}…` : line);
    if (this.#last.length > lastLines) this.#last.shift();
  }

  /** The last lines, and where the rest is, for an error's text. */
  tail(): string {
    const where = this.path === null
      ? ""
      : this.#problem === null
      ? `\nAll it printed: ${this.path}`
      : `\nThe log ${this.path} could not be written: ${this.#problem}`;
    return this.#last.length === 0
      ? `It printed nothing.${where}`
      : `Its last lines:\n${
        this.#last.map((line) => `  ${line}`).join("\n")
      }${where}`;
  }

  /** Writes what is left. */
  close(): Promise<void> {
    const stream = this.#stream;
    if (stream === null || this.#problem !== null) return Promise.resolve();
    return new Promise((resolve) => {
      stream.on("error", () => resolve());
      stream.end(resolve);
    });
  }
}
