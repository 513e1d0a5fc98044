import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import { curveData } from "./_curve_rows.ts";
import { curvesPart } from "./_curves.ts";
import {
  bestLine,
  historyData,
  historyNotes,
  historyPart,
} from "./_history.ts";
import { checkOptions } from "./_options.ts";
import {
  countStates,
  drawing,
  objectiveTitle,
  type Part,
  specOf,
} from "./_spec.ts";
import { cleanText } from "./_text.ts";

/** Options of {@linkcode progressChart}. */
export interface ProgressChartOptions {
  /** The title, e.g. how many trials are done. Defaults to the study's name and how many trials it has. */
  readonly title?: string;
  /** Lines under the title, e.g. the best configuration and the time left. Defaults to the best trial. */
  readonly subtitle?: readonly string[];
  /** The numbers of the trials whose curves are shown; those that the study does not have are passed over. Defaults to the best and the latest. */
  readonly trials?: readonly number[];
}

/** Shares of 300 kB, the most that the last frame of a run may leave in a notebook. */
const historyBytes = 110_000;
const curvePoints = 2400;

/**
 * The state of a run: the history above, the learning curves of the running,
 * best and latest trials below. What a live view leaves in the notebook; at
 * most about 300 kB.
 *
 * @param view The study.
 * @param options The texts, and whose curves are shown.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, minimize, progressChart, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * progressChart(view, { title: "demo: 0 of 20 trials", subtitle: ["about 4 min left"] }).title; // "demo: 0 of 20 trials"
 * ```
 */
export function progressChart(
  view: StudyView,
  options: ProgressChartOptions = {},
): Chart {
  checkOptions("progress", options, {
    title: "text",
    subtitle: "lines",
    trials: "trials",
  });
  return drawing(options.title ?? "Progress", () => {
    const title = cleanText(
      options.title ?? `${view.name}: ${countStates(view)}`,
    );
    const best = bestLine(view);
    const subtitle = (options.subtitle ?? (best === "" ? [] : [best]))
      .map(cleanText);
    const history = historyData(view, false, historyBytes);
    const notes = historyNotes(view, history);
    const chosen = options.trials ?? [];
    const curves = curveData(view, {
      ...(chosen.length === 0 ? {} : { trials: chosen }),
      logY: false,
      points: curvePoints,
    });
    const top = historyPart(view, history, { logY: false, height: 180 });
    const text = [
      `${title} · ${objectiveTitle(view, 80)}`,
      ...subtitle,
      ...notes,
    ].join("\n");
    return {
      title,
      text,
      spec: specOf(
        title,
        [...subtitle, notes.join("; ")].filter(Boolean),
        text,
        curves.points.length === 0
          ? top
          : stack(top, curvesPart(view, curves, 120)),
      ),
    };
  });
}

/** The history over the curves, each with colors of its own. */
function stack(top: Part, curves: Part): Part {
  const { datasets, ...below } = curves;
  const own = "independent";
  return {
    datasets,
    spacing: 22,
    resolve: { scale: { color: own, shape: own, strokeDash: own } },
    vconcat: [top, below],
  };
}
