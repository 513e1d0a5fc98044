import { drawingScript } from "../charts/mod.ts";
import { chapterCharts } from "./_chapters.ts";
import { pageOf } from "./_page.ts";
import { sectionsOf } from "./_sections.ts";
import type { ReportSource } from "./source.ts";

/** Options of {@linkcode report}. */
export interface ReportOptions {
  /** The title. Defaults to the study's name. */
  readonly title?: string;
  /**
   * Whether charts answer to the mouse; the file carries Vega for it, about
   * 530 kB. Without, they are pictures. Defaults to `true`.
   */
  readonly interactive?: boolean;
  /** What the report says of its own date. Defaults to now. */
  readonly date?: Date;
}

/** What {@linkcode report} wrote. */
export interface WrittenReport {
  /** Where. */
  readonly path: string;
  /** The size of the file. */
  readonly bytes: number;
  /** How many charts are in it. */
  readonly charts: number;
}

/**
 * Writes the story of a study to one HTML file: it opens offline, asks nobody
 * for anything, and follows the reader's light or dark theme. No name or text of
 * the study is ever read as markup or script.
 *
 * @param source The study.
 * @param path Where to; a file there is replaced.
 * @param options A title, whether charts answer to the mouse.
 * @returns Where it is and how large.
 * @throws {TypeError} If the source is no study, the path no text, or an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * import { report } from "@etude/etude/report";
 * const study = await createStudy({ name: "parabola", space: space({ x: float(-1, 1) }), storage: "memory" });
 * await study.optimize(({ params }) => params.x ** 2, { trials: 8, progress: false });
 * const path = `${await Deno.makeTempDir()}/report.html`;
 * (await report(study, path)).charts; // 5
 * ```
 */
export async function report(
  source: ReportSource,
  path: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `Cannot write the report: the path is ${
        JSON.stringify(path) ?? String(path)
      }, expected a text such as "report.html"`,
    );
  }
  const { html, charts } = await build(source, options);
  const { writeFile } = await import("node:fs/promises");
  const bytes = new TextEncoder().encode(html);
  await writeFile(path, bytes);
  return Object.freeze({ path, bytes: bytes.length, charts });
}

/**
 * The page of {@linkcode report} as text.
 *
 * @param source The study.
 * @param options As of {@linkcode report}.
 * @throws {TypeError} If the source is no study, or an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, space } from "@etude/etude";
 * import { reportHTML } from "@etude/etude/report";
 * const view = () => ({ name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] });
 * (await reportHTML({ view })).startsWith("<!DOCTYPE html>"); // true
 * ```
 */
export async function reportHTML(
  source: ReportSource,
  options: ReportOptions = {},
): Promise<string> {
  return (await build(source, options)).html;
}

async function build(
  source: ReportSource,
  options: ReportOptions,
): Promise<{ readonly html: string; readonly charts: number }> {
  check(source, options);
  const { interactive = true, date = new Date() } = options;
  const view = source.view();
  const chapters = chapterCharts(view);
  const script = interactive ? await drawingScript() : null;
  const sections = await sectionsOf(source, view, chapters, {
    date,
    isInteractive: script !== null,
  });
  return {
    html: await pageOf(options.title ?? view.name, sections, script),
    charts: chapters.reduce((sum, { charts }) => sum + charts.length, 0),
  };
}

const known = ["title", "interactive", "date"];

function check(source: ReportSource, options: ReportOptions): void {
  const cannot = "Cannot write the report";
  if (typeof source?.view !== "function") {
    throw new TypeError(
      `${cannot}: expected a study, as in report(study, "report.html")`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${cannot}: the options are ${
        String(options)
      }, expected an object such as {}`,
    );
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${cannot}: there is no option ${
        JSON.stringify(unknown)
      }, expected one of ${known.join(", ")}`,
    );
  }
  const { title, interactive, date } = options;
  if (title !== undefined && typeof title !== "string") {
    throw new TypeError(`${cannot}: the title is no text`);
  }
  if (interactive !== undefined && typeof interactive !== "boolean") {
    throw new TypeError(`${cannot}: interactive is neither true nor false`);
  }
  if (
    date !== undefined &&
    !(date instanceof Date && Number.isFinite(date.getTime()))
  ) throw new TypeError(`${cannot}: the date is no date`);
}
