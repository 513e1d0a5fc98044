/**
 * A text without null characters: PostgreSQL keeps none, and SQLite's binding ends a
 * text at the first, so that two names would be one.
 */
export function plainText(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}

/** Values of a statement, their texts without null characters. */
export function plainValues<T>(values: readonly T[]): T[] {
  return values.map((value) =>
    typeof value === "string" ? plainText(value) as T : value
  );
}
