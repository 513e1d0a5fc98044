/**
 * A study in other processes: commands in any language as objectives.
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
