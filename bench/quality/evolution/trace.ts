/**
 * What is kept of a run of many evaluations: the gap to the best value there is, at
 * some budgets, and after how many evaluations each target was reached.
 *
 * @module
 */

/** The budgets at which gaps are noted. */
export const budgets: readonly number[] = [
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
];

/** BBOB's 51 targets, gaps from 100 down to 1e-8, evenly on a logarithmic scale. */
export const targets: readonly number[] = Array.from(
  { length: 51 },
  (_, k) => 10 ** (2 - k / 5),
);

/** A run, as a line of a result file. */
export interface Trace {
  readonly algorithm: string;
  /** The number of the function, 1 to 24. */
  readonly task: number;
  readonly dimension: number;
  readonly instance: number;
  /** How many evaluations there were. */
  readonly trials: number;
  /** The gap at each of the budgets that were reached. */
  readonly gaps: readonly number[];
  /** After how many evaluations each target was reached; null where it was not. */
  readonly hits: readonly (number | null)[];
  /** Seconds of a processor, where that was measured. */
  readonly seconds: number | null;
}

/** Follows a run's values. */
export class Follower {
  readonly #best: number;
  readonly #gaps: number[] = [];
  readonly #hits: number[] = [];
  #gap = Infinity;
  #count = 0;

  /** @param best The value of the optimum. */
  constructor(best: number) {
    this.#best = best;
  }

  /** Takes the next value. */
  take(value: number): void {
    this.#count++;
    this.#gap = Math.min(this.#gap, value - this.#best);
    while (
      this.#hits.length < targets.length &&
      this.#gap <= targets[this.#hits.length]!
    ) this.#hits.push(this.#count);
    if (this.#count === budgets[this.#gaps.length]) this.#gaps.push(this.#gap);
  }

  /** What was seen. */
  get seen(): Pick<Trace, "trials" | "gaps" | "hits"> {
    return {
      trials: this.#count,
      gaps: this.#gaps,
      hits: targets.map((_, k) => this.#hits[k] ?? null),
    };
  }
}
