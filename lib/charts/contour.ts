import { bestTrial, type StudyView, type TrialRecord } from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  fromUnit,
  type ParameterValue,
} from "../space/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";
import {
  cellsOf,
  type ChartCell,
  type ChartRow,
  type Column,
  columnsOf,
  fieldsOf,
  rowBudget,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { leadingParameters } from "./_pairs.ts";
import { parameterAxis, verticalAxis } from "./_parameter_axis.ts";
import { checkParameters, rankedTrials, thinTrials } from "./_parameters.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  nothingYet,
  objectiveOf,
  omittedNote,
  type Part,
} from "./_spec.ts";
import { cleanText, count, shorten } from "./_text.ts";
import { axisDomain, clamp, round } from "./_scale.ts";

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

/** How many places along a number. */
const places = 30;
/** How many places in all. */
const mostPlaces = 1000;
/** How many choices an axis has room for. */
const mostLabels = 24;
/** What the surrogate learns from. */
const mostTrials = 150;

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
  const names = leadingParameters(view, options.parameters, 2);
  const all = rankedTrials(view);
  const whole = columnsOf(view, names);
  const columns = whole.map((column) => withLeadingLabels(column, all));
  const [first, second] = columns;
  const uses = all.filter(({ params }) =>
    whole.every((column) => column.cell(params) !== null)
  );
  const using = uses.filter(({ params }) =>
    columns.every(({ labels, cell }) =>
      labels === null || labels.includes(String(cell(params)))
    )
  );
  const shown = thinTrials(using, rowBudget(2, 400_000, 1500));
  const cells = all.length < 2 || first === undefined || second === undefined
    ? []
    : cellsAround(view, first, second);
  const means = cells.map(({ m }) => Number(m));
  return {
    columns,
    fields: fieldsOf(columns),
    cells,
    points: shown.map((trial) => ({
      n: trial.number,
      v: round(trial.value!, 7),
      ...cellsOf(columns, trial),
    })),
    unused: all.length - uses.length,
    omitted: uses.length - shown.length,
    best: all.at(-1)?.number ?? null,
    range: means.length === 0 ? null : [
      means.reduce((a, b) => Math.min(a, b)),
      means.reduce((a, b) => Math.max(a, b)),
    ],
  };
}

/** Of very many choices, those of the best trials, in their order. */
function withLeadingLabels(
  column: Column,
  ranked: readonly TrialRecord[],
): Column {
  const { labels, cell } = column;
  if (labels === null || labels.length <= mostLabels) return column;
  const best = new Set<unknown>();
  for (const { params } of ranked.toReversed()) {
    const label = cell(params);
    if (label !== null && best.size < mostLabels) best.add(label);
  }
  return {
    ...column,
    labels: best.size === 0
      ? labels.slice(0, mostLabels)
      : labels.filter((label) => best.has(label)),
  };
}

/** A step along an axis: what the surrogate is asked, and what is drawn. */
interface Step {
  readonly value: ParameterValue;
  readonly from: ChartCell;
  readonly to: ChartCell;
}

function stepsOf(column: Column, most: number): readonly Step[] {
  const { parameter, low, high, log } = column;
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return choices.flatMap((value): Step[] => {
      const from = column.cell({ [parameter.name]: value });
      return from === null || !column.labels!.includes(String(from))
        ? []
        : [{ value, from, to: null }];
    }).slice(0, most);
  }
  const at = (share: number) =>
    round(
      log
        ? Math.exp(Math.log(low) * (1 - share) + Math.log(high) * share)
        : low * (1 - share) + high * share,
    );
  return Array.from({ length: most }, (_, k) => ({
    value: fromUnit(parameter, (k + 0.5) / most),
    from: at(k / most),
    to: at((k + 1) / most),
  }));
}

function cellsAround(
  view: StudyView,
  first: Column,
  second: Column,
): readonly ChartRow[] {
  const { space } = view;
  const wide = stepsOf(first, first.labels === null ? places : mostLabels);
  const high = stepsOf(
    second,
    Math.floor(
      Math.min(
        second.labels === null ? places : mostLabels,
        mostPlaces / wide.length,
      ),
    ),
  );
  const surrogate = fitSurrogate(view, { maxTrials: mostTrials });
  const pair = [first.parameter.name, second.parameter.name];
  const rest = othersOf(view, pair);
  const middle = new Float64Array(space.dimension).fill(0.5);
  const found: { row: Record<string, ChartCell>; point: Float64Array }[] = [];
  for (const a of wide) {
    for (const b of high) {
      const fixed = { ...rest, [pair[0]!]: a.value, [pair[1]!]: b.value };
      const params = space.decode(middle, fixed);
      if (pair.some((name) => params[name] === undefined)) continue;
      found.push({
        row: {
          x: a.from,
          y: b.from,
          ...(a.to === null ? {} : { x2: a.to }),
          ...(b.to === null ? {} : { y2: b.to }),
        },
        point: surrogate.features.encode(space.encode(params)),
      });
    }
  }
  const { dimension } = surrogate.features;
  const points = new Float64Array(found.length * dimension);
  found.forEach(({ point }, i) => points.set(point, i * dimension));
  const { mean } = surrogate.process.predict(points);
  return found.map(({ row }, i) => ({
    ...row,
    m: round(clamp(surrogate.toObjective({ mean: mean[i]!, sd: 0 }).mean), 5),
  }));
}

/** What the best trial has, but for the pair and all that decides whether they are used. */
function othersOf(view: StudyView, pair: readonly string[]): Configuration {
  const { space } = view;
  const free = new Set(pair);
  for (const name of free) {
    for (const { parent } of space.parameter(name).conditions) free.add(parent);
  }
  const best = bestTrial(view)?.params ?? {};
  // A configuration of before the space changed may no longer be allowed.
  return Object.fromEntries(
    Object.entries(best).filter(([name, value]) => {
      if (free.has(name) || value === undefined || !space.has(name)) {
        return false;
      }
      try {
        space.checkValue(name, value);
        return space.parameter(name).conditions
          .every(({ parent }) => !free.has(parent));
      } catch {
        return false;
      }
    }),
  );
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
    const { columns, cells, points, unused, omitted } = data;
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
    ];
    const hint =
      "color: what the surrogate expects, the other parameters as in the best trial; points: trials";
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
      part: () => plot(view, data, { height, isCrowded: points.length > 300 }),
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

function plot(
  view: StudyView,
  { columns, cells, points, range, best }: ContourRows & {
    readonly columns: readonly Column[];
  },
  { height, isCrowded }: { height: number; isCrowded: boolean },
): Part {
  const [first, second] = columns as [Column, Column];
  const width = chartWidth - 60;
  const isMinimized = objectiveOf(view).direction === "minimize";
  const banded = (axis: Part, column: Column): Part => {
    const { scale, axis: ticks, ...rest } = axis as {
      readonly scale: Part;
      readonly axis: Part;
    };
    return {
      ...rest,
      // Edges of the map, not of the axis: no rim without color.
      scale: column.labels !== null
        ? {
          type: "band",
          domain: column.labels,
          paddingInner: 0.03,
          paddingOuter: 0,
        }
        : column.low < column.high
        ? { ...scale, domain: [round(column.low), round(column.high)] }
        : scale,
      axis: { ...ticks, grid: false },
    };
  };
  const x = banded(parameterAxis(first, width), first);
  const y = banded(verticalAxis(second, height), second);
  const [low, high] = range!;
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "v", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const color = {
    field: "m",
    type: "quantitative",
    title: [shorten(objectiveOf(view).name, 22), "expected"],
    scale: {
      // A range without width, or of a last digit, has no colors.
      domain: high - low > Math.max(Math.abs(high) * 1e-9, 1e-280)
        ? [low, high]
        : axisDomain(low, high, false),
      range: isMinimized ? chartColors.ramp.toReversed() : chartColors.ramp,
    },
    legend: { gradientLength: Math.min(180, height - 80), tickCount: 5 },
  };
  const place = (axis: Part, field: string) => ({ ...axis, field });
  const filter = {
    filter: `isValid(datum.${first.field}) && isValid(datum.${second.field})`,
  };
  return {
    width,
    height,
    layer: [
      {
        data: { values: cells },
        // A little too large, or the page shines through between the cells.
        mark: { type: "rect", x2Offset: 0.6, y2Offset: -0.6 },
        encoding: {
          x: place(x, "x"),
          ...(first.labels === null ? { x2: { field: "x2" } } : {}),
          y: place(y, "y"),
          ...(second.labels === null ? { y2: { field: "y2" } } : {}),
          color,
          tooltip: [{ field: "m", type: "quantitative", title: "expected" }],
        },
      },
      {
        data: { values: points },
        transform: [filter, ...tooltipTransform(columns)],
        mark: {
          type: "point",
          filled: true,
          color: chartColors.background,
          stroke: chartColors.text,
          strokeWidth: isCrowded ? 0.5 : 0.9,
          size: isCrowded ? 14 : 32,
          opacity: isCrowded ? 0.7 : 0.9,
        },
        encoding: { x, y, tooltip },
      },
      {
        data: { values: points.filter(({ n }) => n === best) },
        transform: [filter, ...tooltipTransform(columns)],
        mark: {
          type: "point",
          filled: true,
          color: chartColors.best,
          stroke: chartColors.background,
          strokeWidth: 1.5,
          size: 110,
          opacity: 1,
        },
        encoding: { x, y, tooltip },
      },
    ],
  };
}
