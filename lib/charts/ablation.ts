import { z90 } from "../math/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { Surrogate } from "../surrogates/mod.ts";
import { drawnSurrogate, surrogateNote } from "./_surrogate.ts";
import {
  ablationPath,
  type AblationStep,
  defaultConfiguration,
} from "./_ablation.ts";
import { kindOf, presentKinds, valueAxis } from "./_encodings.ts";
import { type ChartRow, valueIn } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { rankedTrials } from "./_parameters.ts";
import { axisDomain, clamp, drawable, round } from "./_scale.ts";
import {
  chartOf,
  countStates,
  nothingYet,
  objectiveOf,
  objectiveTitle,
  type Part,
} from "./_spec.ts";
import {
  cleanText,
  distinct,
  formatNumber,
  formatParams,
  formatValue,
  shorten,
} from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode ablationChart}. */
export interface AblationOptions {
  /** The title. Defaults to `"From the default to the best, <study>"`. */
  readonly title?: string;
  /** The configuration to begin from; whole and valid. Defaults to each parameter's default, or the middle of its scale and the first of its choices. */
  readonly from?: Configuration;
}

/** What {@linkcode ablationRows} gives. */
export interface AblationRows {
  /**
   * A row a configuration, the one begun from first: `i` its place, `p` what
   * changed, `b` what was expected before, `m` what is expected now, `l` and `h`
   * the ends of the 90 % interval of the function, `o` what the best of the
   * trials of this configuration brought, null without one, `k` `"better"` or
   * `"worse"` than before, `"start"` for the first.
   */
  readonly rows: readonly ChartRow[];
  /** Where the path begins; null while there is none. */
  readonly from: Configuration | null;
  /** Where it ends: the best trial's configuration; null while there is none. */
  readonly to: Configuration | null;
  /** Why there is no path; null if there is. */
  readonly reason: string | null;
}

/** The most steps; what is left over is one step. */
const mostSteps = 12;

/**
 * The data of {@linkcode ablationChart}: at most 13 rows.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the configuration is not valid.
 *
 * @example
 * ```ts
 * import { ablationRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * ablationRows(view).rows; // []
 * ```
 */
export function ablationRows(
  view: StudyView,
  options: AblationOptions = {},
): AblationRows {
  check(view, options);
  const { space } = view;
  const none = (reason: string) => ({ rows: [], from: null, to: null, reason });
  const best = bestTrial({ ...view, trials: rankedTrials(view) });
  if (best === null || rankedTrials(view).length < 2) {
    return none("fewer than two trials have a finite value");
  }
  let to: Configuration;
  try {
    to = space.validate(best.params, { rules: false });
  } catch {
    return none("the space no longer allows the best configuration");
  }
  const from = options.from === undefined
    ? defaultConfiguration(space)
    : space.validate(options.from, { rules: false });
  const surrogate = drawnSurrogate(view);
  const steps = ablationPath(
    space,
    { from, to },
    (all) => [...predicted(view, surrogate, all).mean],
    mostSteps,
  );
  if (steps.length === 0) {
    return none("the best configuration is the one to begin from");
  }
  return {
    rows: rowsOf(view, surrogate, { from, steps }),
    from,
    to,
    reason: null,
  };
}

/** What is expected, in the process's units. */
function predicted(
  { space }: StudyView,
  { features, process }: Surrogate,
  all: readonly Configuration[],
) {
  const points = new Float64Array(all.length * features.dimension);
  all.forEach((params, i) =>
    features.encode(space.encode(params), points, i * features.dimension)
  );
  return process.predict(points);
}

function rowsOf(
  view: StudyView,
  surrogate: Surrogate,
  { from, steps }: {
    readonly from: Configuration;
    readonly steps: readonly AblationStep[];
  },
): readonly ChartRow[] {
  const places = [from, ...steps.map(({ params }) => params)];
  const { mean, sd } = predicted(view, surrogate, places);
  const labels = distinct([
    "where it begins",
    ...steps.map(({ names, params }, i) => changeOf(names, places[i]!, params)),
  ]);
  const sign = objectiveOf(view).direction === "minimize" ? 1 : -1;
  let before: number | null = null;
  return places.map((params, i) => {
    const expected = surrogate.toObjective({ mean: mean[i]!, sd: sd[i]! });
    const m = round(clamp(expected.mean), 6);
    const row: ChartRow = {
      i,
      p: labels[i]!,
      b: before,
      m,
      l: round(clamp(expected.mean - z90 * expected.sd), 6),
      h: round(clamp(expected.mean + z90 * expected.sd), 6),
      o: observed(view, params),
      k: before === null
        ? "start"
        : sign * (m - before) <= 0
        ? "better"
        : "worse",
    };
    before = m;
    return row;
  });
}

/** What changes in a step, in words. */
function changeOf(
  names: readonly string[],
  before: Configuration,
  after: Configuration,
): string {
  const [first, ...others] = names.filter((name) =>
    valueIn(after, name) !== undefined
  );
  if (first === undefined) return shorten(names.join(", "), 40);
  if (others.length > 3) return `${names.length} others`;
  const old = valueIn(before, first);
  const change = `${shorten(first, 20)}: ${
    old === undefined ? "" : `${shorten(formatValue(old), 12)} → `
  }${shorten(formatValue(valueIn(after, first)!), 12)}`;
  return others.length === 0 ? change : shorten(
    `${change}, ${others.map((name) => shorten(name, 12)).join(", ")}`,
    48,
  );
}

/** The best value of the trials of a configuration; null without one. */
function observed(view: StudyView, params: Configuration): number | null {
  const names = view.space.names;
  const same = rankedTrials(view).findLast((trial) =>
    names.every((name) => valueIn(trial.params, name) === valueIn(params, name))
  );
  return same === undefined || !drawable(same.value)
    ? null
    : round(same.value, 7);
}

/**
 * What the difference between the default and the best configuration is made of:
 * from the one to the other a parameter a step, each time the one that helps
 * most, as the surrogate expects it. Long bars are the parameters that matter,
 * short ones could as well have stayed. Where a trial had the very
 * configuration, its value stands beside.
 *
 * @param view The study.
 * @param options The title, and where to begin.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the configuration is not valid.
 *
 * @example
 * ```ts
 * import { ablationChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * ablationChart(view).title; // "From the default to the best, demo"
 * ```
 */
export function ablationChart(
  view: StudyView,
  options: AblationOptions = {},
): Chart {
  check(view, options);
  return chartOf("From the default to the best", options, () => {
    const { rows, from, reason } = ablationRows(view, options);
    const start = from === null ? "" : `from ${formatParams(from)}`;
    const known = reason === null ? surrogateNote(view) : "";
    const hint =
      "bar: what a change brings, as the surrogate expects; line: its 90 % interval; diamond: a trial";
    return {
      title: `From the default to the best, ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [
        countStates(view),
        start,
        known,
        ...rows.map(({ p, m }) =>
          `${cleanText(p).trim()}: ${formatNumber(Number(m))}`
        ),
        reason === null ? "" : `Nothing to show: ${reason}`,
      ],
      subtitle: [start, hint, known],
      message: reason === null
        ? null
        : nothingYet(view, `Nothing to show: ${reason}`),
      part: () => waterfall(view, rows),
    };
  });
}

function check(view: StudyView, options: AblationOptions): void {
  const { from, ...others } = options ?? {};
  checkOptions(
    "path to the best",
    options === null || typeof options !== "object" ? options : others,
    { title: "text" },
  );
  if (from !== undefined) view.space.validate(from, { rules: false });
}

const kinds = { better: chartColors.complete, worse: chartColors.pruned };

function waterfall(view: StudyView, rows: readonly ChartRow[]): Part {
  const marks = rows.flatMap(({ m, b, o }) =>
    [m, b, o].filter((value) => value !== null).map(Number)
  );
  const low = marks.reduce((a, b) => Math.min(a, b));
  const high = marks.reduce((a, b) => Math.max(a, b));
  const room = 0.35 * Math.max(high - low, Math.abs(high) * 1e-3);
  const domain = axisDomain(
    Math.max(
      clamp(low - room),
      rows.reduce((a, { l }) => Math.min(a, Number(l)), low),
    ),
    Math.min(
      clamp(high + room),
      rows.reduce((a, { h }) => Math.max(a, Number(h)), high),
    ),
    false,
  );
  const x = (field: string) => {
    const axis = valueAxis({
      field,
      title: objectiveTitle(view, 60),
      domain,
      horizontal: true,
      tickCount: 6,
    }) as { readonly scale: Part; readonly axis: Part };
    return {
      ...axis,
      scale: { ...axis.scale, clamp: true },
      axis: { ...axis.axis, grid: true },
    };
  };
  const y = {
    field: "p",
    type: "nominal",
    title: null,
    scale: { domain: rows.map(({ p }) => p) },
    axis: {
      domain: false,
      ticks: false,
      labelLimit: 270,
      labelColor: chartColors.text,
      labelFontSize: 11.5,
    },
  };
  const tooltip = [
    ["p", "change"],
    ["m", "expected"],
    ["l", "from"],
    ["h", "to"],
    ["o", "observed"],
  ].map(([field, title]) => ({ field, type: "nominal", title }));
  const steps = rows.filter(({ b }) => b !== null);
  return {
    width: Math.max(150, chartWidth - 190),
    height: { step: 28 },
    layer: [
      {
        data: { values: rows },
        mark: { type: "rule", color: chartColors.axis, strokeWidth: 1.5 },
        encoding: { y, x: x("l"), x2: { field: "h" }, tooltip },
      },
      {
        data: { values: steps },
        mark: { type: "bar", height: 13, opacity: 0.85 },
        encoding: {
          y,
          x: x("b"),
          x2: { field: "m" },
          color: kindOf("k", presentKinds(kinds, steps.map(({ k }) => k))),
          tooltip,
        },
      },
      {
        data: { values: rows },
        mark: {
          type: "tick",
          color: chartColors.text,
          thickness: 2,
          size: 19,
        },
        encoding: { y, x: x("m"), tooltip },
      },
      {
        data: { values: rows.filter(({ o }) => o !== null) },
        mark: {
          type: "point",
          shape: "diamond",
          filled: true,
          size: 90,
          color: chartColors.best,
          stroke: chartColors.background,
          strokeWidth: 1,
          opacity: 1,
        },
        encoding: { y, x: x("o"), tooltip },
      },
    ],
  };
}
