import { diagnosedCurves, diagnoseTrial } from "../curves/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import { chooseTrials } from "./_curve_rows.ts";
import { evenly } from "./_downsample.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { splitPoints } from "./_split_points.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  noCurveYet,
  nothingYet,
  type Part,
} from "./_spec.ts";
import { cleanText, count, formatNumber, shorten } from "./_text.ts";
import { axisDomain, curveRange, stepDomain } from "./_scale.ts";

/** Options of {@linkcode curveGridChart}. */
export interface CurveGridOptions {
  /** The title. Defaults to `"Curves and what they show, <study>"`. */
  readonly title?: string;
  /** The numbers of the trials, at most 24. Defaults to the eight best and the four latest. */
  readonly trials?: readonly number[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `96`. */
  readonly height?: number;
}

/** A trial's curves in a grid. */
export interface CurveGridPanel {
  /** The trial's number. */
  readonly trial: number;
  /** The trial in a few words: number, value or state. */
  readonly label: string;
  /** What the curves show: the main finding; `"nothing wrong to be seen"` without one. */
  readonly finding: string;
  /** Whether there is a finding. */
  readonly isFound: boolean;
  /** What is drawn, e.g. `"loss"`. */
  readonly quantity: string;
  /** The points: `s` `"train"` or `"validation"`, `g` the piece of line, `x` the step, `y` the value. */
  readonly points: readonly ChartRow[];
}

/** What {@linkcode curveGridRows} gives. */
export interface CurveGridRows {
  /** The panels, by number. */
  readonly panels: readonly CurveGridPanel[];
  /** How many further trials have curves. */
  readonly omitted: number;
}

const usualPanels = 12;
const mostPanels = 24;
/** How many trials each one is read beside. */
const mostOthers = 300;
/** The most points of one curve. */
const mostPoints = 80;

/**
 * The data of {@linkcode curveGridChart}: at most 80 points a curve.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial of a number given, or more than 24 are named.
 *
 * @example
 * ```ts
 * import { curveGridRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * curveGridRows(view).panels; // []
 * ```
 */
export function curveGridRows(
  view: StudyView,
  options: CurveGridOptions = {},
): CurveGridRows {
  check(view, options);
  const wanted = options.trials === undefined ? null : new Set(options.trials);
  const trials = wanted === null
    ? chooseTrials(view, usualPanels)
    : view.trials.filter(({ number }) => wanted.has(number));
  // Some hundred others show what is usual as well as all.
  const others = evenly(view.trials, mostOthers);
  const beside = { ...view, trials: others };
  const panels = trials.flatMap((trial) => panelOf(beside, trial) ?? []);
  const withCurves = view.trials.filter(({ curves }) => curves.size > 0).length;
  return {
    panels,
    omitted: wanted === null ? Math.max(0, withCurves - panels.length) : 0,
  };
}

function panelOf(view: StudyView, trial: TrialRecord): CurveGridPanel | null {
  const { quantity, train, validation } = diagnosedCurves(view, trial);
  const points = splitPoints({ train, validation }, mostPoints);
  if (points.length === 0) return null;
  const { main } = diagnoseTrial(view, trial);
  const { number, state, value } = trial;
  return {
    trial: number,
    label: `trial ${number}: ${
      state === "complete" && value !== null ? formatNumber(value) : state
    }`,
    finding: main?.kind ?? "nothing wrong to be seen",
    isFound: main != null,
    quantity: cleanText(quantity ?? "value"),
    points,
  };
}

/**
 * The curves of many trials beside each other, each with what it shows in a few
 * words: how trainings go wrong, at a glance. All plots of a quantity have the
 * same scale.
 *
 * @param view The study.
 * @param options Which trials, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial of a number given, or more than 24 are named.
 *
 * @example
 * ```ts
 * import { curveGridChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * curveGridChart(view).title; // "Curves and what they show, demo"
 * ```
 */
export function curveGridChart(
  view: StudyView,
  options: CurveGridOptions = {},
): Chart {
  check(view, options);
  const { height = 96 } = options;
  return chartOf("Curves and what they show", options, () => {
    const { panels, omitted } = curveGridRows(view, options);
    const notes = joinNotes([
      countStates(view),
      options.trials === undefined && omitted > 0
        ? `the best and the latest; ${
          count(omitted, "trial")
        } with curves not shown`
        : "",
    ]);
    return {
      title: `Curves and what they show, ${view.name}`,
      lines: [
        notes,
        ...panels.map(({ label, finding }) => `${label}: ${finding}`),
      ],
      subtitle: [notes],
      message: panels.length > 0 ? null : nothingYet(view, noCurveYet),
      part: () => grid(panels, height),
    };
  });
}

function check(view: StudyView, options: CurveGridOptions): void {
  const chart = "grid of curves";
  checkOptions(chart, options, {
    title: "text",
    trials: "numbers",
    height: "height",
  });
  const { trials } = options;
  if (trials === undefined) return;
  if (trials.length > mostPanels) {
    throw new RangeError(
      `Cannot draw the ${chart}: ${trials.length} trials are named, expected at most ${mostPanels}`,
    );
  }
  const known = new Set(view.trials.map(({ number }) => number));
  const missing = trials.find((number) => !known.has(number));
  if (missing !== undefined) {
    throw new RangeError(
      `Cannot draw the ${chart}: the study has no trial ${missing}`,
    );
  }
}

const columnsPerRow = 4;

function grid(panels: readonly CurveGridPanel[], height: number): Part {
  const perRow = Math.min(columnsPerRow, panels.length);
  const width = Math.floor((chartWidth + 40) / columnsPerRow) - 34;
  const xs = panels.flatMap(({ points }) => points.map(({ x }) => Number(x)));
  const steps = stepDomain(
    xs.reduce((a, b) => Math.min(a, b)),
    xs.reduce((a, b) => Math.max(a, b)),
  );
  const splits = ["validation", "train"].filter((split) =>
    panels.some(({ points }) => points.some(({ s }) => s === split))
  );
  const color = {
    field: "s",
    type: "nominal",
    title: null,
    scale: {
      domain: splits,
      range: splits.map((split) =>
        split === "train" ? chartColors.muted : chartColors.complete
      ),
    },
    legend: splits.length === 1 ? null : {
      orient: "top",
      symbolType: "stroke",
      symbolStrokeWidth: 3,
    },
  };
  const domains = new Map(
    panels.map(({ quantity }) => [
      quantity,
      curveRange(
        panels.filter((panel) => panel.quantity === quantity)
          .flatMap(({ points }) => points.map(({ y }) => Number(y))),
      )!,
    ]),
  );
  const concat = panels.map(
    ({ label, finding, isFound, quantity, points }, index) => {
      const x = {
        field: "x",
        type: "quantitative",
        title: index >= panels.length - perRow ? "step" : null,
        scale: { domain: steps, nice: false },
        axis: { grid: false, tickMinStep: 1, tickCount: 3 },
      };
      const y = {
        field: "y",
        type: "quantitative",
        title: index % columnsPerRow === 0 || domains.size > 1
          ? shorten(quantity, 18)
          : null,
        scale: {
          domain: axisDomain(...domains.get(quantity)!, false),
          zero: false,
          nice: false,
        },
        axis: { domain: false, ticks: false, tickCount: 3 },
      };
      return {
        width,
        height,
        title: {
          text: label,
          subtitle: shorten(finding, 24),
          fontSize: 11.5,
          subtitleFontSize: 11,
          subtitlePadding: 2,
          offset: 6,
          frame: "group",
          // Words say what is wrong; the color only helps to find them.
          subtitleColor: isFound ? chartColors.best : chartColors.muted,
        },
        data: { values: points },
        layer: [
          {
            mark: { type: "line", strokeWidth: 1.6, clip: true },
            encoding: { x, y, color, detail: { field: "g" } },
          },
          ...(points.length < 8
            ? [{
              mark: { type: "point", filled: true, size: 18, clip: true },
              encoding: { x, y, color },
            }]
            : []),
        ],
      };
    },
  );
  return {
    columns: perRow,
    spacing: { row: 16, column: 14 },
    concat,
  };
}
