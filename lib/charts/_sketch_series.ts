import { drawable } from "./_scale.ts";
import { escapeMarkup } from "./_text.ts";

/** A line, a staircase or a cloud of points of a {@linkcode sketch}. */
export interface SketchSeries {
  /** What the legend calls it. */
  readonly name: string;
  /** Its color, as CSS writes it. */
  readonly color: string;
  /** Lengths of strokes and gaps in pixels. Defaults to a solid line. */
  readonly dash?: readonly number[];
  /** `[x, y]` in the order in which they are joined; NaN and infinities leave gaps. */
  readonly points: readonly (readonly [number, number])[];
  /** How the points are drawn. Defaults to `"line"`. */
  readonly marks?: "line" | "points" | "step";
}

/** A place for what is drawn, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A series as SVG elements; `fits` says which values have a place. */
export function drawSeries(
  { color, dash, points, marks = "line" }: SketchSeries,
  frame: Frame,
  fits: (value: number) => boolean,
): string {
  const paint = escapeMarkup(color);
  if (marks === "points") {
    const seen = new Set<number>();
    let dots = "";
    for (const point of points) {
      const x = point[0];
      const y = point[1];
      if (!drawable(x) || !fits(y)) continue;
      const px = Math.round(frame.x(x));
      const py = Math.round(frame.y(y));
      const key = px * 65536 + py;
      if (!seen.has(key)) dots += `M${px} ${py}h0`;
      seen.add(key);
    }
    return dotsOf(dots, paint, 0.65);
  }
  let path = "";
  let dots = "";
  let start = "";
  let open = false;
  let column = NaN;
  let low = 0;
  let high = 0;
  let last = 0;
  // All that falls into one column of pixels is one vertical stroke.
  const flush = () => {
    if (Number.isNaN(column)) return;
    if (!open) {
      start = `M${column} ${tenth(low)}`;
      path += start;
    } else {
      start = "";
      path += marks === "step"
        ? `H${column}V${tenth(last)}`
        : `L${column} ${tenth(low)}`;
    }
    if (low !== high) {
      start = "";
      path += `V${tenth(high)}V${tenth(last)}`;
    }
    open = true;
    column = NaN;
  };
  // A point without neighbours makes no line.
  const close = () => {
    flush();
    if (start !== "") dots += `${start}h0`;
    start = "";
    open = false;
  };
  for (const point of points) {
    const x = point[0];
    const y = point[1];
    if (!drawable(x) || !fits(y)) {
      close();
      continue;
    }
    const px = tenth(frame.x(x));
    const py = frame.y(y);
    if (Math.round(px) !== Math.round(column)) {
      flush();
      column = px;
      low = high = last = py;
    } else {
      low = Math.min(low, py);
      high = Math.max(high, py);
      last = py;
    }
  }
  close();
  return `<path d="${path}" stroke="${paint}" stroke-width="2" stroke-linejoin="round" fill="none"${
    dashOf(dash)
  }/>${dots === "" ? "" : dotsOf(dots, paint, 1)}`;
}

function dotsOf(path: string, paint: string, opacity: number): string {
  return `<path d="${path}" stroke="${paint}" stroke-width="6" stroke-linecap="round" stroke-opacity="${opacity}" fill="none"/>`;
}

/** The attribute of a dashed line, or nothing. */
export function dashOf(dash: readonly number[] | undefined): string {
  return dash === undefined
    ? ""
    : ` stroke-dasharray="${escapeMarkup(dash.join(" "))}"`;
}

/** A pixel, to a tenth. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
