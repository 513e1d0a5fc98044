/**
 * `deno run bench/quality/evolution_report.ts FILES`: tables of what
 * evolution.ts and evolution_fronts.ts found.
 *
 * @module
 */

import { budgets, targets, type Trace } from "./evolution/trace.ts";
import type { FrontTrace } from "./evolution_fronts.ts";

/** BBOB's groups of functions, by their last. */
const groups: readonly (readonly [name: string, last: number])[] = [
  ["separable", 5],
  ["moderate", 9],
  ["ill-conditioned", 14],
  ["multimodal", 19],
  ["weak structure", 24],
];

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The gap's order of magnitude; BBOB looks no closer than 1e-8. */
const order = (gap: number) => Math.log10(Math.max(1e-8, gap));

function groupOf(task: number): number {
  return groups.findIndex(([, last]) => task <= last);
}

/** Those of a kind whose tasks all algorithms have. */
function common<T extends { readonly algorithm: string }>(
  traces: readonly T[],
  taskOf: (trace: T) => string,
): Map<string, T[]> {
  const names = [...new Set(traces.map(({ algorithm }) => algorithm))];
  const of = (name: string) =>
    traces.filter(({ algorithm }) => algorithm === name);
  const shared = names.map((name) => new Set(of(name).map(taskOf)))
    .reduce((a, b) => a.intersection(b));
  return new Map(
    names.map((name) => [
      name,
      of(name).filter((trace) => shared.has(taskOf(trace))),
    ]),
  );
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows.map((row) => `| ${row.join(" | ")} |`);
  return [head, `|${" --- |".repeat(rows[0]!.length)}`, ...rest].join("\n");
}

/** Mean orders of magnitude at each budget, by group at the last, and the share of targets solved. */
function gapsTable(traces: readonly Trace[]): string {
  const by = common(traces, ({ task, instance }) => `${task} ${instance}`);
  const reached = Math.min(...traces.map(({ gaps }) => gaps.length));
  const rows = [...by].map(([name, runs]) => {
    const at = (index: number, some = runs) =>
      some.length === 0
        ? "–"
        : mean(some.map(({ gaps }) => order(gaps[index]!))).toFixed(2);
    const solved = mean(
      runs.map(({ hits }) =>
        hits.filter((hit) => hit !== null).length / targets.length
      ),
    );
    return [
      name,
      ...budgets.slice(0, reached).map((_, index) => at(index)),
      `${Math.round(100 * solved)} %`,
      ...groups.map((_, group) =>
        at(reached - 1, runs.filter(({ task }) => groupOf(task) === group))
      ),
    ];
  }).sort((a, b) => Number(a[reached]) - Number(b[reached]));
  const runs = [...by.values()][0]!.length;
  return `${runs} runs each\n\n${
    tableOf([
      [
        "algorithm",
        ...budgets.slice(0, reached).map(String),
        "targets",
        ...groups.map(([name]) => name),
      ],
      ...rows,
    ])
  }`;
}

/** Hypervolume and IGD by family of problems. */
function frontsTable(traces: readonly FrontTrace[]): string {
  const families = [
    ...new Set(traces.map(({ problem }) => familyOf(problem))),
  ].sort();
  const by = common(traces, ({ problem }) => problem);
  const rows = [...by].map(([name, runs]) => [
    name,
    ...[...families, ""].map((family) => {
      const some = runs.filter(({ problem }) =>
        familyOf(problem).startsWith(family)
      );
      return some.length === 0
        ? "–"
        : `${mean(some.map(({ volume }) => volume)).toFixed(3)}, ${
          mean(some.map(({ distance }) => distance)).toFixed(4)
        }`;
    }),
  ]);
  const problems = new Set(
    [...by.values()].flat().map(({ problem }) => problem),
  );
  return `${problems.size} problems\n\n${
    tableOf([["algorithm", ...families, "all"], ...rows])
  }`;
}

function familyOf(problem: string): string {
  const family = problem.replace(/\d.*/, "");
  return `${family}${problem.endsWith("-3") ? ", 3 objectives" : ", 2"}`;
}

const lines = (await Promise.all(
  Deno.args.map((file) => Deno.readTextFile(file)),
)).flatMap((text) => text.split("\n").filter(Boolean))
  .map((line) => JSON.parse(line) as Trace | FrontTrace);
const gaps = lines.filter((line): line is Trace => "gaps" in line);
const kinds = Map.groupBy(
  gaps,
  ({ dimension, trials }) => `${dimension} dimensions, ${trials} evaluations`,
);
for (const [kind, traces] of kinds) {
  console.log(`${kind}, ${gapsTable(traces)}\n`);
}
const fronts = lines.filter((line): line is FrontTrace => "volume" in line);
if (fronts.length > 0) console.log(frontsTable(fronts));
