import { isMissing } from "./_columns.ts";
import type { TableReader } from "./_read_table.ts";
import type { TaskKind } from "./task.ts";

/** What is to be learned, a number a row. */
export interface Target {
  /** Whether it is a class or a number. */
  readonly kind: Exclude<TaskKind, "other">;
  /** The class from 0, or the number; NaN where missing. `[rows]` */
  readonly values: Float64Array;
  /** How many classes; 0 for numbers. */
  readonly classes: number;
}

/** More different whole numbers than these are not taken for classes. */
const mostClasses = 100;

/**
 * Reads what is to be learned. Texts, booleans and rows of one 1 and zeros are
 * classes; whole numbers too, if they are few and come again.
 *
 * @param kind What it is, if the person said; null to guess.
 */
export function readTarget(
  table: TableReader,
  kind: Target["kind"] | null,
): Target {
  const { rows } = table;
  if (table.columns > 1 && kind !== "regression" && isOneHot(table)) {
    const values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < table.columns; column++) {
        if (table.at(row, column) === 1) values[row] = column;
      }
    }
    return coded(values);
  }
  const cells = Array.from({ length: rows }, (_, row) => table.at(row, 0));
  const numbers = cells.every((cell) =>
    isMissing(cell) || typeof cell === "number" || typeof cell === "bigint"
  );
  if (!numbers) {
    if (kind === "regression") {
      throw new TypeError(
        `Cannot describe the task: the target holds ${
          JSON.stringify(
            cells.find((cell) => !isMissing(cell) && typeof cell !== "number"),
          )
        }, expected numbers for a regression`,
      );
    }
    return coded(cells);
  }
  const values = Float64Array.from(
    cells,
    (cell) => isMissing(cell) ? NaN : Number(cell),
  );
  const different = new Set(values.filter((value) => !Number.isNaN(value)));
  const looksLikeClasses = different.size <= mostClasses &&
    (different.size <= 2 || different.size * 5 <= rows) &&
    [...different].every(Number.isInteger);
  return kind === "classification" || (kind === null && looksLikeClasses)
    ? coded(values)
    : { kind: "regression", values, classes: 0 };
}

function isOneHot(table: TableReader): boolean {
  for (let row = 0; row < table.rows; row++) {
    let ones = 0;
    for (let column = 0; column < table.columns; column++) {
      const cell = table.at(row, column);
      if (cell !== 0 && cell !== 1) return false;
      ones += cell;
    }
    if (ones !== 1) return false;
  }
  return true;
}

/** Classes by the order of first appearance. */
function coded(cells: ArrayLike<unknown>): Target {
  const codes = new Map<unknown, number>();
  const values = Float64Array.from(cells, (cell) => {
    if (isMissing(cell)) return NaN;
    const key = typeof cell === "number" ? cell : String(cell);
    const code = codes.get(key) ?? codes.size;
    codes.set(key, code);
    return code;
  });
  return { kind: "classification", values, classes: codes.size };
}

/** How often each class comes, `[classes]`, the missing left out. */
export function classCounts(target: Target): Float64Array {
  const counts = new Float64Array(target.classes);
  for (const value of target.values) {
    if (!Number.isNaN(value)) counts[value]!++;
  }
  return counts;
}
