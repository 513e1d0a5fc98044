/**
 * Studies in the tables in PostgreSQL.
 *
 * @module
 */

import { constraintsKey, warmStartModelKey } from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import { spaceOfDistributions } from "./_optuna.ts";
import type { Query, Row } from "./_postgres_database.ts";
import { noteKeys, noteText } from "./_notes.ts";
import { setAttribute } from "./_postgres_writes.ts";
import { parsePythonJSON, pythonJSON } from "./_python_json.ts";
import { assembleStudy, objectivesOf } from "./_study_rows.ts";
import type { StoredStudy, StudyDefinition, StudySummary } from "./storage.ts";

/** Writes a new study and gives its id; null if there is one of that name. */
export async function insertStudy(
  query: Query,
  definition: StudyDefinition,
): Promise<number | null> {
  const { name, objectives, constraints = [], space, seed, task } = definition;
  const [row] = await query(
    "INSERT INTO studies (study_name) VALUES ($1) ON CONFLICT (study_name) DO NOTHING RETURNING study_id",
    name,
  );
  if (row === undefined) return null;
  const id = Number(row.study_id);
  const names = objectives.map((objective) => objective.name);
  await Promise.all([
    // Python reads them in the order of their rows.
    ...objectives.map(({ direction }, index) =>
      query(
        "INSERT INTO study_directions (direction, study_id, objective) VALUES ($1::text::studydirection, $2, $3)",
        direction.toUpperCase(),
        id,
        index,
      )
    ),
    ...["study:metric_names", "dashboard:objective_names"].map((key) =>
      setAttribute(query, "study", id, key, names, "system")
    ),
    constraints.length === 0
      ? null
      : setAttribute(query, "study", id, constraintsKey, constraints),
    query(
      "INSERT INTO etude_studies VALUES ($1, $2, $3)",
      id,
      JSON.stringify(space),
      pythonJSON(task ?? null),
    ),
    query("INSERT INTO etude_random_streams VALUES ($1, $2)", id, seed),
  ]);
  return id;
}

/** Deletes a study with all that hangs on it; our own tables follow by themselves. */
export async function deleteStudyRows(
  query: Query,
  studyId: number,
): Promise<void> {
  const ofTrials =
    "WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = $1)";
  for (
    const table of [
      "trial_params",
      "trial_values",
      "trial_intermediate_values",
      "trial_user_attributes",
      "trial_system_attributes",
      "trial_heartbeats",
    ]
  ) await query(`DELETE FROM ${table} ${ofTrials}`, studyId);
  for (
    const table of [
      "trials",
      "study_directions",
      "study_user_attributes",
      "study_system_attributes",
      "studies",
    ]
  ) await query(`DELETE FROM ${table} WHERE study_id = $1`, studyId);
}

/** The study of that id, or null. */
export async function readPostgresStudy(
  query: Query,
  id: number,
): Promise<StoredStudy | null> {
  const [studies, definitions, streams, names, directions, attributes, notes] =
    await Promise.all([
      query("SELECT study_name FROM studies WHERE study_id = $1", id),
      query(
        "SELECT space_json, task_json FROM etude_studies WHERE study_id = $1",
        id,
      ),
      query("SELECT seed FROM etude_random_streams WHERE study_id = $1", id),
      query(
        "SELECT value_json FROM study_system_attributes WHERE study_id = $1 AND key = 'study:metric_names'",
        id,
      ),
      query(
        "SELECT direction FROM study_directions WHERE study_id = $1 ORDER BY objective",
        id,
      ),
      query(
        "SELECT key, value_json FROM study_user_attributes WHERE study_id = $1",
        id,
      ),
      query(
        "SELECT key, value_json FROM study_system_attributes WHERE study_id = $1 AND starts_with(key, $2)",
        id,
        noteKeys(null).pieces,
      ),
    ]);
  if (studies[0] === undefined) return null;
  const isForeign = definitions[0] === undefined;
  // Only another program's study has to be guessed from its trials.
  const [distributions, constraints] = !isForeign ? [[], []] : await Promise
    .all([
      query(
        "SELECT param_name AS name, distribution_json AS distribution FROM trial_params JOIN trials USING (trial_id) WHERE study_id = $1 GROUP BY 1, 2 ORDER BY MIN(param_id)",
        id,
      ),
      query(
        "SELECT key, value_json FROM trial_system_attributes JOIN trials USING (trial_id) WHERE study_id = $1 AND (key = 'constraints' OR key LIKE 'constraints:%')",
        id,
      ),
    ]);
  return assembleStudy({
    id,
    name: String(studies[0].study_name),
    definition: definitions[0],
    seed: streams[0]?.seed,
    metricNames: names[0]?.value_json,
    directions: directions.map(({ direction }) => direction),
    attributes,
    note: noteText(
      notes.map(({ key, value_json }) => [String(key), String(value_json)]),
    ),
    inferSpace: () =>
      spaceOfDistributions(
        distributions as unknown as { name: string; distribution: string }[],
      ),
    optunaConstraints: () => constraints,
  });
}

/** All studies at a glance, the oldest first. */
export async function readPostgresSummaries(
  query: Query,
): Promise<StudySummary[]> {
  const [
    studies,
    directions,
    names,
    attributes,
    counts,
    definitions,
    seeds,
    distributions,
  ] = await Promise.all([
    query("SELECT study_id, study_name FROM studies ORDER BY study_id"),
    query(
      "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective",
    ),
    query(
      "SELECT study_id, value_json FROM study_system_attributes WHERE key = 'study:metric_names'",
    ),
    query(
      // What prior studies say of a study's space is large, and of no use to others.
      "SELECT study_id, key, value_json FROM study_user_attributes WHERE key <> $1",
      warmStartModelKey,
    ),
    query(
      "SELECT study_id, state, COUNT(*)::int AS count FROM trials GROUP BY study_id, state",
    ),
    query("SELECT study_id, space_json, task_json FROM etude_studies"),
    query("SELECT study_id, seed FROM etude_random_streams"),
    query(
      "SELECT study_id, param_name AS name, distribution_json AS distribution FROM trial_params JOIN trials t USING (trial_id) WHERE NOT EXISTS (SELECT 1 FROM etude_studies e WHERE e.study_id = t.study_id) GROUP BY 1, 2, 3 ORDER BY MIN(param_id)",
    ),
  ]);
  const of = (rows: readonly Row[]) =>
    Map.groupBy(rows, ({ study_id }) => Number(study_id));
  const [directionsOf, namesOf, attributesOf, countsOf] = [
    of(directions),
    of(names),
    of(attributes),
    of(counts),
  ];
  const [definitionsOf, seedsOf, distributionsOf] = [
    of(definitions),
    of(seeds),
    of(distributions),
  ];
  // Studies mostly share a few spaces, and most are never looked at.
  const spaces = new Map<string, Space>();
  const spaceOf = (id: number): Space | null => {
    const text = definitionsOf.get(id)?.[0]?.space_json;
    if (text === undefined) {
      return spaceOfDistributions(
        (distributionsOf.get(id) ?? []) as unknown as {
          name: string;
          distribution: string;
        }[],
      );
    }
    let space = spaces.get(String(text));
    if (space === undefined) {
      space = Space.fromJSON(JSON.parse(String(text)));
      spaces.set(String(text), space);
    }
    return space;
  };
  return studies.map((row): StudySummary => {
    const id = Number(row.study_id);
    const states = new Map(
      countsOf.get(id)?.map(({ state, count }) => [state, Number(count)]),
    );
    return Object.freeze({
      id,
      name: String(row.study_name),
      objectives: objectivesOf(
        (directionsOf.get(id) ?? []).map(({ direction }) => direction),
        namesOf.get(id)?.[0]?.value_json,
      ),
      seed: String(seedsOf.get(id)?.[0]?.seed ?? row.study_name),
      task: parsePythonJSON(
        String(definitionsOf.get(id)?.[0]?.task_json ?? "null"),
      ),
      attributes: Object.freeze(
        Object.fromEntries(
          (attributesOf.get(id) ?? []).map((
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
