/**
 * Where studies are kept: the contract, memory, SQLite files,
 * PostgreSQL, Optuna's journals.
 *
 * @module
 */

export * from "./errors.ts";
export { isJournal } from "./_journal_lines.ts";
export { type JournalStream, streamJournal } from "./_journal_stream.ts";
export * from "./journal_storage.ts";
export * from "./memory_storage.ts";
export * from "./open_storage.ts";
export * from "./postgres_storage.ts";
export { parsePythonJSON, pythonJSON } from "./_python_json.ts";
export * from "./read_file.ts";
export * from "./sqlite_storage.ts";
export * from "./storage.ts";
