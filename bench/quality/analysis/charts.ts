/**
 * The report's pictures, in the theme of our charts.
 *
 * @module
 */

import {
  Chart,
  chartColors,
  type ChartSpec,
  chartTheme,
  chartWidth,
} from "../../../lib/charts/mod.ts";
import { ourNames } from "../optimizers/ours.ts";
import { medianValue } from "../reference.ts";
import { bootstrapMean } from "./intervals.ts";
import { cliques, criticalDifference, meanRanks } from "./ranks.ts";
import { type Comparison, mean, type SuiteRuns, taskMeans } from "./regret.ts";

type Part = Readonly<Record<string, unknown>>;

const rounded = (value: number) => Number(value.toPrecision(4));

function chart(
  title: string,
  subtitle: readonly string[],
  view: Part,
): Chart {
  const text = [title, ...subtitle].join("\n");
  const spec: ChartSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: text,
    config: chartTheme,
    title: { text: title, subtitle },
    ...view,
  };
  return new Chart({ title, text, spec });
}

/** Ours are drawn through, others dashed: first the one way, then the other. */
const dashes = [[1, 0], [5, 3], [1.5, 2]];

/**
 * The same color and dash for an optimizer in every picture of a suite.
 *
 * @param optimizers All of them.
 * @param legend The order of the legend.
 */
function styles(
  optimizers: readonly string[],
  legend: readonly string[],
): { readonly color: Part; readonly strokeDash: Part } {
  const { series } = chartColors;
  const ours = new Set(ourNames());
  const groups = [
    optimizers.filter((name) => ours.has(name)),
    optimizers.filter((name) => !ours.has(name)),
  ];
  const styleOf = new Map(
    groups.flatMap((group, which) =>
      group.map((name, i) => {
        const dash = dashes[which + Math.floor(i / series.length)];
        return [name, {
          color: series[i % series.length]!,
          dash: dash ?? dashes.at(-1)!,
        }];
      })
    ),
  );
  const style = (range: readonly unknown[]): Part => ({
    field: "optimizer",
    type: "nominal",
    title: null,
    scale: { domain: optimizers, range },
    legend: { values: legend, symbolSize: 400, symbolStrokeWidth: 2 },
  });
  return {
    color: style(optimizers.map((name) => styleOf.get(name)!.color)),
    strokeDash: style(optimizers.map((name) => styleOf.get(name)!.dash)),
  };
}

function about(comparison: Comparison): string {
  const seeds = new Set(comparison.runs.map((run) => run.seed)).size;
  const { tasks } = comparison;
  return `${tasks.length} task${tasks.length === 1 ? "" : "s"}, ${seeds} seed${
    seeds === 1 ? "" : "s"
  } each`;
}

/** Mean normalized regret over the trials; at the checkpoints with 95 % intervals of the mean over tasks. */
export function regretChart(
  suite: SuiteRuns,
  comparison: Comparison,
  checkpoints: readonly number[],
): Chart {
  const { optimizers, tasks, runs } = comparison;
  const least = 1e-4;
  const shown = (value: number) => rounded(Math.max(value, least));
  const valuesOf = (optimizer: string, trial: number) =>
    taskMeans(runs, optimizer, tasks, trial);
  const rows = optimizers.flatMap((optimizer) =>
    Array.from({ length: suite.trials }, (_, i) => ({
      optimizer,
      trial: i + 1,
      regret: shown(mean(valuesOf(optimizer, i + 1))),
    }))
  );
  const bars = optimizers.flatMap((optimizer, i) =>
    checkpoints.map((trial) => {
      const { low, high } = bootstrapMean(valuesOf(optimizer, trial));
      // Beside each other, around the checkpoint.
      const place = trial +
        suite.trials * 0.006 * (i - (optimizers.length - 1) / 2);
      return { optimizer, place, low: shown(low), high: shown(high) };
    })
  );
  const legend = optimizers.toSorted((a, b) =>
    mean(valuesOf(a, suite.trials)) - mean(valuesOf(b, suite.trials))
  );
  const { color, strokeDash } = styles(optimizers, legend);
  const y = {
    type: "quantitative",
    title: "normalized regret",
    scale: { type: "log", nice: false },
  };
  const x = {
    type: "quantitative",
    title: "trials",
    // Room for the bars at the end.
    scale: { domain: [0, suite.trials * 1.05], nice: false },
    axis: { tickCount: 10 },
  };
  return chart(
    `Normalized regret on ${suite.suite}`,
    [
      `${
        about(comparison)
      }; mean over tasks, bars: its 95 % interval; dashed: others'`,
      "0: the best known value; 1: the median of random configurations; logarithmic scale",
    ],
    {
      width: chartWidth,
      height: 360,
      layer: [
        {
          data: { values: bars },
          mark: { type: "rule", strokeWidth: 1.5, opacity: 0.45 },
          encoding: {
            x: { field: "place", ...x },
            y: { field: "low", ...y },
            y2: { field: "high" },
            color,
          },
        },
        {
          data: { values: rows },
          mark: { type: "line", strokeWidth: 2 },
          encoding: {
            x: { field: "trial", ...x },
            y: { field: "regret", ...y },
            color,
            strokeDash,
          },
        },
      ],
    },
  );
}

/** Mean ranks after some numbers of trials, with bars over those that cannot be told apart. */
export function rankChart(
  suite: SuiteRuns,
  comparison: Comparison,
  checkpoints: readonly number[],
): Chart {
  const { optimizers, tasks, runs } = comparison;
  const k = optimizers.length;
  const ours = new Set(ourNames());
  const difference = criticalDifference(k, tasks.length);
  const ranksAt = checkpoints.map((trial) =>
    meanRanks(optimizers.map((one) => taskMeans(runs, one, tasks, trial)))
  );
  const mostBars = Math.max(
    1,
    ...ranksAt.map((ranks) => cliques(ranks, difference).length),
  );
  const panels = checkpoints.map((trial, panel) => {
    const ranks = ranksAt[panel]!;
    const dots = optimizers.map((optimizer, i) => ({
      optimizer,
      rank: rounded(ranks[i]!),
      isOurs: ours.has(optimizer),
    })).sort((a, b) => a.rank - b.rank)
      .map((dot, row) => ({ ...dot, row, isLeft: dot.rank < (k + 1) / 2 }));
    const bars = cliques(ranks, difference).map(({ low, high }, i) => ({
      low: rounded(low),
      high: rounded(high),
      row: -0.9 - 0.45 * i,
    }));
    const x = {
      type: "quantitative",
      title: "mean rank",
      scale: { domain: [1, k], nice: false },
      axis: { tickMinStep: 1, grid: true },
    };
    const y = {
      field: "row",
      type: "quantitative",
      axis: null,
      scale: {
        domain: [k - 0.3, -0.9 - 0.45 * mostBars],
        nice: false,
      },
    };
    const label = (isLeft: boolean): Part => ({
      transform: [{ filter: `datum.isLeft === ${isLeft}` }],
      mark: {
        type: "text",
        align: isLeft ? "left" : "right",
        dx: isLeft ? 8 : -8,
      },
      encoding: {
        x: { field: "rank", ...x },
        y,
        text: { field: "optimizer", type: "nominal" },
      },
    });
    return {
      title: { text: `after ${trial} trials`, fontSize: 12, offset: 6 },
      width: 230,
      height: 19 * (k + 1) + 9 * mostBars,
      layer: [
        {
          data: { values: bars },
          mark: { type: "rule", strokeWidth: 4, color: chartColors.muted },
          encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y },
        },
        {
          data: { values: dots },
          layer: [
            {
              mark: {
                type: "point",
                filled: true,
                size: 60,
                opacity: 1,
              },
              encoding: {
                x: { field: "rank", ...x },
                y,
                color: {
                  condition: {
                    test: "datum.isOurs",
                    value: chartColors.complete,
                  },
                  value: chartColors.muted,
                },
              },
            },
            label(true),
            label(false),
          ],
        },
      ],
    };
  });
  return chart(
    `Mean ranks on ${suite.suite}`,
    [
      `${about(comparison)}; 1 is best; critical difference ${
        difference.toFixed(2)
      } (Nemenyi, 0.05)`,
      "Under one grey bar: cannot be told apart; blue: ours",
    ],
    { hconcat: panels, spacing: 18 },
  );
}

/** What a suggestion takes, over the trials: medians in milliseconds. */
export function timeChart(suite: SuiteRuns, comparison: Comparison): Chart {
  const { optimizers } = comparison;
  const rows = optimizers.flatMap((optimizer) => {
    const runs = comparison.runs.filter((run) => run.optimizer === optimizer);
    return Array.from({ length: suite.trials }, (_, i) => ({
      optimizer,
      trial: i + 1,
      ms: rounded(Math.max(0.001, medianValue(runs.map((run) => run.ms[i]!)))),
    }));
  });
  const last = (optimizer: string) =>
    rows.findLast((row) => row.optimizer === optimizer)!.ms;
  return chart(
    `Milliseconds a suggestion on ${suite.suite}`,
    [
      `${
        about(comparison)
      }; medians; to suggest and to take the value; logarithmic scale; dashed: others'`,
    ],
    {
      width: chartWidth,
      height: 260,
      data: { values: rows },
      mark: { type: "line", strokeWidth: 2 },
      encoding: {
        x: {
          field: "trial",
          type: "quantitative",
          title: "trials",
          axis: { tickCount: 10 },
        },
        y: {
          field: "ms",
          type: "quantitative",
          title: "milliseconds",
          scale: { type: "log" },
        },
        ...styles(optimizers, optimizers.toSorted((a, b) => last(b) - last(a))),
      },
    },
  );
}
