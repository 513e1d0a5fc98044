/**
 * Notes in Optuna's tables in PostgreSQL, where its dashboard keeps them.
 *
 * @module
 */

import { emptyPiece, noteKeys, notePieces, notesByOwner } from "./_notes.ts";
import type { Query, Row } from "./_postgres_database.ts";
import type { StudyNotes } from "./storage.ts";

/** Sets the note on a study; an empty text removes it. Those on trials are written with what else is known of them. */
export async function writeNote(
  query: Query,
  studyId: number,
  text: string,
): Promise<void> {
  const keys = noteKeys(null);
  const pieces = JSON.stringify(
    notePieces(text).map((piece, i) => ({
      key: `${keys.pieces}${i}`,
      json: JSON.stringify(piece),
    })),
  );
  await Promise.all([
    // First, as it locks out whoever else writes this note.
    query(
      `INSERT INTO study_system_attributes AS a (study_id, key, value_json) VALUES ($1, $2, '1')
      ON CONFLICT (study_id, key) DO UPDATE SET value_json = (a.value_json::int + 1)::text`,
      studyId,
      keys.version,
    ),
    query(
      `INSERT INTO study_system_attributes (study_id, key, value_json)
      SELECT $1, key, json FROM json_to_recordset($2::text::json) AS r (key text, json text)
      ON CONFLICT (study_id, key) DO UPDATE SET value_json = excluded.value_json`,
      studyId,
      pieces,
    ),
    query(
      `UPDATE study_system_attributes SET value_json = $1 WHERE study_id = $2 AND starts_with(key, $3)
      AND key NOT IN (SELECT key FROM json_to_recordset($4::text::json) AS r (key text))`,
      emptyPiece,
      studyId,
      keys.pieces,
      pieces,
    ),
  ]);
}

/** The notes of a study, by the numbers of its trials. */
export async function readStudyNotes(
  query: Query,
  studyId: number,
): Promise<StudyNotes> {
  const rows = await query(
    `SELECT key, value_json, number FROM study_system_attributes a LEFT JOIN trials t
    ON t.study_id = a.study_id AND t.trial_id = substring(key FROM '^dashboard:([0-9]{1,9}):')::int
    WHERE a.study_id = $1 AND key LIKE 'dashboard:%note_str:%'`,
    studyId,
  );
  const texts = (list: readonly Row[]) =>
    notesByOwner(
      list.map(({ key, value_json }) => [String(key), String(value_json)]),
    );
  const trials = new Map<number, string>();
  for (const [number, list] of Map.groupBy(rows, ({ number }) => number)) {
    if (number === null) continue;
    for (const text of texts(list).values()) trials.set(Number(number), text);
  }
  return Object.freeze({ study: texts(rows).get(null) ?? "", trials });
}

/**
 * The pieces of the note on a trial `t`, as JSON: a list of lists; null where there
 * is none. Piece by piece, so that a trial without one costs one look, however many
 * others have notes.
 */
export const notePiecesSQL =
  `(WITH RECURSIVE piece (place, key, value_json) AS (
  SELECT 0, key, value_json FROM study_system_attributes
  WHERE study_id = t.study_id AND key = 'dashboard:' || t.trial_id || ':note_str:0'
  UNION ALL
  SELECT place + 1, x.key, x.value_json FROM piece JOIN study_system_attributes x
  ON x.study_id = t.study_id AND x.key = 'dashboard:' || t.trial_id || ':note_str:' || (place + 1)
) SELECT json_agg(json_build_array(t.trial_id, key, value_json))::text FROM piece)`;
