/**
 * The plot of something over two parameters: colored cells, trials on them.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import { bestMark } from "./_encodings.ts";
import {
  type ChartRow,
  type Column,
  tooltipOf,
  tooltipTransform,
} from "./_field.ts";
import { parameterAxis, verticalAxis } from "./_parameter_axis.ts";
import type { Plane } from "./_plane.ts";
import { round } from "./_scale.ts";
import { objectiveOf, type Part } from "./_spec.ts";
import { cleanText, shorten } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** A plane with colored cells: `x`, `y`, of numbers `x2`, `y2`, and what colors them. */
interface ColoredPlane extends Plane {
  readonly cells: readonly ChartRow[];
}

/** How the cells are drawn. */
interface CellLook {
  /** The height of the plot in pixels. */
  readonly height: number;
  /** The encoding of the cells' color. */
  readonly color: Part;
  /** The encoding of the cells' tooltip. */
  readonly tooltip: readonly Part[];
  /** Layers over the trials, of the two axes. Defaults to none. */
  readonly over?: (x: Part, y: Part) => readonly Part[];
}

/** The plot of a plane, without title. */
export function planePart(
  view: StudyView,
  { columns, cells, points, best }: ColoredPlane,
  { height, color, tooltip: told, over = () => [] }: CellLook,
): Part {
  const [first, second] = columns as [Column, Column];
  const width = chartWidth - 60;
  const x = banded(parameterAxis(first, width), first);
  const y = banded(verticalAxis(second, height), second);
  const tooltip = tooltipOf([
    { field: "n", title: "trial" },
    { field: "v", title: cleanText(objectiveOf(view).name) },
  ], columns);
  const filter = {
    filter: `isValid(datum.${first.field}) && isValid(datum.${second.field})`,
  };
  const isCrowded = points.length > 300;
  const shape = points.some(({ k }) => k !== undefined)
    ? {
      shape: {
        condition: { test: "isValid(datum.k)", value: "triangle-down" },
        value: "circle",
      },
    }
    : {};
  return {
    width,
    height,
    layer: [
      {
        data: { values: cells },
        // A little too large, or the page shines through between the cells.
        mark: { type: "rect", x2Offset: 0.6, y2Offset: -0.6 },
        encoding: {
          x: { ...x, field: "x" },
          ...(first.labels === null ? { x2: { field: "x2" } } : {}),
          y: { ...y, field: "y" },
          ...(second.labels === null ? { y2: { field: "y2" } } : {}),
          color,
          tooltip: told,
        },
      },
      ...unusedLayers(columns, cells, { x, y }),
      {
        data: { values: points },
        transform: [filter, ...tooltipTransform(columns)],
        mark: {
          type: "point",
          filled: true,
          color: chartColors.background,
          stroke: chartColors.text,
          strokeWidth: isCrowded ? 0.5 : 0.9,
          size: isCrowded ? 14 : 32,
          opacity: isCrowded ? 0.7 : 0.9,
        },
        encoding: { x, y, tooltip, ...shape },
      },
      {
        data: { values: points.filter(({ n }) => n === best) },
        transform: [filter, ...tooltipTransform(columns)],
        mark: bestMark(110),
        encoding: { x, y, tooltip },
      },
      ...over(x, y),
    ],
  };
}

/** What stands where one value of a parameter leaves the other without use. */
function unusedLayers(
  columns: readonly Column[],
  cells: readonly ChartRow[],
  { x, y }: { readonly x: Part; readonly y: Part },
): readonly Part[] {
  return (["x", "y"] as const).flatMap((side, k) => {
    const { labels } = columns[k]!;
    const used = new Set(cells.map((row) => row[side]));
    const rows = (labels ?? []).filter((label) => !used.has(label))
      .map((label) => ({ l: label }));
    if (rows.length === 0) return [];
    const other = shorten(columns[1 - k]!.title, 24);
    return [{
      data: { values: rows },
      mark: {
        type: "text",
        text: `${other}: not used`,
        color: chartColors.muted,
        fontStyle: "italic",
        ...(side === "x" ? { angle: 270 } : {}),
      },
      encoding: side === "x"
        ? { x: { ...x, field: "l" } }
        : { y: { ...y, field: "l" } },
    }];
  });
}

/** An axis that ends where the cells end: no rim without color. */
function banded(axis: Part, column: Column): Part {
  const { scale, axis: ticks, ...rest } = axis as {
    readonly scale: Part;
    readonly axis: Part;
  };
  return {
    ...rest,
    scale: column.labels !== null
      ? {
        type: "band",
        domain: column.labels,
        paddingInner: 0.03,
        paddingOuter: 0,
      }
      : column.low < column.high
      ? { ...scale, domain: [round(column.low), round(column.high)] }
      : scale,
    axis: { ...ticks, grid: false },
  };
}
