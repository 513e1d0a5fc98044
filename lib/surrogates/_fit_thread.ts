import { setTimeout } from "node:timers";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import { type FitAnswer, jobOf } from "./_fit_job.ts";
import { remember } from "./_fit_memory.ts";
import type { Features } from "./features.ts";
import type { Observation } from "./observations.ts";

/** How many jobs may wait for an answer. */
const mostWaiting = 3;
/** How often the thread may break before no other is begun. */
const mostFailures = 2;
/** How long a thread without work is kept, in milliseconds. */
const idleMs = 60_000;

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
}

/**
 * A thread beside this one that makes fits ahead of their time. It is begun when
 * there is something to do, ends when there has been nothing for a minute, and
 * keeps no process alive. What it has made is taken out of its port without
 * waiting, so that even a loop that never yields finds it. Where there can be no
 * thread, nothing is prepared, and the fits are made when they are needed.
 */
export class FitThread {
  #thread: Thread | null = null;
  #idle: ReturnType<typeof setTimeout> | null = null;
  readonly #waiting = new Map<
    number,
    { readonly features: Features; readonly first: readonly Observation[] }
  >();
  #lastId = 0;
  #failures = 0;

  /** How many jobs wait for an answer. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Begins the fit to the first trials.
   *
   * @returns Whether it is being made.
   */
  begin(features: Features, first: readonly Observation[]): boolean {
    this.collect();
    if (this.#waiting.size >= mostWaiting) return false;
    const thread = this.#open();
    if (thread === null) return false;
    const id = ++this.#lastId;
    this.#waiting.set(id, { features, first });
    thread.port.postMessage(jobOf(id, features, first));
    this.#stopLater();
    return true;
  }

  /** Remembers the fits that have been made since. */
  collect(): void {
    while (this.#waiting.size > 0 && this.#thread !== null) {
      const received = receiveMessageOnPort(this.#thread.port);
      if (received === undefined) return;
      const { id, fits } = received.message as FitAnswer;
      const job = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (job === undefined) continue;
      const { features, first } = job;
      for (const { size, result } of fits) {
        remember(features, first.slice(0, size), Object.freeze(result));
      }
    }
  }

  /** Ends the thread, whatever it is at. The next fit begins another. */
  async stop(): Promise<void> {
    const thread = this.#thread;
    this.#forget(thread);
    await thread?.worker.terminate();
  }

  #open(): Thread | null {
    if (this.#thread !== null || this.#failures >= mostFailures) {
      return this.#thread;
    }
    try {
      const { port1: port, port2 } = new MessageChannel();
      const worker = new Worker(workerURL(), {
        workerData: port2,
        transferList: [port2],
      });
      const thread = { worker, port };
      worker.on("error", () => {
        if (this.#thread === thread) this.#failures++;
        this.#forget(thread);
      });
      worker.on("exit", () => this.#forget(thread));
      worker.unref();
      port.unref();
      this.#thread = thread;
    } catch {
      // No permission to read, no threads at all: then it is so for good.
      this.#failures = mostFailures;
    }
    return this.#thread;
  }

  #forget(thread: Thread | null): void {
    if (thread === null || this.#thread !== thread) return;
    this.#thread = null;
    this.#waiting.clear();
    thread.port.close();
    if (this.#idle !== null) clearTimeout(this.#idle);
  }

  #stopLater(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.stop(), idleMs);
    this.#idle.unref();
  }
}

/** The thread of this process. */
export const fitThread: FitThread = new FitThread();

/** Where the thread's code is: beside this file, whatever it was compiled to. */
function workerURL(): URL {
  const own = import.meta.url;
  const extension = own.slice(own.lastIndexOf("."));
  const url = new URL(`./_fit_worker${extension}`, own);
  // Threads begin with files only; code from elsewhere is imported by one.
  return url.protocol === "file:" ? url : new URL(
    `data:text/javascript,import ${
      encodeURIComponent(JSON.stringify(url.href))
    }`,
  );
}
