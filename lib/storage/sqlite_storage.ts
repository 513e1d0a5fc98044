import {
  constraintsKey,
  interruptionsAttribute,
  interruptionsOf,
  isPaused,
  mostInterruptions,
  pausedAttribute,
  type PauseNote,
  type TrialRecord,
  type TrialState,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  datetimeText,
  forecastJSON,
  stateName,
  stateOf,
  valueColumns,
} from "./_optuna.ts";
import {
  abandonedText,
  checkAdded,
  checkReports,
  checkValues,
  draftDefaults,
  notRunning,
  reportsOfCurves,
} from "./_record.ts";
import { retryOf } from "./_retry.ts";
import { SQLiteDatabase } from "./_sqlite_database.ts";
import {
  deleteStudyRows,
  findStudyId,
  insertStudy,
  readStudy,
} from "./_sqlite_studies.ts";
import { readSummaries } from "./_sqlite_summaries.ts";
import { readTrials } from "./_sqlite_trials.ts";
import {
  appendReports,
  insertTrial,
  setAttribute,
  writeConstraints,
  writeParams,
} from "./_sqlite_writes.ts";
import { goneWorker, thisWorker } from "./_worker.ts";
import { StorageError } from "./errors.ts";
import type {
  AbandonOptions,
  Outcome,
  ParamsDetails,
  Report,
  StoredStudy,
  StudyChange,
  StudyDefinition,
  StudyStorage,
  StudySummary,
  TrialDraft,
  TrialQuery,
} from "./storage.ts";

/** Options of {@linkcode SQLiteStorage}. */
export interface SQLiteStorageOptions {
  /** Whether to open the file for looking only. Defaults to `false`. */
  readonly readOnly?: boolean;
  /**
   * What a finished trial survives: `"process"`, the death of the process
   * (`kill -9`); `"power"`, a loss of power too, at the price of a wait for
   * the disk at each trial's end. Defaults to `"process"`.
   */
  readonly survives?: "process" | "power";
  /** How long to wait for another process's transaction, in milliseconds. Defaults to `20_000`. */
  readonly busyTimeoutMs?: number;
}

/**
 * Keeps studies in an SQLite file with Optuna's schema, so that Optuna and its
 * dashboard open it, and we open theirs. Any number of processes on one
 * machine may share the file.
 *
 * @example
 * ```ts ignore
 * import { SQLiteStorage } from "@etude/etude";
 * const storage = new SQLiteStorage("studies.db");
 * (await storage.listStudies()).map((study) => study.name);
 * ```
 */
export class SQLiteStorage implements StudyStorage {
  /** What it is, for messages. */
  readonly description: string;
  readonly #database: SQLiteDatabase;
  readonly #studies = new Map<number, StoredStudy>();
  readonly #trialIds = new Map<string, number>();

  /**
   * Opens the file or makes it.
   *
   * @param path The file's path, or `":memory:"`.
   * @throws {StorageError} If it cannot be opened, is not a database, is
   * another program's, or has a schema that this version does not know.
   */
  constructor(path: string, options: SQLiteStorageOptions = {}) {
    if (typeof path !== "string" || path === "") {
      throw new TypeError(
        `Cannot open the storage: the path is ${
          JSON.stringify(path) ?? String(path)
        }, expected a file such as "studies.db"`,
      );
    }
    const { readOnly = false, survives = "process", busyTimeoutMs = 20_000 } =
      options;
    this.#database = new SQLiteDatabase(path, {
      readOnly,
      durable: survives === "power",
      busyTimeoutMs,
    });
    this.description = `SQLite file ${JSON.stringify(path)}`;
  }

  /** Whether the file can be looked at but not changed. */
  get readOnly(): boolean {
    return this.#database.readOnly;
  }

  /** Makes a study. */
  createStudy(definition: StudyDefinition): Promise<StoredStudy> {
    return this.#write(() => {
      const { name } = definition;
      if (findStudyId(this.#database, name) !== null) {
        throw new RangeError(
          `Cannot make the study ${
            JSON.stringify(name)
          }: ${this.description} has one of that name`,
        );
      }
      return this.#loadStudy(insertStudy(this.#database, definition))!;
    });
  }

  /** The study of that name, or null. */
  findStudy(name: string): Promise<StoredStudy | null> {
    return this.#read(() => {
      const id = findStudyId(this.#database, name);
      return id === null ? null : this.#loadStudy(id);
    });
  }

  /** All studies, the oldest first. */
  listStudies(): Promise<StoredStudy[]> {
    return this.#read(() => {
      const rows = this.#database.all(
        "SELECT study_id FROM studies ORDER BY study_id",
      );
      return rows.map((row) => this.#loadStudy(Number(row.study_id))!);
    });
  }

  /** All studies at a glance, the oldest first. */
  summarizeStudies(): Promise<StudySummary[]> {
    return this.#read(() => readSummaries(this.#database));
  }

  /** Deletes a study and its trials. */
  deleteStudy(studyId: number): Promise<void> {
    return this.#write(() => {
      deleteStudyRows(this.#database, studyId);
      this.#studies.delete(studyId);
    });
  }

  /** Replaces the study's space, constraints or task description. */
  updateStudy(
    studyId: number,
    change: StudyChange,
  ): Promise<void> {
    return this.#write(() => {
      const study = this.#study(studyId);
      const space = change.space ?? study.space;
      const task = change.task ?? study.task ?? null;
      // Once a study is ours its constraints are those that it says it has.
      const constraints = change.constraints ??
        (study.spaceInferred ? study.constraints ?? [] : undefined);
      if (constraints !== undefined) {
        setAttribute(
          this.#database,
          "study",
          studyId,
          constraintsKey,
          constraints.length === 0 ? undefined : constraints,
        );
      }
      if (space === null) {
        this.#loadStudy(studyId);
        return;
      }
      this.#database.run(
        "INSERT INTO etude_studies VALUES (?, ?, ?) ON CONFLICT (study_id) DO UPDATE SET space_json = excluded.space_json, task_json = excluded.task_json",
        studyId,
        JSON.stringify(space),
        JSON.stringify(task),
      );
      this.#loadStudy(studyId);
    });
  }

  /** Sets an attribute of the study. */
  setStudyAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#write(() => {
      setAttribute(this.#database, "study", studyId, key, value);
      this.#loadStudy(studyId);
    });
  }

  /** Makes a trial with the next number. */
  createTrial(studyId: number, draft: TrialDraft): Promise<TrialRecord> {
    return this.#write(() =>
      this.#readOne(studyId, this.#insertTrial(studyId, draft).number)
    );
  }

  #insertTrial(
    studyId: number,
    draft: TrialDraft,
  ): { readonly id: number; readonly number: number } {
    const row = this.#database.get(
      "SELECT MAX(number) + 1 AS next FROM trials WHERE study_id = ?",
      studyId,
    );
    const number = Number(row?.next ?? 0);
    const running = draft.state === "running";
    const id = this.#database.insert(
      "INSERT INTO trials (number, study_id, state, datetime_start) VALUES (?, ?, ?, ?)",
      number,
      studyId,
      stateName(draft.state),
      running ? datetimeText(Date.now()) : null,
    );
    const { origin, reason, forecast } = draftDefaults(draft);
    this.#database.run(
      "INSERT OR REPLACE INTO etude_trials (trial_id, origin, reason, forecast_json, worker) VALUES (?, ?, ?, ?, ?)",
      id,
      origin,
      reason,
      forecastJSON(forecast),
      running ? thisWorker() : null,
    );
    this.#trialIds.set(`${studyId}:${number}`, id);
    if (running) {
      writeParams(this.#database, this.#study(studyId), id, draft.params);
    } else {
      this.#setSystemAttribute(id, "fixed_params", draft.params);
    }
    return { id, number };
  }

  /** Adds trials that ran elsewhere, in one transaction. */
  addTrials(studyId: number, trials: readonly TrialRecord[]): Promise<void> {
    return this.#write(() => {
      const study = this.#study(studyId);
      const row = this.#database.get(
        "SELECT MAX(number) + 1 AS next FROM trials WHERE study_id = ?",
        studyId,
      );
      const next = Number(row?.next ?? 0);
      trials.forEach((trial, i) => {
        checkAdded(trial, study.objectives.length);
        checkReports(reportsOfCurves(trial));
        insertTrial(this.#database, study, trial, next + i);
      });
    });
  }

  #setSystemAttribute(trialId: number, key: string, value: unknown): void {
    this.#database.run(
      "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, ?, ?)",
      trialId,
      key,
      JSON.stringify(value),
    );
  }

  #retry(studyId: number, number: number, id: number, retries: number): void {
    const history = this.#database.get(
      "SELECT value_json FROM trial_system_attributes WHERE trial_id = ? AND key = 'retry_history'",
      id,
    );
    const retry = retryOf(
      this.#readOne(studyId, number),
      history?.value_json,
      retries,
    );
    if (retry === null) return;
    const made = this.#insertTrial(studyId, retry.draft);
    for (const [key, value] of Object.entries(retry.systemAttributes)) {
      this.#setSystemAttribute(made.id, key, value);
    }
  }

  /** Takes the waiting trial of the lowest number, in one transaction. */
  claimTrial(studyId: number): Promise<TrialRecord | null> {
    // Most of the time none is waiting: no need then to take the write lock.
    const waiting = () =>
      this.#database.get(
        "SELECT trial_id, number FROM trials WHERE study_id = ? AND state = 'WAITING' ORDER BY number LIMIT 1",
        studyId,
      );
    return this.#attempt(() => {
      if (this.#database.snapshot(waiting) === undefined) return null;
      this.#refuseIfReadOnly();
      return this.#database.transaction(() => {
        const row = waiting();
        if (row === undefined) return null;
        const id = Number(row.trial_id);
        this.#database.run(
          "UPDATE trials SET state = 'RUNNING', datetime_start = ? WHERE trial_id = ? AND state = 'WAITING'",
          datetimeText(Date.now()),
          id,
        );
        this.#database.run(
          "INSERT INTO etude_trials (trial_id, origin, worker) VALUES (?, 'enqueued', ?) ON CONFLICT (trial_id) DO UPDATE SET worker = excluded.worker",
          id,
          thisWorker(),
        );
        return this.#readOne(studyId, Number(row.number));
      });
    });
  }

  /** Gives a running trial its configuration. */
  setParams(
    studyId: number,
    number: number,
    params: Configuration,
    details: ParamsDetails = {},
  ): Promise<void> {
    return this.#write(() => {
      const id = this.#runningId(studyId, number, "set the parameters of");
      writeParams(this.#database, this.#study(studyId), id, params);
      const { reason, forecast } = details;
      if (reason !== undefined) {
        this.#database.run(
          "UPDATE etude_trials SET reason = ? WHERE trial_id = ?",
          reason,
          id,
        );
      }
      if (forecast !== undefined) {
        this.#database.run(
          "UPDATE etude_trials SET forecast_json = ? WHERE trial_id = ?",
          forecastJSON(forecast),
          id,
        );
      }
    });
  }

  /** Adds values to a running trial's curves. */
  report(
    studyId: number,
    number: number,
    reports: readonly Report[],
  ): Promise<void> {
    return this.#write(() => {
      checkReports(reports);
      appendReports(
        this.#database,
        this.#study(studyId),
        this.#runningId(studyId, number, "report to"),
        reports,
      );
    });
  }

  /** Ends a trial, with the reports not yet stored, in one transaction. */
  finishTrial(
    studyId: number,
    number: number,
    outcome: Outcome,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return this.#write(() => {
      checkReports(reports);
      checkValues(
        outcome.values,
        this.#study(studyId).objectives.length,
        number,
      );
      const cancel = outcome.state === "failed" &&
        this.#stateOf(studyId, number) === "waiting";
      const id = cancel
        ? this.#trialId(studyId, number)!
        : this.#runningId(studyId, number, "finish");
      appendReports(this.#database, this.#study(studyId), id, reports);
      this.#database.run(
        "UPDATE trials SET state = ?, datetime_complete = ? WHERE trial_id = ?",
        stateName(outcome.state),
        datetimeText(Date.now()),
        id,
      );
      outcome.values?.forEach((value, objective) => {
        this.#database.run(
          "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)",
          id,
          objective,
          ...valueColumns(value),
        );
      });
      for (const [key, value] of Object.entries(outcome.attributes ?? {})) {
        setAttribute(this.#database, "trial", id, key, value);
      }
      if (outcome.constraints !== undefined) {
        writeConstraints(this.#database, id, outcome);
      }
      this.#database.run(
        "INSERT INTO etude_trials (trial_id, origin, reason, error) VALUES (?, 'other program', ?, ?) ON CONFLICT (trial_id) DO UPDATE SET reason = COALESCE(excluded.reason, reason), error = excluded.error",
        id,
        outcome.reason ?? null,
        outcome.error ?? null,
      );
      return this.#readOne(studyId, number);
    });
  }

  /** Sets an attribute of a trial. */
  setTrialAttribute(
    studyId: number,
    number: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#write(() => {
      const id = this.#trialId(studyId, number);
      if (id === null) throw notRunning("set an attribute of", number, null);
      setAttribute(this.#database, "trial", id, key, value);
    });
  }

  /** Sets how a finished trial stands to the constraints. */
  setTrialConstraints(
    studyId: number,
    number: number,
    constraints: readonly (number | null)[],
  ): Promise<void> {
    return this.#write(() => {
      const id = this.#trialId(studyId, number);
      const state = this.#stateOf(studyId, number);
      if (id === null || state === null) {
        throw notRunning("set the constraints of", number, null);
      }
      writeConstraints(this.#database, id, { state, constraints });
    });
  }

  /** Pauses a running trial, in one transaction. */
  pauseTrial(
    studyId: number,
    number: number,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return this.#write(() => {
      checkReports(reports);
      const id = this.#runningId(studyId, number, "pause");
      appendReports(this.#database, this.#study(studyId), id, reports);
      this.#markPaused(studyId, number, id);
      return this.#readOne(studyId, number);
    });
  }

  /** Takes a paused trial over, in one transaction. */
  resumeTrial(studyId: number, number: number): Promise<TrialRecord | null> {
    return this.#write(() => {
      const id = this.#trialId(studyId, number);
      if (id === null || !isPaused(this.#readOne(studyId, number))) return null;
      setAttribute(this.#database, "trial", id, pausedAttribute, undefined);
      this.#database.run(
        "UPDATE etude_trials SET worker = ? WHERE trial_id = ?",
        thisWorker(true),
        id,
      );
      return this.#readOne(studyId, number);
    });
  }

  /** From now on a running trial belongs to nobody: the end of this process is not its end. */
  #markPaused(studyId: number, number: number, id: number): void {
    const { curves } = this.#readOne(studyId, number);
    const last = [...curves.values()].map(({ steps }) => steps.at(-1) ?? 0);
    const note: PauseNote = { step: Math.max(0, ...last) };
    setAttribute(this.#database, "trial", id, pausedAttribute, note);
    this.#database.run(
      "UPDATE etude_trials SET worker = NULL WHERE trial_id = ?",
      id,
    );
  }

  /** Trials by number. */
  readTrials(studyId: number, query: TrialQuery = {}): Promise<TrialRecord[]> {
    return this.#read(() => readTrials(this.#reader(studyId), query));
  }

  /** Fails the running trials of processes of this machine that no longer live; resumed ones are paused again. */
  failAbandoned(
    studyId: number,
    { retries = 0 }: AbandonOptions = {},
  ): Promise<number[]> {
    return this.#attempt(() => {
      if (this.readOnly) return [];
      const running = () =>
        this.#database.all(
          "SELECT t.trial_id, number, worker FROM trials t JOIN etude_trials e USING (trial_id) WHERE study_id = ? AND state = 'RUNNING'",
          studyId,
        ).flatMap((row) => {
          const gone = goneWorker(row.worker as string | null);
          return gone === null
            ? []
            : [{ id: Number(row.trial_id), number: Number(row.number), gone }];
        });
      if (this.#database.snapshot(running).length === 0) return [];
      return this.#database.transaction(() =>
        running().flatMap(({ id, number, gone }) => {
          const count = gone.goesOn
            ? interruptionsOf(this.#readOne(studyId, number))
            : Infinity;
          if (count <= mostInterruptions) {
            setAttribute(
              this.#database,
              "trial",
              id,
              interruptionsAttribute,
              count,
            );
            this.#markPaused(studyId, number, id);
            return [];
          }
          this.#database.run(
            "UPDATE trials SET state = 'FAIL', datetime_complete = ? WHERE trial_id = ?",
            datetimeText(Date.now()),
            id,
          );
          this.#database.run(
            "UPDATE etude_trials SET error = ? WHERE trial_id = ?",
            abandonedText(gone.name),
            id,
          );
          if (retries > 0) this.#retry(studyId, number, id, retries);
          return [number];
        })
      );
    });
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#attempt(() => this.#database.close());
  }

  // Contract: storage is asynchronous, and errors come as rejections.
  #attempt<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work()));
  }

  #read<T>(work: () => T): Promise<T> {
    return this.#attempt(() => this.#database.snapshot(work));
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#attempt(() => {
      this.#refuseIfReadOnly();
      return this.#database.transaction(work);
    });
  }

  #refuseIfReadOnly(): void {
    if (this.readOnly) {
      throw new StorageError(
        "read-only",
        `Cannot write to the ${this.description}: it is open for reading only; copy it, or mend its permissions, to go on with the study`,
      );
    }
  }

  #study(studyId: number): StoredStudy {
    const study = this.#studies.get(studyId) ?? this.#loadStudy(studyId);
    if (study === null) {
      throw new RangeError(
        `Cannot find study ${studyId}: the ${this.description} has no such study; was it deleted?`,
      );
    }
    return study;
  }

  #loadStudy(id: number): StoredStudy | null {
    const study = readStudy(this.#database, id);
    if (study === null) this.#studies.delete(id);
    else this.#studies.set(id, study);
    return study;
  }

  #reader(studyId: number) {
    const { objectives, constraints = [], space } = this.#study(studyId);
    return {
      constraints,
      database: this.#database,
      studyId,
      space,
      objectiveName: objectives[0]?.name ?? "value",
    };
  }

  #readOne(studyId: number, number: number): TrialRecord {
    return readTrials(this.#reader(studyId), {
      from: Infinity,
      also: [number],
    })[0]!;
  }

  #trialId(studyId: number, number: number): number | null {
    const key = `${studyId}:${number}`;
    const known = this.#trialIds.get(key);
    if (known !== undefined) return known;
    const row = this.#database.get(
      "SELECT trial_id FROM trials WHERE study_id = ? AND number = ?",
      studyId,
      number,
    );
    if (row === undefined) return null;
    this.#trialIds.set(key, Number(row.trial_id));
    return Number(row.trial_id);
  }

  #stateOf(studyId: number, number: number): TrialState | null {
    const id = this.#trialId(studyId, number);
    const row = id === null ? undefined : this.#database.get(
      "SELECT state FROM trials WHERE trial_id = ? AND study_id = ? AND number = ?",
      id,
      studyId,
      number,
    );
    return row === undefined ? null : stateOf(String(row.state));
  }

  #runningId(studyId: number, number: number, action: string): number {
    const state = this.#stateOf(studyId, number);
    if (state !== "running") throw notRunning(action, number, state);
    return this.#trialId(studyId, number)!;
  }
}
