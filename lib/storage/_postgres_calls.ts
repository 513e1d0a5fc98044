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
} from "./_optuna.ts";
import type { Query, Row } from "./_postgres_database.ts";
import { givenRows, TrialRows } from "./_postgres_rows.ts";
import { draftDefaults, reportsOfCurves } from "./_record.ts";
import { thisWorker } from "./_worker.ts";
import type { Outcome, Report, StoredStudy, TrialDraft } from "./storage.ts";

/** Where a trial stands. */
export interface TrialPlace {
  readonly id: number;
  readonly number: number;
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

/**
 * Takes the waiting trial of the lowest number, in one statement; no row if none
 * waits, or one bears the token already.
 *
 * @param options `elseLocks`: whether it takes the lock for new trials otherwise. Defaults to `false`.
 */
export async function claim(
  query: Query,
  studyId: number,
  token: string,
  { elseLocks = false }: { readonly elseLocks?: boolean } = {},
): Promise<TrialPlace[]> {
  const rows = await query(
    `WITH taken AS (
      UPDATE trials SET state = 'RUNNING', datetime_start = $2::text::timestamp WHERE trial_id = (
        SELECT trial_id FROM trials WHERE study_id = $1 AND state = 'WAITING' ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
      ) AND NOT EXISTS (SELECT 1 FROM etude_trials WHERE call_token = $4) RETURNING trial_id, number
    ), noted AS (
      INSERT INTO etude_trials (trial_id, origin, worker, call_token) SELECT trial_id, 'enqueued', $3, $4 FROM taken
      ON CONFLICT (trial_id) DO UPDATE SET worker = excluded.worker, call_token = excluded.call_token
    ), heard AS (
      INSERT INTO trial_heartbeats (trial_id, heartbeat) SELECT trial_id, LOCALTIMESTAMP FROM taken
      ON CONFLICT (trial_id) DO UPDATE SET heartbeat = excluded.heartbeat
    )${
      elseLocks
        ? `, locked AS (
      SELECT study_id FROM studies WHERE study_id = $1 AND NOT EXISTS (SELECT 1 FROM taken) FOR UPDATE
    ) SELECT trial_id, number FROM (SELECT 1) AS one LEFT JOIN taken ON true LEFT JOIN locked ON true`
        : " SELECT trial_id, number FROM taken"
    }`,
    studyId,
    datetimeText(Date.now()),
    thisWorker(),
    token,
  );
  return rows.filter(({ trial_id }) => trial_id !== null).map(idAndNumber);
}

/** Trials that begin or wait here, or ran elsewhere. */
export type NewTrial = TrialDraft | TrialRecord;

/**
 * Takes the lock that gives numbers one at a time, the one that Optuna takes as
 * well, until the transaction ends.
 */
export async function lockNumbers(
  query: Query,
  studyId: number,
): Promise<void> {
  await query(
    "SELECT study_id FROM studies WHERE study_id = $1 FOR UPDATE",
    studyId,
  );
}

/**
 * Makes trials with the next numbers, in a statement that has to follow {@linkcode
 * lockNumbers} in its transaction: it sees what was there when it began. Nothing is
 * made where a trial bears the token already.
 *
 * @param token Noted with the first of them.
 * @param system Optuna's system attributes of the first of them. Defaults to none.
 */
export async function insertTrials(
  query: Query,
  study: StoredStudy,
  trials: readonly NewTrial[],
  token: string | null,
  system: Readonly<Record<string, unknown>> = {},
): Promise<TrialPlace[]> {
  const rows = new TrialRows();
  const own = trials.map((trial, at) => {
    const facts = factsOf(trial);
    rows.add(at, study, {
      ...facts,
      system: { ...facts.system, ...at === 0 ? system : {} },
    });
    return ownRow(at, trial, at === 0 ? token : null);
  });
  const columns =
    "state text, started text, finished text, origin text, reason text, error text, forecast text, worker text, token text";
  const made = await query(
    `WITH next AS (
        SELECT COALESCE((SELECT MAX(number) FROM trials WHERE study_id = $2) + 1, 0) AS number
        WHERE NOT EXISTS (SELECT 1 FROM etude_trials WHERE call_token = $3)
      ), ${
      rows.writes(
        `INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
          SELECT next.number + at, $2, state::trialstate, started::timestamp, finished::timestamp FROM next, ${
          givenRows("own", columns)
        } ORDER BY at
          RETURNING trial_id, number, number - (SELECT number FROM next) AS at`,
        {
          noted:
            `INSERT INTO etude_trials (trial_id, origin, reason, error, forecast_json, worker, call_token)
              SELECT trial_id, origin, reason, error, forecast, worker, token FROM these JOIN ${
              givenRows("own", columns)
            } USING (at)`,
          heard: `INSERT INTO trial_heartbeats (trial_id, heartbeat)
              SELECT trial_id, LOCALTIMESTAMP FROM these JOIN ${
            givenRows("own", columns)
          } USING (at) WHERE state = 'RUNNING'`,
        },
      )
    } SELECT trial_id, number FROM these ORDER BY number`,
    rows.json({ own }),
    study.id,
    token,
  );
  return made.map(idAndNumber);
}

/** What stands of a trial in its own row, and in ours beside it. */
function ownRow(at: number, trial: NewTrial, token: string | null): object {
  const { state } = trial;
  const { origin, reason, forecast } = draftDefaults(trial);
  const textOf = (date: Date | null) =>
    date === null ? null : datetimeText(date.getTime());
  const ran = "curves" in trial && state !== "waiting" ? trial : null;
  return {
    at,
    state: stateName(state),
    started: state === "running"
      ? datetimeText(Date.now())
      : textOf(ran?.startedAt ?? null),
    finished: textOf(ran?.finishedAt ?? null),
    origin,
    reason,
    error: ran?.error ?? null,
    forecast: forecastJSON(forecast),
    worker: state === "running" ? thisWorker() : null,
    token,
  };
}

/** What stands of a trial in the other tables. */
function factsOf(trial: NewTrial) {
  const { state, params } = trial;
  const attributes = "attributes" in trial ? trial.attributes : {};
  if (state === "waiting") {
    return { attributes, system: { fixed_params: params } };
  }
  if (!("curves" in trial)) return { params };
  const { values, constraints } = trial;
  const reports = reportsOfCurves(trial);
  return {
    params,
    values,
    reports,
    attributes,
    ...constraints === undefined ? {} : { constraints, state },
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
      FROM running WHERE e.trial_id = running.trial_id AND (
        $4::text = 'yes' AND e.reason IS DISTINCT FROM $5::text OR $6::text = 'yes' AND e.forecast_json IS DISTINCT FROM $7::text
      )
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

/** Adds values to a running trial's curves, in one statement; false where it does not run. */
export async function appendReports(
  query: Query,
  study: StoredStudy,
  id: number,
  reports: readonly Report[],
): Promise<boolean> {
  const rows = new TrialRows().add(0, study, { reports });
  const found = await query(
    `WITH ${
      rows.writes(
        "SELECT trial_id, 0 AS at FROM trials WHERE trial_id = $2 AND study_id = $3 AND state = 'RUNNING' FOR UPDATE",
      )
    } SELECT trial_id FROM these`,
    rows.json(),
    id,
    study.id,
  );
  return found.length > 0;
}

/**
 * Ends a trial with all that is known of it, in one statement; false where it may
 * not end, and then nothing was written. A waiting trial may fail.
 */
export async function endTrial(
  query: Query,
  study: StoredStudy,
  id: number,
  outcome: Outcome,
  more: {
    readonly params: Configuration;
    readonly reports: readonly Report[];
  },
): Promise<boolean> {
  const { state, values, attributes, constraints } = outcome;
  const rows = new TrialRows().add(0, study, {
    ...more,
    values,
    attributes,
    ...constraints === undefined ? {} : { constraints, state },
  });
  const found = await query(
    `WITH ${
      rows.writes(
        `UPDATE trials SET state = $4::text::trialstate, datetime_complete = $5::text::timestamp
        WHERE trial_id = $2 AND study_id = $3 AND (state = 'RUNNING' OR state = 'WAITING' AND $4::text = 'FAIL')
        RETURNING trial_id, 0 AS at`,
        {
          noted:
            `INSERT INTO etude_trials AS e (trial_id, origin, reason, error)
            SELECT trial_id, 'other program', $6::text, $7::text FROM these WHERE $6::text IS NOT NULL OR $7::text IS NOT NULL
            ON CONFLICT (trial_id) DO UPDATE SET reason = COALESCE(excluded.reason, e.reason), error = excluded.error`,
          silent:
            "DELETE FROM trial_heartbeats WHERE trial_id IN (SELECT trial_id FROM these)",
        },
      )
    } SELECT trial_id FROM these`,
    rows.json(),
    id,
    study.id,
    stateName(state),
    datetimeText(Date.now()),
    outcome.reason ?? null,
    outcome.error ?? null,
  );
  return found.length > 0;
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
