import { symmetricEigen } from "../math/mod.ts";
import type { SearchStart } from "./gaussian_search.ts";

/** Options of {@linkcode warmStartSearch}. */
export interface WarmStartSearchOptions {
  /** The share of points that count as good, in `(0, 1]`. Defaults to `0.1`. */
  readonly gamma?: number;
  /** How far around each of them others are believed to be good, as a share of an axis, above 0. Defaults to `0.1`. */
  readonly alpha?: number;
}

/**
 * Where CMA-ES begins, learned from a similar task: the normal distribution nearest
 * to that of its good points.
 *
 * Source: Nomura, Watanabe, Akimoto, Ozaki and Onishi, Warm starting CMA-ES for
 * hyperparameter optimization (2021, arXiv 2012.06932), eq. 6–8.
 *
 * @param solutions Points `[dimension]` in the unit cube with their values, smaller
 * is better; those with NaN are left out.
 * @throws {RangeError} If there are none, or an option is out of its range.
 *
 * @example
 * ```ts
 * import { warmStartSearch } from "@etude/etude";
 * const { mean } = warmStartSearch([{ point: [0.2, 0.4], value: 1 }, { point: [0.9, 0.9], value: 5 }]);
 * [...mean]; // [0.2, 0.4]
 * ```
 */
export function warmStartSearch(
  solutions: readonly {
    readonly point: ArrayLike<number>;
    readonly value: number;
  }[],
  { gamma = 0.1, alpha = 0.1 }: WarmStartSearchOptions = {},
): Required<Pick<SearchStart, "mean" | "sigma" | "covariance">> {
  if (!(gamma > 0 && gamma <= 1)) {
    throw new RangeError(
      `Cannot learn a start: gamma is ${gamma}, expected a share above 0, at most 1`,
    );
  }
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new RangeError(
      `Cannot learn a start: alpha is ${alpha}, expected a number above 0`,
    );
  }
  const ranked = solutions.filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  if (ranked.length === 0) {
    throw new RangeError(
      "Cannot learn a start: there are no solutions with a value, expected at least one",
    );
  }
  const good = ranked.slice(0, Math.max(1, Math.floor(gamma * ranked.length)));
  const n = good[0]!.point.length;
  const mean = new Float64Array(n);
  for (const { point } of good) {
    for (let j = 0; j < n; j++) mean[j]! += point[j]! / good.length;
  }
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = alpha ** 2;
  for (const { point } of good) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        covariance[i * n + j]! += (point[i]! - mean[i]!) *
          (point[j]! - mean[j]!) / good.length;
      }
    }
  }
  // σ^2n is the determinant, so that C has the determinant 1.
  const { values } = symmetricEigen(covariance, n);
  const logDeterminant = values.reduce((sum, v) => sum + Math.log(v), 0);
  const sigma = Math.exp(logDeterminant / (2 * n));
  return { mean, sigma, covariance: covariance.map((v) => v / sigma ** 2) };
}
