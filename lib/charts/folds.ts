import {
  foldCurveName,
  foldScoresOf,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { valueAxis } from "./_encodings.ts";
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
import { axisDomain, clamp, drawable, round } from "./_scale.ts";
import { chartOf, nothingYet, objectiveTitle, type Part } from "./_spec.ts";
import { count, formatNumber } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode foldsChart}. */
export interface FoldsChartOptions {
  /** The title. Defaults to `"The folds of <study>"`. */
  readonly title?: string;
  /** Which trials, by number; those without all folds of the best are left out. Defaults to the twelve best. */
  readonly trials?: readonly number[];
  /** The height of the plot in pixels, 80 to 2000. Defaults to `280`. */
  readonly height?: number;
}

/** What {@linkcode foldsRows} gives. */
export interface FoldsRows {
  /** The parameters' names by the fields that hold their values. */
  readonly fields: Readonly<Record<string, string>>;
  /** A point a fold of a trial: `n` the trial, `x` its place, 0 the best, `f` the fold from 1, `v` the score. */
  readonly points: readonly ChartRow[];
  /** A trial each: `n` the number, `x` its place, `m` the mean, `l` and `h` a standard error below and above it, then the parameters. */
  readonly means: readonly ChartRow[];
  /** How many folds a trial has. */
  readonly folds: number;
  /** How many folds agree that the first is better than the second; NaN with one trial. */
  readonly agreeing: number;
  /** How many trials were stopped before their last fold. */
  readonly stopped: number;
}

const mostTrials = 12;
/** More trials are not told from each other, more folds neither. */
const mostShown = 30;
const mostFolds = 100;

interface Measured {
  readonly trial: TrialRecord;
  readonly scores: readonly number[];
  readonly mean: number;
}

/**
 * The data of {@linkcode foldsChart}: of trials that were cross-validated on the
 * same folds as the best one, at most 30, and of each at most 100 folds.
 *
 * @param view The study.
 * @param options Which trials.
 *
 * @example
 * ```ts
 * import { float, foldsRows, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * foldsRows(view).points; // []
 * ```
 */
export function foldsRows(
  view: StudyView,
  options: Pick<FoldsChartOptions, "trials"> = {},
): FoldsRows {
  const { columns: _columns, ...rows } = foldsData(view, options);
  return rows;
}

function foldsData(
  view: StudyView,
  { trials }: Pick<FoldsChartOptions, "trials">,
): FoldsRows & { readonly columns: readonly Column[] } {
  const columns = columnsOf(view);
  const { name, direction } = view.objectives[0]!;
  const sign = direction === "minimize" ? 1 : -1;
  const all = view.trials.flatMap((trial): Measured[] => {
    const scores = trial.curves.get(foldCurveName(name))?.values ?? [];
    return trial.state === "complete" && isFeasible(trial) &&
        scores.length > 1 && scores.every((score) => drawable(score))
      ? [{
        trial,
        scores: scores.slice(0, mostFolds),
        mean: scores.reduce((sum, score) => sum + score / scores.length, 0),
      }]
      : [];
  }).sort((a, b) =>
    sign * (a.mean - b.mean) || a.trial.number - b.trial.number
  );
  const [best] = all;
  const isAlike = ({ trial, scores }: Measured) =>
    scores.length === best!.scores.length &&
    foldScoresOf(trial)?.folds === foldScoresOf(best!.trial)?.folds;
  const shown = all.filter((one) =>
    isAlike(one) && (trials === undefined || trials.includes(one.trial.number))
  ).slice(0, trials === undefined ? mostTrials : mostShown);
  const [first, second] = shown;
  return {
    columns,
    fields: fieldsOf(columns),
    points: shown.flatMap(({ trial, scores }, x) =>
      scores.map((score, f) => ({
        n: trial.number,
        x,
        f: f + 1,
        v: round(score),
      }))
    ),
    means: shown.map(({ trial, scores, mean }, x) => {
      const variance = scores.reduce(
        (sum, score) => sum + (score - mean) ** 2 / (scores.length - 1),
        0,
      );
      const error = Math.sqrt(variance / scores.length);
      return {
        n: trial.number,
        x,
        m: round(mean),
        l: round(clamp(mean - error)),
        h: round(clamp(mean + error)),
        ...cellsOf(columns, trial),
      };
    }),
    folds: first?.scores.length ?? 0,
    agreeing: second === undefined
      ? NaN
      : first!.scores.filter((score, i) =>
        sign * (score - second.scores[i]!) < 0
      ).length,
    stopped: view.trials.filter((trial) =>
      trial.state === "pruned" &&
      (trial.curves.get(foldCurveName(name))?.values.length ?? 0) > 0
    ).length,
  };
}

/**
 * The score of every fold across the best configurations, the best one on the
 * left. A line is a fold: lines that run side by side say that folds differ in
 * how hard they are, and configurations little; lines that cross, that the order
 * of configurations is luck. The bars are means, ± a standard error.
 *
 * For studies of trials that were cross-validated (`crossValidate`).
 *
 * @param view The study.
 * @param options The title, the trials and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, foldsChart, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * foldsChart(view).title; // "The folds of demo"
 * ```
 */
export function foldsChart(
  view: StudyView,
  options: FoldsChartOptions = {},
): Chart {
  checkOptions("folds chart", options, {
    title: "text",
    trials: "numbers",
    height: "height",
  });
  const { height = 280 } = options;
  return chartOf("The folds", options, () => {
    const data = foldsData(view, options);
    const message = data.points.length > 0 ? null : nothingYet(
      view,
      "No complete trial has scores of several folds: run it with crossValidate(…)",
    );
    return {
      title: `The folds of ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: message === null ? linesOf(data) : [message],
      message,
      part: () => foldsPart(view, data, height),
    };
  });
}

function linesOf({ means, folds, agreeing, stopped }: FoldsRows): string[] {
  const [first, second] = means;
  return [
    `${count(means.length, "configuration")} on the same ${
      count(folds, "fold")
    }${
      stopped === 0
        ? ""
        : `; ${count(stopped, "trial")} stopped before the last fold`
    }`,
    second === undefined
      ? ""
      : `Trial ${first!["n"]} has ${formatNumber(Number(first!["m"]))}, trial ${
        second["n"]
      } ${
        formatNumber(Number(second["m"]))
      }: it is better on ${agreeing} of ${folds} folds`,
  ];
}

function foldsPart(
  view: StudyView,
  { points, means, columns }: ReturnType<typeof foldsData>,
  height: number,
): Part {
  const values = [
    ...points.map(({ v }) => Number(v)),
    ...means.flatMap(({ l, h }) => [Number(l), Number(h)]),
  ];
  const domain = axisDomain(
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
    false,
  );
  const x = {
    field: "x",
    type: "ordinal",
    title: "trial, the best first",
    scale: { domain: means.map(({ x }) => x) },
    axis: {
      labelAngle: 0,
      ticks: false,
      domain: false,
      labelOverlap: true,
      labelExpr: `[${means.map(({ n }) => n).join(", ")}][datum.value]`,
    },
  };
  const score = (field: string) =>
    valueAxis({ field, title: objectiveTitle(view), domain });
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: points },
        mark: { type: "line", color: chartColors.muted, opacity: 0.35 },
        encoding: { x, y: score("v"), detail: { field: "f", type: "nominal" } },
      },
      {
        data: { values: points },
        mark: {
          type: "point",
          filled: true,
          size: 26,
          opacity: 0.7,
          color: chartColors.complete,
        },
        encoding: {
          x,
          y: score("v"),
          tooltip: tooltipOf([
            { field: "n", title: "trial" },
            { field: "f", title: "fold" },
            { field: "v", title: "score" },
          ], []),
        },
      },
      {
        data: { values: means },
        mark: { type: "rule", strokeWidth: 2.5, color: chartColors.best },
        encoding: { x, y: score("l"), y2: { field: "h" } },
      },
      {
        data: { values: means },
        transform: tooltipTransform(columns),
        mark: {
          type: "tick",
          thickness: 3,
          size: 18,
          orient: "horizontal",
          color: chartColors.best,
        },
        encoding: {
          x,
          y: score("m"),
          tooltip: tooltipOf([
            { field: "n", title: "trial" },
            { field: "m", title: "mean" },
          ], columns),
        },
      },
    ],
  };
}
