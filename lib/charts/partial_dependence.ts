import { randomStream, z90 } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import {
  choicesOf,
  fromUnit,
  type ParameterValue,
  toUnit,
} from "../space/mod.ts";
import { fitSurrogate, type Surrogate } from "../surrogates/mod.ts";
import { type ChartRow, type Column, columnsOf } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { panelsPart } from "./_panels.ts";
import {
  checkParameters,
  chooseParameters,
  parametersNote,
} from "./_parameters.ts";
import type { Chart } from "./chart.ts";
import { chartOf, joinNotes, objectiveOf } from "./_spec.ts";
import { cleanText, formatNumber } from "./_text.ts";
import { clamp, drawable, round } from "./_scale.ts";

/** Options of {@linkcode partialDependenceChart}. */
export interface PartialDependenceOptions {
  /** The title. Defaults to `"What each parameter does on average, <study>"`. */
  readonly title?: string;
  /** The names of the parameters, in order, at most 24. Defaults to the first 12 of the space. */
  readonly parameters?: readonly string[];
  /** The height of each plot in pixels, 80 to 2000. Defaults to `150`. */
  readonly height?: number;
}

/** What one parameter does on average. */
export interface PartialDependencePanel {
  /** The parameter's name. */
  readonly name: string;
  /**
   * Rows along it: `x` its value, `m` the mean expectation over the space, `l`
   * and `h` the ends of its 90 % interval.
   */
  readonly rows: readonly ChartRow[];
}

/** What {@linkcode partialDependenceRows} gives. */
export interface PartialDependenceRows {
  /** A panel for each parameter. */
  readonly panels: readonly PartialDependencePanel[];
  /** Why there are no panels; null if there are. */
  readonly reason: string | null;
}

const usualPanels = 12;
const mostPanels = 24;
/** How many places along a number. */
const places = 21;
/** How many configurations are averaged over. */
const backgrounds = 24;
/** What the surrogate learns from. */
const mostTrials = 150;

/**
 * The data of {@linkcode partialDependenceChart}: at most 21 rows a number, a row a choice.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, partialDependenceRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * partialDependenceRows(view).reason; // "fewer than two trials have a finite value"
 * ```
 */
export function partialDependenceRows(
  view: StudyView,
  options: PartialDependenceOptions = {},
): PartialDependenceRows {
  check(view, options);
  const known = view.trials.filter(({ state, value }) =>
    state === "complete" && drawable(value)
  );
  if (known.length < 2) {
    return { panels: [], reason: "fewer than two trials have a finite value" };
  }
  const surrogate = fitSurrogate(view, { maxTrials: mostTrials });
  const { uniform } = randomStream("partial dependence");
  const sampled = Array.from(
    { length: backgrounds },
    () => view.space.encode(view.space.sample(uniform)),
  );
  const names = chooseParameters(view, options.parameters, usualPanels);
  return {
    panels: columnsOf(view, names).map((column) => ({
      name: column.parameter.name,
      rows: alongColumn(view, { surrogate, sampled, column }),
    })),
    reason: null,
  };
}

function alongColumn(
  view: StudyView,
  { surrogate, sampled, column }: {
    surrogate: Surrogate;
    sampled: readonly Float64Array[];
    column: Column;
  },
): readonly ChartRow[] {
  const { parameter } = column;
  const values: readonly ParameterValue[] =
    choicesOf(parameter)?.slice(0, 60) ?? [
      ...new Set(
        Array.from(
          { length: places },
          (_, k) => fromUnit(parameter, k / (places - 1)),
        ),
      ),
    ];
  const { features, process } = surrogate;
  const { dimension } = features;
  const points = new Float64Array(values.length * sampled.length * dimension);
  const axis = view.space.names.indexOf(parameter.name);
  const isFree = parameter.conditions.length === 0 &&
    view.space.parameters.every(({ conditions }) =>
      conditions.every(({ parent }) => parent !== parameter.name)
    );
  let at = 0;
  for (const value of values) {
    for (const unit of sampled) {
      // A parameter on which others hang, or that hangs on others, moves them too.
      const place = isFree
        ? unit.with(axis, toUnit(parameter, value))
        : view.space.encode(
          view.space.decode(unit, { [parameter.name]: value }),
        );
      features.encode(place, points, at);
      at += dimension;
    }
  }
  const { mean, sd } = process.predict(points);
  return values.map((value, k) => {
    const from = k * sampled.length;
    // The deviations of neighbors go together: their mean is that of the average, at most.
    let [average, doubt] = [0, 0];
    for (let i = from; i < from + sampled.length; i++) {
      average += mean[i]! / sampled.length;
      doubt += sd[i]! / sampled.length;
    }
    const middle = surrogate.toObjective({ mean: average, sd: doubt });
    return {
      x: column.cell({ [parameter.name]: value }),
      m: round(clamp(middle.mean), 7),
      l: round(clamp(middle.mean - z90 * middle.sd), 7),
      h: round(clamp(middle.mean + z90 * middle.sd), 7),
    };
  });
}

/**
 * What each parameter does on average over the whole space, as the surrogate
 * sees it: the mean as a line, its 90 % interval as a band, the trials as points.
 * A flat line is a parameter that does not matter, or only together with another.
 *
 * @param view The study.
 * @param options Which parameters, and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If a parameter named is not in the space or named twice, or there are more than 24.
 *
 * @example
 * ```ts
 * import { float, minimize, partialDependenceChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * partialDependenceChart(view).title; // "What each parameter does on average, demo"
 * ```
 */
export function partialDependenceChart(
  view: StudyView,
  options: PartialDependenceOptions = {},
): Chart {
  check(view, options);
  const { height = 150, parameters } = options;
  return chartOf("What each parameter does on average", options, () => {
    const { panels, reason } = partialDependenceRows(view, options);
    const hint =
      "line: expected on average over all other parameters, band: 90 % interval, points: trials";
    const isConditional = panels.some(({ name }) =>
      view.space.parameter(name).conditions.length > 0
    );
    const note = joinNotes([
      parametersNote(view, parameters, usualPanels),
      isConditional ? "parameters with a condition: where they are used" : "",
    ]);
    return {
      title: `What each parameter does on average, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: [
        note,
        ...panels.map(describePanel),
        reason === null ? "" : `Nothing to show: ${reason}`,
      ],
      subtitle: [hint, note],
      message: reason === null ? null : `Nothing to show yet: ${reason}`,
      part: () => panelsPart(view, panels, height),
    };
  });
}

function describePanel({ name, rows }: PartialDependencePanel): string {
  const means = rows.map(({ m }) => Number(m));
  return `${cleanText(name)}: on average from ${
    formatNumber(Math.min(...means))
  } to ${formatNumber(Math.max(...means))}`;
}

function check(view: StudyView, options: PartialDependenceOptions): void {
  const chart = "partial dependence";
  checkOptions(chart, options, {
    title: "text",
    parameters: "texts",
    height: "height",
  });
  checkParameters(chart, view, options.parameters, mostPanels);
}
