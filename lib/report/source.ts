import type { StudyView } from "../records/mod.ts";

/** What a report is made of: a `Study` is one. */
export interface ReportSource {
  /** The study as it is now. */
  view(): StudyView;
  /** The seed of its random streams. Defaults to unknown. */
  readonly seed?: string;
  /** The name of its sampler. Defaults to unknown. */
  readonly sampler?: string;
  /** Where it is kept, in words. Defaults to unknown. */
  readonly storage?: string;
}
