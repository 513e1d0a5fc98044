/**
 * `deno task bench:report FILE…`: result files of `bench:quality` as pictures
 * (`bench/quality/pictures`), tables (`bench/README.md`) and a page
 * (`out/quality/report.html`).
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Chart, escapeMarkup } from "../lib/charts/mod.ts";
import { capture } from "../tools/process.ts";
import { inProject, projectFolder } from "../tools/project.ts";
import {
  rankChart,
  regretChart,
  timeChart,
} from "./quality/analysis/charts.ts";
import { replaceBetween } from "./quality/analysis/markers.ts";
import {
  type Comparisons,
  comparisons,
  mainLevel,
  regretBySuite,
  type SuiteRuns,
} from "./quality/analysis/regret.ts";
import {
  checkpointsOf,
  levelTitle,
  partialTable,
  suiteFacts,
  suiteTable,
  summaryTable,
  versionList,
} from "./quality/analysis/tables.ts";
import {
  isResultFile,
  readResults,
  type ResultLine,
} from "./quality/results.ts";

const usage = `deno task bench:report FILE…
  --trials NUMBER      compare runs after that many trials (default: the most that any run has)
  --seeds NUMBER       only the seeds below it (default: all)
  --optimizers LIST    only these (default: all)
  --readme FILE        whose tables are written anew (default: bench/README.md); none: no file
  --pictures FOLDER    where pictures go (default: bench/quality/pictures)
  --page FILE          where the page goes (default: out/quality/report.html)`;

interface Section {
  readonly suite: SuiteRuns;
  readonly comparisons: Comparisons;
  readonly charts: readonly { readonly name: string; readonly chart: Chart }[];
}

function section(suite: SuiteRuns): Section {
  const compared = comparisons(suite.runs);
  const main = mainLevel(compared);
  const base = `${suite.suite}-${suite.metric}`.replaceAll(/[^\w.-]/g, "_");
  const checkpoints = checkpointsOf(suite.trials);
  const charts = [
    { name: `${base}-regret`, chart: regretChart(suite, main, checkpoints) },
    ...main.optimizers.length < 2 ? [] : [{
      name: `${base}-ranks`,
      chart: rankChart(suite, main, checkpoints),
    }],
    { name: `${base}-ms`, chart: timeChart(suite, compared.levels.at(-1)!) },
  ];
  return { suite, comparisons: compared, charts };
}

/** The texts and tables of a section, in their order. */
function blocks(
  { suite, comparisons }: Section,
): { readonly kind: "heading" | "text" | "table"; readonly text: string }[] {
  const { levels } = comparisons;
  const partial = partialTable(suite, comparisons);
  return [
    ...levels.flatMap((level, i) =>
      [
        { kind: "heading", text: levelTitle(level, i === 0) },
        { kind: "text", text: suiteFacts(suite, level) },
        { kind: "table", text: suiteTable(suite, level) },
      ] as const
    ).filter(({ kind }) => levels.length > 1 || kind !== "heading"),
    ...partial === null ? [] : [{ kind: "table", text: partial } as const],
  ];
}

/** The suite's name, with the metric where the suite stands there with several. */
function headingOf(one: Section, sections: readonly Section[]): string {
  const { suite, metric } = one.suite;
  const isAlone = sections.every((other) =>
    other === one || other.suite.suite !== suite
  );
  return isAlone ? suite : `${suite}, ${metric}`;
}

function markdown(sections: readonly Section[], pictures: string): string {
  const summary = summaryTable(sections);
  const parts = sections.map((one) =>
    [
      `### ${headingOf(one, sections)}`,
      ...blocks(one).map(({ kind, text }) =>
        kind === "heading" ? `#### ${text}` : text
      ),
      one.charts.map(({ name, chart }) =>
        `![${chart.title}](${pictures}/${name}.svg)`
      ).join("\n"),
    ].join("\n\n")
  );
  const versions = versionList(sections.map(({ suite }) => suite));
  return [
    ...summary === null ? [] : [summary],
    ...parts,
    `Versions: ${versions}.`,
  ].join("\n\n");
}

async function page(sections: readonly Section[]): Promise<string> {
  const parts: string[] = [];
  const summary = summaryTable(sections);
  if (summary !== null) parts.push(htmlTable(summary));
  for (const one of sections) {
    parts.push(`<h2>${escapeMarkup(headingOf(one, sections))}</h2>`);
    for (const { kind, text } of blocks(one)) {
      if (kind === "table") parts.push(htmlTable(text));
      else {
        const tag = kind === "heading" ? "h3" : "p";
        parts.push(`<${tag}>${escapeMarkup(text)}</${tag}>`);
      }
    }
    for (const { chart } of one.charts) parts.push(await chart.toSVG());
  }
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Étude: quality bench</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2933}
table{border-collapse:collapse;font-size:13px;margin:1rem 0}td,th{padding:3px 10px;text-align:right;border-bottom:1px solid #e8ebee}
td:first-child,th:first-child{text-align:left}svg{display:block;max-width:100%;height:auto;margin:1rem 0}</style>
</head><body><h1>Quality bench</h1>
${parts.join("\n")}
<p>Versions: ${
    escapeMarkup(versionList(sections.map(({ suite }) => suite)))
  }</p></body></html>
`;
}

/** A Markdown table as HTML. */
function htmlTable(table: string): string {
  const rows = table.split("\n").filter((_, i) => i !== 1).map((line, i) => {
    const tag = i === 0 ? "th" : "td";
    const cells = line.slice(2, -2).split(" | ");
    return `<tr>${
      cells.map((cell) => `<${tag}>${escapeMarkup(cell)}</${tag}>`).join("")
    }</tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      trials: { type: "string" },
      seeds: { type: "string" },
      optimizers: { type: "string" },
      readme: { type: "string", default: inProject("bench", "README.md") },
      pictures: {
        type: "string",
        default: inProject("bench", "quality", "pictures"),
      },
      page: {
        type: "string",
        default: inProject("out", "quality", "report.html"),
      },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(usage);
    Deno.exit(values.help ? 0 : 2);
  }
  const lines: ResultLine[] = [];
  for (const path of positionals) {
    const text = await Deno.readTextFile(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new RangeError(`Cannot report on ${path}: there is no such file`);
    });
    if (!isResultFile(text)) {
      console.error(`skipped ${path}: it holds no results of bench:quality`);
      continue;
    }
    for (const line of readResults(text)) lines.push(line);
  }
  const wanted = values.optimizers?.split(",");
  const suites = regretBySuite(
    lines.filter((line) =>
      line.type !== "trial" ||
      (wanted === undefined || wanted.includes(line.optimizer)) &&
        line.seed < Number(values.seeds ?? Infinity)
    ),
    values.trials === undefined ? undefined : Number(values.trials),
  ).filter(({ runs }) => runs.length > 0);
  const sections = suites.map(section);
  if (sections.length === 0) {
    throw new RangeError(
      `Cannot report on ${positionals.join(", ")}: there are no finished runs`,
    );
  }
  await Deno.mkdir(values.pictures, { recursive: true });
  for (const { charts } of sections) {
    for (const { name, chart } of charts) {
      await chart.save(join(values.pictures, `${name}.svg`));
    }
  }
  const text = markdown(sections, "quality/pictures");
  console.log(text);
  if (values.readme !== "none") {
    const readme = await Deno.readTextFile(values.readme);
    await Deno.writeTextFile(
      values.readme,
      replaceBetween(readme, "quality results", text),
    );
  }
  // The gate wants them as the formatter has them, pictures too.
  const written = [
    values.pictures,
    ...values.readme === "none" ? [] : [values.readme],
  ];
  await capture(Deno.execPath(), ["fmt", "--quiet", ...written], {
    cwd: projectFolder,
  });
  await Deno.writeTextFile(values.page, await page(sections));
  const broken = lines.filter((line) => line.type === "error");
  for (const { optimizer, task, seed, trial, message } of broken) {
    console.error(
      `broke off: ${optimizer} on ${task}, seed ${seed}, trial ${trial}: ${message}`,
    );
  }
}

try {
  await main();
} catch (error) {
  // An option that there is not is a TypeError.
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
