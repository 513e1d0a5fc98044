import { joined } from "./_compose.ts";
import { drawing, messageView, specOf } from "./_spec.ts";
import { cleanText } from "./_text.ts";
import { Chart, displayBudgetBytes } from "./chart.ts";

/** Options of {@linkcode row} and {@linkcode grid}. */
export interface LayoutOptions {
  /** A title over all. Defaults to none. */
  readonly title?: string;
  /** The width of the whole in pixels, 200 to 4000. Defaults to `940`, which a notebook has room for. */
  readonly width?: number;
}

/** Options of {@linkcode grid}. */
export interface ChartGridOptions extends LayoutOptions {
  /** How many charts stand in a row, 1 to 6. Defaults to `2`. */
  readonly columns?: number;
}

/** What axis, legend and padding take beside a plot, in pixels. */
const beside = 100;
/** The most charts that are placed together. */
const mostCharts = 24;

/**
 * Charts side by side, each drawn anew as narrow as it has to be: one chart,
 * which shows, saves and turns into pictures like any other. What one can do
 * with a mouse in each of them works as before.
 *
 * @param charts The charts, 1 to 6.
 * @param options A title, and the width of the whole.
 * @throws {TypeError} If the charts are not an array of charts, or an option is of another kind.
 * @throws {RangeError} If there is none or more than 6, or the width is out of range.
 *
 * @example
 * ```ts
 * import { float, importanceChart, minimize, row, sliceChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * row([sliceChart(view), importanceChart(view)]).title; // "loss by parameter, demo; Importance of parameters, demo"
 * ```
 */
export function row(
  charts: readonly Chart[],
  options: LayoutOptions = {},
): Chart {
  check("row", charts, options, 6);
  return placed(charts, options, charts.length);
}

/**
 * Charts in rows and columns; otherwise like {@linkcode row}.
 *
 * @param charts The charts in reading order, 1 to 24.
 * @param options A title, the width of the whole, and how many stand in a row.
 * @throws {TypeError} If the charts are not an array of charts, or an option is of another kind.
 * @throws {RangeError} If there is none or more than 24, or an option is out of range.
 *
 * @example
 * ```ts
 * import { float, grid, importanceChart, minimize, sliceChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * grid([sliceChart(view), importanceChart(view)], { columns: 1, title: "Two views" }).title; // "Two views"
 * ```
 */
export function grid(
  charts: readonly Chart[],
  options: ChartGridOptions = {},
): Chart {
  const { columns = 2 } = options;
  check("grid", charts, options, mostCharts);
  if (!(Number.isInteger(columns) && columns >= 1 && columns <= 6)) {
    throw new RangeError(
      `Cannot place charts in a grid: columns is ${
        String(columns)
      }, expected a whole number from 1 to 6`,
    );
  }
  return placed(charts, options, Math.min(columns, charts.length));
}

function placed(
  charts: readonly Chart[],
  { title, width = 940 }: LayoutOptions,
  columns: number,
): Chart {
  const own = cleanText(title ?? "");
  const name = own === "" ? charts.map((chart) => chart.title).join("; ") : own;
  const plot = Math.floor(
    Math.max(120, Math.min(2000, width / columns - beside)),
  );
  const text = [...(own === "" ? [] : [own]), ...charts.map((c) => c.text)]
    .join("\n\n");
  return drawing(name, () => ({
    title: name,
    text,
    spec: fitting(charts, plot, own, columns),
  }));
}

/** The spec of all, each chart with fewer points until it fits into a display. */
function fitting(
  charts: readonly Chart[],
  width: number,
  title: string,
  columns: number,
): Chart["spec"] {
  for (let share = 1; share > 1 / 40; share /= 2) {
    const drawn = charts.map((chart) => chart.withWidth(width, share));
    const spec = specOf(title, [], name(drawn), joined(drawn, columns, width));
    if (JSON.stringify(spec).length <= 0.9 * displayBudgetBytes) return spec;
  }
  return specOf(
    title,
    [],
    "",
    messageView(
      `${charts.length} charts are more than a notebook can show at once; place fewer of them together`,
    ),
  );
}

function name(charts: readonly Chart[]): string {
  return charts.map(({ title }) => title).join("; ");
}

function check(
  layout: string,
  charts: readonly Chart[],
  options: LayoutOptions,
  most: number,
): void {
  const cannot = `Cannot place charts in a ${layout}`;
  if (
    !Array.isArray(charts) || !charts.every((chart) => chart instanceof Chart)
  ) {
    throw new TypeError(
      `${cannot}: expected an array of charts, as in ${layout}([study.charts.slice(), study.charts.importance()])`,
    );
  }
  if (charts.length < 1 || charts.length > most) {
    throw new RangeError(
      `${cannot}: found ${charts.length} charts, expected 1 to ${most}`,
    );
  }
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${cannot}: the options are ${
        String(options)
      }, expected an object such as {}`,
    );
  }
  const { title, width } = options;
  if (title !== undefined && typeof title !== "string") {
    throw new TypeError(`${cannot}: the title is not a text`);
  }
  if (width !== undefined && !(width >= 200 && width <= 4000)) {
    throw new RangeError(
      `${cannot}: the width is ${
        String(width)
      }, expected a number of pixels from 200 to 4000`,
    );
  }
}
