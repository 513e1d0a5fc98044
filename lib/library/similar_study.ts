import type { Objective, TrialRecord } from "../records/mod.ts";
import type { LibraryStudy } from "./library_study.ts";
import type { SpaceMapping } from "./space_mapping.ts";
import type { TraitComparison } from "./task_likeness.ts";

/** A source that could not be opened or read, and is left out. */
export interface SkippedSource {
  /** What it is: a path, or a storage's description. */
  readonly source: string;
  /** What went wrong, in words. */
  readonly reason: string;
}

/** A prior study beside a new one. */
export interface SimilarStudy {
  /** The study. */
  readonly study: LibraryStudy;
  /** How much it has to say, in `[0, 1]`: task × metric × family × coverage. */
  readonly similarity: number;
  /** How alike the tasks are, in `[0, 1]`; 0.5 if nothing is known. */
  readonly task: number;
  /** The tasks side by side, the most different traits first. */
  readonly traits: readonly TraitComparison[];
  /** How alike what is optimized is, in `[0, 1]`. */
  readonly metric: number;
  /** How much trials of its family of models, as the two spaces tell it, say of the new one's, in `[0, 1]`. */
  readonly family: number;
  /** How much of the new space it has searched, in `[0, 1]`. */
  readonly coverage: number;
  /** How its trials are read in the new space. */
  readonly mapping: SpaceMapping;
}

/** Options of `Library.similar`. */
export interface SimilarOptions {
  /** What the new study optimizes. Defaults to anything. */
  readonly objective?: Objective;
  /** The most studies to give. Defaults to `50`. */
  readonly limit?: number;
  /** The new study, if it has trials already: it and copies of it are left out. Defaults to none. */
  readonly exclude?: { readonly trials: readonly TrialRecord[] };
}
