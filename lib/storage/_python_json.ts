/**
 * JSON as Python's `json.dumps` writes and `json.loads` reads it: `NaN`,
 * `Infinity` and `-Infinity` stand bare.
 *
 * @module
 */

/**
 * Reads the JSON that Python's `json.dumps` writes, where `NaN`, `Infinity`
 * and `-Infinity` may stand bare. Inside strings they are left alone.
 *
 * @throws {SyntaxError} If it is not JSON otherwise.
 *
 * @example
 * ```ts
 * import { parsePythonJSON } from "@etude/etude";
 * parsePythonJSON('{"loss": NaN}'); // { loss: NaN }
 * ```
 */
export function parsePythonJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Each text gets a letter before it, so that none can be taken for a number.
    const marked = text.replace(
      /"((?:[^"\\]|\\.)*)"|-?Infinity|NaN/g,
      (token, inner?: string) =>
        inner === undefined ? `"n${token}"` : `"s${inner}"`,
    );
    try {
      return unmarked(JSON.parse(marked));
    } catch {
      throw error;
    }
  }
}

function unmarked(value: unknown): unknown {
  if (typeof value === "string") {
    return value.startsWith("n") ? Number(value.slice(1)) : value.slice(1);
  }
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(unmarked) : Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.slice(1), unmarked(one)]),
  );
}

/**
 * A value as JSON that loses no number: as Python writes it, numbers that JSON
 * lacks stand bare, and -0 keeps its sign. Otherwise as `JSON.stringify` does
 * it: `undefined` and functions are left out, and null in lists.
 *
 * @throws {TypeError} If it contains itself, or a BigInt.
 *
 * @example
 * ```ts
 * import { pythonJSON } from "@etude/etude";
 * pythonJSON({ loss: NaN, best: [Infinity, 1] }); // {"loss":NaN,"best":[Infinity,1]}
 * ```
 */
export function pythonJSON(value: unknown): string {
  return written(value, []) ?? "null";
}

/** A number that {@linkcode pythonJSON} writes so that Python reads a float also where it is whole. */
export class PythonFloat {
  /** The number. */
  readonly value: number;

  /** Wraps it. */
  constructor(value: number) {
    this.value = value;
  }
}

/** Undefined for what JSON leaves out. */
function written(
  value: unknown,
  inside: readonly unknown[],
): string | undefined {
  if (typeof value === "number") {
    return Object.is(value, -0) ? "-0.0" : String(value);
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof PythonFloat) {
    const text = written(value.value, inside)!;
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  if (inside.includes(value)) {
    throw new TypeError(
      "Cannot write a value as JSON: it contains itself, expected numbers, texts, lists and objects of them",
    );
  }
  const within = [...inside, value];
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return written(value.toJSON(), within);
  }
  if (Array.isArray(value)) {
    return `[${value.map((one) => written(one, within) ?? "null").join(",")}]`;
  }
  const fields: string[] = [];
  for (const [key, one] of Object.entries(value)) {
    const text = written(one, within);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(",")}}`;
}
