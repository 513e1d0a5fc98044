import { StudyCharts } from "../charts/mod.ts";
import {
  diagnoseStudy,
  type Diagnosis,
  type DiagnosisContext,
  type StudyFindingKind,
} from "../curves/mod.ts";
import {
  type Direction,
  noteAttribute,
  noteOf,
  type Objective,
  type OutcomeConstraint,
  type StudyView,
  type TrialRecord,
  warmStartOf,
  type WarmStartRecord,
} from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import {
  type ImportanceOptions,
  type ParameterImportance,
  parameterImportance,
} from "../surrogates/mod.ts";
import { type CardFacts, cardHTML, cardText } from "./_card.ts";
import { noteLine } from "./_card_parts.ts";
import { checkOptimizeOptions } from "./_check_options.ts";
import { checkNumbers } from "./_check_numbers.ts";
import { MarksDesk, noteValue } from "./_marks_desk.ts";
import { Oracle } from "./_oracle.ts";
import { PreferenceDesk } from "./_preference_desk.ts";
import { quietly } from "./_quietly.ts";
import { StepDesk } from "./_step_desk.ts";
import { TrialBook } from "./_trial_book.ts";
import { TrialDesk } from "./_trial_desk.ts";
import { Turns } from "./_turn.ts";
import { Comparison } from "./comparison.ts";
import type { PreferencePair } from "./preference_pair.ts";
import type { Forecast } from "./forecast.ts";
import {
  type CheckpointStore,
  type ObjectiveFunction,
  type OptimizeOptions,
  type StudyEvent,
  type StudyHandle,
  StudyRun,
  type TryOptions,
} from "./run.ts";
import type { RunSummary } from "./run_summary.ts";
import { type Scoreboard, scoreboardOf } from "./scoreboard.ts";
import type { AskOptions, EnqueueOptions } from "./ask_options.ts";
import type { StudyListener, StudyParts } from "./study_options.ts";
import type { ConfigurationSuggestion, SuggestionList } from "./suggestion.ts";
import type { Trial } from "./trial.ts";
import type { TrialDiagnosis } from "./trial_diagnosis.ts";
import type { TrialResult } from "./trial_result.ts";

/**
 * A study: a space, an objective, and the trials made so far. Made by
 * `createStudy`. `C` is the type of its configurations.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 5, progress: false });
 * study.best?.params.x; // small
 * study.trials.length; // 5
 * ```
 */
export class Study<C = Configuration> implements StudyHandle<C> {
  readonly #parts: StudyParts;
  readonly #book: TrialBook<C>;
  readonly #desk: TrialDesk<C>;
  readonly #steps: StepDesk<C>;
  readonly #marks: MarksDesk<C>;
  readonly #preferences: PreferenceDesk<C>;
  readonly #oracle: Oracle<C>;
  readonly #listeners = new Set<StudyListener>();
  readonly #runs = new Set<StudyRun>();
  readonly #turns = new Turns();
  #attributes: Readonly<Record<string, unknown>>;

  /** Made by `createStudy`; not meant to be called. */
  constructor(parts: StudyParts) {
    this.#parts = parts;
    this.#attributes = parts.stored.attributes;
    this.#book = new TrialBook(parts);
    this.#desk = new TrialDesk(
      parts,
      this.#book,
      (event) => this.announce(event),
      (trial, context) =>
        this.#oracle.diagnose(this.trial(trial.number), context),
      (number) => this.#steps.ended(number),
      (params) => this.#expects(params),
    );
    this.#marks = new MarksDesk(
      parts,
      this.#book,
      this.#desk,
      (event) => this.announce(event),
    );
    this.#preferences = new PreferenceDesk(this.#book, this.#marks);
    this.#steps = new StepDesk(parts, this.#book, this.#desk);
    this.#oracle = new Oracle(this.#book, parts.curves ?? null);
  }

  /** The name. */
  get name(): string {
    return this.#parts.stored.name;
  }

  /** What it optimizes. */
  get objectives(): readonly Objective[] {
    return this.#parts.stored.objectives;
  }

  /** What its trials must keep to; empty where there is nothing. */
  get constraints(): readonly OutcomeConstraint[] {
    return this.#parts.stored.constraints ?? [];
  }

  /** Which values of the (first) objective are better. */
  get direction(): Direction {
    return this.#parts.stored.objectives[0]!.direction;
  }

  /** What it searches. */
  get space(): Space<C> {
    return this.#parts.stored.space as unknown as Space<C>;
  }

  /** The seed of all its random streams. */
  get seed(): string {
    return this.#parts.stored.seed;
  }

  /** The description of the task, JSON; null if there is none. */
  get task(): unknown {
    return this.#parts.stored.task;
  }

  /** Where it is kept, in words. */
  get storage(): string {
    return this.#parts.storage.description;
  }

  /** The name of the sampler. */
  get sampler(): string {
    return this.#parts.sampler.name;
  }

  /** All trials by number, as of the last `ask`, `tell` or `refresh`; running ones of this process as of now. */
  get trials(): readonly TrialRecord<C>[] {
    return this.#book.trials;
  }

  /**
   * The best complete trial that keeps to the constraints, the earliest of equals;
   * null while there is none. Of several objectives the knee of the front: nearest
   * to what would be best in each. Where a person has said which trials are better
   * ({@linkcode prefer}), the one of the highest expected utility.
   */
  get best(): TrialRecord<C> | null {
    return this.#preferences.best() ?? this.#book.best;
  }

  /**
   * The Pareto front: the complete trials that keep to the constraints and that no
   * other is better than in one objective without being worse in another; by the
   * first objective, the best first.
   */
  get front(): readonly TrialRecord<C>[] {
    return this.#book.front;
  }

  /**
   * While no complete trial keeps to the constraints, the one that violates them
   * least: the nearest to what is wanted, not the best. Else null.
   */
  get leastViolating(): TrialRecord<C> | null {
    return this.#book.leastViolating;
  }

  /** The trial of that number. */
  trial(number: number): TrialRecord<C> {
    const record = this.#book.get(number);
    if (record === undefined) {
      throw new RangeError(
        `Cannot find trial ${number}: the study ${
          JSON.stringify(this.name)
        } has ${
          this.#book.size === 0
            ? "no trials yet"
            : `trials 0 to ${this.#book.size - 1}`
        }`,
      );
    }
    return record;
  }

  /** The charts of the study. */
  get charts(): StudyCharts {
    return new StudyCharts(() => this.view(), () => this.warmStart);
  }

  /** The study as it is now, as plain read-only data. */
  view(): StudyView {
    return this.#book.view() as unknown as StudyView;
  }

  /**
   * Reads what other processes have added or changed, and the notes that somebody
   * has written in optuna-dashboard.
   *
   * @param options Whether to read notes too, also of trials that ended long ago. Defaults to `true`.
   */
  async refresh({ notes = true }: { readonly notes?: boolean } = {}): Promise<
    void
  > {
    await this.#book.refresh({ all: true });
    const note = notes ? await this.#marks.readNotes() : undefined;
    if (note === undefined || note === noteOf(this)) return;
    const { [noteAttribute]: _, ...others } = this.#attributes;
    this.#attributes = Object.freeze(
      note === "" ? others : { ...others, [noteAttribute]: note },
    );
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
    return this.#desk.ask(options);
  }

  /**
   * Like `ask`, for a budget that is given in steps: a sampler that can hands
   * them out, and may go on with a paused trial. Train it from
   * `trial.startStep` to `trial.budget`, then `pause` it or `tell` its result.
   * With another sampler it is the same as `ask`.
   *
   * @param stepsLeft How many steps are left, at least 1. Defaults to `Infinity`.
   * @param checkpoints Where states are kept. Defaults to memory.
   * @throws {RangeError} If the storage cannot pause trials.
   * @throws {SamplerExhausted} If the sampler has nothing left.
   */
  allocate(
    stepsLeft = Infinity,
    checkpoints?: CheckpointStore,
  ): Promise<Trial<C>> {
    return this.#steps.allocate(stepsLeft, checkpoints);
  }

  /**
   * Pauses a trial: it keeps its curves, and `allocate` may go on with it. Other
   * programs see it as running.
   *
   * @throws {RangeError} If it is not running, or the storage cannot pause trials.
   */
  pause(trial: Trial<C>): Promise<TrialRecord<C>> {
    return this.#steps.pause(trial);
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
  tell(
    trial: Trial<C> | number,
    result: TrialResult,
  ): Promise<TrialRecord<C>> {
    return this.#desk.tell(trial, result);
  }

  /** Stores results that could not be stored when they were told, e.g. because the disk was full. */
  saveUnsaved(): Promise<void> {
    return this.#desk.saveUnsaved();
  }

  /**
   * Puts a configuration into the queue: the next `ask` (of any process) takes
   * it. Parameters left out are chosen by the sampler then.
   *
   * @param options Who chose it, and why.
   * @throws {RangeError} If a name is unknown or a value not allowed.
   */
  enqueue(
    params: Partial<C>,
    options: EnqueueOptions = {},
  ): Promise<TrialRecord<C>> {
    return this.#desk.enqueue(params, options);
  }

  /**
   * Takes a waiting trial out of the queue. Its number stays taken; nobody learns
   * anything from it.
   *
   * @throws {RangeError} If there is no such trial, or it does not wait (any more).
   */
  withdraw(number: number): Promise<TrialRecord<C>> {
    return this.#marks.withdraw(this.trial(number));
  }

  /**
   * Keeps a note with the study, in the place of the one before; an empty text
   * removes it. {@linkcode noteOf} reads it; optuna-dashboard shows it and may
   * change it.
   *
   * @param text Markdown, at most 10,000 characters.
   * @throws {RangeError} If the text is too long.
   */
  note(text: string): Promise<void>;
  /**
   * Keeps a note with a trial, in the place of the one before; an empty text
   * removes it. {@linkcode noteOf} reads it; optuna-dashboard shows it and may
   * change it.
   *
   * @param number The trial.
   * @param text Markdown, at most 10,000 characters.
   * @throws {RangeError} If there is no such trial, or the text is too long.
   */
  note(number: number, text: string): Promise<TrialRecord<C>>;
  note(about: number | string, text?: string): Promise<TrialRecord<C> | void> {
    return typeof about === "string" && text === undefined
      ? this.setAttribute(noteAttribute, noteValue(about))
      : this.#marks.note(this.trial(about as number), text!);
  }

  /**
   * Marks a trial as a favorite; {@linkcode isFavorite} tells.
   *
   * @param number The trial.
   * @param on Whether it is one. Defaults to `true`.
   * @throws {RangeError} If there is no such trial.
   */
  favorite(number: number, on = true): Promise<TrialRecord<C>> {
    return this.#marks.favorite(this.trial(number), on);
  }

  /**
   * Lets a finished trial not count, as if it had never run: because the data
   * were wrong, say. What was stored stays; {@linkcode restore} takes it back.
   * Other programs see the stored result.
   *
   * @param number The trial.
   * @param reason Why, in words.
   * @throws {RangeError} If there is no such trial, or it has not ended.
   */
  discard(number: number, reason?: string): Promise<TrialRecord<C>> {
    return this.#marks.judge(this.trial(number), "discarded", reason);
  }

  /**
   * Lets a finished trial count as failed, whatever it has reported: samplers keep
   * away from the like. {@linkcode restore} takes it back.
   *
   * @param number The trial.
   * @param reason Why, in words.
   * @throws {RangeError} If there is no such trial, or it has not ended.
   */
  fail(number: number, reason?: string): Promise<TrialRecord<C>> {
    return this.#marks.judge(this.trial(number), "failed", reason);
  }

  /**
   * Says that one trial is better than another, whatever their values: because a
   * picture looks better, say, or a trade-off between objectives is the right one.
   * From then on {@linkcode best} is what you are expected to like most, and
   * `preferenceSampler` learns from it. Answers may contradict each other.
   *
   * @param better The number of the better trial.
   * @param worse The number of the other.
   * @throws {RangeError} If there are no such trials, they are the same, or one is not complete.
   */
  prefer(better: number, worse: number): Promise<void> {
    return this.#preferences.prefer(this.trial(better), this.trial(worse));
  }

  /**
   * The two trials whose comparison promises the best of two, by all that has been
   * said with {@linkcode prefer}; of several objectives, two of the front, and what
   * is learnt is how you weigh the objectives.
   *
   * Source: EUBO, Lin et al. (2022).
   *
   * @returns The pair; null while there are fewer than two to compare, and once all have been.
   */
  nextPair(): PreferencePair<C> | null {
    return this.#preferences.nextPair();
  }

  /**
   * Takes back what {@linkcode discard} or {@linkcode fail} did: the trial counts
   * as it was stored.
   *
   * @param number The trial.
   * @throws {RangeError} If there is no such trial.
   */
  restore(number: number): Promise<TrialRecord<C>> {
    return this.#marks.restore(this.trial(number));
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
    return this.#oracle.predict(params);
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
  ): Promise<SuggestionList<C>>;
  async suggest(
    options: AskOptions<C> & { readonly count?: number } = {},
  ): Promise<ConfigurationSuggestion<C> | SuggestionList<C> | null> {
    await this.refresh();
    const found = await this.#oracle.suggest(this.#desk.chooser(), options);
    return options.count === undefined ? found[0] ?? null : found;
  }

  /**
   * How much each parameter matters: shares that sum to 1, from the largest.
   *
   * @param options `{ evaluator: "fanova" }` for the second opinion.
   * @throws {TypeError} If the evaluator is unknown.
   */
  importance(options: ImportanceOptions = {}): ParameterImportance {
    return parameterImportance(this.view(), options);
  }

  /** How the forecasts kept with trials compare with what came, and a person with the sampler. */
  scoreboard(): Scoreboard {
    return scoreboardOf(this.view());
  }

  /**
   * What the trials together show of the search: whether the best stand at the
   * edge of the space, trainings are too short or too long, noise hides which is
   * best.
   */
  diagnose(): Diagnosis<StudyFindingKind>;
  /**
   * What a trial's learning curves show, which parameter to move, and where the
   * curve is going.
   *
   * @param trial The trial's number; it may be running.
   * @param context What the curves do not say, e.g. the baseline.
   * @throws {RangeError} If there is no such trial.
   */
  diagnose(trial: number, context?: DiagnosisContext): TrialDiagnosis;
  diagnose(
    trial?: number,
    context: DiagnosisContext = {},
  ): Diagnosis<StudyFindingKind> | TrialDiagnosis {
    return trial === undefined
      ? diagnoseStudy(this.view(), context)
      : this.#oracle.diagnose(this.trial(trial), context);
  }

  /**
   * Some trials side by side: their curves over each other, the parameters in
   * which they differ, and what each one's curves show.
   *
   * @param trials Their numbers, 1 to 20.
   * @throws {TypeError} If it is no list of numbers.
   * @throws {RangeError} If there is no such trial, none is named, or more than 20.
   */
  compare(trials: readonly number[]): Comparison {
    const numbers = checkNumbers("compare trials", trials, 20);
    return new Comparison(
      this.view(),
      numbers.map((number) => ({
        trial: this.trial(number) as unknown as TrialRecord,
        diagnosis: this.diagnose(number),
      })),
    );
  }

  /**
   * Runs one trial with a configuration chosen by hand. What the surrogate
   * expects of it is shown before, and kept with the trial.
   *
   * @param params The whole configuration; parameters with a default may be left out.
   * @param objective What to run.
   * @param options Whether to show progress.
   * @returns The finished trial.
   * @throws {RangeError} If the configuration is not valid: nothing is run then.
   * @throws What the objective throws, after the trial was failed.
   */
  async try(
    params: C,
    objective: ObjectiveFunction<C>,
    { progress = true, chosenBy, reason }: TryOptions = {},
  ): Promise<TrialRecord<C>> {
    const checked = this.space.validate(params);
    checkOptimizeOptions(objective, { progress });
    await this.saveUnsaved();
    await this.refresh();
    const trial = await this.#desk.begin(checked, {
      forecast: this.#expects(checked),
      chosenBy,
      reason,
    });
    const run = this.#launch(
      objective,
      { trials: 1, stopOnError: true, progress },
      trial,
    );
    await run.done;
    return this.trial(trial.number);
  }

  #expects(params: C) {
    return this.#oracle.surrogate?.predict(params) ?? null;
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
    await this.#parts.storage.setStudyAttribute(
      this.#parts.stored.id,
      key,
      value,
    );
    const found = await this.#parts.storage.findStudy(this.name);
    this.#attributes = found?.attributes ?? this.#attributes;
  }

  /** What was attached to the study, by key, as of its opening or the last `setAttribute`. */
  get attributes(): Readonly<Record<string, unknown>> {
    return this.#attributes;
  }

  /** The prior studies that it began from, how much they weighed in each trial and whether they were right; null if it began cold. */
  get warmStart(): WarmStartRecord | null {
    return warmStartOf({ attributes: this.#attributes, trials: this.trials });
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
    this.announce({ type: "study closed" });
    await this.#parts.storage.close();
  }

  get #facts(): CardFacts {
    return {
      storage: this.storage,
      sampler: this.sampler,
      runs: this.runs.length,
      remarks: [...noteLine(noteOf(this)), ...this.warmStart?.remarks ?? []],
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
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
