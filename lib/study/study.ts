import { StudyCharts } from "../charts/mod.ts";
import type { Pruner } from "../pruners/mod.ts";
import {
  bestTrial,
  type Direction,
  isFinished,
  type Objective,
  type Prediction,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Sampler } from "../samplers/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Surrogate } from "../surrogates/mod.ts";
import type {
  Outcome,
  Report,
  StoredStudy,
  StudyStorage,
} from "../storage/mod.ts";
import { type CardFacts, cardHTML, cardText } from "./_card.ts";
import { checkOptimizeOptions } from "./_check_options.ts";
import { outcomeOf } from "./_outcome.ts";
import { quietly } from "./_quietly.ts";
import { choose, type Chooser, chooseSeveral, usable } from "./_suggest.ts";
import { Turns } from "./_turn.ts";
import { SamplerExhausted } from "./errors.ts";
import { type Forecast, forecastOf, surrogateOf } from "./forecast.ts";
import {
  type ObjectiveFunction,
  type OptimizeOptions,
  type StudyEvent,
  type StudyHandle,
  StudyRun,
} from "./run.ts";
import type { RunSummary } from "./run_summary.ts";
import { type Scoreboard, scoreboardOf } from "./scoreboard.ts";
import { Trial, type TrialHost } from "./trial.ts";
import type { TrialResult } from "./trial_result.ts";

/** Options of `study.ask`. */
export interface AskOptions<C = Configuration> {
  /** Values to keep; the sampler chooses the rest. Defaults to none. */
  readonly fixed?: Partial<C>;
}

/** Is told of events; called at once, so it should be quick. What it throws is dropped. */
export type StudyListener = (event: StudyEvent) => void;

/** A configuration that a sampler would try. */
export interface ConfigurationSuggestion<C = Configuration> {
  /** The configuration. */
  readonly params: C;
  /** Why this one, in a sentence; null if the fixed values left no choice. */
  readonly reason: string | null;
  /** What the sampler's surrogate expects of it; null where there is none. */
  readonly forecast: Prediction | null;
}

/** What a study is made of, once everything is opened. */
export interface StudyParts {
  /** The study as its storage knows it. */
  readonly stored: StoredStudy & { readonly space: Space };
  /** Where it is kept. */
  readonly storage: StudyStorage;
  /** Chooses configurations. */
  readonly sampler: Sampler;
  /** Stops trials; null for none. */
  readonly pruner: Pruner | null;
}

/**
 * A study: a space, an objective, and the trials made so far. Made by
 * `createStudy`. `C` is the type of its configurations.
 */
export class Study<C = Configuration> implements StudyHandle<C> {
  readonly #stored: StudyParts["stored"];
  readonly #storage: StudyStorage;
  readonly #sampler: Sampler;
  readonly #pruner: Pruner | null;
  readonly #records: TrialRecord<C>[] = [];
  readonly #unfinished = new Set<number>();
  readonly #live = new Map<number, Trial<C>>();
  readonly #listeners = new Set<StudyListener>();
  readonly #runs = new Set<StudyRun>();
  readonly #unsaved = new Map<
    number,
    { readonly outcome: Outcome; readonly reports: readonly Report[] }
  >();
  #attributes: Readonly<Record<string, unknown>>;
  #fitted: {
    readonly version: number;
    readonly surrogate: Surrogate<C> | null;
  } | null = null;
  #version = 0;
  #snapshot: readonly TrialRecord<C>[] | null = null;
  #asking: Promise<unknown> = Promise.resolve();
  readonly #turns = new Turns();

  /** Made by `createStudy`; not meant to be called. */
  constructor(parts: StudyParts) {
    this.#stored = parts.stored;
    this.#attributes = parts.stored.attributes;
    this.#storage = parts.storage;
    this.#sampler = parts.sampler;
    this.#pruner = parts.pruner;
  }

  /** The name. */
  get name(): string {
    return this.#stored.name;
  }

  /** What it optimizes. */
  get objectives(): readonly Objective[] {
    return this.#stored.objectives;
  }

  /** Which values of the (first) objective are better. */
  get direction(): Direction {
    return this.#stored.objectives[0]!.direction;
  }

  /** What it searches. */
  get space(): Space<C> {
    return this.#stored.space as unknown as Space<C>;
  }

  /** The seed of all its random streams. */
  get seed(): string {
    return this.#stored.seed;
  }

  /** The description of the task, JSON; null if there is none. */
  get task(): unknown {
    return this.#stored.task;
  }

  /** Where it is kept, in words. */
  get storage(): string {
    return this.#storage.description;
  }

  /** The name of the sampler. */
  get sampler(): string {
    return this.#sampler.name;
  }

  /** All trials by number, as of the last `ask`, `tell` or `refresh`; running ones of this process as of now. */
  get trials(): readonly TrialRecord<C>[] {
    if (this.#live.size > 0) {
      return Object.freeze(
        this.#records.map((record) =>
          this.#live.get(record.number)?.record() ?? record
        ),
      );
    }
    this.#snapshot ??= Object.freeze([...this.#records]);
    return this.#snapshot;
  }

  /** The best complete trial, the earliest of equals; null while there is none. */
  get best(): TrialRecord<C> | null {
    return bestTrial(
      {
        objectives: this.objectives,
        trials: this.#records,
      } as unknown as StudyView<C>,
    );
  }

  /** The trial of that number. */
  trial(number: number): TrialRecord<C> {
    const record = this.#live.get(number)?.record() ?? this.#records[number];
    if (record === undefined) {
      throw new RangeError(
        `Cannot find trial ${number}: the study ${
          JSON.stringify(this.name)
        } has ${
          this.#records.length === 0
            ? "no trials yet"
            : `trials 0 to ${this.#records.length - 1}`
        }`,
      );
    }
    return record;
  }

  /** The charts of the study. */
  get charts(): StudyCharts {
    return new StudyCharts(() => this.view());
  }

  /** The study as it is now, as plain read-only data. */
  view(): StudyView {
    return {
      name: this.name,
      objectives: this.objectives,
      space: this.#stored.space,
      trials: this.trials as readonly TrialRecord[],
    };
  }

  /** Reads what other processes have added or changed. */
  async refresh(): Promise<void> {
    const records = await this.#storage.readTrials(this.#stored.id, {
      from: this.#records.length,
      also: [...this.#unfinished],
    });
    for (const record of records) this.#keep(record as TrialRecord<C>);
  }

  #keep(record: TrialRecord<C>): void {
    this.#records[record.number] = record;
    if (isFinished(record.state)) {
      this.#unfinished.delete(record.number);
      this.#version++;
    } else this.#unfinished.add(record.number);
    this.#snapshot = null;
  }

  /**
   * The next trial to run: one that waits in the queue, or one that the sampler
   * chooses. It is running from now on: tell its result when it is known.
   *
   * @throws {SamplerExhausted} If the sampler has no configuration left.
   * @throws {RangeError} If fixed values are not valid.
   * @throws {StorageError} If the study cannot be read or written.
   */
  ask(options: AskOptions<C> = {}): Promise<Trial<C>> {
    // One at a time: each suggestion must see the one before.
    const asked = this.#asking.then(
      () => this.#ask(options),
      () => this.#ask(options),
    );
    this.#asking = asked;
    return asked;
  }

  async #ask(options: AskOptions<C>): Promise<Trial<C>> {
    await this.saveUnsaved();
    const pinned = options.fixed === undefined
      ? null
      : this.space.validatePartial(options.fixed);
    const claimed = pinned === null
      ? await this.#storage.claimTrial(this.#stored.id)
      : null;
    if (claimed === null && await this.#isExhausted()) throw this.#exhausted();
    const record = claimed ??
      await this.#storage.createTrial(this.#stored.id, {
        state: "running",
        params: {},
        origin: "sampler",
      });
    // After the number is ours: other processes may have made the ones before it.
    await this.refresh();
    const { number } = record;
    try {
      const fixed = pinned ??
        usable(this.#stored.space, record.params as Configuration);
      const choice = await choose(this.#chooser, number, fixed);
      if (choice === null) throw this.#exhausted();
      const { params, forecast } = choice;
      const reason = choice.reason ?? record.reason;
      await this.#storage.setParams(this.#stored.id, number, params, {
        reason,
        forecast,
      });
      return this.#begin(
        Object.freeze({
          ...record as TrialRecord<C>,
          params: params as C,
          reason,
          forecast,
        }),
      );
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await this.#finish(
        number,
        { state: "failed", values: null, error: text },
        [],
      ).catch(() => {});
      throw error;
    }
  }

  async #isExhausted(): Promise<boolean> {
    if (this.#sampler.remaining === undefined) return false;
    await this.refresh();
    return this.#sampler.remaining({ study: this.view(), seed: this.seed }) <=
      0;
  }

  #exhausted(): SamplerExhausted {
    return new SamplerExhausted(
      `the ${this.#sampler.name} sampler has no configuration left`,
    );
  }

  get #chooser(): Chooser {
    return { view: this.view(), sampler: this.#sampler, seed: this.seed };
  }

  #begin(record: TrialRecord<C>): Trial<C> {
    const trial = new Trial<C>(record, this.#host);
    this.#keep(record);
    this.#live.set(record.number, trial);
    return trial;
  }

  get #host(): TrialHost {
    return {
      seed: this.seed,
      objectives: this.objectives,
      store: (number, reports) =>
        this.#storage.report(this.#stored.id, number, reports),
      announce: (trial, step) => this.announce({ type: "report", trial, step }),
      judge: (trial) => this.#judge(trial),
      setAttribute: (number, key, value) =>
        this.#storage.setTrialAttribute(this.#stored.id, number, key, value),
    };
  }

  #judge(trial: Trial): string | null {
    const curve = trial.curve();
    if (this.#pruner === null || curve === null) return null;
    const { stop, reason } = this.#pruner.judge({
      curve,
      number: trial.number,
      study: this.view(),
    });
    return stop ? reason : null;
  }

  /**
   * Ends a trial with its result. A value of NaN fails it; an infinite one is
   * kept. A pruned trial keeps the last value of its objective's curve, as in
   * Optuna.
   *
   * @param trial The trial, or its number.
   * @param result The objective's value, or how the trial ended.
   * @throws {TypeError} If the result is of another form.
   * @throws {RangeError} If there is no such trial, or it is not running.
   * @throws {StorageError} If it cannot be stored; it is kept in memory and
   * stored with the next call that can.
   */
  async tell(
    trial: Trial<C> | number,
    result: TrialResult,
  ): Promise<TrialRecord<C>> {
    const number = typeof trial === "number" ? trial : trial.number;
    const live = this.#live.get(number);
    const outcome = outcomeOf(number, result, {
      curve: live?.curve() ??
        this.#records[number]?.curves.get(this.objectives[0]!.name) ?? null,
      stopReason: live?.stopReason ?? null,
    });
    if (live === undefined) {
      await this.refresh();
      return await this.#finish(number, outcome, []);
    }
    const reports = await live.close();
    try {
      return await this.#finish(number, outcome, reports);
    } catch (error) {
      if (!(error instanceof RangeError)) {
        this.#unsaved.set(number, { outcome, reports });
      }
      throw error;
    }
  }

  async #finish(
    number: number,
    outcome: Outcome,
    reports: readonly Report[],
  ): Promise<TrialRecord<C>> {
    const record = await this.#storage.finishTrial(
      this.#stored.id,
      number,
      outcome,
      reports,
    ) as TrialRecord<C>;
    this.#live.delete(number);
    this.#keep(record);
    return record;
  }

  /** Stores results that could not be stored when they were told, e.g. because the disk was full. */
  async saveUnsaved(): Promise<void> {
    for (const [number, { outcome, reports }] of this.#unsaved) {
      await this.#finish(number, outcome, reports);
      this.#unsaved.delete(number);
    }
  }

  /**
   * Puts a configuration into the queue: the next `ask` (of any process) takes
   * it. Parameters left out are chosen by the sampler then.
   *
   * @throws {RangeError} If a name is unknown or a value not allowed.
   */
  async enqueue(params: Partial<C>): Promise<TrialRecord<C>> {
    const fixed = this.space.validatePartial(params);
    const record = await this.#storage.createTrial(this.#stored.id, {
      state: "waiting",
      params: fixed,
      origin: "enqueued",
      reason: "Put into the queue.",
    });
    await this.refresh();
    return record as TrialRecord<C>;
  }

  /**
   * What is expected of a configuration: mean and standard deviation, the
   * chance to beat the best, and the earlier trials most like it, from a
   * Gaussian process fitted to the trials so far.
   *
   * @param params The whole configuration; parameters with a default may be left out.
   * @throws {RangeError} If the configuration is not valid, or fewer than two
   * trials have a finite value.
   */
  predict(params: C): Forecast<C> {
    const checked = this.space.validate(params);
    const surrogate = this.#surrogate();
    if (surrogate === null) {
      throw new RangeError(
        `Cannot predict: fewer than two trials of ${
          JSON.stringify(this.name)
        } have a finite value; run some first`,
      );
    }
    return forecastOf(
      this.view() as unknown as StudyView<C>,
      surrogate,
      checked,
    );
  }

  /** The surrogate of the trials so far, fitted once for each state of the study. */
  #surrogate(): Surrogate<C> | null {
    if (this.#fitted?.version !== this.#version) {
      const surrogate = surrogateOf(this.view() as unknown as StudyView<C>);
      this.#fitted = { version: this.#version, surrogate };
    }
    return this.#fitted.surrogate;
  }

  /**
   * The configuration that the sampler would choose next, with the reason,
   * without running it.
   *
   * @param options Values to keep.
   * @returns The suggestion; null if the sampler has nothing left.
   * @throws {RangeError} If a fixed value is not valid.
   */
  suggest(options?: AskOptions<C>): Promise<ConfigurationSuggestion<C> | null>;
  /**
   * The configurations that the sampler would choose next, each made as if those
   * before it were running.
   *
   * @param options How many, and values to keep.
   * @returns As many as the sampler has, at most `count`.
   * @throws {RangeError} If a fixed value or the count is not valid.
   */
  suggest(
    options: AskOptions<C> & { readonly count: number },
  ): Promise<ConfigurationSuggestion<C>[]>;
  async suggest(
    options: AskOptions<C> & { readonly count?: number } = {},
  ): Promise<ConfigurationSuggestion<C> | ConfigurationSuggestion<C>[] | null> {
    const { fixed = {}, count = 1 } = options;
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(
        `Cannot suggest: the count is ${
          String(count)
        }, expected a whole number of at least 1`,
      );
    }
    await this.refresh();
    const pinned = this.space.validatePartial(fixed);
    const choices = await chooseSeveral(this.#chooser, pinned, count);
    const found = choices as unknown as ConfigurationSuggestion<C>[];
    return options.count === undefined ? found[0] ?? null : found;
  }

  /** How the forecasts kept with trials compare with what came, and a person with the sampler. */
  scoreboard(): Scoreboard {
    return scoreboardOf(this.view());
  }

  /**
   * Runs one trial with a configuration chosen by hand. What the surrogate
   * expects of it is shown before, and kept with the trial.
   *
   * @param params The whole configuration; parameters with a default may be left out.
   * @param objective What to run.
   * @returns The finished trial.
   * @throws {RangeError} If the configuration is not valid: nothing is run then.
   * @throws What the objective throws, after the trial was failed.
   */
  async try(
    params: C,
    objective: ObjectiveFunction<C>,
  ): Promise<TrialRecord<C>> {
    const checked = this.space.validate(params);
    checkOptimizeOptions(objective, {});
    await this.saveUnsaved();
    await this.refresh();
    const surrogate = this.#surrogate();
    const forecast = surrogate === null ? null : surrogate.predict(checked);
    const record = await this.#storage.createTrial(this.#stored.id, {
      state: "running",
      params: checked as Configuration,
      origin: "manual",
      reason: "Chosen by hand.",
      forecast,
    });
    await this.refresh();
    const trial = this.#begin(record as TrialRecord<C>);
    const run = this.#launch(
      objective,
      { trials: 1, stopOnError: true },
      trial,
    );
    await run.done;
    return this.#records[record.number]!;
  }

  /**
   * Runs trials until the count, the time limit or the sampler's end is
   * reached, or someone stops it: `study.stop()`, a callback, or the notebook's
   * ■ button. Everything that ended before is stored.
   *
   * @throws {TypeError} If the objective is not a function or an option is of the wrong kind.
   * @throws {RangeError} If an option is out of range.
   * @throws {StorageError} If the study cannot be read or written.
   */
  optimize(
    objective: ObjectiveFunction<C>,
    options: OptimizeOptions<C> = {},
  ): Promise<RunSummary> {
    return this.start(objective, options).done;
  }

  /**
   * Like `optimize`, in the background: gives a handle back at once, and the
   * run goes on between the cells of a notebook.
   */
  start(
    objective: ObjectiveFunction<C>,
    options: OptimizeOptions<C> = {},
  ): StudyRun {
    checkOptimizeOptions(objective, options);
    return this.#launch(objective, options, null);
  }

  #launch(
    objective: ObjectiveFunction<C>,
    options: OptimizeOptions<C>,
    first: Trial<C> | null,
  ): StudyRun {
    const run = new StudyRun(
      this as unknown as Study,
      objective as unknown as ObjectiveFunction,
      options as unknown as OptimizeOptions,
      first as unknown as Trial | null,
    );
    this.#runs.add(run);
    run.done.catch(() => {}).finally(() => this.#runs.delete(run));
    return run;
  }

  /**
   * Stops every run of this study in this process; see `StudyRun.stop`.
   *
   * @param reason Why, in words.
   */
  stop(reason?: string): void {
    for (const run of this.#runs) void run.stop(reason);
  }

  /** The runs going on in this process. */
  get runs(): readonly StudyRun[] {
    return [...this.#runs].filter((run) => run.running);
  }

  /**
   * Attaches a value to the study, seen by Optuna as a user attribute.
   *
   * @param key The name.
   * @param value Anything that JSON can hold; `undefined` removes it.
   */
  async setAttribute(key: string, value: unknown): Promise<void> {
    await this.#storage.setStudyAttribute(this.#stored.id, key, value);
    const found = await this.#storage.findStudy(this.name);
    this.#attributes = found?.attributes ?? this.#attributes;
  }

  /** What was attached to the study, by key, as of its opening or the last `setAttribute`. */
  get attributes(): Readonly<Record<string, unknown>> {
    return this.#attributes;
  }

  /**
   * Calls the listener for everything that happens in this study in this process.
   *
   * @returns A function that ends it.
   */
  listen(listener: StudyListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells the listeners; the study's own parts call it. */
  announce(event: StudyEvent): void {
    for (const listener of this.#listeners) quietly(() => listener(event));
  }

  /** Lets timers and signals have a turn if they have not had one for a while. */
  breathe(): Promise<void> {
    return this.#turns.take();
  }

  /** Stops its runs and closes its storage. The study can be opened again with `createStudy`. */
  async close(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.stop("the study was closed")));
    await this.saveUnsaved();
    await this.#storage.close();
  }

  get #facts(): CardFacts {
    return {
      storage: this.storage,
      sampler: this.sampler,
      runs: this.runs.length,
    };
  }

  /** The study in a few lines of text. */
  toString(): string {
    return cardText(this.view(), this.#facts);
  }

  /** What a Jupyter notebook shows: a card. Never throws: what goes wrong stands in the text. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    try {
      return {
        "text/html": cardHTML(this.view(), this.#facts),
        "text/plain": this.toString(),
      };
    } catch (error) {
      return {
        "text/plain": `Study ${this.name} (cannot be shown: ${
          error instanceof Error ? error.message : String(error)
        })`,
      };
    }
  }

  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}
