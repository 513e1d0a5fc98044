/**
 * The constants of CMA-ES, for a dimension and a size of generation.
 *
 * Source: Hansen 2016 (arXiv 1604.00772), table 1 and eq. 48–58; separable: Ros
 * and Hansen 2008, section 3.
 *
 * @module
 */

/** What {@linkcode searchConstants} gives; the names of the tutorial. */
export interface SearchConstants {
  /** The weights of the mean, `[λ]`: positive ones that sum to 1, then 0. */
  readonly recombination: Float64Array;
  /** The weights of the covariance, `[λ]`: the same, then negative ones. */
  readonly weights: Float64Array;
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cc: number;
  readonly c1: number;
  readonly cmu: number;
  /** E‖N(0, I)‖. */
  readonly chi: number;
}

const known = new Map<string, SearchConstants>();

/** How many a generation has if nobody says: eq. 48. */
export function usualSize(dimension: number): number {
  return 4 + Math.floor(3 * Math.log(dimension));
}

/** The constants; worked out once for equal arguments. */
export function searchConstants(
  dimension: number,
  size: number,
  separable: boolean,
): SearchConstants {
  const key = `${dimension} ${size} ${separable}`;
  let constants = known.get(key);
  if (constants === undefined) {
    constants = workOut(dimension, size, separable);
    known.set(key, constants);
  }
  return constants;
}

function workOut(
  n: number,
  size: number,
  separable: boolean,
): SearchConstants {
  // Of a single point the half would be none.
  const parents = Math.max(1, Math.floor(size / 2));
  const raw = Float64Array.from(
    { length: size },
    (_, i) =>
      separable
        ? i < parents ? Math.log(parents + 1) - Math.log(i + 1) : 0
        : Math.log((size + 1) / 2) - Math.log(i + 1),
  );
  if (size < 3) raw.fill(1, 0, parents);
  const muEff = effective(raw.subarray(0, parents));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cmu = separable
    ? Math.min(1 - c1, (n + 2) / 3 * separableRate(n, muEff))
    : Math.min(
      1 - c1 - 1e-8,
      2 * (muEff - 2 + 1 / muEff) / ((n + 2) ** 2 + muEff),
    );
  const positive = sum(raw.filter((weight) => weight > 0));
  const negative = -sum(raw.filter((weight) => weight < 0));
  // Eq. 50–53; the separable search has no negative weights.
  const muEffMinus = effective(raw.subarray(parents));
  const alpha = separable || cmu <= 0 ? 0 : Math.min(
    1 + c1 / cmu,
    1 + 2 * muEffMinus / (muEff + 2),
    (1 - c1 - cmu) / (n * cmu),
  );
  const weights = raw.map((weight) =>
    weight >= 0
      ? weight / positive
      : negative > 0
      ? alpha * weight / negative
      : 0
  );
  const cSigma = (muEff + 2) / (n + muEff + (separable ? 3 : 5));
  return {
    recombination: weights.map((weight, i) =>
      i < parents ? Math.max(0, weight) : 0
    ),
    weights,
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cc: separable ? 4 / (n + 4) : (4 + muEff / n) / (n + 4 + 2 * muEff / n),
    c1,
    cmu,
    chi: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** The rate of a full covariance in the form of 2008, from which the separable one is made. */
function separableRate(n: number, muEff: number): number {
  return 2 / muEff / (n + Math.SQRT2) ** 2 +
    (1 - 1 / muEff) * Math.min(1, (2 * muEff - 1) / ((n + 2) ** 2 + muEff));
}

/** (Σ w)² / Σ w². */
function effective(weights: Float64Array): number {
  const squares = sum(weights.map((weight) => weight * weight));
  return squares === 0 ? 0 : sum(weights) ** 2 / squares;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
