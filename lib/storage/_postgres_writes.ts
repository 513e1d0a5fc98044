/**
 * What is written of trials into the tables in PostgreSQL: a statement a table,
 * however many rows.
 *
 * @module
 */

import type { TrialState } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { constraintsJSON, paramRows, valueColumns } from "./_optuna.ts";
import { plainText } from "./_plain_text.ts";
import type { Query } from "./_postgres_database.ts";
import type { Report, StoredStudy } from "./storage.ts";

/** Rows as JSON for `json_to_recordset`; NaN and infinities as texts, which it reads as numbers. */
function asJSON(rows: readonly object[]): string {
  return JSON.stringify(
    rows,
    (_, value) =>
      typeof value === "number" && !Number.isFinite(value)
        ? String(value)
        : typeof value === "string"
        ? plainText(value)
        : value,
  );
}

/** Writes a trial's configuration. */
export async function writeParams(
  query: Query,
  study: StoredStudy,
  trialId: number,
  params: Configuration,
): Promise<void> {
  const rows = paramRows(study.space, params);
  if (rows.length === 0) return;
  await query(
    `INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
    SELECT $1, name, value, distribution FROM json_to_recordset($2::text::json) AS r (name text, value float8, distribution text)
    ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json`,
    trialId,
    asJSON(rows),
  );
}

/** Adds values to a trial's curves: the objective's into Optuna's own table. */
export async function appendReports(
  query: Query,
  { objectives }: StoredStudy,
  trialId: number,
  reports: readonly Report[],
): Promise<void> {
  const objectiveName = objectives[0]?.name;
  // The last value for a step counts; one statement may not write a row twice.
  const last = new Map(
    reports.map((report) => [`${report.step} ${report.name}`, report]),
  );
  const all = [...last.values()];
  const own = all.filter(({ name }) => name !== objectiveName);
  const main = all.filter(({ name }) => name === objectiveName).map(
    ({ step, value }) => {
      const [number, type] = valueColumns(value);
      return { step, value: number, type };
    },
  );
  await Promise.all([
    main.length === 0 ? null : query(
      `INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type)
      SELECT $1, step, value, type::trialintermediatevaluetype FROM json_to_recordset($2::text::json) AS r (step int, value float8, type text)
      ON CONFLICT (trial_id, step) DO UPDATE SET intermediate_value = excluded.intermediate_value, intermediate_value_type = excluded.intermediate_value_type`,
      trialId,
      asJSON(main),
    ),
    own.length === 0 ? null : query(
      `INSERT INTO etude_curves (trial_id, name)
      SELECT DISTINCT $1::int, name FROM json_to_recordset($2::text::json) AS r (name text) ON CONFLICT DO NOTHING`,
      trialId,
      asJSON(own.map(({ name }) => ({ name }))),
    ),
    own.length === 0 ? null : query(
      `INSERT INTO etude_curve_points (curve_id, step, value)
      SELECT curve_id, step, r.value FROM json_to_recordset($2::text::json) AS r (name text, step int, value float8) JOIN etude_curves c ON c.trial_id = $1 AND c.name = r.name
      ON CONFLICT (curve_id, step) DO UPDATE SET value = excluded.value`,
      trialId,
      asJSON(own.map(({ name, step, value }) => ({ name, step, value }))),
    ),
  ]);
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
    JSON.stringify(value),
  );
}

/** Writes how a trial stands to the constraints, as Optuna reads them. */
export async function writeConstraints(
  query: Query,
  trialId: number,
  outcome: {
    readonly state: TrialState;
    readonly constraints?: readonly (number | null)[];
  },
): Promise<void> {
  await query(
    "DELETE FROM trial_system_attributes WHERE trial_id = $1 AND key = 'constraints'",
    trialId,
  );
  const json = constraintsJSON(outcome);
  if (json === null) return;
  await query(
    "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES ($1, 'constraints', $2)",
    trialId,
    json,
  );
}
