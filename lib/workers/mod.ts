/**
 * A study in other processes: commands in any language as objectives.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { command } from "@etude/etude/workers";
 * const study = await createStudy({
 *   name: "a program", space: space({ x: float(-1, 1) }), objective: minimize("loss"), storage: "memory",
 * });
 * const program = "console.log(JSON.stringify({ loss: Number(Deno.args[0]) ** 2 }))";
 * await study.optimize(
 *   command([Deno.execPath(), "eval", program, "--", "{x}"], { logs: false }),
 *   { trials: 2, progress: false },
 * );
 * ```
 *
 * @module
 */

export { command } from "./command.ts";
export type { CommandOptions } from "./command_options.ts";
export type {
  MetricFeed,
  MetricReading,
  MetricSource,
} from "./metric_source.ts";
export { csvFile, eventFiles, jsonLines, matching } from "./metrics.ts";
export {
  runWorker,
  type WorkerOptions,
  type WorkerSummary,
} from "./run_worker.ts";
