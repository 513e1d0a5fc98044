import { type RandomStream, randomStream } from "../math/mod.ts";
import {
  bestPoint,
  constraintValues,
  type Curve,
  type Direction,
  gradientAttribute,
  guessDirection,
  type Objective,
  type OutcomeConstraint,
  type Prediction,
  type TrialRecord,
} from "../records/mod.ts";
import {
  choice,
  type Configuration,
  float,
  type FloatOptions,
  int,
  type IntOptions,
  type Parameter,
  type ParameterBuilder,
  type ParameterValue,
} from "../space/mod.ts";
import type { Report } from "../storage/mod.ts";
import type { DiagnosisContext } from "../curves/mod.ts";
import { checkGradient } from "./_check_gradient.ts";
import { LiveCurves } from "./_live_curves.ts";
import { checkMeasure, keptMeasure } from "./_measures.ts";
import { reportsOf, type ReportValues } from "./_report_values.ts";
import { suggested } from "./_suggested.ts";
import { Turns } from "./_turn.ts";
import { StudyStopped, TrialPruned } from "./errors.ts";
import type { TrialDiagnosis } from "./trial_diagnosis.ts";

/** What a trial needs of its study. */
export interface TrialHost {
  /** The study's name. */
  readonly studyName: string;
  /** The names of the space's parameters. */
  readonly parameterNames: readonly string[];
  /** The study's seed. */
  readonly seed: string;
  /** What the study optimizes. */
  readonly objectives: readonly Objective[];
  /** Stores reports. */
  store(number: number, reports: readonly Report[]): Promise<void>;
  /** Tells those who listen that there are new values. */
  announce(trial: Trial, step: number): void;
  /** Asks the pruner; a reason to stop, or null. `askedAtStep` is where it was asked last. */
  judge(trial: Trial, askedAtStep: number | null): string | null;
  /** Reads its curves. */
  diagnose(trial: Trial, context: DiagnosisContext): TrialDiagnosis;
  /** Sets an attribute. */
  setAttribute(number: number, key: string, value: unknown): Promise<void>;
  /** What the study's trials must keep to. Defaults to nothing. */
  readonly constraints?: readonly OutcomeConstraint[];
  /** A parameter of the study's space as it is now, or null. Defaults to none being known. */
  parameter?(name: string): Parameter | null;
  /** Gives the space a parameter, or another range of one. */
  grow?(parameter: Parameter): void;
  /** Stores the configuration of a trial that asks for its parameters while it runs. */
  storeParams?(number: number, params: Configuration): Promise<void>;
  /** Is told of a measure where the trial's end is stored elsewhere. */
  measured?(name: string, value: number): void;
}

/** How a trial begins whose budget is given in steps, or that goes on. */
export interface TrialStart {
  /** The step up to which to train now; `Infinity` for no bound. */
  readonly budget: number;
  /** Whether a trial that has reached its budget is complete, rather than paused. */
  readonly isFinal: boolean;
  /** Where its state was kept last, and the state; null if it starts anew. */
  readonly resume: { readonly step: number; readonly state: unknown } | null;
  /** Whether it has trained before. */
  readonly isResumed: boolean;
  /** Keeps its state. */
  checkpoint(step: number, state: unknown): Promise<void>;
}

/** How long reports may wait in memory before they are stored. */
const storeEveryMs = 500;

/**
 * A running trial: what an objective is given. `C` is the type of its
 * configuration.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * const trial = await study.ask();
 * for (let epoch = 1; epoch <= 3; epoch++) {
 *   await trial.report(epoch, { validation: { loss: trial.params.x / epoch } });
 *   if (trial.shouldStop()) break;
 * }
 * await study.tell(trial, trial.best("validation loss"));
 * ```
 */
export class Trial<C = Configuration> {
  /** The number in the study, from 0. */
  readonly number: number;
  /** Why this configuration was chosen, in words; null where nobody said. */
  readonly reason: string | null;
  readonly #host: TrialHost;
  #record: TrialRecord<C>;
  readonly #curves = new LiveCurves();
  readonly #measures = new Map<string, number | string>();
  #isAborted = false;
  #abort: AbortController | null = null;
  #pending: Report[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #stopReason: string | null = null;
  #stopSeen = false;
  #judgedPoints = 0;
  #askedAtStep: number | null = null;
  #stepsReported = 0;
  #closed = false;
  #hold: PromiseWithResolvers<void> | null = null;
  #storedAt = performance.now();
  readonly #turns = new Turns();
  #lastStep: number | null = null;

  readonly #start: TrialStart | null;
  readonly #planned: Configuration;
  #hasNewParams = false;

  /** Made by a study; not meant to be called. */
  constructor(
    record: TrialRecord<C>,
    host: TrialHost,
    start: TrialStart | null = null,
    planned: Configuration = record.params as Configuration,
  ) {
    this.number = record.number;
    this.#planned = planned;
    this.reason = record.reason;
    this.#record = record;
    this.#host = host;
    this.#start = start;
    for (const { name, steps, values } of record.curves.values()) {
      this.#curves.add(
        steps.map((step, i) => ({ name, step, value: values[i]! })),
      );
    }
    this.#lastStep = start?.resume?.step ?? null;
    this.#askedAtStep = this.#lastStep;
  }

  /** The configuration to try; of a study without a declared space, what was asked for so far. */
  get params(): C {
    return this.#record.params;
  }

  /**
   * A real number of this trial, as Optuna's `suggest_float`: that of the
   * configuration, where the study's space has the parameter. Where it has not,
   * it is drawn evenly from a stream that hangs on study, trial and name, and the
   * space has it from then on, for samplers to learn from. Asked for again, it is the same.
   *
   * @param low The smallest value. Ranges may change from trial to trial.
   * @param high The largest value, included.
   * @throws {RangeError} If the parameter is of another kind than in the study so far.
   *
   * @example
   * ```ts
   * import { createStudy } from "@etude/etude";
   * const study = await createStudy({ name: "by run", storage: "memory" });
   * await study.optimize((trial) => {
   *   const x = trial.suggestFloat("x", -5, 5);
   *   return (x - 2) ** 2;
   * }, { trials: 20, progress: false });
   * ```
   */
  suggestFloat(
    name: string,
    low: number,
    high: number,
    options: Pick<FloatOptions, "log" | "step"> = {},
  ): number {
    return this.#suggest(name, float(low, high, options)) as number;
  }

  /**
   * A whole number of this trial, as Optuna's `suggest_int`; see
   * {@linkcode Trial.suggestFloat}.
   *
   * @param low The smallest value.
   * @param high The largest value, included.
   * @throws {RangeError} If the parameter is of another kind than in the study so far.
   */
  suggestInt(
    name: string,
    low: number,
    high: number,
    options: Pick<IntOptions, "log" | "step"> = {},
  ): number {
    return this.#suggest(name, int(low, high, options)) as number;
  }

  /**
   * One of several values, as Optuna's `suggest_categorical`; see
   * {@linkcode Trial.suggestFloat}.
   *
   * @param choices The values; the same list, in the same order, in every trial.
   * @throws {RangeError} If the list is another one than in the study so far.
   */
  suggestCategorical<const T extends ParameterValue>(
    name: string,
    choices: readonly T[],
  ): T {
    return this.#suggest(name, choice(choices)) as T;
  }

  #suggest(name: string, builder: ParameterBuilder<ParameterValue>) {
    const host = this.#host;
    const own = this.#record.params as Configuration;
    const { value, grown } = suggested(name, builder, {
      known: host.parameter?.(name) ?? null,
      planned: { ...this.#planned, ...own },
      random: () => this.random(`suggest ${name}`),
    });
    if (Object.hasOwn(own, name) && own[name] === value) return value;
    if (this.#closed) {
      throw new RangeError(
        `Cannot suggest ${JSON.stringify(name)}: trial ${this.number} is over`,
      );
    }
    if (grown !== null) {
      if (host.grow === undefined) {
        throw new RangeError(
          `Cannot suggest ${
            JSON.stringify(name)
          }: this trial runs where its study's space cannot grow; declare it with space: space({ … })`,
        );
      }
      host.grow(grown);
    }
    this.#record = Object.freeze({
      ...this.#record,
      params: Object.freeze({ ...own, [name]: value }) as C,
    });
    this.#hasNewParams = true;
    return value;
  }

  /** Stores what was asked for since it was stored last. */
  async #storeParams(): Promise<void> {
    if (!this.#hasNewParams) return;
    this.#hasNewParams = false;
    try {
      await this.#host.storeParams?.(
        this.number,
        this.#record.params as Configuration,
      );
    } catch (error) {
      this.#hasNewParams = true;
      throw error;
    }
  }

  /**
   * The step up to which to train now, where the study's budget is given in
   * steps; `Infinity` where it is not. `shouldStop()` is true once it is
   * reached, so that an objective need not look at it.
   */
  get budget(): number {
    return this.#start?.budget ?? Infinity;
  }

  /** The step after which to go on: that of the last checkpoint; 0 for a trial that starts anew. */
  get startStep(): number {
    return this.#start?.resume?.step ?? 0;
  }

  /** What `checkpoint` was given last, for a trial that goes on; undefined for one that starts anew. */
  get resumeFrom(): unknown {
    return this.#start?.resume?.state;
  }

  /**
   * Keeps the state of the training at the last step reported, so that a trial
   * that is paused can go on from there; without it, it starts anew when it is
   * resumed. Does nothing where the study's budget is not given in steps.
   *
   * @param state What to go on from. Any value, e.g. the model itself: it is
   * kept in memory, unless `optimize` was given `checkpoints`.
   */
  async checkpoint(state: unknown): Promise<void> {
    if (this.#lastStep === null) {
      throw new RangeError(
        `Cannot keep the state of trial ${this.number}: it has reported no step yet; call trial.report(epoch, value) first`,
      );
    }
    await this.#start?.checkpoint(this.#lastStep, state);
  }

  /** Whether it was paused before and goes on now. */
  get isResumed(): boolean {
    return this.#start?.isResumed ?? false;
  }

  /** How many steps it has reported since it began or went on: what a budget counts. */
  get stepsReported(): number {
    return this.#stepsReported;
  }

  /** Whether it is to be paused: it has used its budget, or was stopped before, and more can follow. */
  get isToBePaused(): boolean {
    const { budget = Infinity, isFinal = true } = this.#start ?? {};
    if (this.#start === null || this.#lastStep === null) return false;
    return this.#isAborted ||
      (!isFinal && this.#lastStep >= budget);
  }

  /** What the surrogate expected of it before it ran; null where there was none. */
  get forecast(): Prediction | null {
    return this.#record.forecast;
  }

  /** The name of its study. */
  get studyName(): string {
    return this.#host.studyName;
  }

  /** The names of all parameters that are searched, also of those that are not active in this trial. */
  get parameterNames(): readonly string[] {
    return this.#host.parameterNames;
  }

  /** The seed of its study: what its random streams hang on. */
  get studySeed(): string {
    return this.#host.seed;
  }

  /** What its study optimizes. */
  get objectives(): readonly Objective[] {
    return this.#host.objectives;
  }

  /** A whole number in `[0, 2^31)` that hangs on the study's seed and the trial's number: for libraries that want a seed. */
  get seed(): number {
    return this.random("trial seed").int(2 ** 31);
  }

  /**
   * A stream of random numbers for the objective's own use, the same whenever
   * this trial is run again.
   *
   * @param purpose What tells this stream from others of the trial. Defaults to `"objective"`.
   */
  random(purpose = "objective"): RandomStream {
    return randomStream(this.#host.seed, this.number, purpose);
  }

  /** Aborted when the trial should stop: for `fetch`, processes and the like. */
  get signal(): AbortSignal {
    // Made where it is asked for: most objectives never do.
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#isAborted) {
        this.#abort.abort(new StudyStopped(this.#stopReason ?? ""));
      }
    }
    return this.#abort.signal;
  }

  /** Why the trial should stop, in words; null while it should not. */
  get stopReason(): string | null {
    return this.#stopReason;
  }

  /** The last step reported, or null. */
  get step(): number | null {
    return this.#lastStep;
  }

  /**
   * Reports values at a step: they become points of the trial's curves, by
   * name. Kept at once in memory, stored within half a second or when the
   * trial ends. The curve that bears the objective's name is what pruners see.
   *
   * Awaiting it lets the notebook draw and the ■ button work during a long
   * loop; it costs nothing more than that.
   *
   * @param step The step, e.g. the epoch: a whole number of at least 0.
   * @param values The objective's value, or numbers by name, e.g.
   * `{ train: { loss }, validation: { loss, accuracy } }`. NaN and infinities
   * are kept as they are.
   * @throws {RangeError} If the step is not a whole number of at least 0.
   * @throws {TypeError} If a value is not a number.
   * @throws {StudyStopped} If the study was stopped and the objective has not
   * asked `shouldStop()` since its last report.
   */
  report(step: number, values: ReportValues): Promise<void> {
    const reports = reportsOf(step, values, this.#host.objectives[0]!.name);
    if (this.#closed) {
      throw new StudyStopped(
        `Trial ${this.number} is over: ${
          this.#stopReason ?? "it was told its result"
        }`,
      );
    }
    if (this.#isAborted && !this.#stopSeen) {
      this.#stopSeen = true;
      throw new StudyStopped(this.#stopReason!);
    }
    this.#stopSeen = false;
    this.#curves.add(reports);
    // One by one: there may be more names than a call takes arguments.
    for (const report of reports) this.#pending.push(report);
    if (step !== this.#lastStep) this.#stepsReported++;
    this.#lastStep = step;
    this.#host.announce(this as unknown as Trial, step);
    const now = performance.now();
    if (now - this.#storedAt > storeEveryMs) {
      this.#storedAt = now;
      // A failure keeps the reports: they go with the trial's end, which says so if it fails too.
      this.flush().catch(() => {});
    }
    return this.#hold?.promise ?? this.#turns.take(now);
  }

  /**
   * Whether the trial should stop now: its curve is not worth going on with
   * (says the pruner), the study was stopped, or its budget of steps is used. An
   * objective that sees `true` should return what it has; the trial then counts
   * as pruned, or is paused.
   */
  shouldStop(): boolean {
    this.#stopSeen = true;
    if (this.#stopReason !== null) return true;
    const isSpent = (this.#lastStep ?? 0) >= this.budget;
    const points = this.curve()?.values.length ?? 0;
    if (points === this.#judgedPoints) return isSpent;
    this.#judgedPoints = points;
    const asked = this.#askedAtStep;
    this.#askedAtStep = this.#lastStep;
    const reason = this.#host.judge(this as unknown as Trial, asked);
    if (reason !== null) this.#stopReason = reason;
    return reason !== null || isSpent;
  }

  /**
   * Ends the trial as pruned, from within the objective.
   *
   * @param reason Why, in words.
   * @throws {TrialPruned} Always: that is how it ends.
   */
  prune(reason?: string): never {
    throw new TrialPruned(reason ?? this.#stopReason ?? undefined);
  }

  /**
   * The best value of a curve so far, NaN if all its values are NaN.
   *
   * @param name The curve's name. Defaults to the objective's.
   * @param direction Which values are better. Defaults to the objective's
   * direction for its own curve, else to what the name says: losses and errors
   * are minimized, accuracies and scores maximized.
   * @throws {TrialPruned} If there is no such curve because the trial was
   * stopped before its first report.
   * @throws {RangeError} If there is no such curve otherwise, or its name does
   * not say which values are better.
   */
  best(
    name: string = this.#host.objectives[0]!.name,
    direction?: Direction,
  ): number {
    const curve = this.#curves.peek(name);
    if (curve === null && this.#stopReason !== null) {
      throw new TrialPruned(this.#stopReason);
    }
    if (curve === null) {
      const names = this.#curves.names.map((other) => JSON.stringify(other))
        .join(", ");
      throw new RangeError(
        `Cannot find the best of the curve ${
          JSON.stringify(name)
        }: trial ${this.number} has reported ${names || "nothing yet"}`,
      );
    }
    return bestPoint(curve, direction ?? this.#directionOf(name))?.value ?? NaN;
  }

  #directionOf(name: string): Direction {
    const objective = this.#host.objectives.find((other) =>
      other.name === name
    );
    const direction = objective?.direction ?? guessDirection(name);
    if (direction !== null) return direction;
    throw new RangeError(
      `Cannot tell which values of ${
        JSON.stringify(name)
      } are better: say trial.best(${
        JSON.stringify(name)
      }, "minimize") or "maximize"`,
    );
  }

  /**
   * A curve as it is now; null if nothing was reported under that name.
   *
   * @param name The curve's name. Defaults to the objective's.
   */
  curve(name: string = this.#host.objectives[0]!.name): Curve | null {
    return this.#curves.peek(name);
  }

  /**
   * What the curves show so far, which parameter to move, and where they are
   * going. Thresholds are higher than for a finished trial, so that looking
   * after each epoch does not cry wolf.
   *
   * @param context What the curves do not say, e.g. the baseline.
   */
  diagnose(context: DiagnosisContext = {}): TrialDiagnosis {
    return this.#host.diagnose(this as unknown as Trial, context);
  }

  /**
   * Attaches a value to the trial, kept with it and seen by Optuna as a user
   * attribute.
   *
   * @param key The name.
   * @param value Anything that JSON can hold; `undefined` removes it.
   */
  async setAttribute(key: string, value: unknown): Promise<void> {
    await this.#host.setAttribute(this.number, key, value);
    const { [key]: _, ...others } = this.#record.attributes;
    this.#record = Object.freeze({
      ...this.#record,
      attributes: Object.freeze(
        value === undefined ? others : { ...others, [key]: value },
      ),
    });
  }

  /**
   * Keeps the derivatives of the (first) objective at the trial's configuration, for
   * a `gradientSampler`: stored with the trial, so that a study goes on from it
   * another day.
   *
   * @param derivatives By parameter, each per unit of the parameter's own value (also
   * where its scale is logarithmic), of the objective as it is returned. Those left
   * out count as 0.
   * @throws {RangeError} If a name is not that of an active number, or a derivative is
   * NaN or infinite. Let it pass: the trial fails, and the study goes on.
   */
  async gradient(
    derivatives: { readonly [K in keyof C & string]?: number },
  ): Promise<void> {
    checkGradient(this.number, this.params, derivatives);
    await this.setAttribute(gradientAttribute, { ...derivatives });
  }

  /**
   * Says what was measured of the trial beside its objective, e.g. the memory it
   * took: what the study's constraints bound, what a suggestion may be weighed
   * by as a cost, and an attribute of the trial. Kept when the trial ends or is
   * paused; the last value counts.
   *
   * @param name What was measured, e.g. `"memory GB"`.
   * @param value The value; may be infinite.
   * @throws {TypeError} If the name is not a text or the value not a number.
   * @throws {RangeError} If the value is NaN.
   */
  measure(name: string, value: number): void {
    checkMeasure(this.number, name, value);
    if (this.#closed) {
      throw new RangeError(
        `Cannot measure ${
          JSON.stringify(name)
        } of trial ${this.number}: it is over; measure before its result is told`,
      );
    }
    const kept = keptMeasure(value);
    this.#measures.set(name, kept);
    this.#record = Object.freeze({
      ...this.#record,
      attributes: Object.freeze({ ...this.#record.attributes, [name]: kept }),
    });
    this.#host.measured?.(name, value);
  }

  /** The measures to be stored, by name, as attributes. */
  get measures(): Readonly<Record<string, number | string>> {
    return Object.fromEntries(this.#measures);
  }

  /** The trial as a record, as it is now. */
  record(): TrialRecord<C> {
    const record = { ...this.#record, curves: this.#curves.snapshot() };
    const { constraints = [], objectives } = this.#host;
    return Object.freeze(
      constraints.length === 0 ? record : {
        ...record,
        constraints: constraintValues(constraints, objectives, record),
      },
    );
  }

  /** Asks the trial to stop. The study calls it; the first reason stays. */
  requestStop(reason: string): void {
    this.#stopReason ??= reason;
    this.release();
    if (!this.#isAborted) {
      this.#isAborted = true;
      this.#abort?.abort(new StudyStopped(this.#stopReason));
    }
  }

  /** Whether it was asked to stop; what {@linkcode Trial.signal} tells others. */
  get isStopped(): boolean {
    return this.#isAborted;
  }

  /** Whether it is held. */
  get isHeld(): boolean {
    return this.#hold !== null;
  }

  /** Lets the objective wait at its next awaited report. The run calls it. */
  hold(): void {
    if (!this.#isAborted) this.#hold ??= Promise.withResolvers();
  }

  /** Ends a hold. */
  release(): void {
    this.#hold?.resolve();
    this.#hold = null;
  }

  /** Whether the objective was told to stop, and so knows that it did not run to its end. */
  get knowsItShouldStop(): boolean {
    return this.#stopReason !== null && this.#stopSeen;
  }

  /** Stores the reports that are still in memory. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.catch(() => {}).then(async () => {
      await this.#storeParams();
      const batch = this.#pending;
      if (batch.length === 0) return;
      this.#pending = [];
      try {
        await this.#host.store(this.number, batch);
      } catch (error) {
        this.#pending = [...batch, ...this.#pending];
        throw error;
      }
    });
    return this.#flushing;
  }

  /** Refuses further reports and gives those not yet stored. The study calls it at the trial's end. */
  async close(): Promise<readonly Report[]> {
    this.#closed = true;
    await this.#flushing.catch(() => {});
    await this.#storeParams();
    return this.#pending;
  }
}
