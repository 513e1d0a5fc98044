// Control characters, line separators and bidirectional overrides: they steer a
// terminal, break SVG (XML forbids most), Vega's expression parser (U+2028, U+2029)
// or the reading order of what stands beside them.
const unsafe =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/g;

/**
 * A text of a user's as one line that a terminal, XML, Vega and Markdown can hold:
 * control characters, line ends and marks that turn the order of reading become
 * spaces. Markup in it stays, and has to be escaped where it would be read as such.
 *
 * @example
 * ```ts
 * import { cleanText } from "@etude/etude";
 * cleanText("red: \u001b[31m\nforged"); // "red:  [31m forged"
 * ```
 */
export function cleanText(text: unknown): string {
  return String(text).toWellFormed().replace(unsafe, " ");
}
