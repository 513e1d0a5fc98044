import { measureText } from "./_text.ts";
import type { ChartSpec } from "./chart_spec.ts";

/** What Vega lays out texts with; not in its types. */
interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
  readonly estimateWidth: TextMetrics["width"];
}

/** A text that Vega lays out. */
interface TextItem {
  readonly fontSize?: number;
  readonly limit?: number;
}

/** Loads Vega and Vega-Lite, once; about 100 to 200 ms. */
async function load(): Promise<
  [typeof import("vega"), typeof import("vega-lite")]
> {
  try {
    const modules = await Promise.all([import("vega"), import("vega-lite")]);
    const { textMetrics } = modules[0] as unknown as {
      textMetrics: TextMetrics;
    };
    // Without a canvas Vega takes every letter to be 0.8 em wide, which leaves
    // a third of the picture blank beside a long title.
    if (textMetrics.width === textMetrics.estimateWidth) {
      textMetrics.width = widthOf;
    }
    return modules;
  } catch (error) {
    throw new Error(
      "Cannot draw the chart: the packages vega and vega-lite did not load; the spec and the text work without them",
      { cause: error },
    );
  }
}

function widthOf(item: TextItem, text: unknown): number {
  const width = measureText(String(text ?? "").trim()) * (item.fontSize ?? 11);
  return item.limit !== undefined && item.limit > 0
    ? Math.min(item.limit, width)
    : width;
}

/** A small chart with what ours are made of, drawn once to warm up. */
const rehearsal = {
  data: { values: [{ x: 1, y: 1, c: "a" }, { x: 2, y: 3, c: "b" }] },
  layer: [
    { mark: { type: "line", point: true } },
    { mark: { type: "rule", strokeDash: [4, 3] } },
  ],
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
    color: { field: "c", type: "nominal" },
  },
} as unknown as ChartSpec;

/**
 * Starts loading what turns charts into pictures, and draws a small one to warm
 * up, so that the first chart is quick: that takes about 150 to 250 ms, a later
 * drawing about 15. Need not be called, nor awaited, and never throws.
 *
 * @returns A promise that resolves when all is ready, or could not be.
 *
 * @example
 * ```ts
 * import { preloadImages } from "@etude/etude";
 * preloadImages();
 * ```
 */
export async function preloadImages(): Promise<void> {
  await drawSVG(rehearsal).catch(() => {});
}

const expectedWarnings: readonly string[] = [
  // Our specs say v5, which front ends know; the compiler here is v6.
  "The input spec uses Vega-Lite v5",
  // Brushes listen to the window, which a picture does not have.
  "Can not resolve event source: window",
];

/**
 * A copy (Vega marks the data that it reads) without the layers that only
 * answer to a mouse, which would double a picture's size.
 */
function forPicture(value: unknown, key = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const kept = key === "layer"
      ? value.filter(({ name }) => !name?.startsWith("interactive_"))
      : value;
    return kept.map((item) => forPicture(item));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, forPicture(inner, key)]),
  );
}

/** Vega's logger: what is warned about, but for what is expected, is added to `warnings`. */
function loggerTo(
  warnings: string[],
  first: number,
): import("vega").LoggerInterface {
  const warn = (...messages: readonly unknown[]) => {
    const message = messages.join(" ");
    if (!expectedWarnings.some((start) => message.startsWith(start))) {
      warnings.push(message);
    }
    return logger;
  };
  const still = () => logger;
  // deno-lint-ignore prefer-const -- the handlers return it
  let logger: import("vega").LoggerInterface;
  let levelNow = first;
  function level(): number;
  function level(next: number): import("vega").LoggerInterface;
  function level(next?: number): number | import("vega").LoggerInterface {
    if (next === undefined) return levelNow;
    levelNow = next;
    return logger;
  }
  logger = { level, warn, error: warn, info: still, debug: still };
  return logger;
}

/** A Vega-Lite spec as Vega. */
export async function compileSpec(
  spec: ChartSpec,
  warnings: string[] = [],
): Promise<Readonly<Record<string, unknown>>> {
  const [vega, vegaLite] = await load();
  const compiled = vegaLite.compile(
    structuredClone(spec) as unknown as import("vega-lite").TopLevelSpec,
    { logger: loggerTo(warnings, vega.Warn) },
  );
  return compiled.spec as unknown as Readonly<Record<string, unknown>>;
}

/** Draws a spec as SVG. What the compilers warn about is added to `warnings`. */
export async function drawSVG(
  spec: ChartSpec,
  warnings: string[] = [],
): Promise<string> {
  const [vega, vegaLite] = await load();
  const logger = loggerTo(warnings, vega.Warn);
  const compiled = vegaLite.compile(
    forPicture(spec) as unknown as import("vega-lite").TopLevelSpec,
    { logger },
  );
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: "none",
    logger,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Draws an SVG as PNG, `scale` pixels of the picture for each of the SVG's. */
export async function drawPNG(svg: string, scale: number): Promise<Uint8Array> {
  let resvg: typeof import("@resvg/resvg-js");
  try {
    resvg = await import("@resvg/resvg-js");
  } catch (error) {
    throw new Error(
      "Cannot draw the chart as PNG: the package @resvg/resvg-js did not load; toSVG() works without it",
      { cause: error },
    );
  }
  // resvg looks at the first family of a list only, then at its default.
  const { platform } = (await import("node:process")).default;
  const family = platform === "darwin"
    ? "Helvetica"
    : platform === "win32"
    ? "Arial"
    : "DejaVu Sans";
  const picture = new resvg.Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: family },
  });
  return new Uint8Array(picture.render().asPng());
}
