/**
 * Readers and writers of other tools' studies.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { exportStudy, importStudies } from "@etude/etude/interop";
 * const study = await createStudy({
 *   name: "to and fro", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory",
 * });
 * await study.optimize((trial) => trial.params.x, { trials: 3, progress: false });
 * const path = `${await Deno.makeTempDir()}/trials.csv`;
 * await exportStudy(study, path);
 * const [read] = await importStudies(path); // the form is recognized
 * read?.trials.length; // 3
 * ```
 *
 * @module
 */

export type { DeclaredHyperparameter, HyperparameterNote } from "./_hparams.ts";
export { EventReader, type ScalarEvent } from "./event_file.ts";
export * from "./export_study.ts";
export * from "./import_studies.ts";
export * from "./imported_study.ts";
export * from "./read_options.ts";
export * from "./repair_journal.ts";
export * from "./stream_studies.ts";
