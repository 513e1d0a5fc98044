import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import {
  bestLine,
  historyData,
  historyNotes,
  historyPart,
  type OptimizationHistoryRows,
} from "./_history.ts";
import {
  chartOf,
  countStates,
  joinNotes,
  noValueYet,
  objectiveOf,
  objectiveTitle,
} from "./_spec.ts";
import { count, sparkline } from "./_text.ts";
import {
  type BestSoFar,
  bestSoFarPart,
  checkOptionsWithOthers,
  endMarked,
  leadersLines,
  studyNames,
} from "./_several.ts";

export type { OptimizationHistoryRows } from "./_history.ts";

/** Options of {@linkcode optimizationHistoryChart}. */
export interface OptimizationHistoryOptions {
  /** The title. Defaults to `"Optimization history of <study>"`. */
  readonly title?: string;
  /** Up to 7 further studies of the same objective: then the best so far of each is a line, without its other trials. Defaults to none. */
  readonly others?: readonly StudyView[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less are then left out. Defaults to `false`. */
  readonly logY?: boolean;
  /** The height of the plot in pixels, 80 to 2000. Defaults to `260`. */
  readonly height?: number;
}

/**
 * The data of {@linkcode optimizationHistoryChart}: at most 2,000 points (each
 * stretch's smallest and largest, and every improvement, are kept), 600
 * corners and 1,000 marks.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, optimizationHistoryRows, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * optimizationHistoryRows(view).points; // []
 * ```
 */
export function optimizationHistoryRows(
  view: StudyView,
  options: OptimizationHistoryOptions = {},
): OptimizationHistoryRows {
  check(options);
  const { columns: _columns, beyond: _beyond, ...rows } = historyData(
    view,
    options.logY ?? false,
  );
  return rows;
}

/**
 * The value of each trial by number, with the best so far as a step line.
 * Pruned, failed and running trials are marks below the plot. Hovering names a
 * trial with all its parameters.
 *
 * Values far out on the bad side are drawn at the edge of the scale, infinite
 * ones below the plot; the subtitle says so.
 *
 * @param view The study.
 * @param options The title, the scale and the height.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, optimizationHistoryChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * optimizationHistoryChart(view).text; // "Optimization history of demo: loss (minimize)\n0 trials"
 * ```
 */
export function optimizationHistoryChart(
  view: StudyView,
  options: OptimizationHistoryOptions = {},
): Chart {
  check(options);
  const { logY = false, height = 260, others = [] } = options;
  if (others.length > 0) return severalHistories([view, ...others], options);
  return chartOf("Optimization history", options, () => {
    const data = historyData(view, logY);
    const best = bestLine(view);
    const notes = historyNotes(view, data);
    const line = sparkline(data.best.map(({ v }) => Number(v)));
    return {
      title: `Optimization history of ${view.name}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: [
        countStates(view),
        best,
        line === "" ? "" : `best so far ${line}`,
        ...notes,
      ],
      subtitle: [best, joinNotes([countStates(view), ...notes])],
      part: () => historyPart(view, data, { logY, height }),
    };
  });
}

/** The best so far of several studies. */
function severalHistories(
  views: readonly StudyView[],
  { logY = false, height = 260, ...options }: OptimizationHistoryOptions,
): Chart {
  const [view] = views as [StudyView];
  return chartOf("Optimization history", options, () => {
    const names = studyNames(views);
    const { direction } = objectiveOf(view);
    const studies = views.map((one, k): BestSoFar => ({
      name: names[k]!,
      rows: endMarked(
        historyData(one, logY, 60_000).best.map(({ n, v }) => ({
          x: n!,
          v: v!,
          n: n!,
        })),
      ),
    }));
    const isEmpty = studies.every(({ rows }) => rows.length === 0);
    return {
      title: `Optimization history of ${count(views.length, "study")}`,
      heading: `: ${objectiveTitle(view, 80)}`,
      lines: leadersLines(studies, direction),
      subtitle: leadersLines(studies, direction).slice(0, 1).map((line) =>
        `ahead: ${line}`
      ),
      message: isEmpty ? noValueYet(view, logY ? "positive" : "finite") : null,
      part: () =>
        bestSoFarPart(studies, {
          height,
          title: objectiveTitle(view),
          xTitle: "trial",
          logY,
          direction,
        }),
    };
  });
}

function check(options: OptimizationHistoryOptions): void {
  checkOptionsWithOthers("optimization history", options, {
    title: "text",
    logY: "flag",
    height: "height",
  });
}
