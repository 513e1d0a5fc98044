import { setImmediate } from "node:timers";

/** How long a loop may hold the event loop before awaiting gives others a turn, in milliseconds. */
const turnEveryMs = 20;

const settled: Promise<void> = Promise.resolve();

/**
 * Gives timers, signals and the notebook's messages a turn now and then, so
 * that a loop that awaits it stays interruptible. A turn costs some
 * microseconds (a timer of 0 ms would cost two milliseconds).
 */
export class Turns {
  #last = performance.now();

  /** Resolves at once, or after a turn of the event loop if the last one is a while ago. */
  take(now: number = performance.now()): Promise<void> {
    if (now - this.#last < turnEveryMs) return settled;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#last = performance.now();
        resolve();
      });
    });
  }
}
