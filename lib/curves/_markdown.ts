/**
 * Diagnoses and advice as Markdown: what a notebook shows.
 *
 * @module
 */

import { cleanText } from "../records/mod.ts";
import { percent, show } from "./_words.ts";

/** What is shown of a piece of evidence. */
interface ShownEvidence {
  readonly statistic: string;
  readonly value: number;
  readonly unit: string;
  readonly threshold: number | null;
  readonly p: number | null;
}

/** What is shown of a finding. */
interface ShownFinding {
  readonly severity: string;
  readonly sentence: string;
  readonly evidence: readonly ShownEvidence[];
  readonly trials: readonly number[];
}

/**
 * A text that Markdown shows as it is, on one line: names of studies and parameters
 * may hold anything.
 *
 * @example
 * ```ts
 * import { escapeMarkdown } from "@etude/etude";
 * escapeMarkdown("a*b"); // "a\\*b"
 * ```
 */
export function escapeMarkdown(text: string): string {
  return cleanText(text)
    .replace(/[\\`*_[\]#|~$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // Addresses would become links by themselves.
    .replaceAll("://", "&#58;//")
    .replaceAll("@", "&#64;")
    .replace(/www\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

/** A diagnosis: a line for each finding, its evidence under it. */
export function diagnosisMarkdown(
  { subject, findings, notes, nothing }: {
    readonly subject: string;
    readonly findings: readonly ShownFinding[];
    readonly notes: readonly string[];
    readonly nothing: string;
  },
): string {
  const about = `**${escapeMarkdown(subject)}**`;
  const body = findings.length === 0
    ? [`${about}: ${escapeMarkdown(nothing)}`]
    : [about, "", ...findings.flatMap(findingLines)];
  return [
    ...body,
    ...notes.flatMap((note) => ["", `*(${escapeMarkdown(note)})*`]),
  ].join("\n");
}

function findingLines(
  { severity, sentence, evidence, trials }: ShownFinding,
): string[] {
  const name = severity[0]!.toUpperCase() + severity.slice(1);
  return [
    `- **${name}.** ${escapeMarkdown(sentence)}`,
    ...evidence.map((piece) => `  - ${escapeMarkdown(evidenceText(piece))}`),
    ...trials.length === 0 ? [] : [
      `  - trials ${trials.slice(0, 12).join(", ")}${
        trials.length > 12 ? " …" : ""
      }`,
    ],
  ];
}

/** "rise of …: 36 % of the lowest value (counts from 5 % on)". */
function evidenceText(
  { statistic, value, unit, threshold, p }: ShownEvidence,
): string {
  const amount = (number: number) =>
    unit.startsWith("of ") ? percent(number) : show(number);
  const more = [
    ...threshold === null ? [] : [`threshold ${amount(threshold)}`],
    ...p === null
      ? []
      : [p < 0.001 ? "by chance: p < 0.001" : `by chance: p = ${show(p)}`],
  ];
  return `${statistic}: ${amount(value)} ${unit}${
    more.length === 0 ? "" : ` (${more.join("; ")})`
  }`;
}

/** Advice: the sentence, and the moves that it chose among. */
export function adviceMarkdown(
  { sentence, moves }: {
    readonly sentence: string;
    readonly moves: readonly { readonly sentence: string }[];
  },
): string {
  return [
    `**→** ${escapeMarkdown(sentence)}`,
    ...moves.length < 2 ? [] : [
      "",
      ...moves.slice(0, 4).map(({ sentence }, place) =>
        `${place + 1}. ${escapeMarkdown(sentence)}`
      ),
    ],
  ].join("\n");
}
