import { nonDominatedSort } from "../math/mod.ts";
import { isFeasible, type StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import { cellsOf, columnsOf, fieldsOf, rowBudget } from "./_field.ts";
import { titleOf, valuedTrials } from "./_objectives.ts";
import { checkOptions } from "./_options.ts";
import { round } from "./_scale.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  noValueYet,
  omittedNote,
} from "./_spec.ts";
import { count, formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartWidth } from "./theme.ts";
import {
  dominated,
  notFeasible,
  onFront,
  pairPart,
  pairsPart,
  type ParetoFrontData,
  type ParetoFrontRows,
} from "./_pareto_plot.ts";

export type { ParetoFrontRows } from "./_pareto_plot.ts";

/** Options of {@linkcode paretoFrontChart}. */
export interface ParetoFrontOptions {
  /** The title. Defaults to `"Trade-offs of <study>"`. */
  readonly title?: string;
  /** The names of the objectives shown, 2 to 4; the front is that of all. Defaults to the first 4. */
  readonly objectives?: readonly string[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `340` for two objectives, `190` for more. */
  readonly height?: number;
}

const mostObjectives = 4;
const mostPoints = 1500;

/**
 * The data of {@linkcode paretoFrontChart}: at most 1,500 trials.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If an objective named is not one of the study's or named twice, or there are not 2 to 4.
 *
 * @example
 * ```ts
 * import { float, maximize, minimize, paretoFrontRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss"), maximize("speed")], space: space({ x: float(0, 1) }), trials: [] };
 * paretoFrontRows(view).front; // 0
 * ```
 */
export function paretoFrontRows(
  view: StudyView,
  options: ParetoFrontOptions = {},
): ParetoFrontRows {
  check(view, options);
  const { columns: _columns, ...rows } = paretoData(view, options);
  return rows;
}

function paretoData(
  view: StudyView,
  options: ParetoFrontOptions,
): ParetoFrontData {
  const columns = columnsOf(view);
  const shown =
    options.objectives?.map((name) =>
      view.objectives.findIndex((objective) => objective.name === name)
    ) ?? [...view.objectives.keys()].slice(0, mostObjectives);
  const valued = valuedTrials(view);
  const feasible = valued.filter(({ trial }) => isFeasible(trial));
  const ranks = nonDominatedSort(feasible.map(({ losses }) => losses));
  const all = [
    ...valued.filter(({ trial }) => !isFeasible(trial))
      .map((one) => ({ ...one, rank: null })),
    ...feasible.map((one, i) => ({ ...one, rank: ranks[i]! })),
  ];
  const front = all.filter(({ rank }) => rank === 0);
  const most = rowBudget(columns.length + shown.length, 480_000, mostPoints);
  const kept = evenly(front, most);
  const others = evenly(
    all.filter(({ rank }) => rank !== 0),
    Math.max(0, most - kept.length),
  );
  return {
    objectives: shown.map((index) => view.objectives[index]!),
    columns,
    fields: fieldsOf(columns),
    points: [...others, ...kept].map(({ trial, values, rank }) => ({
      n: trial.number,
      ...Object.fromEntries(
        shown.map((index, k) => [`v${k}`, round(values[index]!, 7)]),
      ),
      k: rank === null ? notFeasible : rank === 0 ? onFront : dominated,
      r: rank,
      ...cellsOf(columns, trial),
    })),
    front: front.length,
    omitted: all.length - others.length - kept.length,
  };
}

/**
 * The trade-offs between several objectives: each trial by its values, those that
 * nothing dominates in orange, joined by the line of what has been reached. Of
 * three or four objectives there is a plot for each pair; dragging over one
 * finds the same trials in the others.
 *
 * @param view The study.
 * @param options Which objectives, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If an objective named is not one of the study's or named twice, or there are not 2 to 4.
 *
 * @example
 * ```ts
 * import { float, maximize, minimize, paretoFrontChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss"), maximize("speed")], space: space({ x: float(0, 1) }), trials: [] };
 * paretoFrontChart(view).title; // "Trade-offs of demo"
 * ```
 */
export function paretoFrontChart(
  view: StudyView,
  options: ParetoFrontOptions = {},
): Chart {
  check(view, options);
  return chartOf("Trade-offs", options, () => {
    const data = paretoData(view, options);
    const { front, omitted, objectives, points } = data;
    const isSeveral = view.objectives.length > 1;
    return {
      title: `Trade-offs of ${view.name}`,
      heading: `: ${objectives.map((one) => titleOf(one, 60)).join(", ")}`,
      lines: [
        countStates(view),
        isSeveral && points.length > 0
          ? `${count(front, "trial")} that no other beats in every objective`
          : "",
        isSeveral ? objectives.map((_, k) => endsOf(data, k)).join("; ") : "",
        omittedNote(omitted),
      ],
      subtitle: [
        joinNotes([
          countStates(view),
          `${front} on the front, unbeaten`,
          omittedNote(omitted),
        ]),
        objectives.length > 2
          ? "drag over points to find them in the other plots, double-click to clear"
          : "",
      ],
      message: !isSeveral
        ? "This study has one objective: there is nothing to trade off"
        : points.length === 0
        ? noValueYet(view)
        : null,
      part: () =>
        objectives.length === 2
          ? pairPart(view, data, [0, 1], {
            width: chartWidth,
            height: options.height ?? 340,
          })
          : pairsPart(view, data, options.height ?? 190),
    };
  });
}

/** From where to where the front goes in an objective. */
function endsOf({ points, objectives }: ParetoFrontRows, k: number): string {
  const values = points.filter((row) => row.k === onFront)
    .map((row) => Number(row[`v${k}`]));
  if (values.length === 0) return "";
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return `${shorten(objectives[k]!.name, 40)} from ${formatNumber(low)} to ${
    formatNumber(high)
  }`;
}

function check(view: StudyView, options: ParetoFrontOptions): void {
  const chart = "trade-offs";
  checkOptions(chart, options, {
    title: "text",
    objectives: "texts",
    height: "height",
  });
  const { objectives: names } = options;
  if (names === undefined) return;
  const known = view.objectives.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot draw the ${chart}: there is no objective ${
        JSON.stringify(unknown)
      }; the study has ${known.map((name) => JSON.stringify(name)).join(", ")}`,
    );
  }
  if (
    new Set(names).size < names.length || names.length < 2 ||
    names.length > mostObjectives
  ) {
    throw new RangeError(
      `Cannot draw the ${chart}: the objectives named are ${
        names.map((name) => JSON.stringify(name)).join(", ")
      }, expected 2 to ${mostObjectives} different ones`,
    );
  }
}
