/**
 * Reads trials out of Optuna's tables and ours, in a handful of queries for
 * some hundreds of them.
 *
 * @module
 */

import type { Curve, TrialOrigin, TrialRecord } from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import {
  datetimeMs,
  externalValue,
  stateOf,
  valueOfColumns,
} from "./_optuna.ts";
import { parsePythonJSON } from "./_python_json.ts";
import { curveOf, recordOf } from "./_record.ts";
import type { Row, SQLiteDatabase } from "./_sqlite_database.ts";

/** What is needed to read a study's trials. */
export interface TrialReader {
  readonly database: SQLiteDatabase;
  readonly studyId: number;
  /** The name of the curve that stands in Optuna's own table. */
  readonly objectiveName: string;
  /** In whose order parameters are given; null if it is not known. */
  readonly space: Space | null;
}

/** The trials of the numbers from `from` on, and of the numbers in `also`. */
export function readTrials(
  reader: TrialReader,
  from: number,
  also: readonly number[],
): TrialRecord[] {
  const { database, studyId } = reader;
  const trials: Row[] = also
    .filter((number) => number < from)
    .map((number) =>
      database.get(
        `${trialColumns} WHERE study_id = ? AND number = ?`,
        studyId,
        number,
      )
    )
    .filter((row) => row !== undefined);
  trials.push(
    ...database.all(
      `${trialColumns} WHERE study_id = ? AND number >= ? ORDER BY number`,
      studyId,
      from,
    ),
  );
  if (trials.length <= 4) return trials.map((trial) => readOne(reader, trial));
  // In portions: their rows take many times the memory of what is made of them.
  const records: TrialRecord[] = [];
  for (let start = 0; start < trials.length; start += portion) {
    records.push(...readMany(reader, trials.slice(start, start + portion)));
  }
  return records;
}

/** How many trials are read at a time. */
const portion = 50;

const trialColumns =
  "SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials";

/** The columns of each part of a trial, all by `trial_id`. */
const parts = {
  params:
    "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params",
  values: "SELECT trial_id, value, value_type FROM trial_values",
  intermediate:
    "SELECT trial_id, step, intermediate_value, intermediate_value_type FROM trial_intermediate_values",
  attributes: "SELECT trial_id, key, value_json FROM trial_user_attributes",
  fixed: "SELECT trial_id, value_json FROM trial_system_attributes",
  own:
    "SELECT trial_id, origin, reason, error, forecast_json FROM etude_trials",
  points:
    "SELECT trial_id, name, step, value FROM etude_curves JOIN etude_curve_points USING (curve_id)",
} as const;

const order: Partial<Record<keyof typeof parts, string>> = {
  params: "ORDER BY param_id",
  values: "ORDER BY objective",
  intermediate: "ORDER BY step",
  points: "ORDER BY curve_id, step",
};

const extra: Partial<Record<keyof typeof parts, string>> = {
  fixed: "AND key = 'fixed_params'",
};

type Parts = Record<keyof typeof parts, readonly Row[]>;

const partNames = Object.keys(parts) as readonly (keyof typeof parts)[];

function readOne(reader: TrialReader, trial: Row): TrialRecord {
  const own = reader.database.hasOwnTables;
  const found = Object.fromEntries(partNames.map((part) => {
    if (!own && (part === "own" || part === "points")) return [part, []];
    const sql = `${parts[part]} WHERE trial_id = ? ${extra[part] ?? ""} ${
      order[part] ?? ""
    }`;
    return [part, reader.database.all(sql, Number(trial.trial_id))];
  })) as unknown as Parts;
  return assemble(reader, trial, found);
}

function readMany(reader: TrialReader, trials: readonly Row[]): TrialRecord[] {
  const own = reader.database.hasOwnTables;
  const ids = trials.map((trial) => Number(trial.trial_id));
  const low = ids.reduce((a, b) => Math.min(a, b));
  const high = ids.reduce((a, b) => Math.max(a, b));
  const byTrial = new Map<number, { [K in keyof Parts]: Row[] }>();
  for (const id of ids) {
    byTrial.set(id, {
      params: [],
      values: [],
      intermediate: [],
      attributes: [],
      fixed: [],
      own: [],
      points: [],
    });
  }
  for (const part of partNames) {
    if (!own && (part === "own" || part === "points")) continue;
    const sql = `${parts[part]} WHERE trial_id BETWEEN ? AND ? ${
      extra[part] ?? ""
    } ${order[part] ?? ""}`;
    for (const row of reader.database.all(sql, low, high)) {
      byTrial.get(Number(row.trial_id))?.[part].push(row);
    }
  }
  return trials.map((trial) =>
    assemble(reader, trial, byTrial.get(Number(trial.trial_id))!)
  );
}

function assemble(reader: TrialReader, trial: Row, found: Parts): TrialRecord {
  const state = stateOf(String(trial.state));
  const own = found.own[0];
  const fixed = found.fixed[0];
  const values = found.values.map((row) =>
    valueOfColumns(row.value as number | null, String(row.value_type))
  );
  return recordOf({
    number: Number(trial.number),
    state,
    params: paramsOf(reader.space, found.params, fixed),
    values: values.length === 0 || state === "failed" ? null : values,
    curves: curvesOf(reader.objectiveName, found.intermediate, found.points),
    startedAtMs: datetimeMs(trial.datetime_start as string | null),
    finishedAtMs: datetimeMs(trial.datetime_complete as string | null),
    error: (own?.error ?? null) as string | null,
    origin: (own?.origin ?? "other program") as TrialOrigin,
    reason: (own?.reason ?? null) as string | null,
    forecast: own?.forecast_json ? JSON.parse(String(own.forecast_json)) : null,
    attributes: Object.fromEntries(
      found.attributes.map((
        row,
      ) => [String(row.key), parsePythonJSON(String(row.value_json))]),
    ),
  });
}

function paramsOf(
  space: Space | null,
  rows: readonly Row[],
  fixed: Row | undefined,
): Configuration {
  // Fixed values count until the trial has its whole configuration.
  const queued = fixed === undefined || rows.length > 0 ? [] : Object.entries(
    parsePythonJSON(String(fixed.value_json)) as Record<
      string,
      ParameterValue
    >,
  );
  const entries = [
    ...queued,
    ...rows.map((row) =>
      [
        String(row.param_name),
        externalValue(String(row.distribution_json), Number(row.param_value)),
      ] as const
    ),
  ];
  const params = Object.fromEntries(entries) as Configuration;
  if (space === null) return params;
  const known = space.arrange(params);
  return Object.keys(known).length === entries.length
    ? known
    : { ...known, ...params };
}

function curvesOf(
  objectiveName: string,
  intermediate: readonly Row[],
  points: readonly Row[],
): ReadonlyMap<string, Curve> {
  const found = new Map<string, Map<number, number>>();
  const add = (name: string, step: number, value: number) => {
    let curve = found.get(name);
    if (curve === undefined) found.set(name, curve = new Map());
    curve.set(step, value);
  };
  for (const row of points) {
    add(
      String(row.name),
      Number(row.step),
      row.value === null ? NaN : Number(row.value),
    );
  }
  for (const row of intermediate) {
    add(
      objectiveName,
      Number(row.step),
      valueOfColumns(
        row.intermediate_value as number | null,
        String(row.intermediate_value_type),
      ),
    );
  }
  return new Map(
    [...found].map(([name, curve]) => [name, curveOf(name, curve)]),
  );
}
