/**
 * Colors that are chosen where a chart is drawn.
 *
 * Vega knows the color of the card as the signal `background`; JupyterLab and
 * other front ends make it dark in their dark themes. So each color of the
 * palette becomes an expression: the light palette's or the dark one's.
 *
 * @module
 */

import { deepFreeze } from "./_freeze.ts";
import {
  type ChartColors,
  chartColors,
  chartTheme,
  darkChartColors,
} from "./theme.ts";

/** A card below this luminance, from 0 (black) to 1, is dark. */
const darkest = 0.2;

const expressions: ReadonlyMap<string, { readonly expr: string }> = new Map(
  pairs().map(([light, dark]) => {
    // What has the card's color has that of the card there is.
    const other = light === chartColors.background ? "background" : `'${dark}'`;
    const expr = `luminance(background)<${darkest}?${other}:'${light}'`;
    return [light, Object.freeze({ expr })];
  }),
);

function pairs(): readonly (readonly [string, string])[] {
  const names = Object.keys(chartColors) as (keyof ChartColors)[];
  const all = names.flatMap((name): (readonly [string, string])[] => {
    const [light, dark] = [chartColors[name], darkChartColors[name]];
    return typeof light === "string"
      ? [[light, dark as string]]
      : light.map((color, index) => [color, dark[index]!]);
  });
  // A color of two meanings keeps the first.
  return all.filter(([light], index) =>
    all.findIndex(([other]) => other === light) === index
  );
}

/** Where no color stands, though a text may look like one: data, texts, and the marks of a brush, which takes no expression. */
const kept: ReadonlySet<string> = new Set([
  "values",
  "datasets",
  "domain",
  "select",
  "title",
  "description",
  "text",
]);

/** A copy of a part of a spec, its palette's colors adapting to the card. */
export function adaptive(part: unknown): unknown {
  return replaced(part, kept);
}

/** The `config` of a spec that adapts: the theme, without a card's color. */
export const adaptiveTheme: Readonly<Record<string, unknown>> = themeOf();

function themeOf(): Readonly<Record<string, unknown>> {
  const { background: _card, ...theme } = chartTheme;
  return deepFreeze(
    replaced(theme, new Set()) as Readonly<Record<string, unknown>>,
  );
}

function replaced(part: unknown, without: ReadonlySet<string>): unknown {
  if (typeof part === "string") return expressions.get(part) ?? part;
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => replaced(item, without));
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [
      key,
      !without.has(key)
        ? replaced(inner, without)
        : key === "title" && isPlain(inner)
        ? titled(inner)
        : inner,
    ]),
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A title: its colors adapt, its texts are nobody's. */
function titled(
  title: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(title).map(([key, value]) => [
      key,
      /color$/i.test(key) ? replaced(value, new Set()) : value,
    ]),
  );
}
