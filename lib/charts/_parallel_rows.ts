import type { StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  rowBudget,
} from "./_field.ts";
import { chooseParameters, rankedTrials, thinTrials } from "./_parameters.ts";
import { clamp, linearTicks, logTicks, round, valueRange } from "./_scale.ts";
import { objectiveOf, objectiveTitle } from "./_spec.ts";
import { formatNumber, shorten } from "./_text.ts";

/** An axis of parallel coordinates. */
export interface ParallelAxis {
  /** The field of the rows that holds the place on it. */
  readonly field: string;
  /** What stands on it: a parameter's name, or the objective with its direction. */
  readonly title: string;
  /** What its ticks say, and where they stand in `[0, 1]`. */
  readonly ticks: readonly { readonly label: string; readonly at: number }[];
  /** Whether a trial does not use the parameter: it then stands below the axis. */
  readonly unused: boolean;
}

/** What {@linkcode parallelCoordinatesRows} gives. */
export interface ParallelCoordinatesRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** The axes from left to right; the last is the objective. */
  readonly axes: readonly ParallelAxis[];
  /**
   * Complete trials, the best last: `n` the number, `v` the value, `c` the
   * rank from 0 (worst) to 1 (best), `y0`, `y1`, … the places on the axes in `[0, 1]`, or −0.13 where a parameter is not
   * used, and `f0`, `f1`, … the parameters.
   */
  readonly lines: readonly ChartRow[];
  /** The values shown, `[low, high]`; null if no trial has one. */
  readonly range: readonly [number, number] | null;
  /** How many values lie beyond the range on the bad side; they stand at its end. */
  readonly beyond: number;
  /** How many complete trials were left out to keep the chart small. */
  readonly omitted: number;
}

/** The rows, with what the drawing needs beside them. */
export interface ParallelData extends ParallelCoordinatesRows {
  readonly columns: readonly Column[];
}

/** Where a parameter that a trial does not use stands; axes go from 0 to 1. */
export const unusedAt = -0.13;
/** How many labels an axis of choices bears at most. */
const mostLabels = 14;

function share(value: number, low: number, high: number, log: boolean): number {
  const [v, a, b] = log
    ? [Math.log(value), Math.log(low), Math.log(high)]
    : [value / 2, low / 2, high / 2];
  if (!(b > a)) return 0.5;
  return clamp((v - a) / (b - a), 0, 1);
}

function place(column: Column, cell: number | string | null): number {
  if (cell === null) return unusedAt;
  const { labels, low, high, log } = column;
  return labels === null
    ? share(cell as number, low, high, log)
    : (labels.indexOf(cell as string) + 0.5) / labels.length;
}

function ticksOf(column: Column): ParallelAxis["ticks"] {
  const { labels, low, high, log, parameter } = column;
  if (labels !== null) {
    const marks = labels.map((label, index) => ({
      label: shorten(label, 14),
      at: (index + 0.5) / labels.length,
    }));
    return evenly(marks, mostLabels);
  }
  const all = (log ? logTicks : linearTicks)(low, high, 5);
  const whole = all.filter((tick) => Number.isInteger(tick));
  const ticks = parameter.kind === "int" && whole.length > 0 ? whole : all;
  return ticks.map((tick) => ({
    label: formatNumber(tick),
    at: share(tick, low, high, log),
  }));
}

/** The rows of parallel coordinates. */
export function parallelData(
  view: StudyView,
  names: readonly string[] | undefined,
  usual: number,
): ParallelData {
  const columns = columnsOf(view, chooseParameters(view, names, usual));
  const ranked = rankedTrials(view);
  const shown = thinTrials(ranked, rowBudget(2 * columns.length, 480_000, 500));
  const { direction } = objectiveOf(view);
  const range = valueRange(ranked.map(({ value }) => value!), direction, false);
  const { low, high } = range ?? { low: 0, high: 1 };
  const last = `y${columns.length}`;
  const lines = shown.map((trial, rank): ChartRow => {
    const cells = columns.map((column) => column.cell(trial.params));
    const places = columns.map((column, index) =>
      [`y${index}`, round(place(column, cells[index]!), 4)] as const
    );
    const value = trial.value!;
    return {
      n: trial.number,
      v: round(value, 7),
      c: shown.length === 1 ? 1 : round(rank / (shown.length - 1), 3),
      ...Object.fromEntries(places),
      [last]: round(share(clamp(value, low, high), low, high, false), 4),
      ...cellsOf(columns, trial),
    };
  });
  const axes: ParallelAxis[] = columns.map((column, index) => ({
    field: `y${index}`,
    title: column.title,
    ticks: ticksOf(column),
    unused: lines.some((row) => row[`y${index}`] === unusedAt),
  }));
  axes.push({
    field: last,
    title: objectiveTitle(view),
    ticks: range === null ? [] : linearTicks(low, high, 6).map((tick) => ({
      label: formatNumber(tick),
      at: share(tick, low, high, false),
    })),
    unused: false,
  });
  return {
    columns,
    fields: fieldsOf(columns),
    axes,
    lines,
    range: range === null ? null : [low, high],
    beyond: range?.beyond ?? 0,
    omitted: ranked.length - shown.length,
  };
}
