import { auditAttribute, type AuditNote } from "../pruners/mod.ts";
import {
  constraintValues,
  type Prediction,
  priorWeightKey,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Outcome, Report, TakenTrial } from "../storage/mod.ts";
import { checkMeasure, keptMeasure } from "./_measures.ts";
import { outcomeOf } from "./_outcome.ts";
import { Preparation } from "./_preparation.ts";
import { choose, type Chooser, chooserWithin, usable } from "./_suggest.ts";
import type { TrialBook } from "./_trial_book.ts";
import { SamplerExhausted } from "./errors.ts";
import type { StudyEvent } from "./run.ts";
import type { AskOptions, EnqueueOptions } from "./ask_options.ts";
import type { StudyParts } from "./study_options.ts";
import { definedByRunKey } from "./_suggested.ts";
import { Trial, type TrialHost, type TrialStart } from "./trial.ts";
import { endOf, type Measures, type TrialResult } from "./trial_result.ts";

/** Where trials are handed out and their results taken in: ask, tell, and the queue. */
export class TrialDesk<C> {
  readonly #parts: StudyParts;
  readonly #book: TrialBook<C>;
  readonly #announce: (event: StudyEvent) => void;
  readonly #diagnose: TrialHost["diagnose"];
  readonly #preparation: Preparation;
  readonly #unsaved = new Map<
    number,
    { readonly outcome: Outcome; readonly reports: readonly Report[] }
  >();
  readonly #ended: (number: number) => void;
  readonly #expects: (params: C) => Prediction | null;
  readonly #audited = new Set<number>();
  #asking: Promise<unknown> = Promise.resolve();

  /** The desk of one study. */
  constructor(
    parts: StudyParts,
    book: TrialBook<C>,
    announce: (event: StudyEvent) => void,
    diagnose: TrialHost["diagnose"],
    ended: (number: number) => void,
    expects: (params: C) => Prediction | null,
  ) {
    this.#parts = parts;
    this.#book = book;
    this.#announce = announce;
    this.#diagnose = diagnose;
    this.#ended = ended;
    this.#expects = expects;
    this.#preparation = new Preparation(parts.sampler, () => {
      const study = this.#view();
      return { study, number: study.trials.length };
    });
  }

  get #id(): number {
    return this.#parts.stored.id;
  }

  get #space(): Space<C> {
    return this.#parts.stored.space as unknown as Space<C>;
  }

  /**
   * Who would choose now.
   *
   * @param number The trial to choose for, if it is in the book already.
   */
  chooser(number?: number): Chooser {
    const { sampler, stored, starts, prior } = this.#parts;
    const { seed } = stored;
    const view =
      (number === undefined
        ? this.#book.view()
        : this.#book.viewWithout(number)) as unknown as Chooser["view"];
    const history = number === undefined
      ? null
      : this.#book.historyWithout(number) as unknown as Chooser["history"];
    return { view, history, sampler, seed, starts, prior };
  }

  #view(): Chooser["view"] {
    return this.#book.view() as unknown as Chooser["view"];
  }

  /** `study.ask`. */
  ask(options: AskOptions<C>): Promise<Trial<C>> {
    return this.inTurn(() => this.#ask(options));
  }

  /** Does what chooses configurations one at a time: each must see the one before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#asking.then(work, work);
    this.#asking = done;
    return done;
  }

  /** `study.ask`, within a turn. */
  askNow(): Promise<Trial<C>> {
    return this.#ask({});
  }

  async #ask(options: AskOptions<C>): Promise<Trial<C>> {
    const { storage, stored } = this.#parts;
    await this.saveUnsaved();
    const pinned = options.fixed === undefined
      ? null
      : this.#space.validatePartial(options.fixed);
    const { record, isNew } = await this.#take(pinned !== null);
    const { number } = record;
    try {
      const fixed = pinned ??
        usable(stored.space, record.params as Configuration);
      const choice = await choose(
        chooserWithin(this.chooser(number), options.within),
        number,
        fixed,
      );
      if (choice === null) throw this.#exhausted();
      const { params } = choice;
      // Of a queued configuration nobody has said yet what to expect.
      const forecast = choice.forecast ??
        (isNew ? null : this.#expects(params as C));
      const reason = choice.reason ?? record.reason;
      const isOpen = Object.hasOwn(stored.attributes, definedByRunKey);
      // Such a trial has what it asks for, once it asks.
      await storage.setParams(this.#id, number, isOpen ? {} : params, {
        reason,
        forecast,
      });
      const { priorWeight } = choice;
      if (priorWeight !== null) {
        await storage.setTrialAttribute(
          this.#id,
          number,
          priorWeightKey,
          priorWeight,
        );
      }
      return this.open(
        Object.freeze({
          ...record as TrialRecord<C>,
          ...priorWeight === null ? {} : {
            attributes: Object.freeze({
              ...record.attributes,
              [priorWeightKey]: priorWeight,
            }),
          },
          params: (isOpen ? {} : params) as C,
          reason,
          forecast,
        }),
        null,
        { ...record.params as Configuration, ...params },
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

  /**
   * A trial out of the queue, else a new one; and in the book then, all that other
   * processes have made before it.
   */
  async #take(
    mustBeNew: boolean,
  ): Promise<Pick<TakenTrial, "record" | "isNew">> {
    const { storage, sampler } = this.#parts;
    const draft = { state: "running", params: {}, origin: "sampler" } as const;
    if (
      !mustBeNew && sampler.remaining === undefined &&
      storage.takeTrial !== undefined
    ) {
      const taken = await storage.takeTrial(this.#id, draft, this.#book.unread);
      this.#book.keep(taken.trials);
      // Where others have made very many, only the first came with it.
      if (this.#book.size <= taken.record.number) await this.#book.refresh();
      return taken;
    }
    const claimed = mustBeNew ? null : await storage.claimTrial(this.#id);
    if (claimed === null && await this.#isExhausted()) throw this.#exhausted();
    const record = claimed ?? await storage.createTrial(this.#id, draft);
    await this.#book.refresh();
    return { record, isNew: claimed === null };
  }

  async #isExhausted(): Promise<boolean> {
    const { sampler, stored } = this.#parts;
    if (sampler.remaining === undefined) return false;
    await this.#book.refresh();
    return sampler.remaining({ study: this.#view(), seed: stored.seed }) <= 0;
  }

  #exhausted(): SamplerExhausted {
    return new SamplerExhausted(
      `the ${this.#parts.sampler.name} sampler has no configuration left`,
    );
  }

  /** Starts a trial whose configuration, valid for the space, a person chose. */
  async begin(
    params: C,
    { forecast, chosenBy = "manual", reason = "Chosen by hand." }: {
      readonly forecast: Prediction | null;
      readonly chosenBy?: "manual" | "sampler";
      readonly reason?: string;
    },
  ): Promise<Trial<C>> {
    const record = await this.#parts.storage.createTrial(this.#id, {
      state: "running",
      params: params as Configuration,
      origin: chosenBy,
      reason,
      forecast,
    });
    await this.#book.refresh();
    return this.open(record as TrialRecord<C>);
  }

  /** Hands out a trial that is running. */
  open(
    record: TrialRecord<C>,
    start: TrialStart | null = null,
    planned: Configuration = record.params as Configuration,
  ): Trial<C> {
    const trial = new Trial<C>(record, this.#host, start, planned);
    this.#book.begin(record, trial);
    this.#preparation.began(record.number);
    return trial;
  }

  get #host(): TrialHost {
    const { storage, stored } = this.#parts;
    return {
      studyName: stored.name,
      parameterNames: this.#space.names,
      seed: stored.seed,
      objectives: stored.objectives,
      constraints: stored.constraints,
      store: (number, reports) => storage.report(this.#id, number, reports),
      announce: (trial, step) =>
        this.#announce({ type: "report", trial, step }),
      judge: (trial, askedAtStep) => this.#judge(trial, askedAtStep),
      diagnose: (trial, context) => this.#diagnose(trial, context),
      setAttribute: (number, key, value) =>
        storage.setTrialAttribute(this.#id, number, key, value),
      parameter: (name) =>
        stored.space.has(name) ? stored.space.parameter(name) : null,
      grow: (parameter) => {
        stored.space = stored.space.with(parameter);
      },
      storeParams: (number, params) => this.#storeParams(number, params),
    };
  }

  /** Stores what a trial has suggested, with the space that has grown; other processes may have made it grow as well. */
  async #storeParams(number: number, params: Configuration): Promise<void> {
    const { storage, stored } = this.#parts;
    const known = (await storage.findStudy(stored.name))?.space ?? null;
    for (const parameter of known?.parameters ?? []) {
      if (!stored.space.has(parameter.name)) {
        stored.space = stored.space.with(parameter);
      }
    }
    if (JSON.stringify(known) !== JSON.stringify(stored.space)) {
      await storage.updateStudy(this.#id, { space: stored.space });
    }
    await storage.setParams(this.#id, number, params);
  }

  #judge(trial: Trial, askedAtStep: number | null): string | null {
    const { pruner } = this.#parts;
    const curve = trial.curve();
    if (pruner === null || curve === null) return null;
    const { number } = trial;
    const { stop, reason, audit } = pruner.judge({
      curve,
      number,
      study: this.#view(),
      askedAtStep,
    });
    if (audit !== undefined && !this.#audited.has(number)) {
      this.#audited.add(number);
      const note: AuditNote = { step: trial.step ?? 0, ...audit };
      // A note that cannot be stored must not end the training.
      trial.setAttribute(auditAttribute, note).catch(() => {});
    }
    return stop ? reason : null;
  }

  /** `study.tell`. */
  async tell(
    trial: Trial<C> | number,
    result: TrialResult,
  ): Promise<TrialRecord<C>> {
    const number = typeof trial === "number" ? trial : trial.number;
    const live = this.#book.live(number);
    const { name } = this.#parts.stored.objectives[0]!;
    const outcome = outcomeOf(number, result, {
      objectives: this.#parts.stored.objectives,
      curve: live?.curve() ?? this.#book.get(number)?.curves.get(name) ?? null,
      stopReason: live?.stopReason ?? null,
    });
    const { measures = {} } = endOf(result);
    for (const [measure, value] of Object.entries(measures)) {
      checkMeasure(number, measure, value);
    }
    if (live === undefined) {
      await this.#book.refresh();
      const attributes = kept(measures);
      return await this.#finish(
        number,
        this.#measured(this.#book.get(number), { ...outcome, attributes }),
        [],
      );
    }
    for (const [measure, value] of Object.entries(measures)) {
      live.measure(measure, value);
    }
    const reports = await live.close();
    const measured = this.#measured(live.record(), {
      ...outcome,
      attributes: live.measures,
    });
    try {
      return await this.#finish(number, measured, reports);
    } catch (error) {
      if (!(error instanceof RangeError)) {
        this.#unsaved.set(number, { outcome: measured, reports });
      }
      throw error;
    }
  }

  /** The outcome with how the trial stands to the constraints. */
  #measured(record: TrialRecord<C> | undefined, outcome: Outcome): Outcome {
    const { constraints = [], objectives } = this.#parts.stored;
    if (constraints.length === 0 || record === undefined) return outcome;
    return {
      ...outcome,
      constraints: constraintValues(constraints, objectives, {
        attributes: { ...record.attributes, ...outcome.attributes },
        curves: record.curves,
        values: outcome.values,
      }),
    };
  }

  async #finish(
    number: number,
    outcome: Outcome,
    reports: readonly Report[],
  ): Promise<TrialRecord<C>> {
    const record = await this.#parts.storage.finishTrial(
      this.#id,
      number,
      outcome,
      reports,
    ) as TrialRecord<C>;
    const kept = this.#book.end(record);
    this.#preparation.ended(number);
    this.#ended(number);
    return kept;
  }

  /** Takes a trial back that is paused. */
  takeBack(record: TrialRecord<C>): void {
    this.#book.end(record);
    this.#preparation.ended(record.number);
  }

  /** `study.saveUnsaved`. */
  async saveUnsaved(): Promise<void> {
    for (const [number, { outcome, reports }] of this.#unsaved) {
      await this.#finish(number, outcome, reports);
      this.#unsaved.delete(number);
    }
  }

  /** `study.enqueue`. */
  async enqueue(
    params: Partial<C>,
    { chosenBy = "enqueued", reason = "Put into the queue." }: EnqueueOptions,
  ): Promise<TrialRecord<C>> {
    const fixed = this.#queueable(params as Configuration);
    const record = await this.#parts.storage.createTrial(this.#id, {
      state: "waiting",
      params: fixed,
      origin: chosenBy,
      reason,
    });
    await this.#book.refresh();
    this.#announce({ type: "trial queued", record });
    return record as TrialRecord<C>;
  }

  /** Values for the queue; where trials say what they search, also of parameters that none has asked for yet. */
  #queueable(params: Configuration): Configuration {
    const { space, attributes } = this.#parts.stored;
    if (!Object.hasOwn(attributes, definedByRunKey)) {
      return space.validatePartial(params);
    }
    const entries = Object.entries(params);
    const isKnown = ([name]: readonly [string, unknown]) => space.has(name);
    return {
      ...Object.fromEntries(entries.filter((one) => !isKnown(one))),
      ...space.validatePartial(Object.fromEntries(entries.filter(isKnown))),
    };
  }

  /** Takes a waiting trial out of the queue. */
  async withdraw(number: number): Promise<void> {
    await this.#finish(number, {
      state: "failed",
      values: null,
      error: "Taken out of the queue",
    }, []);
  }
}

/** Measures as attributes. */
function kept(measures: Measures): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name, keptMeasure(value)]),
  );
}
