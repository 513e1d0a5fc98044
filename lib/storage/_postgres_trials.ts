/**
 * Reads trials out of the tables in PostgreSQL: with one statement, which sees one
 * state of the database.
 *
 * @module
 */

import type { TrialRecord } from "../records/mod.ts";
import { assembleCurves } from "./_curve_rows.ts";
import { noteText } from "./_notes.ts";
import type { Query } from "./_postgres_database.ts";
import { notePiecesSQL } from "./_postgres_notes.ts";
import {
  assembleTrial,
  type TrialFrame,
  type TrialParts,
} from "./_trial_rows.ts";

/** What is needed to read a study's trials. */
export interface PostgresReader extends TrialFrame {
  readonly studyId: number;
  /** The name of the curve that stands in Optuna's own table. */
  readonly objectiveName: string;
}

/** Rows of a trial in another table, as JSON: a list of lists. */
const rowsOf = (columns: string, from: string, order = "") =>
  `(SELECT json_agg(json_build_array(t.trial_id, ${columns})${
    order === "" ? "" : ` ORDER BY ${order}`
  })::text FROM ${from} AND x.trial_id = t.trial_id)`;

const system = "trial_system_attributes x WHERE";

/** What is read of a trial, by the names of {@linkcode TrialParts} and of curves. */
const parts: Readonly<
  Record<
    keyof TrialParts | "heads" | "points" | "intermediate" | "notes",
    string
  >
> = {
  params: rowsOf(
    "param_name, param_value, distribution_json",
    "trial_params x WHERE true",
    "param_id",
  ),
  values: rowsOf(
    "value, value_type",
    "trial_values x WHERE true",
    "objective",
  ),
  attributes: rowsOf("key, value_json", "trial_user_attributes x WHERE true"),
  notes: notePiecesSQL,
  fixed: rowsOf("value_json", `${system} key = 'fixed_params'`),
  constraints: rowsOf(
    "key, value_json",
    `${system} (key = 'constraints' OR key LIKE 'constraints:%')`,
  ),
  own: rowsOf(
    "origin, reason, error, forecast_json",
    "etude_trials x WHERE true",
  ),
  heads: rowsOf(
    "curve_id, name",
    "etude_curves x WHERE true",
    "curve_id",
  ),
  points: rowsOf(
    "curve_id, step, value",
    "etude_curves x JOIN etude_curve_points USING (curve_id) WHERE true",
    "curve_id, step",
  ),
  intermediate: rowsOf(
    "step, intermediate_value, NULLIF(intermediate_value_type, 'FINITE')",
    "trial_intermediate_values x WHERE true",
    "step",
  ),
};

const statement =
  `SELECT trial_id, number, state, datetime_start::text, datetime_complete::text, ${
    Object.entries(parts).map(([name, sql]) => `${sql} AS "${name}"`).join(", ")
  } FROM trials t WHERE trial_id = ANY (ARRAY(
    SELECT trial_id FROM trials WHERE study_id = $1 AND number >= $2 AND number < $3
    UNION SELECT trial_id FROM trials WHERE study_id = $1 AND number = ANY ($4::text::int[])
    UNION SELECT trial_id FROM etude_trials WHERE call_token = $5
  )) ORDER BY number`;

/** Which trials to read. */
export interface PostgresSelection {
  /** From this number on. */
  readonly from: number;
  /** Before this number. */
  readonly to: number;
  /** And these as well. Defaults to none. */
  readonly also?: readonly number[];
  /** And the one that bears this token. Defaults to none. */
  readonly token?: string;
}

/** The trials that are asked for, by number. */
export async function readPostgresTrials(
  query: Query,
  reader: PostgresReader,
  { from, to, also = [], token }: PostgresSelection,
): Promise<TrialRecord[]> {
  const rows = await query(
    statement,
    reader.studyId,
    bound(from),
    bound(to),
    `{${also.join(",")}}`,
    token ?? null,
  );
  return rows.map((row) => {
    const id = Number(row.trial_id);
    const list = (name: keyof typeof parts): unknown[][] =>
      row[name] === null ? [] : JSON.parse(String(row[name]));
    const curves = assembleCurves(reader.objectiveName, {
      heads: list("heads").map(([trial, curve, name]) => [curve, trial, name]),
      points: list("points").map(([, ...point]) => point),
      intermediate: list("intermediate"),
    });
    return assembleTrial(
      reader,
      row,
      {
        params: list("params"),
        values: list("values"),
        attributes: list("attributes"),
        fixed: list("fixed"),
        constraints: list("constraints"),
        own: list("own"),
      },
      {
        curves: curves.get(id),
        note: noteText(
          list("notes").map(([, key, json]) => [String(key), String(json)]),
        ),
      },
    );
  });
}

/** Where PostgreSQL's integers end: no trial has that number. */
export const largestNumber: number = 2 ** 31 - 1;

const bound = (number: number) => Math.min(number, largestNumber);
