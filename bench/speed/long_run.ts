/**
 * `deno run -A bench/speed/long_run.ts [TRIALS | FILE]`: what a study of so many trials
 * costs as it grows (100,000 unless told; or what an earlier run printed): memory, a trial, a suggestion of each
 * sampler, the file, opening it, charts. Pictures go to `bench/speed/pictures/`,
 * the tables to `bench/README.md`.
 *
 * @module
 */

import { join } from "node:path";
import {
  Chart,
  chartColors,
  type ChartSpec,
  chartTheme,
  chartWidth,
} from "../../lib/charts/mod.ts";
import { inProject } from "../../tools/project.ts";
import { replaceBetween } from "../quality/analysis/markers.ts";

/** What a study costs at one size. Milliseconds are the processor's, all threads together. */
export interface LongRunPoint {
  /** How many trials it has. */
  readonly trials: number;
  /** A whole trial with the default sampler: asked for, run, told. */
  readonly trialMs: number;
  /** The same on the clock. */
  readonly clockMs: number;
  /** Memory of the process. */
  readonly residentBytes: number;
  /** The file on the disk. */
  readonly fileBytes: number;
  /** One more suggestion, by sampler. */
  readonly suggestionMs: Readonly<Record<string, number>>;
  /** A chart's spec, by chart. */
  readonly chartMs: Readonly<Record<string, number>>;
  /** A process that does nothing but open the study. */
  readonly openMs: number;
  /** The memory of that process. */
  readonly openBytes: number;
}

async function lines(...args: string[]): Promise<unknown[]> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", inProject("bench/speed/_long_study.ts"), ...args],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The study broke off");
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
}

/** Runs the study; opens it anew at each size. */
export async function measureLongRun(most: number): Promise<LongRunPoint[]> {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "long.db");
  try {
    const points: LongRunPoint[] = [];
    const sizes = [100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000];
    // A process a size: what it keeps of the sizes before is not counted twice.
    for (const size of sizes.filter((size) => size <= most)) {
      const [point] = (await lines(file, String(size))).slice(-1);
      const [opened] = await lines(file, "0");
      points.push({ ...point as LongRunPoint, ...opened as object });
      console.error(JSON.stringify(points.at(-1)));
    }
    return points;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Quantities as lines over the number of trials, both axes logarithmic. */
function picture(
  title: string,
  unit: string,
  rows: readonly { trials: number; name: string; value: number }[],
): Chart {
  const names = [...new Set(rows.map(({ name }) => name))];
  const spec: ChartSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: title,
    config: chartTheme,
    title: { text: title },
    width: chartWidth,
    height: 260,
    data: { values: rows },
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "trials",
        type: "quantitative",
        scale: { type: "log" },
        axis: { format: "~s" },
        title: "trials in the study",
      },
      y: {
        field: "value",
        type: "quantitative",
        scale: { type: "log" },
        axis: { format: ",~g" },
        title: unit,
      },
      color: {
        field: "name",
        type: "nominal",
        title: null,
        scale: { domain: names, range: chartColors.series },
      },
    },
  } as ChartSpec;
  return new Chart({ title, text: title, spec });
}

/** The pictures by file name. */
function pictures(
  points: readonly LongRunPoint[],
): Readonly<Record<string, Chart>> {
  const rows = (
    of: (point: LongRunPoint) => Readonly<Record<string, number>>,
  ) =>
    points.flatMap((point) =>
      Object.entries(of(point)).map(([name, value]) => ({
        trials: point.trials,
        name,
        value: Math.max(0.001, Number(value.toPrecision(4))),
      }))
    );
  return {
    "long-run-suggestions": picture(
      "One more suggestion, by sampler",
      "milliseconds of a processor",
      rows(({ suggestionMs }) => suggestionMs),
    ),
    "long-run-charts": picture(
      "Making charts",
      "milliseconds of a processor",
      rows(({ chartMs }) => slowest(chartMs)),
    ),
    "long-run-size": picture(
      "Memory and file",
      "megabytes",
      rows(({ residentBytes, openBytes, fileBytes }) => ({
        "memory after running": residentBytes / 1e6,
        "memory after opening": openBytes / 1e6,
        "file": fileBytes / 1e6,
      })),
    ),
  };
}

/** The slowest charts, and the median of all. */
function slowest(
  chartMs: Readonly<Record<string, number>>,
): Record<string, number> {
  const sorted = Object.entries(chartMs).sort(([, a], [, b]) => b - a);
  return {
    "the slowest chart": sorted[0]![1],
    "the median chart": sorted[sorted.length >> 1]![1],
  };
}

function table(points: readonly LongRunPoint[]): string {
  const show = (value: number) =>
    value >= 100 ? value.toFixed(0) : value.toPrecision(2);
  const rows: [string, (point: LongRunPoint) => string][] = [
    ["a trial, ms of a processor", ({ trialMs }) => show(trialMs)],
    ["a trial, ms on the clock", ({ clockMs }) => show(clockMs)],
    ["memory, MB", ({ residentBytes }) => show(residentBytes / 1e6)],
    ["file, MB", ({ fileBytes }) => show(fileBytes / 1e6)],
    ["opening it, ms", ({ openMs }) => show(openMs)],
    ["memory once opened, MB", ({ openBytes }) => show(openBytes / 1e6)],
    ...Object.keys(points[0]!.suggestionMs).map((
      name,
    ): [string, (point: LongRunPoint) => string] => [
      `suggestion, ${name}, ms`,
      ({ suggestionMs }) => show(suggestionMs[name]!),
    ]),
    [
      "chart, median, ms",
      ({ chartMs }) => show(slowest(chartMs)["the median chart"]!),
    ],
    ["chart, slowest, ms", ({ chartMs }) => {
      const [name, ms] = Object.entries(chartMs).sort(([, a], [, b]) =>
        b - a
      )[0]!;
      return `${show(ms)} (${name})`;
    }],
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line([
      "trials",
      ...points.map(({ trials }) => trials.toLocaleString("en")),
    ]),
    line(["---", ...points.map(() => "---:")]),
    ...rows.map(([what, of]) => line([what, ...points.map(of)])),
  ].join("\n");
}

if (import.meta.main) {
  const [given = "100000"] = Deno.args;
  const points: LongRunPoint[] = /^\d+$/.test(given)
    ? await measureLongRun(Number(given))
    : (await Deno.readTextFile(given)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
  for (const [name, chart] of Object.entries(pictures(points))) {
    await chart.save(inProject("bench", "speed", "pictures", `${name}.svg`));
  }
  const readme = inProject("bench", "README.md");
  await Deno.writeTextFile(
    readme,
    replaceBetween(
      await Deno.readTextFile(readme),
      "long run",
      table(points),
    ),
  );
}
