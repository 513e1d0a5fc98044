/**
 * Normalized regret: what is still missing to the best known value, in units
 * of the way there from the median of random configurations.
 *
 * Notation: regret = (best so far − best known) / (median − best known), for
 * either direction; 0 is the best known, 1 is as good as a middling guess.
 *
 * @module
 */

import { isBetter } from "../../../lib/records/mod.ts";
import {
  gatherRuns,
  type ReferenceLine,
  type ResultLine,
  type TrialLine,
} from "../results.ts";

/** What a run that has no value yet counts as. */
export const regretOfNothing = 2;

/** The regret of a run after each of its trials. */
export interface RegretRun {
  /** The optimizer. */
  readonly optimizer: string;
  /** The version of its package. */
  readonly version: string;
  /** The task. */
  readonly task: string;
  /** The seed. */
  readonly seed: number;
  /** The regret after trial 1, 2, …. */
  readonly regret: readonly number[];
  /** What each suggestion took, in milliseconds. */
  readonly ms: readonly number[];
}

/** The runs of one suite and metric. */
export interface SuiteRuns {
  /** The suite. */
  readonly suite: string;
  /** The metric. */
  readonly metric: string;
  /** How many trials the runs have. */
  readonly trials: number;
  /** The runs that have them all. */
  readonly runs: readonly RegretRun[];
}

/** The regret of a value; 0 where median and best are the same. */
export function normalizedRegret(
  value: number | null,
  reference: Pick<ReferenceLine, "best" | "median">,
): number {
  if (value === null || !Number.isFinite(value)) return regretOfNothing;
  const { best, median } = reference;
  return best === median ? 0 : (value - best) / (median - best);
}

/**
 * The regret of all finished runs in result lines, by suite and metric. The
 * best known value is the best of the references and of all trials.
 *
 * @param lines Result lines, of one file or several.
 * @param trials How many trials a run needs to count. Defaults to the most that any run has.
 * @throws {RangeError} If a task has no reference line.
 */
export function regretBySuite(
  lines: readonly ResultLine[],
  trials?: number,
): SuiteRuns[] {
  const references = new Map<string, ReferenceLine>();
  const keyOf = (line: { suite: string; task: string; metric: string }) =>
    JSON.stringify([line.suite, line.metric, line.task]);
  for (const line of lines) {
    if (line.type !== "reference") continue;
    const known = references.get(keyOf(line));
    const isBest = known === undefined ||
      isBetter(line.best, known.best, line.direction);
    if (isBest) references.set(keyOf(line), line);
  }
  for (const line of lines) {
    if (line.type !== "trial" || line.value === null) continue;
    const known = references.get(keyOf(line));
    if (
      known !== undefined && isBetter(line.value, known.best, line.direction)
    ) {
      references.set(keyOf(line), { ...known, best: line.value });
    }
  }
  const groups = new Map<string, (readonly TrialLine[])[]>();
  for (const run of gatherRuns(lines).values()) {
    const { suite, metric } = run.trials[0]!;
    const key = JSON.stringify([suite, metric]);
    groups.set(key, [...groups.get(key) ?? [], run.trials]);
  }
  return [...groups.values()].map((group) => {
    const wanted = trials ?? Math.max(...group.map((run) => run.length));
    const { suite, metric } = group[0]![0]!;
    const runs = group.filter((run) => run.length >= wanted).map((run) => {
      const { optimizer, version, task, seed } = run[0]!;
      const reference = references.get(keyOf(run[0]!));
      if (reference === undefined) {
        throw new RangeError(
          `Cannot measure regret on the task ${task} of ${suite}: the files have no reference line for it`,
        );
      }
      const kept = run.slice(0, wanted);
      return {
        optimizer,
        version,
        task,
        seed,
        regret: kept.map((trial) => normalizedRegret(trial.best, reference)),
        ms: kept.map((trial) => trial.ms),
      };
    });
    return { suite, metric, trials: wanted, runs };
  });
}

/** What two or more optimizers are compared on. */
export interface Comparison {
  /** The optimizers that have (nearly) all cells, in alphabetical order. */
  readonly optimizers: readonly string[];
  /** The others: they have too few runs to be compared with all. */
  readonly partial: readonly string[];
  /** The runs of `optimizers` on the tasks and seeds that all of them have. */
  readonly runs: readonly RegretRun[];
  /** The tasks of those. */
  readonly tasks: readonly string[];
}

/**
 * The tasks and seeds that can be compared. An optimizer takes part if it has
 * at least nine in ten of the most that any has.
 */
export function comparable(runs: readonly RegretRun[]): Comparison {
  const cellOf = (run: RegretRun) => JSON.stringify([run.task, run.seed]);
  const cells = new Map<string, Set<string>>();
  for (const run of runs) {
    const known = cells.get(run.optimizer) ?? new Set();
    cells.set(run.optimizer, known.add(cellOf(run)));
  }
  const most = Math.max(0, ...[...cells.values()].map((set) => set.size));
  const names = [...cells.keys()].sort();
  const optimizers = names.filter((name) =>
    cells.get(name)!.size >= 0.9 * most
  );
  const common = runs.filter((run) =>
    optimizers.includes(run.optimizer) &&
    optimizers.every((name) => cells.get(name)!.has(cellOf(run)))
  );
  return {
    optimizers,
    partial: names.filter((name) => !optimizers.includes(name)),
    runs: common,
    tasks: [...new Set(common.map((run) => run.task))].sort(),
  };
}

/**
 * An optimizer's mean regret on each task after a number of trials, the mean
 * over seeds, in the order of `tasks`; NaN where it has no run.
 */
export function taskMeans(
  runs: readonly RegretRun[],
  optimizer: string,
  tasks: readonly string[],
  trial: number,
): number[] {
  return tasks.map((task) => {
    const values = runs
      .filter((run) => run.optimizer === optimizer && run.task === task)
      .map((run) => run.regret[trial - 1]!);
    return mean(values);
  });
}

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
