/**
 * Data sets in the forms that people have them in: arrays of rows, typed
 * arrays, tensors, Arrow tables, columns by name. Other rooms' classes are known
 * by their methods alone, so that nothing is imported for them.
 *
 * @module
 */

/** A data set of which cells can be looked up. */
export interface TableReader {
  /** How many rows. */
  readonly rows: number;
  /** How many columns. */
  readonly columns: number;
  /** The columns' names; null where they have none. */
  readonly names: readonly string[] | null;
  /** The cell, as it stands there. */
  at(row: number, column: number): unknown;
}

/** What tensors have. */
interface TensorLike {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** What Arrow's tables have. */
interface ArrowLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChildAt(index: number): { get(row: number): unknown } | null;
}

type NumberArray = ArrayLike<unknown> & ArrayBufferView;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isTensor(value: unknown): value is TensorLike {
  return isObject(value) && Array.isArray(value.shape) &&
    typeof value.dataSync === "function";
}

/** Whether a value looks like an Arrow table. */
export function isArrow(value: unknown): value is ArrowLike {
  return isObject(value) && typeof value.numRows === "number" &&
    isObject(value.schema) && Array.isArray(value.schema.fields) &&
    typeof value.getChildAt === "function";
}

function isTyped(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isTyped(value);
}

function flat(data: ArrayLike<unknown>, shape: readonly number[]): TableReader {
  const rows = shape[0] ?? 1;
  const columns = shape.slice(1).reduce((a, b) => a * b, 1);
  if (rows * columns !== data.length) {
    throw new RangeError(
      `Cannot describe the task: its data have ${data.length} numbers, expected ${
        shape.join(" × ")
      }`,
    );
  }
  return {
    rows,
    columns,
    names: null,
    at: (row, column) => data[row * columns + column],
  };
}

/**
 * Reads a data set.
 *
 * @param source The data.
 * @param rows How many rows there are, for a typed array without a shape.
 */
export function readTable(source: unknown, rows: number | null): TableReader {
  if (isTensor(source)) return flat(source.dataSync(), source.shape);
  if (isArrow(source)) return arrowTable(source);
  if (isTyped(source)) {
    const n = rows ?? source.length;
    return flat(source, [n, source.length / n]);
  }
  if (Array.isArray(source)) return rowTable(source);
  if (isObject(source)) {
    const { data, shape } = source;
    if (isList(data) && Array.isArray(shape)) {
      return flat(data, shape as number[]);
    }
    if (Object.values(source).every(isList)) {
      return columnTable(source as Record<string, ArrayLike<unknown>>);
    }
  }
  throw new TypeError(
    `Cannot describe the task: its data are ${
      source === null || typeof source !== "object"
        ? String(source)
        : `an object with ${Object.keys(source).slice(0, 5).join(", ")}`
    }, expected an array of rows, a typed array, a tensor, an Arrow table or columns by name`,
  );
}

function arrowTable(table: ArrowLike): TableReader {
  const names = table.schema.fields.map(({ name }) => name);
  const columns = names.map((_, index) => table.getChildAt(index));
  return {
    rows: table.numRows,
    columns: names.length,
    names,
    at: (row, column) => columns[column]?.get(row),
  };
}

function columnTable(
  source: Readonly<Record<string, ArrayLike<unknown>>>,
): TableReader {
  const names = Object.keys(source);
  const lists = names.map((name) => source[name]!);
  const rows = lists[0]?.length ?? 0;
  const other = lists.findIndex(({ length }) => length !== rows);
  if (other >= 0) {
    throw new RangeError(
      `Cannot describe the task: the column ${
        JSON.stringify(names[other])
      } has ${lists[other]!.length} values, expected ${rows} as in ${
        JSON.stringify(names[0])
      }`,
    );
  }
  return {
    rows,
    columns: names.length,
    names,
    at: (row, column) => lists[column]![row],
  };
}

function rowTable(source: readonly unknown[]): TableReader {
  const first = source[0];
  if (isObject(first) && !isList(first)) {
    const names = Object.keys(first);
    return {
      rows: source.length,
      columns: names.length,
      names,
      at: (row, column) =>
        (source[row] as Record<string, unknown>)[names[column]!],
    };
  }
  if (!isList(first)) {
    return {
      rows: source.length,
      columns: source.length === 0 ? 0 : 1,
      names: null,
      at: (row) => source[row],
    };
  }
  // A row may hold rows: pictures are laid flat.
  const path = depths(first);
  const columns = path.reduce((a, b) => a * b, 1);
  return {
    rows: source.length,
    columns,
    names: null,
    at: (row, column) => {
      let cell: unknown = source[row];
      let rest = column;
      for (let level = 0; level < path.length; level++) {
        const below = path.slice(level + 1).reduce((a, b) => a * b, 1);
        cell = (cell as ArrayLike<unknown>)[Math.floor(rest / below)];
        rest %= below;
      }
      return cell;
    },
  };
}

function depths(row: unknown): number[] {
  return isList(row) ? [row.length, ...depths(row[0])] : [];
}

/** The table without one of its columns, and that column as a table. */
export function splitColumn(
  table: TableReader,
  name: string,
): { readonly rest: TableReader; readonly column: TableReader } {
  const index = table.names?.indexOf(name) ?? -1;
  if (index < 0) {
    throw new RangeError(
      `Cannot describe the task: the target ${
        JSON.stringify(name)
      } is not a column, expected one of ${
        (table.names ?? []).map((one) => JSON.stringify(one)).join(", ") ||
        "none, for the columns have no names"
      }`,
    );
  }
  return {
    rest: {
      rows: table.rows,
      columns: table.columns - 1,
      names: table.names!.toSpliced(index, 1),
      at: (row, column) => table.at(row, column < index ? column : column + 1),
    },
    column: {
      rows: table.rows,
      columns: 1,
      names: [name],
      at: (row) => table.at(row, index),
    },
  };
}
