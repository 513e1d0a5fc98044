import { randomStream } from "../math/mod.ts";
import {
  pausedAttribute,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Allocation } from "../samplers/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { MemoryCheckpoints } from "./_checkpoints.ts";
import { usable } from "./_suggest.ts";
import type { TrialBook } from "./_trial_book.ts";
import type { TrialDesk } from "./_trial_desk.ts";
import type { CheckpointStore } from "./run.ts";
import type { StudyParts } from "./study_options.ts";
import type { Trial, TrialStart } from "./trial.ts";

/** Where steps are handed out: trials that begin with a few, are paused, and go on. */
export class StepDesk<C> {
  readonly #parts: StudyParts;
  readonly #book: TrialBook<C>;
  readonly #desk: TrialDesk<C>;
  readonly #memory = new MemoryCheckpoints();

  /** The desk of one study. */
  constructor(parts: StudyParts, book: TrialBook<C>, desk: TrialDesk<C>) {
    this.#parts = parts;
    this.#book = book;
    this.#desk = desk;
  }

  get #id(): number {
    return this.#parts.stored.id;
  }

  /** Lets the state of a trial go that has ended. */
  ended(number: number): void {
    this.#memory.drop(number);
  }

  /** `study.allocate`. */
  allocate(
    stepsLeft: number,
    checkpoints: CheckpointStore = this.#memory,
  ): Promise<Trial<C>> {
    return this.#desk.inTurn(() => this.#allocate(stepsLeft, checkpoints));
  }

  async #allocate(
    stepsLeft: number,
    checkpoints: CheckpointStore,
  ): Promise<Trial<C>> {
    const { sampler, storage, stored } = this.#parts;
    if (sampler.allocate === undefined) return await this.#desk.askNow();
    if (storage.resumeTrial === undefined || storage.pauseTrial === undefined) {
      throw new RangeError(
        `Cannot hand out steps: the ${storage.description} cannot pause trials; choose another sampler than ${sampler.name}`,
      );
    }
    await this.#desk.saveUnsaved();
    const queued = await storage.claimTrial(this.#id);
    for (let tries = 0;; tries++) {
      await this.#book.refresh();
      const study = this.#book.view() as unknown as StudyView;
      const fixed = queued === null
        ? {}
        : usable(stored.space, queued.params as Configuration);
      const number = queued?.number ?? study.trials.length;
      const trials = queued === null
        ? study.trials
        : study.trials.filter((trial) => trial.number !== number);
      // What was trained since tells this stream from that of the turn before.
      const steps = trials.reduce(
        (sum, trial) =>
          sum + (trial.curves.get(stored.objectives[0]!.name)?.steps.length ??
            0),
        0,
      );
      const allocation = await sampler.allocate<Configuration>({
        study: { ...study, trials },
        number,
        seed: stored.seed,
        random: randomStream(stored.seed, number, steps, "allocation"),
        fixed,
        stepsLeft,
        mustBegin: queued !== null,
      });
      if (allocation.kind === "new") {
        return await this.#beginNew(queued, allocation, {
          stepsLeft,
          checkpoints,
        });
      }
      const record = await storage.resumeTrial(this.#id, allocation.number);
      // Another process may have taken it a moment ago.
      if (record === null && tries < 10) continue;
      if (record === null) {
        throw new RangeError(
          `Cannot go on with trial ${allocation.number}: it is not paused`,
        );
      }
      return await this.#goOn(record as TrialRecord<C>, allocation, {
        stepsLeft,
        checkpoints,
      });
    }
  }

  async #beginNew(
    queued: TrialRecord | null,
    { suggestion, untilStep, isFinal }: Allocation<Configuration> & {
      readonly kind: "new";
    },
    { stepsLeft, checkpoints }: {
      stepsLeft: number;
      checkpoints: CheckpointStore;
    },
  ): Promise<Trial<C>> {
    const { storage } = this.#parts;
    const record = queued ??
      await storage.createTrial(this.#id, {
        state: "running",
        params: {},
        origin: "sampler",
      });
    await this.#book.refresh();
    const { params, reason, prediction: forecast = null } = suggestion;
    await storage.setParams(this.#id, record.number, params, {
      reason,
      forecast,
    });
    const budget = Math.min(untilStep, Math.max(1, stepsLeft));
    return this.#desk.open(
      Object.freeze({
        ...record as TrialRecord<C>,
        params: params as C,
        reason,
        forecast,
      }),
      startOf(record.number, null, {
        isResumed: false,
        budget,
        isFinal: isFinal && budget === untilStep,
        checkpoints,
      }),
    );
  }

  async #goOn(
    record: TrialRecord<C>,
    { untilStep, isFinal }: Allocation & { readonly kind: "resume" },
    { stepsLeft, checkpoints }: {
      stepsLeft: number;
      checkpoints: CheckpointStore;
    },
  ): Promise<Trial<C>> {
    const resume = await checkpoints.load(record.number);
    const { [pausedAttribute]: _mark, ...attributes } = record.attributes;
    const budget = Math.min(
      untilStep,
      (resume?.step ?? 0) + Math.max(1, stepsLeft),
    );
    return this.#desk.open(
      Object.freeze({ ...record, attributes }),
      startOf(record.number, resume, {
        isResumed: true,
        budget,
        isFinal: isFinal && budget === untilStep,
        checkpoints,
      }),
    );
  }

  /** `study.pause`. */
  async pause(trial: Trial<C>): Promise<TrialRecord<C>> {
    const { storage } = this.#parts;
    if (storage.pauseTrial === undefined) {
      throw new RangeError(
        `Cannot pause trial ${trial.number}: the ${storage.description} cannot pause trials`,
      );
    }
    const reports = await trial.close();
    for (const [name, value] of Object.entries(trial.measures)) {
      await storage.setTrialAttribute(this.#id, trial.number, name, value);
    }
    const record = await storage.pauseTrial(
      this.#id,
      trial.number,
      reports,
    ) as TrialRecord<C>;
    this.#desk.takeBack(record);
    return record;
  }
}

/** How a trial begins, with its checkpoints in a store. */
function startOf(
  number: number,
  resume: TrialStart["resume"],
  { checkpoints, ...start }: {
    isResumed: boolean;
    budget: number;
    isFinal: boolean;
    checkpoints: CheckpointStore;
  },
): TrialStart {
  return {
    ...start,
    resume,
    checkpoint: async (step, state) => {
      await checkpoints.save(number, step, state);
    },
  };
}
