import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { lineLegend, valueAxis } from "./_encodings.ts";
import { axisDomain, clamp, drawable, round } from "./_scale.ts";
import { beyondNote, chartOf, joinNotes, type Part } from "./_spec.ts";
import { count, formatNumber } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** A range test of the learning rate, as far as its chart goes. */
export interface LearningRateSweep {
  /** The learning rates, rising and above 0, `[n]`. */
  readonly rates: readonly number[];
  /** The loss of the batch met at each, `[n]`. */
  readonly losses: readonly number[];
  /** The losses without most of their noise, `[n]`. */
  readonly smoothed: readonly number[];
  /** The suggested range, `[low, high]`. */
  readonly range: readonly [number, number];
  /** The rate at which the loss falls fastest; null if it falls nowhere. */
  readonly steepest: number | null;
  /** What was found, in a sentence. */
  readonly reason: string;
}

/** Options of {@linkcode learningRateChart}. */
export interface LearningRateChartOptions {
  /** The title. Defaults to `"Learning rate range test"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** What {@linkcode learningRateRows} gives. */
export interface LearningRateRows {
  /** `r` the rate, `v` the loss, held within the axis, `s` `"batch"` or `"smoothed"`. */
  readonly rows: readonly ChartRow[];
  /** The ends of the axis of losses; null if no loss can be drawn. */
  readonly domain: readonly [number, number] | null;
  /** How many batches lie above the axis; they stand at its edge. */
  readonly beyond: number;
}

/**
 * The data of {@linkcode learningRateChart}: two rows a rate, at most 2,000
 * rates. Losses that rise above the first by more than the loss fell stand at
 * the edge: at its end a range test blows up.
 *
 * @param sweep The range test.
 *
 * @example
 * ```ts
 * import { learningRateRows } from "@etude/etude";
 * learningRateRows({ rates: [], losses: [], smoothed: [], range: [1, 2], steepest: null, reason: "" }).domain; // null
 * ```
 */
export function learningRateRows(sweep: LearningRateSweep): LearningRateRows {
  const { rates, losses, smoothed } = sweep;
  const shown = rates.flatMap((rate, i) =>
    i < 2000 && drawable(rate, true) && drawable(losses[i]) &&
      drawable(smoothed[i])
      ? [{ rate, loss: losses[i], smooth: smoothed[i]! }]
      : []
  );
  if (shown.length === 0) return { rows: [], domain: null, beyond: 0 };
  const low = Math.min(...shown.map(({ loss }) => loss));
  const first = Math.max(...shown.slice(0, 10).map(({ loss }) => loss));
  const lowest = Math.min(...shown.map(({ smooth }) => smooth));
  const high = first + Math.max(0, first - lowest);
  const at = (value: number) => round(clamp(value, low, high), 6);
  return {
    rows: shown.flatMap(({ rate, loss, smooth }) => [
      { r: round(rate, 6), v: at(loss), s: "batch" },
      { r: round(rate, 6), v: at(smooth), s: "smoothed" },
    ]),
    domain: axisDomain(low, high, false),
    beyond: shown.filter(({ loss }) => loss > high).length,
  };
}

/**
 * A range test of the learning rate: the loss of each batch over the rate with
 * which it was learned from, the range worth searching, and the rate at which
 * the loss falls fastest.
 *
 * @param sweep The range test, as `findLearningRate` of `@etude/etude/tensorflow` makes it.
 * @param options The title and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { learningRateChart } from "@etude/etude";
 * const rates = [1e-4, 1e-3, 1e-2, 1e-1];
 * learningRateChart({
 *   rates,
 *   losses: [2.3, 2.2, 1.1, 3],
 *   smoothed: [2.3, 2.2, 1.2, 3],
 *   range: [1e-3, 2e-2],
 *   steepest: 3e-3,
 *   reason: "The loss begins to fall at 0.001",
 * }).title; // "Learning rate range test"
 * ```
 */
export function learningRateChart(
  sweep: LearningRateSweep,
  options: LearningRateChartOptions = {},
): Chart {
  checkOptions("range test", options, { title: "text", height: "height" });
  const { height = 260 } = options;
  return chartOf("Learning rate range test", options, () => {
    const data = learningRateRows(sweep);
    const [low, high] = sweep.range;
    const facts = joinNotes([
      count(sweep.rates.length, "step"),
      `worth searching: ${formatNumber(low)} to ${formatNumber(high)}`,
      sweep.steepest === null
        ? ""
        : `steepest at ${formatNumber(sweep.steepest)}`,
      beyondNote(data.beyond),
    ]);
    return {
      title: "Learning rate range test",
      lines: [facts, sweep.reason],
      message: data.domain === null
        ? "No loss that is a number: nothing was learned at any rate"
        : null,
      part: () => plot(sweep, data, height),
    };
  });
}

function plot(
  { rates, range, steepest }: LearningRateSweep,
  { rows, domain }: LearningRateRows,
  height: number,
): Part {
  const x = valueAxis({
    field: "r",
    title: "learning rate",
    domain: [rates[0]!, Math.max(rates.at(-1)!, range[1])],
    log: true,
    horizontal: true,
  });
  const y = valueAxis({ title: "loss of the batch", domain: domain! });
  const series = ["batch", "smoothed"];
  return {
    width: chartWidth,
    height,
    layer: [
      {
        data: { values: [{ r: range[0], to: range[1] }] },
        mark: { type: "rect", color: chartColors.running, opacity: 0.14 },
        encoding: { x, x2: { field: "to" } },
      },
      {
        data: { values: rows },
        transform: [{ filter: "datum.s === 'batch'" }],
        mark: { type: "point", filled: true, size: 22, opacity: 0.6 },
        encoding: { x, y, color: colorOf(series) },
      },
      {
        data: { values: rows },
        transform: [{ filter: "datum.s === 'smoothed'" }],
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          x,
          y,
          color: colorOf(series),
          tooltip: [
            { field: "r", type: "quantitative", title: "learning rate" },
            { field: "v", type: "quantitative", title: "loss" },
          ],
        },
      },
      ...(steepest === null ? [] : [{
        data: { values: [{ r: steepest }] },
        mark: {
          type: "rule",
          color: chartColors.best,
          strokeWidth: 2,
          strokeDash: [6, 4],
        },
        encoding: { x },
      }]),
    ],
  };
}

function colorOf(domain: readonly string[]): Part {
  return {
    field: "s",
    type: "nominal",
    scale: { domain, range: [chartColors.muted, chartColors.series[0]] },
    legend: { orient: "top", title: null, ...lineLegend },
  };
}
