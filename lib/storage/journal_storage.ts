import {
  constraintsKey,
  interruptionsAttribute,
  interruptionsOf,
  isPaused,
  mostInterruptions,
  noteAttribute,
  pausedAttribute,
  type PauseNote,
  type TrialRecord,
  warmStartModelKey,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { Heartbeats } from "./_heartbeats.ts";
import { JournalFile, type JournalRepair } from "./_journal_file.ts";
import {
  attribute,
  beatKey,
  codes,
  type JournalOperation,
  noteKey,
  noteOf,
  paramOperations,
  reportOperations,
  stateOperation,
  studyKeys,
  studyOperations,
  systemAttribute,
  type TrialNote,
  trialOperation,
} from "./_journal_operations.ts";
import { keptAttribute, noteOperations, notesIn } from "./_journal_notes.ts";
import { studyOf, trialNoteOf, trialOf } from "./_journal_records.ts";
import {
  JournalReplay,
  type JournalStudy,
  type JournalTrial,
} from "./_journal_replay.ts";
import { constraintsList } from "./_optuna.ts";
import { pythonJSON } from "./_python_json.ts";
import {
  abandonedText,
  checkAdded,
  checkReports,
  checkValues,
  draftDefaults,
  notRunning,
  recordOf,
  reportsOfCurves,
} from "./_record.ts";
import { retryOf } from "./_retry.ts";
import {
  type GoneWorker,
  goneWorker,
  thisWorker,
  workerName,
} from "./_worker.ts";
import { StorageError } from "./errors.ts";
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
  TrialDraft,
  TrialQuery,
} from "./storage.ts";

export type { JournalRepair } from "./_journal_file.ts";

/** Options of {@linkcode JournalStorage}. */
export interface JournalStorageOptions {
  /** Whether to open the file for looking only. Defaults to `false`. */
  readonly readOnly?: boolean;
  /**
   * What is stored survives: `"process"`, the death of the process (`kill -9`);
   * `"power"`, a loss of power too, at the price of a wait for the disk at each
   * call, as Optuna has it. Defaults to `"process"`.
   */
  readonly survives?: "process" | "power";
  /** How long to wait for another process's lock, in milliseconds. Defaults to `60_000`. */
  readonly busyTimeoutMs?: number;
  /**
   * After how long a lock that does not change counts as left behind by a process
   * that was killed, in milliseconds. Defaults to `30_000`, as in Optuna.
   */
  readonly staleLockMs?: number;
  /**
   * How often this process writes that its trials still run, in milliseconds: a
   * line of some 130 bytes a running trial. 0 for never. Defaults to `15_000`.
   */
  readonly heartbeatMs?: number;
  /**
   * After how long without a line a trial of a process that writes so, on another
   * machine, counts as cut off, in milliseconds. An objective that computes
   * without ever awaiting anything writes nothing meanwhile. Defaults to `50_000`.
   */
  readonly deadAfterMs?: number;
}

/** What to add to the journal, and what to give back once it is there. */
type Plan<T> = readonly [
  operations: readonly JournalOperation[],
  result: () => T,
];

/**
 * Keeps studies in the file of Optuna's `JournalStorage`: a line an operation,
 * added at its end, also where a file system knows no locks that SQLite could
 * use. Python's Optuna, from 3.1 on, and any number of our processes may work on
 * it at the same time: all take Optuna's own lock, `<path>.lock`, to write.
 *
 * What has happened is kept in memory; of the file only what is new is read. A
 * line that a killed writer left half is mended at the next call that writes, and
 * kept in `<path>.torn`.
 *
 * Optuna does not see what changes of a trial after its end, and sees null for an
 * attribute that was removed. It has no heartbeats in its journals; ours stand in
 * an attribute that it does not look at.
 *
 * @example
 * ```ts ignore
 * import { createStudy, float, JournalStorage, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "shared", objective: minimize("loss"), space: space({ x: float(0, 1) }),
 *   storage: new JournalStorage("journal.log"),
 * });
 * ```
 */
export class JournalStorage implements StudyStorage {
  /** What it is, for messages. */
  readonly description: string;
  readonly #file: JournalFile;
  readonly #heartbeats: Heartbeats;
  readonly #beats: boolean;
  readonly #deadAfterMs: number;
  #replay = new JournalReplay();
  #isOpen = true;
  #isChecked = false;
  /** The call that writes now, or has written last: they follow each other. */
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * Opens the file or makes it.
   *
   * @param path The file's path.
   * @throws {StorageError} If it cannot be opened, or is no journal.
   */
  constructor(path: string, options: JournalStorageOptions = {}) {
    if (typeof path !== "string" || path === "") {
      throw new TypeError(
        `Cannot open the storage: the path is ${
          JSON.stringify(path) ?? String(path)
        }, expected a file such as "journal.log"`,
      );
    }
    const {
      readOnly = false,
      survives = "process",
      busyTimeoutMs = 60_000,
      staleLockMs = 30_000,
      heartbeatMs = 15_000,
      deadAfterMs = 50_000,
    } = options;
    this.#beats = heartbeatMs > 0;
    this.#deadAfterMs = deadAfterMs;
    this.#heartbeats = new Heartbeats(heartbeatMs, (ids) => this.#beat(ids));
    this.#file = new JournalFile(path, {
      play: (operation) => this.#replay.play(operation),
      restart: () => this.#replay = new JournalReplay(),
    }, {
      readOnly,
      durable: survives === "power",
      busyMs: busyTimeoutMs,
      staleMs: staleLockMs,
    });
    this.description = `journal ${JSON.stringify(path)}`;
  }

  /** Whether the file can be looked at but not changed. */
  get readOnly(): boolean {
    return this.#file.readOnly;
  }

  /** What was odd in the file as far as it was read, in words: torn lines, what a newer Optuna wrote. */
  get notes(): readonly string[] {
    return [...this.#file.notes, ...this.#replay.notes];
  }

  /**
   * Mends lines that a writer left torn, which Optuna would not read past: with
   * blanks, so that others who have the file open are not confused. What was torn
   * is kept in `<path>.torn`.
   *
   * @throws {StorageError} If the lock is not to be had, or the file cannot be written.
   */
  repair(): Promise<JournalRepair> {
    return this.#inTurn(() => this.#file.repair());
  }

  /** Makes a study. */
  createStudy(definition: StudyDefinition): Promise<StoredStudy> {
    return this.#write(() => {
      const { name } = definition;
      if (this.#replay.studyNamed(name) !== null) {
        throw new RangeError(
          `Cannot make the study ${
            JSON.stringify(name)
          }: the ${this.description} has one of that name`,
        );
      }
      const id = this.#replay.studies.length;
      return [
        studyOperations(id, definition),
        () => studyOf(this.#study(id)),
      ];
    });
  }

  /** The study of that name, or null. */
  findStudy(name: string): Promise<StoredStudy | null> {
    return this.#read(() => {
      const study = this.#replay.studyNamed(name);
      return study === null ? null : studyOf(study);
    });
  }

  /** All studies, the oldest first. */
  listStudies(): Promise<StoredStudy[]> {
    return this.#read(() => this.#studies().map(studyOf));
  }

  /** All studies at a glance, the oldest first. */
  summarizeStudies(): Promise<StudySummary[]> {
    return this.#read(() =>
      this.#studies().map((study): StudySummary => {
        const { id, name, objectives, seed, task, attributes } = studyOf(study);
        return Object.freeze({
          id,
          name,
          objectives,
          seed,
          task,
          attributes: Object.freeze(
            Object.fromEntries(
              Object.entries(attributes).filter(([key]) =>
                key !== warmStartModelKey
              ),
            ),
          ),
          completeTrials: study.trials.filter(({ state }) =>
            state === "complete"
          ).length,
          trials: study.trials.length,
          space: () => studyOf(study).space,
        });
      })
    );
  }

  /** Deletes a study and its trials: nobody sees them any more, but the file does not shrink. */
  deleteStudy(studyId: number): Promise<void> {
    return this.#write(() => [
      (this.#replay.studies[studyId] ?? null) === null
        ? []
        : [{ op_code: codes.deleteStudy, study_id: studyId }],
      () => {},
    ]);
  }

  /** Replaces the study's space, constraints or task description. */
  updateStudy(studyId: number, change: StudyChange): Promise<void> {
    return this.#write(() => {
      const study = studyOf(this.#study(studyId));
      const { space, task } = change;
      // Once a study is ours its constraints are those that it says it has.
      const constraints = change.constraints ??
        (study.spaceInferred ? study.constraints ?? [] : undefined);
      const ownSpace = space ?? (study.spaceInferred ? study.space : null);
      return [[
        ...constraints === undefined ? [] : [attribute(
          "study",
          studyId,
          constraintsKey,
          constraints.length === 0 ? undefined : constraints,
        )],
        ...ownSpace === null
          ? []
          : [systemAttribute("study", studyId, studyKeys.space, ownSpace)],
        ...task === undefined
          ? []
          : [systemAttribute("study", studyId, studyKeys.task, task)],
      ], () => {}];
    });
  }

  /** Sets an attribute of the study. */
  setStudyAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#write(() => {
      const study = this.#study(studyId);
      return [keptAttribute(study, null, key, value), () => {}];
    });
  }

  /** The notes as they are now. */
  readNotes(studyId: number): Promise<StudyNotes> {
    return this.#read(() => notesIn(this.#replay, this.#study(studyId)));
  }

  /** Makes a trial with the next number. */
  createTrial(studyId: number, draft: TrialDraft): Promise<TrialRecord> {
    return this.#write(() => {
      const study = this.#study(studyId);
      const number = study.trials.length;
      return [
        [this.#made(study, draft)],
        () => {
          const trial = study.trials[number]!;
          return draft.state === "running"
            ? this.#begun(trial)
            : trialOf(trial);
        },
      ];
    });
  }

  /** A trial of this process runs from now on. */
  #begun(trial: JournalTrial): TrialRecord {
    if (this.#beats) this.#heartbeats.begin(trial.id);
    return trialOf(trial);
  }

  /** A trial of this process runs no more. */
  #over(trial: JournalTrial): TrialRecord {
    this.#heartbeats.end(trial.id);
    return trialOf(trial);
  }

  /** Writes that trials of this process still run. */
  #beat(ids: readonly number[]): Promise<void> {
    return this.#write(() => [
      ids.filter((id) => this.#replay.trial(id)?.state === "running").map((
        id,
      ) => systemAttribute("trial", id, beatKey, Date.now())),
      () => {},
    ]);
  }

  #made(
    study: JournalStudy,
    draft: TrialDraft,
    system: Readonly<Record<string, unknown>> = {},
  ): JournalOperation {
    const isRunning = draft.state === "running";
    const record = recordOf({
      number: study.trials.length,
      state: draft.state,
      params: { ...draft.params },
      values: null,
      curves: new Map(),
      startedAtMs: isRunning ? Date.now() : null,
      finishedAtMs: null,
      error: null,
      ...draftDefaults(draft),
      attributes: {},
    });
    const note: TrialNote = {
      ...noteOf(record),
      ...isRunning ? { worker: thisWorker(), beats: this.#beats } : {},
    };
    return trialOperation(studyOf(study), record, {
      ...system,
      [noteKey]: note,
    });
  }

  /** Adds trials that ran elsewhere, in one go. */
  addTrials(studyId: number, trials: readonly TrialRecord[]): Promise<void> {
    return this.#write(() => {
      const journalStudy = this.#study(studyId);
      const study = studyOf(journalStudy);
      const { trialCount } = this.#replay;
      for (const trial of trials) {
        checkAdded(trial, study.objectives.length);
        checkReports(reportsOfCurves(trial));
      }
      return [
        trials.flatMap((trial, i) => {
          const { [noteAttribute]: note, ...attributes } = trial.attributes;
          const isText = typeof note === "string";
          return [
            trialOperation(study, isText ? { ...trial, attributes } : trial, {
              [noteKey]: noteOf(trial),
            }),
            ...isText ? noteOperations(journalStudy, trialCount + i, note) : [],
          ];
        }),
        () => {},
      ];
    });
  }

  /** Takes the waiting trial of the lowest number. */
  async claimTrial(studyId: number): Promise<TrialRecord | null> {
    // Most of the time none is waiting: no need then to take the lock.
    const waiting = () => {
      const study = this.#study(studyId);
      const { trials } = study;
      while (
        study.firstWaiting < trials.length &&
        trials[study.firstWaiting]!.state !== "waiting"
      ) study.firstWaiting++;
      return trials[study.firstWaiting];
    };
    if (await this.#read(waiting) === undefined) return null;
    return await this.#write((): Plan<TrialRecord | null> => {
      const trial = waiting();
      if (trial === undefined) return [[], () => null];
      const note = trialNoteOf(trial);
      return [[
        systemAttribute("trial", trial.id, noteKey, {
          ...note,
          origin: note.origin === "other program" ? "enqueued" : note.origin,
          worker: thisWorker(),
          beats: this.#beats,
        }),
        stateOperation(trial.id, "running", null, Date.now()),
      ], () => this.#begun(trial)];
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
      const trial = this.#running(studyId, number, "set the parameters of");
      const { reason, forecast } = details;
      const hasDetails = reason !== undefined || forecast !== undefined;
      return [[
        ...paramOperations(trial.id, studyOf(trial.study).space, params),
        ...hasDetails
          ? [noted(trial, {
            ...reason === undefined ? {} : { reason },
            ...forecast === undefined ? {} : { forecast },
          })]
          : [],
      ], () => {}];
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
      const trial = this.#running(studyId, number, "report to");
      return [reported(trial, reports), () => {}];
    });
  }

  /** Ends a trial, with the reports not yet stored: what comes after its end would be dropped. */
  finishTrial(
    studyId: number,
    number: number,
    outcome: Outcome,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return this.#write(() => {
      checkReports(reports);
      const study = this.#study(studyId);
      const { objectives } = studyOf(study);
      checkValues(outcome.values, objectives.length, number);
      const queued = study.trials[number];
      const trial = queued?.state === "waiting" && outcome.state === "failed"
        ? queued
        : this.#running(studyId, number, "finish");
      const { state, values, constraints, attributes = {} } = outcome;
      const { error = null, reason } = outcome;
      return [[
        ...reported(trial, reports),
        ...Object.entries(attributes).flatMap(([key, value]) =>
          keptAttribute(study, trial.id, key, value)
        ),
        ...constraints === undefined
          ? []
          : constrained(trial, { state, constraints }),
        ...error === null && reason === undefined ? [] : [
          noted(trial, { error, ...reason === undefined ? {} : { reason } }),
        ],
        stateOperation(trial.id, state, values, Date.now()),
      ], () => this.#over(trial)];
    });
  }

  /** Sets an attribute of a trial. Of one that is over, Optuna does not see it. */
  setTrialAttribute(
    studyId: number,
    number: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return this.#write(() => {
      const study = this.#study(studyId);
      const trial = study.trials[number];
      if (trial === undefined) {
        throw notRunning("set an attribute of", number, null);
      }
      return [keptAttribute(study, trial.id, key, value), () => {}];
    });
  }

  /** Sets how a finished trial stands to the constraints. Optuna does not see it. */
  setTrialConstraints(
    studyId: number,
    number: number,
    constraints: readonly (number | null)[],
  ): Promise<void> {
    return this.#write(() => {
      const trial = this.#study(studyId).trials[number];
      if (trial === undefined) {
        throw notRunning("set the constraints of", number, null);
      }
      const { state } = trial;
      return [constrained(trial, { state, constraints }), () => {}];
    });
  }

  /** Pauses a running trial. */
  pauseTrial(
    studyId: number,
    number: number,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return this.#write(() => {
      checkReports(reports);
      const trial = this.#running(studyId, number, "pause");
      return [
        [...reported(trial, reports), ...paused(trial, reports)],
        () => this.#over(trial),
      ];
    });
  }

  /** Takes a paused trial over. */
  resumeTrial(studyId: number, number: number): Promise<TrialRecord | null> {
    return this.#write((): Plan<TrialRecord | null> => {
      const trial = this.#study(studyId).trials[number];
      if (trial === undefined || !isPaused(trialOf(trial))) {
        return [[], () => null];
      }
      return [[
        attribute("trial", trial.id, pausedAttribute, undefined),
        noted(trial, { worker: thisWorker(true), beats: this.#beats }),
      ], () => this.#begun(trial)];
    });
  }

  /** Trials by number. */
  readTrials(studyId: number, query: TrialQuery = {}): Promise<TrialRecord[]> {
    return this.#read(() => {
      const { from = 0, also = [] } = query;
      const { trials } = this.#study(studyId);
      return [
        ...also.filter((number) => number < from).map((number) =>
          trials[number]
        ),
        ...trials.slice(from),
      ].filter((trial) => trial !== undefined).map((trial) => trialOf(trial));
    });
  }

  /** Fails the running trials of processes that no longer live; resumed ones are paused again. */
  async failAbandoned(
    studyId: number,
    { retries = 0 }: AbandonOptions = {},
  ): Promise<number[]> {
    if (this.readOnly) return [];
    const abandoned = () =>
      this.#study(studyId).trials.flatMap((trial) => {
        const gone = trial.state === "running" ? this.#goneOf(trial) : null;
        return gone === null ? [] : [{ trial, gone }];
      });
    if ((await this.#read(abandoned)).length === 0) return [];
    return await this.#write(() => {
      const failed: number[] = [];
      const operations = abandoned().flatMap(({ trial, gone }) => {
        const record = trialOf(trial);
        const count = gone.goesOn ? interruptionsOf(record) : Infinity;
        if (count <= mostInterruptions) {
          return [
            attribute("trial", trial.id, interruptionsAttribute, count),
            ...paused(trial),
          ];
        }
        failed.push(trial.number);
        const history = trial.system.get("retry_history");
        const retry = retries === 0 ? null : retryOf(
          record,
          history === undefined ? undefined : pythonJSON(history),
          retries,
        );
        return [
          noted(trial, { error: abandonedText(gone.name) }),
          stateOperation(trial.id, "failed", null, Date.now()),
          ...retry === null
            ? []
            : [this.#made(trial.study, retry.draft, retry.systemAttributes)],
        ];
      });
      return [operations, () => failed];
    });
  }

  /** Who ran a trial and is gone; null if it lives or nobody here can know. */
  #goneOf(trial: JournalTrial): GoneWorker | null {
    const { worker = null, beats = false } = trialNoteOf(trial);
    if (worker === null) return null;
    const here = goneWorker(worker);
    if (here !== null) return here;
    // Of a process of this machine its number tells, however silent it is.
    const { isHere, name, goesOn } = workerName(worker);
    const silentMs = performance.now() - trial.heardAtMs;
    return !beats || isHere || silentMs < this.#deadAfterMs ? null : {
      name: `${name}, silent for ${Math.round(silentMs / 1000)} s`,
      goesOn,
    };
  }

  /** Lets go of what was read. No file stays open between calls. */
  close(): Promise<void> {
    this.#heartbeats.stop();
    this.#isOpen = false;
    this.#replay = new JournalReplay();
    return this.#writing.then(() => {});
  }

  #studies(): JournalStudy[] {
    return this.#replay.studies.filter((study) => study !== null);
  }

  #study(studyId: number): JournalStudy {
    const study = this.#replay.studies[studyId] ?? null;
    if (study === null) {
      throw new RangeError(
        `Cannot find study ${studyId}: the ${this.description} has no such study; was it deleted?`,
      );
    }
    return study;
  }

  #running(studyId: number, number: number, action: string): JournalTrial {
    const trial = this.#study(studyId).trials[number];
    if (trial?.state !== "running") {
      throw notRunning(action, number, trial?.state ?? null);
    }
    return trial;
  }

  async #read<T>(work: () => T): Promise<T> {
    this.#refuseIfClosed("read");
    this.#file.read();
    if (!this.#isChecked) {
      this.#isChecked = true;
      if (this.#file.isTorn && !this.readOnly) {
        // Where another holds the lock, it does so itself, or the next call that writes does.
        await this.repair().catch(() => {});
      }
    }
    return work();
  }

  async #write<T>(work: () => Plan<T>): Promise<T> {
    return await this.#inTurn(() => this.#file.write(work));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(() => {
      this.#refuseIfClosed("write to");
      if (this.readOnly) {
        throw new StorageError(
          "read-only",
          `Cannot write to the ${this.description}: it is open for reading only; copy it, or mend its permissions, to go on with the study`,
        );
      }
      return work();
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  #refuseIfClosed(action: string): void {
    if (this.#isOpen) return;
    throw new StorageError(
      "cannot open",
      `Cannot ${action} the ${this.description}: it was closed; open the study again with createStudy`,
    );
  }
}

/** Changes what is noted of a trial. */
function noted(
  trial: JournalTrial,
  change: Partial<TrialNote>,
): JournalOperation {
  return systemAttribute("trial", trial.id, noteKey, {
    ...trialNoteOf(trial),
    ...change,
  });
}

function reported(
  { id, study }: JournalTrial,
  reports: readonly Report[],
): JournalOperation[] {
  const { objectives } = studyOf(study);
  return reportOperations(id, objectives[0]?.name ?? "value", reports);
}

/** From now on a running trial belongs to nobody: the end of this process is not its end. */
function paused(
  trial: JournalTrial,
  reports: readonly Report[] = [],
): JournalOperation[] {
  const last = [...trialOf(trial).curves.values()].map(({ steps }) =>
    steps.at(-1) ?? 0
  );
  const note: PauseNote = {
    step: Math.max(0, ...last, ...reports.map(({ step }) => step)),
  };
  return [
    attribute("trial", trial.id, pausedAttribute, note),
    noted(trial, { worker: null }),
  ];
}

/** How a trial stands to the constraints, as Optuna reads it. */
function constrained(
  { id, system }: JournalTrial,
  outcome: Parameters<typeof constraintsList>[0],
): JournalOperation[] {
  const list = constraintsList(outcome);
  return list === null && !system.has("constraints")
    ? []
    : [systemAttribute("trial", id, "constraints", list ?? [])];
}
