/**
 * Notes in Optuna's tables in an SQLite file, where its dashboard keeps them.
 *
 * @module
 */

import { emptyPiece, noteKeys, notePieces, notesByOwner } from "./_notes.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";
import type { StudyNotes } from "./storage.ts";

/** Sets the note on a study (`null`) or a trial; an empty text removes it. */
export function writeNote(
  database: SQLiteDatabase,
  studyId: number,
  trialId: number | null,
  text: string,
): void {
  const keys = noteKeys(trialId);
  const pieces = notePieces(text);
  const before = database.get(
    "SELECT value_json FROM study_system_attributes WHERE study_id = ? AND key = ?",
    studyId,
    keys.version,
  );
  if (before === undefined && pieces.length === 0) return;
  database.run(
    "UPDATE study_system_attributes SET value_json = ? WHERE study_id = ? AND key >= ? AND key < ?",
    emptyPiece,
    studyId,
    keys.pieces,
    keys.afterPieces,
  );
  const version = Number(before?.value_json ?? 0) + 1;
  const rows = [
    [keys.version, version] as const,
    ...pieces.map((piece, i) => [`${keys.pieces}${i}`, piece] as const),
  ];
  for (const [key, value] of rows) {
    database.run(
      "INSERT INTO study_system_attributes (study_id, key, value_json) VALUES (?, ?, ?) ON CONFLICT (study_id, key) DO UPDATE SET value_json = excluded.value_json",
      studyId,
      key,
      JSON.stringify(value),
    );
  }
}

/**
 * The notes of a study by the ids of their trials; under `null` that on the study.
 *
 * @param owner Only this one's. Defaults to all.
 */
export function readNotes(
  database: SQLiteDatabase,
  studyId: number,
  owner?: number | null,
): ReadonlyMap<number | null, string> {
  const { pieces, afterPieces } = owner === undefined
    ? { pieces: "dashboard:", afterPieces: "dashboard;" }
    : noteKeys(owner);
  return notesByOwner(
    database.tuples(
      "SELECT key, value_json FROM study_system_attributes WHERE study_id = ? AND key >= ? AND key < ?",
      studyId,
      pieces,
      afterPieces,
    ) as [string, string][],
  );
}

/** The notes of a study, by the numbers of its trials. */
export function readStudyNotes(
  database: SQLiteDatabase,
  studyId: number,
): StudyNotes {
  const notes = readNotes(database, studyId);
  const trials = new Map<number, string>();
  for (const [id, text] of notes) {
    const row = id === null ? undefined : database.get(
      "SELECT number FROM trials WHERE trial_id = ? AND study_id = ?",
      id,
      studyId,
    );
    if (row !== undefined) trials.set(Number(row.number), text);
  }
  return Object.freeze({ study: notes.get(null) ?? "", trials });
}
