import { cleanText } from "../records/mod.ts";
import type { ParameterValue } from "../space/mod.ts";

export { cleanText };

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const narrow = /\p{Mark}|\u200b|\u200d/u;

function charWidth(char: string): number {
  if (narrow.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

/** How many columns of a typewriter a text takes; wide letters take two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/**
 * How wide a text is, in multiples of the font's size. Made after DejaVu Sans,
 * the widest of the usual sans serif fonts: texts never need more.
 */
export function measureText(text: string): number {
  let width = 0;
  for (const char of text) {
    const columns = charWidth(char);
    if (columns !== 1) width += columns * 0.5;
    else if (/[iljI.,:;'|! ()[\]tfr/]/.test(char)) width += 0.37;
    else if (/[mwMW@%—…]/.test(char)) width += 0.96;
    else if (/[<>=+#~^→]/.test(char)) width += 0.84;
    else if (/[A-Z]/.test(char)) width += 0.7;
    else width += 0.62;
  }
  return width;
}

/** A clean text cut to a number of columns, with "…" where something was cut. */
export function shorten(text: unknown, columns: number): string {
  const clean = cleanText(text);
  if (textWidth(clean) <= columns) return clean;
  let kept = "";
  let width = 0;
  for (const char of clean) {
    width += charWidth(char);
    if (width > columns - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** A clean text broken at spaces into lines of at most a number of columns. */
export function wrapText(text: unknown, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of cleanText(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = shorten(word, columns);
  }
  return [...lines, line];
}

/**
 * A text as the inside of an XML or HTML element or attribute.
 *
 * @example
 * ```ts
 * import { escapeMarkup } from "@etude/etude";
 * escapeMarkup("<b>R&D</b>"); // "&lt;b&gt;R&amp;D&lt;/b&gt;"
 * ```
 */
export function escapeMarkup(text: unknown): string {
  return cleanText(text)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/**
 * A number in few letters: `0.01235`, `1.2e-7`, `∞`.
 *
 * @example
 * ```ts
 * import { formatNumber } from "@etude/etude";
 * formatNumber(0.0123456); // "0.01235"
 * formatNumber(Infinity); // "∞"
 * ```
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}e${Number(exponent)}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/**
 * A parameter's value in few letters.
 *
 * @example
 * ```ts
 * import { formatValue } from "@etude/etude";
 * formatValue(1 / 3); // "0.3333"
 * formatValue("adam"); // "adam"
 * ```
 */
export function formatValue(value: ParameterValue): string {
  return typeof value === "number" ? formatNumber(value) : cleanText(value);
}

/** A configuration on one line: `learningRate=0.01, units=64`. */
export function formatParams(
  params: Readonly<Record<string, ParameterValue | undefined>>,
): string {
  return Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${cleanText(name)}=${formatValue(value!)}`)
    .join(", ");
}

/** `1 trial`, `2 trials`, `2 studies`. */
export function count(n: number, noun: string): string {
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${n} ${n === 1 ? noun : many}`;
}

/** `1 study`, `38 prior studies`. */
export function countStudies(n: number, kind = ""): string {
  return count(n, `${kind}${n === 1 ? "study" : "studie"}`);
}

// Keys that Vega's expressions refuse, and those that vega-tooltip draws as an
// image or a heading instead of a row.
const reserved: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  "image",
  "title",
]);

/**
 * The texts made distinct by spaces at their ends, which a page does not show:
 * Vega's tooltips are keyed by title.
 */
export function distinct(texts: readonly string[]): string[] {
  const seen = new Set<string>(reserved);
  return texts.map((text) => {
    let own = text === "" ? " " : text;
    while (seen.has(own)) own += " ";
    seen.add(own);
    return own;
  });
}

const bars = "▁▂▃▄▅▆▇█";

/**
 * The values as a line of bars for a terminal; "" if none is finite.
 *
 * @param values The values, in order; what is not finite is left out.
 * @param columns The most bars. Defaults to `48`.
 *
 * @example
 * ```ts
 * import { sparkline } from "@etude/etude";
 * sparkline([3, 2, 1]); // "█▅▁"
 * ```
 */
export function sparkline(values: readonly number[], columns = 48): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "";
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const length = Math.min(columns, finite.length);
  let line = "";
  for (let i = 0; i < length; i++) {
    const last = Math.floor((i + 1) * finite.length / length) - 1;
    const share = high === low
      ? 0.5
      : (finite[last]! / 2 - low / 2) / (high / 2 - low / 2);
    line += bars[Math.min(7, Math.floor(share * 8))];
  }
  return line;
}

/** The message of whatever was thrown, with that of its cause. */
export function reasonOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return cleanText(error);
    const cause = error.cause === undefined
      ? ""
      : ` (${reasonOf(error.cause)})`;
    return `${cleanText(error.message)}${cause}`;
  } catch {
    return "unknown";
  }
}
