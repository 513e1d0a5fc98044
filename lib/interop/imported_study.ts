import type { StudyView, TrialRecord } from "../records/mod.ts";

/** Another tool's study as plain data: what charts, a report or a library take, and what can be stored. */
export interface ImportedStudy extends StudyView {
  /** What it was made by, in words: `"Optuna journal"`. */
  readonly tool: string;
  /** The file or folder it was read from. */
  readonly path: string;
  /** Whether the space was guessed from the trials, because the file does not say it. */
  readonly isSpaceInferred: boolean;
  /** What was attached to the study, by key. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What was mended, guessed or left out in reading, a sentence each. */
  readonly notes: readonly string[];
}

/** Another tool's study, its trials read when they are asked for, one after the other: for what does not fit memory. */
export interface StudyStream extends Omit<ImportedStudy, "trials"> {
  /** Reads the trials from the file's beginning, each time it is called. */
  trials(): AsyncIterable<TrialRecord>;
}

/** A study that was copied into a storage. */
export interface CopiedStudy extends Omit<ImportedStudy, "trials"> {
  /** How many trials it has. */
  readonly trialCount: number;
}
