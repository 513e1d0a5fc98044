import {
  bestTrial,
  constraintValues,
  frontOf,
  isFeasible,
  isFinished,
  kneeOf,
  leastViolating,
  type StudyView,
  type TrialHistory,
  type TrialRecord,
  verdictOf,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { StudyStorage, TrialQuery } from "../storage/mod.ts";
import { shownRecord } from "./_shown_record.ts";
import type { StudyParts } from "./study_options.ts";
import type { Trial } from "./trial.ts";

/** The trials of a study as this process knows them, and those that it runs. */
export class TrialBook<C> {
  readonly #stored: StudyParts["stored"];
  readonly #storage: StudyStorage;
  readonly #records: TrialRecord<C>[] = [];
  readonly #unfinished = new Set<number>();
  readonly #live = new Map<number, Trial<C>>();
  #snapshot: readonly TrialRecord<C>[] | null = null;
  #version = 0;

  /** An empty book; {@linkcode refresh} fills it. */
  constructor({ stored, storage }: StudyParts) {
    this.#stored = stored;
    this.#storage = storage;
  }

  /** How many trials there are. */
  get size(): number {
    return this.#records.length;
  }

  /** Grows whenever a trial has begun, ended, or otherwise changed its state. */
  get version(): number {
    return this.#version;
  }

  /** All trials by number, those that this process runs as of now. */
  get trials(): readonly TrialRecord<C>[] {
    if (this.#live.size > 0) return Object.freeze(this.#all(null));
    this.#snapshot ??= Object.freeze([...this.#records]);
    return this.#snapshot;
  }

  /** The best complete trial, or null. */
  get best(): TrialRecord<C> | null {
    const { objectives } = this.#stored;
    return objectives.length > 1
      ? kneeOf(this.front, objectives)
      : bestTrial({ objectives, trials: this.#records });
  }

  /** Of the complete trials, where none is feasible, the one that violates the constraints least; else null. */
  get leastViolating(): TrialRecord<C> | null {
    const { constraints = [] } = this.#stored;
    if (constraints.length === 0) return null;
    const hasFeasible = this.#records.some((trial) =>
      trial.state === "complete" && isFeasible(trial)
    );
    return hasFeasible ? null : leastViolating({ trials: this.#records });
  }

  /** The Pareto front. */
  get front(): readonly TrialRecord<C>[] {
    const { objectives } = this.#stored;
    return Object.freeze(frontOf({ objectives, trials: this.#records }));
  }

  /** The study as it is now. */
  view(): StudyView<C> {
    const { name, objectives, constraints = [], space } = this.#stored;
    return {
      name,
      objectives,
      constraints,
      space: space as unknown as StudyView<C>["space"],
      trials: this.trials,
    };
  }

  /**
   * The study without one of its trials. The list of the others is made when it
   * is first read: not every sampler reads it, and it may be long.
   */
  viewWithout(except: number): StudyView<C> {
    if (this.#records[except] === undefined) return this.view();
    const { name, objectives, constraints = [], space } = this.#stored;
    const list = () => Object.freeze(this.#all(except));
    let trials: readonly TrialRecord<C>[] | null = null;
    return {
      name,
      objectives,
      constraints,
      space: space as unknown as StudyView<C>["space"],
      get trials() {
        return trials ??= list();
      },
    };
  }

  /** The trials but one, by their place; as of the moment in which they are looked at. */
  historyWithout(except: number): TrialHistory<C> {
    const length = this.size - (this.#records[except] === undefined ? 0 : 1);
    const at = (index: number) =>
      index < length ? this.get(index < except ? index : index + 1) : undefined;
    return {
      length,
      at,
      slice: (from, to) =>
        Array.from(
          { length: Math.max(0, Math.min(to, length) - from) },
          (_, i) => at(from + i)!,
        ),
    };
  }

  /** All trials as of now, but one: a copy and no more, because there may be many. */
  #all(except: number | null): TrialRecord<C>[] {
    const trials = this.#records.slice();
    for (const [number, trial] of this.#live) {
      if (number !== except) trials[number] = trial.record();
    }
    if (except !== null) trials.splice(except, 1);
    return trials;
  }

  /** A trial as of now, or undefined. */
  get(number: number): TrialRecord<C> | undefined {
    return this.#live.get(number)?.record() ?? this.#records[number];
  }

  /** A trial that this process runs, or undefined. */
  live(number: number): Trial<C> | undefined {
    return this.#live.get(number);
  }

  /** Which trials other processes may have added or changed. */
  get unread(): TrialQuery {
    return { from: this.#records.length, also: [...this.#unfinished] };
  }

  /** Reads what other processes have added or changed. */
  async refresh(): Promise<void> {
    this.keep(await this.#storage.readTrials(this.#stored.id, this.unread));
  }

  /** Notes trials as they were read, those {@linkcode unread} before. */
  keep(records: readonly TrialRecord[]): void {
    for (const record of records) this.#keep(record as TrialRecord<C>);
  }

  /** A trial in the words of the space as it is now; one that waits is looked at when it is claimed. */
  #translated(record: TrialRecord<C>): TrialRecord<C> {
    const { space } = this.#stored;
    if (space.edits.length === 0 || record.state === "waiting") return record;
    const given = record.params as Configuration;
    const params = space.translate(given);
    return params === given
      ? record
      : Object.freeze({ ...record, params: params as C });
  }

  /** A trial with how it stands to the constraints as they are now; what was stored, where nothing was measured here. */
  #constrained(record: TrialRecord<C>): TrialRecord<C> {
    const { constraints = [], objectives } = this.#stored;
    if (constraints.length === 0) return record;
    const values = constraintValues(constraints, objectives, record);
    return {
      ...record,
      constraints: Object.freeze(
        values.map((value, c) => value ?? record.constraints?.[c] ?? null),
      ),
    };
  }

  /** Notes that this process runs a trial. */
  begin(record: TrialRecord<C>, trial: Trial<C>): void {
    this.#keep(record);
    this.#live.set(record.number, trial);
  }

  /** Notes how a trial ended; gives the record back as the book has it. */
  end(record: TrialRecord<C>): TrialRecord<C> {
    this.#live.delete(record.number);
    return this.#keep(record);
  }

  /** Reads one trial anew, also a finished one: its attributes may have changed. */
  async reread(number: number): Promise<TrialRecord<C>> {
    const [record] = await this.#storage.readTrials(this.#stored.id, {
      from: Number.MAX_SAFE_INTEGER,
      also: [number],
    });
    return this.#keep(record as TrialRecord<C>);
  }

  #keep(read: TrialRecord<C>): TrialRecord<C> {
    const record = shownRecord(
      this.#constrained(judged(this.#translated(read))),
      this.#stored.constraints,
    );
    const before = this.#records[record.number];
    this.#records[record.number] = record;
    if (
      before === undefined || record.state !== before.state ||
      verdictOf(record)?.state !== verdictOf(before)?.state
    ) this.#version++;
    if (isFinished(record.state)) this.#unfinished.delete(record.number);
    else this.#unfinished.add(record.number);
    this.#snapshot = null;
    return record;
  }
}

/** A finished trial as a person has said that it is to count. */
function judged<C>(record: TrialRecord<C>): TrialRecord<C> {
  const verdict = isFinished(record.state) ? verdictOf(record) : null;
  if (verdict === null) return record;
  const words = verdict.state === "failed" ? "Failed by hand" : "Discarded";
  return {
    ...record,
    state: "failed",
    value: null,
    values: null,
    error: record.error ?? `${words}: ${verdict.reason ?? "no reason given"}`,
  };
}
