/**
 * Studies in Optuna's tables and ours.
 *
 * @module
 */

import { constraintsKey } from "../records/mod.ts";
import { pythonJSON } from "./_python_json.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";
import { readNotes } from "./_sqlite_notes.ts";
import { setAttribute } from "./_sqlite_writes.ts";
import { inferSpace } from "./_sqlite_summaries.ts";
import { assembleStudy } from "./_study_rows.ts";
import type { StoredStudy, StudyDefinition } from "./storage.ts";

/** The id of the study of that name, or null. */
export function findStudyId(
  database: SQLiteDatabase,
  name: string,
): number | null {
  const row = database.get(
    "SELECT study_id FROM studies WHERE study_name = ?",
    name,
  );
  return row === undefined ? null : Number(row.study_id);
}

/** Writes a new study and gives its id. */
export function insertStudy(
  database: SQLiteDatabase,
  definition: StudyDefinition,
): number {
  const { name, objectives, constraints = [], space, seed, task } = definition;
  const id = database.insert(
    "INSERT INTO studies (study_name) VALUES (?)",
    name,
  );
  objectives.forEach((objective, index) => {
    database.run(
      "INSERT INTO study_directions (direction, study_id, objective) VALUES (?, ?, ?)",
      objective.direction.toUpperCase(),
      id,
      index,
    );
  });
  const names = JSON.stringify(
    objectives.map((objective) => objective.name),
  );
  for (const key of ["study:metric_names", "dashboard:objective_names"]) {
    database.run(
      "INSERT INTO study_system_attributes (study_id, key, value_json) VALUES (?, ?, ?)",
      id,
      key,
      names,
    );
  }
  if (constraints.length > 0) {
    setAttribute(database, "study", id, constraintsKey, constraints);
  }
  database.run(
    "INSERT INTO etude_studies VALUES (?, ?, ?)",
    id,
    JSON.stringify(space),
    pythonJSON(task ?? null),
  );
  database.run(
    "INSERT INTO etude_random_streams VALUES (?, ?)",
    id,
    seed,
  );
  return id;
}

/** Deletes a study with all that hangs on it. */
export function deleteStudyRows(
  database: SQLiteDatabase,
  studyId: number,
): void {
  const ofTrials =
    "WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = ?)";
  for (
    const table of [
      "trial_params",
      "trial_values",
      "trial_intermediate_values",
      "trial_user_attributes",
      "trial_system_attributes",
      "trial_heartbeats",
    ]
  ) database.run(`DELETE FROM ${table} ${ofTrials}`, studyId);
  for (
    const table of [
      "trials",
      "study_directions",
      "study_user_attributes",
      "study_system_attributes",
      "studies",
    ]
  ) {
    database.run(`DELETE FROM ${table} WHERE study_id = ?`, studyId);
  }
}

/** The study of that id, or null. */
export function readStudy(
  database: SQLiteDatabase,
  id: number,
): StoredStudy | null {
  const row = database.get(
    "SELECT study_name FROM studies WHERE study_id = ?",
    id,
  );
  if (row === undefined) return null;
  const own = database.hasOwnTables;
  return assembleStudy({
    id,
    name: String(row.study_name),
    definition: !own ? undefined : database.get(
      "SELECT space_json, task_json FROM etude_studies WHERE study_id = ?",
      id,
    ),
    seed: !own ? undefined : database.get(
      "SELECT seed FROM etude_random_streams WHERE study_id = ?",
      id,
    )?.seed,
    metricNames: database.get(
      "SELECT value_json FROM study_system_attributes WHERE study_id = ? AND key = 'study:metric_names'",
      id,
    )?.value_json,
    directions: database.all(
      "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective",
      id,
    ).map(({ direction }) => direction),
    attributes: database.all(
      "SELECT key, value_json FROM study_user_attributes WHERE study_id = ?",
      id,
    ),
    note: readNotes(database, id, null).get(null) ?? "",
    inferSpace: () => inferSpace(database, id),
    optunaConstraints: () =>
      database.all(
        "SELECT key, value_json FROM trial_system_attributes JOIN trials USING (trial_id) WHERE study_id = ? AND (key = 'constraints' OR key LIKE 'constraints:%')",
        id,
      ),
  });
}
