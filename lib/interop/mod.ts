/**
 * Readers and writers of other tools' studies.
 *
 * @module
 */

export { EventReader, type ScalarEvent } from "./event_file.ts";
