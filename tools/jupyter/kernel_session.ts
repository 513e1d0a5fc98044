/**
 * A real Deno kernel, run through Jupyter's own client library.
 *
 * @module
 */

import { TextLineStream } from "../text_lines.ts";
import { preparePythonEnvironment } from "../python_environment.ts";
import { inProject, projectFolder } from "../project.ts";
import type { NotebookOutput } from "./notebook.ts";

/** Options of {@linkcode KernelSession.start}. */
export interface KernelOptions {
  /** The kernel's working folder. Defaults to the project's root. */
  cwd?: string;
  /** Environment variables for the kernel, added to the current ones. */
  env?: Readonly<Record<string, string>>;
  /** How long the kernel may take to start. Defaults to `60_000`. */
  startTimeoutMs?: number;
}

/** Options of {@linkcode KernelSession.execute}. */
export interface ExecuteOptions {
  /** How long the cell may take. Defaults to `120_000`. */
  timeoutMs?: number;
  /** How long the cell's channel has to be quiet at its end. Defaults to `300`. */
  drainMs?: number;
}

/** How a cell ended. */
export interface CellResult {
  readonly status: "ok" | "error" | "aborted";
  readonly executionCount: number | null;
  readonly outputs: NotebookOutput[];
  /** What the cell threw, if its status is `"error"`. */
  readonly error: { name: string; message: string; traceback: string[] } | null;
}

/** A cell that may still be running. */
export interface RunningCell {
  /** The cell's end. Rejects if it takes too long or the kernel dies. */
  readonly done: Promise<CellResult>;
  /** Its outputs as they stand now, display updates from later cells included. */
  outputs(): Promise<NotebookOutput[]>;
  /** Waits until its outputs satisfy a condition, and returns them. */
  waitFor(
    condition: (outputs: NotebookOutput[]) => boolean,
    options?: { timeoutMs?: number },
  ): Promise<NotebookOutput[]>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A Deno kernel and the cells run in it.
 *
 * ```ts ignore
 * await using kernel = await KernelSession.start();
 * const { outputs } = await kernel.execute("6 * 7");
 * ```
 */
export class KernelSession {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  #cells = 0;
  #stderr = "";

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
    this.#input = process.stdin.getWriter();
    this.#listen();
    this.#keepStderr();
  }

  /** Starts a kernel and waits until it answers. */
  static async start(options: KernelOptions = {}): Promise<KernelSession> {
    const { python, variables } = await preparePythonEnvironment();
    const session = new KernelSession(
      new Deno.Command(python, {
        args: [inProject("tools", "jupyter", "kernel_driver.py")],
        env: { ...variables, NO_COLOR: "1", ...options.env },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    try {
      await session.#request("start", {
        cwd: options.cwd ?? projectFolder,
        kernel: "deno",
        timeout: (options.startTimeoutMs ?? 60_000) / 1000,
      });
    } catch (error) {
      await session.shutdown();
      throw error;
    }
    return session;
  }

  /** Runs a cell to its end. A cell that throws is a result too: see its `status`. */
  execute(code: string, options: ExecuteOptions = {}): Promise<CellResult> {
    return this.begin(code, options).done;
  }

  /** Begins to run a cell. */
  begin(code: string, options: ExecuteOptions = {}): RunningCell {
    const cell = ++this.#cells;
    const done = this.#request("execute", {
      cell,
      code,
      timeout: (options.timeoutMs ?? 120_000) / 1000,
      drain: (options.drainMs ?? 300) / 1000,
    }) as Promise<CellResult>;
    // The caller may look at `done` late: until then, a failure is not an unhandled one.
    done.catch(() => {});
    const outputs = () =>
      this.#request("outputs", { cell }) as Promise<NotebookOutput[]>;
    return {
      done,
      outputs,
      async waitFor(condition, { timeoutMs = 30_000 } = {}) {
        const deadline = performance.now() + timeoutMs;
        while (true) {
          const now = await outputs();
          if (condition(now)) return now;
          if (performance.now() > deadline) {
            throw new Error(
              `Cannot wait any longer than ${timeoutMs} ms for the cell's outputs; they are ` +
                JSON.stringify(now).slice(0, 2000),
            );
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
  }

  /** Presses the notebook's ■ button: sends the kernel SIGINT. */
  async interrupt(): Promise<void> {
    await this.#request("interrupt", {});
  }

  /** Whether the kernel's process lives. */
  async isAlive(): Promise<boolean> {
    return await this.#request("alive", {}) as boolean;
  }

  /** What the kernel and its driver have written to their standard error, at most 20 kB. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Ends the kernel and the driver. */
  async shutdown(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
  }

  /** Ends the kernel at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  #request(
    method: string,
    parameters: Record<string, unknown>,
  ): Promise<unknown> {
    const id = ++this.#requests;
    const line = JSON.stringify({ id, method, ...parameters }) + "\n";
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#input.write(new TextEncoder().encode(line)).catch(reject);
    });
  }

  async #listen(): Promise<void> {
    const lines = this.#process.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const { id, result, error } = JSON.parse(line);
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (error === undefined) pending?.resolve(result);
      else pending?.reject(new Error(error));
    }
    for (const pending of this.#pending.values()) {
      pending.reject(
        new Error(`The kernel's driver has ended\n${this.#stderr}`),
      );
    }
  }

  async #keepStderr(): Promise<void> {
    for await (
      const text of this.#process.stderr.pipeThrough(new TextDecoderStream())
    ) {
      this.#stderr = (this.#stderr + text).slice(-20_000);
    }
  }
}
