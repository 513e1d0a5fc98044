/**
 * The tree-structured Parzen estimator: where good points are dense and bad
 * ones are not.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | D | `axes` | | how many axes there are |
 * | l(x) | `#good` | | the density of the good points |
 * | g(x) | `#bad` | | the density of the bad ones |
 * | r | `rank` | | a good point's rank, from 0, the best |
 * | m | `count` | | how many good points there are |
 *
 * The place with the largest log l(x) − log g(x) is the one most likely to
 * improve. The good points weigh log(m + 1) − log(r + 1), as parents do in
 * CMA-ES, so that the best pull hardest whatever the scale of their values; of
 * the bad ones, those before the last 25 weigh the less the older they are.
 *
 * Source: Bergstra et al. (2011), sections 4.1 and 4.2; the weights of the good
 * from Hansen and Ostermeier (2001), those of the bad from Bergstra's Hyperopt.
 *
 * @module
 */

import type { KernelAxis } from "./_tpe_kernels.ts";
import { ParzenEstimator } from "./_tpe_parzen.ts";

/** So many of the last bad points have their full weight. */
const recentBadPoints = 25;
/** The prior weighs more among the bad, so that a single one leaves no deep hole. */
const badPriorFactor = 2;

/** So many of the latest bad points bound g from below: they lie where the search is. */
const latestBad = 16;
/** More than bounds and scores can be off by what is left out of them. */
const rounding = 1e-8;

/** What a model is made of: points `[n, D]`, NaN where they have no value on an axis. */
export interface TpePoints {
  /** The good points, the best first. */
  readonly good: readonly ArrayLike<number>[];
  /** The bad points, the oldest first. */
  readonly bad: readonly ArrayLike<number>[];
  /** The weight of the uniform prior, where 1 is that of a point. */
  readonly priorWeight: number;
  /** Whether good points weigh by their rank; otherwise, as the bad, by how recent they are. Defaults to `true`. */
  readonly isRanked?: boolean;
}

/** The densities of good and bad points. */
export class TpeModel {
  readonly #good: ParzenEstimator;
  readonly #bad: ParzenEstimator;

  /** Makes a model on some axes that knows no points yet. */
  constructor(axes: readonly KernelAxis[]) {
    this.#good = new ParzenEstimator(axes);
    this.#bad = new ParzenEstimator(axes);
  }

  /** Takes other points. What is the model's own memory stays. */
  fit({ good, bad, priorWeight, isRanked = true }: TpePoints): this {
    this.#good.fit({
      points: good,
      weights: isRanked
        ? rankWeights(good.length)
        : recencyWeights(good.length),
      priorWeight,
    });
    this.#bad.fit({
      points: bad,
      weights: recencyWeights(bad.length),
      priorWeight: badPriorFactor * priorWeight,
      smoothing: priorWeight,
    });
    return this;
  }

  /**
   * Makes a source of draws from l, given parts of the place. Each takes D + 1
   * random numbers.
   *
   * @param known The known parts, `[D]`; NaN where nothing is known.
   */
  drawer(known: ArrayLike<number>): (uniform: () => number) => Float64Array {
    const shares = this.#good.sharesGiven(known);
    return (uniform) => this.#good.draw(uniform, shares);
  }

  /** How promising a place is: log l(x) − log g(x). */
  score(x: ArrayLike<number>): number {
    return this.#good.logDensity(x) - this.#bad.logDensity(x);
  }

  /**
   * The place of the highest score, the first of equals; null if there is none.
   * Since g is no less than its latest components alone make it, g is mostly
   * worked out in whole for a few places only.
   *
   * @param isAllowed Whether a place may be taken; asked only of those that score
   * higher than all before.
   */
  mostPromising(
    places: readonly Float64Array[],
    isAllowed: (place: Float64Array) => boolean = () => true,
  ): Float64Array | null {
    const good = places.map((x) => this.#good.logDensity(x));
    const most = places.map((x, i) =>
      good[i]! - this.#bad.logDensity(x, latestBad)
    );
    let best = -1;
    let bestScore = -Infinity;
    for (const i of [...places.keys()].sort((a, b) => most[b]! - most[a]!)) {
      if (most[i]! < bestScore - rounding) break;
      const score = good[i]! - this.#bad.logDensity(places[i]!);
      const isBetter = score > bestScore || (score === bestScore && i < best);
      if (isBetter && isAllowed(places[i]!)) {
        best = i;
        bestScore = score;
      }
    }
    return places[best] ?? null;
  }
}

/** The weights of `count` good points, the best first; their mean is 1. */
export function rankWeights(count: number): Float64Array {
  const weights = Float64Array.from(
    { length: count },
    (_, rank) => Math.log(count + 1) - Math.log(rank + 1),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight * count / sum);
}

/** The weights of `count` bad points, the oldest first: from 1/n up to 1, the last 25 at 1. */
export function recencyWeights(count: number): Float64Array {
  const rising = count - recentBadPoints;
  const weights = new Float64Array(count).fill(1);
  for (let i = 0; i < rising; i++) {
    weights[i] = 1 / count + (1 - 1 / count) * i / Math.max(1, rising - 1);
  }
  return weights;
}

/** At most `most` of the items, evenly spread, the last among them. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const stride = items.length / most;
  const thin: T[] = [];
  for (let i = 1; i <= most; i++) thin.push(items[Math.floor(i * stride) - 1]!);
  return thin;
}
