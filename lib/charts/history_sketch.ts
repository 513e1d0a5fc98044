import { isBetter, isFeasible, type StudyView } from "../records/mod.ts";
import { sketch } from "./sketch.ts";
import { chartColors } from "./theme.ts";

/** The size of a {@linkcode historySketch}. */
export interface HistorySketchOptions {
  /** The width in pixels. Defaults to `372`. */
  readonly width?: number;
  /** The height in pixels. Defaults to `210`. */
  readonly height?: number;
}

/**
 * The values of the complete trials by number with the best so far, as a small
 * SVG text: the quick sister of `optimizationHistoryChart`, for cards and live
 * frames. Values of NaN leave gaps, infinite ones are left out; what is not feasible
 * is gray and never the best.
 *
 * @param view The study.
 * @param options The size.
 *
 * @example
 * ```ts
 * import { float, historySketch, minimize, space } from "@etude/etude";
 * const view = { name: "demo", objectives: [minimize("loss")], space: space({ x: float(0, 1) }), trials: [] };
 * historySketch(view).startsWith("<svg"); // true
 * ```
 */
export function historySketch(
  view: StudyView<unknown>,
  options: HistorySketchOptions = {},
): string {
  const { width = 372, height = 210 } = options;
  const { direction, name } = view.objectives[0]!;
  const points: [number, number][] = [];
  const incumbent: [number, number][] = [];
  let best: number | null = null;
  const infeasible: [number, number][] = [];
  for (const trial of view.trials) {
    const { state, value, number } = trial;
    if (state !== "complete" || value === null) continue;
    if (!isFeasible(trial)) {
      infeasible.push([number, value]);
      continue;
    }
    points.push([number, value]);
    if (best === null || isBetter(value, best, direction)) best = value;
    incumbent.push([number, best]);
  }
  return sketch({
    width,
    height,
    title: "trials and best so far",
    xTitle: "trial",
    yTitle: name,
    series: [
      { name: "trial", color: chartColors.complete, marks: "points", points },
      ...infeasible.length === 0 ? [] : [{
        name: "not feasible",
        color: chartColors.muted,
        marks: "points" as const,
        points: infeasible,
      }],
      {
        name: "best so far",
        color: chartColors.best,
        marks: "step",
        points: incumbent,
      },
    ],
  });
}
