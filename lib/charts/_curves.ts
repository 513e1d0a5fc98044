/**
 * The plots of learning curves, one under another: used by the curves' own
 * chart and by the progress of a run.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import type { CurveData } from "./_curve_rows.ts";
import { tooltipOf, tooltipTransform } from "./_field.ts";
import { seriesOf, type Split } from "../curves/mod.ts";
import { chartColors, chartWidth } from "./theme.ts";
import {
  messageView,
  noCurveYet,
  nothingYet,
  objectiveOf,
  type Part,
} from "./_spec.ts";
import { cleanText, shorten } from "./_text.ts";
import { axisDomain, stepDomain } from "./_scale.ts";
import { valueAxis } from "./_encodings.ts";

/** Colors that tell so many trials apart. */
function colorsOf(n: number): readonly string[] {
  const { series } = chartColors;
  return n <= series.length
    ? series.slice(0, n)
    : Array.from({ length: n }, (_, i) => `hsl(${i * 137.5 % 360}, 65%, 40%)`);
}

const dashes: Readonly<Record<Split, readonly number[]>> = {
  validation: [1, 0],
  train: [5, 3],
  test: [2, 2],
  reported: [1, 0],
};

/** The plots of the curves, one a quantity, without title. */
export function curvesPart(
  view: StudyView,
  data: CurveData,
  height: number,
): Part {
  const { trials, points, quantities, splits, columns, logY } = data;
  if (points.length === 0) {
    return messageView(nothingYet(view, noCurveYet));
  }
  const labels = trials.map(({ label }) => label);
  const lookup = {
    lookup: "t",
    from: {
      data: { values: trials },
      key: "t",
      fields: ["label", ...columns.map(({ field }) => field)],
    },
  };
  const color = {
    field: "label",
    type: "nominal",
    title: "trials (click to highlight)",
    scale: { domain: labels, range: colorsOf(labels.length) },
    legend: { symbolType: "stroke", symbolStrokeWidth: 3, symbolSize: 160 },
  };
  const strokeDash = {
    field: "s",
    type: "nominal",
    title: null,
    scale: { domain: splits, range: splits.map((split) => dashes[split]) },
    legend: splits.every((split) => split === "reported")
      ? null
      : { symbolSize: 300 },
  };
  const highlight = {
    condition: { param: "pick", value: 0.95 },
    value: 0.12,
  };
  const xs = points.map(({ x }) => Number(x));
  const steps = stepDomain(
    xs.reduce((a, b) => Math.min(a, b)),
    xs.reduce((a, b) => Math.max(a, b)),
  );
  const panels = quantities.map(({ name, range }, q) => {
    const x = {
      field: "x",
      type: "quantitative",
      title: q === quantities.length - 1 ? "step" : null,
      scale: { domain: steps, nice: false, padding: 5 },
      axis: { grid: false, tickMinStep: 1 },
    };
    const domain = axisDomain(...(range ?? [0, 1]), logY);
    const y = valueAxis({
      field: "y",
      title: axisTitle(view, name),
      domain,
      log: logY,
    });
    return {
      width: chartWidth - 130,
      height,
      data: { name: "curves" },
      transform: [{ filter: `datum.q === ${q}` }, lookup],
      layer: [
        {
          ...(q === 0
            ? {
              params: [{
                name: "pick",
                select: { type: "point", fields: ["label"] },
                bind: "legend",
              }],
            }
            : {}),
          mark: { type: "line", strokeWidth: 1.8, clip: true },
          encoding: {
            x,
            y,
            color,
            strokeDash,
            detail: { field: "g" },
            opacity: highlight,
          },
        },
        {
          transform: [{ filter: "datum.lonely" }],
          mark: { type: "point", filled: true, size: 40, clip: true },
          encoding: { x, y, color, opacity: highlight },
        },
        {
          // Dropped from pictures: a mark for each point, unseen.
          name: `interactive_hover_${q}`,
          params: [{
            name: `hover_${q}`,
            select: {
              type: "point",
              on: "mouseover",
              nearest: true,
              clear: "mouseout",
            },
          }],
          transform: [...tooltipTransform(columns)],
          mark: { type: "point", filled: true, size: 60, clip: true },
          encoding: {
            x,
            y,
            color,
            opacity: {
              condition: { param: `hover_${q}`, empty: false, value: 1 },
              value: 0,
            },
            tooltip: tooltipOf([
              { field: "label", title: "trial" },
              { field: "x", title: "step" },
              { field: "y", title: name },
              { field: "s", title: "data" },
            ], columns),
          },
        },
      ],
    };
  });
  return {
    datasets: { curves: points },
    spacing: 16,
    vconcat: panels,
  };
}

/** A quantity as an axis names it, with the direction where the objective says it. */
function axisTitle(view: StudyView, quantity: string): string {
  const { name, direction } = objectiveOf(view);
  const own = seriesOf([name]).get(name)!.quantity;
  const title = shorten(quantity, 24);
  return cleanText(own) === quantity ? `${title} (${direction})` : title;
}
