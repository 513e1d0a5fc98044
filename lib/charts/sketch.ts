import {
  dashOf,
  drawSeries,
  type Frame,
  type SketchSeries,
  tenth,
} from "./_sketch_series.ts";
import {
  axisDomain,
  curveRange,
  drawable,
  linearTicks,
  logTicks,
  stepDomain,
} from "./_scale.ts";
import { escapeMarkup, formatNumber, measureText, shorten } from "./_text.ts";
import { chartColors, chartFont } from "./theme.ts";

export type { SketchSeries } from "./_sketch_series.ts";

/** What a {@linkcode sketch} shows. */
export interface SketchOptions {
  /** The series, drawn in this order. */
  readonly series: readonly SketchSeries[];
  /** The width in pixels. Defaults to `640`. */
  readonly width?: number;
  /** The height in pixels. Defaults to `220`. */
  readonly height?: number;
  /** The title. Defaults to none. */
  readonly title?: string;
  /** What the horizontal axis measures. Defaults to none. */
  readonly xTitle?: string;
  /** What the vertical axis measures; stands above it. Defaults to none. */
  readonly yTitle?: string;
  /** The ends of the horizontal axis, e.g. the first and last epoch planned. Defaults to those of the points. */
  readonly xRange?: readonly [number, number];
  /** Whether the vertical axis is logarithmic; values of 0 and less then leave gaps. Defaults to `false`. */
  readonly logY?: boolean;
  /**
   * `"card"` stands on white and can be an image; `"inherit"` takes the text
   * color of the page and has no background: for SVG inlined in HTML.
   * Defaults to `"card"`.
   */
  readonly theme?: "card" | "inherit";
}

/** The colors of a theme. */
interface Ink {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
}

const inks: Readonly<Record<"card" | "inherit", Ink>> = {
  card: {
    text: `fill="${chartColors.text}"`,
    muted: `fill="${chartColors.muted}"`,
    grid: `stroke="${chartColors.grid}"`,
    axis: `stroke="${chartColors.axis}"`,
  },
  inherit: {
    text: 'fill="currentColor"',
    muted: 'fill="currentColor" fill-opacity="0.7"',
    grid: 'stroke="currentColor" stroke-opacity="0.13"',
    axis: 'stroke="currentColor" stroke-opacity="0.4"',
  },
};

/**
 * A small chart as an SVG text, painted without any package in about a
 * millisecond: for frames that are drawn anew twice a second. All texts are
 * escaped; long series are drawn with each pixel's smallest and largest value.
 * A value a hundred times above nearly all others runs out of the plot.
 *
 * @param options The series, the texts and the size.
 *
 * @example
 * ```ts
 * import { sketch } from "@etude/etude";
 * const svg = sketch({
 *   title: "trial 3",
 *   xTitle: "epoch",
 *   series: [{ name: "loss", color: "#0072b2", points: [[1, 0.9], [2, 0.5], [3, 0.4]] }],
 * });
 * svg.startsWith("<svg"); // true
 * ```
 */
export function sketch(options: SketchOptions): string {
  const { width = 640, height = 220, title = "", series } = options;
  const { xTitle = "", yTitle = "", logY = false, theme = "card" } = options;
  const ink = inks[theme];
  const fits = (value: number) => drawable(value, logY);
  const ys: number[] = [];
  let [xLow, xHigh] = options.xRange ?? [Infinity, -Infinity];
  let whole = true;
  for (const { points } of series) {
    for (const point of points) {
      const x = point[0];
      const y = point[1];
      if (!drawable(x) || !fits(y)) continue;
      if (x < xLow) xLow = x;
      if (x > xHigh) xHigh = x;
      ys.push(y);
      whole &&= Number.isInteger(x);
    }
  }
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${
      escapeMarkup(chartFont)
    }" font-size="11" role="img" aria-label="${escapeMarkup(title)}">`,
  ];
  if (theme === "card") {
    parts.push(
      `<rect width="${width}" height="${height}" rx="6" fill="${chartColors.background}"/>`,
    );
  }
  let top = 10;
  if (title !== "") {
    top += 14;
    parts.push(
      `<text x="12" y="${top}" font-size="13" font-weight="600" ${ink.text}>${
        escapeMarkup(shorten(title, Math.floor((width - 24) / 8.2)))
      }</text>`,
    );
    top += 6;
  }
  top = legend(parts, series, { ink, top, width });
  const range = curveRange(ys);
  if (range === null) {
    parts.push(
      `<text x="${width / 2}" y="${
        (top + height) / 2
      }" text-anchor="middle" ${ink.muted}>no values yet</text></svg>`,
    );
    return parts.join("");
  }
  if (yTitle !== "") {
    top += 12;
    parts.push(
      `<text x="12" y="${top}" ${ink.muted}>${
        escapeMarkup(shorten(yTitle, Math.floor((width - 24) / 6.8)))
      }</text>`,
    );
  }
  const [yLow, yHigh] = axisDomain(...range, logY);
  [xLow, xHigh] = stepDomain(xLow, xHigh);
  const yTicks = (logY ? logTicks : linearTicks)(
    yLow,
    yHigh,
    Math.max(2, Math.floor((height - top - 40) / 34)),
  );
  const yLabels = yTicks.map((tick) => formatNumber(tick));
  const margin = Math.max(...yLabels.map((label) => measureText(label) * 11));
  const left = Math.ceil(margin) + 20;
  const right = width - 16;
  const bottom = height - (xTitle === "" ? 26 : 40);
  const place = (value: number) => logY ? Math.log(value) : value;
  const [a, b] = [place(yLow), place(yHigh)];
  const frame: Frame = {
    left,
    right,
    top: top + 8,
    bottom,
    x: (value) => left + (right - left) * (value - xLow) / (xHigh - xLow),
    y: (value) => bottom - (bottom - top - 8) * (place(value) - a) / (b - a),
  };
  yTicks.forEach((tick, index) => {
    const y = tenth(frame.y(tick));
    parts.push(
      `<path d="M${left} ${y}H${right}" ${ink.grid}/><text x="${left - 6}" y="${
        y + 4
      }" text-anchor="end" ${ink.muted}>${yLabels[index]}</text>`,
    );
  });
  const wanted = Math.max(2, Math.floor((right - left) / 70));
  for (const tick of linearTicks(xLow, xHigh, wanted)) {
    if (whole && !Number.isInteger(tick)) continue;
    parts.push(
      `<text x="${tenth(frame.x(tick))}" y="${
        bottom + 16
      }" text-anchor="middle" ${ink.muted}>${formatNumber(tick)}</text>`,
    );
  }
  parts.push(`<path d="M${left} ${bottom}H${right}" ${ink.axis}/>`);
  if (xTitle !== "") {
    parts.push(
      `<text x="${(left + right) / 2}" y="${
        height - 8
      }" text-anchor="middle" ${ink.muted}>${
        escapeMarkup(shorten(xTitle, Math.floor((right - left) / 6.8)))
      }</text>`,
    );
  }
  parts.push(
    `<svg x="0" y="${frame.top - 4}" width="${width}" height="${
      bottom - frame.top + 5
    }" viewBox="0 ${frame.top - 4} ${width} ${bottom - frame.top + 5}">`,
  );
  for (const one of series) parts.push(drawSeries(one, frame, fits));
  parts.push("</svg></svg>");
  return parts.join("");
}

/** Adds the legend in as many rows as it needs, and gives the height where it ends. */
function legend(
  parts: string[],
  series: readonly SketchSeries[],
  { ink, top, width }: {
    readonly ink: Ink;
    readonly top: number;
    readonly width: number;
  },
): number {
  if (series.length === 0) return top;
  let x = 12;
  let y = top + 12;
  for (const { name, color, dash, marks } of series) {
    const label = shorten(name, 40);
    const needed = 26 + measureText(label) * 11 + 14;
    if (x > 12 && x + needed > width - 12) {
      x = 12;
      y += 16;
    }
    const stroke = escapeMarkup(color);
    parts.push(
      marks === "points"
        ? `<circle cx="${tenth(x + 9)}" cy="${
          y - 4
        }" r="3.5" fill="${stroke}"/>`
        : `<path d="M${tenth(x)} ${
          y - 4
        }h20" stroke="${stroke}" stroke-width="2"${dashOf(dash)}/>`,
      `<text x="${tenth(x + 26)}" y="${y}" ${ink.text}>${
        escapeMarkup(label)
      }</text>`,
    );
    x += needed;
  }
  return y + 4;
}
