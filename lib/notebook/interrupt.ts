import { inNotebook } from "./_jupyter.ts";

/** What can be stopped by hand: a run, or what watches one. */
export interface Stoppable {
  /** Stops it. */
  stop(reason: string): unknown;
}

/**
 * What ■ (SIGINT) does. Without a listener it kills the Deno kernel with all
 * its memory (denoland/deno#24491): so a notebook that has opened a study keeps
 * one for good, and ■ stops whatever runs. In a terminal there is one while a
 * run lasts: the first Ctrl+C stops the run cleanly, the second does not wait
 * for the objective, the third ends the process as usual.
 */
class Interrupts {
  readonly #runs = new Set<Stoppable>();
  #listening = false;
  #presses = 0;

  /** Begins to listen for good, in a notebook. */
  keepKernelAlive(): void {
    if (inNotebook()) this.#listen();
  }

  /** A run has begun. */
  add(run: Stoppable): void {
    this.#runs.add(run);
    this.#listen();
  }

  /** A run has ended. */
  remove(run: Stoppable): void {
    this.#runs.delete(run);
    if (this.#runs.size > 0) return;
    this.#presses = 0;
    if (!inNotebook()) this.#unlisten();
  }

  readonly #onSignal = (): void => {
    this.#presses++;
    if (this.#presses > 2 && !inNotebook()) {
      (globalThis as { Deno?: { exit(code: number): never } }).Deno?.exit(130);
    }
    for (const run of this.#runs) void run.stop("stopped by hand");
  };

  #listen(): void {
    if (this.#listening) return;
    this.#listening = signals((deno) =>
      deno.addSignalListener("SIGINT", this.#onSignal)
    );
  }

  #unlisten(): void {
    if (!this.#listening) return;
    signals((deno) => deno.removeSignalListener("SIGINT", this.#onSignal));
    this.#listening = false;
  }
}

interface DenoSignals {
  addSignalListener(signal: "SIGINT", handler: () => void): void;
  removeSignalListener(signal: "SIGINT", handler: () => void): void;
}

/** Whether the platform could do it: not every one has signals. */
function signals(work: (deno: DenoSignals) => void): boolean {
  try {
    const { Deno } = globalThis as { Deno?: DenoSignals };
    if (Deno === undefined) return false;
    work(Deno);
    return true;
  } catch {
    return false;
  }
}

/** The process's one set of interrupts. */
export const interrupts: Interrupts = new Interrupts();
