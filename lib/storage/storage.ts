import type {
  Objective,
  OutcomeConstraint,
  Prediction,
  TrialOrigin,
  TrialRecord,
  TrialState,
} from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";

/** What a study is, when it is made. */
export interface StudyDefinition {
  /** The name, unique in the storage, at most 512 characters. */
  readonly name: string;
  /** What it optimizes, at least one. */
  readonly objectives: readonly Objective[];
  /** What its trials must keep to. Defaults to nothing. */
  readonly constraints?: readonly OutcomeConstraint[];
  /** What it searches. */
  readonly space: Space;
  /** The seed from which all its random streams are derived. */
  readonly seed: string;
  /** A description of the task, JSON; null if there is none. */
  readonly task: unknown;
}

/** What may change of a study. */
export interface StudyChange {
  /** What it searches from now on. */
  readonly space?: Space;
  /** What its trials must keep to from now on. */
  readonly constraints?: readonly OutcomeConstraint[];
  /** The description of its task, JSON. */
  readonly task?: unknown;
}

/** A study as storage knows it. */
export interface StoredStudy extends Omit<StudyDefinition, "space"> {
  /** The storage's own key. */
  readonly id: number;
  /** What it searches; null if another program made the study and no trial tells. */
  readonly space: Space | null;
  /** Whether the space was read from the trials of another program, rather than declared. */
  readonly spaceInferred: boolean;
  /** What the user attached, by key: JSON values. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A study at a glance, as a library of studies lists it. */
export interface StudySummary {
  /** The storage's own key. */
  readonly id: number;
  /** The name. */
  readonly name: string;
  /** What it optimizes. */
  readonly objectives: readonly Objective[];
  /** The seed. */
  readonly seed: string;
  /** The description of its task, JSON; null if there is none. */
  readonly task: unknown;
  /** What the user attached, by key: JSON values. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** How many trials are complete. */
  readonly completeTrials: number;
  /** How many trials there are, in any state. */
  readonly trials: number;
  /**
   * What it searches, read when it is asked for; null if another program made
   * the study and no trial tells.
   *
   * @throws {StorageError} If the storage was closed meanwhile.
   */
  space(): Space | null;
}

/** A trial to be made. */
export interface TrialDraft {
  /** `running` to begin at once, `waiting` to be claimed later. */
  readonly state: "running" | "waiting";
  /** The configuration; of a waiting trial, the part that is fixed. */
  readonly params: Configuration;
  /** Who chose it. */
  readonly origin: TrialOrigin;
  /** Why, in words. */
  readonly reason?: string | null;
  /** What is expected of it. */
  readonly forecast?: Prediction | null;
}

/** What goes with a configuration that is set later. */
export interface ParamsDetails {
  /** Why it was chosen, in words. Defaults to what was there. */
  readonly reason?: string | null;
  /** What is expected of it. Defaults to what was there. */
  readonly forecast?: Prediction | null;
}

/** A value of a curve at a step. */
export interface Report {
  /** The curve's name. */
  readonly name: string;
  /** The step: a whole number of at least 0. */
  readonly step: number;
  /** The value; NaN and infinities are kept. */
  readonly value: number;
}

/** How a trial ended. */
export interface Outcome {
  /** The state it ended in. */
  readonly state: Extract<TrialState, "complete" | "pruned" | "failed">;
  /** A value an objective, none NaN; null for a failed trial, and for a pruned one that has none. */
  readonly values: readonly number[] | null;
  /**
   * A value a constraint, as far as they are known: Python's Optuna sees them.
   * Defaults to none.
   */
  readonly constraints?: readonly (number | null)[];
  /** Attributes to set with it, by key. Defaults to none. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** The error's text, for a failed trial. */
  readonly error?: string | null;
  /** Why it was stopped, in words. */
  readonly reason?: string | null;
}

/** Options of `failAbandoned`. */
export interface AbandonOptions {
  /** How often the configuration of such a trial is put into the queue again. Defaults to `0`. */
  readonly retries?: number;
}

/** Which trials to read. */
export interface TrialQuery {
  /** Only trials of this number and above. Defaults to `0`. */
  readonly from?: number;
  /** Only trials below this number. Defaults to all. */
  readonly to?: number;
  /** And these as well. Defaults to none. */
  readonly also?: readonly number[];
}

/** What `takeTrial` gives. */
export interface TakenTrial {
  /** The trial, which runs now. */
  readonly record: TrialRecord;
  /** Whether it was made now, rather than taken out of the queue. */
  readonly isNew: boolean;
  /** The trials that were asked for, or the first of many, by number. */
  readonly trials: readonly TrialRecord[];
}

/**
 * Keeps studies and trials. Trials go by the study's id and their number.
 *
 * What every implementation promises (the conformance suite checks it):
 * - a call that has resolved is kept, even if the process is killed at once;
 * - numbers are dense, from 0, and no two callers are given the same one;
 * - a waiting trial is claimed by one caller only;
 * - a finished trial never changes again;
 * - what is handed out is frozen.
 */
export interface StudyStorage {
  /** What it is, for messages: `SQLite file "studies.db"`. */
  readonly description: string;

  /**
   * Makes a study.
   *
   * @throws {RangeError} If there is one of that name.
   */
  createStudy(definition: StudyDefinition): Promise<StoredStudy>;

  /** The study of that name, or null. */
  findStudy(name: string): Promise<StoredStudy | null>;

  /** All studies, the oldest first. */
  listStudies(): Promise<StoredStudy[]>;

  /**
   * All studies at a glance, the oldest first, without reading trials: quick
   * also for ten thousand. Absent where a storage has no such way.
   */
  summarizeStudies?(): Promise<StudySummary[]>;

  /** Deletes a study and its trials. No error if it is gone already. */
  deleteStudy(studyId: number): Promise<void>;

  /** Replaces the study's space, constraints or task description. */
  updateStudy(
    studyId: number,
    change: StudyChange,
  ): Promise<void>;

  /** Sets an attribute of the study; `undefined` removes it. */
  setStudyAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void>;

  /** Makes a trial with the next number. */
  createTrial(studyId: number, draft: TrialDraft): Promise<TrialRecord>;

  /**
   * Adds trials that ran elsewhere, with their times, as the next numbers, in one
   * transaction. Left out where a storage cannot.
   *
   * @param trials Waiting or finished ones, in their order; their numbers are not looked at.
   * @throws {RangeError} If one is running, or lacks a value an objective.
   */
  addTrials?(studyId: number, trials: readonly TrialRecord[]): Promise<void>;

  /**
   * Takes the waiting trial of the lowest number and sets it running, in one
   * transaction; null if none is waiting.
   */
  claimTrial(studyId: number): Promise<TrialRecord | null>;

  /**
   * Takes the waiting trial of the lowest number, as `claimTrial` does, or makes one
   * if none is waiting; and then reads trials: where a storage is far away, all on
   * one way there and back. Left out where that gains nothing.
   *
   * @param draft What is made if none is waiting: a trial that runs.
   */
  takeTrial?(
    studyId: number,
    draft: TrialDraft & { readonly state: "running" },
    query?: TrialQuery,
  ): Promise<TakenTrial>;

  /**
   * Gives a running trial its configuration.
   *
   * @throws {RangeError} If the trial is unknown or not running.
   */
  setParams(
    studyId: number,
    number: number,
    params: Configuration,
    details?: ParamsDetails,
  ): Promise<void>;

  /**
   * Adds values to a running trial's curves. A value for a step that has one
   * already replaces it.
   *
   * @throws {RangeError} If the trial is unknown or not running.
   */
  report(
    studyId: number,
    number: number,
    reports: readonly Report[],
  ): Promise<void>;

  /**
   * Ends a trial, with the reports not yet stored, in one transaction.
   *
   * @throws {RangeError} If the trial is unknown or has ended already.
   */
  finishTrial(
    studyId: number,
    number: number,
    outcome: Outcome,
    reports?: readonly Report[],
  ): Promise<TrialRecord>;

  /**
   * Sets an attribute of a trial; `undefined` removes it. Notes on finished
   * trials are allowed: attributes are the one thing that may still change.
   *
   * @throws {RangeError} If the trial is unknown.
   */
  setTrialAttribute(
    studyId: number,
    number: number,
    key: string,
    value: unknown,
  ): Promise<void>;

  /**
   * Sets how a finished trial stands to the constraints, where they or what was
   * measured have changed. Left out where a storage cannot.
   *
   * @throws {RangeError} If the trial is unknown.
   */
  setTrialConstraints?(
    studyId: number,
    number: number,
    values: readonly (number | null)[],
  ): Promise<void>;

  /**
   * Pauses a running trial, with the reports not yet stored, in one transaction:
   * it stays running for other programs, bears the mark {@linkcode
   * pausedAttribute}, and belongs to no process. Left out where a storage cannot.
   *
   * @throws {RangeError} If the trial is unknown or not running.
   */
  pauseTrial?(
    studyId: number,
    number: number,
    reports?: readonly Report[],
  ): Promise<TrialRecord>;

  /**
   * Takes a paused trial over, in one transaction; null if it is not paused (any
   * more). Left out where a storage cannot.
   */
  resumeTrial?(studyId: number, number: number): Promise<TrialRecord | null>;

  /** Trials by number. */
  readTrials(studyId: number, query?: TrialQuery): Promise<TrialRecord[]>;

  /**
   * Fails the running trials of processes that no longer live, with the reason
   * in their error text, and gives their numbers. A trial that had been paused
   * before, and that such a process went on with, is paused again instead, up to
   * three times: what it had reached is not lost.
   */
  failAbandoned(studyId: number, options?: AbandonOptions): Promise<number[]>;

  /** Lets go of files and connections. Calling it twice is fine. */
  close(): Promise<void>;
}
