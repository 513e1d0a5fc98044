import type { StudyView } from "../records/mod.ts";
import {
  type ImportanceEvaluator,
  parameterImportance,
} from "../surrogates/mod.ts";
import { type ChartRow, columnsOf } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  messageView,
  nothingYet,
  objectiveOf,
  type Part,
} from "./_spec.ts";
import { count, formatNumber, shorten } from "./_text.ts";
import { round } from "./_scale.ts";

/** Options of {@linkcode importanceChart}. */
export interface ImportanceChartOptions {
  /** The title. Defaults to `"Importance of parameters, <study>"`. */
  readonly title?: string;
  /** `"ped-anova"` or `"fanova"`. Defaults to `"ped-anova"`. */
  readonly evaluator?: ImportanceEvaluator;
}

/** What {@linkcode importanceRows} gives. */
export interface ImportanceRows {
  /**
   * A row a parameter, the most important first, at most 24: `p` its name, `s`
   * its share in `[0, 1]`, `t` the share as a label, `c` when it is used.
   */
  readonly rows: readonly ChartRow[];
  /** How it was measured. */
  readonly evaluator: ImportanceEvaluator;
  /** How many trials it rests on. */
  readonly trials: number;
  /** How many parameters matter less than those shown. */
  readonly omitted: number;
}

const mostBars = 24;

const meanings: Readonly<Record<ImportanceEvaluator, string>> = {
  "ped-anova":
    "PED-ANOVA: what decides whether a trial is among the best tenth",
  fanova: "fANOVA: what explains the values over the whole space, each alone",
};

/**
 * The data of {@linkcode importanceChart}.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, importanceRows, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * importanceRows(view).rows; // []
 * ```
 */
export function importanceRows(
  view: StudyView,
  options: ImportanceChartOptions = {},
): ImportanceRows {
  check(options);
  const { evaluator, shares, trials } = parameterImportance(view, options);
  const all = columnsOf(view)
    .map((column) => ({ column, share: shares[column.parameter.name]! }))
    .sort((a, b) => b.share - a.share);
  const isKnown = all.some(({ share }) => share > 0);
  const rows = (isKnown ? all.slice(0, mostBars) : []).map((
    { column, share },
  ) => ({
    p: shorten(column.title, 34),
    s: round(share, 4),
    t: `${formatNumber(100 * share, share < 0.1 ? 1 : 2)} %`,
    c: column.parameter.conditions.length === 0
      ? "always used"
      : `used if ${view.space.describeConditions(column.parameter.name)}`,
  }));
  return {
    rows,
    evaluator,
    trials,
    omitted: isKnown ? all.length - rows.length : 0,
  };
}

/**
 * Which parameters decide how good a trial is: a bar for each, from the largest.
 * Of few trials, it is a guess: the subtitle says on how many it rests.
 *
 * @param view The study.
 * @param options The title, and how it is measured.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, importanceChart, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * importanceChart(view).title; // "Importance of parameters, demo"
 * ```
 */
export function importanceChart(
  view: StudyView,
  options: ImportanceChartOptions = {},
): Chart {
  check(options);
  return chartOf("Importance of parameters", options, () => {
    const { rows, evaluator, trials, omitted } = importanceRows(view, options);
    const base = `from ${count(trials, "complete trial")} of ${
      shorten(objectiveOf(view).name, 60)
    }`;
    const isEmpty = rows.length === 0;
    const notes = isEmpty ? [countStates(view)] : [
      meanings[evaluator],
      joinNotes([
        trials < 30 ? `${base}: few, so take it as a hint` : base,
        omitted > 0 ? `${count(omitted, "parameter")} of less not shown` : "",
      ]),
    ];
    const message = nothingYet(
      view,
      trials < 2
        ? "Fewer than two trials have a finite value"
        : "No parameter makes a difference in these trials",
    );
    return {
      title: `Importance of parameters, ${view.name}`,
      lines: [
        ...notes,
        ...rows.map(({ p, t }) => `${p}: ${t}`),
        isEmpty ? message : "",
      ],
      subtitle: notes,
      part: () => isEmpty ? messageView(message) : bars(rows),
    };
  });
}

function check(options: ImportanceChartOptions): void {
  const chart = "importance chart";
  checkOptions(chart, options, { title: "text", evaluator: "text" });
  const { evaluator } = options;
  if (evaluator !== undefined && !Object.hasOwn(meanings, evaluator)) {
    throw new TypeError(
      `Cannot draw the ${chart}: the option evaluator is ${
        JSON.stringify(evaluator)
      }, expected "ped-anova" or "fanova"`,
    );
  }
}

function bars(rows: readonly ChartRow[]): Part {
  const top = Number(rows[0]!.s);
  const y = {
    field: "p",
    type: "nominal",
    title: null,
    scale: { domain: rows.map(({ p }) => p) },
    axis: {
      domain: false,
      ticks: false,
      labelLimit: 210,
      labelFontSize: 12,
      labelColor: chartColors.text,
    },
  };
  const x = {
    field: "s",
    type: "quantitative",
    title: "share of the importance",
    scale: { domain: [0, Math.min(1, top * 1.12)], nice: false },
    axis: { format: ".0%", tickCount: 5, domain: false, ticks: false },
  };
  const tooltip = [
    { field: "p", type: "nominal", title: "parameter" },
    { field: "t", type: "nominal", title: "share" },
    { field: "c", type: "nominal", title: "condition" },
  ];
  return {
    width: chartWidth - 150,
    height: { step: 26 },
    data: { values: rows },
    layer: [
      {
        mark: {
          type: "bar",
          color: chartColors.complete,
          cornerRadiusEnd: 2,
          height: { band: 0.68 },
        },
        encoding: { x, y, tooltip },
      },
      {
        mark: { type: "text", align: "left", dx: 6, fontSize: 11.5 },
        encoding: { x, y, text: { field: "t", type: "nominal" } },
      },
    ],
  };
}
