import type { StudyView } from "../records/mod.ts";
import { tooltipOf, tooltipTransform } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import {
  pruningData,
  type PruningRows,
  type PruningSummary,
} from "./_pruning.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  nothingYet,
  objectiveTitle,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { count, formatNumber } from "./_text.ts";
import { kindOf, presentKinds, trialAxis } from "./_encodings.ts";

export type { PruningRows, PruningSummary } from "./_pruning.ts";

/** Options of {@linkcode pruningChart}. */
export interface PruningOptions {
  /** The title. Defaults to `"Pruning of <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `240`. */
  readonly height?: number;
}

/**
 * The data of {@linkcode pruningChart}: of trials with a curve of the objective,
 * at most 1,400, and the numbers of all.
 *
 * @param view The study.
 *
 * @example
 * ```ts
 * import { float, minimize, pruningRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * pruningRows(view).summary.stepsSaved; // 0
 * ```
 */
export function pruningRows(view: StudyView): PruningRows {
  const { columns: _columns, ...rows } = pruningData(view);
  return rows;
}

/**
 * What pruning saved, and what it cost: a bar a trial over the steps that it
 * ran, for pruned ones on to where they would have ended. Trials that ran on to
 * audit the pruner have a mark where it would have stopped them; those that are
 * better than all that it would have kept stand out. Hovering says why.
 *
 * Steps are counted by their numbers, so that reports may leave some out. What
 * was saved is measured against the longest complete trial.
 *
 * @param view The study.
 * @param options The title and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, pruningChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * pruningChart(view).title; // "Pruning of demo"
 * ```
 */
export function pruningChart(
  view: StudyView,
  options: PruningOptions = {},
): Chart {
  checkOptions("pruning chart", options, { title: "text", height: "height" });
  const { height = 240 } = options;
  return chartOf("Pruning", options, () => {
    const data = pruningData(view);
    const notes = [
      savedLine(data.summary),
      costLine(data.summary),
      omittedNote(data.omitted),
    ];
    return {
      title: `Pruning of ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [countStates(view), ...notes],
      subtitle: notes,
      message: data.run.length > 0
        ? null
        : nothingYet(view, "No trial has reported a curve of the objective"),
      part: () => pruningPart(data, height),
    };
  });
}

/** What was saved, in a sentence. */
function savedLine(
  { pruned, stepsRun, stepsSaved, savedMs }: PruningSummary,
): string {
  if (pruned === 0) return "No trial was pruned";
  const share = stepsSaved / (stepsRun + stepsSaved || 1);
  const time = savedMs >= 1000 ? `, about ${duration(savedMs)}` : "";
  return `${count(pruned, "trial")} pruned: ${formatNumber(stepsSaved)} of ${
    formatNumber(stepsRun + stepsSaved)
  } steps not run (${Math.round(100 * share)} %)${time}`;
}

/** What it cost, in a sentence. */
function costLine(
  { pruned, audited, auditsComplete, wouldHaveWon, auditSteps, mostLost }:
    PruningSummary,
): string {
  if (audited === 0) {
    return pruned === 0
      ? ""
      : "What it cost is not known: audited(pruner) lets one in ten run on";
  }
  if (auditsComplete === 0) {
    return `${count(audited, "audited trial")}, none of them complete yet`;
  }
  return `${count(auditsComplete, "audited trial")} (${
    formatNumber(auditSteps)
  } steps): ${
    wouldHaveWon === 0 ? "none" : wouldHaveWon
  } would have won, so at most ${
    Math.round(100 * mostLost!)
  } % of those stopped (95 % sure)`;
}

function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${formatNumber(seconds, 2)} s`;
  if (seconds < 7200) return `${formatNumber(seconds / 60, 2)} min`;
  return `${formatNumber(seconds / 3600, 2)} h`;
}

/** Color of each kind of bar, in the order of the legend. */
const kinds: Readonly<Record<string, string>> = {
  complete: chartColors.complete,
  pruned: chartColors.pruned,
  "not run": chartColors.grid,
  audited: chartColors.infinite,
  "would have won": chartColors.best,
  failed: chartColors.failed,
  running: chartColors.running,
};

function pruningPart(
  { run, saved, audits, columns }: ReturnType<typeof pruningData>,
  height: number,
): Part {
  const last = run.reduce((most, { n }) => Math.max(most, Number(n)), 0);
  const top = [...run, ...saved].reduce(
    (most, { b }) => Math.max(most, Number(b)),
    1,
  );
  const width = Math.max(1, Math.min(14, 0.7 * chartWidth / (last + 1)));
  const x = trialAxis(last);
  const scale = { domain: [0, top], nice: false };
  const y = {
    field: "a",
    type: "quantitative",
    title: "step",
    scale,
    axis: { domain: false, ticks: false },
  };
  const color = kindOf(
    "k",
    presentKinds(kinds, [...run, ...saved].map(({ k }) => k)),
  );
  const bar = { type: "rule", strokeWidth: width, strokeCap: "butt" };
  const tooltip = (
    fields: readonly (readonly [string, string])[],
    withParams = false,
  ) =>
    tooltipOf(
      fields.map(([field, title]) => ({ field, title })),
      withParams ? columns : [],
    );
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: saved },
        mark: bar,
        encoding: {
          x,
          y,
          y2: { field: "b" },
          color,
          tooltip: tooltip([["n", "trial"], ["a", "stopped at"]]),
        },
      },
      {
        data: { values: run },
        transform: tooltipTransform(columns),
        mark: bar,
        encoding: {
          x,
          y,
          y2: { field: "b" },
          color,
          tooltip: tooltip([
            ["n", "trial"],
            ["k", "state"],
            ["b", "steps"],
            ["w", "value or reason"],
          ], true),
        },
      },
      {
        data: { values: audits },
        mark: {
          type: "point",
          shape: "triangle-down",
          filled: true,
          size: 44,
          opacity: 1,
          color: chartColors.text,
        },
        encoding: {
          x,
          y: { field: "b", type: "quantitative", scale },
          tooltip: tooltip([
            ["n", "trial"],
            ["b", "would have been stopped at"],
            ["w", "why"],
          ]),
        },
      },
    ],
  };
}
