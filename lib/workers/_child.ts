/**
 * A program that runs, with all that it starts: a process group of its own.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { memoryOfGroup } from "./_group_memory.ts";

/** What a program is run with. */
export interface ChildOptions {
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** After SIGTERM, so long until SIGKILL, in milliseconds. */
  readonly graceMs: number;
  readonly timeoutMs: number | null;
  readonly memoryBytes: number | null;
  readonly onLine: (line: string, source: "out" | "err") => void;
}

/** How a program ended. */
export interface ChildEnd {
  /** Its exit code; null if a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
  /** Why we ended it, in words, or null. */
  readonly stopped: string | null;
}

/** A line is cut where it is longer, in characters. */
const longestLine = 1_000_000;
/** How often memory is looked at, in milliseconds. */
const memoryEveryMs = 1000;
/** How long output is waited for once the program is gone, in milliseconds. */
const drainMs = 2000;

/** Those that run, to be ended with this process. */
const running = new Set<Child>();
let endsThem = false;

/** A program that runs. */
export class Child {
  /** How it ends; rejected if it cannot be begun. */
  readonly end: Promise<ChildEnd>;
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  readonly #timers: (ReturnType<typeof setTimeout>)[] = [];
  #stopped: string | null = null;
  #isOver = false;

  constructor(argv: readonly string[], options: ChildOptions) {
    this.#options = options;
    const [program, ...args] = argv as [string, ...string[]];
    this.#process = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: what it starts is ended with it. Never a shell.
      detached: process.platform !== "win32",
      shell: false,
    });
    this.end = this.#watch(program);
    // Whoever waits hears of it; until then it must not end the kernel.
    this.end.catch(() => {});
    running.add(this);
    if (!endsThem) {
      endsThem = true;
      process.on("exit", () => running.forEach((one) => one.kill()));
    }
  }

  /** Asks it to end; ends it if it does not within the grace. The first reason stays. */
  stop(reason: string): void {
    if (this.#isOver || this.#stopped !== null) return;
    this.#stopped = reason;
    this.#send("SIGTERM");
    this.#after(this.#options.graceMs, () => this.#send("SIGKILL"));
  }

  /** Ends it and all it has started, at once. */
  kill(): void {
    if (!this.#isOver) this.#send("SIGKILL");
  }

  async #watch(program: string): Promise<ChildEnd> {
    const child = this.#process;
    const drained = Promise.all([
      this.#readLines(child, "out"),
      this.#readLines(child, "err"),
    ]);
    const { timeoutMs, memoryBytes } = this.#options;
    if (timeoutMs !== null) {
      this.#after(
        timeoutMs,
        () => this.stop(`it took longer than ${timeoutMs / 1000} s`),
      );
    }
    if (memoryBytes !== null) this.#watchMemory(memoryBytes);
    try {
      const { code, signal } = await new Promise<Omit<ChildEnd, "stopped">>(
        (resolve, reject) => {
          child.on("error", (error) => reject(this.#notBegun(program, error)));
          child.on("exit", (code, signal) => resolve({ code, signal }));
        },
      );
      this.#isOver = true;
      // What it left running holds its pipes open, and its GPU.
      this.#send("SIGKILL");
      await Promise.race([drained, this.#later(drainMs)]);
      return { code, signal, stopped: this.#stopped };
    } finally {
      this.#isOver = true;
      running.delete(this);
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  async #readLines(child: ChildProcess, source: "out" | "err"): Promise<void> {
    const stream = source === "out" ? child.stdout : child.stderr;
    if (stream === null) return;
    const decoder = new TextDecoder();
    let rest = "";
    // A program that prints without end of line must not fill the memory.
    const give = (isOver: boolean) => {
      // A progress bar goes back to the start of its line.
      const lines = rest.split(/\r\n|\n|\r/);
      rest = isOver ? "" : lines.pop()!.slice(-longestLine);
      for (const line of lines) {
        if (line !== "" || !isOver) this.#options.onLine(line, source);
      }
    };
    try {
      for await (const chunk of stream) {
        rest += decoder.decode(chunk as Uint8Array, { stream: true });
        give(false);
      }
    } catch {
      // The pipe broke: what came is what there is.
    }
    give(true);
  }

  #watchMemory(most: number): void {
    const look = async () => {
      const bytes = await memoryOfGroup(this.#process.pid!);
      if (bytes !== null && bytes > most) {
        this.stop(
          `it took ${megabytes(bytes)} MB of memory, allowed are ${
            megabytes(most)
          } MB`,
        );
        return;
      }
      if (!this.#isOver) this.#after(memoryEveryMs, look);
    };
    this.#after(memoryEveryMs, look);
  }

  #notBegun(program: string, error: Error): Error {
    const { code } = error as { code?: string };
    const why = code === "ENOENT"
      ? `there is no program ${JSON.stringify(program)}${
        /[/\\]/.test(program) ? "" : " on the PATH"
      }, or no working folder ${
        JSON.stringify(this.#options.cwd ?? ".")
      }; give its whole path, or install it`
      : code === "EACCES"
      ? `${
        JSON.stringify(program)
      } may not be executed; a script needs its interpreter in front: ["python", ${
        JSON.stringify(program)
      }]`
      : error.message;
    return new Error(`Cannot run the command: ${why}`, { cause: error });
  }

  #send(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#process.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It is gone.
    }
  }

  #after(ms: number, work: () => void): void {
    this.#timers.push(setTimeout(work, ms));
  }

  #later(ms: number): Promise<void> {
    return new Promise((resolve) => this.#after(ms, resolve));
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
