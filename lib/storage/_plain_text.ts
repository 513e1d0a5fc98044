/**
 * A text without null and half characters: PostgreSQL keeps none, and SQLite's binding
 * ends a text at the first null character, so that two names would be one.
 */
export function plainText(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** Values of a statement, their texts without null characters. */
export function plainValues<T>(values: readonly T[]): T[] {
  return values.map((value) =>
    typeof value === "string" ? plainText(value) as T : value
  );
}
