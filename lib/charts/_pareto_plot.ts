/**
 * The plots of trade-offs: one of two objectives, or one a pair.
 *
 * @module
 */

import type { Objective, StudyView } from "../records/mod.ts";
import { kindOf, presentKinds, valueAxis } from "./_encodings.ts";
import {
  type ChartRow,
  type Column,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { objectiveRange, titleOf } from "./_objectives.ts";
import { panelsHere } from "./_room.ts";
import { axisDomain } from "./_scale.ts";
import type { Part } from "./_spec.ts";
import { cleanText } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** What {@linkcode paretoFrontRows} gives. */
export interface ParetoFrontRows {
  /** The objectives shown. */
  readonly objectives: readonly Objective[];
  /** The parameter's name of each field `f0`, `f1`, … */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Complete trials: `n` the number, `v0`, `v1`, … the values of the objectives
   * shown, `k` `"on the front"`, `"dominated"` or `"not feasible"`, `r` how many
   * layers of others stand before it, null of what is not feasible, and the
   * parameters. Those on the front last.
   */
  readonly points: readonly ChartRow[];
  /** How many trials nothing dominates. */
  readonly front: number;
  /** How many complete trials were left out; none of the front before others. */
  readonly omitted: number;
}

/** The rows, with the columns for the tooltips. */
export interface ParetoFrontData extends ParetoFrontRows {
  readonly columns: readonly Column[];
}

/** What a trial is called that nothing dominates, and one that something does. */
export const onFront = "on the front";
export const dominated = "dominated";
/** And one that violates a constraint, so that it is on no front. */
export const notFeasible = "not feasible";

const kinds = {
  [onFront]: chartColors.best,
  [dominated]: chartColors.complete,
  [notFeasible]: chartColors.muted,
};

/** Every pair of objectives, linked by a brush. */
export function pairsPart(
  view: StudyView,
  data: ParetoFrontData,
  height: number,
): Part {
  const pairs = data.objectives.flatMap((_, i) =>
    data.objectives.slice(i + 1).map((_, j) => [i, i + 1 + j] as const)
  );
  const perRow = panelsHere(3);
  const width = Math.floor((chartWidth - 60 * (perRow - 1)) / perRow);
  const concat = pairs.map((pair) =>
    pairPart(view, data, pair, { width, height, brush: true })
  );
  return {
    datasets: { trials: data.points },
    params: [{
      name: "brush",
      select: {
        type: "interval",
        resolve: "global",
        mark: { fill: chartColors.best, fillOpacity: 0.15 },
      },
      views: pairs.map(nameOf),
    }],
    columns: perRow,
    spacing: { row: 18, column: 16 },
    concat,
  };
}

function nameOf([a, b]: readonly [number, number]): string {
  return `pair_${a}_${b}`;
}

/** Two objectives. */
export function pairPart(
  view: StudyView,
  { points, objectives, columns }: ParetoFrontData,
  pair: readonly [number, number],
  { width, height, brush = false }: {
    readonly width: number;
    readonly height: number;
    readonly brush?: boolean;
  },
): Part {
  const [first, second] = [objectives[pair[0]]!, objectives[pair[1]]!];
  const domainOf = (objective: Objective, k: number) =>
    axisDomain(
      ...objectiveRange(objective, points.map((row) => Number(row[`v${k}`]))),
      false,
    );
  const domains = [
    domainOf(first, pair[0]),
    domainOf(second, pair[1]),
  ] as const;
  const letters = brush ? 20 : 60;
  const clamped = (encoding: Part): Part => ({
    ...encoding,
    scale: { ...(encoding as { scale: Part }).scale, clamp: true },
  });
  const x = clamped(valueAxis({
    field: `v${pair[0]}`,
    title: titleOf(first, letters),
    domain: domains[0],
    horizontal: true,
    ...(brush ? { tickCount: 4 } : {}),
  }));
  const y = clamped(valueAxis({
    field: `v${pair[1]}`,
    title: titleOf(second, brush ? 16 : 40),
    domain: domains[1],
    ...(brush ? { tickCount: 5 } : {}),
  }));
  const color = kindOf("k", presentKinds(kinds, points.map(({ k }) => k)));
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    ...objectives.map(({ name }, k) => ({
      field: `v${k}`,
      title: cleanText(name),
    })),
    { field: "r", title: "fronts before it" },
  ], columns);
  const usual = (opacity: number) =>
    brush
      ? { condition: { param: "brush", value: opacity }, value: 0.07 }
      : { value: opacity };
  const data = brush ? { name: "trials" } : { values: points };
  const line = points.filter(({ k }) => k === onFront)
    .toSorted((a, b) => Number(a[`v${pair[0]}`]) - Number(b[`v${pair[0]}`]))
    .map((row) => ({
      [`v${pair[0]}`]: row[`v${pair[0]}`]!,
      [`v${pair[1]}`]: row[`v${pair[1]}`]!,
    }));
  const crowd = points.length > 300;
  const point = { type: "point", filled: true };
  return {
    width,
    height,
    layer: [
      {
        ...(brush ? { name: nameOf(pair) } : {}),
        data,
        transform: [
          { filter: `datum.k !== '${onFront}'` },
          ...tooltipTransform(columns),
        ],
        mark: { ...point, size: crowd ? 18 : 34 },
        encoding: { x, y, color, tooltip, opacity: usual(crowd ? 0.45 : 0.7) },
      },
      ...(view.objectives.length === 2
        ? [{
          data: { values: line },
          mark: {
            type: "line",
            // The corner between two of them lies on the side of the worse.
            interpolate: first.direction === "minimize"
              ? "step-after"
              : "step-before",
            color: chartColors.best,
            strokeWidth: 1.5,
            opacity: 0.7,
          },
          encoding: { x, y },
        }]
        : []),
      {
        data,
        transform: [
          { filter: `datum.k === '${onFront}'` },
          ...tooltipTransform(columns),
        ],
        mark: {
          ...point,
          size: brush ? 34 : 60,
          stroke: chartColors.background,
          strokeWidth: 1,
        },
        encoding: { x, y, color, tooltip, opacity: usual(1) },
      },
      ...(brush ? [] : [{
        // Which corner is the good one.
        data: { values: [{ t: "better" }] },
        mark: {
          type: "text",
          color: chartColors.muted,
          fontStyle: "italic",
          fontSize: 11,
          x: first.direction === "minimize" ? 6 : width - 6,
          y: second.direction === "minimize" ? height - 10 : 10,
          align: first.direction === "minimize" ? "left" : "right",
        },
        encoding: {
          text: { value: arrows[second.direction][first.direction] },
        },
      }]),
    ],
  };
}

/** Toward which corner values are better: of the second objective, then the first. */
const arrows = {
  minimize: { minimize: "↙ better", maximize: "better ↘" },
  maximize: { minimize: "↖ better", maximize: "better ↗" },
} as const;
