import type { Curve } from "../records/mod.ts";
import { assembleCurves } from "./_curve_rows.ts";
import type { SQLiteDatabase } from "./_sqlite_database.ts";

/** What is needed to read curves. */
export interface CurveSource {
  readonly database: SQLiteDatabase;
  /** The name of the curve that stands in Optuna's own table. */
  readonly objectiveName: string;
}

/**
 * Reads the curves of the trials whose ids lie from `low` to `high`.
 *
 * @returns The curves of those trials that have some, by id and then by name;
 * where both tables have the objective's curve, Optuna's points count.
 */
export function readCurves(
  { database, objectiveName }: CurveSource,
  low: number,
  high: number,
): Map<number, Map<string, Curve>> {
  const hasOwn = database.hasOwnTables;
  const heads = !hasOwn ? [] : database.tuples(
    "SELECT curve_id, trial_id, name FROM etude_curves WHERE trial_id BETWEEN ? AND ? ORDER BY curve_id",
    low,
    high,
  );
  return assembleCurves(objectiveName, {
    heads,
    points: heads.length === 0 ? [] : database.tuples(
      "SELECT curve_id, step, value FROM etude_curves JOIN etude_curve_points USING (curve_id) WHERE trial_id BETWEEN ? AND ? ORDER BY curve_id, step",
      low,
      high,
    ),
    intermediate: database.tuples(
      "SELECT trial_id, step, intermediate_value, NULLIF(intermediate_value_type, 'FINITE') FROM trial_intermediate_values WHERE trial_id BETWEEN ? AND ? ORDER BY trial_id, step",
      low,
      high,
    ),
  });
}
