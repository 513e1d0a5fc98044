/** Longer texts are cut: an error's message is for reading. */
const longest = 200;

/**
 * Any value in words, for messages: also what refuses to be looked at. JSON where
 * it has that form.
 */
export function shown(value: unknown): string {
  try {
    const text = typeof value === "bigint"
      ? `${value}n`
      : typeof value === "number"
      ? String(value)
      : JSON.stringify(value) ?? String(value);
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  } catch {
    return "something that cannot be shown";
  }
}

/** Whether it is an instance: what refuses to be looked at is not. */
export function isA<T>(
  value: unknown,
  kind: abstract new (...args: never[]) => T,
): value is T {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
}

/** Short enough to keep with a trial. */
const longestKept = 4000;

/** What was thrown, in words: an error's text with its stack. */
export function thrownText(thrown: unknown): string {
  const text = errorText(thrown) ??
    `The objective threw ${
      typeof thrown === "string" ? thrown : shown(thrown)
    }`;
  return text.length > longestKept ? `${text.slice(0, longestKept)}…` : text;
}

function errorText(thrown: unknown): string | null {
  if (!isA(thrown, Error)) return null;
  try {
    const { stack } = thrown;
    return typeof stack === "string" && stack !== "" ? stack : String(thrown);
  } catch {
    return null;
  }
}

/** The message of an error; of what is none, its text. */
export function messageOf(thrown: unknown): string {
  try {
    return isA(thrown, Error) ? String(thrown.message) : String(thrown);
  } catch {
    return shown(thrown);
  }
}
