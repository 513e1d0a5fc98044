import { shown } from "./_data.ts";

/** What {@linkcode rowsOf} can take rows of. */
export type Rows =
  | readonly unknown[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | { gather(indices: number[]): unknown }
  | { get(index: number): unknown };

/** What {@linkcode rowsOf} gives: the same kind; of an Arrow vector or table, an array of its rows. */
export type RowsTaken<T> = T extends { gather(indices: number[]): infer R } ? R
  : T extends
    readonly unknown[] | Float32Array | Float64Array | Int32Array | Uint8Array
    ? T
  : T extends { get(index: number): infer R } ? R[]
  : never;

/**
 * Some rows of the data, e.g. those of a fold: of an array or a typed array (one
 * entry a row), of a tfjs tensor (along its first axis; dispose of it as of any
 * other), of an Arrow vector or table.
 *
 * @param data The data, `[n, …]`. It is left as it is.
 * @param indices Which rows, each a whole number in `[0, n)`.
 * @throws {TypeError} If the data are of another kind.
 *
 * @example
 * ```ts
 * import { rowsOf } from "@etude/etude/ensembles";
 * rowsOf(["a", "b", "c"], [2, 0]); // ["c", "a"]
 * ```
 */
export function rowsOf<T extends Rows>(
  data: T,
  indices: readonly number[],
): RowsTaken<T> {
  return take(data, indices) as RowsTaken<T>;
}

function take(data: unknown, indices: readonly number[]): unknown {
  if (Array.isArray(data)) return indices.map((i) => data[i]);
  if (ArrayBuffer.isView(data) && "length" in data) {
    const values = data as Float64Array;
    const Kind = values.constructor as Float64ArrayConstructor;
    return Kind.from(indices, (i) => values[i]!);
  }
  if (typeof data === "object" && data !== null) {
    if ("gather" in data && typeof data.gather === "function") {
      return data.gather([...indices]);
    }
    if ("get" in data && typeof data.get === "function") {
      const get = data.get.bind(data) as (index: number) => unknown;
      return indices.map((i) => get(i));
    }
  }
  throw new TypeError(
    `Cannot take rows: the data are ${
      shown(data)
    }, expected an array, a typed array, a tensor or an Arrow table`,
  );
}
