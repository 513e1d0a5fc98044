/**
 * How long charts of a large study take, and how large they are: made, and drawn
 * for the first time in a browser. `deno run -A bench/speed/charts.ts` alone;
 * needs a Python with Optuna and Plotly for the comparison
 * (`ETUDE_PEERS_PYTHON`, or `out/peers/main/bin/python`), and Chromium for the
 * drawing; without, those columns are empty.
 *
 * @module
 */

import process from "node:process";
import { chromium as driver } from "playwright-core";
import {
  type Chart,
  drawingScript,
  StudyCharts,
} from "../../lib/charts/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize, type StudyView } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { parameterImportance } from "../../lib/surrogates/mod.ts";
import { inProject } from "../../tools/project.ts";
import { chromium } from "../../tests/support/require.ts";
import { trialOf } from "../../tests/support/views.ts";
import { type Measurement, median } from "./measurement.ts";
import { plotlyTimings } from "./_plotly.ts";

const trials = 10_000;
const parameters = 10;
const mostMs = 200;
const mostBytes = 1_000_000;

/** A study over floats: values hang on the first parameters most, with noise; curves of 5 steps. */
function studyOf(count: number): StudyView {
  const searched = space(
    Object.fromEntries(
      Array.from({ length: parameters }, (_, i) => [`x${i}`, float(0, 1)]),
    ),
  ) as unknown as Space;
  const random = randomStream("bench charts", count);
  return {
    name: "large",
    space: searched,
    objectives: [minimize("loss")],
    trials: Array.from({ length: count }, (_, number) => {
      const params = searched.sample(random.uniform);
      const value = Object.values(params).reduce<number>(
        (sum, x, i) => sum + (Number(x) - 0.3) ** 2 / (i + 1),
        0.05 * random.normal(),
      );
      return trialOf(number, params, {
        value,
        curves: { loss: [3, 2, 1.5, 1.2, 1].map((by) => by * value) },
      });
    }),
  };
}

/** The least of several times of the processor, in milliseconds: what else the machine does adds little to it. */
function leastMs(rounds: number, run: () => unknown): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** Milliseconds from the script's spec to the first picture, in a page that has Vega loaded. */
async function drawingMs(
  charts: Readonly<Record<string, Chart>>,
): Promise<Readonly<Record<string, number>>> {
  const script = await drawingScript();
  if (chromium.path === null || script === null) return {};
  const browser = await driver.launch({
    executablePath: chromium.path,
    args: ["--no-sandbox"],
  });
  const found: Record<string, number> = {};
  try {
    for (const [name, chart] of Object.entries(charts)) {
      const spec = JSON.stringify(await chart.toVega());
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        const page = await browser.newPage();
        await page.setContent(`<div id="chart"></div>`);
        await page.addScriptTag({ content: script });
        times.push(
          await page.evaluate<number>(`(async () => {
          const spec = JSON.parse(${JSON.stringify(spec)});
          const start = performance.now();
          const view = new vega.View(vega.parse(spec), { renderer: "canvas", container: "#chart", hover: true });
          await view.runAsync();
          await new Promise(requestAnimationFrame);
          return performance.now() - start;
        })()`),
        );
        await page.close();
      }
      found[name] = Math.min(...times);
    }
  } finally {
    await browser.close();
  }
  return found;
}

async function pythonPath(): Promise<string | null> {
  const path = Deno.env.get("ETUDE_PEERS_PYTHON") ??
    inProject("out", "peers", "main", "bin", "python");
  const { success } = await new Deno.Command(path, {
    args: ["-c", "import optuna, plotly"],
    stdout: "null",
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  return success ? path : null;
}

/** Measures all charts, PED-ANOVA and fANOVA. */
export async function measureCharts(): Promise<Measurement[]> {
  const view = studyOf(trials);
  const charts = new StudyCharts(() => view);
  const names = Object.getOwnPropertyNames(StudyCharts.prototype)
    .filter((name) => name !== "constructor");
  const methods: Record<string, () => Chart> = {};
  for (const name of names) {
    methods[name] = name === "savings"
      // A cold run has to be told.
      ? () => charts.savings([view.trials.map(({ value }) => value ?? NaN)])
      : () => (charts as unknown as Record<string, () => Chart>)[name]!();
  }
  const made: Record<string, Chart> = {};
  const ours = names.map((name) => {
    made[name] = methods[name]!();
    return {
      name,
      ms: leastMs(3, () => methods[name]!()),
      bytes: JSON.stringify(made[name].spec).length,
    };
  });
  const python = await pythonPath();
  const theirs = python === null
    ? {}
    : await plotlyTimings(view, { python, rounds: 3 });
  const drawn = await drawingMs(made);
  const rows = ours.map(({ name, ms, bytes }): Measurement => {
    const theirOwn = theirs[name];
    return {
      what: `chart ${name}, 10,000 trials × 10 parameters`,
      target: "≤ 200 ms, ≤ 1 MB, drawn in ≤ 1 s",
      found: [
        `${ms.toFixed(0)} ms, ${(bytes / 1000).toFixed(0)} kB`,
        drawn[name] === undefined
          ? ""
          : `drawn in ${drawn[name].toFixed(0)} ms`,
        theirOwn === undefined
          ? ""
          : `Optuna ${theirOwn.ms.toFixed(0)} ms, ${
            (theirOwn.bytes / 1000).toFixed(0)
          } kB: ${(theirOwn.ms / ms).toFixed(1)} × the time, ${
            (theirOwn.bytes / bytes).toFixed(1)
          } × the bytes`,
      ].filter((part) => part !== "").join("; "),
      reached: ms <= mostMs && bytes <= mostBytes && (drawn[name] ?? 0) <= 1000,
    };
  });
  const small = studyOf(1000);
  const importances = ([
    ["PED-ANOVA, 10,000 trials", view, "ped-anova", 100],
    ["fANOVA, 1,000 trials", small, "fanova", 2000],
  ] as const).map(([what, study, evaluator, most]): Measurement => {
    const ms = leastMs(3, () => parameterImportance(study, { evaluator }));
    return {
      what,
      target: `≤ ${most} ms`,
      found: `${ms.toFixed(0)} ms`,
      reached: ms <= most,
    };
  });
  const ratios = ours.flatMap(({ name, ms }) =>
    theirs[name] === undefined ? [] : [theirs[name].ms / ms]
  );
  return [
    ...rows,
    ...importances,
    ...(ratios.length === 0 ? [] : [{
      what: "charts that Optuna has too: its time over ours",
      target: "",
      found: `median ${median(ratios).toFixed(1)} ×`,
      reached: null,
    }]),
  ];
}

if (import.meta.main) {
  for (const { what, found, reached } of await measureCharts()) {
    console.log(`${reached === false ? "NO " : "   "}${what}: ${found}`);
  }
}
