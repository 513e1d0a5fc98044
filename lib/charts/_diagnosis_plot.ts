/**
 * The plot of a diagnosis: curves, marks, the stretches that findings are about,
 * and the way ahead.
 *
 * @module
 */

import type { Diagnosis } from "../curves/mod.ts";
import type { ChartRow } from "./_field.ts";
import { chartColors, chartWidth } from "./theme.ts";
import type { Part } from "./_spec.ts";
import { shorten } from "./_text.ts";
import { axisDomain, curveRange, round, stepChannel } from "./_scale.ts";

/** What {@linkcode diagnosisRows} gives. */
export interface DiagnosisRows {
  /** The trial's number; null if there is none with curves. */
  readonly trial: number | null;
  /** What the curves show, e.g. `"loss"`; null without curves. */
  readonly quantity: string | null;
  /** The points: `s` `"train"` or `"validation"`, `g` the piece of line, `x` the step, `y` the value. */
  readonly points: readonly ChartRow[];
  /** The places marked: `s`, `x`, `y`, and `label`. */
  readonly marks: readonly ChartRow[];
  /** The stretches that findings are about: `x` from, `x2` to, `label`. */
  readonly spans: readonly ChartRow[];
  /** The way ahead: `x` the step, `m` expected, `l` and `h` the ends of the band (null without one). */
  readonly ahead: readonly ChartRow[];
  /** What was found; null without a trial. */
  readonly diagnosis: Diagnosis | null;
}

/** The plot, without title. */
export function diagnosisPart(
  { points, marks, spans, ahead, quantity }: DiagnosisRows,
  height: number,
): Part {
  const steps = [...points, ...ahead].map(({ x }) => Number(x));
  const values = points.map(({ y }) => Number(y));
  const ends = ahead.flatMap(({ m, l, h }) =>
    [m, l, h].filter((v) => v !== null && v !== undefined).map(Number)
  );
  const [low, high] = curveRange(values)!;
  // A wide band must not flatten the curve: it may add half of its height.
  const room = Math.max(high - low, Math.abs(high) * 1e-3) / 2;
  const domain = axisDomain(
    Math.max(low - room, Math.min(low, ...ends)),
    Math.min(high + room, Math.max(high, ...ends)),
    false,
  );
  const x = stepChannel("x", steps);
  const y = (field: string) => ({
    field,
    type: "quantitative",
    title: shorten(quantity ?? "value", 30),
    scale: { domain, zero: false, nice: false, clamp: true },
    axis: { domain: false, ticks: false },
  });
  const splits = ["validation", "train"].filter((split) =>
    points.some(({ s }) => s === split)
  );
  const names = [...splits, ...(ahead.length > 0 ? ["forecast"] : [])];
  const color = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: names, range: names.map((name) => colors[name]!) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 200 },
  };
  const strokeDash = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: names, range: names.map((name) => dashes[name]!) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 200 },
  };
  const way: readonly ChartRow[] = ahead.map((row) => ({
    ...row,
    s: "forecast",
  }));
  return {
    width: chartWidth - 90,
    height,
    layer: [
      ...(spans.length === 0 ? [] : [{
        data: { values: spans },
        mark: { type: "rect", color: chartColors.best, opacity: 0.07 },
        encoding: {
          x,
          x2: { field: "x2" },
          tooltip: { field: "label", type: "nominal" },
        },
      }]),
      ...(way.some(({ l }) => l !== null)
        ? [{
          data: { values: way },
          mark: {
            type: "area",
            color: chartColors.running,
            opacity: 0.18,
            clip: true,
          },
          encoding: { x, y: y("l"), y2: { field: "h" } },
        }]
        : []),
      {
        data: {
          values: [
            ...points,
            ...way.map((row) => ({ x: row.x, y: row.m, s: row.s, g: 0 })),
          ],
        },
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: { x, y: y("y"), color, strokeDash, detail: { field: "g" } },
      },
      ...(marks.length === 0 ? [] : [{
        data: { values: marks },
        mark: {
          type: "point",
          filled: true,
          size: 70,
          opacity: 1,
          color: chartColors.best,
          clip: true,
        },
        encoding: { x, y: y("y") },
      }, {
        data: { values: marks },
        mark: {
          type: "text",
          dy: -12,
          fontSize: 11,
          color: chartColors.best,
          fontWeight: 600,
          align: {
            expr: `datum.x > ${
              round(steps.reduce((a, b) => Math.max(a, b)) * 0.9)
            } ? 'right' : 'center'`,
          },
        },
        encoding: {
          x,
          y: y("y"),
          text: { field: "label", type: "nominal" },
        },
      }]),
      {
        // Dropped from pictures: a mark for each point, unseen.
        name: "interactive_hover_diagnosis",
        data: { values: points },
        params: [{
          name: "hover_diagnosis",
          select: {
            type: "point",
            on: "mouseover",
            nearest: true,
            clear: "mouseout",
          },
        }],
        mark: { type: "point", filled: true, size: 60, clip: true },
        encoding: {
          x,
          y: y("y"),
          color,
          opacity: {
            condition: { param: "hover_diagnosis", empty: false, value: 1 },
            value: 0,
          },
          tooltip: [
            { field: "s", type: "nominal", title: "curve" },
            { field: "x", type: "quantitative", title: "step" },
            { field: "y", type: "quantitative", title: "value" },
          ],
        },
      },
    ],
  };
}

const colors: Readonly<Record<string, string>> = {
  validation: chartColors.series[0]!,
  train: chartColors.muted,
  forecast: chartColors.running,
};
const dashes: Readonly<Record<string, readonly number[]>> = {
  validation: [1, 0],
  train: [5, 3],
  forecast: [2, 3],
};
