import { z90 } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";
import { chartOf, objectiveTitle, type Part } from "./_spec.ts";
import { axisDomain, clamp, drawable, round } from "./_scale.ts";
import { kindOf } from "./_encodings.ts";
import { count, formatNumber } from "./_text.ts";

/** Options of {@linkcode crossValidationChart}. */
export interface CrossValidationOptions {
  /** The title. Defaults to `"Can the surrogate be trusted? <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000; it is as wide. Defaults to `360`. */
  readonly height?: number;
}

/** What {@linkcode crossValidationRows} gives. */
export interface CrossValidationRows {
  /**
   * Trials left out in turn: `n` the number, `v` the value as the surrogate sees it, `m` the mean expected
   * without it, `l` and `h` the ends of the 90 % interval, `k` `"inside"` the interval or
   * `"outside"`.
   */
  readonly rows: readonly ChartRow[];
  /** How many values lie so far out that the surrogate sees them moved in. */
  readonly movedIn: number;
  /** The share of the trials inside of their interval; 0.9 if the surrogate knows what it does not know; NaN without rows. */
  readonly inside: number;
  /** The share of the variance explained; NaN where that cannot be said. */
  readonly r2: number;
  /** How far their order agrees: the correlation of means and values; NaN where that cannot be said. */
  readonly correlation: number;
}

/** Fewer trials say nothing of the surrogate. */
const fewestTrials = 4;
/** More trials than these are not left out in turn. */
const mostTrials = 250;

/**
 * The data of {@linkcode crossValidationChart}: of at most 250 trials.
 *
 * @param view The study.
 *
 * @example
 * ```ts
 * import { crossValidationRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * crossValidationRows(view).rows; // []
 * ```
 */
export function crossValidationRows(view: StudyView): CrossValidationRows {
  const complete = new Map(
    view.trials.flatMap(({ number, state, value }) =>
      state === "complete" && drawable(value) ? [[number, value]] : []
    ),
  );
  const none = { rows: [], movedIn: 0, inside: NaN, r2: NaN, correlation: NaN };
  if (complete.size < fewestTrials) return none;
  const { trials } = fitSurrogate(view, { maxTrials: mostTrials })
    .crossValidation();
  // The surrogate learns from pruned and failed trials too; their values are not results.
  const rows = trials.filter(({ number }) => complete.has(number)).map(
    ({ number, value, mean, sd }) => {
      const [l, h] = [clamp(mean - z90 * sd), clamp(mean + z90 * sd)];
      return {
        n: number,
        v: round(clamp(value), 7),
        m: round(clamp(mean), 7),
        l: round(l, 7),
        h: round(h, 7),
        k: value >= l && value <= h ? "inside" : "outside",
      };
    },
  );
  return rows.length < fewestTrials ? none : {
    rows,
    movedIn: rows.filter(({ n, v }) => {
      const given = complete.get(n)!;
      return Math.abs(given - v) > 1e-4 * Math.abs(given);
    }).length,
    inside: rows.filter(({ k }) => k === "inside").length / rows.length,
    ...agreement(
      rows.map(({ v }) => Number(v)),
      rows.map(({ m }) => Number(m)),
    ),
  };
}

/** How well means agree with values. */
function agreement(
  values: readonly number[],
  means: readonly number[],
): Pick<CrossValidationRows, "r2" | "correlation"> {
  // Relative to the largest, so that squares of huge values do not overflow.
  const unit = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
  const n = values.length;
  const middle = values.reduce((sum, v) => sum + v / unit / n, 0);
  const expected = means.reduce((sum, m) => sum + m / unit / n, 0);
  let [error, variance, spread, product] = [0, 0, 0, 0];
  values.forEach((value, i) => {
    const [v, m] = [value / unit - middle, means[i]! / unit - expected];
    error += (value / unit - means[i]! / unit) ** 2;
    variance += v * v;
    spread += m * m;
    product += v * m;
  });
  const isFlat = values.every((value) => value === values[0]);
  return {
    r2: isFlat ? NaN : 1 - error / variance,
    correlation: isFlat ? NaN : product / Math.sqrt(variance * spread),
  };
}

/**
 * Whether the surrogate can be trusted: each trial is left out in turn, and what
 * would have been expected of it stands over what it brought, with the 90 %
 * interval. Points near the diagonal: it predicts well. Many intervals that miss
 * it: it is too sure of itself.
 *
 * @param view The study.
 * @param options The title and the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { crossValidationChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * crossValidationChart(view).title; // "Can the surrogate be trusted? demo"
 * ```
 */
export function crossValidationChart(
  view: StudyView,
  options: CrossValidationOptions = {},
): Chart {
  checkOptions("cross-validation", options, {
    title: "text",
    height: "height",
  });
  const { height = 360 } = options;
  return chartOf("Can the surrogate be trusted?", options, () => {
    const data = crossValidationRows(view);
    const message = data.rows.length > 0
      ? null
      : `Fewer than ${fewestTrials} trials have a finite value: nothing to compare yet`;
    return {
      title: `Can the surrogate be trusted? ${view.name}`,
      lines: message === null ? verdictOf(data) : [message],
      message,
      part: () => diagonal(view, data, height),
    };
  });
}

/** In words how good it is. */
function verdictOf(
  { rows, inside, r2, correlation, movedIn }: CrossValidationRows,
): string[] {
  const share = Math.round(100 * inside);
  const sure = rows.length < 10
    ? "too few trials to judge that"
    : inside < 0.8
    ? "it is too sure of itself"
    : inside > 0.98 && rows.length >= 40
    ? "it is too cautious"
    : "its doubts are about right";
  const good = Number.isNaN(r2)
    ? "all values are equal: there is nothing to predict"
    : r2 >= 0.7
    ? `it predicts well: ${formatNumber(100 * r2, 2)} % of the variance`
    : r2 >= 0.3
    ? `it predicts something: ${formatNumber(100 * r2, 2)} % of the variance`
    : correlation >= 0.7
    ? "it ranks them well, though its expectations are off"
    : "it predicts hardly better than the mean: trust the trials, not the model";
  return [
    `${count(rows.length, "trial")} left out in turn; ${good}`,
    `${share} % lie inside their 90 % interval: ${sure}`,
    ...(movedIn === 0 ? [] : [
      `${count(movedIn, "value")} far out, moved in as the surrogate sees them`,
    ]),
  ];
}

function diagonal(
  view: StudyView,
  { rows }: CrossValidationRows,
  height: number,
): Part {
  const values = rows.map(({ v }) => Number(v));
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  // Wide intervals must not squeeze the points: they are cut at the edge.
  const room = Math.max((high - low) * 0.35, Math.abs(high) * 1e-3);
  const [least, most] = rows.reduce<readonly [number, number]>(
    ([a, b], { l, h }) => [Math.min(a, Number(l)), Math.max(b, Number(h))],
    [low, high],
  );
  const domain = axisDomain(
    Math.max(least, clamp(low - room)),
    Math.min(most, clamp(high + room)),
    false,
  );
  const scale = { domain, zero: false, nice: false, clamp: true };
  const axis = { domain: false, ticks: false, tickCount: 6 };
  const x = {
    field: "v",
    type: "quantitative",
    title: `observed: ${objectiveTitle(view, 36)}`,
    scale,
    axis,
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    title: "expected without the trial",
    scale,
    axis,
  });
  const color = {
    ...kindOf("k", {
      inside: chartColors.complete,
      outside: chartColors.best,
    }),
    title: "90 % interval",
  };
  const many = rows.length > 80;
  return {
    width: height,
    height,
    layer: [
      {
        data: {
          values: domain.map((end) => ({ v: round(end, 7), m: round(end, 7) })),
        },
        mark: {
          type: "line",
          color: chartColors.muted,
          strokeDash: [4, 4],
          strokeWidth: 1.2,
        },
        encoding: { x, y: y("m") },
      },
      {
        data: { values: rows },
        mark: {
          type: "rule",
          opacity: many ? 0.25 : 0.5,
          strokeWidth: many ? 1 : 1.5,
        },
        encoding: { x, y: y("l"), y2: { field: "h" }, color },
      },
      {
        data: { values: rows },
        mark: {
          type: "point",
          filled: true,
          size: many ? 26 : 46,
          opacity: 0.9,
        },
        encoding: {
          x,
          y: y("m"),
          color,
          tooltip: [
            ["n", "trial"],
            ["v", "observed"],
            ["m", "expected"],
            ["l", "from"],
            ["h", "to"],
          ].map(([field, title]) => ({ field, type: "quantitative", title })),
        },
      },
    ],
  };
}
