/** Places that runs take in turn, e.g. one a GPU. */
export class Slots<T> {
  readonly #free: T[];
  readonly #waiting: ((slot: T) => void)[] = [];

  constructor(slots: readonly T[]) {
    this.#free = [...slots];
  }

  /** The next free place, the lowest first; waits for one. */
  async take(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const free = this.#free.shift();
    if (free !== undefined) return free;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push(resolve);
    const giveUp = () => {
      const place = this.#waiting.indexOf(resolve);
      if (place >= 0) this.#waiting.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Gives a place back. */
  give(slot: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.unshift(slot);
    else next(slot);
  }
}
