/**
 * Reads trials out of Optuna's tables and ours, in a handful of queries for
 * some hundreds of them.
 *
 * @module
 */

import type { TrialRecord } from "../records/mod.ts";
import { type CurveSource, readCurves } from "./_sqlite_curves.ts";
import type { Row } from "./_sqlite_database.ts";
import {
  assembleTrial,
  emptyParts,
  type TrialFrame,
  type TrialParts,
} from "./_trial_rows.ts";
import type { TrialQuery } from "./storage.ts";

/** What is needed to read a study's trials. */
export interface TrialReader extends CurveSource, TrialFrame {
  readonly studyId: number;
}

/** The trials of the numbers from `from` on and below `to`, and of the numbers in `also`. */
export function readTrials(
  reader: TrialReader,
  { from = 0, to = Infinity, also = [] }: TrialQuery,
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
      `${trialColumns} WHERE study_id = ? AND number >= ? AND number < ? ORDER BY number`,
      studyId,
      from,
      to,
    ),
  );
  if (trials.length <= few) {
    return trials.flatMap((trial) => readMany(reader, [trial]));
  }
  // In portions: their rows take many times the memory of what is made of them.
  const records: TrialRecord[] = [];
  for (let start = 0; start < trials.length;) {
    let end = start + 1;
    while (
      end < trials.length && end - start < portion &&
      idOf(trials[end]!) - idOf(trials[end - 1]!) <= widest
    ) end++;
    records.push(...readMany(reader, trials.slice(start, end)));
    start = end;
  }
  return records;
}

/** How many trials are read at a time; and no more at once where so many of other studies lie between them. */
const portion = 50;
const widest = 100;

const idOf = (trial: Row) => Number(trial.trial_id);

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
} as const satisfies Record<keyof TrialParts, readonly string[]>;

const partNames = Object.keys(parts) as readonly (keyof typeof parts)[];
/** So many are asked for one by one, which spares a look at those between. */
const few = 4;

/** Reads some trials in a handful of queries. */
function readMany(reader: TrialReader, trials: readonly Row[]): TrialRecord[] {
  const { database } = reader;
  const ids = trials.map((trial) => Number(trial.trial_id));
  const low = ids.reduce((a, b) => Math.min(a, b));
  const high = ids.reduce((a, b) => Math.max(a, b));
  const byTrial = new Map<number, TrialParts>();
  for (const id of ids) {
    byTrial.set(id, emptyParts());
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
    return assembleTrial(
      reader,
      trial,
      byTrial.get(id)!,
      curves.get(id) ?? new Map(),
    );
  });
}
