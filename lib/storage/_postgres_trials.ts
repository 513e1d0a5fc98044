/**
 * Reads trials out of the tables in PostgreSQL: all questions go to the server
 * together.
 *
 * @module
 */

import type { TrialRecord } from "../records/mod.ts";
import { assembleCurves } from "./_curve_rows.ts";
import type { Query, Row } from "./_postgres_database.ts";
import {
  assembleTrial,
  emptyParts,
  type TrialFrame,
  type TrialParts,
} from "./_trial_rows.ts";

/** What is needed to read a study's trials. */
export interface PostgresReader extends TrialFrame {
  readonly studyId: number;
  /** The name of the curve that stands in Optuna's own table. */
  readonly objectiveName: string;
}

/** Which trials: those of a span of numbers, the end excluded, and some others. */
const chosen =
  "SELECT trial_id FROM trials WHERE study_id = $1 AND (number >= $2 AND number < $3 OR number = ANY ($4::text::int[]))";

/** The columns of each part, in the order that {@linkcode TrialParts} says. */
const parts = {
  params: [
    "trial_params",
    ["param_name", "param_value", "distribution_json"],
    "",
    "ORDER BY param_id",
  ],
  values: ["trial_values", ["value", "value_type"], "", "ORDER BY objective"],
  attributes: ["trial_user_attributes", ["key", "value_json"], "", ""],
  fixed: [
    "trial_system_attributes",
    ["value_json"],
    "AND key = 'fixed_params'",
    "",
  ],
  constraints: [
    "trial_system_attributes",
    ["key", "value_json"],
    "AND (key = 'constraints' OR key LIKE 'constraints:%')",
    "",
  ],
  own: ["etude_trials", ["origin", "reason", "error", "forecast_json"], "", ""],
} as const satisfies Record<keyof TrialParts, readonly unknown[]>;

const partNames = Object.keys(parts) as readonly (keyof typeof parts)[];

/** The trials of the numbers from `from` on and before `to`, and of those in `also`. */
export async function readPostgresTrials(
  query: Query,
  reader: PostgresReader,
  from: number,
  to: number,
  also: readonly number[] = [],
): Promise<TrialRecord[]> {
  const place = [
    reader.studyId,
    bound(from),
    bound(to),
    `{${also.join(",")}}`,
  ] as const;
  const ask = (columns: string, table: string, rest: string) =>
    query(
      `SELECT trial_id, ${columns} FROM ${table} WHERE trial_id IN (${chosen}) ${rest}`,
      ...place,
    );
  const [trials, heads, points, intermediate, ...found] = await Promise.all([
    query(
      `SELECT trial_id, number, state, datetime_start::text, datetime_complete::text FROM trials WHERE trial_id IN (${chosen}) ORDER BY number`,
      ...place,
    ),
    ask("curve_id, name", "etude_curves", "ORDER BY curve_id"),
    query(
      `SELECT curve_id, step, value FROM etude_curves JOIN etude_curve_points USING (curve_id) WHERE trial_id IN (${chosen}) ORDER BY curve_id, step`,
      ...place,
    ),
    ask(
      "step, intermediate_value, NULLIF(intermediate_value_type, 'FINITE') AS type",
      "trial_intermediate_values",
      "ORDER BY trial_id, step",
    ),
    ...partNames.map((part) => {
      const [table, columns, condition, order] = parts[part];
      return ask(columns.join(", "), table, `${condition} ${order}`);
    }),
  ]);
  const byTrial = new Map<number, TrialParts>(
    trials!.map(({ trial_id }) => [Number(trial_id), emptyParts()]),
  );
  partNames.forEach((part, i) => {
    const columns: readonly string[] = parts[part][1];
    for (const row of found[i]!) {
      byTrial.get(Number(row.trial_id))?.[part].push([
        row.trial_id,
        ...columns.map((name) => row[name]),
      ]);
    }
  });
  const tuples = (rows: readonly Row[], ...names: readonly string[]) =>
    rows.map((row) => names.map((name) => row[name]));
  const curves = assembleCurves(reader.objectiveName, {
    heads: tuples(heads!, "curve_id", "trial_id", "name"),
    points: tuples(points!, "curve_id", "step", "value"),
    intermediate: tuples(
      intermediate!,
      "trial_id",
      "step",
      "intermediate_value",
      "type",
    ),
  });
  return trials!.map((trial) => {
    const id = Number(trial.trial_id);
    return assembleTrial(
      reader,
      trial,
      byTrial.get(id)!,
      curves.get(id) ?? new Map(),
    );
  });
}

const largest = 2 ** 31 - 1;

/** PostgreSQL's integers end there. */
const bound = (number: number) => Math.min(number, largest);
