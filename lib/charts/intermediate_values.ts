import { bestTrial, type StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import { kindOf, presentKinds, valueAxis } from "./_encodings.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { axisDomain, curveRange, drawable, stepChannel } from "./_scale.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  objectiveOf,
  objectiveTitle,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { splitPoints } from "./_split_points.ts";
import { cleanText, count, formatNumber } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode intermediateValuesChart}. */
export interface IntermediateValuesOptions {
  /** The title. Defaults to `"Intermediate values of <study>"`. */
  readonly title?: string;
  /** Whether the values stand on a logarithmic axis; those of 0 and less then leave gaps. Defaults to `false`. */
  readonly logY?: boolean;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `300`. */
  readonly height?: number;
}

/** What {@linkcode intermediateValuesRows} gives. */
export interface IntermediateValuesRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /** The trials shown, the best last: `n` the number, `k` the state, `w` the value in words, and the parameters. */
  readonly trials: readonly ChartRow[];
  /** Their curves of the objective: `n` the trial, `k` its state, `g` the piece of line, `x` the step, `y` the value. */
  readonly points: readonly ChartRow[];
  /** Where each curve ends: `n`, `k`, `x`, `y`. */
  readonly ends: readonly ChartRow[];
  /** How many trials with a curve were left out. */
  readonly omitted: number;
}

const mostTrials = 150;
const mostPoints = 4000;

/**
 * The data of {@linkcode intermediateValuesChart}: at most 150 trials, among them
 * the best and the latest, and 4,000 points.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, intermediateValuesRows, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * intermediateValuesRows(view).points; // []
 * ```
 */
export function intermediateValuesRows(
  view: StudyView,
  options: IntermediateValuesOptions = {},
): IntermediateValuesRows {
  check(options);
  const { columns: _columns, ...rows } = intermediateData(view, options);
  return rows;
}

function intermediateData(
  view: StudyView,
  { logY = false }: IntermediateValuesOptions,
): IntermediateValuesRows & { readonly columns: readonly Column[] } {
  const { name, direction } = objectiveOf(view);
  // Many parameters make long rows: the tooltip names the first.
  const columns = columnsOf(view).slice(0, 40);
  const sign = direction === "minimize" ? 1 : -1;
  const all = view.trials.filter(({ state, curves }) =>
    state !== "waiting" &&
    curves.get(name)?.values.some((value) => drawable(value, logY))
  );
  const best = bestTrial(view);
  const ranked = all.filter(({ state, value }) =>
    state === "complete" && value !== null
  ).sort((a, b) => sign * (a.value! - b.value!)).slice(0, 20);
  const chosen = new Set([...all.slice(-20), ...ranked]);
  const others = evenly(
    all.filter((trial) => !chosen.has(trial)),
    Math.max(0, mostTrials - chosen.size),
  );
  const shown = [...others, ...chosen]
    .sort((a, b) =>
      Number(a === best) - Number(b === best) || a.number - b.number
    );
  const perTrial = Math.max(
    6,
    Math.floor(mostPoints / Math.max(1, shown.length)),
  );
  const points = shown.flatMap((trial) => {
    const curve = trial.curves.get(name)!;
    const drawn = logY
      ? {
        ...curve,
        values: curve.values.map((y) => drawable(y, true) ? y : NaN),
      }
      : curve;
    return splitPoints({ train: null, validation: drawn }, perTrial)
      .map(({ g, x, y }): ChartRow => ({
        n: trial.number,
        k: trial.state,
        g: g!,
        x: x!,
        y: y!,
      }));
  });
  const ends = new Map(points.map((row) => [row.n, row]));
  return {
    columns,
    fields: fieldsOf(columns),
    trials: shown.map((trial) => ({
      n: trial.number,
      k: trial.state,
      w: trial.value === null ? trial.state : formatNumber(trial.value),
      ...cellsOf(columns, trial),
    })),
    points,
    ends: [...ends.values()].map(({ n, k, x, y }) => ({
      n: n!,
      k: k!,
      x: x!,
      y: y!,
    })),
    omitted: all.length - shown.length,
  };
}

/**
 * The objective's curve of every trial in one plot, by how the trial ended: where
 * pruned ones were stopped, and whether the best one led from early on. Hovering
 * lifts a trial out and names it with all its parameters.
 *
 * @param view The study.
 * @param options The title, the scale and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, intermediateValuesChart, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * intermediateValuesChart(view).title; // "Intermediate values of demo"
 * ```
 */
export function intermediateValuesChart(
  view: StudyView,
  options: IntermediateValuesOptions = {},
): Chart {
  check(options);
  const { height = 300, logY = false } = options;
  return chartOf("Intermediate values", options, () => {
    const data = intermediateData(view, options);
    const { points, omitted } = data;
    const longest = view.trials.reduce((most, { curves }) => {
      const steps = curves.get(objectiveOf(view).name)?.steps;
      return Math.max(most, steps?.at(-1) ?? 0);
    }, 0);
    return {
      title: `Intermediate values of ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [
        countStates(view),
        points.length > 0 ? `up to step ${formatNumber(longest)}` : "",
        bestLine(view),
        omittedNote(omitted),
      ],
      subtitle: [
        bestLine(view),
        joinNotes([
          countStates(view),
          omitted > 0 ? `${count(omitted, "curve")} not shown` : "",
        ]),
      ],
      message: points.length > 0 ? null : nothingYet(
        view,
        "No trial has reported a curve of the objective: trial.report(…)",
      ),
      part: () => curves(view, data, { height, logY }),
    };
  });
}

function check(options: IntermediateValuesOptions): void {
  checkOptions("intermediate values", options, {
    title: "text",
    logY: "flag",
    height: "height",
  });
}

const kinds = {
  best: chartColors.best,
  complete: chartColors.complete,
  pruned: chartColors.pruned,
  failed: chartColors.failed,
  running: chartColors.running,
};

function curves(
  view: StudyView,
  { points, ends, trials, columns }: ReturnType<typeof intermediateData>,
  { height, logY }: { readonly height: number; readonly logY: boolean },
): Part {
  const xs = points.map(({ x }) => Number(x));
  const range = curveRange(points.map(({ y }) => Number(y)))!;
  const x = stepChannel("x", xs);
  const y = valueAxis({
    field: "y",
    title: objectiveTitle(view),
    domain: axisDomain(...range, logY),
    log: logY,
  });
  const best = bestTrial(view)?.number;
  const leading = points.filter(({ n }) => n === best)
    .map((row) => ({ ...row, k: "best" }));
  const shown = presentKinds(
    kinds,
    [...points, ...leading].map(({ k }) => k),
  );
  const color = kindOf("k", shown, {
    orient: "top",
    symbolType: "stroke",
    symbolStrokeWidth: 3,
  });
  const lookup = {
    lookup: "n",
    from: {
      data: { values: trials },
      key: "n",
      fields: ["w", ...columns.map(({ field }) => field)],
    },
  };
  const line = { type: "line", clip: true };
  const opacity = Math.max(0.25, Math.min(0.8, 5 / Math.sqrt(trials.length)));
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "k", title: "state" },
    { field: "x", title: "step" },
    { field: "y", title: cleanText(objectiveOf(view).name) },
    { field: "w", title: "ended with" },
  ], columns);
  return {
    width: chartWidth,
    height,
    datasets: { curves: points },
    layer: [
      {
        data: { name: "curves" },
        mark: { ...line, strokeWidth: 1.3, opacity },
        encoding: { x, y, color, detail: [{ field: "n" }, { field: "g" }] },
      },
      {
        data: { values: ends.filter(({ k }) => k !== "complete") },
        mark: {
          type: "point",
          filled: true,
          size: 20,
          clip: true,
          opacity: 0.9,
        },
        encoding: { x, y, color },
      },
      {
        // One point is no line.
        data: { values: loneOf(points) },
        mark: { type: "point", filled: true, size: 24, clip: true },
        encoding: { x, y, color },
      },
      {
        data: { values: leading },
        mark: { ...line, strokeWidth: 2.6 },
        encoding: { x, y, color, detail: { field: "g" } },
      },
      {
        // Dropped from pictures: a mark for each point, unseen.
        name: "interactive_hover_intermediate",
        data: { name: "curves" },
        params: [{
          name: "hover_intermediate",
          select: {
            type: "point",
            fields: ["n"],
            on: "mouseover",
            nearest: true,
            clear: "mouseout",
          },
        }],
        transform: [lookup, ...tooltipTransform(columns)],
        mark: { type: "point", filled: true, size: 40, opacity: 0.0001 },
        encoding: { x, y, tooltip },
      },
      {
        name: "interactive_highlight_intermediate",
        data: { name: "curves" },
        transform: [{ filter: { param: "hover_intermediate", empty: false } }],
        mark: { ...line, strokeWidth: 2.6, color: chartColors.text },
        encoding: { x, y, detail: [{ field: "n" }, { field: "g" }] },
      },
    ],
  };
}

/** The points that stand alone in their piece of line. */
function loneOf(points: readonly ChartRow[]): readonly ChartRow[] {
  const sizes = new Map<string, number>();
  const key = ({ n, g }: ChartRow) => `${n} ${g}`;
  for (const row of points) {
    sizes.set(key(row), (sizes.get(key(row)) ?? 0) + 1);
  }
  return points.filter((row) => sizes.get(key(row)) === 1);
}
