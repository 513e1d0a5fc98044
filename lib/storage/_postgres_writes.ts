/**
 * Single facts, written into the tables in PostgreSQL.
 *
 * @module
 */

import type { Query } from "./_postgres_database.ts";
import {
  attributeJSON,
  plainText,
  type TrialFacts,
  TrialRows,
} from "./_postgres_rows.ts";
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
    plainText(key),
    attributeJSON(value),
  );
}
