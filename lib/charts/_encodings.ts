/**
 * Encodings and marks that many charts share.
 *
 * @module
 */

import { logAxis } from "./_scale.ts";
import type { Part } from "./_spec.ts";
import { chartColors } from "./theme.ts";

/** What a {@linkcode valueAxis} is made of. */
export interface ValueAxis {
  /** The field. Defaults to `"v"`. */
  readonly field?: string;
  /** The title, e.g. of `objectiveTitle`; null for none. */
  readonly title: string | readonly string[] | null;
  /** The ends of the axis. */
  readonly domain: readonly [number, number];
  /** Whether it is logarithmic. Defaults to `false`. */
  readonly log?: boolean;
  /** About how many ticks. Defaults to what Vega thinks. */
  readonly tickCount?: number;
  /** Whether it lies: an axis line and no grid instead of a grid and no axis line. Defaults to `false`. */
  readonly horizontal?: boolean;
}

/** The encoding of values. */
export function valueAxis(
  { field = "v", title, domain, log = false, tickCount, horizontal = false }:
    ValueAxis,
): Part {
  return {
    field,
    type: "quantitative",
    title,
    scale: {
      domain,
      ...(log ? { type: "log" } : { zero: false }),
      nice: false,
    },
    axis: {
      ...(horizontal ? { grid: false } : { domain: false, ticks: false }),
      ...(tickCount === undefined ? {} : { tickCount }),
      ...(log ? logAxis(domain) : {}),
    },
  };
}

/** The horizontal encoding of trials by number, field `n`, up to the last. */
export function trialAxis(last: number, more: Part = {}): Part {
  return {
    field: "n",
    type: "quantitative",
    title: "trial",
    scale: { domain: [-0.5, last + 0.5], nice: false },
    axis: { grid: false, tickMinStep: 1, format: ",d", ...more },
  };
}

/** A nominal encoding, of color or shape, whose values each have their own; in the order of the legend. */
export function kindOf(
  field: string,
  kinds: Readonly<Record<string, unknown>>,
  legend: Part | null = { orient: "top" },
): Part {
  return {
    field,
    type: "nominal",
    title: null,
    scale: { domain: Object.keys(kinds), range: Object.values(kinds) },
    legend,
  };
}

/** Those of some kinds that are there, in their order. */
export function presentKinds<T>(
  kinds: Readonly<Record<string, T>>,
  present: Iterable<unknown>,
): Readonly<Record<string, T>> {
  const found = new Set(present);
  return Object.fromEntries(
    Object.entries(kinds).filter(([kind]) => found.has(kind)),
  );
}

/** The mark of the best trial, so large; stands out of all others. */
export function bestMark(size: number): Part {
  return {
    type: "point",
    filled: true,
    size,
    color: chartColors.best,
    stroke: chartColors.background,
    strokeWidth: 1.5,
    opacity: 1,
  };
}

/** The horizontal gradient over the plots that says what a color means. */
export const gradientLegend = {
  direction: "horizontal",
  orient: "top",
  titleOrient: "left",
  gradientLength: 160,
  gradientThickness: 10,
} as const;

/** Legends of lines: a piece of the line. */
export const lineLegend = {
  symbolType: "stroke",
  symbolStrokeWidth: 3,
} as const;
