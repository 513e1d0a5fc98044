import { classicalScaling, randomStream } from "../math/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import { featuresOf, parameterImportance } from "../surrogates/mod.ts";
import { evenly } from "./_downsample.ts";
import {
  cellsOf,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { rankedTrials, thinTrials } from "./_parameters.ts";
import { rankColor } from "./_rank_color.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  objectiveOf,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText, formatNumber } from "./_text.ts";
import { round } from "./_scale.ts";
import { bestMark } from "./_encodings.ts";

/** Options of {@linkcode footprintChart}. */
export interface FootprintOptions {
  /** The title. Defaults to `"Footprint of the search, <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000; it is a third wider. Defaults to `400`. */
  readonly height?: number;
}

/** What {@linkcode footprintRows} gives. */
export interface FootprintRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Trials: `x` and `y` the place in the plane, `n` the number, `v` the value or
   * the state, `r` the rank from 0, the worst, to 1, the best, null without a
   * value, and the parameters. The best last.
   */
  readonly points: readonly ChartRow[];
  /** Configurations drawn at random, for what could have been tried: `x`, `y`. */
  readonly others: readonly ChartRow[];
  /** The share of the configurations' spread that the plane shows, in `[0, 1]`. */
  readonly kept: number;
  /** How many trials were left out. */
  readonly omitted: number;
}

/** Distances grow with the square of the places, and all of them are worked out. */
const mostTrials = 180;
const mostOthers = 90;

/**
 * The data of {@linkcode footprintChart}: at most 180 trials, the best and others
 * spread evenly, and 90 configurations drawn at random.
 *
 * @param view The study.
 *
 * @example
 * ```ts
 * import { float, footprintRows, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * footprintRows(view).points; // []
 * ```
 */
export function footprintRows(view: StudyView): FootprintRows {
  const { columns: _columns, ...rows } = footprintData(view);
  return rows;
}

function footprintData(
  view: StudyView,
): FootprintRows & { readonly columns: readonly Column[] } {
  const columns = columnsOf(view).slice(0, 40);
  const ranked = rankedTrials(view);
  const valued = new Set(ranked);
  const without = view.trials.filter((trial) =>
    trial.state !== "waiting" && !valued.has(trial)
  );
  const plain = evenly(
    without,
    Math.max(mostTrials / 4, mostTrials - ranked.length),
  );
  const best = thinTrials(ranked, mostTrials - plain.length);
  const shown = [...plain, ...best];
  const ranks = new Map(
    ranked.map((trial, i) => [trial, i / Math.max(1, ranked.length - 1)]),
  );
  const { uniform } = randomStream("footprint");
  const drawn = shown.length === 0 ? [] : Array.from(
    { length: mostOthers },
    () => view.space.encode(view.space.sample(uniform)),
  );
  const units = [
    ...shown.map(({ params }) => view.space.locate(params)),
    ...drawn,
  ];
  const { axes, kept } = classicalScaling(
    distancesBetween(view, units),
    units.length,
  );
  const place = (i: number) => ({
    x: round(axes[0]![i] ?? 0, 5),
    y: round(axes[1]![i] ?? 0, 5),
  });
  return {
    columns,
    fields: fieldsOf(columns),
    points: shown.map((trial, i) => ({
      ...place(i),
      n: trial.number,
      v: resultOf(trial),
      r: ranks.has(trial) ? round(ranks.get(trial)!, 4) : null,
      ...cellsOf(columns, trial),
    })),
    others: drawn.map((_, k) => place(shown.length + k)),
    kept,
    omitted: ranked.length + without.length - shown.length,
  };
}

function resultOf({ state, value }: TrialRecord): string {
  return state === "complete" && value !== null ? formatNumber(value) : state;
}

/**
 * How much each parameter counts: half of it alike for all, half by importance;
 * those of categories such that two at random are as far apart as two numbers.
 */
function weightsOf(view: StudyView): Float64Array {
  const { shares } = parameterImportance(view);
  const { axes, categories } = featuresOf(view.space);
  const known = Object.values(shares).some((share) => share > 0);
  return Float64Array.from(axes, (axis, d) => {
    const share = shares[view.space.names[axis]!]!;
    const k = categories[d]!;
    return (known ? 0.5 / axes.length + 0.5 * share : 1) *
      (k > 1 ? k / (k - 1) / 6 : 1);
  });
}

/** Numbers by their (log) scale, categories equal or not, unused ones in the middle. */
function distancesBetween(
  view: StudyView,
  units: readonly Float64Array[],
): Float64Array {
  const { dimension, numeric, encode } = featuresOf(view.space);
  const rows = units.map((unit) => {
    const row = encode(unit);
    // Values of before the space changed stand at its edge.
    for (let d = 0; d < numeric; d++) {
      row[d] = Math.min(1.2, Math.max(-0.2, row[d]!));
    }
    return row;
  });
  const weights = weightsOf(view);
  const n = rows.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let d = 0; d < dimension; d++) {
        const step = rows[i]![d]! - rows[j]![d]!;
        sum += weights[d]! * (d < numeric ? step * step : step === 0 ? 0 : 1);
      }
      distances[i * n + j] = distances[j * n + i] = Math.sqrt(sum);
    }
  }
  return distances;
}

/**
 * The footprint of the search: all configurations in a plane, those that are
 * alike near each other; parameters that matter more count more. Trials are
 * colored by rank; crosses are configurations that could have been tried. Where
 * there are crosses alone, the search has not been.
 *
 * @param view The study.
 * @param options The title and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, footprintChart, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * footprintChart(view).title; // "Footprint of the search, demo"
 * ```
 */
export function footprintChart(
  view: StudyView,
  options: FootprintOptions = {},
): Chart {
  checkOptions("footprint", options, { title: "text", height: "height" });
  const { height = 400 } = options;
  return chartOf("Footprint of the search", options, () => {
    const data = footprintData(view);
    const isEmpty = data.points.length === 0;
    return {
      title: `Footprint of the search, ${view.name}`,
      lines: isEmpty ? [countStates(view)] : [
        joinNotes([countStates(view), omittedNote(data.omitted)]),
        `near is alike; the plane shows ${
          Math.round(100 * data.kept)
        } % of the spread; rings: without a value; crosses: not tried`,
      ],
      message: isEmpty ? nothingYet(view, countStates(view)) : null,
      part: () => plane(view, data, height),
    };
  });
}

function plane(
  view: StudyView,
  { points, others, columns }: ReturnType<typeof footprintData>,
  height: number,
): Part {
  const width = Math.round(height * 4 / 3);
  const all = [...points, ...others];
  const reach = (field: "x" | "y") =>
    all.reduce((most, row) => Math.max(most, Math.abs(Number(row[field]))), 0);
  // The same length on both axes is the same distance.
  const scale = Math.max(reach("x") / 4 * 3, reach("y"), 0.1) * 1.05;
  const axis = (field: string, end: number) => ({
    field,
    type: "quantitative",
    axis: null,
    scale: { domain: [-end, end], nice: false },
  });
  const x = axis("x", round(scale * 4 / 3, 5));
  const y = axis("y", round(scale, 5));
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "v", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const ranked = points.filter(({ r }) => r !== null);
  return {
    width,
    height,
    view: { stroke: chartColors.grid },
    layer: [
      {
        data: { values: others },
        mark: {
          type: "point",
          shape: "cross",
          filled: true,
          size: 22,
          color: chartColors.axis,
          opacity: 0.8,
        },
        encoding: { x, y },
      },
      {
        data: { values: points.filter(({ r }) => r === null) },
        transform: tooltipTransform(columns),
        mark: {
          type: "point",
          filled: false,
          size: 34,
          color: chartColors.muted,
          strokeWidth: 1.2,
          opacity: 0.8,
        },
        encoding: { x, y, tooltip },
      },
      {
        data: { values: ranked },
        transform: tooltipTransform(columns),
        mark: {
          type: "point",
          filled: true,
          size: ranked.length > 100 ? 44 : 70,
          stroke: chartColors.background,
          strokeWidth: 0.6,
          opacity: 0.95,
        },
        encoding: {
          x,
          y,
          tooltip,
          color: rankColor,
        },
      },
      {
        data: { values: ranked.slice(-1) },
        transform: tooltipTransform(columns),
        mark: bestMark(120),
        encoding: { x, y, tooltip },
      },
    ],
  };
}
