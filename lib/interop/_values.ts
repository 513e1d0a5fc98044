/** An object with string keys; null for anything else. */
export function objectOf(
  value: unknown,
): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, unknown>>
    : null;
}

/** A list; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number, also one that is written as a text; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  const special = specialNumbers.get(text.toLowerCase());
  if (special !== undefined) return special;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
    ? Number(text)
    : null;
}

const specialNumbers = new Map([
  ["nan", NaN],
  ["inf", Infinity],
  ["+inf", Infinity],
  ["infinity", Infinity],
  ["-inf", -Infinity],
  ["-infinity", -Infinity],
]);

/** A time in milliseconds from a text or from seconds since 1970; null if it is none. Without a zone it is taken as UTC. */
export function timeMs(value: unknown): number | null {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value * 1000 : null;
  }
  if (typeof value !== "string" || value === "") return null;
  const text = value.trim().replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** Objects in objects as one, with the names joined by `/`, as Ray and W&B show them. */
export function flattened(
  value: Readonly<Record<string, unknown>>,
  separator = "/",
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const inner = objectOf(one);
      return inner === null || Object.keys(inner).length === 0
        ? [[name, one]]
        : Object.entries(flattened(inner, separator)).map((
          [rest, value],
        ) => [`${name}${separator}${rest}`, value]);
    }),
  );
}

/**
 * Sets an entry as an object's own, whatever it is called: assigned to, `__proto__`
 * would change what the object inherits.
 */
export function setEntry<T>(
  record: Record<string, T>,
  name: string,
  value: T,
): void {
  Object.defineProperty(record, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Sets all entries of an object, or of nothing. */
export function setEntries<T>(record: Record<string, T>, more: unknown): void {
  for (const [name, value] of Object.entries(objectOf(more) ?? {})) {
    setEntry(record, name, value as T);
  }
}

/** What a table has under a name itself: `constructor` is in every object. */
export function entryOf<T>(
  table: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The objects of a list. */
export function objectsOf(
  value: unknown,
): readonly Readonly<Record<string, unknown>>[] {
  return listOf(value).map(objectOf).filter((one) => one !== null);
}
