/**
 * Where studies are kept: the contract, memory, SQLite files, PostgreSQL.
 *
 * @module
 */

export * from "./errors.ts";
export * from "./memory_storage.ts";
export * from "./open_storage.ts";
export * from "./postgres_storage.ts";
export { dashboardNote, dashboardNotes } from "./_notes.ts";
export { parsePythonJSON } from "./_python_json.ts";
export * from "./read_file.ts";
export * from "./sqlite_storage.ts";
export * from "./storage.ts";
