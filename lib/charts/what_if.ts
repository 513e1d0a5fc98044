import { z90 } from "../math/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  fromUnit,
  type ParameterValue,
} from "../space/mod.ts";
import type { Surrogate } from "../surrogates/mod.ts";
import { drawnSurrogate, surrogateNote } from "./_surrogate.ts";
import type { Chart } from "./chart.ts";
import { type ChartRow, type Column, columnsOf, valueIn } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { panelsPart } from "./_panels.ts";
import { checkParameters, chooseParameters } from "./_parameters.ts";
import { chartOf, messageView } from "./_spec.ts";
import { cleanText, formatNumber, formatParams } from "./_text.ts";
import { clamp, round } from "./_scale.ts";

/** Options of {@linkcode whatIfChart}. */
export interface WhatIfOptions {
  /** The title. Defaults to `"What if, <study>"`. */
  readonly title?: string;
  /** The configuration to look around; whole and valid. Defaults to the best trial's. */
  readonly params?: Configuration;
  /** The names of the parameters to move, in order, at most 24. Defaults to the first 12 of the space. */
  readonly parameters?: readonly string[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `150`. */
  readonly height?: number;
}

/** What moving one parameter would do. */
export interface WhatIfPanel {
  /** The parameter's name. */
  readonly name: string;
  /**
   * Rows along the parameter: `x` its value, `m` the expected value of the
   * objective, `l` and `h` the ends of the 90 % interval of the function.
   */
  readonly rows: readonly ChartRow[];
  /** The parameter's value in the configuration; null where it is not used. */
  readonly here: number | string | null;
}

/** What {@linkcode whatIfRows} gives. */
export interface WhatIfRows {
  /** The configuration looked around; null while there is none. */
  readonly params: Configuration | null;
  /** A panel for each parameter. */
  readonly panels: readonly WhatIfPanel[];
  /** Why there are no panels; null if there are. */
  readonly reason: string | null;
}

const usualPanels = 12;
const mostPanels = 24;
/** How many places along a number. */
const places = 61;

/**
 * The data of {@linkcode whatIfChart}: at most 61 rows a parameter.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named
 * twice, there are more than 24, or the configuration is not valid.
 *
 * @example
 * ```ts
 * import { float, minimize, space, whatIfRows } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * whatIfRows(view).reason; // "fewer than two trials have a finite value"
 * ```
 */
export function whatIfRows(
  view: StudyView,
  options: WhatIfOptions = {},
): WhatIfRows {
  check(view, options);
  const finite = view.trials.filter(({ state, value }) =>
    state === "complete" && Number.isFinite(value)
  );
  const params = options.params === undefined
    ? bestTrial(view)?.params ?? null
    : view.space.validate(options.params, { rules: false });
  if (finite.length < 2 || params === null) {
    return {
      params,
      panels: [],
      reason: "fewer than two trials have a finite value",
    };
  }
  const surrogate = drawnSurrogate(view);
  const names = chooseParameters(view, options.parameters, usualPanels);
  const panels = columnsOf(view, names).map((column) =>
    panelOf(view, surrogate, params, column)
  );
  return { params, panels, reason: null };
}

function panelOf(
  view: StudyView,
  surrogate: Surrogate,
  params: Configuration,
  column: Column,
): WhatIfPanel {
  const { parameter } = column;
  const { name } = parameter;
  if (valueIn(params, name) === undefined) {
    return { name, rows: [], here: null };
  }
  const choices = choicesOf(parameter);
  const values: readonly ParameterValue[] = choices ??
    [
      ...new Set(
        Array.from(
          { length: places },
          (_, index) => fromUnit(parameter, index / (places - 1)),
        ),
      ),
    ];
  const rows = values.flatMap((value) => {
    const moved = view.space.arrange({ ...params, [name]: value });
    const { mean, sd } = expectation(view, surrogate, moved);
    return [{
      x: column.cell(moved),
      m: round(clamp(mean), 7),
      l: round(clamp(mean - z90 * sd), 7),
      h: round(clamp(mean + z90 * sd), 7),
    }];
  });
  return { name, rows, here: column.cell(params) };
}

/** What is expected of a configuration; children that the move makes active stand in the middle of their ranges. */
function expectation(
  view: StudyView,
  surrogate: Surrogate,
  moved: Configuration,
) {
  const middle = new Float64Array(view.space.dimension).fill(0.5);
  const known = Object.fromEntries(
    Object.entries(moved).filter(([name]) => view.space.isActive(name, moved)),
  );
  return surrogate.predict(view.space.decode(middle, known), { noise: false });
}

/**
 * What the surrogate expects of moving each parameter through its range while
 * the others stay where a configuration has them: the mean as a line, the 90 %
 * interval of the function as a band, the trials as points, the configuration
 * as a rule. A wide band says that nothing like it was tried.
 *
 * @param view The study.
 * @param options The configuration, which parameters, the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named
 * twice, there are more than 24, or the configuration is not valid.
 *
 * @example
 * ```ts
 * import { float, minimize, space, whatIfChart } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * whatIfChart(view).title; // "What if, demo"
 * ```
 */
export function whatIfChart(
  view: StudyView,
  options: WhatIfOptions = {},
): Chart {
  check(view, options);
  const { height = 150 } = options;
  return chartOf("What if", options, () => {
    const { params, panels, reason } = whatIfRows(view, options);
    const known = reason === null ? surrogateNote(view) : "";
    const around = params === null ? "" : `around ${formatParams(params)}`;
    return {
      title: `What if, ${view.name}`,
      lines: [
        around,
        known,
        ...panels.map(describePanel),
        reason === null ? "" : `Nothing to show: ${reason}`,
      ],
      subtitle: [
        around,
        reason === null
          ? "line: expected, band: 90 % interval, points: trials, dashed: the configuration; what lies beyond is cut at the edge"
          : "",
        known,
      ],
      part: () =>
        reason === null
          ? panelsPart(view, panels, height)
          : messageView(`Nothing to show yet: ${reason}`),
    };
  });
}

function describePanel({ name, rows, here }: WhatIfPanel): string {
  if (here === null) return `${cleanText(name)}: not used`;
  const means = rows.map(({ m }) => Number(m));
  return `${cleanText(name)}: expected from ${
    formatNumber(Math.min(...means))
  } to ${formatNumber(Math.max(...means))}`;
}

function check(view: StudyView, options: WhatIfOptions): void {
  const { params: _params, ...others } = options ?? {};
  checkOptions(
    "what-if plots",
    options === null || typeof options !== "object" ? options : others,
    {
      title: "text",
      parameters: "texts",
      height: "height",
    },
  );
  checkParameters("what-if plots", view, options.parameters, mostPanels);
  if (options.params !== undefined) {
    view.space.validate(options.params, { rules: false });
  }
}
