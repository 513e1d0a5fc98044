import { hypervolumeGain } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import { lineLegend, trialAxis, valueAxis } from "./_encodings.ts";
import type { ChartRow } from "./_field.ts";
import {
  objectiveRange,
  titleOf,
  type ValuedTrial,
  valuedTrials,
} from "./_objectives.ts";
import { axisDomain, clamp, round } from "./_scale.ts";
import { checkOptionsWithOthers, seriesColor, studyNames } from "./_several.ts";
import { chartOf, countStates, noValueYet, type Part } from "./_spec.ts";
import { count, formatNumber, shorten } from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** Options of {@linkcode hypervolumeHistoryChart}. */
export interface HypervolumeHistoryOptions {
  /** The title. Defaults to `"Hypervolume of <study>"`. */
  readonly title?: string;
  /**
   * The reference point, a value an objective in its own units: what is no
   * better in every objective adds nothing. Defaults to a tenth of the range
   * beyond the worst value of each objective among all trials shown, those far
   * out left aside.
   */
  readonly reference?: readonly number[];
  /** Up to 7 further studies of the same objectives to draw beside it. Defaults to none. */
  readonly others?: readonly StudyView[];
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** One study's hypervolume. */
export interface HypervolumeSteps {
  /** The study's name, distinct among those shown. */
  readonly name: string;
  /** Where the hypervolume grew, and the last trial: `n` the trial, `v` the hypervolume after it, `g` what it added, `p` the size of the front. */
  readonly rows: readonly ChartRow[];
}

/** What {@linkcode hypervolumeHistoryRows} gives. */
export interface HypervolumeHistoryRows {
  /** The studies, the first one first. */
  readonly studies: readonly HypervolumeSteps[];
  /** The reference point, in the objectives' units; null without values. */
  readonly reference: readonly number[] | null;
}

const mostRows = 4000;

/**
 * The data of {@linkcode hypervolumeHistoryChart}: at most 4,000 rows together.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the reference has not a number an objective, others have other objectives, or there are more than 7.
 *
 * @example
 * ```ts
 * import { float, hypervolumeHistoryRows, maximize, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss"), maximize("speed")], space: space({ x: float(0, 1) }), trials: [] };
 * hypervolumeHistoryRows(view).reference; // null
 * ```
 */
export function hypervolumeHistoryRows(
  view: StudyView,
  options: HypervolumeHistoryOptions = {},
): HypervolumeHistoryRows {
  check(view, options);
  const views = [view, ...(options.others ?? [])];
  const valued = views.map(valuedTrials);
  const names = studyNames(views);
  const reference = options.reference ?? worstOf(view, valued.flat());
  const signs = view.objectives.map(({ direction }) =>
    direction === "minimize" ? 1 : -1
  );
  const corner = reference?.map((value, i) => signs[i]! * value) ?? [];
  return {
    studies: valued.map((trials, k) => ({
      name: names[k]!,
      rows: stepsOf(trials, {
        corner,
        last: views[k]!.trials.at(-1)?.number ?? 0,
        most: Math.floor(mostRows / views.length),
      }),
    })),
    reference,
  };
}

/** A little beyond the worst value of each objective, outliers aside; null without values. */
function worstOf(
  { objectives }: StudyView,
  valued: readonly ValuedTrial[],
): readonly number[] | null {
  if (valued.length === 0) return null;
  return objectives.map((objective, i) => {
    const [low, high] = objectiveRange(
      objective,
      valued.map(({ values }) => values[i]!),
    );
    // A little beyond, or the ends of the front would add nothing.
    const room = 0.1 * (high - low || Math.abs(high) || 1);
    return round(objective.direction === "minimize" ? high + room : low - room);
  });
}

function stepsOf(
  valued: readonly ValuedTrial[],
  { corner, last, most }: {
    readonly corner: readonly number[];
    readonly last: number;
    readonly most: number;
  },
): readonly ChartRow[] {
  let front: (readonly number[])[] = [];
  let volume = 0;
  const rows: ChartRow[] = [];
  const add = (n: number, gain: number) =>
    rows.push({
      n,
      v: round(clamp(volume), 7),
      g: round(clamp(gain), 5),
      p: front.length,
    });
  for (const { trial, losses } of valued) {
    const isBeaten = front.some((other) =>
      other.every((value, i) => value <= losses[i]!)
    );
    const gain = isBeaten ? 0 : hypervolumeGain(losses, front, corner);
    if (!isBeaten && losses.every((value, i) => value < corner[i]!)) {
      front = [
        ...front.filter((other) =>
          !losses.every((value, i) => value <= other[i]!)
        ),
        losses,
      ];
    }
    volume += gain;
    if (gain > 0 || rows.length === 0) add(trial.number, gain);
  }
  if (rows.length > 0 && last > Number(rows.at(-1)!.n)) add(last, 0);
  return evenly(rows, most);
}

/**
 * How the front of a study with several objectives grew: the hypervolume, that
 * is how much of the space before a reference point its trials dominate, over
 * the trials. A flat line at the end says that more trials bring little. It
 * compares several studies of the same objectives at one glance.
 *
 * @param view The study.
 * @param options The title, the reference point, further studies, the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the reference has not a number an objective, others have other objectives, or there are more than 7.
 *
 * @example
 * ```ts
 * import { float, hypervolumeHistoryChart, maximize, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss"), maximize("speed")], space: space({ x: float(0, 1) }), trials: [] };
 * hypervolumeHistoryChart(view).title; // "Hypervolume of demo"
 * ```
 */
export function hypervolumeHistoryChart(
  view: StudyView,
  options: HypervolumeHistoryOptions = {},
): Chart {
  check(view, options);
  const { height = 260, others = [] } = options;
  return chartOf("Hypervolume", options, () => {
    const isSeveral = view.objectives.length > 1;
    const data = hypervolumeHistoryRows(view, options);
    const { studies, reference } = data;
    const isEmpty = studies.every(({ rows }) => rows.length === 0);
    const point = reference === null
      ? ""
      : `reference point: ${
        view.objectives.map(({ name }, i) =>
          `${shorten(name, 30)} ${formatNumber(reference[i]!)}`
        ).join(", ")
      }`;
    const ends = studies.flatMap(({ name, rows }) => {
      const end = rows.at(-1);
      return end === undefined ? [] : [
        `${others.length > 0 ? `${name}: ` : ""}hypervolume ${
          formatNumber(Number(end.v))
        }, ${count(Number(end.p), "trial")} on the front`,
      ];
    });
    return {
      title: `Hypervolume of ${view.name}`,
      heading: `: ${view.objectives.map((one) => titleOf(one, 60)).join(", ")}`,
      lines: [others.length > 0 ? "" : countStates(view), ...ends, point],
      subtitle: [
        others.length > 0 ? "" : `${countStates(view)}; ${ends.join("")}`,
        point,
      ],
      message: !isSeveral
        ? "This study has one objective: its history says all"
        : isEmpty
        ? noValueYet(view)
        : null,
      part: () => stepsPart(data, height),
    };
  });
}

function check(view: StudyView, options: HypervolumeHistoryOptions): void {
  const chart = "hypervolume";
  const { reference, ...rest } = options ?? {};
  checkOptionsWithOthers(chart, options === null ? options : rest, {
    title: "text",
    height: "height",
  });
  const wanted = view.objectives;
  const other = options?.others?.find(({ objectives }) =>
    objectives.length !== wanted.length ||
    objectives.some(({ direction }, i) => direction !== wanted[i]!.direction)
  );
  if (other !== undefined) {
    throw new RangeError(
      `Cannot draw the ${chart}: the study ${
        JSON.stringify(other.name)
      } has other objectives, expected ${
        wanted.map((one) => titleOf(one)).join(", ")
      }`,
    );
  }
  if (reference === undefined) return;
  if (
    !Array.isArray(reference) || reference.length !== wanted.length ||
    !reference.every((value) => Number.isFinite(value))
  ) {
    throw new RangeError(
      `Cannot draw the ${chart}: the option reference is ${
        JSON.stringify(reference)
      }, expected ${count(wanted.length, "number")}, one an objective`,
    );
  }
}

function stepsPart(
  { studies }: HypervolumeHistoryRows,
  height: number,
): Part {
  const rows = studies.flatMap(({ name, rows }) =>
    rows.map((row): ChartRow => ({ ...row, s: name }))
  );
  const last = rows.reduce((most, { n }) => Math.max(most, Number(n)), 0);
  const top = rows.reduce((most, { v }) => Math.max(most, Number(v)), 0);
  const x = trialAxis(last, { offset: 4 });
  const y = valueAxis({
    title: "hypervolume (larger is better)",
    domain: [0, axisDomain(0, top, false)[1]],
  });
  const several = studies.length > 1;
  const color = several
    ? seriesColor(studies.map(({ name }) => name), {
      orient: "top",
      ...lineLegend,
    })
    : { value: chartColors.best };
  return {
    width: chartWidth,
    height,
    data: { values: rows },
    layer: [
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2 },
        encoding: { x, y, color },
      },
      {
        transform: [{ filter: "datum.g > 0" }],
        mark: { type: "point", filled: true, size: several ? 22 : 40 },
        encoding: {
          x,
          y,
          color,
          opacity: { value: rows.length > 200 ? 0.5 : 1 },
          tooltip: [
            ...(several
              ? [{ field: "s", type: "nominal", title: "study" }]
              : []),
            ...[
              ["n", "trial"],
              ["v", "hypervolume"],
              ["g", "added"],
              ["p", "trials on the front"],
            ].map(([field, title]) => ({
              field,
              type: "quantitative",
              title,
            })),
          ],
        },
      },
    ],
  };
}
