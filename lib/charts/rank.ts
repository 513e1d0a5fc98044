import type { StudyView } from "../records/mod.ts";
import { bestLine } from "./_history.ts";
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
import { leadingParameters } from "./_pairs.ts";
import { parameterAxis, verticalAxis } from "./_parameter_axis.ts";
import { checkParameters, rankedTrials, thinTrials } from "./_parameters.ts";
import { rankColor } from "./_rank_color.ts";
import type { Chart } from "./chart.ts";
import { chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  noValueYet,
  objectiveOf,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText } from "./_text.ts";
import { round } from "./_scale.ts";
import { bestMark } from "./_encodings.ts";

/** Options of {@linkcode rankChart}. */
export interface RankOptions {
  /** The title. Defaults to `"Ranks by parameters, <study>"`. */
  readonly title?: string;
  /** The names of the parameters to pair, 2 to 4. Defaults to the three most important. */
  readonly parameters?: readonly string[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `190`. */
  readonly height?: number;
}

/** What {@linkcode rankRows} gives. */
export interface RankRows {
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Complete trials, the best last: `n` the number, `v` the value, `r` the share
   * of the others that are worse, 0 to 1, and the parameters, null where not used.
   */
  readonly points: readonly ChartRow[];
  /** How many complete trials were left out. */
  readonly omitted: number;
}

const usualParameters = 3;
const mostParameters = 4;

/**
 * The data of {@linkcode rankChart}: at most 1,500 trials, half of them the
 * best, the others spread over the ranks.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not 2 to 4.
 *
 * @example
 * ```ts
 * import { float, minimize, rankRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1), y: float(0, 1) }), trials: [] };
 * rankRows(view).points; // []
 * ```
 */
export function rankRows(view: StudyView, options: RankOptions = {}): RankRows {
  check(view, options);
  const { columns: _columns, ...rows } = rankData(view, options);
  return rows;
}

function rankData(
  view: StudyView,
  options: RankOptions,
): RankRows & { readonly columns: readonly Column[] } {
  const names = leadingParameters(view, options.parameters, usualParameters);
  const columns = columnsOf(view, names);
  const ranked = rankedTrials(view);
  // Equal values share the middle of their places.
  const shares = new Map<number, number>();
  for (let from = 0; from < ranked.length;) {
    let to = from;
    while (
      to + 1 < ranked.length && ranked[to + 1]!.value === ranked[from]!.value
    ) to++;
    for (let i = from; i <= to; i++) {
      shares.set(
        ranked[i]!.number,
        ranked.length === 1 ? 1 : (from + to) / 2 / (ranked.length - 1),
      );
    }
    from = to + 1;
  }
  const shown = thinTrials(ranked, rowBudget(columns.length, 480_000, 1500));
  return {
    columns,
    fields: fieldsOf(columns),
    points: shown.map((trial) => ({
      n: trial.number,
      v: round(trial.value!, 7),
      r: round(shares.get(trial.number)!, 4),
      ...cellsOf(columns, trial),
    })),
    omitted: ranked.length - shown.length,
  };
}

/**
 * Where in pairs of parameters the good trials stand: a plot for each pair, its
 * points colored by rank, the best on top. Ranks do not mind outliers.
 *
 * @param view The study.
 * @param options Which parameters, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are not 2 to 4.
 *
 * @example
 * ```ts
 * import { float, minimize, rankChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1), y: float(0, 1) }), trials: [] };
 * rankChart(view).title; // "Ranks by parameters, demo"
 * ```
 */
export function rankChart(view: StudyView, options: RankOptions = {}): Chart {
  check(view, options);
  const { height = 190 } = options;
  return chartOf("Ranks by parameters", options, () => {
    const data = rankData(view, options);
    const { columns, points, omitted } = data;
    const { direction, name } = objectiveOf(view);
    const notes = [
      countStates(view),
      options.parameters === undefined &&
        columns.length < view.space.dimension
        ? `the ${columns.length} most important of ${view.space.dimension} parameters`
        : "",
      omittedNote(omitted),
    ];
    return {
      title: `Ranks by parameters, ${view.name}`,
      heading: ` (${direction} ${cleanText(name)})`,
      lines: [...notes, bestLine(view)],
      subtitle: [joinNotes(notes)],
      message: columns.length < 2
        ? "The space has only one parameter: there is no pair to show"
        : points.length > 0
        ? null
        : noValueYet(view),
      part: () => pairs(view, data, height),
    };
  });
}

function check(view: StudyView, options: RankOptions): void {
  const chart = "ranks";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    height: "height",
  });
  checkParameters(chart, view, options.parameters, mostParameters);
  if (options.parameters?.length === 1) {
    throw new RangeError(
      `Cannot draw the ${chart}: 1 parameter is named, expected 2 to ${mostParameters}`,
    );
  }
}

/** A plot a pair, three in a row. */
function pairs(
  view: StudyView,
  { columns, points }: ReturnType<typeof rankData>,
  height: number,
): Part {
  const all = columns.flatMap((first, i) =>
    columns.slice(i + 1).map((second) => [first, second] as const)
  );
  const perRow = Math.min(3, all.length);
  const width = Math.floor((chartWidth + 90 - 72 * perRow) / perRow);
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "v", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const concat = all.map(([first, second]) => {
    const x = parameterAxis(first, width);
    const y = verticalAxis(second, height);
    return {
      width,
      height,
      data: { name: "trials" },
      transform: [
        {
          filter:
            `isValid(datum.${first.field}) && isValid(datum.${second.field})`,
        },
        ...tooltipTransform(columns),
      ],
      layer: [
        {
          mark: {
            type: "point",
            filled: true,
            size: points.length > 300 ? 22 : 46,
            opacity: points.length > 300 ? 0.75 : 0.9,
          },
          encoding: {
            x,
            y,
            tooltip,
            color: rankColor,
          },
        },
        {
          transform: [{ filter: `datum.n === ${points.at(-1)!.n}` }],
          mark: bestMark(85),
          encoding: { x, y, tooltip },
        },
      ],
    };
  });
  return {
    datasets: { trials: points },
    columns: perRow,
    spacing: { row: 18, column: 16 },
    concat,
  };
}
