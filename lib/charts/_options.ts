import { shorten } from "./_text.ts";

/** What an option takes. */
export type OptionKind =
  | "text"
  | "flag"
  | "height"
  | "texts"
  | "lines"
  | "numbers"
  | "trials";

const expected: Readonly<Record<OptionKind, string>> = {
  text: "a text",
  flag: "true or false",
  height: "a number of pixels from 80 to 2000",
  texts: "an array of texts, at least one",
  lines: "an array of texts",
  numbers: "an array of whole numbers from 0, at least one",
  trials: "an array of whole numbers from 0",
};

function isKind(value: unknown, kind: OptionKind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "height":
      return typeof value === "number" && value >= 80 && value <= 2000;
    case "texts":
      return isKind(value, "lines") && (value as unknown[]).length > 0;
    case "lines":
      return Array.isArray(value) &&
        value.every((item) => typeof item === "string");
    case "numbers":
      return isKind(value, "trials") && (value as unknown[]).length > 0;
    case "trials":
      return Array.isArray(value) &&
        value.every((item) => Number.isInteger(item) && item >= 0);
  }
}

/**
 * Checks a chart's options: notebooks do not check types.
 *
 * @throws {TypeError} If an option is unknown or of another kind.
 */
export function checkOptions(
  chart: string,
  options: unknown,
  kinds: Readonly<Record<string, OptionKind>>,
): void {
  const cannot = `Cannot draw the ${chart}`;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${cannot}: the options are ${
        show(options)
      }, expected an object such as {}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw new TypeError(
        `${cannot}: there is no option ${show(name)}, expected one of ${
          Object.keys(kinds).join(", ")
        }`,
      );
    }
    if (value !== undefined && !isKind(value, kind)) {
      throw new TypeError(
        `${cannot}: the option ${name} is ${show(value)}, expected ${
          expected[kind]
        }`,
      );
    }
  }
}

function show(value: unknown): string {
  try {
    return shorten(JSON.stringify(value) ?? String(value), 80);
  } catch {
    return "an object";
  }
}
