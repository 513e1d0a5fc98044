import type { StudyView } from "../records/mod.ts";
import {
  featuresOf,
  type FittedHyperparameters,
  type Observation,
  observationsOf,
  regretBound,
} from "../surrogates/mod.ts";
import { randomStream } from "../math/mod.ts";
import { evenly } from "./_downsample.ts";
import { kindOf, presentKinds, trialAxis, valueAxis } from "./_encodings.ts";
import type { ChartRow } from "./_field.ts";
import { bestLine } from "./_history.ts";
import { checkOptions } from "./_options.ts";
import { axisDomain, clamp, drawable, round } from "./_scale.ts";
import {
  chartOf,
  countStates,
  nothingYet,
  objectiveOf,
  type Part,
} from "./_spec.ts";
import { formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode terminatorImprovementChart}. */
export interface TerminatorImprovementOptions {
  /** The title. Defaults to `"How much better it can still get, <study>"`. */
  readonly title?: string;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** What {@linkcode terminatorImprovementRows} gives. */
export interface TerminatorImprovementRows {
  /**
   * After some of the complete trials: `n` the trial, `v` how much better than
   * the best the objective can still get, with 90 % probability if the surrogate
   * is right, in its units, `s` the standard deviation of its noise, `k`
   * `"early"` for the first 20 trials, else `"possible improvement"`.
   */
  readonly rows: readonly ChartRow[];
  /** The first trial of those after which the bound stays below the noise; null while it does not. */
  readonly settled: number | null;
}

const early = "first 20 trials: a guess";
const later = "possible improvement";
const noise = "noise of the objective";

/** The bound is worked out after so many trials. */
const mostSteps = 16;
/** Fewer trials say nothing; from so many on it is more than a guess. */
const fewest = 3;
const earlyTrials = 20;
/** What the surrogate learns from, and how many places it is asked about. */
const mostTrials = 64;
const places = 320;

/**
 * The data of {@linkcode terminatorImprovementChart}: at most 16 rows.
 *
 * @param view The study.
 *
 * @example
 * ```ts
 * import { float, minimize, space, terminatorImprovementRows } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * terminatorImprovementRows(view).rows; // []
 * ```
 */
export function terminatorImprovementRows(
  view: StudyView,
): TerminatorImprovementRows {
  const complete = new Set(
    view.trials.flatMap(({ number, state, value }) =>
      state === "complete" && drawable(value) ? [number] : []
    ),
  );
  const known = observationsOf(view).finished.filter(({ number, value }) =>
    complete.has(number) && drawable(value)
  );
  if (known.length < fewest) return { rows: [], settled: null };
  const features = featuresOf(view.space);
  const { dimension, numeric } = features;
  const { uniform } = randomStream("terminator");
  const free = new Float64Array(places * dimension);
  for (let i = 0; i < places; i++) {
    features.encode(
      view.space.encode(view.space.sample(uniform)),
      free,
      i * dimension,
    );
  }
  let start: FittedHyperparameters | undefined;
  const rows = sizesOf(known.length).map((size): ChartRow => {
    const half = betterHalf(known.slice(0, size));
    const inputs = new Float64Array(half.length * dimension);
    half.forEach(({ unit }, i) => features.encode(unit, inputs, i * dimension));
    const values = Float64Array.from(half, ({ value }) => value);
    const { bound, noiseSd, hyperparameters } = regretBound(
      { inputs, values, dimension, numeric },
      free,
      { start },
    );
    start = hyperparameters;
    return {
      n: known[size - 1]!.number,
      v: round(clamp(bound), 5),
      s: round(clamp(noiseSd), 5),
      k: size < earlyTrials ? early : later,
    };
  });
  const above = rows.findLastIndex(({ v, s }) => Number(v) > Number(s));
  const settled = rows[above + 1];
  return {
    rows,
    settled: settled === undefined || settled.k === early
      ? null
      : Number(settled.n),
  };
}

/** After how many trials: all while they are few, then rarely, but more often in the beginning. */
function sizesOf(n: number): readonly number[] {
  const few = Math.min(mostSteps, n - fewest + 1);
  const shares = Array.from(
    { length: few },
    (_, i) => i / Math.max(1, few - 1),
  );
  const sizes = shares.map((share, i) => {
    const rising = fewest * (n / fewest) ** share;
    const even = fewest + (n - fewest) * share;
    return Math.max(fewest + i, Math.round((rising + even) / 2));
  });
  return sizes.map((size) => Math.min(n, size));
}

/** The better half, at least 20; of very many the best and some of the others. */
function betterHalf(known: readonly Observation[]): readonly Observation[] {
  const ranked = known.toSorted((a, b) =>
    a.value - b.value || a.number - b.number
  );
  const half = ranked.slice(
    0,
    Math.max(earlyTrials, Math.floor(known.length / 2)),
  );
  const best = half.slice(0, Math.floor(mostTrials / 2));
  return half.length <= mostTrials
    ? half
    : [...best, ...evenly(half.slice(best.length), mostTrials - best.length)];
}

/**
 * When to stop: how much better than the best a value can still get, with 90 %
 * probability if the surrogate is right, after ever more trials. Where it falls
 * below the noise of the objective, further trials cannot be told from luck.
 *
 * The same as Optuna's terminator improvement, with our surrogate.
 *
 * @param view The study.
 * @param options The title and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, space, terminatorImprovementChart } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * terminatorImprovementChart(view).title; // "How much better it can still get, demo"
 * ```
 */
export function terminatorImprovementChart(
  view: StudyView,
  options: TerminatorImprovementOptions = {},
): Chart {
  checkOptions("possible improvement", options, {
    title: "text",
    height: "height",
  });
  const { height = 260 } = options;
  return chartOf("How much better it can still get", options, () => {
    const data = terminatorImprovementRows(view);
    const { rows, settled } = data;
    const end = rows.at(-1);
    const verdict = end === undefined
      ? ""
      : end.k === early
      ? `fewer than ${earlyTrials} trials: a guess`
      : settled !== null
      ? `since trial ${settled} what is left to win is less than the noise (${
        formatNumber(Number(end.s), 2)
      }): more trials bring little`
      : `at most ${
        formatNumber(Number(end.v), 3)
      } better than now, if the surrogate is right (90 % sure)`;
    return {
      title: `How much better it can still get, ${view.name}`,
      heading: `: ${shorten(objectiveOf(view).name, 80)}`,
      lines: [verdict, countStates(view), bestLine(view)],
      subtitle: [verdict, countStates(view)],
      message: end !== undefined ? null : nothingYet(
        view,
        `Fewer than ${fewest} trials have a finite value yet: ${
          countStates(view)
        }`,
      ),
      part: () => lines(view, data, height),
    };
  });
}

const kinds = {
  [later]: chartColors.complete,
  [early]: chartColors.ramp[1],
  [noise]: chartColors.muted,
};

function lines(
  view: StudyView,
  { rows }: TerminatorImprovementRows,
  height: number,
): Part {
  const last = Number(rows.at(-1)!.n);
  // What is a guess must not flatten what is not.
  const known = rows.some(({ k }) => k === later)
    ? rows.filter(({ k }) => k === later)
    : rows;
  const top = known.reduce((most, { v }) => Math.max(most, Number(v)), 0);
  const domain: [number, number] = [0, axisDomain(0, top, false)[1]];
  const x = trialAxis(last, { offset: 4 });
  const y = (field: string) => {
    const axis = valueAxis({
      field,
      title: `${shorten(objectiveOf(view).name, 26)}: still to gain`,
      domain,
    }) as { readonly scale: Part };
    return { ...axis, scale: { ...axis.scale, clamp: true } };
  };
  const seen = rows.map((row) => ({ ...row, e: noise }));
  const color = (field: string) =>
    kindOf(field, presentKinds(kinds, [...rows.map(({ k }) => k), noise]));
  const tooltip = [["n", "after trial"], ["v", "still to gain"], ["s", "noise"]]
    .map(([field, title]) => ({ field, type: "quantitative", title }));
  return {
    width: chartWidth,
    height,
    data: { values: seen },
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.5, strokeDash: [5, 3] },
        encoding: { x, y: y("s"), color: color("e") },
      },
      {
        mark: { type: "line", strokeWidth: 2, color: chartColors.complete },
        encoding: { x, y: y("v") },
      },
      {
        mark: { type: "point", filled: true, size: 42, opacity: 1 },
        encoding: { x, y: y("v"), color: color("k"), tooltip },
      },
    ],
  };
}
