import type { Objective, TrialRecord } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import {
  openStudyFile,
  type StudyStorage,
  type StudySummary,
} from "../storage/mod.ts";

/** The key of the study attribute that says whether it may speak. */
export const standingKey = "etude:library";
/** The key of the study attribute that keeps corrections of mappings. */
export const mappingsKey = "etude:mappings";

/** A study of a source, as the library lists it. */
export interface SourceStudy {
  readonly id: number;
  readonly name: string;
  readonly objectives: readonly Objective[];
  readonly seed: string;
  readonly task: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly completeTrials: number;
  readonly origin: string | null;
  space(): Space | null;
}

/** A collection of studies: a file, a database, the built-in one. */
export interface LibrarySource {
  /** What it is, for messages. */
  readonly description: string;
  /** All studies, the oldest first. */
  list(): Promise<readonly SourceStudy[]>;
  /** The trials of a study. */
  trials(id: number): Promise<readonly TrialRecord[]>;
  /** Sets an attribute of a study; absent for a source that cannot be written. */
  setAttribute?(id: number, key: string, value: unknown): Promise<void>;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** A storage as a source. */
export function storageSource(
  storage: StudyStorage,
  isOwned: boolean,
): LibrarySource {
  return {
    description: storage.description,
    list: async () => {
      const summaries = storage.summarizeStudies === undefined
        ? await summariesOf(storage)
        : await storage.summarizeStudies();
      return summaries.map((summary) => ({ ...summary, origin: null }));
    },
    trials: (id) => storage.readTrials(id),
    setAttribute: (id, key, value) => storage.setStudyAttribute(id, key, value),
    close: () => isOwned ? storage.close() : Promise.resolve(),
  };
}

/** How long a library waits for a file that another program has locked. */
const patienceMs = 500;

/**
 * A file of studies as a source: opened for reading alone, so that a library
 * changes no file, unless someone marks a study.
 */
export function fileSource(path: string): LibrarySource {
  const storage = openStudyFile(path, {
    readOnly: true,
    busyTimeoutMs: patienceMs,
  });
  return {
    ...storageSource(storage, true),
    setAttribute: async (id, key, value) => {
      const writer = openStudyFile(path, { busyTimeoutMs: 5_000 });
      try {
        await writer.setStudyAttribute(id, key, value);
      } finally {
        await writer.close();
      }
    },
  };
}

async function summariesOf(storage: StudyStorage): Promise<StudySummary[]> {
  const studies = await storage.listStudies();
  return await Promise.all(studies.map(async ({ space, ...study }) => {
    const trials = await storage.readTrials(study.id);
    return {
      ...study,
      completeTrials: trials.filter(({ state }) => state === "complete").length,
      trials: trials.length,
      space: () => space,
    };
  }));
}
