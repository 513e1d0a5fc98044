/**
 * How our charts look: one palette and one Vega-Lite configuration.
 *
 * A chart stands on a white card of its own, so that it reads the same in a
 * light notebook, a dark one, a saved picture and a PDF.
 *
 * @module
 */

import { deepFreeze } from "./_freeze.ts";

/** The colors of the charts, by what they mean; CSS colors. */
export interface ChartColors {
  /** The card under a chart. */
  readonly background: string;
  /** Titles and labels. */
  readonly text: string;
  /** Subtitles, ticks, what stands back. */
  readonly muted: string;
  /** Grid lines. */
  readonly grid: string;
  /** Axes. */
  readonly axis: string;
  /** What is best: the incumbent, best so far. */
  readonly best: string;
  /** Complete trials. */
  readonly complete: string;
  /** Pruned trials. */
  readonly pruned: string;
  /** Failed trials. */
  readonly failed: string;
  /** Running trials. */
  readonly running: string;
  /** Trials without an end of the scale: infinite values. */
  readonly infinite: string;
  /** For things to be told apart, e.g. the trials of learning curves. */
  readonly series: readonly string[];
  /** From little to much, e.g. from worse to better, or from early to late. */
  readonly ramp: readonly string[];
}

/**
 * The palette: Okabe and Ito's, made a little darker so that each color reads
 * on white. People with any of the common color vision deficiencies can tell
 * the first six series apart.
 *
 * Source: Okabe and Ito, "Color Universal Design" (2008).
 *
 * @example
 * ```ts
 * import { chartColors } from "@etude/etude";
 * chartColors.series[0]; // "#0072b2"
 * ```
 */
export const chartColors: ChartColors = Object.freeze({
  background: "#ffffff",
  text: "#1f2933",
  muted: "#5b6875",
  grid: "#e8ebee",
  axis: "#b4bdc6",
  best: "#d55e00",
  complete: "#3b8bc4",
  pruned: "#b98a00",
  failed: "#1f2933",
  running: "#009e73",
  infinite: "#a8479a",
  series: Object.freeze([
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#a8479a",
    "#b98a00",
    "#56b4e9",
    "#7a5235",
    "#5b6875",
  ]),
  ramp: Object.freeze(["#ccd8e2", "#8fbfe0", "#3b8bc4", "#0b3c6f"]),
});

/** The fonts of all texts, as CSS writes them. */
export const chartFont: string =
  "system-ui, 'Segoe UI', Roboto, Arial, sans-serif";

/** The width of the plot in a chart, in pixels; axis, padding and card add about 90. */
export const chartWidth = 620;

const { background, text, muted, grid, axis } = chartColors;

/**
 * The `config` of every chart's Vega-Lite spec. Everything that a notebook's
 * dark theme would change is set, so that it stays as it is.
 *
 * @example
 * ```ts
 * import { chartTheme } from "@etude/etude";
 * chartTheme.background; // "#ffffff"
 * ```
 */
export const chartTheme: Readonly<Record<string, unknown>> = deepFreeze({
  background,
  padding: 14,
  font: chartFont,
  view: { stroke: null, fill: "transparent" },
  mark: { aria: false, color: chartColors.complete },
  text: { color: text, fontSize: 11 },
  rule: { color: axis },
  title: {
    anchor: "start",
    frame: "bounds",
    color: text,
    fontSize: 15,
    fontWeight: 600,
    subtitleColor: muted,
    subtitleFontSize: 12,
    subtitleLineHeight: 17,
    subtitlePadding: 5,
    lineHeight: 19,
    offset: 14,
  },
  axis: {
    labelColor: muted,
    labelFontSize: 11,
    labelLimit: 150,
    labelPadding: 5,
    titleColor: text,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 9,
    titleLimit: 0,
    domainColor: axis,
    tickColor: axis,
    tickSize: 4,
    gridColor: grid,
    aria: false,
  },
  legend: {
    labelColor: text,
    labelFontSize: 11.5,
    labelLimit: 220,
    titleColor: text,
    titleFontSize: 12,
    titleFontWeight: 500,
    titleLimit: 0,
    symbolOpacity: 1,
    symbolSize: 70,
    rowPadding: 4,
    aria: false,
  },
  style: {
    "guide-label": { fill: muted },
    "guide-title": { fill: text },
    "group-title": { fill: text },
    "group-subtitle": { fill: muted },
  },
});
