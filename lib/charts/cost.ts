import { isBetter, isFeasible, type StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  rowBudget,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { timeUnit } from "./_time.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  nothingYet,
  objectiveOf,
  objectiveTitle,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText, count, formatNumber } from "./_text.ts";
import { axisDomain, clamp, drawable, round, valueRange } from "./_scale.ts";
import { valueAxis } from "./_encodings.ts";
import {
  type BestSoFar,
  bestSoFarPart,
  checkOptionsWithOthers,
  leadersLines,
  studyNames,
} from "./_several.ts";

/** Options of {@linkcode costChart}. */
export interface CostOptions {
  /** The title. Defaults to `"What <objective> cost, <study>"`. */
  readonly title?: string;
  /** Up to 7 further studies of the same objective: then the best so far of each is a line, without its other trials. Defaults to none. */
  readonly others?: readonly StudyView[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less are then left out. Defaults to `false`. */
  readonly logY?: boolean;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** What {@linkcode costRows} gives. */
export interface CostRows {
  /**
   * Complete trials in the order of their ends: `n` the number, `t` the time that all trials
   * so far took, in the unit, `d` the trial's own, `v` the value where it is drawn, `u` the value, and the parameters.
   */
  readonly points: readonly ChartRow[];
  /** The best so far, at each trial that is better than all before: `n`, `t`, `v`. */
  readonly best: readonly ChartRow[];
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** The unit of the times. */
  readonly unit: string;
  /** The time of all finished trials together, pruned and failed ones too, in milliseconds. */
  readonly totalMs: number;
  /** The time spent when the best was found, in milliseconds; null without one. */
  readonly bestMs: number | null;
  /** How many trials were left out. */
  readonly omitted: number;
}

/**
 * The data of {@linkcode costChart}: at most 1,500 trials.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { costRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * costRows(view).totalMs; // 0
 * ```
 */
export function costRows(view: StudyView, options: CostOptions = {}): CostRows {
  check(options);
  const { columns: _columns, range: _range, ...rows } = costData(view, options);
  return rows;
}

function costData(view: StudyView, options: CostOptions): CostRows & {
  readonly columns: readonly Column[];
  readonly range: readonly [number, number] | null;
} {
  const { logY = false } = options;
  const { direction } = objectiveOf(view);
  const columns = columnsOf(view);
  let totalMs = 0;
  let bestMs: number | null = null;
  const seen = view.trials
    .flatMap((trial) => {
      const ms = trial.durationMs;
      const at = trial.finishedAt?.getTime() ?? NaN;
      return ms !== null && Number.isFinite(ms)
        ? [{ trial, ms: Math.max(0, ms), at }]
        : [];
    })
    .sort((a, b) => a.at - b.at || a.trial.number - b.trial.number)
    .map(({ trial, ms }) => ({ trial, ms, spent: totalMs += ms }))
    .filter(({ trial }) =>
      trial.state === "complete" && drawable(trial.value, logY)
    );
  const range = valueRange(
    seen.map(({ trial }) => trial.value!),
    direction,
    logY,
  );
  const unit = timeUnit(totalMs);
  let best: number | null = null;
  const steps = seen.flatMap(({ trial, spent }) => {
    const value = trial.value!;
    if (!isFeasible(trial)) return [];
    if (best !== null && !isBetter(value, best, direction)) return [];
    best = value;
    bestMs = spent;
    return [{
      n: trial.number,
      t: round(spent / unit.ms),
      v: round(clamp(value, range!.low, range!.high), 7),
    }];
  });
  const kept = evenly(seen, rowBudget(columns.length, 480_000, 1500));
  return {
    columns,
    range: range === null ? null : [range.low, range.high],
    fields: fieldsOf(columns),
    points: kept.map(({ trial, ms, spent }) => ({
      n: trial.number,
      t: round(spent / unit.ms),
      d: timeUnit(ms).say(ms),
      v: round(clamp(trial.value!, range!.low, range!.high), 7),
      u: round(trial.value!, 7),
      ...cellsOf(columns, trial),
    })),
    best: evenly(steps, 1000),
    unit: unit.name,
    totalMs,
    bestMs,
    omitted: seen.length - kept.length,
  };
}

/**
 * What the time spent has brought: the value of each trial and the best so far,
 * over the running time of all trials together. A long flat line at the end says
 * that more time brings little.
 *
 * @param view The study.
 * @param options The title, the scale and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { costChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * costChart(view).title; // "What loss cost, demo"
 * ```
 */
export function costChart(view: StudyView, options: CostOptions = {}): Chart {
  check(options);
  const { height = 260, logY = false, others = [] } = options;
  if (others.length > 0) return severalCosts([view, ...others], options);
  return chartOf("Cost", options, () => {
    const data = costData(view, options);
    const { totalMs, bestMs, omitted } = data;
    const { say } = timeUnit(totalMs);
    return {
      title: `What ${objectiveOf(view).name} cost, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: [
        countStates(view),
        bestMs === null || totalMs === 0
          ? ""
          : `${say(totalMs)} in all; the best was found after ${say(bestMs)}, ${
            formatNumber(100 * bestMs / totalMs, 2)
          } % of it`,
        omittedNote(omitted),
      ],
      message: data.range !== null ? null : noCostYet(view, logY),
      part: () => plot(view, data, { height, logY }),
    };
  });
}

/** The best so far of several studies over the time that each took. */
function severalCosts(
  views: readonly StudyView[],
  { height = 260, logY = false, ...options }: CostOptions,
): Chart {
  const [view] = views as [StudyView];
  return chartOf("Cost", options, () => {
    const names = studyNames(views);
    const { direction, name } = objectiveOf(view);
    const all = views.map((one) => costData(one, { logY }));
    const unit = timeUnit(
      all.reduce((a, { totalMs }) => Math.max(a, totalMs), 0),
    );
    const studies = all.map((data, k): BestSoFar => {
      const scale = timeUnit(data.totalMs).ms / unit.ms;
      const rows = data.best.map(({ t, v, n }) => ({
        x: round(Number(t) * scale),
        v: v!,
        n: n!,
      }));
      const end = rows.at(-1);
      return {
        name: names[k]!,
        rows: end === undefined
          ? []
          : [...rows, { ...end, x: round(data.totalMs / unit.ms) }],
      };
    });
    const lines = leadersLines(studies, direction);
    return {
      title: `What ${name} cost, ${count(views.length, "study")}`,
      heading: ` (${direction})`,
      lines,
      subtitle: lines.slice(0, 1).map((line) => `ahead: ${line}`),
      message: studies.some(({ rows }) => rows.length > 0)
        ? null
        : noCostYet(view, logY),
      part: () =>
        bestSoFarPart(studies, {
          height,
          title: objectiveTitle(view),
          xTitle: `${unit.name} of all trials together`,
          logY,
          direction,
        }),
    };
  });
}

function noCostYet(view: StudyView, logY: boolean): string {
  return nothingYet(
    view,
    `No trial has a ${logY ? "positive" : "finite"} value and a duration yet: ${
      countStates(view)
    }`,
  );
}

function check(options: CostOptions): void {
  checkOptionsWithOthers("cost chart", options, {
    title: "text",
    logY: "flag",
    height: "height",
  });
}

function plot(
  view: StudyView,
  { points, best, columns, range, unit, totalMs }: ReturnType<typeof costData>,
  { height, logY }: { height: number; logY: boolean },
): Part {
  const domain = axisDomain(...range!, logY);
  const { ms } = timeUnit(totalMs);
  const end = round(totalMs / ms) || 1;
  const x = {
    field: "t",
    type: "quantitative",
    title: `${unit} of all trials together`,
    scale: { domain: [0, end], nice: false, padding: 5 },
    axis: { grid: false },
  };
  const y = valueAxis({ title: objectiveTitle(view), domain, log: logY });
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: points },
        transform: tooltipTransform(columns),
        mark: {
          type: "point",
          filled: true,
          color: chartColors.complete,
          size: points.length > 300 ? 18 : 36,
          opacity: points.length > 300 ? 0.45 : 0.7,
        },
        encoding: {
          x,
          y,
          tooltip: tooltipOf([
            { field: "n", title: "trial" },
            { field: "u", title: cleanText(objectiveOf(view).name) },
            { field: "d", title: "took" },
            { field: "t", title: `spent so far (${unit})` },
          ], columns),
        },
      },
      {
        data: { values: [...best, { t: end, v: best.at(-1)!.v! }] },
        mark: {
          type: "line",
          interpolate: "step-after",
          color: chartColors.best,
          strokeWidth: 2,
        },
        encoding: { x, y },
      },
      {
        data: { values: best },
        mark: {
          type: "point",
          filled: true,
          color: chartColors.best,
          size: 46,
          opacity: 1,
        },
        encoding: {
          x,
          y,
          tooltip: [
            { field: "n", type: "quantitative", title: "best so far: trial" },
            { field: "v", type: "quantitative", title: "value" },
          ],
        },
      },
    ],
  };
}
