import type { Space } from "../space/mod.ts";
import {
  openStorage,
  StorageError,
  type StudyStorage,
} from "../storage/mod.ts";
import { type StudyDraft, studyStream } from "./_draft.ts";
import { checkReadOptions } from "./_read_options.ts";
import { readDrafts } from "./_recognize.ts";
import { storeStudy } from "./_store_study.ts";
import type { CopiedStudy, StudyStream } from "./imported_study.ts";
import type { ReadOptions } from "./read_options.ts";

/**
 * The studies in another tool's file or folder, as `importStudies` reads them, but
 * with their trials one after the other, so that a million of them need no more
 * memory than a few. Tables in CSV and Arrow, JSON Lines, Optuna's journals and SQLite files are
 * read so; the files of other tools, none of which grow so large, are held.
 *
 * A file is read several times, for its columns, for the space, and for the
 * trials: it must not change meanwhile.
 *
 * @param path The file or folder. It is never changed.
 * @throws {SyntaxError} If the file is none that is known, breaks off, or does not say what was optimized.
 * @throws {StorageError} If it cannot be opened.
 * @throws {RangeError} If no study in it has a parameter.
 *
 * @example
 * ```ts ignore
 * import { exportStudy, streamStudies } from "@etude/etude/interop";
 * const [study] = await streamStudies("a_million_trials.csv");
 * let best = Infinity;
 * for await (const trial of study.trials()) best = Math.min(best, trial.value ?? Infinity);
 * await exportStudy(study, "a_million_trials.jsonl");
 * ```
 */
export async function streamStudies(
  path: string,
  options: ReadOptions = {},
): Promise<readonly StudyStream[]> {
  checkReadOptions(path, options);
  const { objective, objectives, name, params, space } = options;
  const studies: StudyStream[] = [];
  let drafts: readonly StudyDraft[];
  try {
    drafts = await readDrafts(path, {
      objectives: objectives ?? (objective === undefined ? null : [objective]),
      name: name ?? null,
      params: params ?? null,
    });
    for (const draft of drafts) {
      const named = name === undefined ? draft : { ...draft, name };
      const study = await studyStream(named, space as unknown as Space);
      if (study !== null) studies.push(readInWords(path, study));
    }
  } catch (error) {
    throw inWords(path, error);
  }
  if (studies.length === 0) {
    throw new RangeError(
      `Cannot import ${JSON.stringify(path)}: ${
        drafts.length === 0
          ? "it has no study"
          : `no trial of ${
            drafts.map((draft) => JSON.stringify(draft.name)).join(", ")
          } has a parameter`
      }, expected at least one study with one`,
    );
  }
  if (name !== undefined && studies.length > 1) {
    throw new RangeError(
      `Cannot import ${JSON.stringify(path)} under the name ${
        JSON.stringify(name)
      }: it has ${studies.length} studies; leave the name out`,
    );
  }
  return Object.freeze(studies);
}

/**
 * Copies the studies in another tool's file or folder into a storage, trial by
 * trial: what `importStudies(path, { into })` does, for studies of any size.
 *
 * @param path The file or folder. It is never changed.
 * @param into A storage, or what `createStudy` takes.
 * @returns What was copied.
 * @throws As {@linkcode streamStudies}; and {@linkcode RangeError} if a study of its name is stored already. Of
 * a study that cannot be copied whole, nothing is stored.
 *
 * @example
 * ```ts ignore
 * import { copyStudies } from "@etude/etude/interop";
 * const [{ name, trialCount }] = await copyStudies("trials.csv", "studies.db");
 * ```
 */
export async function copyStudies(
  path: string,
  into: string | StudyStorage,
  options: ReadOptions = {},
): Promise<readonly CopiedStudy[]> {
  const studies = await streamStudies(path, options);
  const storage = openStorage(into);
  try {
    const copied: CopiedStudy[] = [];
    for (const study of studies) {
      const { trials, ...rest } = study;
      const { trialCount } = await storeStudy(
        { ...rest, trials: trials() },
        storage,
      );
      copied.push(Object.freeze({ ...rest, trialCount }));
    }
    return Object.freeze(copied);
  } finally {
    if (typeof into === "string") await storage.close();
  }
}

/** A study whose trials say in words what went wrong with them. */
function readInWords(path: string, study: StudyStream): StudyStream {
  return Object.freeze({
    ...study,
    async *trials() {
      const trials = study.trials()[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await trials.next().catch((error) => {
            throw inWords(path, error);
          });
          if (next.done) return;
          yield next.value;
        }
      } finally {
        // Whoever stops halfway lets go of the file.
        await trials.return?.();
      }
    },
  });
}

/** What went wrong, where the file led a reader astray: it holds other things than its tool writes. */
function inWords(path: string, error: unknown): unknown {
  const { message } = error as Error;
  if (error instanceof StorageError || isOurs(message)) return error;
  return new SyntaxError(
    `Cannot read ${
      JSON.stringify(path)
    }: it is damaged, or not as its tool writes it (${message})`,
    { cause: error },
  );
}

/** The engine's own words begin so, too. */
function isOurs(message: string): boolean {
  return /^Cannot /.test(message) &&
    !/^Cannot (access|assign|convert|create property|delete|destructure|mix|read propert|redefine|set propert|use 'in')/
      .test(message);
}
