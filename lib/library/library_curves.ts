import {
  type CurvePrior,
  curvePrior,
  type FinishedCurve,
} from "../curves/mod.ts";
import { guessDirection, type Objective } from "../records/mod.ts";
import { familyOf } from "./_family.ts";
import { metricLikeness } from "./_metric.ts";
import type { LibraryStudy } from "./library_study.ts";
import type { SimilarStudy } from "./similar_study.ts";

/** Options of {@linkcode libraryCurves} and {@linkcode libraryCurvePrior}. */
export interface LibraryCurvesOptions {
  /** What the curves are of; those of the same thing are taken, in the same direction. */
  readonly series: Objective;
  /** The most curves, at least 1. Defaults to `120`. */
  readonly most?: number;
  /** The fewest points that a curve must have. Defaults to `8`. */
  readonly fewestPoints?: number;
}

/** Below this, two names are of other things: a loss teaches no accuracy. */
const leastLikeness = 0.8;

/**
 * Finished curves of prior studies, for {@linkcode curvePrior}: of the most similar
 * study first, as many of each as their similarity says, evenly over its trials.
 * Their group is the data set, so that a check leaves whole data sets out; their
 * kind the family of models. Studies that cannot be read are left out.
 *
 * @param similar What `Library.similar` found.
 *
 * @throws {RangeError} If `most` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { float, libraryCurves, maximize, openLibrary, space } from "@etude/etude";
 * const library = await openLibrary([]);
 * const similar = await library.similar(null, space({ learningRate: float(0, 1) }));
 * await libraryCurves(similar, { series: maximize("accuracy") }); // []
 * ```
 */
export async function libraryCurves(
  similar: readonly SimilarStudy[],
  { series, most = 120, fewestPoints = 8 }: LibraryCurvesOptions,
): Promise<readonly FinishedCurve[]> {
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(
      `Cannot take curves: most is ${most}, expected a whole number from 1`,
    );
  }
  const found: { curves: FinishedCurve[]; weight: number }[] = [];
  for (const { study, task, family } of similar) {
    const curves = await curvesOf(study, series, fewestPoints);
    // How a curve goes on hangs on the model and the data, not on the ranges.
    if (curves.length > 0) found.push({ curves, weight: task * family });
  }
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  const taken: FinishedCurve[] = [];
  for (const { curves, weight } of found) {
    const share = Math.max(2, Math.round(most * weight / total));
    const count = Math.min(share, curves.length, most - taken.length);
    for (let i = 0; i < count; i++) {
      taken.push(curves[Math.floor(i * curves.length / count)]!);
    }
  }
  return Object.freeze(taken);
}

/**
 * What prior studies teach about the way curves go, for `forecastCurve()`: from
 * {@linkcode libraryCurves}. Takes about a second for 120 curves; keep it.
 *
 * @param similar What `Library.similar` found.
 * @returns The prior; null if fewer than 10 curves were found.
 *
 * @example
 * ```ts
 * import { libraryCurvePrior } from "@etude/etude";
 * await libraryCurvePrior([], { series: { name: "validation loss", direction: "minimize" } }); // null: nobody to learn from
 * ```
 */
export async function libraryCurvePrior(
  similar: readonly SimilarStudy[],
  options: LibraryCurvesOptions,
): Promise<CurvePrior | null> {
  const curves = await libraryCurves(similar, options);
  const prior = curvePrior(curves, { direction: options.series.direction });
  return prior.curves < 10 ? null : prior;
}

async function curvesOf(
  study: LibraryStudy,
  series: Objective,
  fewestPoints: number,
): Promise<FinishedCurve[]> {
  try {
    const kind = study.task?.model?.kind ?? familyOf(study.space()!);
    const data = study.task?.data ?? null;
    const group = data === null ? study.name : JSON.stringify(data);
    return (await study.read()).flatMap(({ curves }) =>
      [...curves.values()].flatMap((curve): FinishedCurve[] => {
        const direction = curve.name === study.objective.name
          ? study.objective.direction
          : guessDirection(curve.name) ?? series.direction;
        const isAlike = direction === series.direction &&
          metricLikeness(series, { name: curve.name, direction }) >=
            leastLikeness;
        return isAlike && curve.steps.length >= fewestPoints
          ? [{ ...curve, group, ...(kind === null ? {} : { kind }) }]
          : [];
      })
    );
  } catch {
    return [];
  }
}
