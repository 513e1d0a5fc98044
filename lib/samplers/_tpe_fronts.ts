/**
 * Which trials of several objectives are good: front by front, and of the front
 * that is too large those that together dominate most.
 *
 * Source: Ozaki, Tanigaki, Watanabe, Nomura and Onishi, Multiobjective
 * Tree-Structured Parzen Estimator (2022); as in Optuna 5, but each objective is
 * measured as a share of the front's range, so that scales do not matter.
 */

import { hypervolumeSubset, nonDominatedSort } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import { outcomesOf, scaledLosses } from "./_objective_views.ts";

/** How far beyond a front's worst the reference point lies, in ranges. */
const beyond = 1.1;

/** The places of the good, feasible trials in the list of trials, the best front first. */
export function goodTrials(
  study: Pick<StudyView, "trials" | "objectives">,
  count: number,
): number[] {
  const outcomes = outcomesOf(study).filter(({ isFeasible }) => isFeasible);
  const ranks = nonDominatedSort(outcomes.map(({ losses }) => losses));
  const fronts: number[][] = [];
  ranks.forEach((rank, i) => (fronts[rank] ??= []).push(i));
  const good: number[] = [];
  for (const front of fronts) {
    const open = count - good.length;
    if (open <= 0) break;
    const chosen = front.length <= open
      ? front
      : subsetOf(front.map((i) => outcomes[i]!.losses), open)
        .map((i) => front[i]!);
    good.push(...chosen.map((i) => outcomes[i]!.index));
  }
  return good;
}

function subsetOf(
  losses: readonly (readonly number[])[],
  count: number,
): number[] {
  const points = scaledLosses(losses);
  const reference = points[0]!.map(() => beyond);
  return hypervolumeSubset(points, { reference, count })
    .map(({ index }) => index);
}
