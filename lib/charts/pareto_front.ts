import { nonDominatedSort } from "../math/mod.ts";
import type { Objective, StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import { kindOf, presentKinds, valueAxis } from "./_encodings.ts";
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
import { objectiveRange, titleOf, valuedTrials } from "./_objectives.ts";
import { panelsHere } from "./_room.ts";
import { checkOptions } from "./_options.ts";
import { axisDomain, round } from "./_scale.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  noValueYet,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText, count, formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode paretoFrontChart}. */
export interface ParetoFrontOptions {
  /** The title. Defaults to `"Trade-offs of <study>"`. */
  readonly title?: string;
  /** The names of the objectives shown, 2 to 4; the front is that of all. Defaults to the first 4. */
  readonly objectives?: readonly string[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `340` for two objectives, `190` for more. */
  readonly height?: number;
}

/** What {@linkcode paretoFrontRows} gives. */
export interface ParetoFrontRows {
  /** The objectives shown. */
  readonly objectives: readonly Objective[];
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Complete trials: `n` the number, `v0`, `v1`, … the values of the objectives
   * shown, `k` `"on the front"` or `"dominated"`, `r` how many layers of others
   * stand before it, and the parameters. Those on the front last.
   */
  readonly points: readonly ChartRow[];
  /** How many trials nothing dominates. */
  readonly front: number;
  /** How many complete trials were left out; none of the front before others. */
  readonly omitted: number;
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
): ParetoFrontRows & { readonly columns: readonly Column[] } {
  const columns = columnsOf(view);
  const shown =
    options.objectives?.map((name) =>
      view.objectives.findIndex((objective) => objective.name === name)
    ) ?? [...view.objectives.keys()].slice(0, mostObjectives);
  const valued = valuedTrials(view);
  const ranks = nonDominatedSort(valued.map(({ losses }) => losses));
  const all = valued.map((one, i) => ({ ...one, rank: ranks[i]! }));
  const front = all.filter(({ rank }) => rank === 0);
  const most = rowBudget(columns.length + shown.length, 480_000, mostPoints);
  const kept = evenly(front, most);
  const others = evenly(
    all.filter(({ rank }) => rank > 0),
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
      k: rank === 0 ? onFront : dominated,
      r: rank,
      ...cellsOf(columns, trial),
    })),
    front: front.length,
    omitted: all.length - others.length - kept.length,
  };
}

const onFront = "on the front";
const dominated = "dominated";

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

const kinds = {
  [onFront]: chartColors.best,
  [dominated]: chartColors.complete,
};

/** Every pair of objectives, linked by a brush. */
function pairsPart(
  view: StudyView,
  data: ReturnType<typeof paretoData>,
  height: number,
): Part {
  const pairs = data.objectives.flatMap((_, i) =>
    data.objectives.slice(i + 1).map((_, j) => [i, i + 1 + j] as const)
  );
  const perRow = panelsHere(3);
  const width = Math.floor((chartWidth - 60 * (perRow - 1)) / perRow);
  const concat = pairs.map((pair) =>
    pairPart(view, data, pair, { width, height, brush: true })
  );
  return {
    datasets: { trials: data.points },
    params: [{
      name: "brush",
      select: {
        type: "interval",
        resolve: "global",
        mark: { fill: chartColors.best, fillOpacity: 0.15 },
      },
      views: pairs.map(nameOf),
    }],
    columns: perRow,
    spacing: { row: 18, column: 16 },
    concat,
  };
}

function nameOf([a, b]: readonly [number, number]): string {
  return `pair_${a}_${b}`;
}

/** Two objectives. */
function pairPart(
  view: StudyView,
  { points, objectives, columns }: ReturnType<typeof paretoData>,
  pair: readonly [number, number],
  { width, height, brush = false }: {
    readonly width: number;
    readonly height: number;
    readonly brush?: boolean;
  },
): Part {
  const [first, second] = [objectives[pair[0]]!, objectives[pair[1]]!];
  const domainOf = (objective: Objective, k: number) =>
    axisDomain(
      ...objectiveRange(objective, points.map((row) => Number(row[`v${k}`]))),
      false,
    );
  const domains = [
    domainOf(first, pair[0]),
    domainOf(second, pair[1]),
  ] as const;
  const letters = brush ? 20 : 60;
  const clamped = (encoding: Part): Part => ({
    ...encoding,
    scale: { ...(encoding as { scale: Part }).scale, clamp: true },
  });
  const x = clamped(valueAxis({
    field: `v${pair[0]}`,
    title: titleOf(first, letters),
    domain: domains[0],
    horizontal: true,
    ...(brush ? { tickCount: 4 } : {}),
  }));
  const y = clamped(valueAxis({
    field: `v${pair[1]}`,
    title: titleOf(second, brush ? 16 : 40),
    domain: domains[1],
    ...(brush ? { tickCount: 5 } : {}),
  }));
  const color = kindOf("k", presentKinds(kinds, points.map(({ k }) => k)));
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    ...objectives.map(({ name }, k) => ({
      field: `v${k}`,
      title: cleanText(name),
    })),
    { field: "r", title: "fronts before it" },
  ], columns);
  const usual = (opacity: number) =>
    brush
      ? { condition: { param: "brush", value: opacity }, value: 0.07 }
      : { value: opacity };
  const data = brush ? { name: "trials" } : { values: points };
  const line = points.filter(({ k }) => k === onFront)
    .toSorted((a, b) => Number(a[`v${pair[0]}`]) - Number(b[`v${pair[0]}`]))
    .map((row) => ({
      [`v${pair[0]}`]: row[`v${pair[0]}`]!,
      [`v${pair[1]}`]: row[`v${pair[1]}`]!,
    }));
  const crowd = points.length > 300;
  const point = { type: "point", filled: true };
  return {
    width,
    height,
    layer: [
      {
        ...(brush ? { name: nameOf(pair) } : {}),
        data,
        transform: [
          { filter: `datum.k === '${dominated}'` },
          ...tooltipTransform(columns),
        ],
        mark: { ...point, size: crowd ? 18 : 34 },
        encoding: { x, y, color, tooltip, opacity: usual(crowd ? 0.45 : 0.7) },
      },
      ...(view.objectives.length === 2
        ? [{
          data: { values: line },
          mark: {
            type: "line",
            // The corner between two of them lies on the side of the worse.
            interpolate: first.direction === "minimize"
              ? "step-after"
              : "step-before",
            color: chartColors.best,
            strokeWidth: 1.5,
            opacity: 0.7,
          },
          encoding: { x, y },
        }]
        : []),
      {
        data,
        transform: [
          { filter: `datum.k === '${onFront}'` },
          ...tooltipTransform(columns),
        ],
        mark: {
          ...point,
          size: brush ? 34 : 60,
          stroke: chartColors.background,
          strokeWidth: 1,
        },
        encoding: { x, y, color, tooltip, opacity: usual(1) },
      },
      ...(brush ? [] : [{
        // Which corner is the good one.
        data: { values: [{ t: "better" }] },
        mark: {
          type: "text",
          color: chartColors.muted,
          fontStyle: "italic",
          fontSize: 11,
          x: first.direction === "minimize" ? 6 : width - 6,
          y: second.direction === "minimize" ? height - 10 : 10,
          align: first.direction === "minimize" ? "left" : "right",
        },
        encoding: {
          text: { value: arrows[second.direction][first.direction] },
        },
      }]),
    ],
  };
}

/** Toward which corner values are better: of the second objective, then the first. */
const arrows = {
  minimize: { minimize: "↙ better", maximize: "better ↘" },
  maximize: { minimize: "↖ better", maximize: "better ↗" },
} as const;
