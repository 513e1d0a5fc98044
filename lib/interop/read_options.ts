import type { Objective } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";

/** What is said of a file that is to be read. */
export interface ReadOptions {
  /** The study's name, where there is one study. Defaults to what the file says, else to the file's name. */
  readonly name?: string;
  /** What was optimized, by the name of a column, metric or tag, where the file does not say it. */
  readonly objective?: Objective;
  /** Several objectives, in place of `objective`. */
  readonly objectives?: readonly Objective[];
  /** Which columns of a plain table are parameters. Defaults to all that are neither an objective nor say something of the trial. */
  readonly params?: readonly string[];
  /** What was searched, where it is known better than the file or its trials say. */
  readonly space?: Space;
}
