/** The longest that work goes on between two breaths, in milliseconds. */
const BREATH_EVERY_MS = 50;

/**
 * Lets the event loop run now and then during long work, so that the notebook
 * stays alive: its outputs, its timers, and its ■ button, whose signal is
 * heard between two pieces of work only.
 */
export class Breather {
  #lastMs = performance.now();

  /**
   * Gives the event loop a turn if the last one is 50 ms ago.
   *
   * @returns Whether it did.
   */
  async breathe(): Promise<boolean> {
    if (performance.now() - this.#lastMs < BREATH_EVERY_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#lastMs = performance.now();
    return true;
  }
}
