import type { TableReader } from "./_read_table.ts";

/** A column as numbers. */
export interface Column {
  /** The values, `[n]`: numbers, or the index of the category from 0; NaN where missing. */
  readonly values: Float64Array;
  /** How many categories it has; 0 for numbers. */
  readonly levels: number;
}

/** A part of a data set, ready to be measured. */
export interface Sample {
  /** The rows taken, by their number in the table, rising. */
  readonly rows: Int32Array;
  /** The columns taken. */
  readonly columns: readonly Column[];
  /** The share of cells that are missing. */
  readonly missing: number;
}

/** Whether a cell holds nothing: null, NaN, an empty text. */
export function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || cell === "" ||
    (typeof cell === "number" && Number.isNaN(cell));
}

/** Numbers from 0 to `count − 1`, `most` of them at even distances. */
export function evenly(count: number, most: number): Int32Array {
  const taken = Math.min(count, most);
  return Int32Array.from(
    { length: taken },
    (_, i) => Math.floor((i * count) / taken),
  );
}

/** Reads certain rows and columns of a table. */
export function sampleOf(
  table: TableReader,
  rows: Int32Array,
  columns: Int32Array,
): Sample {
  let missing = 0;
  const read = Array.from(columns, (column): Column => {
    const values = new Float64Array(rows.length);
    const codes = new Map<unknown, number>();
    let isCategory = false;
    for (let i = 0; i < rows.length; i++) {
      const cell = table.at(rows[i]!, column);
      if (isMissing(cell)) {
        missing++;
        values[i] = NaN;
      } else if (typeof cell === "number") {
        // Infinities say nothing of a column's spread.
        values[i] = Number.isFinite(cell) ? cell : NaN;
      } else if (typeof cell === "bigint") values[i] = Number(cell);
      else {
        isCategory = true;
        const key = String(cell);
        const code = codes.get(key) ?? codes.size;
        codes.set(key, code);
        values[i] = code;
      }
    }
    return { values, levels: isCategory ? Math.max(1, codes.size) : 0 };
  });
  const cells = rows.length * columns.length;
  return { rows, columns: read, missing: cells === 0 ? 0 : missing / cells };
}

/** A category with more values than these is not spread into columns. */
const mostLevels = 12;

/**
 * The columns as simple learners take them: mean 0 and standard deviation 1,
 * missing values at the mean, a category as a column for each of its values.
 * Columns that never change are left out.
 *
 * @returns `[n, d]`, row after row, and d.
 */
export function designMatrix(
  columns: readonly Column[],
  rows: number,
): { readonly matrix: Float64Array; readonly width: number } {
  const spread = columns.flatMap(({ values, levels }) =>
    levels === 0 || levels > mostLevels ? [values] : Array.from(
      { length: levels },
      (_, level) =>
        values.map((value) => Number.isNaN(value) ? NaN : +(value === level)),
    )
  ).flatMap((values) => {
    const standard = standardized(values);
    return standard === null ? [] : [standard];
  });
  const width = spread.length;
  const matrix = new Float64Array(rows * width);
  spread.forEach((values, column) => {
    for (let i = 0; i < rows; i++) matrix[i * width + column] = values[i]!;
  });
  return { matrix, width };
}

/** Mean 0, standard deviation 1 (with n), missing values 0; null if it never changes. */
function standardized(values: Float64Array): Float64Array | null {
  let [count, sum, size] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    size = Math.max(size, Math.abs(value));
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  const sd = Math.sqrt(squares / count);
  if (!(sd > 1e-14 * size)) return null;
  return values.map((value) => Number.isNaN(value) ? 0 : (value - mean) / sd);
}
