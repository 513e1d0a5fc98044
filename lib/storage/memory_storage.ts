import {
  isFinished,
  isPaused,
  pausedAttribute,
  type PauseNote,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  checkAdded,
  checkReports,
  checkValues,
  curveOf,
  draftDefaults,
  notRunning,
  type RawTrial,
  recordOf,
  reportsOfCurves,
} from "./_record.ts";
import type {
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

type MemoryTrial =
  & { -readonly [K in keyof Omit<RawTrial, "curves">]: RawTrial[K] }
  & {
    readonly points: Map<string, Map<number, number>>;
  };

interface MemoryStudy {
  stored: StoredStudy;
  readonly trials: MemoryTrial[];
  /** No trial below this number waits: what has begun never waits again. */
  firstWaiting: number;
}

/**
 * Keeps studies in memory: for tests, benchmarks and quick looks. Everything
 * is gone with the process.
 *
 * @example
 * ```ts
 * import { createStudy, float, MemoryStorage, minimize, space } from "@etude/etude";
 * await createStudy({ name: "quick", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: new MemoryStorage() });
 * ```
 */
export class MemoryStorage implements StudyStorage {
  /** What it is, for messages. */
  readonly description: string = "memory";
  readonly #studies = new Map<number, MemoryStudy>();
  #nextId = 1;

  /** Makes a study. */
  createStudy(definition: StudyDefinition): Promise<StoredStudy> {
    return attempt(() => {
      if (this.#byName(definition.name) !== undefined) {
        throw new RangeError(
          `Cannot make the study ${
            JSON.stringify(definition.name)
          }: ${this.description} has one of that name`,
        );
      }
      const id = this.#nextId++;
      const stored = Object.freeze({
        ...definition,
        id,
        spaceInferred: false,
        task: copy(definition.task),
        attributes: Object.freeze({}),
      });
      this.#studies.set(id, { stored, trials: [], firstWaiting: 0 });
      return stored;
    });
  }

  /** The study of that name, or null. */
  findStudy(name: string): Promise<StoredStudy | null> {
    return attempt(() => this.#byName(name)?.stored ?? null);
  }

  /** All studies, the oldest first. */
  listStudies(): Promise<StoredStudy[]> {
    return attempt(() =>
      [...this.#studies.values()].map((study) => study.stored)
    );
  }

  /** All studies at a glance, the oldest first. */
  summarizeStudies(): Promise<StudySummary[]> {
    return attempt(() =>
      [...this.#studies.values()].map(({ stored, trials }) => {
        const { space, spaceInferred: _, ...rest } = stored;
        return Object.freeze({
          ...rest,
          completeTrials: trials.filter(({ state }) => state === "complete")
            .length,
          trials: trials.length,
          space: () => space,
        });
      })
    );
  }

  /** Deletes a study and its trials. */
  deleteStudy(studyId: number): Promise<void> {
    return attempt(() => void this.#studies.delete(studyId));
  }

  /** Replaces the study's space, constraints or task description. */
  updateStudy(
    studyId: number,
    change: StudyChange,
  ): Promise<void> {
    return attempt(() => {
      const study = this.#study(studyId);
      study.stored = Object.freeze({
        ...study.stored,
        ...(change.space === undefined ? {} : { space: change.space }),
        ...(change.constraints === undefined
          ? {}
          : { constraints: change.constraints }),
        ...(change.task === undefined ? {} : { task: copy(change.task) }),
      });
    });
  }

  /** Sets an attribute of the study. */
  setStudyAttribute(
    studyId: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return attempt(() => {
      const study = this.#study(studyId);
      study.stored = Object.freeze({
        ...study.stored,
        attributes: withAttribute(study.stored.attributes, key, value),
      });
    });
  }

  /** Makes a trial with the next number. */
  createTrial(studyId: number, draft: TrialDraft): Promise<TrialRecord> {
    return attempt(() => {
      const { trials } = this.#study(studyId);
      const trial: MemoryTrial = {
        number: trials.length,
        state: draft.state,
        params: draft.params,
        values: null,
        points: new Map(),
        startedAtMs: draft.state === "running" ? Date.now() : null,
        finishedAtMs: null,
        error: null,
        ...draftDefaults(draft),
        attributes: {},
      };
      trials.push(trial);
      return handOut(trial);
    });
  }

  /** Adds trials that ran elsewhere. */
  addTrials(studyId: number, added: readonly TrialRecord[]): Promise<void> {
    return attempt(() => {
      const { trials, stored } = this.#study(studyId);
      for (const record of added) {
        checkAdded(record, stored.objectives.length);
        checkReports(reportsOfCurves(record));
      }
      for (const record of added) {
        const { state, params, values, error, origin, reason } = record;
        const trial: MemoryTrial = {
          number: trials.length,
          state,
          params,
          values,
          ...record.constraints === undefined
            ? {}
            : { constraints: record.constraints },
          points: new Map(),
          startedAtMs: record.startedAt?.getTime() ?? null,
          finishedAtMs: record.finishedAt?.getTime() ?? null,
          error,
          origin,
          reason,
          forecast: record.forecast,
          attributes: Object.freeze({ ...record.attributes }),
        };
        this.#append(trial, reportsOfCurves(record));
        trials.push(trial);
      }
    });
  }

  /** Takes the waiting trial of the lowest number. */
  claimTrial(studyId: number): Promise<TrialRecord | null> {
    return attempt(() => {
      const study = this.#study(studyId);
      const { trials } = study;
      while (
        study.firstWaiting < trials.length &&
        trials[study.firstWaiting]!.state !== "waiting"
      ) study.firstWaiting++;
      const trial = trials[study.firstWaiting];
      if (trial === undefined) return null;
      handed.delete(trial);
      trial.state = "running";
      trial.startedAtMs = Date.now();
      return handOut(trial);
    });
  }

  /** Gives a running trial its configuration. */
  setParams(
    studyId: number,
    number: number,
    params: Configuration,
    details: ParamsDetails = {},
  ): Promise<void> {
    return attempt(() => {
      const trial = this.#running(studyId, number, "set the parameters of");
      trial.params = params;
      if (details.reason !== undefined) trial.reason = details.reason;
      if (details.forecast !== undefined) trial.forecast = details.forecast;
    });
  }

  /** Adds values to a running trial's curves. */
  report(
    studyId: number,
    number: number,
    reports: readonly Report[],
  ): Promise<void> {
    return attempt(() => {
      checkReports(reports);
      this.#append(this.#running(studyId, number, "report to"), reports);
    });
  }

  /** Ends a trial. */
  finishTrial(
    studyId: number,
    number: number,
    outcome: Outcome,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return attempt(() => {
      checkReports(reports);
      checkValues(
        outcome.values,
        this.#study(studyId).stored.objectives.length,
        number,
      );
      const queued = this.#study(studyId).trials[number];
      const trial = queued?.state === "waiting" && outcome.state === "failed"
        ? queued
        : this.#running(studyId, number, "finish");
      handed.delete(trial);
      this.#append(trial, reports);
      trial.state = outcome.state;
      trial.values = outcome.values;
      for (const [key, value] of Object.entries(outcome.attributes ?? {})) {
        trial.attributes = withAttribute(trial.attributes, key, value);
      }
      if (outcome.constraints !== undefined) {
        trial.constraints = outcome.constraints;
      }
      trial.error = outcome.error ?? null;
      if (outcome.reason !== undefined) trial.reason = outcome.reason;
      trial.finishedAtMs = Date.now();
      return handOut(trial);
    });
  }

  /** Sets an attribute of a trial. */
  setTrialAttribute(
    studyId: number,
    number: number,
    key: string,
    value: unknown,
  ): Promise<void> {
    return attempt(() => {
      const trial = this.#study(studyId).trials[number];
      if (trial === undefined) {
        throw notRunning("set an attribute of", number, null);
      }
      trial.attributes = withAttribute(trial.attributes, key, value);
    });
  }

  /** Sets how a finished trial stands to the constraints. */
  setTrialConstraints(
    studyId: number,
    number: number,
    values: readonly (number | null)[],
  ): Promise<void> {
    return attempt(() => {
      const trial = this.#study(studyId).trials[number];
      if (trial === undefined) {
        throw notRunning("set the constraints of", number, null);
      }
      trial.constraints = values;
    });
  }

  /** Pauses a running trial. */
  pauseTrial(
    studyId: number,
    number: number,
    reports: readonly Report[] = [],
  ): Promise<TrialRecord> {
    return attempt(() => {
      checkReports(reports);
      const trial = this.#running(studyId, number, "pause");
      this.#append(trial, reports);
      trial.attributes = withAttribute(
        trial.attributes,
        pausedAttribute,
        pauseNote(trial.points.values()),
      );
      return handOut(trial);
    });
  }

  /** Takes a paused trial over. */
  resumeTrial(studyId: number, number: number): Promise<TrialRecord | null> {
    return attempt(() => {
      const trial = this.#study(studyId).trials[number];
      if (trial === undefined || !isPaused(handOut(trial))) return null;
      trial.attributes = withAttribute(
        trial.attributes,
        pausedAttribute,
        undefined,
      );
      return handOut(trial);
    });
  }

  /** Trials by number. */
  readTrials(studyId: number, query: TrialQuery = {}): Promise<TrialRecord[]> {
    return attempt(() => {
      const { from = 0, to, also = [] } = query;
      const { trials } = this.#study(studyId);
      const earlier = also.filter((number) => number < from).map((number) =>
        trials[number]
      );
      return [...earlier, ...trials.slice(from, to)].filter((trial) =>
        trial !== undefined
      ).map(handOut);
    });
  }

  /** Nothing is ever abandoned: trials live and die with the process. */
  failAbandoned(_studyId: number): Promise<number[]> {
    return Promise.resolve([]);
  }

  /** Nothing to let go of. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #byName(name: string): MemoryStudy | undefined {
    return [...this.#studies.values()].find((study) =>
      study.stored.name === name
    );
  }

  #study(studyId: number): MemoryStudy {
    const study = this.#studies.get(studyId);
    if (study === undefined) {
      throw new RangeError(
        `Cannot find study ${studyId}: ${this.description} has no such study`,
      );
    }
    return study;
  }

  #running(studyId: number, number: number, action: string): MemoryTrial {
    const trial = this.#study(studyId).trials[number];
    if (trial?.state !== "running") {
      throw notRunning(action, number, trial?.state ?? null);
    }
    // It is going to change.
    handed.delete(trial);
    return trial;
  }

  #append(trial: MemoryTrial, reports: readonly Report[]): void {
    for (const { name, step, value } of reports) {
      const points = trial.points.get(name) ?? new Map<number, number>();
      trial.points.set(name, points.set(step, value));
    }
  }
}

function pauseNote(curves: Iterable<ReadonlyMap<number, number>>): PauseNote {
  let step = 0;
  for (const points of curves) {
    for (const at of points.keys()) step = Math.max(step, at);
  }
  return { step };
}

// Contract: storage is asynchronous, and errors come as rejections.
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

/** The record of each trial as it is now, where it was asked for. */
const handed = new WeakMap<MemoryTrial, TrialRecord>();

function handOut(trial: MemoryTrial): TrialRecord {
  const known = handed.get(trial);
  if (
    known !== undefined && known.attributes === trial.attributes &&
    known.constraints === trial.constraints
  ) {
    return known;
  }
  const { points, ...rest } = trial;
  // Of a trial that is over only the record has them.
  const isOver = known !== undefined && isFinished(known.state);
  const curves = isOver ? known.curves : new Map(
    [...points].map(([name, series]) => [name, curveOf(name, series)]),
  );
  const record = recordOf({ ...rest, curves });
  trial.attributes = record.attributes;
  handed.set(trial, record);
  if (isFinished(trial.state)) points.clear();
  return record;
}

function withAttribute(
  attributes: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const others = Object.entries(attributes).filter(([other]) => other !== key);
  return Object.freeze(
    Object.fromEntries(
      value === undefined ? others : [...others, [key, copy(value)]],
    ),
  );
}

function copy(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
