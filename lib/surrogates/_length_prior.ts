/**
 * What is expected of lengthscales before there are any values.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | ℓ | `logs` | `[d]` | the lengthscales, as logarithms |
 * | c | `centers` | `[d]` | where log ℓ is expected |
 * | ḡ | `shared` | | the mean of log ℓ − c over all columns |
 * | v | | `[d]` | (log ℓ − c − ḡ) / `unlike` |
 * | ν | `freedom` | | the degrees of freedom of v |
 *
 * (1) each column for itself: log ℓ ~ N(c, 1)
 *
 * (2) alike: ḡ ~ N(0, 1), and v ~ t(ν): −½ ḡ² − ½ (ν + 1) Σ log(1 + v² / ν)
 *
 * With many columns and few values the most probable lengthscales of (1) follow
 * chance: some columns are taken for all that matters, others for nothing. Under
 * (2) the columns differ only if the values say so; the tails of t let a few
 * differ much, as where most parameters hardly matter.
 *
 * @module
 */

/** The scale of what is different about a column. */
const unlike = 0.3;
const freedom = 2;

/** The priors of lengthscales. */
export interface LengthPrior {
  /** c, `[d]`. */
  readonly centers: Float64Array;
  /** Whether columns are expected to be alike: equation (2), else (1). */
  readonly alike: boolean;
}

/**
 * The log density, up to a constant.
 *
 * @param logs θ, of which the first d numbers are log ℓ.
 * @param gradient If given, the slopes are added to its first d numbers.
 */
export function logLengthPrior(
  logs: Float64Array,
  { centers, alike }: LengthPrior,
  gradient?: Float64Array,
): number {
  const d = centers.length;
  let value = 0;
  if (!alike) {
    for (let j = 0; j < d; j++) {
      const z = logs[j]! - centers[j]!;
      value -= z * z / 2;
      if (gradient !== undefined) gradient[j]! -= z;
    }
    return value;
  }
  let shared = 0;
  for (let j = 0; j < d; j++) shared += (logs[j]! - centers[j]!) / d;
  value -= shared * shared / 2;
  const pulls = new Float64Array(d);
  let pull = 0;
  for (let j = 0; j < d; j++) {
    const v = (logs[j]! - centers[j]! - shared) / unlike;
    const far = 1 + v * v / freedom;
    value -= (freedom + 1) / 2 * Math.log(far);
    pulls[j] = (freedom + 1) / freedom * v / (far * unlike);
    pull += pulls[j]! / d;
  }
  if (gradient !== undefined) {
    for (let j = 0; j < d; j++) gradient[j]! -= shared / d + pulls[j]! - pull;
  }
  return value;
}
