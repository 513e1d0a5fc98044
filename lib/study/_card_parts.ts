/** What the cards that notebooks show are made of: HTML without scripts, in the charts' colors. */

import {
  chartColors,
  chartFont,
  escapeMarkup,
  formatNumber,
  formatValue,
} from "../charts/mod.ts";
import type { Objective, Prediction } from "../records/mod.ts";

const { background, text, muted, grid } = chartColors;
const cell =
  `style="text-align:left;padding:2px 14px 2px 0;border:none;background:none;color:${text}"`;

/** Escaped text. */
export const plain = escapeMarkup;

/** Escaped text, bold. */
export function strong(value: string): string {
  return `<b>${escapeMarkup(value)}</b>`;
}

/** Escaped text, in the color of what matters less. */
export function faint(value: string): string {
  return `<span style="color:${muted}">${escapeMarkup(value)}</span>`;
}

/** A line of a card. */
export function line(html: string): string {
  return `<div>${html}</div>`;
}

/** A card: a title, what stands right of it, and parts that are HTML. */
export function card(
  title: string,
  { aside = "", parts }: {
    readonly aside?: string;
    readonly parts: readonly string[];
  },
): string {
  return `<div style="box-sizing:border-box;width:792px;max-width:100%;overflow-x:auto;padding:12px 16px;background:${background};color:${text};border:1px solid ${grid};border-radius:6px;font:13px ${
    chartFont.replaceAll('"', "'")
  };line-height:1.5">` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span style="font-size:15px;font-weight:600">${
      escapeMarkup(title)
    }</span>${faint(aside)}</div>${parts.join("")}</div>`;
}

/** A table of HTML cells. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const body = rows.map((row) =>
    `<tr style="background:none">${
      row.map((html) => `<td ${cell}>${html}</td>`).join("")
    }</tr>`
  ).join("");
  return `<table style="border-collapse:collapse;border:none;margin:6px 0 0;font-size:12px;flex:1 1 300px"><thead><tr style="background:none;border-bottom:1px solid ${grid}">${
    titles.map((title) => `<th ${cell}>${escapeMarkup(title)}</th>`).join("")
  }</tr></thead><tbody>${body}</tbody></table>`;
}

/** What an objective is after, e.g. `"minimize loss"`. */
export function objectiveText({ direction, name }: Objective): string {
  return `${direction} ${name}`;
}

/** A prediction, e.g. `"0.31 ± 0.05"`. */
export function predictionText({ mean, sd }: Prediction): string {
  return `${formatNumber(mean)} ± ${formatNumber(sd, 2)}`;
}

/** A configuration on a line, e.g. `"units 64, optimizer adam"`. */
export function paramsText(params: object): string {
  return Object.entries(params).map(([name, value]) =>
    `${name} ${formatValue(value)}`
  ).join(", ");
}

/** What a notebook is given; the text alone if the card cannot be drawn. */
export function bundle(
  text: string,
  html: () => string,
): Record<string, string> {
  try {
    return { "text/html": html(), "text/plain": text };
  } catch {
    return { "text/plain": text };
  }
}

/** A person's note for a card: its first line; nothing where there is none. */
export function noteLine(note: string): string[] {
  const [first = "", ...others] = note.trim().split("\n");
  const shown = first.length > 200 ? `${first.slice(0, 200)} …` : first;
  return first === ""
    ? []
    : [`note: ${shown}${others.length > 0 && shown === first ? " …" : ""}`];
}
