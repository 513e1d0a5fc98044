import { randomUUID } from "node:crypto";
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
import { Heartbeats } from "./_heartbeats.ts";
import { datetimeText, forecastJSON, stateOf } from "./_optuna.ts";
import {
  PostgresDatabase,
  type Query,
  type Row,
  together,
} from "./_postgres_database.ts";
import {
  appendReports,
  beat,
  byToken,
  claim,
  endTrial,
  idAndNumber,
  insertTrials,
  lockNumbers,
  setRunningParams,
  type TrialPlace,
} from "./_postgres_calls.ts";
import { readStudyNotes } from "./_postgres_notes.ts";
import {
  deleteStudyRows,
  insertStudy,
  readPostgresStudy,
  readPostgresSummaries,
} from "./_postgres_studies.ts";
import {
  largestNumber,
  type PostgresReader,
  readPostgresTrials,
} from "./_postgres_trials.ts";
import {
  setAttribute,
  setStudyAttribute,
  writeFacts,
} from "./_postgres_writes.ts";
import { pythonJSON } from "./_python_json.ts";
import {
  abandonedText,
  checkAdded,
  checkReports,
  checkValues,
  notRunning,
  reportsOfCurves,
} from "./_record.ts";
import { retryOf } from "./_retry.ts";
import { goneWorker, thisWorker, workerName } from "./_worker.ts";
import type {
  AbandonOptions,
  Outcome,
  ParamsDetails,
  Report,
  StoredStudy,
  StudyChange,
  StudyDefinition,
  StudyNotes,
  StudyStorage,
  StudySummary,
  TakenTrial,
  TrialDraft,
  TrialQuery,
} from "./storage.ts";

/** Options of {@linkcode PostgresStorage}. */
export interface PostgresStorageOptions {
  /** How long a lost connection is tried anew before a call fails, in milliseconds. Defaults to `60_000`. */
  readonly patienceMs?: number;
  /** After how long without an answer a connection counts as lost, in milliseconds. Defaults to `15_000`. */
  readonly answerMs?: number;
  /** How often this process says that its trials still run, in milliseconds. Defaults to `10_000`. */
  readonly heartbeatMs?: number;
  /**
   * After how long without a word a trial's process counts as dead, in
   * milliseconds. An objective that computes without ever awaiting anything says
   * nothing meanwhile. Defaults to `45_000`.
   */
  readonly deadAfterMs?: number;
  /** How many connections it opens at most. Defaults to `4`. */
  readonly connections?: number;
}

/** How many trials are read at a time. */
const portion = 2000;

/**
 * Keeps studies on a PostgreSQL server with Optuna's schema: any number of
 * machines work on a study together, Python's Optuna among them, and its
 * dashboard shows it. A connection that is lost is tried anew; a call that was
 * under way then is done once, not twice.
 *
 * The package `postgres` is loaded when it is first asked. While a trial of this
 * process runs it says so from time to time, so that others can tell when the
 * process is gone.
 *
 * @example
 * ```ts ignore
 * import { createStudy, float, minimize, PostgresStorage, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "shared", objective: minimize("loss"), space: space({ x: float(0, 1) }),
 *   storage: new PostgresStorage("postgres://ada:secret@db.example/etude"),
 * });
 * ```
 */
export class PostgresStorage implements StudyStorage {
  /** What it is, for messages: the address without its password. */
  readonly description: string;
  readonly #database: PostgresDatabase;
  readonly #deadAfterMs: number;
  readonly #heartbeats: Heartbeats;
  readonly #studies = new Map<number, StoredStudy>();
  readonly #trialIds = new Map<string, number>();
  /** Configurations of running trials that a crash of the server may have undone, by trial id. */
  readonly #lightParams = new Map<number, Configuration>();

  /**
   * Connects when it is first asked.
   *
   * @param url The address: `postgres://user:password@host:port/database`.
   * @throws {TypeError} If it is no such address.
   */
  constructor(url: string, options: PostgresStorageOptions = {}) {
    if (typeof url !== "string" || !/^postgres(ql)?:\/\//.test(url)) {
      throw new TypeError(
        `Cannot open the storage: found ${
          JSON.stringify(url) ?? String(url)
        }, expected an address such as "postgres://user:password@host/database"`,
      );
    }
    const {
      patienceMs = 60_000,
      answerMs = 15_000,
      heartbeatMs = 10_000,
      deadAfterMs = 45_000,
      connections = 4,
    } = options;
    this.#database = new PostgresDatabase(url, {
      patienceMs,
      attemptMs: answerMs,
      connections,
    });
    this.#deadAfterMs = deadAfterMs;
    this.description = this.#database.name;
    this.#heartbeats = new Heartbeats(
      heartbeatMs,
      (ids) =>
        this.#database.transaction((query) => beat(query, ids), {
          isLight: true,
        }),
    );
  }

  /** Makes a study. */
  createStudy(definition: StudyDefinition): Promise<StoredStudy> {
    return this.#database.transaction(async (query, { isAgain }) => {
      const { name } = definition;
      const id = await insertStudy(query, definition);
      if (id !== null) return (await this.#loadStudy(query, id))!;
      // Our own first attempt may have made it.
      const found = isAgain ? await this.#find(query, name) : null;
      if (found?.seed === definition.seed) return found;
      throw new RangeError(
        `Cannot make the study ${
          JSON.stringify(name)
        }: the ${this.description} has one of that name`,
      );
    });
  }

  /** The study of that name, or null. */
  findStudy(name: string): Promise<StoredStudy | null> {
    return this.#database.snapshot((query) => this.#find(query, name));
  }

  async #find(query: Query, name: string): Promise<StoredStudy | null> {
    const [row] = await query(
      "SELECT study_id FROM studies WHERE study_name = $1",
      name,
    );
    return row === undefined
      ? null
      : await this.#loadStudy(query, Number(row.study_id));
  }

  /** All studies, the oldest first. */
  listStudies(): Promise<StoredStudy[]> {
    return this.#database.snapshot(async (query) => {
      const rows = await query(
        "SELECT study_id FROM studies ORDER BY study_id",
      );
      const studies: StoredStudy[] = [];
      for (const row of rows) {
        studies.push((await this.#loadStudy(query, Number(row.study_id)))!);
      }
      return studies;
    });
  }

  /** All studies at a glance, the oldest first. */
  summarizeStudies(): Promise<StudySummary[]> {
    return this.#database.snapshot(readPostgresSummaries);
  }

  /** Deletes a study and its trials. */
  deleteStudy(studyId: number): Promise<void> {
    return this.#database.transaction(async (query) => {
      await deleteStudyRows(query, studyId);
      this.#studies.delete(studyId);
    });
  }

  /** Replaces the study's space, constraints or task description. */
  updateStudy(studyId: number, change: StudyChange): Promise<void> {
    return this.#database.transaction(async (query) => {
      const study = await this.#study(query, studyId);
      const space = change.space ?? study.space;
      const task = change.task ?? study.task ?? null;
      if (change.constraints !== undefined) {
        const { constraints } = change;
        await setAttribute(
          query,
          "study",
          studyId,
          constraintsKey,
          constraints.length === 0 ? undefined : constraints,
        );
      }
      if (space !== null) {
        await query(
          "INSERT INTO etude_studies VALUES ($1, $2, $3) ON CONFLICT (study_id) DO UPDATE SET space_json = excluded.space_json, task_json = excluded.task_json",
          studyId,
          JSON.stringify(space),
          pythonJSON(task),
        );
      }
      await this.#loadStudy(query, studyId);
    });
  }

  /** Sets an attribute of the study. */
  setStudyAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#database.transaction(async (query) => {
      await setStudyAttribute(query, studyId, key, value);
      await this.#loadStudy(query, studyId);
    });
  }

  /** The notes as they are now. */
  readNotes(studyId: number): Promise<StudyNotes> {
    return this.#database.statements((query) => readStudyNotes(query, studyId));
  }

  /** Makes a trial with the next number. */
  async createTrial(
    studyId: number,
    draft: TrialDraft,
  ): Promise<TrialRecord> {
    const { record } = await this.#take(
      studyId,
      async (query, study, token) => {
        const [, made] = await together(query, () =>
          Promise.all([
            lockNumbers(query, studyId),
            insertTrials(query, study, [draft], token),
          ]));
        return made;
      },
    );
    return record!;
  }

  /** Adds trials that ran elsewhere, in one transaction. */
  addTrials(studyId: number, trials: readonly TrialRecord[]): Promise<void> {
    const token = randomUUID();
    return this.#database.transaction(async (query) => {
      const study = await this.#study(query, studyId);
      for (const trial of trials) {
        checkAdded(trial, study.objectives.length);
        checkReports(reportsOfCurves(trial));
      }
      if (trials.length === 0) return;
      await lockNumbers(query, studyId);
      // The first one bears the mark: if it is there, all are.
      await insertTrials(query, study, trials, token);
    });
  }

  /** Takes the waiting trial of the lowest number. */
  async claimTrial(studyId: number): Promise<TrialRecord | null> {
    const { record } = await this.#take(
      studyId,
      (query, _, token) => claim(query, studyId, token),
    );
    return record;
  }

  /** Takes a waiting trial, or makes one, and reads trials, all on one way. */
  async takeTrial(
    studyId: number,
    draft: TrialDraft & { readonly state: "running" },
    selection: TrialQuery = {},
  ): Promise<TakenTrial> {
    let isNew = false;
    const { record, trials } = await this.#take(
      studyId,
      async (query, study, token) => {
        const [taken, made] = await together(query, () =>
          Promise.all([
            claim(query, studyId, token, { elseLocks: true }),
            insertTrials(query, study, [draft], token),
          ]));
        isNew ||= made.length > 0;
        return [...taken, ...made];
      },
      selection,
    );
    return { record: record!, isNew, trials };
  }

  /**
   * Takes or makes a trial that is then read, on one way there and back.
   *
   * @param work Sends what does it, and gives the trial's place; none if there is
   * none, or if an attempt whose end was not heard of has done it.
   */
  async #take(
    studyId: number,
    work: (
      query: Query,
      study: StoredStudy,
      token: string,
    ) => Promise<readonly TrialPlace[]>,
    { from = largestNumber, also = [] }: TrialQuery = {},
  ): Promise<{
    readonly record: TrialRecord | null;
    readonly trials: readonly TrialRecord[];
  }> {
    const token = randomUUID();
    return await this.#database.line(async (query, { isAgain }) => {
      const study = await this.#study(query, studyId);
      const [places, read] = await Promise.all([
        work(query, study, token),
        readPostgresTrials(query, readerOf(study), {
          from,
          to: from + portion,
          also,
          token,
        }),
      ]);
      const place = places[0] ??
        (isAgain ? await byToken(query, token) : undefined);
      // Without ours, where it lies beyond the portion that was read.
      const trials = read.filter((trial) => trial.number < from + portion);
      if (place === undefined) return { record: null, trials };
      const { id, number } = place;
      const record = read.find((trial) => trial.number === number)!;
      this.#trialIds.set(`${studyId}:${number}`, id);
      if (record.state === "running") this.#heartbeats.begin(id);
      return { record, trials };
    });
  }

  /** Gives a running trial its configuration. */
  async setParams(
    studyId: number,
    number: number,
    params: Configuration,
    { reason, forecast }: ParamsDetails = {},
  ): Promise<void> {
    await this.#database.statements(async (query) => {
      const study = await this.#study(query, studyId);
      const id = await this.#trialId(query, studyId, number);
      const state = id === null
        ? null
        : await setRunningParams(query, { studyId, id, study, params }, {
          reason: reason ?? null,
          forecast: forecast === undefined ? null : forecastJSON(forecast),
          setsReason: reason !== undefined,
          setsForecast: forecast !== undefined,
        });
      if (id === null || state !== "running") {
        throw notRunning("set the parameters of", number, state);
      }
      // Written again when the trial ends, whose end the server's disk does wait for.
      this.#lightParams.set(id, params);
    });
  }

  /** Adds values to a running trial's curves. */
  async report(
    studyId: number,
    number: number,
    reports: readonly Report[],
  ): Promise<void> {
    checkReports(reports);
    await this.#database.statements(async (query) => {
      const study = await this.#study(query, studyId);
      const id = await this.#trialId(query, studyId, number);
      if (id !== null && await appendReports(query, study, id, reports)) return;
      const { state } = await this.#locked(query, studyId, number);
      throw notRunning("report to", number, state);
    });
  }

  /** Ends a trial, with the reports not yet stored, in one transaction. */
  async finishTrial(
    studyId: number,
    number: number,
    outcome: Outcome,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    checkReports(reports);
    const record = await this.#database.line(async (query, { isAgain }) => {
      const study = await this.#study(query, studyId);
      checkValues(outcome.values, study.objectives.length, number);
      const id = await this.#trialId(query, studyId, number);
      if (id === null) throw notRunning("finish", number, null);
      const params = this.#lightParams.get(id) ?? {};
      const [hasEnded, record] = await Promise.all([
        endTrial(query, study, id, outcome, { params, reports }),
        this.#readOne(query, studyId, number),
      ]);
      // Our own first attempt may have been committed.
      const isEnded = hasEnded || (isAgain && record?.state === outcome.state);
      if (isEnded) return record!;
      throw notRunning("finish", number, record?.state ?? null);
    });
    this.#isOver(studyId, number);
    return record;
  }

  /** Sets an attribute of a trial. */
  setTrialAttribute(
    studyId: number,
    number: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#database.transaction(async (query) => {
      const id = await this.#trialId(query, studyId, number);
      if (id === null) throw notRunning("set an attribute of", number, null);
      const study = await this.#study(query, studyId);
      await writeFacts(query, study, id, { attributes: { [key]: value } });
    });
  }

  /** Sets how a finished trial stands to the constraints. */
  setTrialConstraints(
    studyId: number,
    number: number,
    constraints: readonly (number | null)[],
  ): Promise<void> {
    return this.#database.transaction(async (query) => {
      const { id, state } = await this.#locked(query, studyId, number);
      if (id === null || state === null) {
        throw notRunning("set the constraints of", number, null);
      }
      const study = await this.#study(query, studyId);
      await writeFacts(query, study, id, { state, constraints });
    });
  }

  /** Pauses a running trial, in one transaction. */
  async pauseTrial(
    studyId: number,
    number: number,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    checkReports(reports);
    const record = await this.#database.transaction(
      async (query, { isAgain }) => {
        const study = await this.#study(query, studyId);
        const id = await this.#runningId(query, studyId, number, "pause");
        const known = await this.#readOne(query, studyId, number);
        if (isAgain && isPaused(known)) return known;
        await writeFacts(query, study, id, { reports });
        await this.#markPaused(query, studyId, number, id);
        return await this.#readOne(query, studyId, number);
      },
    );
    this.#isOver(studyId, number);
    return record;
  }

  /** Takes a paused trial over, in one transaction. */
  resumeTrial(studyId: number, number: number): Promise<TrialRecord | null> {
    const token = randomUUID();
    return this.#database.transaction(async (query, { isAgain }) => {
      const { id } = await this.#locked(query, studyId, number);
      if (id === null) return null;
      const isOurs = isAgain && (await byToken(query, token))?.id === id;
      if (!isOurs && !isPaused(await this.#readOne(query, studyId, number))) {
        return null;
      }
      await Promise.all([
        setAttribute(query, "trial", id, pausedAttribute, undefined),
        query(
          "UPDATE etude_trials SET worker = $1, call_token = $2 WHERE trial_id = $3",
          thisWorker(true),
          token,
          id,
        ),
        beat(query, [id]),
      ]);
      this.#heartbeats.begin(id);
      return await this.#readOne(query, studyId, number);
    });
  }

  /** From now on a running trial belongs to nobody: the end of this process is not its end. */
  async #markPaused(
    query: Query,
    studyId: number,
    number: number,
    id: number,
  ): Promise<void> {
    const { curves } = await this.#readOne(query, studyId, number);
    const last = [...curves.values()].map(({ steps }) => steps.at(-1) ?? 0);
    const note: PauseNote = { step: Math.max(0, ...last) };
    await Promise.all([
      setAttribute(query, "trial", id, pausedAttribute, note),
      query(
        "UPDATE etude_trials SET worker = NULL WHERE trial_id = $1",
        id,
      ),
      // What is silent for long would count as dead.
      query("DELETE FROM trial_heartbeats WHERE trial_id = $1", id),
    ]);
  }

  /** Trials by number. */
  async readTrials(
    studyId: number,
    query: TrialQuery = {},
  ): Promise<TrialRecord[]> {
    const { from = 0, to = Infinity, also = [] } = query;
    const records: TrialRecord[] = [];
    // In portions: their rows take many times the memory of what is made of them.
    for (let start = from;; start += portion) {
      const part = await this.#database.statements(async (query) =>
        await readPostgresTrials(
          query,
          readerOf(await this.#study(query, studyId)),
          {
            from: start,
            to: Math.min(to, start + portion),
            also: start === from ? also.filter((number) => number < from) : [],
          },
        )
      );
      records.push(...part);
      const inside = part.filter(({ number }) => number >= start);
      if (inside.length < portion) return records;
    }
  }

  /** Fails the running trials of processes that no longer live; resumed ones are paused again. */
  failAbandoned(
    studyId: number,
    { retries = 0 }: AbandonOptions = {},
  ): Promise<number[]> {
    return this.#database.transaction(async (query) => {
      const running = await query(
        `SELECT t.trial_id, number, worker, EXTRACT(EPOCH FROM LOCALTIMESTAMP - heartbeat)::float8 AS silent
        FROM trials t LEFT JOIN etude_trials USING (trial_id) LEFT JOIN trial_heartbeats USING (trial_id)
        WHERE study_id = $1 AND state = 'RUNNING'`,
        studyId,
      );
      const failed: number[] = [];
      for (const row of running) {
        const gone = this.#isGone(row);
        if (gone === null) continue;
        const { id, number } = idAndNumber(row);
        const count = gone.goesOn
          ? interruptionsOf(await this.#readOne(query, studyId, number))
          : Infinity;
        if (count <= mostInterruptions) {
          await setAttribute(
            query,
            "trial",
            id,
            interruptionsAttribute,
            count,
          );
          await this.#markPaused(query, studyId, number, id);
          continue;
        }
        const [ours] = await query(
          "UPDATE trials SET state = 'FAIL', datetime_complete = $1::text::timestamp WHERE trial_id = $2 AND state = 'RUNNING' RETURNING trial_id",
          datetimeText(Date.now()),
          id,
        );
        // Another process has done it.
        if (ours === undefined) continue;
        await Promise.all([
          query(
            "INSERT INTO etude_trials (trial_id, origin, error) VALUES ($1, 'other program', $2) ON CONFLICT (trial_id) DO UPDATE SET error = excluded.error",
            id,
            abandonedText(gone.name),
          ),
          query("DELETE FROM trial_heartbeats WHERE trial_id = $1", id),
        ]);
        failed.push(number);
        if (retries > 0) await this.#retry(query, studyId, number, id, retries);
      }
      return failed;
    });
  }

  #isGone(
    row: Row,
  ): { readonly name: string; readonly goesOn: boolean } | null {
    const worker = row.worker as string | null;
    const here = goneWorker(worker);
    if (here !== null) return here;
    // Of a process of this machine its number tells, however silent it is.
    const { isHere, name, goesOn } = workerName(worker);
    const silent = row.silent as number | null;
    return silent === null || isHere || silent * 1000 < this.#deadAfterMs
      ? null
      : { name: `${name}, silent for ${Math.round(silent)} s`, goesOn };
  }

  async #retry(
    query: Query,
    studyId: number,
    number: number,
    id: number,
    retries: number,
  ): Promise<void> {
    const [history] = await query(
      "SELECT value_json FROM trial_system_attributes WHERE trial_id = $1 AND key = 'retry_history'",
      id,
    );
    const retry = retryOf(
      await this.#readOne(query, studyId, number),
      history?.value_json,
      retries,
    );
    if (retry === null) return;
    const study = await this.#study(query, studyId);
    const { draft, systemAttributes } = retry;
    await lockNumbers(query, studyId);
    await insertTrials(query, study, [draft], null, systemAttributes);
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    this.#heartbeats.stop();
    await this.#database.close();
  }

  async #study(query: Query, studyId: number): Promise<StoredStudy> {
    const study = this.#studies.get(studyId) ??
      await this.#loadStudy(query, studyId);
    if (study === null) {
      throw new RangeError(
        `Cannot find study ${studyId}: the ${this.description} has no such study; was it deleted?`,
      );
    }
    return study;
  }

  async #loadStudy(query: Query, id: number): Promise<StoredStudy | null> {
    const study = await readPostgresStudy(query, id);
    if (study === null) this.#studies.delete(id);
    else this.#studies.set(id, study);
    return study;
  }

  async #readOne(
    query: Query,
    studyId: number,
    number: number,
  ): Promise<TrialRecord> {
    const reader = readerOf(await this.#study(query, studyId));
    const selection = { from: number, to: number + 1 };
    const [record] = await readPostgresTrials(query, reader, selection);
    return record!;
  }

  async #trialId(
    query: Query,
    studyId: number,
    number: number,
  ): Promise<number | null> {
    const key = `${studyId}:${number}`;
    const known = this.#trialIds.get(key);
    if (known !== undefined) return known;
    const [row] = await query(
      "SELECT trial_id FROM trials WHERE study_id = $1 AND number = $2",
      studyId,
      number,
    );
    if (row === undefined) return null;
    this.#trialIds.set(key, Number(row.trial_id));
    return Number(row.trial_id);
  }

  /** A trial that nobody else changes until this transaction ends. */
  async #locked(
    query: Query,
    studyId: number,
    number: number,
  ): Promise<
    { readonly id: number | null; readonly state: TrialState | null }
  > {
    // Known mostly; then the question leaves at once, before what is asked after it.
    const known = this.#trialIds.get(`${studyId}:${number}`);
    const id = known ?? await this.#trialId(query, studyId, number);
    const [row] = id === null ? [] : await query(
      "SELECT state FROM trials WHERE trial_id = $1 AND study_id = $2 FOR UPDATE",
      id,
      studyId,
    );
    return row === undefined
      ? { id: null, state: null }
      : { id, state: stateOf(String(row.state)) };
  }

  async #runningId(
    query: Query,
    studyId: number,
    number: number,
    action: string,
  ): Promise<number> {
    const { id, state } = await this.#locked(query, studyId, number);
    if (id === null || state !== "running") {
      throw notRunning(action, number, state);
    }
    return id;
  }

  #isOver(studyId: number, number: number): void {
    const id = this.#trialIds.get(`${studyId}:${number}`);
    if (id === undefined) return;
    this.#heartbeats.end(id);
    this.#lightParams.delete(id);
  }
}

/** In whose light a study's trials are read. */
function readerOf(
  { id, objectives, constraints = [], space }: StoredStudy,
): PostgresReader {
  const objectiveName = objectives[0]?.name ?? "value";
  return { studyId: id, space, constraints, objectiveName };
}
