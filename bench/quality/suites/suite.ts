/**
 * What a suite of tuning tasks is.
 *
 * @module
 */

import type { Direction } from "../../../lib/records/mod.ts";
import type { Configuration, Space } from "../../../lib/space/mod.ts";

/** A value that an evaluation gives. */
export interface MetricInfo {
  /** The name. */
  readonly name: string;
  /** Which values are better. */
  readonly direction: Direction;
}

/** What came out of an evaluation, by metric. */
export type Metrics = Readonly<Record<string, number>>;

/** How many evaluations the search for a task's best known value may take. */
export interface ReferenceBudget {
  /** Random configurations; the median of the first 1,000 is what regret is divided by. */
  readonly random: number;
  /** Evaluations of the local search that starts from the best of them; 0 for none. */
  readonly local: number;
}

/** How an evaluation varies. */
export interface EvaluationOptions {
  /** Values of the suite's fidelity parameters. Defaults to the largest of each. */
  readonly fidelity?: Readonly<Record<string, number>>;
  /** The seed of a noisy evaluation; ignored where there is no noise. Defaults to `0`. */
  readonly seed?: number;
  /** The number of the trial, which decides on the noise with the seed. Defaults to `0`. */
  readonly trial?: number;
}

/** Tasks to tune: each has a space, and gives metrics for configurations. */
export interface Suite {
  /** The name, as it stands in result files. */
  readonly name: string;
  /** The metrics, the default one first. */
  readonly metrics: readonly MetricInfo[];
  /** Whether equal configurations give equal values (`"none"`), or values by seed and trial (`"seeded"`). */
  readonly noise: "none" | "seeded";
  /** The fidelity parameters with their least and largest values; empty if there are none. */
  readonly fidelities: Readonly<
    Record<string, { readonly low: number; readonly high: number }>
  >;
  /** How far the search for reference values goes. */
  readonly referenceBudget: ReferenceBudget;
  /** The tasks' names. */
  tasks(): readonly string[];
  /** What a task searches. */
  space(task: string): Space;
  /**
   * The metrics of configurations, in their order.
   *
   * @throws {RangeError} If there is no such task or fidelity.
   */
  evaluate(
    task: string,
    configurations: readonly Configuration[],
    options?: EvaluationOptions,
  ): Promise<readonly Metrics[]>;
  /**
   * The metrics of a configuration without noise: what the incumbent, which has
   * the best value that was told, is judged by. Absent where there is no noise.
   */
  truth?(
    task: string,
    configuration: Configuration,
    options?: EvaluationOptions,
  ): Promise<Metrics>;
  /** The best value there is, without noise, where it is known exactly; else null. */
  optimum(task: string, metric: string): number | null;
  /** Frees what the suite holds. */
  close(): Promise<void>;
}

/**
 * The metric of that name, or the suite's default one.
 *
 * @throws {RangeError} If there is no such metric.
 */
export function metricOf(suite: Suite, name?: string): MetricInfo {
  const found = name === undefined
    ? suite.metrics[0]
    : suite.metrics.find((metric) => metric.name === name);
  if (found === undefined) {
    throw new RangeError(
      `Cannot take the metric ${
        JSON.stringify(name)
      }: the suite ${suite.name} has ${
        suite.metrics.map((metric) => metric.name).join(", ")
      }`,
    );
  }
  return found;
}

/**
 * The tasks that a list names: `all`, or names and patterns with `*`,
 * separated by commas.
 *
 * @throws {RangeError} If a name or pattern fits no task.
 */
export function selectTasks(tasks: readonly string[], list: string): string[] {
  const chosen = new Set<string>();
  for (const part of list.split(",").map((one) => one.trim())) {
    const pattern = part === "all" ? "*" : part;
    const expression = new RegExp(
      `^${RegExp.escape(pattern).replaceAll("\\*", ".*")}$`,
    );
    const found = tasks.filter((task) => expression.test(task));
    if (found.length === 0) {
      throw new RangeError(
        `Cannot find the task ${JSON.stringify(part)}: there are ${
          tasks.join(", ")
        }`,
      );
    }
    for (const task of found) chosen.add(task);
  }
  return tasks.filter((task) => chosen.has(task));
}

/**
 * Fidelities as a suite has them.
 *
 * @throws {RangeError} If one is unknown or out of its range.
 */
export function checkFidelity(
  known: Suite["fidelities"],
  given: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const [name, value] of Object.entries(given)) {
    const range = known[name];
    if (range === undefined || !(value >= range.low && value <= range.high)) {
      throw new RangeError(
        `Cannot evaluate at ${name} = ${value}, expected ${
          Object.entries(known).map(([key, { low, high }]) =>
            `${key} in ${low} to ${high}`
          ).join(", ") || "no fidelity: the suite has none"
        }`,
      );
    }
  }
  return given;
}
