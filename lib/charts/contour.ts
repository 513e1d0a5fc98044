import type { StudyView } from "../records/mod.ts";
import { choicesOf } from "../space/mod.ts";
import { type ChartRow, type Column, fieldsOf } from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { leadingParameters } from "./_pairs.ts";
import { checkParameters, rankedTrials } from "./_parameters.ts";
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
import { count, shorten } from "./_text.ts";
import { axisDomain, clamp, round } from "./_scale.ts";
import { drawnSurrogate, surrogateNote } from "./_surrogate.ts";
import { placesOver, planeOf, spanOf } from "./_plane.ts";
import { planePart } from "./_plane_plot.ts";

/** Options of {@linkcode contourChart}. */
export interface ContourOptions {
  /** The title. Defaults to `"<objective> over <x> and <y>, <study>"`. */
  readonly title?: string;
  /** The two parameters: the horizontal one, the vertical one. Defaults to the two most important. */
  readonly parameters?: readonly string[];
  /** The height of the plot in pixels, 80 to 2000. Defaults to `340`. */
  readonly height?: number;
}

/** What {@linkcode contourRows} gives. */
export interface ContourRows {
  /** The parameter's name of the fields `f0` and `f1`. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * What the surrogate expects: `x` and `y` the place, of numbers with the other
   * side in `x2` and `y2`, and `m` the mean. Where one of the two is not used
   * there is no row.
   */
  readonly cells: readonly ChartRow[];
  /** Complete trials that use both, the best last: `n`, `v`, `f0`, `f1`. */
  readonly points: readonly ChartRow[];
  /** How many complete trials do not use both parameters. */
  readonly unused: number;
  /** How many complete trials were left out. */
  readonly omitted: number;
  /** The number of the best trial; null without one. It may not use both parameters. */
  readonly best: number | null;
  /** The lowest and the highest mean; null without cells. */
  readonly range: readonly [number, number] | null;
}

/**
 * The data of {@linkcode contourChart}: at most 1,000 cells and 1,500 trials.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not two.
 *
 * @example
 * ```ts
 * import { contourRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1), y: float(0, 1) }), trials: [] };
 * contourRows(view).cells; // []
 * ```
 */
export function contourRows(
  view: StudyView,
  options: ContourOptions = {},
): ContourRows {
  check(view, options);
  const { columns: _columns, ...rows } = contourData(view, options);
  return rows;
}

function contourData(
  view: StudyView,
  options: ContourOptions,
): ContourRows & { readonly columns: readonly Column[] } {
  const plane = planeOf(view, leadingParameters(view, options.parameters, 2));
  const { columns, ...shown } = plane;
  const [first, second] = columns;
  const cells = rankedTrials(view).length < 2 ||
      first === undefined || second === undefined
    ? []
    : expectedOver(view, [first, second]);
  return {
    columns,
    fields: fieldsOf(columns),
    cells,
    ...shown,
    range: spanOf(cells.map(({ m }) => Number(m))),
  };
}

function expectedOver(
  view: StudyView,
  pair: readonly [Column, Column],
): readonly ChartRow[] {
  const surrogate = drawnSurrogate(view);
  const { rows, points } = placesOver(view, surrogate, pair);
  const { mean } = surrogate.process.predict(points);
  return rows.map((row, i) => ({
    ...row,
    m: round(clamp(surrogate.toObjective({ mean: mean[i]!, sd: 0 }).mean), 5),
  }));
}

/**
 * What the surrogate expects over two parameters, the others as the best trial
 * has them: the darker, the better. Trials stand on it as points; where there are
 * none, the surrogate guesses.
 *
 * @param view The study.
 * @param options Which parameters, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not two.
 *
 * @example
 * ```ts
 * import { contourChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1), y: float(0, 1) }), trials: [] };
 * contourChart(view).title; // "loss over x and y, demo"
 * ```
 */
export function contourChart(
  view: StudyView,
  options: ContourOptions = {},
): Chart {
  check(view, options);
  const { height = 340 } = options;
  return chartOf("Contour", options, () => {
    const data = contourData(view, options);
    const { columns, cells, unused, omitted } = data;
    const over = columns.map(({ title }) => shorten(title, 30)).join(" and ");
    const notes = [
      countStates(view),
      unused > 0 ? `${count(unused, "trial")} without both of them` : "",
      omittedNote(omitted),
      columns.some(({ labels, parameter }) =>
          labels !== null && labels.length < choicesOf(parameter)!.length
        )
        ? "the choices of the best trials"
        : "",
      cells.length > 0 ? surrogateNote(view) : "",
    ];
    const hint =
      `color: what the surrogate expects, the other parameters as in the best trial; points: trials${
        data.points.some(({ k }) => k !== undefined)
          ? ", triangles: not feasible"
          : ""
      }`;
    return {
      title: `${objectiveOf(view).name} over ${over}, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: [...notes, bestLine(view)],
      subtitle: [joinNotes(notes), hint],
      message: columns.length < 2
        ? "The space has only one parameter: there is no pair to show"
        : cells.length > 0
        ? null
        : rankedTrials(view).length < 2
        ? nothingYet(
          view,
          `Fewer than two trials have a finite value yet: ${countStates(view)}`,
        )
        : "These two parameters are never used together",
      part: () => map(view, data, height),
    };
  });
}

function check(view: StudyView, options: ContourOptions): void {
  const chart = "contour";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    height: "height",
  });
  checkParameters(chart, view, options.parameters, 2);
  if (options.parameters?.length === 1) {
    throw new RangeError(
      `Cannot draw the ${chart}: 1 parameter is named, expected 2`,
    );
  }
}

function map(
  view: StudyView,
  data: ReturnType<typeof contourData>,
  height: number,
): Part {
  const { name, direction } = objectiveOf(view);
  const [low, high] = data.range!;
  return planePart(view, data, {
    height,
    color: {
      field: "m",
      type: "quantitative",
      title: [shorten(name, 22), "expected"],
      scale: {
        // A range without width, or of a last digit, has no colors.
        domain: high - low > Math.max(Math.abs(high) * 1e-9, 1e-280)
          ? [low, high]
          : axisDomain(low, high, false),
        range: direction === "minimize"
          ? chartColors.ramp.toReversed()
          : chartColors.ramp,
      },
      legend: { gradientLength: Math.min(180, height - 80), tickCount: 5 },
    },
    tooltip: [{ field: "m", type: "quantitative", title: "expected" }],
  });
}
