/**
 * The room a chart is drawn in. Charts are drawn one at a time and at once
 * (nothing awaits), so a module's variable can say how wide: a chart that
 * stands beside others is narrower, and takes a part of a display's bytes.
 *
 * @module
 */

/** The room of a chart. */
export interface Room {
  /** The width of the plot, in pixels. */
  readonly width: number;
  /** The share of a display's bytes that is the chart's, above 0 up to 1. */
  readonly share: number;
}

/** The width of a plot that stands alone, in pixels. */
export const usualWidth = 620;

/** The width of the plot in a chart, in pixels; axis, padding and card add about 90. */
export let chartWidth: number = usualWidth;

/** The share of a display's bytes that the chart being drawn may take. */
export let displayShare = 1;

/** Builds something in another room. */
export function inRoom<T>(room: Room, build: () => T): T {
  const before = [chartWidth, displayShare] as const;
  [chartWidth, displayShare] = [room.width, room.share];
  try {
    return build();
  } finally {
    [chartWidth, displayShare] = before;
  }
}

/** A number of letters of a line that has the usual width, for a line of this room's. */
export function columnsHere(columns: number): number {
  return Math.max(16, Math.floor(columns * chartWidth / usualWidth));
}

/** How many panels stand in a row of this room: at most so many, each with at least so many pixels. */
export function panelsHere(most: number, atLeast = 170): number {
  return Math.max(1, Math.min(most, Math.floor(chartWidth / atLeast)));
}
