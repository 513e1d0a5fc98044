import type {
  Library,
  LibraryInput,
  LibraryStrategy,
  Start,
} from "../library/mod.ts";
import type { Pruner } from "../pruners/mod.ts";
import type { Sampler } from "../samplers/mod.ts";
import type { Space } from "../space/mod.ts";
import type { StoredStudy, StudyStorage } from "../storage/mod.ts";
import type { Prior } from "../surrogates/mod.ts";
import type { CurvePrior } from "../curves/mod.ts";
import type { StudyEvent } from "./run.ts";

/** What a library is opened from: paths, storages, `"built-in"`; or one that is open. */
export type LibrarySource = Library | readonly LibraryInput[];

/** A library, and what is made of it. */
export interface LibraryChoice {
  /** The library. Defaults to the study's own storage and the built-in one. */
  readonly from?: LibrarySource;
  /** How the study learns from it. Defaults to `"auto"`. */
  readonly strategy?: LibraryStrategy;
}

/**
 * Where a study's beginning is learnt from, and how; false for nothing. A library
 * alone is taken with the strategy `"auto"`.
 */
export type LibraryOption = LibrarySource | LibraryChoice | false;

/** What prior studies' curves teach about the way curves go. */
export interface LibraryCurvePrior {
  /** The prior. */
  readonly prior: CurvePrior;
  /** What makes this study's curves, in the library's words; null if nobody said. */
  readonly kind: string | null;
}

/** Is told of events; called at once, so it should be quick. What it throws is dropped. */
export type StudyListener = (event: StudyEvent) => void;

/** What a study is made of, once everything is opened. */
export interface StudyParts {
  /** The study as its storage knows it. */
  readonly stored: StoredStudy & {
    /** What it searches now: it grows when a trial suggests what it does not know. */
    space: Space;
  };
  /** Where it is kept. */
  readonly storage: StudyStorage;
  /** Chooses configurations. */
  readonly sampler: Sampler;
  /** Stops trials; null for none. */
  readonly pruner: Pruner | null;
  /** Configurations to begin with, from a library. */
  readonly starts: readonly Start[];
  /** What prior studies say of the function; null where there are none. */
  readonly prior: Prior | null;
  /** What prior studies' learning curves teach. Defaults to nothing. */
  readonly curves?: LibraryCurvePrior | null;
}
