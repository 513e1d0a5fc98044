/**
 * `deno task demo`: the first tutorial, from an empty machine to a page with its charts.
 *
 * @module
 */

import { join, relative } from "node:path";
import { type BestTrial, readBestTrial } from "./best_trial.ts";
import { exportHTML } from "./jupyter/export_html.ts";
import {
  type Notebook,
  vegaLiteMimeType,
  writeNotebook,
} from "./jupyter/notebook.ts";
import { outFolder, projectFolder } from "./project.ts";
import { executeTutorial } from "./tutorials.ts";

const tutorial = "01-first-study";
const studyName = "digits-mlp";

/** What the demonstration made. */
export interface Demonstration {
  /** The executed notebook's path. */
  readonly notebook: string;
  /** Its page's path. */
  readonly page: string;
  /** The study file's path. */
  readonly studies: string;
  /** How many charts it shows. */
  readonly charts: number;
  /** The best trial that it found. */
  readonly best: BestTrial;
}

/**
 * Executes the first tutorial from nothing, and writes what it shows to `out/`.
 *
 * @throws {Error} if a cell fails, no chart is shown, or no best trial is found
 */
export async function demonstrate(
  log: (line: string) => void,
): Promise<Demonstration> {
  const folder = join(outFolder, "demo");
  const executed = await executeTutorial(tutorial, { folder, log });
  const notebook = join(outFolder, `${tutorial}.ipynb`);
  await writeNotebook(notebook, executed);
  const charts = countCharts(executed);
  if (charts === 0) {
    throw new Error(`Cannot find a chart in ${notebook}: expected some`);
  }
  const studies = join(folder, "studies.db");
  const best = readBestTrial(studies, studyName);
  log("Writing the page …");
  const page = join(outFolder, `${tutorial}.html`);
  await exportHTML(notebook, page);
  return { notebook, page, studies, charts, best };
}

/** How many outputs front ends draw as charts. */
function countCharts(notebook: Notebook): number {
  return notebook.cells.flatMap((cell) => cell.outputs ?? [])
    .filter((output) => "data" in output && vegaLiteMimeType in output.data)
    .length;
}

function show(
  { notebook, page, studies, charts, best }: Demonstration,
): string {
  const shown = (path: string) => relative(projectFolder, path);
  const states = Object.entries(best.trials).map(([state, n]) =>
    `${n} ${state.toLowerCase()}`
  );
  return [
    "",
    `Best trial of "${studyName}": #${best.number}, value ${
      best.value.toPrecision(5)
    }`,
    ...Object.entries(best.params).map(([name, value]) =>
      `  ${name} = ${
        typeof value === "number" ? Number(value.toPrecision(5)) : value
      }`
    ),
    `Trials: ${states.join(", ")}. Charts: ${charts}.`,
    "",
    `Open in a browser     ${shown(page)}`,
    `The executed notebook ${shown(notebook)}`,
    `The study file        ${
      shown(studies)
    }  (Optuna's schema: optuna-dashboard opens it too)`,
    "To work in it yourself: npx -y deno@2 task lab",
  ].join("\n");
}

if (import.meta.main) {
  try {
    console.log(show(await demonstrate((line) => console.log(line))));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
