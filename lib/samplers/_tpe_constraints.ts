/**
 * Constraints in the tree-structured Parzen estimator: where trials keep to a
 * constraint, and where they do not.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | l₀, g₀ | | the densities of good and bad trials |
 * | lᵢ, gᵢ | `model` | the densities of trials that keep to constraint i, and that violate it |
 * | γᵢ | `share` | the share of trials that are good, or keep to it |
 *
 * (1) rᵢ(x) = 1 / (γᵢ + (1 − γᵢ) gᵢ(x) / lᵢ(x)), between 0 and 1 / γᵢ
 *
 * (2) what a place is worth: Σ log rᵢ(x)
 *
 * A constraint that nearly all trials keep to, or nearly none, says little in (1):
 * γᵢ = 1 gives r = 1. While none keeps to one, the least violating count as if
 * they did.
 *
 * Source: Watanabe and Hutter, c-TPE: tree-structured Parzen estimator with
 * inequality constraints (2023), section 3; what is good of the objective as in
 * Optuna's split, not as there.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import type { KernelAxis } from "./_tpe_kernels.ts";
import { thinned, TpeModel } from "./_tpe_model.ts";

/** What {@linkcode constraintRatios} works with. */
export interface ConstraintRatioOptions {
  /** The axes of the points. */
  readonly axes: readonly KernelAxis[];
  /** The trials' points, `[n, D]`. */
  readonly points: readonly Float64Array[];
  /** The weight of the uniform prior, where 1 is that of a trial. */
  readonly priorWeight: number;
  /** Of more trials on either side, as many are looked at. */
  readonly most: number;
}

/** What trials say of a constraint. */
export interface ConstraintRatio {
  /** The densities; places with a high one of the good are drawn from. */
  readonly model: TpeModel;
  /** log r(x): equation (1). */
  logRatio(x: ArrayLike<number>): number;
}

/** So large a share of trials counts as keeping to a constraint while none does, and at least two. */
const leastShare = 0.1;

/** A pair of densities for each constraint that some trials violate; none where there are no constraints. */
export function constraintRatios(
  { constraints = [], trials }: StudyView,
  { axes, points, priorWeight, most }: ConstraintRatioOptions,
): ConstraintRatio[] {
  const ratios: ConstraintRatio[] = [];
  for (let c = 0; c < constraints.length; c++) {
    const known: number[] = [];
    trials.forEach(({ constraints }, index) => {
      if ((constraints?.[c] ?? null) !== null) known.push(index);
    });
    const valueOf = (index: number) => trials[index]!.constraints![c]!;
    let kept = known.filter((index) => valueOf(index) <= 0);
    if (kept.length === known.length) continue;
    const fewest = Math.max(2, Math.ceil(leastShare * known.length));
    if (kept.length === 0) {
      kept = known.toSorted((a, b) => valueOf(a) - valueOf(b) || a - b)
        .slice(0, fewest);
    }
    const isKept = new Set(kept);
    const violating = known.filter((index) => !isKept.has(index));
    if (violating.length === 0) continue;
    const pointsOf = (indices: readonly number[]) =>
      thinned(indices, most).map((index) => points[index]!);
    const model = new TpeModel(axes).fit({
      good: pointsOf(kept),
      bad: pointsOf(violating),
      priorWeight,
      isRanked: false,
    });
    const share = kept.length / known.length;
    ratios.push({ model, logRatio: (x) => relative(model.score(x), share) });
  }
  return ratios;
}

/** Places by what they are worth, equation (2), the most promising first; of equals the earlier. */
export function rankedByAll(
  places: readonly Float64Array[],
  { model, share, ratios }: {
    /** The densities of good and bad trials. */
    readonly model: TpeModel;
    /** γ₀. */
    readonly share: number;
    readonly ratios: readonly ConstraintRatio[];
  },
): readonly Float64Array[] {
  const worth = places.map((x) =>
    ratios.reduce(
      (sum, { logRatio }) => sum + logRatio(x),
      relative(model.score(x), share),
    )
  );
  return [...places.keys()].sort((a, b) => worth[b]! - worth[a]! || a - b)
    .map((i) => places[i]!);
}

/** log r of log l − log g: equation (1). */
function relative(score: number, share: number): number {
  return -Math.log(share + (1 - share) * Math.exp(-score));
}
