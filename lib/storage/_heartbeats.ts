import { clearInterval, setInterval } from "node:timers";

/** Says from time to time that this process still runs its trials. */
export class Heartbeats {
  readonly #ids = new Set<number>();
  readonly #everyMs: number;
  readonly #beat: (ids: readonly number[]) => Promise<void>;
  #timer: ReturnType<typeof setInterval> | null = null;

  /**
   * Beats nothing yet.
   *
   * @param everyMs How often, in milliseconds.
   * @param beat Says it of some trials, by their ids. What it throws is passed over: the next one may do.
   */
  constructor(
    everyMs: number,
    beat: (ids: readonly number[]) => Promise<void>,
  ) {
    this.#everyMs = everyMs;
    this.#beat = beat;
  }

  /** A trial of this process runs. */
  begin(id: number): void {
    this.#ids.add(id);
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => {
      this.#beat([...this.#ids]).catch(() => {});
    }, this.#everyMs);
    // It keeps no process alive.
    this.#timer.unref();
  }

  /** A trial of this process is over. */
  end(id: number): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) this.stop();
  }

  /** Of no trial any more. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#ids.clear();
  }
}
