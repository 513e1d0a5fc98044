import { cleanText } from "../records/mod.ts";
import { tableHTML } from "./_html.ts";
import type { LibraryStudy } from "./library_study.ts";

/** What of a library is shown. */
export interface ShownLibrary {
  studies(): readonly LibraryStudy[];
  readonly skipped: readonly {
    readonly source: string;
    readonly reason: string;
  }[];
}

const titles = ["study", "optimizes", "trials", "task", "kept in"];

function rowOf(study: LibraryStudy): string[] {
  const mark = study.standing === "trusted"
    ? ""
    : ` (${study.standing}${
      study.standingReason === null ? "" : `: ${study.standingReason}`
    })`;
  return [
    study.name + mark,
    `${study.objective.direction} ${study.objective.name}`,
    String(study.completeTrials),
    taskText(study),
    study.origin === null ? study.source : `${study.source}: ${study.origin}`,
  ].map(cleanText);
}

function taskText({ task }: LibraryStudy): string {
  if (task === null) return "not described";
  const { data, kind, tags, model } = task;
  return [
    kind === "other" ? "" : kind,
    data === null
      ? ""
      : `${data.rows} × ${data.columns}${
        data.classes === null ? "" : `, ${data.classes} classes`
      }`,
    model?.kind ?? "",
    tags.join(", "),
  ].filter((part) => part !== "").join("; ") || "not described";
}

function headline(library: ShownLibrary): string {
  const studies = library.studies();
  const trials = studies.reduce((sum, one) => sum + one.completeTrials, 0);
  const described = studies.filter(({ task }) => task !== null).length;
  return studies.length === 0
    ? "no studies yet"
    : `${studies.length.toLocaleString("en-US")} ${
      studies.length === 1 ? "study" : "studies"
    }, ${trials.toLocaleString("en-US")} trials, ${described} with a task`;
}

const shownAsText = 12;

/** The library in a few lines of text. */
export function libraryText(library: ShownLibrary): string {
  const studies = library.studies();
  const rows = studies.slice(0, shownAsText).map(rowOf);
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length))
  );
  const lines = rows.length === 0
    ? []
    : [titles, ...rows].map((row) =>
      "  " + row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")
        .trimEnd()
    );
  const more = studies.length - rows.length;
  return [
    `Library: ${headline(library)}`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...library.skipped.map(({ source, reason }) =>
      cleanText(`  left out: ${source}: ${reason}`)
    ),
  ].join("\n");
}

/** The library as HTML, without scripts. */
export function libraryHTML(library: ShownLibrary): string {
  return tableHTML({
    title: "Library of prior studies",
    note: headline(library),
    titles,
    rows: library.studies().slice(0, 200).map(rowOf),
    foot: library.skipped.map(({ source, reason }) =>
      escapeLine(`left out: ${source}: ${reason}`)
    ).join("<br>"),
  });
}

function escapeLine(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
