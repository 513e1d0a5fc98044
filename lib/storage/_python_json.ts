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
    const marked = text.replace(
      /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g,
      (token) => token.startsWith('"') ? token : `"${marker}${token}"`,
    );
    if (marked === text) throw error;
    return JSON.parse(marked, (_key, value) => {
      return typeof value === "string" && value.startsWith(marker)
        ? Number(value.slice(marker.length))
        : value;
    });
  }
}

// A private-use character, so that no text of a user's begins with it by chance.
const marker = "\uE000étude:number:";
