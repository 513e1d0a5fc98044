import { clearTimeout, setTimeout } from "node:timers";
import type { PrepareRequest, Sampler } from "../samplers/mod.ts";
import { quietly } from "./_quietly.ts";

/** How long trials must last, in milliseconds, for a suggestion to be prepared meanwhile. */
const patienceMs = 50;

/**
 * Has the sampler prepare the next suggestion while trials run, if they last a
 * while: at once if the trial before did, else as soon as this one has.
 */
export class Preparation {
  readonly #sampler: Sampler;
  readonly #request: () => PrepareRequest;
  readonly #running = new Map<
    number,
    {
      readonly since: number;
      readonly timer: ReturnType<typeof setTimeout> | null;
    }
  >();
  #lastMs = 0;

  /** The preparation of one study. */
  constructor(sampler: Sampler, request: () => PrepareRequest) {
    this.#sampler = sampler;
    this.#request = request;
  }

  /** A trial has begun in this process. */
  began(number: number): void {
    if (this.#sampler.prepare === undefined) return;
    const prepare = () =>
      quietly(() => this.#sampler.prepare!(this.#request()));
    const isLong = this.#lastMs >= patienceMs;
    const timer = isLong ? null : setTimeout(prepare, patienceMs);
    timer?.unref();
    this.#running.set(number, { since: performance.now(), timer });
    if (isLong) prepare();
  }

  /** A trial has ended. */
  ended(number: number): void {
    const trial = this.#running.get(number);
    if (trial === undefined) return;
    this.#running.delete(number);
    this.#lastMs = performance.now() - trial.since;
    if (trial.timer !== null) clearTimeout(trial.timer);
  }
}
