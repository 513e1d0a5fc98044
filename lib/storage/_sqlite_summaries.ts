/**
 * All studies of a file at a glance, in a handful of queries however many
 * there are, without reading a trial.
 *
 * @module
 */

import { warmStartModelKey } from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import { spaceOfDistributions } from "./_optuna.ts";
import { parsePythonJSON } from "./_python_json.ts";
import { objectivesOf } from "./_study_rows.ts";
import type { Row, SQLiteDatabase } from "./_sqlite_database.ts";
import type { StudySummary } from "./storage.ts";

/** The summaries, the oldest study first. */
export function readSummaries(database: SQLiteDatabase): StudySummary[] {
  const grouped = (sql: string): Map<number, Row[]> => {
    const groups = new Map<number, Row[]>();
    for (const row of database.all(sql)) {
      const id = Number(row.study_id);
      const group = groups.get(id);
      if (group === undefined) groups.set(id, [row]);
      else group.push(row);
    }
    return groups;
  };
  const own = database.hasOwnTables;
  const directions = grouped(
    "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective",
  );
  const names = grouped(
    "SELECT study_id, value_json FROM study_system_attributes WHERE key = 'study:metric_names'",
  );
  const attributes = grouped(
    // What prior studies say of a study's space is large, and of no use to others.
    `SELECT study_id, key, value_json FROM study_user_attributes WHERE key <> '${warmStartModelKey}'`,
  );
  const counts = grouped(
    "SELECT study_id, state, COUNT(*) AS count FROM trials GROUP BY study_id, state",
  );
  const definitions = own
    ? grouped("SELECT study_id, space_json, task_json FROM etude_studies")
    : new Map<number, Row[]>();
  const seeds = own
    ? grouped("SELECT study_id, seed FROM etude_random_streams")
    : new Map<number, Row[]>();
  // Studies mostly share a few spaces, and most are never looked at.
  const spaces = new Map<string, Space>();
  const spaceOf = (id: number): Space | null => {
    const text = definitions.get(id)?.[0]?.space_json;
    if (text === undefined) return inferSpace(database, id);
    const known = spaces.get(String(text));
    if (known !== undefined) return known;
    const space = Space.fromJSON(JSON.parse(String(text)));
    spaces.set(String(text), space);
    return space;
  };
  return database.all(
    "SELECT study_id, study_name FROM studies ORDER BY study_id",
  )
    .map((row): StudySummary => {
      const id = Number(row.study_id);
      const states = new Map(
        (counts.get(id) ?? []).map((
          { state, count },
        ) => [state, Number(count)]),
      );
      return Object.freeze({
        id,
        name: String(row.study_name),
        objectives: objectivesOf(
          (directions.get(id) ?? []).map(({ direction }) => direction),
          names.get(id)?.[0]?.value_json,
        ),
        seed: String(seeds.get(id)?.[0]?.seed ?? row.study_name),
        task: parsePythonJSON(
          String(definitions.get(id)?.[0]?.task_json ?? "null"),
        ),
        attributes: Object.freeze(
          Object.fromEntries(
            (attributes.get(id) ?? []).map((
              { key, value_json },
            ) => [String(key), parsePythonJSON(String(value_json))]),
          ),
        ),
        completeTrials: states.get("COMPLETE") ?? 0,
        trials: [...states.values()].reduce((a, b) => a + b, 0),
        space: () => spaceOf(id),
      });
    });
}

/** The space of a study of another program, from its trials. */
export function inferSpace(
  database: SQLiteDatabase,
  studyId: number,
): Space | null {
  const rows = database.all(
    "SELECT DISTINCT param_name AS name, distribution_json AS distribution FROM trial_params JOIN trials USING (trial_id) WHERE study_id = ? ORDER BY param_id",
    studyId,
  );
  return spaceOfDistributions(
    rows as unknown as { name: string; distribution: string }[],
  );
}
