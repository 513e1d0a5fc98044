/**
 * `deno task bench`: the speeds that the project promises, measured, as a
 * Markdown table. What compares with Optuna runs side by side in one go.
 *
 * @module
 */

import { preparePythonEnvironment } from "../tools/python_environment.ts";
import { measureCharts } from "./speed/charts.ts";
import { measureEvolution } from "./speed/evolution.ts";
import { measureGP } from "./speed/gp.ts";
import { measureImport } from "./speed/import.ts";
import { measureMemory } from "./speed/memory.ts";
import { measureLiveUpdate } from "./speed/live_update.ts";
import { measureOverhead } from "./speed/overhead.ts";
import type { Measurement } from "./speed/measurement.ts";
import { measurePanel } from "./speed/panel.ts";
import { measurePanelPage } from "./speed/panel_page.ts";
import { measurePostgres } from "./speed/postgres.ts";
import { measurePreparation } from "./speed/preparation.ts";
import { measureThroughput } from "./speed/throughput.ts";
import { measureTPE } from "./speed/tpe.ts";

if (import.meta.main) {
  await preparePythonEnvironment();
  const measurements: Measurement[] = [];
  for (
    const measure of [
      measureImport,
      measureThroughput,
      measurePostgres,
      measureLiveUpdate,
      measureOverhead,
      measureMemory,
      measureTPE,
      measureGP,
      measurePreparation,
      measureEvolution,
      measureCharts,
      measurePanel,
      measurePanelPage,
    ]
  ) {
    console.error(`${measure.name} …`);
    measurements.push(...await measure());
  }
  console.log(
    `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, ${
      new Date().toISOString().slice(0, 10)
    }\n`,
  );
  console.log(
    "| what | target | measured, median (least–most) | reached |\n| --- | --- | --- | --- |",
  );
  for (const { what, target, found, reached } of measurements) {
    console.log(
      `| ${what} | ${target} | ${found} | ${
        reached === null ? "" : reached ? "yes" : "**no**"
      } |`,
    );
  }
}
