/**
 * The report's tables, as Markdown.
 *
 * @module
 */

import { bootstrapMean } from "./intervals.ts";
import { criticalDifference, meanRanks } from "./ranks.ts";
import {
  type Comparison,
  type Comparisons,
  mainLevel,
  mean,
  type RegretRun,
  type SuiteRuns,
  taskMeans,
} from "./regret.ts";

/** The numbers of trials at which optimizers are compared: those of 10, 25, 50 that fit, or the last. */
export function checkpointsOf(trials: number): number[] {
  const usual = [10, 25, 50, 100, 200].filter((one) => one <= trials);
  return usual.length === 0 ? [trials] : usual.slice(-3);
}

/** A Markdown table. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)]
    .join("\n");
}

/** Regret without the zero before the point: `.143`. */
export function showRegret(value: number): string {
  if (Number.isNaN(value)) return "";
  const text = value.toFixed(value < 0.01 ? 4 : 3);
  return text.replace(/^(-?)0\./, "$1.");
}

function showMs(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

/** Regret, ranks and milliseconds of the optimizers of a suite, the best of the end first. */
export function suiteTable(suite: SuiteRuns, comparison: Comparison): string {
  const { optimizers, tasks, runs } = comparison;
  const checkpoints = checkpointsOf(suite.trials);
  const means = checkpoints.map((trial) =>
    optimizers.map((one) => taskMeans(runs, one, tasks, trial))
  );
  const ranks = means.map(meanRanks);
  const order = optimizers.map((_, i) => i)
    .sort((a, b) => ranks.at(-1)![a]! - ranks.at(-1)![b]!);
  const rows = order.map((i) => [
    optimizers[i]!,
    ...means.map((table) => {
      const { mean, low, high } = bootstrapMean(table[i]!);
      return `${showRegret(mean)} (${showRegret(low)}–${showRegret(high)})`;
    }),
    ...ranks.map((table) => table[i]!.toFixed(2)),
    timeOf(runs, optimizers[i]!),
  ]);
  return markdownTable(
    [
      "optimizer",
      ...checkpoints.map((trial) => `regret at ${trial}`),
      ...checkpoints.map((trial) => `rank at ${trial}`),
      "ms",
    ],
    rows,
  );
}

/** The mean milliseconds of an optimizer's later half of trials: some learn from every eighth value only. */
function timeOf(runs: readonly RegretRun[], optimizer: string): string {
  const values = runs.filter((run) => run.optimizer === optimizer)
    .flatMap((run) => run.ms.slice(run.ms.length >> 1));
  return showMs(mean(values));
}

/** The optimizers that are in no level, each beside the best of the others on the same tasks and seeds. */
export function partialTable(
  suite: SuiteRuns,
  { levels, partial }: Comparisons,
): string | null {
  if (partial.length === 0) return null;
  const checkpoints = checkpointsOf(suite.trials);
  const rows = partial.flatMap((optimizer) => {
    const own = suite.runs.filter((run) => run.optimizer === optimizer);
    const cells = new Set(own.map((run) => `${run.task} ${run.seed}`));
    const tasks = [...new Set(own.map((run) => run.task))];
    const beside = suite.runs.filter((run) =>
      cells.has(`${run.task} ${run.seed}`)
    );
    const meanAt = (name: string, trial: number) =>
      mean(taskMeans(beside, name, tasks, trial));
    const others = levels.at(-1)!.optimizers
      .filter((name) =>
        beside.filter((run) => run.optimizer === name).length === cells.size
      );
    const best = others.toSorted((a, b) =>
      meanAt(a, suite.trials) - meanAt(b, suite.trials)
    )[0];
    const row = (label: string, name: string) => [
      label,
      String(cells.size),
      ...checkpoints.map((trial) =>
        showRegret(meanAt(name, trial))
      ),
      timeOf(beside, name),
    ];
    return [
      row(optimizer, optimizer),
      ...best === undefined ? [] : [row(`best beside it: ${best}`, best)],
    ];
  });
  return markdownTable(
    [
      "optimizer with fewer runs",
      "runs",
      ...checkpoints.map((trial) => `regret at ${trial}`),
      "ms",
    ],
    rows,
  );
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** What stands above a table. */
export function suiteFacts(suite: SuiteRuns, comparison: Comparison): string {
  const { tasks, optimizers, runs } = comparison;
  const seeds = new Set(runs.map((run) => run.seed)).size;
  const difference = optimizers.length < 2
    ? ""
    : ` Critical difference of mean ranks ${
      criticalDifference(optimizers.length, tasks.length).toFixed(2)
    }.`;
  return `Metric ${suite.metric}, ${count(tasks.length, "task")}, ${
    count(seeds, "seed")
  }, ${suite.trials} trials a run.${difference}`;
}

/** The heading of a level: what it adds. */
export function levelTitle(comparison: Comparison, isFirst: boolean): string {
  const { tasks, added, runs } = comparison;
  const seeds = new Set(runs.map((run) => run.seed)).size;
  const size = `${count(tasks.length, "task")}, ${count(seeds, "seed")}`;
  return isFirst ? size : `With ${added.join(", ")}: ${size}`;
}

/** The two best by mean rank on each suite, at each number of trials. */
export function summaryTable(
  suites: readonly {
    readonly suite: SuiteRuns;
    readonly comparisons: Comparisons;
  }[],
): string | null {
  const compared = suites.filter(({ comparisons }) =>
    mainLevel(comparisons).optimizers.length > 1
  );
  if (compared.length === 0) return null;
  const trials = Math.max(...compared.map(({ suite }) => suite.trials));
  const checkpoints = checkpointsOf(trials);
  const rows = compared.map(({ suite, comparisons }) => {
    const { optimizers, tasks, runs } = mainLevel(comparisons);
    const best = checkpoints.map((trial) => {
      if (trial > suite.trials) return "";
      const ranks = meanRanks(
        optimizers.map((one) => taskMeans(runs, one, tasks, trial)),
      );
      return optimizers.map((name, i) => ({ name, rank: ranks[i]! }))
        .sort((a, b) => a.rank - b.rank).slice(0, 3)
        .map(({ name, rank }) => `${name} ${rank.toFixed(2)}`).join(", ");
    });
    return [
      suite.suite,
      `${tasks.length}`,
      `${optimizers.length}`,
      ...best,
    ];
  });
  return markdownTable(
    [
      "suite",
      "tasks",
      "optimizers",
      ...checkpoints.map((trial) => `best mean ranks at ${trial}`),
    ],
    rows,
  );
}

/** The optimizers with the versions of their packages. */
export function versionList(suites: readonly SuiteRuns[]): string {
  const versions = new Map<string, string>();
  for (const { runs } of suites) {
    for (const { optimizer, version } of runs) versions.set(optimizer, version);
  }
  return [...versions].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, version]) => `${name} ${version}`).join(", ");
}
