import type { StudyView } from "../records/mod.ts";

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
