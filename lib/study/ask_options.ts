import type { Configuration } from "../space/mod.ts";

/** Narrower ranges of numbers, by name: `[low, high]`, both included. */
export type Ranges = Readonly<
  Record<string, readonly [low: number, high: number]>
>;

/** Options of `study.ask`. */
export interface AskOptions<C = Configuration> {
  /** Values to keep; the sampler chooses the rest. Defaults to none. */
  readonly fixed?: Partial<C>;
  /**
   * Narrower ranges that the sampler keeps to, for this choice alone; what is
   * known outside of them still counts. Defaults to the whole space.
   */
  readonly within?: Ranges;
}

/** Options of `study.enqueue`. */
export interface EnqueueOptions {
  /** Who chose the configuration, for the scoreboard. Defaults to `"enqueued"`. */
  readonly chosenBy?: "enqueued" | "manual" | "sampler";
  /** Why, in words. Defaults to a plain sentence. */
  readonly reason?: string;
}
