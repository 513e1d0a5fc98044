import { setTimeout } from "node:timers/promises";
import type { Pruner } from "../pruners/mod.ts";
import type { Sampler } from "../samplers/mod.ts";
import {
  createStudy,
  type ObjectiveFunction,
  type Study,
} from "../study/mod.ts";
import { openStorage, type StudyStorage } from "../storage/mod.ts";

/** Options of {@linkcode runWorker}. */
export interface WorkerOptions {
  /** Where the study is: the address of a PostgreSQL database, the path of an SQLite file or a journal, or a storage. */
  readonly storage: string | StudyStorage;
  /** The study's name. It must exist: it says what is searched. */
  readonly study: string;
  /** What is tuned. */
  readonly objective: ObjectiveFunction;
  /** How many trials the study is to have that ended well (complete or pruned), by all workers together, at least 1. Defaults to no end. */
  readonly trials?: number;
  /** Chooses configurations. Defaults to what `createStudy` takes. */
  readonly sampler?: Sampler;
  /** Stops trials. Defaults to none. */
  readonly pruner?: Pruner;
  /** How many trials run at a time in this process, at least 1. Defaults to `1`. */
  readonly parallel?: number;
  /** How often the configuration of a trial is tried again whose worker has died, at least 0. Defaults to `1`. */
  readonly retries?: number;
  /** How often it looks for dead workers, in milliseconds, above 0. Defaults to `10_000`. */
  readonly lookEveryMs?: number;
  /** After so many failed trials of its own in a row, at least 1, it gives up: the machine, not the configurations, may be at fault. Defaults to `10`. */
  readonly mostFailures?: number;
  /** Ends it after the trials that run, when aborted. Defaults to none. */
  readonly signal?: AbortSignal;
  /** Told what it does, a line at a time. Defaults to nobody. */
  readonly log?: (line: string) => void;
}

/** What a worker did. */
export interface WorkerSummary {
  /** How many trials it ran to an end, in whatever state. */
  readonly trials: number;
  /** Why it ended, in words. */
  readonly endReason: string;
}

/** How long it waits for other workers' trials before it looks again, in milliseconds. */
const waitMs = 1000;

/**
 * Works on a study together with any number of other workers, on this machine or
 * others: takes what waits in the queue, or asks the sampler; trials whose worker
 * has died are failed and tried again. It ends when the study has enough trials;
 * where two workers begin the last one at once, the later withdraws.
 *
 * @throws {RangeError} If there is no study of that name, or an option is out of its range.
 * @throws {StorageError} If the storage cannot be used, or a lost connection does not come back.
 *
 * @example
 * ```ts
 * import { createStudy, float, MemoryStorage, minimize, space } from "@etude/etude";
 * import { runWorker } from "@etude/etude/workers";
 * const storage = new MemoryStorage();
 * const study = await createStudy({
 *   name: "shared", storage, space: space({ x: float(-1, 1) }), objective: minimize("loss"),
 * });
 * const work = () => runWorker({
 *   storage, study: "shared", trials: 6, objective: (trial) => Number(trial.params.x) ** 2,
 * });
 * await Promise.all([work(), work()]);
 * await study.refresh();
 * study.trials.filter(({ state }) => state === "complete").length; // 6
 * ```
 */
export async function runWorker(
  options: WorkerOptions,
): Promise<WorkerSummary> {
  check(options);
  const isOurs = typeof options.storage === "string";
  const storage = openStorage(options.storage);
  try {
    if (await storage.findStudy(options.study) === null) {
      throw await noStudy(storage, options.study);
    }
    const study = await createStudy({
      name: options.study,
      storage,
      sampler: options.sampler,
      pruner: options.pruner,
    });
    return await new Loop(study, storage, options).run();
  } finally {
    if (isOurs) await storage.close();
  }
}

class Loop {
  readonly #study: Study;
  readonly #storage: StudyStorage;
  readonly #options: WorkerOptions;
  readonly #log: (line: string) => void;
  #lookedAt = -Infinity;
  #failures = 0;
  #done = 0;

  constructor(study: Study, storage: StudyStorage, options: WorkerOptions) {
    this.#study = study;
    this.#storage = storage;
    this.#options = options;
    this.#log = options.log ?? (() => {});
  }

  async run(): Promise<WorkerSummary> {
    const { trials = Infinity, parallel = 1, mostFailures = 10 } =
      this.#options;
    let endReason: string | null = null;
    const lane = async () => {
      while (endReason === null) {
        if (this.#options.signal?.aborted) {
          endReason ??= "it was told to end";
          return;
        }
        await this.#look();
        const { ended, active } = this.#counts();
        if (ended >= trials) {
          endReason ??= `the study has its ${trials} trials`;
        } else if (this.#failures >= mostFailures) {
          endReason ??= `${this.#failures} trials in a row failed`;
        } else if (ended + active >= trials) {
          // The rest is at work elsewhere; should a worker die, there is more to do.
          const { signal } = this.#options;
          // An abort ends the wait; the loop sees it.
          await setTimeout(waitMs, undefined, { signal }).catch(() => {});
        } else if (!await this.#runOne()) {
          endReason ??= "the sampler has no configuration left";
        }
      }
    };
    await Promise.all(Array.from({ length: parallel }, lane));
    this.#log(`Ends after ${this.#done} trials: ${endReason}.`);
    return { trials: this.#done, endReason: endReason! };
  }

  /** Runs a trial; false if there is none to run. */
  async #runOne(): Promise<boolean> {
    const { objective, trials = Infinity } = this.#options;
    let number: number | null = null;
    let isTooMany = false;
    await this.#study.optimize((trial) => {
      number = trial.number;
      isTooMany = this.#before(number) >= trials;
      if (isTooMany) {
        throw new Error(
          `Withdrawn: the study has its ${trials} trials, another worker was first`,
        );
      }
      return objective(trial);
    }, { trials: 1, progress: false });
    if (number === null) return false;
    if (isTooMany) return true;
    this.#done++;
    const record = this.#study.trials[number];
    if (record?.state === "failed") {
      this.#failures++;
      this.#log(`Trial ${number} failed: ${record.error}`);
    } else {
      this.#failures = 0;
      this.#log(`Trial ${number} ${record?.state}: ${record?.value}`);
    }
    return true;
  }

  /** How many trials before it are wanted, whatever becomes of them. */
  #before(number: number): number {
    let count = 0;
    for (const trial of this.#study.trials) {
      if (trial.number < number && trial.state !== "failed") count++;
    }
    return count;
  }

  #counts(): { readonly ended: number; readonly active: number } {
    let [ended, active] = [0, 0];
    for (const { state } of this.#study.trials) {
      if (state === "complete" || state === "pruned") ended++;
      // What waits in the queue is there to be taken.
      else if (state === "running") active++;
    }
    return { ended, active };
  }

  /** Reads what others did; from time to time looks for dead workers. */
  async #look(): Promise<void> {
    const { lookEveryMs = 10_000, retries = 1 } = this.#options;
    const now = performance.now();
    if (now - this.#lookedAt >= lookEveryMs) {
      this.#lookedAt = now;
      const { id } = (await this.#storage.findStudy(this.#study.name))!;
      const failed = await this.#storage.failAbandoned(id, { retries });
      for (const number of failed) {
        this.#log(`The worker of trial ${number} is gone.`);
      }
    }
    await this.#study.refresh({ notes: false });
  }
}

async function noStudy(
  storage: StudyStorage,
  name: string,
): Promise<RangeError> {
  const names = (await storage.listStudies()).map((study) => study.name);
  return new RangeError(
    `Cannot work on the study ${
      JSON.stringify(name)
    }: the ${storage.description} has ${
      names.length === 0
        ? "no studies"
        : names.slice(0, 10).map((known) => JSON.stringify(known)).join(", ")
    }; make it first with createStudy, which says what is searched`,
  );
}

function check(options: WorkerOptions): void {
  const { objective, trials, parallel = 1, retries = 1, mostFailures = 10 } =
    options;
  if (typeof objective !== "function") {
    throw new TypeError(
      `Cannot work: the objective is ${
        JSON.stringify(objective) ?? String(objective)
      }, expected a function that is given a trial`,
    );
  }
  const whole = (name: string, value: number, least: number) => {
    if (Number.isSafeInteger(value) && value >= least) return;
    throw new RangeError(
      `Cannot work: ${name} is ${
        String(value)
      }, expected a whole number of at least ${least}`,
    );
  };
  if (trials !== undefined && trials !== Infinity) whole("trials", trials, 1);
  whole("parallel", parallel, 1);
  whole("retries", retries, 0);
  whole("mostFailures", mostFailures, 1);
}
