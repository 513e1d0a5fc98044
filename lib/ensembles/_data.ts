/** What samples may be held in: an array, a typed array, a tensor of tfjs, a vector or table of Arrow. */
export type Labels =
  | ArrayLike<number | string | boolean>
  | { dataSync(): ArrayLike<number>; readonly shape: readonly number[] }
  | { readonly length: number; get(index: number): unknown };

/** How many samples, or one label a sample, in whichever of the forms. */
export type Samples = number | Labels | { readonly numRows: number };

/** What a person sees of a value in a message. */
export function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** The labels as a plain array. */
export function readLabels(
  action: string,
  what: string,
  found: unknown,
): readonly (number | string | boolean)[] {
  const labels = listOf(found);
  if (labels === null) {
    throw new TypeError(
      `${action}: ${what} is ${
        shown(found)
      }, expected an array, a tensor or an Arrow vector, one entry a sample`,
    );
  }
  labels.forEach((label, i) => {
    const isNaN = typeof label === "number" && Number.isNaN(label);
    if (!isNaN && ["number", "string", "boolean"].includes(typeof label)) {
      return;
    }
    throw new TypeError(
      `${action}: ${what}[${i}] is ${
        isNaN ? "NaN" : shown(label)
      }, expected a number, a text or a boolean`,
    );
  });
  return labels as readonly (number | string | boolean)[];
}

function listOf(found: unknown): readonly unknown[] | null {
  if (typeof found !== "object" || found === null) return null;
  if (Array.isArray(found)) return found;
  if (ArrayBuffer.isView(found) && "length" in found) {
    return Array.from(found as unknown as ArrayLike<number>);
  }
  if ("dataSync" in found && typeof found.dataSync === "function") {
    const { shape } = found as unknown as { shape: readonly number[] };
    const isColumn = shape.slice(1).every((size) => size === 1);
    return isColumn ? Array.from(found.dataSync() as ArrayLike<number>) : null;
  }
  if (
    "get" in found && typeof found.get === "function" && "length" in found
  ) {
    const get = found.get.bind(found) as (index: number) => unknown;
    return Array.from({ length: Number(found.length) }, (_, i) => {
      const value = get(i);
      return typeof value === "bigint" ? Number(value) : value;
    });
  }
  return null;
}
