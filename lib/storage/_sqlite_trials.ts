/**
 * Reads trials out of Optuna's tables and ours, in a handful of queries for
 * some hundreds of them.
 *
 * @module
 */

import {
  type Curve,
  optunaConstraint,
  type OutcomeConstraint,
  type TrialOrigin,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import {
  constraintKeys,
  datetimeMs,
  externalValue,
  stateOf,
  valueOfColumns,
} from "./_optuna.ts";
import { parsePythonJSON } from "./_python_json.ts";
import { recordOf } from "./_record.ts";
import { type CurveSource, readCurves } from "./_sqlite_curves.ts";
import type { Row } from "./_sqlite_database.ts";

/** What is needed to read a study's trials. */
export interface TrialReader extends CurveSource {
  readonly studyId: number;
  /** In whose order parameters are given; null if it is not known. */
  readonly space: Space | null;
  /** What its trials must keep to. */
  readonly constraints: readonly OutcomeConstraint[];
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
  if (trials.length <= few) {
    return trials.flatMap((trial) => readMany(reader, [trial]));
  }
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

/** The columns of each part of a trial, the first of them `trial_id`. */
const parts = {
  params: [
    "SELECT trial_id, param_name, param_value, distribution_json FROM trial_params",
    "ORDER BY param_id",
  ],
  values: [
    "SELECT trial_id, value, value_type FROM trial_values",
    "ORDER BY objective",
  ],
  attributes: ["SELECT trial_id, key, value_json FROM trial_user_attributes"],
  fixed: [
    "SELECT trial_id, value_json FROM trial_system_attributes",
    "AND key = 'fixed_params'",
  ],
  constraints: [
    "SELECT trial_id, key, value_json FROM trial_system_attributes",
    "AND (key = 'constraints' OR key LIKE 'constraints:%')",
  ],
  own: [
    "SELECT trial_id, origin, reason, error, forecast_json FROM etude_trials",
  ],
} as const;

/** The rows of a trial's parts, as they are selected above. */
type Parts = Record<keyof typeof parts, unknown[][]>;

const partNames = Object.keys(parts) as readonly (keyof typeof parts)[];
/** So many are asked for one by one, which spares a look at those between. */
const few = 4;

/** Reads some trials in a handful of queries. */
function readMany(reader: TrialReader, trials: readonly Row[]): TrialRecord[] {
  const { database } = reader;
  const ids = trials.map((trial) => Number(trial.trial_id));
  const low = ids.reduce((a, b) => Math.min(a, b));
  const high = ids.reduce((a, b) => Math.max(a, b));
  const byTrial = new Map<number, Parts>();
  for (const id of ids) {
    byTrial.set(id, {
      params: [],
      values: [],
      attributes: [],
      fixed: [],
      constraints: [],
      own: [],
    });
  }
  for (const part of partNames) {
    if (part === "own" && !database.hasOwnTables) continue;
    if (part === "constraints" && reader.constraints.length === 0) continue;
    const [columns, rest = ""] = parts[part];
    const sql = `${columns} WHERE trial_id BETWEEN ? AND ? ${rest}`;
    for (const row of database.tuples(sql, low, high)) {
      byTrial.get(row[0] as number)?.[part].push(row);
    }
  }
  const curves = readCurves(reader, low, high);
  return trials.map((trial) => {
    const id = Number(trial.trial_id);
    return assemble(reader, trial, {
      ...byTrial.get(id)!,
      curves: curves.get(id) ?? new Map(),
    });
  });
}

function assemble(
  { space, constraints }: TrialReader,
  trial: Row,
  found: Parts & { readonly curves: ReadonlyMap<string, Curve> },
): TrialRecord {
  const state = stateOf(String(trial.state));
  const [, origin = "other program", reason = null, error = null, forecast] =
    found.own[0] ?? [];
  const values = found.values.map(([, value, type]) =>
    valueOfColumns(value as number | null, String(type))
  );
  return recordOf({
    number: Number(trial.number),
    state,
    params: paramsOf(space, found.params, found.fixed[0]),
    values: values.length === 0 || state === "failed" ? null : values,
    ...constraints.length === 0
      ? {}
      : { constraints: constraintsOfRows(constraints, found.constraints) },
    curves: found.curves,
    startedAtMs: datetimeMs(trial.datetime_start as string | null),
    finishedAtMs: datetimeMs(trial.datetime_complete as string | null),
    error: error as string | null,
    origin: (origin ?? "other program") as TrialOrigin,
    reason: reason as string | null,
    forecast: forecast ? JSON.parse(String(forecast)) : null,
    attributes: Object.fromEntries(
      found.attributes.map((
        [, key, value],
      ) => [String(key), parsePythonJSON(String(value))]),
    ),
  });
}

/** A value a constraint, by its place in the list or by its name. */
function constraintsOfRows(
  constraints: readonly OutcomeConstraint[],
  rows: readonly unknown[][],
): (number | null)[] {
  const values: (number | null)[] = constraints.map(() => null);
  for (const [, attribute, json] of rows) {
    for (
      const [key, value] of constraintKeys(String(attribute), String(json))
    ) {
      const { measure } = optunaConstraint(key);
      const named = constraints.findIndex((one) => one.measure === measure);
      const at = named >= 0 ? named : Number(key);
      // Infinitely violated stands for not known.
      if (at < values.length && value < Infinity) values[at] = value;
    }
  }
  return values;
}

function paramsOf(
  space: Space | null,
  rows: readonly unknown[][],
  fixed: readonly unknown[] | undefined,
): Configuration {
  // Fixed values count until the trial has its whole configuration.
  const queued = fixed === undefined || rows.length > 0 ? [] : Object.entries(
    parsePythonJSON(String(fixed[1])) as Record<string, ParameterValue>,
  );
  const entries = [
    ...queued,
    ...rows.map(([, name, value, distribution]) =>
      [
        String(name),
        externalValue(String(distribution), Number(value)),
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
