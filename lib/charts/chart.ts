import { compileSpec, drawPNG, drawSVG } from "./_draw.ts";
import { deepFreeze } from "./_freeze.ts";
import { page } from "./_html.ts";
import { reasonOf } from "./_text.ts";
import type { ChartSpec } from "./chart_spec.ts";
import { inRoom } from "./_room.ts";
import { chartColors, type ChartThemeName, darkChartColors } from "./theme.ts";

export { preloadImages } from "./_draw.ts";

/** What a chart is made of. */
export interface ChartParts {
  /** The title in plain text: of a page, a tab, a picture read aloud. */
  readonly title: string;
  /** The Vega-Lite spec, plain JSON; it is copied, unless it is frozen. */
  readonly spec: ChartSpec;
  /** What the chart shows in a few lines, for a terminal. */
  readonly text: string;
  /** Makes title, spec and text anew, for {@linkcode Chart.withWidth}; absent: the chart has one size. */
  readonly redraw?: () => ChartParts;
}

/** Options of {@linkcode Chart.toPNG}. */
export interface PNGOptions {
  /** Pixels of the picture for each of the chart's, above 0 up to 10. Defaults to `2`. */
  readonly scale?: number;
}

/** What a notebook shows, by MIME type; the front end takes the richest that it knows. */
export type MimeBundle = Readonly<Record<string, string | ChartSpec>>;

/** The most that a chart may put into a notebook, all MIME types together. */
export const displayBudgetBytes = 1_000_000;
/** The most that its picture may take of that. */
const imageBudgetBytes = 400_000;

const vegaLite = "application/vnd.vegalite.v5+json";

/**
 * A chart as a value. As the last expression of a notebook's cell it shows
 * itself; `.spec` is plain Vega-Lite, `.text` a summary for a terminal, and
 * pictures are made on demand. Immutable.
 *
 * @example
 * ```ts
 * import { Chart } from "@etude/etude";
 * const chart = new Chart({
 *   title: "Losses",
 *   text: "Two losses: 3, 1",
 *   spec: {
 *     $schema: "https://vega.github.io/schema/vega-lite/v5.json",
 *     data: { values: [{ x: 0, y: 3 }, { x: 1, y: 1 }] },
 *     mark: "line",
 *     encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
 *   },
 * });
 * (await chart.toSVG()).startsWith("<svg"); // true
 * ```
 */
export class Chart {
  /** The title in plain text. */
  readonly title: string;
  /** The Vega-Lite spec, frozen: plain JSON. */
  readonly spec: ChartSpec;
  /** What the chart shows in a few lines, for a terminal. */
  readonly text: string;
  readonly #redraw: (() => ChartParts) | null;

  /**
   * Made by the functions of this room; or by hand, from a spec of one's own.
   *
   * @param parts The title, the spec and the text.
   */
  constructor(parts: ChartParts) {
    this.title = parts.title;
    this.spec = Object.isFrozen(parts.spec)
      ? parts.spec
      : deepFreeze(structuredClone(parts.spec));
    this.text = parts.text;
    this.#redraw = parts.redraw ?? null;
    Object.freeze(this);
  }

  /**
   * The chart on a card that is light or dark wherever it is shown. Without, it
   * is as the front end has it: dark in a dark JupyterLab, light elsewhere and
   * in pictures.
   *
   * @param theme `"light"`, `"dark"`, or `"auto"`, which takes it back.
   * @throws {RangeError} If it is another.
   *
   * @example
   * ```ts
   * import { float, minimize, optimizationHistoryChart, space } from "@etude/etude";
   * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
   * optimizationHistoryChart(view).withTheme("dark").spec.background; // "#1b2026"
   * ```
   */
  withTheme(theme: ChartThemeName): Chart {
    const { background: _before, ...rest } = this.spec;
    if (theme !== "auto" && theme !== "light" && theme !== "dark") {
      throw new RangeError(
        `Cannot set the theme of the chart: found ${
          JSON.stringify(theme)
        }, expected "light", "dark" or "auto"`,
      );
    }
    const { background } = theme === "dark" ? darkChartColors : chartColors;
    const spec = theme === "auto" ? rest : { background, ...rest };
    const { title, text } = this;
    return new Chart({
      title,
      text,
      spec: Object.freeze(spec) as ChartSpec,
      ...(this.#redraw === null ? {} : { redraw: this.#redraw }),
    });
  }

  /**
   * The same chart drawn anew, wider or narrower: its ticks, its lines of text
   * and its panels fit. A chart from a spec of one's own stays as it is.
   *
   * @param width The width of the plot in pixels, 120 to 2000; axis, padding and
   * card add about 90. Charts are made `620` wide.
   * @param share The share of a display's bytes that its points may take, above 0 up to 1. Defaults to `1`.
   * @throws {RangeError} If either is not within.
   *
   * @example
   * ```ts
   * import { float, minimize, optimizationHistoryChart, space } from "@etude/etude";
   * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
   * optimizationHistoryChart(view).withWidth(300).spec.width; // 300
   * ```
   */
  withWidth(width: number, share = 1): Chart {
    if (!(width >= 120 && width <= 2000)) {
      throw new RangeError(
        `Cannot draw the chart: the width is ${width}, expected a number of pixels from 120 to 2000`,
      );
    }
    if (!(share > 0 && share <= 1)) {
      throw new RangeError(
        `Cannot draw the chart: the share is ${share}, expected a number above 0 and at most 1`,
      );
    }
    const redraw = this.#redraw;
    if (redraw === null) return this;
    const { background } = this.spec;
    const parts = inRoom({ width, share }, redraw);
    const spec = background === undefined
      ? parts.spec
      : Object.freeze({ background, ...parts.spec });
    return new Chart({ ...parts, spec, redraw });
  }

  /**
   * The chart as an SVG picture: one `<svg>` element, no scripts.
   *
   * @throws {Error} If Vega does not load or cannot read the spec.
   */
  toSVG(): Promise<string> {
    return drawSVG(this.spec);
  }

  /**
   * The chart as a PNG picture.
   *
   * @param options The size.
   * @throws {RangeError} If the scale is not above 0 and at most 10.
   * @throws {Error} If Vega or resvg does not load.
   */
  async toPNG(options: PNGOptions = {}): Promise<Uint8Array> {
    const { scale = 2 } = options;
    if (!(scale > 0 && scale <= 10)) {
      throw new RangeError(
        `Cannot draw the chart as PNG: the scale is ${scale}, expected a number above 0 and at most 10`,
      );
    }
    return await drawPNG(await this.toSVG(), scale);
  }

  /**
   * The chart as plain Vega, to be drawn in a page of one's own by
   * `drawingScript()`. Its `background` says whether it is light or dark.
   *
   * @throws {Error} If Vega-Lite does not load or cannot read the spec.
   */
  toVega(): Promise<Readonly<Record<string, unknown>>> {
    return compileSpec(this.spec);
  }

  /**
   * The chart as a page that opens without a network: the picture, the text,
   * and the spec as JSON in the element `#vega-lite-spec`. It runs no script.
   *
   * @throws {Error} If Vega does not load.
   */
  async toHTML(): Promise<string> {
    return page(this, await this.toSVG());
  }

  /**
   * Writes the chart to a file; the extension says as what: `.svg`, `.png`,
   * `.html`, or `.json` for the spec.
   *
   * @param path Where to; a file there is replaced.
   * @throws {RangeError} If the extension is another.
   */
  async save(path: string): Promise<void> {
    const content = await this.#as(path);
    const { writeFile } = await import("node:fs/promises");
    await writeFile(path, content);
  }

  #as(path: string): Promise<string | Uint8Array> | string {
    switch (/\.(\w+)$/.exec(path)?.[1]?.toLowerCase()) {
      case "svg":
        return this.toSVG();
      case "png":
        return this.toPNG();
      case "html":
        return this.toHTML();
      case "json":
        return JSON.stringify(this.spec, null, 2);
      default:
        throw new RangeError(
          `Cannot save the chart: found the path ${
            JSON.stringify(path)
          }, expected one that ends in .svg, .png, .html or .json`,
        );
    }
  }

  /** The same as {@linkcode Chart.text}. */
  toString(): string {
    return this.text;
  }

  /**
   * What a notebook shows: the Vega-Lite spec for front ends that know it, a
   * picture for those that do not (GitHub, nbviewer, PDF), and the text. Never
   * throws: what goes wrong stands in the text. A chart above
   * {@linkcode displayBudgetBytes} is replaced by a text that says how to mend it.
   */
  async [Symbol.for("Jupyter.display")](): Promise<MimeBundle> {
    try {
      return await bundleOf(this);
    } catch (error) {
      return {
        "text/plain": `${this.text}\nCannot show the chart: ${reasonOf(error)}`,
      };
    }
  }

  /** What `console.log` shows: the text. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }

  /** What `console.log` shows in Node: the text. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}

async function bundleOf(chart: Chart): Promise<MimeBundle> {
  const { spec, text } = chart;
  const bytes = byteLength(JSON.stringify(spec));
  if (bytes > displayBudgetBytes) {
    return {
      "text/plain": `${text}\nNot shown: the chart takes ${
        megabytes(bytes)
      }, expected at most ${
        megabytes(displayBudgetBytes)
      }, because larger outputs can stop a notebook. Choose fewer trials or parameters, or write it to a file: await chart.save("chart.svg")`,
    };
  }
  try {
    const image = await imageOf(
      chart,
      Math.min(imageBudgetBytes, displayBudgetBytes - bytes),
    );
    return { [vegaLite]: spec, ...image, "text/plain": text };
  } catch (error) {
    const note = `(without a picture: ${reasonOf(error)})`;
    return { [vegaLite]: spec, "text/plain": `${text}\n${note}` };
  }
}

async function imageOf(chart: Chart, budget: number): Promise<MimeBundle> {
  const svg = await chart.toSVG();
  const bytes = byteLength(svg);
  if (bytes <= budget) return { "image/svg+xml": svg };
  const png = await drawPNG(svg, 1);
  if (png.length * 4 / 3 <= budget) return { "image/png": base64(png) };
  throw new RangeError(
    `it takes ${megabytes(bytes)}, expected at most ${megabytes(budget)}`,
  );
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
