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
    if (line.type !== "trial" || line.best === null) continue;
    const known = references.get(keyOf(line));
    if (
      known !== undefined && isBetter(line.best, known.best, line.direction)
    ) {
      references.set(keyOf(line), { ...known, best: line.best });
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
  /** The optimizers, in alphabetical order. */
  readonly optimizers: readonly string[];
  /** Those of them that the comparison before had not. */
  readonly added: readonly string[];
  /** The runs of `optimizers` on the tasks and seeds that all of them have. */
  readonly runs: readonly RegretRun[];
  /** The tasks of those. */
  readonly tasks: readonly string[];
}

/** The comparisons of a suite. */
export interface Comparisons {
  /** From many runs and few optimizers to few runs and all optimizers. */
  readonly levels: readonly Comparison[];
  /** The optimizers that share too few runs with the others for any level. */
  readonly partial: readonly string[];
}

/** The most levels that are made. */
const mostLevels = 3;

/**
 * Compares like with like: on the tasks and seeds that all have. Optimizers
 * with fewer runs (the slow ones) would take runs from all, so there are
 * levels: each adds optimizers with fewer runs.
 *
 * An optimizer that lacks up to one run in ten is not put a level lower, and
 * where there were more than three levels, those nearest in size are one.
 */
export function comparisons(runs: readonly RegretRun[]): Comparisons {
  const cellOf = (run: RegretRun) => JSON.stringify([run.task, run.seed]);
  const cells = new Map<string, Set<string>>();
  for (const run of runs) {
    const known = cells.get(run.optimizer) ?? new Set();
    cells.set(run.optimizer, known.add(cellOf(run)));
  }
  const sizeOf = (name: string) => cells.get(name)!.size;
  const names = [...cells.keys()].sort((a, b) =>
    sizeOf(b) - sizeOf(a) || (a < b ? -1 : 1)
  );
  const included: string[] = [];
  const partial: string[] = [];
  const levels: Comparison[] = [];
  let common: ReadonlySet<string> | null = null;
  for (const group of levelsBySize(names, sizeOf)) {
    const added: string[] = [];
    for (const name of group) {
      const own = cells.get(name)!;
      const shared: ReadonlySet<string> = common === null
        ? own
        : own.intersection(common);
      if (shared.size < 0.9 * Math.min(own.size, common?.size ?? own.size)) {
        partial.push(name);
        continue;
      }
      common = shared;
      included.push(name);
      added.push(name);
    }
    if (added.length === 0) continue;
    const kept = runs.filter((run) =>
      included.includes(run.optimizer) && common!.has(cellOf(run))
    );
    levels.push({
      optimizers: included.toSorted(),
      added: added.toSorted(),
      runs: kept,
      tasks: [...new Set(kept.map((run) => run.task))].sort(),
    });
  }
  return { levels, partial };
}

/** Names in groups of about equal size, at most {@linkcode mostLevels} of them. */
function levelsBySize(
  names: readonly string[],
  sizeOf: (name: string) => number,
): string[][] {
  const groups: string[][] = [];
  for (const name of names) {
    const group = groups.at(-1);
    if (group !== undefined && sizeOf(name) >= 0.9 * sizeOf(group[0]!)) {
      group.push(name);
    } else {
      groups.push([name]);
    }
  }
  while (groups.length > mostLevels) {
    const ratios = groups.slice(1).map((group, i) =>
      sizeOf(groups[i]!.at(-1)!) / sizeOf(group.at(-1)!)
    );
    const nearest = ratios.indexOf(Math.min(...ratios));
    groups.splice(nearest, 2, [...groups[nearest]!, ...groups[nearest + 1]!]);
  }
  return groups;
}

/** The level to draw: the last that still has half of the tasks. */
export function mainLevel({ levels }: Comparisons): Comparison {
  const most = levels[0]!.tasks.length;
  return levels.findLast(({ tasks }) => tasks.length >= most / 2)!;
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
