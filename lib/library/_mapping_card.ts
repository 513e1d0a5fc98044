import { cleanText } from "../records/mod.ts";
import { choicesOf, type ParameterValue, type Space } from "../space/mod.ts";
import { escapeText, tableHTML } from "./_html.ts";
import type { ParameterLink } from "./parameter_link.ts";

/** What of a mapping is shown. */
interface ShownMapping {
  readonly source: Space;
  readonly target: Space;
  readonly links: readonly ParameterLink[];
  readonly unused: readonly string[];
  readonly coverage: number;
}

/** A row a parameter: target, source, how it was found, how much was searched, remarks. */
function rowsOf(mapping: ShownMapping): string[][] {
  return mapping.links.map((link) =>
    [
      link.to,
      link.from ?? "—",
      link.by ?? "not in the source",
      link.from === null ? "" : `${Math.round(100 * link.overlap)} %`,
      remarkOf(link, mapping),
    ].map(cleanText)
  );
}

function remarkOf(
  link: ParameterLink,
  { source, target }: ShownMapping,
): string {
  if (link.from === null) {
    if (link.constant !== null) return `was ${String(link.constant)} there`;
    const start = target.parameter(link.to).default;
    return start === undefined
      ? "left open"
      : `left open; default ${String(start)}`;
  }
  const [from, to] = [source.parameter(link.from), target.parameter(link.to)];
  const remarks: string[] = [];
  if ("log" in from && "log" in to && from.log !== to.log) {
    remarks.push(
      `${from.log ? "log" : "linear"} there, ${to.log ? "log" : "linear"} here`,
    );
  }
  const moved = link.choices.filter(([a, b]) => a !== b);
  if (moved.length > 0) {
    remarks.push(moved.map(([a, b]) => `${show(a)} is ${show(b)}`).join(", "));
  }
  const known = new Set(link.choices.map(([, value]) => value));
  const unknown = choicesOf(from) === null
    ? []
    : (choicesOf(to) ?? []).filter((value) => !known.has(value));
  if (unknown.length > 0) {
    remarks.push(`${unknown.map(show).join(", ")} not tried there`);
  }
  return remarks.join("; ");
}

function show(value: ParameterValue): string {
  return typeof value === "string" ? value : String(value);
}

const titles = ["here", "there", "found by", "searched", ""];

/** The mapping as a table in plain text. */
export function mappingText(mapping: ShownMapping): string {
  const rows = [titles, ...rowsOf(mapping)];
  const widths = titles.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  );
  const { unused } = mapping;
  return [
    ...lines,
    ...(unused.length === 0
      ? []
      : [cleanText(`only there: ${unused.join(", ")}`)]),
  ].join("\n");
}

/** The mapping as a table in HTML, without scripts. */
export function mappingHTML(mapping: ShownMapping): string {
  const { unused } = mapping;
  const foot = unused.length === 0
    ? ""
    : `only there: ${escapeText(unused.join(", "))}`;
  return tableHTML({
    title: "How trials of the other space are read",
    note: `${
      Math.round(100 * mapping.coverage)
    } % of the space was searched there`,
    titles,
    rows: rowsOf(mapping),
    foot,
  });
}
