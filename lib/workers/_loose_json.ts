/** Strings are kept as they are; a bare NaN or infinity becomes a marked string. */
const token = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
const mark = "\u0000number:";

/** JSON as Python writes it, with bare `NaN`, `Infinity` and `-Infinity`; undefined if it is none. */
export function parseLooseJSON(text: string): unknown {
  try {
    return JSON.parse(
      text.replace(
        token,
        (found) => found.startsWith('"') ? found : JSON.stringify(mark + found),
      ),
      (_, value) =>
        typeof value === "string" && value.startsWith(mark)
          ? Number(value.slice(mark.length))
          : value,
    );
  } catch {
    return undefined;
  }
}
