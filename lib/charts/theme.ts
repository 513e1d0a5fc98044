/**
 * How our charts look: one palette, light and dark, and one Vega-Lite
 * configuration.
 *
 * A chart stands on a card of its own. Which one is decided where it is drawn,
 * not where it is made: its colors are expressions over Vega's signal
 * `background`, which a dark JupyterLab makes dark. So a saved notebook reads
 * well in both, and on paper.
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
 * The palette: Okabe and Ito's hues, their lightness moved apart until the first
 * six series differ by at least 15 (CIE 1976 color difference) for eyes with
 * protanopia, deuteranopia and tritanopia, too.
 *
 * Source: Okabe and Ito, "Color Universal Design" (2008); deficiencies as of
 * Machado, Oliveira and Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency" (2009).
 *
 * @example
 * ```ts
 * import { chartColors } from "@etude/etude";
 * chartColors.series[0]; // "#0a58a0"
 * ```
 */
export const chartColors: ChartColors = Object.freeze({
  background: "#ffffff",
  text: "#1f2933",
  muted: "#5b6875",
  grid: "#e8ebee",
  axis: "#b4bdc6",
  best: "#c84a06",
  complete: "#3b8bc4",
  pruned: "#c89800",
  failed: "#1f2933",
  running: "#06875f",
  infinite: "#d457a4",
  series: Object.freeze([
    "#0a58a0",
    "#c84a06",
    "#06875f",
    "#d457a4",
    "#c89800",
    "#62bce8",
    "#7a5235",
    "#5b6875",
  ]),
  ramp: Object.freeze(["#ccd8e2", "#8fbfe0", "#3b8bc4", "#0b3c6f"]),
});

/**
 * The same on a dark card: each color keeps its hue and is lighter, so that all
 * stand out from `#333333`, the card of a dark JupyterLab, and from darker ones;
 * the ramp goes from dim to bright.
 *
 * @example
 * ```ts
 * import { darkChartColors } from "@etude/etude";
 * darkChartColors.background; // "#1b2026"
 * ```
 */
export const darkChartColors: ChartColors = Object.freeze({
  background: "#1b2026",
  text: "#eceff1",
  muted: "#b6c0ca",
  grid: "#434a53",
  axis: "#808b96",
  best: "#f9774a",
  complete: "#6db5ec",
  pruned: "#f2cf55",
  failed: "#eceff1",
  running: "#27c79b",
  infinite: "#dc84c8",
  series: Object.freeze([
    "#3d93ea",
    "#f9774a",
    "#27c79b",
    "#dc84c8",
    "#f2cf55",
    "#b9e6fb",
    "#c99f80",
    "#b6c0ca",
  ]),
  ramp: Object.freeze(["#56626e", "#4585b8", "#6db5ec", "#d9efff"]),
});

/** On what a chart stands: `"auto"` is as the front end has it, `"light"` where it does not say. */
export type ChartThemeName = "auto" | "light" | "dark";

/** The fonts of all texts, as CSS writes them. */
export const chartFont: string =
  "system-ui, 'Segoe UI', Roboto, Arial, sans-serif";

export { chartWidth } from "./_room.ts";

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
