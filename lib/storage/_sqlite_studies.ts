/**
 * Studies in Optuna's tables and ours.
 *
 * @module
 */

import {
  constraintsKey,
  constraintsOf,
  type Objective,
  optunaConstraint,
  type OutcomeConstraint,
} from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import { constraintKeys } from "./_optuna.ts";
import { parsePythonJSON } from "./_python_json.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";
import { setAttribute } from "./_sqlite_writes.ts";
import { inferSpace } from "./_sqlite_summaries.ts";
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
    JSON.stringify(task ?? null),
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
  if (row === undefined) {
    return null;
  }
  const own = database.hasOwnTables;
  const definition = own
    ? database.get(
      "SELECT space_json, task_json FROM etude_studies WHERE study_id = ?",
      id,
    )
    : undefined;
  const stream = own
    ? database.get(
      "SELECT seed FROM etude_random_streams WHERE study_id = ?",
      id,
    )
    : undefined;
  const attributes = Object.freeze(Object.fromEntries(
    database.all(
      "SELECT key, value_json FROM study_user_attributes WHERE study_id = ?",
      id,
    )
      .map((
        { key, value_json },
      ) => [String(key), parsePythonJSON(String(value_json))]),
  ));
  return Object.freeze({
    id,
    name: String(row.study_name),
    objectives: Object.freeze(objectivesOf(database, id)),
    constraints: Object.hasOwn(attributes, constraintsKey)
      ? constraintsOf(attributes)
      // A study of ours says what its constraints are, or has none.
      : definition === undefined
      ? optunaConstraintsOf(database, id)
      : [],
    space: definition === undefined
      ? inferSpace(database, id)
      : Space.fromJSON(JSON.parse(String(definition.space_json))),
    spaceInferred: definition === undefined,
    seed: stream === undefined ? String(row.study_name) : String(stream.seed),
    task: definition === undefined
      ? null
      : JSON.parse(String(definition.task_json ?? "null")),
    attributes,
  });
}

/** The constraints of a study of Python's Optuna: those that its trials have values of. */
function optunaConstraintsOf(
  database: SQLiteDatabase,
  studyId: number,
): readonly OutcomeConstraint[] {
  const keys = new Set<string>();
  const rows = database.all(
    "SELECT key, value_json FROM trial_system_attributes JOIN trials USING (trial_id) WHERE study_id = ? AND (key = 'constraints' OR key LIKE 'constraints:%')",
    studyId,
  );
  for (const { key, value_json } of rows) {
    for (const name of constraintKeys(String(key), String(value_json)).keys()) {
      keys.add(name);
    }
  }
  return Object.freeze([...keys].map(optunaConstraint));
}

function objectivesOf(database: SQLiteDatabase, studyId: number): Objective[] {
  const names = database.get(
    "SELECT value_json FROM study_system_attributes WHERE study_id = ? AND key = 'study:metric_names'",
    studyId,
  );
  const listed = names === undefined
    ? []
    : parsePythonJSON(String(names.value_json)) as string[];
  return database
    .all(
      "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective",
      studyId,
    )
    .map(({ direction }, index, { length }) =>
      Object.freeze({
        name: listed[index] ?? (length === 1 ? "value" : `value ${index}`),
        direction: direction === "MAXIMIZE" ? "maximize" : "minimize",
      })
    );
}
