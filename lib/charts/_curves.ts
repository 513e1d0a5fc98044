/**
 * The plots of learning curves, one under another: used by the curves' own
 * chart and by the progress of a run.
 *
 * @module
 */

import {
  bestTrial,
  type Curve,
  isBetter,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { minMaxIndices } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { axisDomain, curveRange, drawable, logAxis, round } from "./_scale.ts";
import { messageView, objectiveOf, type Part } from "./_spec.ts";
import { seriesOf, type Split } from "./_series.ts";
import { cleanText, formatNumber, shorten } from "./_text.ts";
import type { LearningCurveRows } from "./learning_curves.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** What was asked for, after the defaults. */
export interface CurveChoice {
  /** The numbers of the trials; undefined for the best and the latest. */
  readonly trials?: readonly number[];
  /** The names of the curves; undefined for all. */
  readonly series?: readonly string[];
  /** Whether the values stand on a logarithmic axis. */
  readonly logY: boolean;
  /** The most points of all curves together. */
  readonly points: number;
}

/** The rows, with what the drawing needs beside them. */
export interface CurveData extends LearningCurveRows {
  readonly columns: readonly Column[];
  readonly splits: readonly Split[];
  readonly logY: boolean;
}

const mostPanels = 4;
const mostTrials = 6;

/** The best few trials with curves, and the latest; by number. */
function chooseTrials(view: StudyView): readonly TrialRecord[] {
  const { direction } = objectiveOf(view);
  const withCurves = view.trials.filter(({ curves }) =>
    [...curves.values()].some(({ values }) =>
      values.some((value) => drawable(value))
    )
  );
  const ranked = withCurves
    .filter(({ state, value }) => state === "complete" && value !== null)
    .sort((a, b) =>
      isBetter(a.value!, b.value!, direction)
        ? -1
        : isBetter(b.value!, a.value!, direction)
        ? 1
        : a.number - b.number
    );
  const latest = [...withCurves].reverse();
  const chosen = new Set([
    ...ranked.slice(0, 4),
    ...latest.slice(0, 2),
    ...ranked,
    ...latest,
  ]);
  return [...chosen].slice(0, mostTrials).sort((a, b) => a.number - b.number);
}

function labelOf(view: StudyView, trial: TrialRecord): string {
  const { number, state, value } = trial;
  const notes = state === "complete"
    ? [
      ...(trial === bestTrial(view) ? ["best"] : []),
      ...(trial === view.trials.at(-1) ? ["latest"] : []),
    ]
    : [state];
  const result = value === null ? "" : ` · ${formatNumber(value)}`;
  return `trial ${number}${result}${
    notes.length === 0 ? "" : ` (${notes.join(", ")})`
  }`;
}

/** The rows of some trials' curves. */
export function curveData(view: StudyView, choice: CurveChoice): CurveData {
  const { logY } = choice;
  const trials = choice.trials === undefined
    ? chooseTrials(view)
    : view.trials.filter(({ number }) => choice.trials!.includes(number));
  const columns = columnsOf(view);
  const named = seriesOf(
    new Set(view.trials.flatMap(({ curves }) => [...curves.keys()])),
  );
  const wanted = choice.series === undefined ? null : new Set(choice.series);
  const curves = trials.flatMap((trial) =>
    [...trial.curves.values()]
      .filter(({ name }) => wanted === null || wanted.has(name))
      .map((curve) => ({ trial, curve, ...named.get(curve.name)! }))
  );

  // The objective's own quantity stands on top.
  const aim = named.get(objectiveOf(view).name)?.quantity;
  const all = [...new Set(curves.map(({ quantity }) => quantity))].sort(
    (a, b) => Number(b === aim) - Number(a === aim),
  );
  const quantities = all.slice(0, mostPanels);
  const panels = quantities.map((quantity) => ({
    quantity,
    values: [] as number[],
  }));

  const shown = curves.filter(({ quantity }) => quantities.includes(quantity));
  const budget = Math.max(
    8,
    Math.floor(choice.points / Math.max(1, shown.length)),
  );
  const rows: ChartRow[] = [];
  let segment = 0;
  let gaps = 0;
  for (const { trial, curve, quantity, split } of shown) {
    const q = quantities.indexOf(quantity);
    const ys = curve.values.map((value) => drawable(value, logY) ? value : NaN);
    segment++;
    let open = false;
    for (const index of withGaps(ys, minMaxIndices(ys, budget))) {
      const y = ys[index]!;
      if (Number.isNaN(y)) {
        gaps++;
        if (open) segment++;
        open = false;
        continue;
      }
      open = true;
      panels[q]!.values.push(y);
      rows.push({
        t: trial.number,
        q,
        s: split,
        g: segment,
        x: curve.steps[index]!,
        y: round(y),
      });
    }
  }
  return {
    columns,
    fields: Object.fromEntries(
      columns.map(({ field, parameter }) => [field, parameter.name]),
    ),
    trials: trials.map((trial) => ({
      t: trial.number,
      label: labelOf(view, trial),
      ...cellsOf(columns, trial),
    })),
    points: markLonely(rows),
    quantities: panels.map(({ quantity, values }) => {
      const range = curveRange(values);
      return { name: cleanText(quantity), range };
    }),
    gaps,
    omittedQuantities: all.slice(mostPanels).map((name) => cleanText(name)),
    splits: (["validation", "train", "test", "reported"] as const).filter((
      split,
    ) => shown.some((curve) => curve.split === split)),
    logY,
  };
}

/** The places kept, and where a gap begins between two of them. */
function withGaps(ys: readonly number[], kept: readonly number[]): number[] {
  const places: number[] = [];
  let last = -1;
  for (const index of kept) {
    for (let i = last + 1; i < index; i++) {
      if (Number.isNaN(ys[i]!)) {
        places.push(i);
        break;
      }
    }
    places.push(index);
    last = index;
  }
  return places;
}

/** Marks the points that no line would show, having no neighbour. */
function markLonely(rows: readonly ChartRow[]): ChartRow[] {
  const sizes = new Map<unknown, number>();
  for (const { g } of rows) sizes.set(g, (sizes.get(g) ?? 0) + 1);
  return rows.map((row) =>
    sizes.get(row.g) === 1 ? { ...row, lonely: true } : row
  );
}

/** The ends of the axis of steps. */
function stepDomain(steps: readonly number[]): readonly [number, number] {
  const low = steps.reduce((a, b) => Math.min(a, b));
  const high = steps.reduce((a, b) => Math.max(a, b));
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** Colors that tell so many trials apart. */
function colorsOf(n: number): readonly string[] {
  const { series } = chartColors;
  return n <= series.length
    ? series.slice(0, n)
    : Array.from({ length: n }, (_, i) => `hsl(${i * 137.5 % 360}, 65%, 40%)`);
}

const dashes: Readonly<Record<Split, readonly number[]>> = {
  validation: [1, 0],
  train: [5, 3],
  test: [2, 2],
  reported: [1, 0],
};

/** The plots of the curves, one a quantity, without title. */
export function curvesPart(
  view: StudyView,
  data: CurveData,
  height: number,
): Part {
  const { trials, points, quantities, splits, columns, logY } = data;
  if (points.length === 0) {
    return messageView(
      view.trials.length === 0
        ? "No trial yet"
        : "No learning curve yet: report values with trial.report(…)",
    );
  }
  const labels = trials.map(({ label }) => label);
  const lookup = {
    lookup: "t",
    from: {
      data: { values: trials },
      key: "t",
      fields: ["label", ...columns.map(({ field }) => field)],
    },
  };
  const color = {
    field: "label",
    type: "nominal",
    title: "trials (click to highlight)",
    scale: { domain: labels, range: colorsOf(labels.length) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 160 },
  };
  const strokeDash = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: splits, range: splits.map((split) => dashes[split]) },
    legend: splits.every((split) => split === "reported")
      ? null
      : { symbolSize: 300 },
  };
  const highlight = {
    condition: { param: "pick", value: 0.95 },
    value: 0.12,
  };
  const steps = stepDomain(points.map(({ x }) => Number(x)));
  const panels = quantities.map(({ name, range }, q) => {
    const x = {
      field: "x",
      type: "quantitative",
      title: q === quantities.length - 1 ? "step" : null,
      scale: { domain: steps, nice: false, padding: 5 },
      axis: { grid: false, tickMinStep: 1 },
    };
    const domain = axisDomain(...(range ?? [0, 1]), logY);
    const y = {
      field: "y",
      type: "quantitative",
      title: axisTitle(view, name),
      scale: {
        domain,
        ...(logY ? { type: "log" } : { zero: false }),
        nice: false,
      },
      axis: {
        domain: false,
        ticks: false,
        ...(logY ? logAxis(domain) : {}),
      },
    };
    return {
      width: chartWidth - 130,
      height,
      data: { name: "curves" },
      transform: [{ filter: `datum.q === ${q}` }, lookup],
      layer: [
        {
          ...(q === 0
            ? {
              params: [{
                name: "pick",
                select: { type: "point", fields: ["label"] },
                bind: "legend",
              }],
            }
            : {}),
          mark: { type: "line", strokeWidth: 1.8, clip: true },
          encoding: {
            x,
            y,
            color,
            strokeDash,
            detail: { field: "g" },
            opacity: highlight,
          },
        },
        {
          transform: [{ filter: "datum.lonely" }],
          mark: { type: "point", filled: true, size: 40, clip: true },
          encoding: { x, y, color, opacity: highlight },
        },
        {
          // Dropped from pictures: a mark for each point, unseen.
          name: `interactive_hover_${q}`,
          params: [{
            name: `hover_${q}`,
            select: {
              type: "point",
              on: "mouseover",
              nearest: true,
              clear: "mouseout",
            },
          }],
          transform: [...tooltipTransform(columns)],
          mark: { type: "point", filled: true, size: 60, clip: true },
          encoding: {
            x,
            y,
            color,
            opacity: {
              condition: { param: `hover_${q}`, empty: false, value: 1 },
              value: 0,
            },
            tooltip: tooltipOf([
              { field: "label", title: "trial" },
              { field: "x", title: "step" },
              { field: "y", title: name },
              { field: "s", title: "data" },
            ], columns),
          },
        },
      ],
    };
  });
  return {
    datasets: { curves: points },
    spacing: 16,
    vconcat: panels,
  };
}

/** A quantity as an axis names it, with the direction where the objective says it. */
function axisTitle(view: StudyView, quantity: string): string {
  const { name, direction } = objectiveOf(view);
  const own = seriesOf([name]).get(name)!.quantity;
  const title = shorten(quantity, 24);
  return cleanText(own) === quantity ? `${title} (${direction})` : title;
}

/** A curve in words: `validation loss 2.31 → 0.42`. */
export function describeCurve(curve: Curve): string {
  const { name, values } = curve;
  const first = values.find((value) => !Number.isNaN(value));
  const last = values.findLast((value) => !Number.isNaN(value));
  return first === undefined || last === undefined
    ? `${cleanText(name)} NaN`
    : `${cleanText(name)} ${formatNumber(first)} → ${formatNumber(last)}`;
}
