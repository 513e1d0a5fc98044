/**
 * The plot of parallel coordinates.
 *
 * Vega-Lite brushes one view at a time, along its own axes. So there are two
 * floors: the lines, folded over the axes, and on top of them a narrow view
 * for each axis (a concatenation with a negative space between) that holds
 * nothing but a brush. A line's row keeps its place on every axis, so the
 * lines can ask all brushes at once.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import { tooltipOf, tooltipTransform } from "./_field.ts";
import {
  type ParallelAxis,
  type ParallelData,
  unusedAt,
} from "./_parallel_rows.ts";
import { chartColors, chartWidth } from "./theme.ts";
import { messageView, noValueYet, objectiveOf, type Part } from "./_spec.ts";
import { cleanText, shorten, textWidth } from "./_text.ts";

/** The width of an axis' brush, in pixels. */
const brushWidth = 24;

/** The plot, without title. */
export function parallelPart(
  view: StudyView,
  data: ParallelData,
  height: number,
): Part {
  const { axes, lines, columns, range } = data;
  if (range === null) {
    return messageView(noValueYet(view));
  }
  const fields = axes.map(({ field }) => field);
  const gap = (chartWidth - brushWidth) / (axes.length - 1);
  const domain = [axes.some(({ unused }) => unused) ? -0.18 : 0, 1];
  const x = {
    field: "a",
    type: "ordinal",
    axis: null,
    scale: {
      type: "point",
      padding: 0,
      domain: fields,
      range: [brushWidth / 2, chartWidth - brushWidth / 2],
    },
  };
  const y = {
    field: "y",
    type: "quantitative",
    axis: null,
    scale: { domain, nice: false, zero: false },
  };
  // By rank, and dark for the best few only: values crowd at the good end.
  const color = {
    field: "c",
    type: "quantitative",
    legend: null,
    scale: { domain: [0, 0.5, 0.85, 1], range: chartColors.ramp },
  };
  const selected = {
    and: fields.map((field) => ({ param: `brush_${field}` })),
  };
  const usual = Math.max(0.3, Math.min(0.85, 6 / Math.sqrt(lines.length)));
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "v", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const fold = { fold: fields, as: ["a", "y"] };
  const line = (strokeWidth: number) => ({
    type: "line",
    strokeWidth,
    strokeJoin: "round",
  });
  const detail = { field: "n" };
  return {
    datasets: { lines },
    spacing: -height,
    bounds: "flush",
    align: "none",
    vconcat: [
      {
        width: chartWidth,
        height,
        layer: [
          ...axisLayers(axes, x, y),
          {
            data: { name: "lines" },
            transform: [fold],
            mark: line(1.4),
            encoding: {
              x,
              y,
              detail,
              color: {
                condition: { test: selected, ...color },
                value: chartColors.grid,
              },
              opacity: {
                condition: { test: selected, value: usual },
                value: 0.25,
              },
            },
          },
          {
            data: { values: lines.slice(-1) },
            transform: [fold],
            mark: { ...line(2.8), color: chartColors.best },
            encoding: {
              x,
              y,
              detail,
              opacity: { condition: { test: selected, value: 1 }, value: 0.15 },
            },
          },
          {
            // Lines answer to a mouse at their corners only, so there is a
            // wide and unseen rule from axis to axis.
            name: "interactive_hover",
            params: [{
              name: "hover",
              select: {
                type: "point",
                fields: ["n"],
                on: "mouseover",
                clear: "mouseout",
              },
            }],
            data: { name: "lines" },
            transform: [
              ...tooltipTransform(columns),
              fold,
              {
                window: [
                  { op: "lead", field: "a", as: "a2" },
                  { op: "lead", field: "y", as: "y2" },
                ],
                groupby: ["n"],
              },
              { filter: "isValid(datum.a2)" },
            ],
            mark: { type: "rule", strokeWidth: 7, opacity: 0.0001 },
            encoding: {
              x,
              y,
              x2: { field: "a2" },
              y2: { field: "y2" },
              tooltip,
            },
          },
          {
            name: "interactive_highlight",
            data: { name: "lines" },
            transform: [fold, { filter: { param: "hover", empty: false } }],
            mark: { ...line(3), color: chartColors.text },
            encoding: { x, y, detail },
          },
          ...labelLayers(axes, x, y, gap),
        ],
      },
      {
        spacing: gap - brushWidth,
        bounds: "flush",
        align: "none",
        hconcat: fields.map((field) => ({
          width: brushWidth,
          height,
          data: { values: [{ [field]: 0 }] },
          params: [{
            name: `brush_${field}`,
            select: {
              type: "interval",
              encodings: ["y"],
              mark: { fill: chartColors.best, fillOpacity: 0.2 },
            },
          }],
          mark: { type: "point", opacity: 0 },
          encoding: {
            y: {
              field,
              type: "quantitative",
              axis: null,
              scale: { domain, nice: false, zero: false },
            },
          },
        })),
      },
    ],
  };
}

/** The axes under the lines. */
function axisLayers(
  axes: readonly ParallelAxis[],
  x: Part,
  y: Part,
): readonly Part[] {
  const rows = axes.flatMap(({ field, unused }) => [
    { a: field, y: 0, to: 1, dashed: false },
    ...(unused ? [{ a: field, y: unusedAt, to: 0, dashed: true }] : []),
  ]);
  return [{
    data: { values: rows },
    mark: { type: "rule", color: chartColors.axis, strokeWidth: 1.5 },
    encoding: {
      x,
      y,
      y2: { field: "to" },
      strokeDash: {
        condition: { test: "datum.dashed", value: [2, 3] },
        value: [1, 0],
      },
    },
  }];
}

/** The titles and tick labels over the lines, with a halo. */
function labelLayers(
  axes: readonly ParallelAxis[],
  x: Part,
  y: Part,
  gap: number,
): readonly Part[] {
  const last = axes.length - 1;
  // Long titles take turns on two levels; a long one of the objective has its own.
  const longest = Math.floor(gap / 6.6);
  const long = axes.map(({ title }) => textWidth(title) > longest);
  const staggered = long.slice(0, last).includes(true);
  const room = Math.max(8, Math.floor(staggered ? 2 * gap / 6.9 : longest));
  const titles = axes.map(({ field, title }, index) => ({
    a: field,
    y: 1,
    text: shorten(title, index === last ? 60 : room),
    full: title,
    level: index === last && long[last]!
      ? "own"
      : staggered && (last - index) % 2 === 1
      ? "high"
      : "low",
  }));
  const labels = axes.flatMap(({ field, ticks, unused }, index) => [
    ...ticks.map(({ label, at }) => ({
      a: field,
      y: at,
      text: label,
      last: index === last,
    })),
    ...(unused
      ? [{ a: field, y: unusedAt, text: "not used", last: false }]
      : []),
  ]);
  const text = (
    data: unknown,
    filter: string,
    mark: Part,
    more: Part = {},
  ) => ({
    data: { values: data },
    transform: [{ filter }],
    mark: { type: "text", baseline: "middle", ...mark },
    encoding: { x, y, text: { field: "text", type: "nominal" }, ...more },
  });
  const halo = {
    stroke: chartColors.background,
    strokeWidth: 3,
    strokeJoin: "round",
    opacity: 0.85,
    fontSize: 10.5,
  };
  const ink = { color: chartColors.muted, fontSize: 10.5 };
  const left = { align: "right", dx: -6 };
  const right = { align: "left", dx: 6 };
  const title = {
    fontSize: 11.5,
    fontWeight: 500,
    color: chartColors.text,
    align: "center",
  };
  const tooltip = { tooltip: { field: "full", type: "nominal" } };
  return [
    text(labels, "!datum.last", { ...halo, ...left }),
    text(labels, "!datum.last", { ...ink, ...left }),
    text(labels, "datum.last", { ...ink, ...right }),
    text(titles, "datum.level === 'low'", { ...title, dy: -16 }, tooltip),
    text(titles, "datum.level === 'high'", { ...title, dy: -33 }, tooltip),
    text(titles, "datum.level === 'own'", {
      ...title,
      align: "right",
      dx: 30,
      dy: staggered ? -50 : -33,
    }, tooltip),
  ];
}
