/**
 * The plot of a study's history: used by the history's own chart and by the
 * progress of a run.
 *
 * @module
 */

import {
  bestTrial,
  isBetter,
  isFeasible,
  type StudyView,
} from "../records/mod.ts";
import { evenly, minMaxIndices } from "./_downsample.ts";
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
import { chartColors, chartWidth } from "./theme.ts";
import {
  messageView,
  noValueYet,
  objectiveOf,
  objectiveTitle,
  type Part,
} from "./_spec.ts";
import { cleanText, count, formatNumber, formatParams } from "./_text.ts";
import { axisDomain, drawable, round, valueRange } from "./_scale.ts";
import {
  bestMark,
  kindOf,
  presentKinds,
  trialAxis,
  valueAxis,
} from "./_encodings.ts";

/** What {@linkcode optimizationHistoryRows} gives. */
export interface OptimizationHistoryRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Complete trials: `n` the number, `v` the value where it is drawn, `k` the
   * kind (`"complete"`, `"not feasible"` for one that violates a constraint, or `"beyond the scale"` for one drawn at the edge of the scale,
   * of which `w` is the value as text), and the parameters.
   */
  readonly points: readonly ChartRow[];
  /** The corners of the best value so far: `n`, `v`, `k`; the last stands at the last trial. */
  readonly best: readonly ChartRow[];
  /**
   * Trials without a place on the scale: `n`, `k` (`"pruned"`, `"failed"`,
   * `"running"`, or `"no place on the scale"` for a complete trial whose value
   * no axis can hold), `w` the value as text, and the parameters.
   */
  readonly rug: readonly ChartRow[];
  /** The values shown, `[low, high]`; null if no trial has one. */
  readonly range: readonly [number, number] | null;
  /** How many complete trials were left out to keep the chart small. */
  readonly omitted: number;
}

/** The rows, with what the drawing needs beside them. */
interface HistoryData extends OptimizationHistoryRows {
  readonly columns: readonly Column[];
  readonly beyond: number;
}

/** The share of a display that the rows of the points may take. */
const pointBytes = 420_000;

/** The rows of a history within some bytes. */
export function historyData(
  view: StudyView,
  logY: boolean,
  bytes: number = pointBytes,
): HistoryData {
  const columns = columnsOf(view);
  const { direction } = objectiveOf(view);
  const complete = view.trials.filter(({ state, value }) =>
    state === "complete" && value !== null
  );
  const placed = complete.filter(({ value }) => drawable(value, logY));
  const range = valueRange(placed.map(({ value }) => value!), direction, logY);
  const most = rowBudget(columns.length, bytes, 2000);

  const corners: ChartRow[] = [];
  const improving = new Set<number>();
  let incumbent: number | null = null;
  for (const [index, trial] of placed.entries()) {
    const { number, value } = trial;
    if (!isFeasible(trial)) continue;
    if (incumbent !== null && !isBetter(value!, incumbent, direction)) continue;
    incumbent = value!;
    improving.add(index);
    corners.push({ n: number, v: round(value!, 7), k: "best so far" });
  }
  const best = [...evenly(corners, 600)];
  const last = view.trials.at(-1)?.number ?? 0;
  if (incumbent !== null && last > Number(best.at(-1)!.n)) {
    best.push({ n: last, v: round(incumbent, 7), k: "best so far" });
  }

  const kept = new Set([
    ...minMaxIndices(
      placed.map(({ value }) => value!),
      Math.floor(most * 0.75),
    ),
    ...evenly([...improving], Math.floor(most * 0.25)),
  ]);
  const points = placed.filter((_, index) => kept.has(index)).map((trial) => {
    const value = trial.value!;
    const inside = value >= range!.low && value <= range!.high;
    return {
      n: trial.number,
      v: round(Math.min(range!.high, Math.max(range!.low, value)), 7),
      k: !inside
        ? "beyond the scale"
        : isFeasible(trial)
        ? "complete"
        : "not feasible",
      ...(inside ? {} : { w: formatNumber(value) }),
      ...cellsOf(columns, trial),
    };
  });

  const shown = new Set(placed);
  const rug = view.trials.flatMap((trial): ChartRow[] => {
    const { number, state, value } = trial;
    if (state === "waiting" || shown.has(trial)) return [];
    return [{
      n: number,
      k: state === "complete" ? "no place on the scale" : state,
      w: value === null ? "none" : formatNumber(value),
      ...cellsOf(columns, trial),
    }];
  });
  return {
    columns,
    fields: fieldsOf(columns),
    points,
    best,
    rug: evenly(rug, Math.floor(most / 2)),
    range: range === null ? null : [range.low, range.high],
    beyond: range?.beyond ?? 0,
    omitted: placed.length - points.length,
  };
}

/** Color and shape of each kind of row, in the order of the legend. */
const kinds: Readonly<Record<string, readonly [string, string]>> = {
  "complete": [chartColors.complete, "circle"],
  "not feasible": [chartColors.muted, "triangle-down"],
  "best so far": [chartColors.best, "M-1-0.2H1V0.2H-1Z"],
  "beyond the scale": [chartColors.complete, "triangle-up"],
  "pruned": [chartColors.pruned, "square"],
  "failed": [chartColors.failed, "cross"],
  "running": [chartColors.running, "triangle-right"],
  "no place on the scale": [chartColors.infinite, "diamond"],
};

function sideOf(
  pairs: Readonly<Record<string, readonly [string, string]>>,
  side: 0 | 1,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).map(([kind, pair]) => [kind, pair[side]]),
  );
}

/** The plot of a history, without title: for a chart of its own or a part of one. */
export function historyPart(
  view: StudyView,
  data: HistoryData,
  options: { readonly logY: boolean; readonly height: number },
): Part {
  const { logY, height } = options;
  const { columns, points, best, rug, range } = data;
  if (range === null) {
    return messageView(noValueYet(view));
  }
  const shown = presentKinds(
    kinds,
    [...points, ...best, ...rug].map(({ k }) => k),
  );
  const x = trialAxis(view.trials.at(-1)!.number, {
    offset: rug.length > 0 ? 20 : 4,
  });
  const y = valueAxis({
    title: objectiveTitle(view, Math.max(12, Math.floor(height / 5.6) - 11)),
    domain: axisDomain(...range, logY),
    log: logY,
  });
  const color = kindOf("k", sideOf(shown, 0));
  const shape = kindOf("k", sideOf(shown, 1));
  const tooltip = (field: string) =>
    tooltipOf([
      { field: "n", title: "trial" },
      { field: "k", title: "state" },
      { field, title: cleanText(objectiveOf(view).name) },
    ], columns);
  const transform = tooltipTransform(columns);
  const incumbent = bestTrial(view)?.number;
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: best },
        // The first best may lie beyond the scale.
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 2,
          clip: true,
        },
        encoding: { x, y, color },
      },
      {
        data: { values: points },
        transform: [...transform, { filter: "!isValid(datum.w)" }],
        mark: { type: "point", filled: true, size: 38, opacity: 0.65 },
        encoding: { x, y, color, shape, tooltip: tooltip("v") },
      },
      {
        data: { values: points.filter(({ n }) => n === incumbent) },
        transform,
        mark: bestMark(90),
        encoding: { x, y, tooltip: tooltip("v") },
      },
      {
        data: { values: points.filter(({ w }) => w !== undefined) },
        transform,
        mark: {
          type: "point",
          filled: true,
          size: 50,
          opacity: 0.9,
          angle: objectiveOf(view).direction === "minimize" ? 0 : 180,
        },
        encoding: { x, y, color, shape, tooltip: tooltip("w") },
      },
      {
        data: { values: rug },
        transform,
        mark: {
          type: "point",
          filled: true,
          size: rug.length > 150 ? 14 : 26,
          opacity: 0.85,
        },
        encoding: {
          x,
          y: { value: height + 12 },
          color,
          shape,
          tooltip: tooltip("w"),
        },
      },
    ],
  };
}

/** What a reader of a history must know beside the plot, in sentences. */
export function historyNotes(view: StudyView, data: HistoryData): string[] {
  const { beyond, omitted, range, rug } = data;
  const { direction } = objectiveOf(view);
  const notes: string[] = [];
  if (range !== null && beyond > 0) {
    const edge = formatNumber(direction === "minimize" ? range[1] : range[0]);
    notes.push(`${count(beyond, "value")} beyond ${edge}, drawn at the edge`);
  }
  const unplaced = rug.filter(({ k }) => k === "no place on the scale").length;
  if (unplaced > 0) {
    notes.push(
      `${
        count(unplaced, "trial")
      } without a place on the scale, marked below the plot`,
    );
  }
  if (omitted > 0) notes.push(`${count(omitted, "point")} left out`);
  return notes;
}

/** The best trial in words; empty if there is none. */
export function bestLine(view: StudyView): string {
  const best = bestTrial(view);
  if (best === null) {
    return view.trials.some((trial) =>
        trial.state === "complete" && !isFeasible(trial)
      )
      ? "no feasible trial yet"
      : "";
  }
  return `best ${formatNumber(best.value!, 6)} by trial ${best.number}: ${
    formatParams(best.params)
  }`;
}
