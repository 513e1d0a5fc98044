/**
 * Readers and writers of other tools' studies.
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
