import type { Curve } from "../records/mod.ts";
import { valueOfColumns } from "./_optuna.ts";
import { curveOf, frozenCurve } from "./_record.ts";

/** The rows of some trials' curves. */
export interface CurveRows {
  /** `curve_id, trial_id, name`, by curve. */
  readonly heads: readonly unknown[][];
  /** `curve_id, step, value`, by curve and step. */
  readonly points: readonly unknown[][];
  /** `trial_id, step, intermediate_value`, and its type unless it is finite; by trial and step. */
  readonly intermediate: readonly unknown[][];
}

/**
 * Curves from the rows of Optuna's tables and ours. Trials may have hundreds of
 * points each, so each point is touched once and leaves nothing behind.
 *
 * @param objectiveName The name of the curve that stands in Optuna's own table.
 * @returns The curves of those trials that have some, by id and then by name;
 * where both tables have the objective's curve, Optuna's points count.
 */
export function assembleCurves(
  objectiveName: string,
  rows: CurveRows,
): Map<number, Map<string, Curve>> {
  const found = new Map<number, Map<string, Curve>>();
  const keep = (id: number, name: string, points: Points) => {
    let curves = found.get(id);
    if (curves === undefined) found.set(id, curves = new Map());
    const other = curves.get(name);
    curves.set(
      name,
      other === undefined
        ? frozenCurve(name, points.steps, points.values)
        : joined(other, points),
    );
  };
  const heads = new Map(
    rows.heads.map(([curveId, id, name]) => [curveId as number, { id, name }]),
  );
  forEachGroup(
    rows.points,
    (value) => value === null ? NaN : Number(value),
    (curveId, points) => {
      const { id, name } = heads.get(curveId)!;
      keep(Number(id), String(name), points);
    },
  );
  forEachGroup(
    rows.intermediate,
    (value, type) => valueOfColumns(value as number | null, String(type)),
    (id, points) => keep(id, objectiveName, points),
  );
  return found;
}

interface Points {
  readonly steps: number[];
  readonly values: number[];
}

/** A curve with others' points over its own. */
function joined({ name, steps, values }: Curve, over: Points): Curve {
  const points = new Map(steps.map((step, i) => [step, values[i]!]));
  over.steps.forEach((step, i) => points.set(step, over.values[i]!));
  return curveOf(name, points);
}

/** Gathers rows `[id, step, value, type]` that are ordered by id and step. */
function forEachGroup(
  rows: readonly unknown[][],
  valueOf: (value: unknown, type: unknown) => number,
  take: (id: number, points: Points) => void,
): void {
  let points: Points = { steps: [], values: [] };
  for (let i = 0; i < rows.length; i++) {
    // By index: to take it apart by name would cost an iterator a point.
    const row = rows[i]!;
    points.steps.push(row[1] as number);
    points.values.push(valueOf(row[2], row[3]));
    if (row[0] === rows[i + 1]?.[0]) continue;
    take(row[0] as number, points);
    points = { steps: [], values: [] };
  }
}
