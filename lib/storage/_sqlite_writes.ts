/**
 * What is written of trials into Optuna's tables and ours.
 *
 * @module
 */

import {
  noteAttribute,
  type TrialRecord,
  type TrialState,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  constraintsList,
  datetimeText,
  forecastJSON,
  paramRows,
  stateName,
  valueColumns,
} from "./_optuna.ts";
import { isNote } from "./_notes.ts";
import { pythonJSON } from "./_python_json.ts";
import { reportsOfCurves } from "./_record.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";
import { writeNote } from "./_sqlite_notes.ts";
import type { Report, StoredStudy } from "./storage.ts";

/** Writes a trial's configuration. */
export function writeParams(
  database: SQLiteDatabase,
  { space }: StoredStudy,
  trialId: number,
  params: Configuration,
): void {
  for (const { name, value, distribution } of paramRows(space, params)) {
    database.run(
      "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?) ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json",
      trialId,
      name,
      value,
      distribution,
    );
  }
}

/** Adds values to a trial's curves: the objective's into Optuna's own table. */
export function appendReports(
  database: SQLiteDatabase,
  { objectives }: StoredStudy,
  trialId: number,
  reports: readonly Report[],
): void {
  const objectiveName = objectives[0]?.name;
  const curveIds = new Map<string, number>();
  for (const { name, step, value } of reports) {
    if (name === objectiveName) {
      database.run(
        "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) VALUES (?, ?, ?, ?) ON CONFLICT (trial_id, step) DO UPDATE SET intermediate_value = excluded.intermediate_value, intermediate_value_type = excluded.intermediate_value_type",
        trialId,
        step,
        ...valueColumns(value),
      );
      continue;
    }
    let curveId = curveIds.get(name);
    if (curveId === undefined) {
      database.run(
        "INSERT OR IGNORE INTO etude_curves (trial_id, name) VALUES (?, ?)",
        trialId,
        name,
      );
      curveId = Number(
        database.get(
          "SELECT curve_id FROM etude_curves WHERE trial_id = ? AND name = ?",
          trialId,
          name,
        )!.curve_id,
      );
      curveIds.set(name, curveId);
    }
    // SQLite keeps infinities but no NaN: null stands for it.
    database.run(
      "INSERT OR REPLACE INTO etude_curve_points VALUES (?, ?, ?)",
      curveId,
      step,
      Number.isNaN(value) ? null : value,
    );
  }
}

/** Sets a user attribute, or removes it if the value is undefined. */
export function setAttribute(
  database: SQLiteDatabase,
  owner: "study" | "trial",
  id: number,
  key: string,
  value: unknown,
): void {
  if (value === undefined) {
    database.run(
      `DELETE FROM ${owner}_user_attributes WHERE ${owner}_id = ? AND key = ?`,
      id,
      key,
    );
    return;
  }
  database.run(
    `INSERT INTO ${owner}_user_attributes (${owner}_id, key, value_json) VALUES (?, ?, ?) ON CONFLICT (${owner}_id, key) DO UPDATE SET value_json = excluded.value_json`,
    id,
    key,
    pythonJSON(value),
  );
}

/** Sets an attribute of a study, or of its trial; a note where the dashboard looks for it. */
export function keepAttribute(
  database: SQLiteDatabase,
  { studyId, trialId }: {
    readonly studyId: number;
    readonly trialId: number | null;
  },
  key: string,
  value: unknown,
): void {
  const [owner, id] = trialId === null
    ? ["study", studyId] as const
    : ["trial", trialId] as const;
  if (!isNote(key, value)) {
    setAttribute(database, owner, id, key, value);
    return;
  }
  writeNote(database, studyId, trialId, value ?? "");
  // Where notes were kept once.
  setAttribute(database, owner, id, noteAttribute, undefined);
}

/** Writes how a trial stands to the constraints, as Optuna reads them. */
export function writeConstraints(
  database: SQLiteDatabase,
  trialId: number,
  outcome: {
    readonly state: TrialState;
    readonly constraints?: readonly (number | null)[];
  },
): void {
  database.run(
    "DELETE FROM trial_system_attributes WHERE trial_id = ? AND key = 'constraints'",
    trialId,
  );
  const list = constraintsList(outcome);
  if (list === null) return;
  database.run(
    "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, 'constraints', ?)",
    trialId,
    pythonJSON(list),
  );
}

/** Writes a whole trial that ran elsewhere, and gives its id. */
export function insertTrial(
  database: SQLiteDatabase,
  study: StoredStudy,
  trial: TrialRecord,
  number: number,
): number {
  const { state, params, values, startedAt, finishedAt } = trial;
  const timeOf = (date: Date | null) =>
    date === null ? null : datetimeText(date.getTime());
  const id = database.insert(
    "INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete) VALUES (?, ?, ?, ?, ?)",
    number,
    study.id,
    stateName(state),
    timeOf(startedAt),
    timeOf(finishedAt),
  );
  database.run(
    "INSERT OR REPLACE INTO etude_trials (trial_id, origin, reason, error, forecast_json) VALUES (?, ?, ?, ?, ?)",
    id,
    trial.origin,
    trial.reason,
    trial.error,
    forecastJSON(trial.forecast),
  );
  if (state === "waiting") {
    database.run(
      "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, 'fixed_params', ?)",
      id,
      pythonJSON(params),
    );
  } else writeParams(database, study, id, params);
  appendReports(database, study, id, reportsOfCurves(trial));
  values?.forEach((value, objective) => {
    database.run(
      "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)",
      id,
      objective,
      ...valueColumns(value),
    );
  });
  for (const [key, value] of Object.entries(trial.attributes)) {
    keepAttribute(database, { studyId: study.id, trialId: id }, key, value);
  }
  if (trial.constraints !== undefined) writeConstraints(database, id, trial);
  return id;
}
