/**
 * `deno task bench`: the speeds that the project promises, measured, as a
 * Markdown table. What compares with Optuna runs side by side in one go.
 *
 * @module
 */

import { preparePythonEnvironment } from "../tools/python_environment.ts";
import { measureImport } from "./speed/import.ts";
import { measureLiveUpdate } from "./speed/live_update.ts";
import { measureOverhead } from "./speed/overhead.ts";
import { measureThroughput } from "./speed/throughput.ts";

/** One line of the table. */
export interface Measurement {
  /** What was measured. */
  readonly what: string;
  /** What is aimed at. */
  readonly target: string;
  /** What came out. */
  readonly found: string;
  /** Whether the target is reached; null where there is none. */
  readonly reached: boolean | null;
}

/** The median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The least, the median and the largest of some numbers, rounded. */
export function spread(values: readonly number[], digits = 1): string {
  const show = (value: number) => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))}–${
    show(Math.max(...values))
  })`;
}

if (import.meta.main) {
  await preparePythonEnvironment();
  const measurements: Measurement[] = [];
  for (
    const measure of [
      measureImport,
      measureThroughput,
      measureLiveUpdate,
      measureOverhead,
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
