import { openStorage, type StudyStorage } from "../storage/mod.ts";
import { checkReadOptions, readOptions } from "./_read_options.ts";
import { storeStudy } from "./_store_study.ts";
import type { ImportedStudy } from "./imported_study.ts";
import type { ReadOptions } from "./read_options.ts";
import { streamStudies } from "./stream_studies.ts";

/** Options of {@linkcode importStudies}. */
export interface ImportOptions extends ReadOptions {
  /** Where to store the studies as well: a storage, or what `createStudy` takes. Defaults to nowhere. */
  readonly into?: string | StudyStorage;
}

/**
 * Reads the studies in another tool's file or folder, whichever tool it is:
 *
 * - Optuna: an SQLite file or a journal;
 * - Hyperopt and scikit-optimize: JSON, by the snippets of docs/migration.md;
 * - Weights & Biases: a sweep's YAML (a space without trials), runs as JSON or CSV,
 *   the folder `wandb/` or a run's own, with its `.wandb` file;
 * - SMAC3: the folder of a run, or its `runhistory.json`;
 * - Syne Tune: a folder with `results.csv.zip` and `metadata.json`;
 * - Ray Tune: the folder of an experiment;
 * - Ax: the client's JSON snapshot, or `client.summarize()` as CSV;
 * - Vizier: `{ study, trials }` in proto3-JSON;
 * - Keras Tuner: the project's folder, with `oracle.json`;
 * - TensorBoard: a folder of runs, or an event file;
 * - a table in CSV or Arrow (Feather) with a row a trial; and what {@linkcode exportStudy} writes.
 *
 * What is given back are plain views: charts, `report` and `diagnoseStudy` take
 * them. Stored (`into`), they can be gone on with, and opened as a library.
 * A trial that was running elsewhere is stored as failed. Studies too large to be
 * held are for `copyStudies` and {@linkcode streamStudies}.
 *
 * @param path The file or folder. It is never changed.
 * @throws {SyntaxError} If the file is none that is known, breaks off, or does not say what was optimized.
 * @throws {StorageError} If it cannot be opened.
 * @throws {RangeError} If no study in it has a parameter, or one of its name is stored already.
 *
 * @example
 * ```ts ignore
 * import { importStudies } from "@etude/etude/interop";
 * const [study] = await importStudies("ray_results/my_experiment", { into: "studies.db" });
 * study.trials.length;
 * ```
 */
export async function importStudies(
  path: string,
  { into, ...options }: ImportOptions = {},
): Promise<readonly ImportedStudy[]> {
  checkReadOptions(path, options, ["into", ...readOptions]);
  const studies: ImportedStudy[] = [];
  for (const stream of await streamStudies(path, options)) {
    const trials = Object.freeze(await Array.fromAsync(stream.trials()));
    studies.push(Object.freeze({ ...stream, trials }));
  }
  if (into !== undefined) {
    const storage = openStorage(into);
    try {
      for (const study of studies) await storeStudy(study, storage);
    } finally {
      if (typeof into === "string") await storage.close();
    }
  }
  return Object.freeze(studies);
}
