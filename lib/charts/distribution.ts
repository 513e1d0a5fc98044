import type { StudyView } from "../records/mod.ts";
import { evenly } from "./_downsample.ts";
import type { ChartRow } from "./_field.ts";
import type { Chart } from "./chart.ts";
import { chartWidth } from "./theme.ts";
import {
  beyondNote,
  chartOf,
  countStates,
  joinNotes,
  messageView,
  noValueYet,
  objectiveOf,
  objectiveTitle,
  type Part,
} from "./_spec.ts";
import { count, formatNumber } from "./_text.ts";
import { axisDomain, clamp, drawable, round, valueRange } from "./_scale.ts";
import { lineLegend, valueAxis } from "./_encodings.ts";
import { checkOptionsWithOthers, seriesColor, studyNames } from "./_several.ts";

/** Options of {@linkcode distributionChart}. */
export interface DistributionOptions {
  /** The title. Defaults to `"Distribution of <objective>, <study>"`. */
  readonly title?: string;
  /** Up to 7 further studies of the same objective to draw beside it. Defaults to none. */
  readonly others?: readonly StudyView[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less are then left out. Defaults to `false`. */
  readonly logX?: boolean;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/** One study's steps. */
export interface DistributionSteps {
  /** The study's name, distinct among those shown. */
  readonly name: string;
  /** How many complete trials have a place on the axis. */
  readonly trials: number;
  /** From the best to the worst: `v` a value, `f` the share of the trials that are at least as good, in `(0, 1]`. */
  readonly rows: readonly ChartRow[];
  /** The median; null without trials. */
  readonly median: number | null;
}

/** What {@linkcode distributionRows} gives. */
export interface DistributionRows {
  /** The studies, the first one first. */
  readonly studies: readonly DistributionSteps[];
  /** The values shown, `[low, high]`; null if no trial has one. */
  readonly range: readonly [number, number] | null;
  /** How many values lie beyond the range on the bad side; they stand at its edge. */
  readonly beyond: number;
}

/**
 * The data of {@linkcode distributionChart}: at most 4,000 rows together.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If there are more than 7 others.
 *
 * @example
 * ```ts
 * import { distributionRows, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * distributionRows(view).range; // null
 * ```
 */
export function distributionRows(
  view: StudyView,
  options: DistributionOptions = {},
): DistributionRows {
  check(options);
  const { logX = false, others = [] } = options;
  const { direction } = objectiveOf(view);
  const views = [view, ...others];
  const names = studyNames(views);
  const sign = direction === "minimize" ? 1 : -1;
  const values = views.map(({ trials }) =>
    trials.flatMap(({ state, value }) =>
      state === "complete" && drawable(value, logX) ? [value] : []
    ).sort((a, b) => sign * (a - b))
  );
  const range = valueRange(values.flat(), direction, logX);
  const most = Math.floor(4000 / views.length);
  return {
    studies: values.map((sorted, k) => ({
      name: names[k]!,
      trials: sorted.length,
      rows: evenly(
        sorted.map((value, i) => ({
          v: round(clamp(value, range!.low, range!.high), 7),
          f: round((i + 1) / sorted.length, 5),
        })),
        most,
      ),
      median: sorted[Math.floor((sorted.length - 1) / 2)] ?? null,
    })),
    range: range === null ? null : [range.low, range.high],
    beyond: range?.beyond ?? 0,
  };
}

/**
 * How the values of the complete trials are distributed: over each value, the
 * share of the trials that are at least as good. Of several studies, the one
 * whose line rises first finds good values more often.
 *
 * @param view The study.
 * @param options The title, further studies, the scale and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If there are more than 7 others.
 *
 * @example
 * ```ts
 * import { distributionChart, float, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * distributionChart(view).title; // "Distribution of loss, demo"
 * ```
 */
export function distributionChart(
  view: StudyView,
  options: DistributionOptions = {},
): Chart {
  check(options);
  const { height = 260, logX = false } = options;
  return chartOf("Distribution", options, () => {
    const data = distributionRows(view, options);
    const notes = [
      data.studies.length === 1 ? countStates(view) : "",
      beyondNote(data.beyond),
    ];
    const medians = data.studies.flatMap(({ name, trials, median }) =>
      median === null ? [] : [
        `${name}: ${count(trials, "trial")}, half of them at ${
          formatNumber(median)
        } or better`,
      ]
    );
    const isEmpty = data.range === null;
    return {
      title: `Distribution of ${objectiveOf(view).name}, ${view.name}`,
      heading: ` (${objectiveOf(view).direction})`,
      lines: [...notes, ...medians],
      subtitle: [joinNotes(notes)],
      part: () =>
        isEmpty
          ? messageView(noValueYet(view, logX ? "positive" : "finite"))
          : steps(view, data, { height, logX }),
    };
  });
}

function check(options: DistributionOptions): void {
  checkOptionsWithOthers("distribution", options, {
    title: "text",
    logX: "flag",
    height: "height",
  });
}

function steps(
  view: StudyView,
  { studies, range }: DistributionRows,
  { height, logX }: { height: number; logX: boolean },
): Part {
  const { direction } = objectiveOf(view);
  const shown = studies.filter(({ rows }) => rows.length > 0);
  const domain = axisDomain(...range!, logX);
  const isUp = direction === "minimize";
  // The line comes from nothing at the good end, and stays at all on the bad one.
  const rows = shown.flatMap(({ name, rows }) => [
    { v: rows[0]!.v!, f: 0, s: name },
    ...rows.map((row) => ({ ...row, s: name })),
    { v: round(domain[isUp ? 1 : 0], 7), f: 1, s: name },
  ]);
  const x = valueAxis({
    title: objectiveTitle(view),
    domain,
    log: logX,
    tickCount: 7,
    horizontal: true,
  });
  const y = {
    field: "f",
    type: "quantitative",
    title: "trials at least as good",
    scale: { domain: [0, 1], nice: false },
    axis: { format: ".0%", tickCount: 5, domain: false, ticks: false },
  };
  const names = shown.map(({ name }) => name);
  return {
    width: chartWidth,
    height,
    data: { values: rows },
    mark: { type: "line", interpolate: "step-after", strokeWidth: 2 },
    encoding: {
      x,
      y,
      order: { field: "f", type: "quantitative" },
      color: seriesColor(
        names,
        names.length === 1 && studies.length === 1
          ? null
          : { orient: "top", ...lineLegend },
      ),
      tooltip: [
        { field: "s", type: "nominal", title: "study" },
        { field: "v", type: "quantitative", title: "value" },
        {
          field: "f",
          type: "quantitative",
          title: "at least as good",
          format: ".1%",
        },
      ],
    },
  };
}
