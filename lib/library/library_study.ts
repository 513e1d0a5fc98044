import type { Objective, TrialRecord } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import type { TaskDescription } from "./task.ts";

/**
 * Whether a study may speak: `"trusted"` until someone says otherwise;
 * `"untrusted"` is listed and not used, `"withdrawn"` is no longer listed.
 */
export type Standing = "trusted" | "untrusted" | "withdrawn";

/** A prior study, of which the trials are read only when they are asked for. */
export interface LibraryStudy {
  /** The name. */
  readonly name: string;
  /** Where it is kept, e.g. `SQLite file "studies.db"`. */
  readonly source: string;
  /** What it optimizes, the first of its objectives. */
  readonly objective: Objective;
  /** The seed. */
  readonly seed: string;
  /** What its task is; null if nobody described it. */
  readonly task: TaskDescription | null;
  /** How many complete trials it has, at least 1. */
  readonly completeTrials: number;
  /** Whether it may speak. */
  readonly standing: Standing;
  /** Why it may not, in words; null if nobody said. */
  readonly standingReason: string | null;
  /** Where the study comes from, and under which license it may be used; null for one's own. */
  readonly origin: string | null;
  /** What it searched; null if that cannot be known. */
  space(): Space | null;
  /** Its complete trials, by number, in the words of its space as it is now. */
  read(): Promise<readonly TrialRecord[]>;
}
