/**
 * What the storage asks of PostgreSQL for one trial.
 *
 * @module
 */

import type { TrialRecord, TrialState } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  datetimeText,
  forecastJSON,
  paramRows,
  stateName,
  stateOf,
  valueColumns,
} from "./_optuna.ts";
import type { Query, Row } from "./_postgres_database.ts";
import {
  appendReports,
  setAttribute,
  writeConstraints,
  writeParams,
} from "./_postgres_writes.ts";
import { draftDefaults, recordOf, reportsOfCurves } from "./_record.ts";
import { thisWorker } from "./_worker.ts";
import type { StoredStudy, TrialDraft } from "./storage.ts";

/** Writes a whole trial that ran elsewhere. */
export async function insertWhole(
  query: Query,
  study: StoredStudy,
  trial: TrialRecord,
  token: string | null,
): Promise<void> {
  const { id } = await insertTrial(
    query,
    study,
    { ...trial, state: "waiting" },
    token,
  );
  await Promise.all(
    Object.entries(trial.attributes).map(([key, value]) =>
      setAttribute(query, "trial", id, key, value)
    ),
  );
  if (trial.state === "waiting") return;
  const timeOf = (date: Date | null) =>
    date === null ? null : datetimeText(date.getTime());
  await Promise.all([
    query(
      "DELETE FROM trial_system_attributes WHERE trial_id = $1 AND key = 'fixed_params'",
      id,
    ),
    writeParams(query, study, id, trial.params),
    appendReports(query, study, id, reportsOfCurves(trial)),
    query(
      "UPDATE trials SET state = $1::text::trialstate, datetime_start = $2::text::timestamp, datetime_complete = $3::text::timestamp WHERE trial_id = $4",
      stateName(trial.state),
      timeOf(trial.startedAt),
      timeOf(trial.finishedAt),
      id,
    ),
    query(
      "UPDATE etude_trials SET error = $1 WHERE trial_id = $2",
      trial.error,
      id,
    ),
    ...(trial.values ?? []).map((value, objective) =>
      query(
        "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES ($1, $2, $3, $4::text::trialvaluetype)",
        id,
        objective,
        ...valueColumns(value),
      )
    ),
    trial.constraints === undefined ? null : writeConstraints(query, id, trial),
  ]);
}

/** Where a trial stands. */
export interface TrialPlace {
  readonly id: number;
  readonly number: number;
  /** As it was made, where it was made now. */
  readonly record?: TrialRecord;
}

/** Where the trial of a row stands. */
export function idAndNumber(row: Row): TrialPlace {
  return { id: Number(row.trial_id), number: Number(row.number) };
}

/** The trial that a call of ours made or took, in an attempt whose end we did not hear of. */
export async function byToken(
  query: Query,
  token: string,
): Promise<TrialPlace | undefined> {
  const [row] = await query(
    "SELECT trial_id, number FROM trials JOIN etude_trials USING (trial_id) WHERE call_token = $1",
    token,
  );
  return row && idAndNumber(row);
}

/** Makes a trial with the next number. */
export async function insertTrial(
  query: Query,
  study: StoredStudy,
  draft: TrialDraft,
  token: string | null,
): Promise<TrialPlace> {
  const running = draft.state === "running";
  const startedAtMs = running ? Date.now() : null;
  const { origin, reason, forecast } = draftDefaults(draft);
  const made = "CURRVAL(pg_get_serial_sequence('trials', 'trial_id'))";
  const params = paramRows(study.space, running ? draft.params : {});
  // All on one way. The lock is the one that Optuna takes as well: numbers are given one at a time.
  const [, rows] = await Promise.all([
    query(
      "SELECT study_id FROM studies WHERE study_id = $1 FOR UPDATE",
      study.id,
    ),
    query(
      "INSERT INTO trials (number, study_id, state, datetime_start) SELECT COALESCE(MAX(number) + 1, 0), $1, $2::text::trialstate, $3::text::timestamp FROM trials WHERE study_id = $1 RETURNING trial_id, number",
      study.id,
      stateName(draft.state),
      startedAtMs === null ? null : datetimeText(startedAtMs),
    ),
    query(
      `INSERT INTO etude_trials (trial_id, origin, reason, forecast_json, worker, call_token) VALUES (${made}, $1, $2, $3, $4, $5)`,
      origin,
      reason,
      forecastJSON(forecast),
      running ? thisWorker() : null,
      token,
    ),
    running
      ? query(
        `INSERT INTO trial_heartbeats (trial_id, heartbeat) VALUES (${made}, LOCALTIMESTAMP)`,
      )
      : query(
        `INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (${made}, 'fixed_params', $1)`,
        JSON.stringify(draft.params),
      ),
  ]);
  const place = idAndNumber(rows[0]!);
  if (params.length > 0) {
    await writeParams(query, study, place.id, draft.params);
    return place;
  }
  return !running ? place : {
    ...place,
    record: recordOf({
      number: place.number,
      state: "running",
      params: {},
      values: null,
      ...(study.constraints ?? []).length === 0
        ? {}
        : { constraints: study.constraints!.map(() => null) },
      curves: new Map(),
      startedAtMs,
      finishedAtMs: null,
      error: null,
      origin,
      reason,
      forecast,
      attributes: {},
    }),
  };
}

/**
 * Writes a configuration, the reason and the forecast, in one statement that does
 * not wait for the server's disk.
 *
 * @returns The trial's state: if it is not running, nothing was written.
 */
export async function setRunningParams(
  query: Query,
  { studyId, id, study, params }: {
    readonly studyId: number;
    readonly id: number;
    readonly study: StoredStudy;
    readonly params: Configuration;
  },
  details: {
    readonly reason: string | null;
    readonly forecast: string | null;
    readonly setsReason: boolean;
    readonly setsForecast: boolean;
  },
): Promise<TrialState | null> {
  const [row] = await query(
    `WITH trial AS (
      SELECT trial_id, state, set_config('synchronous_commit', 'off', true) FROM trials WHERE trial_id = $1 AND study_id = $2 FOR UPDATE
    ), running AS (
      SELECT trial_id FROM trial WHERE state = 'RUNNING'
    ), written AS (
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
      SELECT trial_id, name, value, distribution FROM running, json_to_recordset($3::text::json) AS r (name text, value float8, distribution text)
      ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json
    ), noted AS (
      UPDATE etude_trials e SET
        reason = CASE WHEN $4::text = 'yes' THEN $5::text ELSE e.reason END,
        forecast_json = CASE WHEN $6::text = 'yes' THEN $7::text ELSE e.forecast_json END
      FROM running WHERE e.trial_id = running.trial_id
    ) SELECT state FROM trial`,
    id,
    studyId,
    JSON.stringify(paramRows(study.space, params)),
    details.setsReason ? "yes" : "no",
    details.reason,
    details.setsForecast ? "yes" : "no",
    details.forecast,
  );
  return row === undefined ? null : stateOf(String(row.state));
}

/** Says that trials still run; those that have ended meanwhile are passed over. */
export async function beat(
  query: Query,
  ids: readonly number[],
): Promise<void> {
  await query(
    "INSERT INTO trial_heartbeats (trial_id, heartbeat) SELECT trial_id, LOCALTIMESTAMP FROM trials WHERE trial_id = ANY ($1::text::int[]) AND state = 'RUNNING' ON CONFLICT (trial_id) DO UPDATE SET heartbeat = excluded.heartbeat",
    `{${ids.join(",")}}`,
  );
}
