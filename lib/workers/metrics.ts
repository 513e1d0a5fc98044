/**
 * How a command says what it reached: as lines it prints, or in files that it
 * writes.
 *
 * @module
 */

import type { MetricSource } from "./metric_source.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import { csvFeed } from "./_csv_feed.ts";
import { isStepName, numberOf, readingOf } from "./_reading.ts";

/**
 * Metrics as JSON, an object a line on the standard output:
 * `{"epoch": 3, "train loss": 0.41, "validation loss": 0.52}`. The step is
 * `step`, `epoch`, `iteration` or `global_step`; a line without one says what the
 * whole training reached. Objects one level deep are named by both
 * (`{"validation": {"loss": 0.5}}` is the validation loss). `NaN`, `Infinity` and
 * `-Infinity` are read, as Python writes them. Other lines, and what is no number
 * in them, are passed over.
 *
 * @example
 * ```ts
 * import { command, jsonLines } from "@etude/etude/workers";
 * const objective = command(["python", "train.py", "--lr={learningRate}"], { metrics: jsonLines() });
 * typeof objective; // "function"
 * ```
 */
export function jsonLines(): MetricSource {
  return {
    description: 'JSON lines such as {"epoch": 3, "validation loss": 0.5}',
    readLine(line) {
      const text = line.trim();
      if (!text.startsWith("{") || !text.endsWith("}")) return null;
      let found: unknown;
      try {
        found = parsePythonJSON(text);
      } catch {
        return null;
      }
      return typeof found !== "object" || found === null
        ? null
        : readingOf(Object.entries(found));
    },
  };
}

/**
 * Metrics in lines of any form, found by a regular expression with named groups:
 * `(?<step>\d+)` is the step, the others are metrics. A group that is called like
 * an objective but for `_` and capitals (`validation_loss`) is it.
 *
 * @param pattern Tried on each line of the standard output.
 * @throws {RangeError} If it has no named group besides the step.
 *
 * @example
 * ```ts
 * import { command, matching } from "@etude/etude/workers";
 * const objective = command(["./train", "{learningRate}"], {
 *   metrics: matching(/epoch (?<step>\d+) .* val_loss=(?<validation_loss>\S+)/),
 * });
 * typeof objective; // "function"
 * ```
 */
export function matching(pattern: RegExp): MetricSource {
  const names = [...pattern.source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)]
    .map(([, name]) => name!);
  if (!names.some((name) => !isStepName(name))) {
    throw new RangeError(
      `Cannot read metrics with ${pattern}: found ${
        names.length === 0 ? "no named group" : "only the step"
      }, expected groups named after what they hold, such as (?<step>\\d+) and (?<loss>\\S+)`,
    );
  }
  // A pattern that remembers where it was would miss every other line.
  const once = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return {
    description: `lines that match ${pattern}`,
    readLine(line) {
      const groups = once.exec(line)?.groups;
      if (groups === undefined) return null;
      return readingOf(
        Object.entries(groups).flatMap(([name, text]) =>
          text === undefined ? [] : [[name, numberOf(text)] as const]
        ),
      );
    },
  };
}

/**
 * Metrics in a CSV file that the command writes, read while it grows: the first
 * line names the columns; `step` or `epoch` is the step, and where there is
 * neither, the rows are counted from 1. Columns that hold no numbers are passed
 * over, and so is a last line without its end, until it has it.
 *
 * @param path The file; may name the trial, e.g. `"runs/{trial}/log.csv"`. A
 * relative one starts at the command's working folder. What was in the file
 * before the command began is not read.
 *
 * @example
 * ```ts
 * import { command, csvFile } from "@etude/etude/workers";
 * const objective = command(["python", "train.py", "--out=runs/{trial}"], {
 *   metrics: csvFile("runs/{trial}/log.csv"),
 * });
 * typeof objective; // "function"
 * ```
 */
export function csvFile(path: string): MetricSource {
  return {
    description: `the CSV file ${path}`,
    path,
    open: (file) => csvFeed(file),
  };
}

/**
 * Scalars in TensorBoard's event files, read while they grow. A tag such as
 * `validation/loss` is the metric `validation loss`.
 *
 * @param folder Where the command writes them, folders in it too; may name the
 * trial, e.g. `"runs/{trial}"`. A relative one starts at the command's working
 * folder. Files that were there before the command began are not read.
 *
 * @example
 * ```ts
 * import { command, eventFiles } from "@etude/etude/workers";
 * const objective = command(["python", "train.py", "--logdir=runs/{trial}"], {
 *   metrics: eventFiles("runs/{trial}"),
 * });
 * typeof objective; // "function"
 * ```
 */
export function eventFiles(folder: string): MetricSource {
  return {
    description: `TensorBoard's event files in ${folder}`,
    path: folder,
    // Loaded when asked for: with it come the readers of all other tools' files.
    open: async (path) => (await import("./_event_feed.ts")).eventFeed(path),
  };
}
