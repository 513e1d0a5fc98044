/**
 * Single facts, written into the tables in PostgreSQL.
 *
 * @module
 */

import { isNote } from "./_notes.ts";
import type { Query } from "./_postgres_database.ts";
import { writeNote } from "./_postgres_notes.ts";
import { type TrialFacts, TrialRows } from "./_postgres_rows.ts";
import { pythonJSON } from "./_python_json.ts";
import type { StoredStudy } from "./storage.ts";

/** Writes what is known of a trial, whatever its state. */
export async function writeFacts(
  query: Query,
  study: StoredStudy,
  trialId: number,
  facts: TrialFacts,
): Promise<void> {
  const rows = new TrialRows().add(0, study, facts);
  await query(
    `WITH ${
      rows.writes("SELECT $2::int AS trial_id, 0 AS at")
    } SELECT trial_id FROM these`,
    rows.json(),
    trialId,
  );
}

/** Sets a user attribute, or removes it if the value is undefined. */
export async function setAttribute(
  query: Query,
  owner: "study" | "trial",
  id: number,
  key: string,
  value: unknown,
  kind: "user" | "system" = "user",
): Promise<void> {
  const table = `${owner}_${kind}_attributes`;
  if (value === undefined) {
    await query(
      `DELETE FROM ${table} WHERE ${owner}_id = $1 AND key = $2`,
      id,
      key,
    );
    return;
  }
  await query(
    `INSERT INTO ${table} (${owner}_id, key, value_json) VALUES ($1, $2, $3) ON CONFLICT (${owner}_id, key) DO UPDATE SET value_json = excluded.value_json`,
    id,
    key,
    pythonJSON(value),
  );
}

/** Sets an attribute of a study; a note where the dashboard looks for it. */
export async function setStudyAttribute(
  query: Query,
  studyId: number,
  key: string,
  value: unknown,
): Promise<void> {
  const note = isNote(key, value) ? value ?? "" : null;
  await Promise.all([
    // Where notes were kept once.
    setAttribute(
      query,
      "study",
      studyId,
      key,
      note === null ? value : undefined,
    ),
    note === null ? null : writeNote(query, studyId, note),
  ]);
}
