/**
 * Texts with places for values: `--lr={learningRate}`. Other braces, such as
 * those of a piece of JSON, mean themselves, and `{{name}}` is `{name}`.
 *
 * @module
 */

/** What may stand in a text: a value by name; null for a parameter that is not active. */
export type PlaceValues = ReadonlyMap<string, string | null>;

const place =
  /\{\{([\p{L}_][\p{L}\p{N}_.-]*)\}\}|\{([\p{L}_][\p{L}\p{N}_.-]*)\}/gu;

/** The names in a text's braces. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(place)].flatMap(([, , name]) =>
    name === undefined ? [] : [name]
  );
}

/**
 * The text with its values; null if it names a parameter that is not active:
 * then the whole argument is left out.
 *
 * @throws {RangeError} If it names what there is not.
 */
export function fill(text: string, values: PlaceValues): string | null {
  let isInactive = false;
  const filled = text.replace(
    place,
    (_, literal: string | undefined, name: string) => {
      if (literal !== undefined) return `{${literal}}`;
      const value = values.get(name);
      if (value === undefined) {
        throw new RangeError(
          `Cannot run the command: ${
            JSON.stringify(text)
          } names {${name}}, expected one of ${
            [...values.keys()].map((known) => `{${known}}`).join(", ")
          }; write {{${name}}} for braces that mean themselves`,
        );
      }
      if (value === null) isInactive = true;
      return value ?? "";
    },
  );
  return isInactive ? null : filled;
}
