/**
 * The result files: JSON lines, one a trial, and one for each task's reference
 * values. They are appended to, so that a run that was stopped goes on.
 *
 * @module
 */

import type { Direction } from "../../lib/records/mod.ts";
import type { Configuration } from "../../lib/space/mod.ts";

/** A trial of a run. */
export interface TrialLine {
  /** What kind of line it is. */
  readonly type: "trial";
  /** The suite's name. */
  readonly suite: string;
  /** The task's name. */
  readonly task: string;
  /** The metric that is tuned. */
  readonly metric: string;
  /** Which values are better. */
  readonly direction: Direction;
  /** The optimizer's seed. */
  readonly seed: number;
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The version of its package. */
  readonly version: string;
  /** The trial's number, from 0. */
  readonly trial: number;
  /** The value; null where the evaluation gave none. */
  readonly value: number | null;
  /**
   * The best value up to and with this trial; null while there is none. Of a
   * noisy suite, what the configuration with the best value gives without noise.
   */
  readonly best: number | null;
  /** What the optimizer took to suggest it and to take its value, in milliseconds of a processor. */
  readonly ms: number;
  /** The configuration. */
  readonly params: Configuration;
}

/** What the regret of a task is measured by. */
export interface ReferenceLine {
  /** What kind of line it is. */
  readonly type: "reference";
  /** The suite's name. */
  readonly suite: string;
  /** The task's name. */
  readonly task: string;
  /** The metric. */
  readonly metric: string;
  /** Which values are better. */
  readonly direction: Direction;
  /** The median of random configurations. */
  readonly median: number;
  /** The best value that is known. */
  readonly best: number;
  /** How many evaluations that took; 0 where the best is known exactly. */
  readonly evaluations: number;
}

/** An optimizer that broke off. */
export interface ErrorLine {
  /** What kind of line it is. */
  readonly type: "error";
  /** The suite's name. */
  readonly suite: string;
  /** The task's name. */
  readonly task: string;
  /** The metric. */
  readonly metric: string;
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The optimizer's seed. */
  readonly seed: number;
  /** The trial that was not made. */
  readonly trial: number;
  /** What it said. */
  readonly message: string;
}

/** A line of a result file. */
export type ResultLine = TrialLine | ReferenceLine | ErrorLine;

/** A run: its trials in their order, without gaps from trial 0 on. */
export interface Run {
  /** The lines, by number. */
  readonly trials: readonly TrialLine[];
}

const kinds: readonly unknown[] = ["trial", "reference", "error"];

/** Whether a text can be a result file: its first line has a type that is known, or it is empty. */
export function isResultFile(text: string): boolean {
  const end = text.indexOf("\n");
  // A line that is torn off may still be one.
  if (end < 0) return true;
  try {
    return kinds.includes(JSON.parse(text.slice(0, end))?.type);
  } catch {
    return false;
  }
}

/**
 * Reads result lines. A torn last line (of a run that was killed) is dropped.
 *
 * @param text The content of a file.
 * @throws {SyntaxError} If another line cannot be read, with its number.
 */
export function readResults(text: string): ResultLine[] {
  const lines = text.split("\n");
  const isWhole = text.endsWith("\n");
  const results: ResultLine[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const isLast = index === lines.length - 1;
    try {
      const parsed = JSON.parse(line);
      if (!kinds.includes(parsed?.type)) {
        throw new SyntaxError("it has no known type");
      }
      results.push(parsed);
    } catch (error) {
      if (isLast && !isWhole) return;
      throw new SyntaxError(
        `Cannot read line ${index + 1} of the results: ${
          (error as Error).message
        }`,
      );
    }
  });
  return results;
}

/** What tells a run from others. */
export function runKey(
  line: Pick<TrialLine, "suite" | "task" | "metric" | "optimizer" | "seed">,
): string {
  const { suite, task, metric, optimizer, seed } = line;
  return JSON.stringify([suite, task, metric, optimizer, seed]);
}

/**
 * The runs, by key. Where a trial stands twice, because a broken run was
 * begun anew, the later line counts.
 */
export function gatherRuns(
  lines: readonly ResultLine[],
): ReadonlyMap<string, Run> {
  const byKey = new Map<string, TrialLine[]>();
  for (const line of lines) {
    if (line.type !== "trial") continue;
    const key = runKey(line);
    const trials = line.trial === 0 ? [] : byKey.get(key) ?? [];
    if (line.trial === trials.length) trials.push(line);
    byKey.set(key, trials);
  }
  return new Map(
    [...byKey].map(([key, trials]) => [key, { trials }]),
  );
}

/** A result file that is appended to. */
export class ResultFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens a file, made if it is not there, and cuts off a torn last line.
   *
   * @returns The file, and what it holds.
   */
  static async open(
    path: string,
  ): Promise<{ file: ResultFile; lines: ResultLine[] }> {
    const text = await Deno.readTextFile(path).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
    const lines = readResults(text);
    if (text !== "" && !text.endsWith("\n")) {
      const kept = lines.map((line) => JSON.stringify(line) + "\n").join("");
      await Deno.writeTextFile(path, kept);
    }
    return { file: new ResultFile(path), lines };
  }

  /** Appends a line. */
  async append(line: ResultLine): Promise<void> {
    await Deno.writeTextFile(this.#path, JSON.stringify(line) + "\n", {
      append: true,
    });
  }
}
