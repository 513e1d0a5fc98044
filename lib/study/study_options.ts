import type { Library, LibraryInput, Start } from "../library/mod.ts";
import type { Pruner } from "../pruners/mod.ts";
import type { Sampler } from "../samplers/mod.ts";
import type { Space } from "../space/mod.ts";
import type { StoredStudy, StudyStorage } from "../storage/mod.ts";
import type { Prior } from "../surrogates/mod.ts";
import type { StudyEvent } from "./run.ts";

/**
 * Where a study's beginning is learnt from: a library, or what one is opened
 * from (paths, storages, `"built-in"`); false for nothing.
 */
export type LibraryOption = Library | readonly LibraryInput[] | false;

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
}
