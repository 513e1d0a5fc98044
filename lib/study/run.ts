import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { StorageError } from "../storage/mod.ts";
import type { AskOptions, Ranges } from "./ask_options.ts";
import { SamplerExhausted, StudyStopped, TrialPruned } from "./errors.ts";
import { type FinishedCounts, RunSummary } from "./run_summary.ts";
import type { Trial } from "./trial.ts";
import { isA, messageOf, thrownText } from "./_shown.ts";
import { type ObjectiveValue, readValues } from "./_values.ts";
import { endOf, type TrialResult } from "./trial_result.ts";

/** What happens in a study, for those who watch it. */
export type StudyEvent =
  | { readonly type: "run started"; readonly run: StudyRun }
  | { readonly type: "trial started"; readonly trial: Trial }
  | { readonly type: "report"; readonly trial: Trial; readonly step: number }
  | { readonly type: "trial finished"; readonly record: TrialRecord }
  | { readonly type: "trial paused"; readonly record: TrialRecord }
  | { readonly type: "trial queued"; readonly record: TrialRecord }
  | { readonly type: "trial changed"; readonly record: TrialRecord }
  | { readonly type: "run held"; readonly run: StudyRun }
  | { readonly type: "study closed" }
  | { readonly type: "run finished"; readonly run: StudyRun };

/** A study as its runs and callbacks see it. */
export interface StudyHandle<C = Configuration> extends StudyView<C> {
  /** The best complete trial, or null. */
  readonly best: TrialRecord<C> | null;
  /** The next trial to run. */
  ask(options?: AskOptions<C>): Promise<Trial<C>>;
  /** The next trial to run where the budget is given in steps. */
  allocate(
    stepsLeft?: number,
    checkpoints?: CheckpointStore,
  ): Promise<Trial<C>>;
  /** Pauses a trial. */
  pause(trial: Trial<C>): Promise<TrialRecord<C>>;
  /** Ends a trial with its result. */
  tell(trial: Trial<C> | number, result: TrialResult): Promise<TrialRecord<C>>;
  /** Puts a configuration into the queue. */
  enqueue(params: Partial<C>): Promise<TrialRecord<C>>;
  /** Stops every run of the study in this process. */
  stop(reason?: string): void;
  /** Tells the listeners of an event. */
  announce(event: StudyEvent): void;
  /** Lets timers and signals have a turn if they have not had one for a while. */
  breathe(): Promise<void>;
}

/**
 * What is tuned: trains or evaluates with `trial.params` and gives back the
 * objective's value. What it throws fails the trial; NaN does too.
 */
export type ObjectiveFunction<C = Configuration> = (
  trial: Trial<C>,
) => ObjectiveValue | Promise<ObjectiveValue>;

/** Is called after each trial; may call `study.stop()`. What it throws ends the run. */
export type StudyCallback<C = Configuration> = (
  study: StudyHandle<C>,
  record: TrialRecord<C>,
) => void | Promise<void>;

/** Options of `study.try`. */
export interface TryOptions {
  /** Whether to show progress, live in a notebook, as a line in a terminal. Defaults to `true`. */
  readonly progress?: boolean;
  /** Who chose the configuration, for the scoreboard: of a suggestion taken as it is, the sampler. Defaults to `"manual"`. */
  readonly chosenBy?: "manual" | "sampler";
  /** Why, in words. Defaults to `"Chosen by hand."` */
  readonly reason?: string;
}

/** Where the states of paused trainings are kept, so that they can go on in another process. */
export interface CheckpointStore {
  /** Keeps the state of a trial at a step, in the place of the one before. */
  save(number: number, step: number, state: unknown): void | Promise<void>;
  /** The state of a trial; null if there is none. */
  load(
    number: number,
  ):
    | { readonly step: number; readonly state: unknown }
    | null
    | Promise<{ readonly step: number; readonly state: unknown } | null>;
}

/** Options of `study.optimize` and `study.start`. */
export interface OptimizeOptions<C = Configuration> {
  /** How many trials to run, in addition to those there are, at least 1. Defaults to as many as the sampler has, or until the timeout. */
  readonly trials?: number;
  /**
   * A budget in epochs (steps reported) rather than in trials: once so many have
   * been reported in this run, no further trial is begun. A sampler that hands
   * out steps, such as `freezeThawSampler`, pauses trials and goes on with those
   * that are worth it, and keeps to the budget exactly. Defaults to no limit.
   */
  readonly epochs?: number;
  /** Where the states of paused trials are kept. Defaults to memory. */
  readonly checkpoints?: CheckpointStore;
  /** After so many milliseconds no further trial is begun; those running are let finish. Defaults to no limit. */
  readonly timeoutMs?: number;
  /** How many trials run at a time, at least 1, for objectives that wait for something. Defaults to `1`. */
  readonly parallel?: number;
  /** Called after each trial, in order. Defaults to none. */
  readonly callbacks?: readonly StudyCallback<C>[];
  /** Stops the run when aborted, as `study.stop()` does. Defaults to none. */
  readonly signal?: AbortSignal;
  /** Values that all trials of the run keep; the queue is left alone then. Defaults to none. */
  readonly fixed?: Partial<C>;
  /** Narrower ranges that the sampler keeps to in this run. Defaults to the whole space. */
  readonly within?: Ranges;
  /** Whether an error of the objective ends the run; the trial is failed first. Defaults to `false`. */
  readonly stopOnError?: boolean;
  /** Whether to show progress, live in a notebook, as a line in a terminal. Defaults to `true`. */
  readonly progress?: boolean;
}

/**
 * A run of a study: what `study.start` gives back. The run goes on in the
 * background, also between the cells of a notebook.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * const run = study.start((trial) => trial.params.x, { trials: 5, progress: false });
 * // … in another cell: run.stop()
 * await run.done;
 * run.finished; // 5
 * ```
 */
export class StudyRun {
  /** How many trials it is to run; null for no limit. */
  readonly target: number | null;
  /** How many epochs (steps reported) it is to run; null for no limit. */
  readonly epochs: number | null;
  /** After how many milliseconds it begins no further trial; null for no limit. */
  readonly timeoutMs: number | null;
  /** Whether progress is shown. */
  readonly progress: boolean;
  /** When it began, by `performance.now()`. */
  readonly startedAt: number = performance.now();
  /** Settles when the run has ended. Rejects if storage or a callback failed, or by `stopOnError`. */
  readonly done: Promise<RunSummary>;
  readonly #study: StudyHandle;
  readonly #running = new Set<Trial>();
  readonly #counts = { complete: 0, pruned: 0, failed: 0 };
  /** What each trial that runs would be given up by. */
  readonly #abandon = new Set<() => void>();
  readonly #waitedFor: Promise<unknown>[] = [];
  #hasGivenUp = false;
  #begun = 0;
  #stepsDone = 0;
  #allocating: Promise<unknown> = Promise.resolve();
  #stopReason: string | null = null;
  #endReason: string | null = null;
  #failure: { error: unknown } | null = null;
  #endedAt: number | null = null;
  #hold: PromiseWithResolvers<void> | null = null;

  /** Made by `study.start`; not meant to be called. */
  constructor(
    study: StudyHandle,
    objective: ObjectiveFunction,
    options: OptimizeOptions,
    first: Trial | null = null,
  ) {
    this.#study = study;
    this.target = options.trials ?? null;
    this.epochs = options.epochs ?? null;
    this.timeoutMs = options.timeoutMs ?? null;
    this.progress = options.progress ?? true;
    this.done = this.#run(objective, options, first);
    // In the background nobody may be waiting: an error must not end the process.
    this.done.catch(() => {});
  }

  /** Whether it has not ended yet. */
  get running(): boolean {
    return this.#endedAt === null;
  }

  /** The trials running now. */
  get trials(): readonly Trial[] {
    return [...this.#running];
  }

  /** How many trials have ended in each state. */
  get counts(): FinishedCounts {
    return { ...this.#counts };
  }

  /** How many trials have ended. */
  get finished(): number {
    return this.#counts.complete + this.#counts.pruned + this.#counts.failed;
  }

  /** How many epochs (steps) its trials have reported. */
  get epochsDone(): number {
    let steps = this.#stepsDone;
    for (const trial of this.#running) steps += trial.stepsReported;
    return steps;
  }

  /** How many steps are left that no running trial is going to use. */
  get #stepsLeft(): number {
    if (this.epochs === null) return Infinity;
    let left = this.epochs - this.epochsDone;
    for (const trial of this.#running) {
      const open = trial.budget - (trial.step ?? trial.startStep);
      if (Number.isFinite(open)) left -= Math.max(0, open);
    }
    return left;
  }

  /** Whether it is held: see {@linkcode hold}. */
  get isHeld(): boolean {
    return this.#hold !== null;
  }

  /**
   * Holds the run: trials wait at their next awaited `trial.report(…)`, and no
   * further one begins, until {@linkcode release}. Stopping ends the hold too.
   */
  hold(): void {
    if (this.#hold !== null || !this.running || this.#stopReason !== null) {
      return;
    }
    this.#hold = Promise.withResolvers();
    for (const trial of this.#running) trial.hold();
    this.#study.announce({ type: "run held", run: this });
  }

  /** Lets a run go on that was held. */
  release(): void {
    if (this.#hold === null) return;
    this.#hold.resolve();
    this.#hold = null;
    for (const trial of this.#running) trial.release();
    this.#study.announce({ type: "run held", run: this });
  }

  /** How long it has run, in milliseconds. */
  get elapsedMs(): number {
    return (this.#endedAt ?? performance.now()) - this.startedAt;
  }

  /** Why it is stopping or has stopped before its end, in words; null if it was not stopped. */
  get stopReason(): string | null {
    return this.#stopReason;
  }

  /** Why it ended, in words; null while it runs. */
  get endReason(): string | null {
    return this.#endedAt === null ? null : this.#endReason;
  }

  /**
   * Stops the run: no further trial is begun, and those running are asked to
   * stop after their current report. Called a second time, it does not wait for
   * them: they count as failed.
   *
   * @param reason Why, in words. Defaults to `"stopped by hand"`.
   * @returns When the run has ended.
   */
  async stop(reason = "stopped by hand"): Promise<void> {
    if (this.#stopReason === null) {
      this.#stopReason = reason;
      for (const trial of this.#running) trial.requestStop(reason);
      this.release();
    } else {
      this.#hasGivenUp = true;
      for (const giveUp of this.#abandon) giveUp();
    }
    await this.done.catch(() => {});
  }

  /**
   * Lets a listener of `run finished` finish something (the last picture)
   * before `done` settles; what takes longer than five seconds is not waited for.
   */
  waitUntil(work: Promise<unknown>): void {
    this.#waitedFor.push(work);
  }

  async #lastWords(): Promise<void> {
    if (this.#waitedFor.length === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) =>
      timer = setTimeout(resolve, 5000)
    );
    await Promise.race([Promise.allSettled(this.#waitedFor), patience]);
    clearTimeout(timer);
  }

  async #run(
    objective: ObjectiveFunction,
    options: OptimizeOptions,
    first: Trial | null,
  ): Promise<RunSummary> {
    const onAbort = () => void this.stop("stopped by its signal");
    if (options.signal?.aborted) this.#stopReason = "stopped by its signal";
    options.signal?.addEventListener("abort", onAbort, { once: true });
    // Lets start() hand the run out before anything happens in it.
    await Promise.resolve();
    this.#study.announce({ type: "run started", run: this });
    try {
      const lanes = Math.min(options.parallel ?? 1, this.target ?? Infinity);
      await Promise.all(
        Array.from(
          { length: lanes },
          (_, lane) =>
            this.#lane(objective, options, lane === 0 ? first : null),
        ),
      );
    } finally {
      options.signal?.removeEventListener("abort", onAbort);
      this.#endedAt = performance.now();
      this.#endReason = this.#stopReason ?? this.#endReason ??
        (this.epochs === null
          ? `all ${this.finished} trials done`
          : `all ${this.epochsDone} epochs done`);
      this.#study.announce({ type: "run finished", run: this });
      await this.#lastWords();
    }
    if (this.#failure !== null) throw this.#failure.error;
    return new RunSummary(this.#counts, this.#endReason, this.elapsedMs);
  }

  async #lane(
    objective: ObjectiveFunction,
    options: OptimizeOptions,
    first: Trial | null,
  ): Promise<void> {
    try {
      let trial = first;
      while (trial !== null || await this.#mayBegin()) {
        this.#begun++;
        try {
          trial ??= this.epochs === null
            ? await this.#study.ask(askOptionsOf(options))
            : await this.#allocate(options);
        } catch (error) {
          if (!isA(error, SamplerExhausted)) throw error;
          this.#endReason = error.message;
          return;
        }
        if (trial === null) return;
        if (trial.isResumed) this.#begun--;
        await this.#runTrial(trial, objective, options);
        trial = null;
      }
    } catch (error) {
      this.#failure ??= { error };
      this.#stopReason ??= `ended by an error: ${messageOf(error)}`;
      for (const trial of this.#running) trial.requestStop(this.#stopReason);
    }
  }

  /** The next trial within the budget of steps; null if it is used up. One at a time: each must see what the one before takes. */
  #allocate(options: OptimizeOptions): Promise<Trial | null> {
    const allocated = this.#allocating.catch(() => {}).then(async () => {
      const left = this.#stepsLeft;
      if (left < 1) return null;
      const trial = await this.#study.allocate(left, options.checkpoints);
      this.#running.add(trial);
      return trial;
    });
    this.#allocating = allocated;
    return allocated;
  }

  async #mayBegin(): Promise<boolean> {
    await this.#hold?.promise;
    if (this.#stopReason !== null || this.#endReason !== null) return false;
    if (this.target !== null && this.#begun >= this.target) return false;
    if (this.#stepsLeft < 1) return false;
    if (this.timeoutMs !== null && this.elapsedMs >= this.timeoutMs) {
      this.#endReason = `the time limit of ${this.timeoutMs / 1000} s is over`;
      return false;
    }
    return true;
  }

  async #runTrial(
    trial: Trial,
    objective: ObjectiveFunction,
    options: OptimizeOptions,
  ): Promise<void> {
    this.#running.add(trial);
    if (this.#stopReason !== null) trial.requestStop(this.#stopReason);
    if (this.#hold !== null) trial.hold();
    this.#study.announce({ type: "trial started", trial });
    let record: TrialRecord;
    let thrown: { error: unknown } | null = null;
    let isPaused = false;
    // One for each trial: on a single one they would pile up.
    const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
    this.#abandon.add(giveUp);
    if (this.#hasGivenUp) giveUp();
    try {
      const result = await Promise.race([
        evaluate(trial, objective),
        givenUp.then((): Evaluation => ({
          result: {
            state: "failed",
            error: `${this.#stopReason}: the objective did not stop when asked`,
          },
          thrown: null,
        })),
      ]);
      thrown = result.thrown;
      isPaused = trial.isToBePaused && mayGoOn(result.result, trial);
      record = isPaused
        ? await this.#study.pause(trial)
        : await this.#study.tell(trial, result.result);
    } finally {
      this.#abandon.delete(giveUp);
      this.#running.delete(trial);
      this.#stepsDone += trial.stepsReported;
    }
    if (isPaused) {
      this.#study.announce({ type: "trial paused", record });
      await this.#study.breathe();
      return;
    }
    if (record.state in this.#counts) {
      this.#counts[record.state as keyof FinishedCounts]++;
    }
    this.#study.announce({ type: "trial finished", record });
    for (const callback of options.callbacks ?? []) {
      await callback(this.#study, record);
    }
    // Where the storage does not work the next trial would fare no better.
    const endsRun = options.stopOnError === true ||
      isA(thrown?.error, StorageError);
    if (thrown !== null && endsRun) throw thrown.error;
    // A fast objective must not keep the notebook, or Ctrl+C, from having a turn.
    await this.#study.breathe();
  }
}

function askOptionsOf({ fixed, within }: OptimizeOptions): AskOptions {
  return {
    ...(fixed === undefined ? {} : { fixed }),
    ...(within === undefined ? {} : { within }),
  };
}

interface Evaluation {
  readonly result: TrialResult;
  readonly thrown: { readonly error: unknown } | null;
}

/** Whether a trial that has used its steps can go on later: it has not failed, and no pruner stopped it. */
function mayGoOn(result: TrialResult, trial: Trial): boolean {
  const end = endOf(result);
  if (end.state === "failed" || Number.isNaN(end.value)) return false;
  return trial.isStopped || end.state === "complete";
}

/** Runs the objective and puts what came of it into the form that `tell` takes. */
async function evaluate(
  trial: Trial,
  objective: ObjectiveFunction,
): Promise<Evaluation> {
  try {
    const value = await objective(trial);
    const read = readValues(value, trial.objectives);
    if ("problem" in read) {
      const { found, expected } = read.problem;
      return {
        result: {
          state: "failed",
          error: `The objective returned ${found}, expected ${expected}`,
        },
        thrown: null,
      };
    }
    return {
      result: { state: trial.knowsItShouldStop ? "pruned" : "complete", value },
      thrown: null,
    };
  } catch (error) {
    if (isA(error, TrialPruned) || isA(error, StudyStopped)) {
      return {
        result: { state: "pruned", reason: error.message },
        thrown: null,
      };
    }
    return {
      result: { state: "failed", error: thrownText(error) },
      thrown: { error },
    };
  }
}
