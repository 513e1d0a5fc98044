import type { StudyView, TrialRecord } from "../records/mod.ts";
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
import { checkOptions } from "./_options.ts";
import { type TimeUnit, timeUnit } from "./_time.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import { chartOf, countStates, nothingYet, type Part } from "./_spec.ts";
import { count, formatNumber } from "./_text.ts";
import { clamp, round } from "./_scale.ts";
import { kindOf, presentKinds } from "./_encodings.ts";

/** Options of {@linkcode timelineChart}. */
export interface TimelineOptions {
  /** The title. Defaults to `"Timeline of <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** What {@linkcode timelineRows} gives. */
export interface TimelineRows {
  /**
   * Trials that have begun, by number: `n` the number, `y` the row, from 0, `a` and `b` when it began
   * and ended, in the unit after the first began, `k` its state, `v` its value or
   * how it ended, and the parameters. Running ones end when last something happened.
   */
  readonly rows: readonly ChartRow[];
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether rows are places: of many trials, those one after another share a row. */
  readonly isShared: boolean;
  /** The unit of the times. */
  readonly unit: TimeUnit["name"];
  /** The most trials that ran at the same time. */
  readonly together: number;
  /** From the first beginning to the last end, in milliseconds. */
  readonly spanMs: number;
  /** The time of all trials together, in milliseconds. */
  readonly busyMs: number;
  /** How many trials were left out to keep the chart small. */
  readonly omitted: number;
}

/** More trials than these share rows. */
const mostOwnRows = 40;

/**
 * The data of {@linkcode timelineChart}: at most the latest 1,500 trials.
 *
 * @param view The study.
 *
 * @example
 * ```ts
 * import { float, minimize, space, timelineRows } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * timelineRows(view).together; // 0
 * ```
 */
export function timelineRows(view: StudyView): TimelineRows {
  const { columns: _columns, ...rows } = timelineData(view);
  return rows;
}

function timelineData(
  view: StudyView,
): TimelineRows & { readonly columns: readonly Column[] } {
  const columns = columnsOf(view);
  const begun = view.trials.flatMap((trial) => {
    const from = trial.startedAt?.getTime() ?? NaN;
    return Number.isFinite(from)
      ? [{ trial, from, to: endOf(trial, from) }]
      : [];
  });
  const start = begun.reduce(
    (least, { from }) => Math.min(least, from),
    Infinity,
  );
  const end = begun.reduce(
    (most, { from, to }) => Math.max(most, from, to ?? from),
    -Infinity,
  );
  const spanMs = begun.length === 0 ? 0 : end - start;
  const unit = timeUnit(spanMs);
  // Gaps must be pauses: none in the middle may be left out.
  const kept = begun.slice(-rowBudget(columns.length, 600_000, 1500));
  const isShared = kept.length > mostOwnRows;
  const rows = isShared
    ? placesOf(kept.map(({ from, to }) => [from, to ?? end]))
    : null;
  const at = (ms: number) => round(clamp((ms - start) / unit.ms), 6);
  return {
    columns,
    fields: fieldsOf(columns),
    isShared,
    rows: kept.map(({ trial, from, to }, index) => ({
      n: trial.number,
      y: rows?.[index] ?? trial.number - kept[0]!.trial.number,
      a: at(from),
      b: at(to ?? end),
      k: trial.state,
      v: trial.value === null ? trial.state : formatNumber(trial.value),
      ...cellsOf(columns, trial),
    })),
    unit: unit.name,
    together: mostTogether(begun.map(({ from, to }) => [from, to ?? end])),
    spanMs,
    busyMs: begun.reduce((sum, { from, to }) => sum + ((to ?? end) - from), 0),
    omitted: begun.length - kept.length,
  };
}

/** When a trial ended, in milliseconds; null while it runs. */
function endOf(trial: TrialRecord, from: number): number | null {
  const end = trial.finishedAt?.getTime();
  return end === undefined || !Number.isFinite(end)
    ? null
    : Math.max(from, end);
}

/** The first place free for each span, given in any order. */
function placesOf(spans: readonly (readonly [number, number])[]): number[] {
  const places = new Array<number>(spans.length).fill(0);
  const free: number[] = [];
  for (
    const index of [...spans.keys()].sort((a, b) =>
      spans[a]![0] - spans[b]![0] || a - b
    )
  ) {
    const [from, to] = spans[index]!;
    const found = free.findIndex((end) => end <= from);
    places[index] = found < 0 ? free.length : found;
    free[places[index]!] = to;
  }
  return places;
}

function mostTogether(spans: readonly (readonly [number, number])[]): number {
  // At the same moment, what ends goes before what begins.
  const events = spans
    .filter(([from, to]) => to > from)
    .flatMap(([from, to]) => [[from, 1], [to, -1]] as const)
    .sort(([a, up], [b, down]) => a - b || up - down);
  let now = 0;
  let most = spans.length > 0 ? 1 : 0;
  for (const [, change] of events) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/**
 * When each trial ran: a bar from its beginning to its end, colored by how it
 * ended. Shows idle workers, slow trials, and how long failures take.
 *
 * @param view The study.
 * @param options The title and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, space, timelineChart } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * timelineChart(view).title; // "Timeline of demo"
 * ```
 */
export function timelineChart(
  view: StudyView,
  options: TimelineOptions = {},
): Chart {
  checkOptions("timeline", options, { title: "text", height: "height" });
  const { height = 260 } = options;
  return chartOf("Timeline", options, () => {
    const data = timelineData(view);
    const { together, spanMs, busyMs, omitted } = data;
    return {
      title: `Timeline of ${view.name}`,
      lines: [
        countStates(view),
        spanMs > 0
          ? `${timeUnit(spanMs).say(spanMs)} from the first to the last, ${
            timeUnit(busyMs).say(busyMs)
          } of trials, at most ${together} at once`
          : "",
        omitted > 0
          ? `the latest; ${count(omitted, "trial")} before are not shown`
          : "",
      ],
      message: data.rows.length > 0
        ? null
        : nothingYet(view, `No trial has begun yet: ${countStates(view)}`),
      part: () => bars(data, height),
    };
  });
}

const states = {
  complete: chartColors.complete,
  pruned: chartColors.pruned,
  failed: chartColors.failed,
  running: chartColors.running,
};

function bars(
  { rows, columns, unit, isShared }: ReturnType<typeof timelineData>,
  most: number,
): Part {
  const lines = rows.reduce((last, { y }) => Math.max(last, Number(y)), 0) + 1;
  const step = Math.min(26, most / lines);
  const [start, end] = rows.reduce<readonly [number, number]>(
    ([low, high], { a, b }) => [
      Math.min(low, Number(a)),
      Math.max(high, Number(b)),
    ],
    [Infinity, -Infinity],
  );
  const first = Number(rows[0]!.n);
  return {
    width: chartWidth,
    height: Math.max(40, Math.round(step * lines)),
    data: { values: rows },
    transform: tooltipTransform(columns),
    mark: {
      type: "rule",
      strokeWidth: Math.max(1.2, Math.min(20, 0.72 * step)),
      strokeCap: "butt",
    },
    encoding: {
      x: {
        field: "a",
        type: "quantitative",
        title: `${unit} since the first trial began`,
        scale: { domain: [start, end > start ? end : start + 1], nice: false },
        axis: { tickCount: 8 },
      },
      x2: { field: "b" },
      y: {
        field: "y",
        type: "quantitative",
        title: isShared ? (lines < 4 ? null : "side by side") : "trial",
        scale: { domain: [lines - 0.5, -0.5], nice: false },
        axis: {
          grid: false,
          domain: false,
          ticks: false,
          labels: !isShared,
          tickMinStep: 1,
          labelExpr: `datum.value + ${first}`,
        },
      },
      color: kindOf("k", presentKinds(states, rows.map(({ k }) => k)), {
        orient: "top",
        symbolType: "stroke",
        symbolStrokeWidth: 9,
        symbolSize: 120,
      }),
      tooltip: tooltipOf([
        { field: "n", title: "trial" },
        { field: "k", title: "state" },
        { field: "v", title: "value" },
        { field: "a", title: `began at (${unit})` },
        { field: "b", title: `ended at (${unit})` },
      ], columns),
    },
  };
}
