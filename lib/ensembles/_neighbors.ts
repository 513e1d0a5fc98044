/**
 * What the other trials say of a trial's true value, and how far to believe it.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | m, s | `mean`, `sd` | `[n]` | what a surrogate that has not seen the trial expects of its true value |
 * | c | `factors` | | by what the surrogate's variances have to be multiplied |
 * | λ | `share` | | how much the surrogate is believed against the spread of the values alone |
 *
 * (1) θ ~ N(m, c s²), c averaged over a grid
 *
 * (2) λ maximizes Σ log(λ p(y | m, s) + (1 − λ) p(y | spread)), by EM
 *
 * Since m hangs on the other trials alone, the luck of a trial is not in it.
 *
 * Source: Ignatiadis and Wager, Covariate-powered empirical Bayes estimation
 * (2019); (2) is the stacking of Yao et al. (2018).
 *
 * @module
 */

/** What a surrogate expects of the true value of a trial that it has not seen. */
export interface NeighborView {
  readonly mean: number;
  readonly sd: number;
}

/** A normal distribution, and how probable it is. */
interface Part {
  readonly weight: number;
  readonly mean: number;
  readonly sd: number;
}

/** What neighbors say. */
export interface Neighbors {
  /** The probability density of the value measured, `[n]`. */
  readonly densities: readonly number[];
  /** The true value given neighbors and the value measured, `[n][parts]`. */
  readonly parts: readonly (readonly Part[])[];
  /** Which trials the surrogate holds for the better half: those that it is judged by. */
  readonly judged: readonly number[];
}

const factors = [-1, 0, 1, 2].map((power) => 2 ** power);

/** Equation (1) for each trial. */
export function neighborsOf(
  values: readonly number[],
  errors: readonly number[],
  views: readonly NeighborView[],
): Neighbors {
  const order = views.map((_, i) => i)
    .sort((a, b) => views[b]!.mean - views[a]!.mean);
  const judged = order.slice(0, Math.max(8, order.length >> 1));
  const density = (i: number, factor: number) => {
    const { mean, sd } = views[i]!;
    const total = Math.sqrt(factor * sd ** 2 + errors[i]! ** 2);
    return Math.exp(-(((values[i]! - mean) / total) ** 2) / 2) / total /
      Math.sqrt(2 * Math.PI);
  };
  const logs = factors.map((factor) =>
    judged.reduce(
      (sum, i) => sum + Math.log(Math.max(density(i, factor), 1e-300)),
      0,
    )
  );
  const most = Math.max(...logs);
  const raw = logs.map((log) => Math.exp(log - most));
  const total = raw.reduce((a, b) => a + b);
  const weights = raw.map((weight) => weight / total);
  const densities = values.map((_, i) =>
    factors.reduce((sum, f, k) => sum + weights[k]! * density(i, f), 0)
  );
  const parts = values.map((value, i) =>
    factors.map((factor, k): Part => {
      const before = factor * views[i]!.sd ** 2;
      const noise = errors[i]! ** 2;
      const pull = before / (before + noise);
      return {
        weight: weights[k]! * density(i, factor) /
          Math.max(densities[i]!, 1e-300),
        mean: views[i]!.mean + pull * (value - views[i]!.mean),
        sd: Math.sqrt(pull * noise),
      };
    })
  );
  return { densities, parts, judged };
}

/** λ of equation (2), from the densities of the trials judged; begins from one half, with one trial's worth of doubt for either side. */
export function shareOf(
  ours: readonly number[],
  others: readonly number[],
): number {
  let share = 0.5;
  for (let step = 0; step < 60; step++) {
    const sum = ours.reduce((total, p, i) => {
      const both = share * p + (1 - share) * others[i]!;
      return total + (both > 0 ? share * p / both : 0.5);
    }, 0.5);
    share = sum / (ours.length + 1);
  }
  return share;
}
