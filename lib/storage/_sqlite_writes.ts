/**
 * What is written of trials into Optuna's tables and ours.
 *
 * @module
 */

import type { Prediction, TrialState } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { distributionJSON, internalValue, valueColumns } from "./_optuna.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";
import type { Report, StoredStudy } from "./storage.ts";

/** Distributions as JSON, by parameter: the same for every trial. */
const distributions = new WeakMap<object, string>();

/** Writes a trial's configuration. */
export function writeParams(
  database: SQLiteDatabase,
  { space }: StoredStudy,
  trialId: number,
  params: Configuration,
): void {
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const parameter = space?.parameter(name);
    if (parameter === undefined) {
      throw new RangeError(
        `Cannot store the parameter ${
          JSON.stringify(name)
        }: the study has no space`,
      );
    }
    let distribution = distributions.get(parameter);
    if (distribution === undefined) {
      distribution = distributionJSON(parameter);
      distributions.set(parameter, distribution);
    }
    database.run(
      "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?) ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json",
      trialId,
      name,
      internalValue(parameter, value),
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
    JSON.stringify(value),
  );
}

/**
 * Writes a trial's constraints as all versions of Optuna read them: a list of
 * numbers, ≤ 0 when kept. One that is not known is infinitely violated for
 * Optuna; of a trial that is not complete and knows none, nothing is written.
 */
export function writeConstraints(
  database: SQLiteDatabase,
  trialId: number,
  { state, constraints = [] }: {
    readonly state: TrialState;
    readonly constraints?: readonly (number | null)[];
  },
): void {
  database.run(
    "DELETE FROM trial_system_attributes WHERE trial_id = ? AND key = 'constraints'",
    trialId,
  );
  const isKnown = constraints.some((value) => value !== null);
  if (constraints.length === 0 || (!isKnown && state !== "complete")) return;
  database.run(
    "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?, 'constraints', ?)",
    trialId,
    `[${
      // Python's JSON writes infinities as String(…) does.
      constraints.map((value) => String(value ?? Infinity)).join(", ")}]`,
  );
}

/** A forecast as it is stored. */
export function forecastJSON(forecast: Prediction | null): string | null {
  return forecast === null
    ? null
    : JSON.stringify({ mean: forecast.mean, sd: forecast.sd });
}
