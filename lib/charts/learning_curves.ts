import type { StudyView } from "../records/mod.ts";
import type { Chart } from "./chart.ts";
import {
  curveData,
  describeCurve,
  type LearningCurveRows,
} from "./_curve_rows.ts";
import { curvesPart } from "./_curves.ts";
import { checkOptions } from "./_options.ts";
import { chartOf } from "./_spec.ts";
import { count } from "./_text.ts";

export type { CurveQuantity, LearningCurveRows } from "./_curve_rows.ts";

/** Options of {@linkcode learningCurvesChart}. */
export interface LearningCurvesOptions {
  /** The title. Defaults to `"Learning curves of <study>"`. */
  readonly title?: string;
  /** The numbers of the trials, at most 20. Defaults to the best four and the latest two, filled up to six. */
  readonly trials?: readonly number[];
  /** The names of the curves, e.g. `["validation loss"]`. Defaults to all, of at most four quantities. */
  readonly series?: readonly string[];
  /** Whether the values stand on a logarithmic axis; those of 0 and less leave gaps. Defaults to `false`. */
  readonly logY?: boolean;
  /** The height of each plot in pixels, 80 to 2000. Defaults to `200`. */
  readonly height?: number;
}

/** The most points of all curves. */
const mostPoints = 4800;

/**
 * The data of {@linkcode learningCurvesChart}: at most 4,800 points; of longer
 * curves, the first, the last, and each stretch's smallest and largest.
 *
 * @param view The study.
 * @param options As of the chart.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial or curve of a name given, or more than 20 trials are named.
 *
 * @example
 * ```ts
 * import { float, learningCurveRows, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * learningCurveRows(view).points; // []
 * ```
 */
export function learningCurveRows(
  view: StudyView,
  options: LearningCurvesOptions = {},
): LearningCurveRows {
  check(view, options);
  const { columns: _columns, splits: _splits, logY: _logY, ...rows } =
    curveData(
      view,
      { ...options, logY: options.logY ?? false, points: mostPoints },
    );
  return rows;
}

/**
 * The curves of some trials on shared axes, a plot for each quantity: the color
 * is the trial, validation is a solid line and train a dashed one. A click in
 * the legend highlights a trial, hovering names the point.
 *
 * Which curves belong together is read from their names: `train loss` and
 * `validation loss`, `loss` and `val_loss`, `loss/train` and `loss/val`.
 *
 * @param view The study.
 * @param options Which trials and curves, the scale, the size.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If the study has no trial or curve of a name given, or more than 20 trials are named.
 *
 * @example
 * ```ts
 * import { float, learningCurvesChart, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * learningCurvesChart(view, { logY: true }).title; // "Learning curves of demo"
 * ```
 */
export function learningCurvesChart(
  view: StudyView,
  options: LearningCurvesOptions = {},
): Chart {
  check(view, options);
  const { logY = false, height = 200 } = options;
  return chartOf("Learning curves", options, () => {
    const data = curveData(view, { ...options, logY, points: mostPoints });
    const notes = [
      data.gaps > 0
        ? `${count(data.gaps, "gap")} where a value is ${
          logY ? "NaN, infinite or not above 0" : "NaN or infinite"
        }`
        : "",
      data.omittedQuantities.length > 0
        ? `not shown: ${
          data.omittedQuantities.join(", ")
        }; choose with { series: […] }`
        : "",
    ];
    const lines = data.trials.map(({ t, label }) => {
      const curves = view.trials.find(({ number }) => number === t)!.curves;
      const wanted = [...curves.values()].filter(({ name }) =>
        options.series?.includes(name) ?? true
      );
      return `${label}: ${wanted.slice(0, 4).map(describeCurve).join(", ")}`;
    });
    return {
      title: `Learning curves of ${view.name}`,
      lines: [...(lines.length === 0 ? ["no curves"] : lines), ...notes],
      subtitle: notes,
      part: () => curvesPart(view, data, height),
    };
  });
}

function check(view: StudyView, options: LearningCurvesOptions): void {
  checkOptions("learning curves", options, {
    title: "text",
    trials: "numbers",
    series: "texts",
    logY: "flag",
    height: "height",
  });
  const { trials, series } = options;
  if (trials !== undefined && trials.length > 20) {
    throw new RangeError(
      `Cannot draw the learning curves: ${trials.length} trials are named, expected at most 20`,
    );
  }
  const missing = trials?.find((wanted) =>
    !view.trials.some(({ number }) => number === wanted)
  );
  if (missing !== undefined) {
    throw new RangeError(
      `Cannot draw the learning curves: there is no trial ${missing}; the study has ${
        count(view.trials.length, "trial")
      }${
        view.trials.length === 0
          ? ""
          : `, the latest is ${view.trials.at(-1)!.number}`
      }`,
    );
  }
  if (series === undefined) return;
  const names = new Set(
    view.trials.flatMap(({ curves }) => [...curves.keys()]),
  );
  const unknown = series.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot draw the learning curves: there is no curve ${
        JSON.stringify(unknown)
      }; the study has ${
        [...names].slice(0, 20).map((name) => JSON.stringify(name)).join(
          ", ",
        ) ||
        "none"
      }`,
    );
  }
}
