/**
 * The heart of CMA-ES: how a normal distribution moves towards good points.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n | `dimension` | | number of axes |
 * | λ, μ | `size`, `parents` | | points of a generation, those with positive weight |
 * | m, σ | `mean`, `sigma` | `[n]` | center and step size |
 * | C | `covariance` | `[n, n]`, or `[n]` if separable | shape of the steps |
 * | B, D | `decomposition` | | C = B D² Bᵀ |
 * | p_σ, p_c | `sigmaPath`, `covariancePath` | `[n]` | evolution paths |
 * | w | `weights` | `[λ]` | of the ranks; negative for the worse half |
 * | y | `steps` | `[λ, n]` | (x − m)/σ |
 *
 * Equation numbers are those of the tutorial. Smaller values are better.
 *
 * Source: Hansen, The CMA evolution strategy: a tutorial (2016, arXiv 1604.00772);
 * separable: Ros and Hansen, A simple modification in CMA-ES achieving linear time
 * and space complexity (2008); points of others: Hansen, Injecting external
 * solutions into CMA-ES (2011, arXiv 1110.4181).
 *
 * @module
 */

import { type RandomStream, symmetricEigen } from "../math/mod.ts";
import { type SearchConstants, searchConstants } from "./_search_constants.ts";

/** A normal distribution N(m, σ² C) that searches, and what it remembers of its way. */
export interface GaussianSearch {
  /** m, `[dimension]`. */
  readonly mean: Float64Array;
  /** σ, above 0. */
  readonly sigma: number;
  /** C: `[dimension, dimension]`, row after row, or its diagonal `[dimension]`. */
  readonly covariance: Float64Array;
  /** p_σ, `[dimension]`. */
  readonly sigmaPath: Float64Array;
  /** p_c, `[dimension]`. */
  readonly covariancePath: Float64Array;
  /** How many generations it has seen. */
  readonly generation: number;
}

/** A point that was tried. */
export interface TriedPoint {
  /** Where, `[dimension]`. */
  readonly point: Float64Array;
  /** Whether it was drawn from elsewhere: then a step that is too long is cut. */
  readonly isForeign?: boolean;
}

/** Where {@linkcode startSearch} begins. */
export interface SearchStart {
  /** The center, `[dimension]`. */
  readonly mean: Float64Array;
  /** The step size, above 0. */
  readonly sigma: number;
  /** C: `[dimension, dimension]`, or `[dimension]` for a separable search. Defaults to the identity. */
  readonly covariance?: Float64Array;
  /** Whether C stays diagonal. Defaults to `false`. */
  readonly separable?: boolean;
}

/**
 * A search that has seen nothing.
 *
 * @example
 * ```ts
 * import { startSearch } from "@etude/etude";
 * startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3 }).generation; // 0
 * ```
 */
export function startSearch(
  { mean, sigma, covariance, separable = false }: SearchStart,
): GaussianSearch {
  const n = mean.length;
  let shape = covariance;
  if (shape === undefined) {
    shape = new Float64Array(separable ? n : n * n);
    for (let i = 0; i < n; i++) shape[separable ? i : i * n + i] = 1;
  }
  return Object.freeze({
    mean,
    sigma,
    covariance: shape,
    sigmaPath: new Float64Array(n),
    covariancePath: new Float64Array(n),
    generation: 0,
  });
}

/**
 * Whether C is a diagonal alone.
 *
 * @example
 * ```ts
 * import { isSeparable, startSearch } from "@etude/etude";
 * isSeparable(startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3, separable: true })); // true
 * ```
 */
export function isSeparable(search: GaussianSearch): boolean {
  return search.covariance.length === search.mean.length &&
    search.mean.length > 1;
}

/**
 * The standard deviation along an axis, σ √C_jj.
 *
 * @example
 * ```ts
 * import { spreadAlong, startSearch } from "@etude/etude";
 * spreadAlong(startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3 }), 1); // 0.3
 * ```
 */
export function spreadAlong(search: GaussianSearch, axis: number): number {
  const n = search.mean.length;
  const at = isSeparable(search) ? axis : axis * n + axis;
  return search.sigma * Math.sqrt(Math.max(0, search.covariance[at]!));
}

/**
 * Draws a point, `[dimension]`: eq. 38–40. Draws one normal number an axis.
 *
 * @example
 * ```ts
 * import { drawPoint, randomStream, startSearch } from "@etude/etude";
 * const search = startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3 });
 * drawPoint(search, randomStream("seed")).length; // 2
 * ```
 */
export function drawPoint(
  search: GaussianSearch,
  random: RandomStream,
): Float64Array {
  const { mean, sigma } = search;
  const n = mean.length;
  const { scales, vectors } = decompositionOf(search);
  const point = mean.slice();
  for (let k = 0; k < n; k++) {
    const length = sigma * scales[k]! * random.normal();
    if (vectors === null) point[k]! += length;
    else {
      for (let j = 0; j < n; j++) point[j]! += length * vectors[k * n + j]!;
    }
  }
  return point;
}

/**
 * How stretched C is: the longest axis of its ellipsoid over the shortest.
 *
 * @example
 * ```ts
 * import { conditionOf, startSearch } from "@etude/etude";
 * conditionOf(startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3 })); // 1: a ball
 * ```
 */
export function conditionOf(search: GaussianSearch): number {
  const { scales } = decompositionOf(search);
  return Math.max(...scales) / Math.min(...scales);
}

/**
 * The search after a generation.
 *
 * @param ranked The points, the best first.
 * @param ranks Where equals stand: `ranks[i]` is the first of the equals of point i.
 * Equals share their weights. Defaults to no equals.
 *
 * @example
 * ```ts
 * import { drawPoint, randomStream, startSearch, updateSearch } from "@etude/etude";
 * const search = startSearch({ mean: Float64Array.of(0.5, 0.5), sigma: 0.3 });
 * const ranked = Array.from({ length: 20 }, (_, slot) => slot)
 *   .map((slot) => ({ point: drawPoint(search, randomStream("seed", slot)) }))
 *   .sort((a, b) => a.point[0]! - b.point[0]!);
 * updateSearch(search, ranked).mean[0]! < 0.5; // true: it moves to where small first numbers are
 * ```
 */
export function updateSearch(
  search: GaussianSearch,
  ranked: readonly TriedPoint[],
  ranks: readonly number[] = ranked.map((_, index) => index),
): GaussianSearch {
  const n = search.mean.length;
  const separable = isSeparable(search);
  const constants = searchConstants(n, ranked.length, separable);
  const { muEff, cSigma, dSigma, cc, c1, cmu, chi } = constants;
  const { recombination, weights } = sharedWeights(constants, ranks);
  const whiten = whitener(search);
  const steps = ranked.map((tried) => stepOf(search, tried, whiten));
  const generation = search.generation + 1;

  // Eq. 41, 42: the mean.
  const move = new Float64Array(n);
  steps.forEach((step, i) => {
    const weight = recombination[i]!;
    for (let j = 0; weight > 0 && j < n; j++) move[j]! += weight * step[j]!;
  });
  const mean = search.mean.map((m, j) => m + search.sigma * move[j]!);

  // Eq. 43, 44: the step size.
  const white = whiten(move);
  const toSigma = Math.sqrt(cSigma * (2 - cSigma) * muEff);
  const sigmaPath = search.sigmaPath.map((p, j) =>
    (1 - cSigma) * p + toSigma * white[j]!
  );
  const length = Math.hypot(...sigmaPath);
  const sigma = Math.min(
    1e32,
    search.sigma * Math.exp((cSigma / dSigma) * (length / chi - 1)),
  );

  // Eq. 45: the path of the covariance stalls while steps grow fast.
  const settled = length /
    Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1)));
  const h = settled < (1.4 + 2 / (n + 1)) * chi ? 1 : 0;
  const toCovariance = h * Math.sqrt(cc * (2 - cc) * muEff);
  const covariancePath = search.covariancePath.map((p, j) =>
    (1 - cc) * p + toCovariance * move[j]!
  );

  // Eq. 46, 47: the covariance.
  const scaled = weights.map((weight, i) =>
    weight >= 0
      ? weight
      : weight * n / (squaredLength(whiten(steps[i]!)) + 1e-8)
  );
  const keep = 1 + c1 * (1 - h) * cc * (2 - cc) - c1 -
    cmu * weights.reduce((sum, weight) => sum + weight, 0);
  const covariance = search.covariance.slice();
  for (let k = 0; k < covariance.length; k++) covariance[k]! *= keep;
  addOuter(covariance, covariancePath, c1, separable);
  steps.forEach((step, i) => {
    addOuter(covariance, step, cmu * scaled[i]!, separable);
  });
  return Object.freeze({
    mean,
    sigma,
    covariance,
    sigmaPath,
    covariancePath,
    generation,
  });
}

/** Equal points share the weights of their ranks. */
function sharedWeights(
  { recombination, weights }: SearchConstants,
  ranks: readonly number[],
): { recombination: Float64Array; weights: Float64Array } {
  const shared = {
    recombination: Float64Array.from(recombination),
    weights: Float64Array.from(weights),
  };
  for (let from = 0; from < ranks.length;) {
    let to = from + 1;
    while (to < ranks.length && ranks[to] === ranks[from]) to++;
    for (const list of to - from > 1 ? Object.values(shared) : []) {
      const part = list.subarray(from, to);
      part.fill(part.reduce((sum, weight) => sum + weight, 0) / part.length);
    }
    from = to;
  }
  return shared;
}

/** y = (x − m)/σ; of others' points no longer than what is usual (Hansen 2011, eq. 3). */
function stepOf(
  { mean, sigma }: GaussianSearch,
  { point, isForeign = false }: TriedPoint,
  whiten: (step: Float64Array) => Float64Array,
): Float64Array {
  const n = mean.length;
  const step = point.map((x, j) => (x - mean[j]!) / sigma);
  if (!isForeign) return step;
  const usual = Math.sqrt(n) + 2 * n / (n + 2);
  const length = Math.sqrt(squaredLength(whiten(step)));
  return length > usual ? step.map((y) => y * usual / length) : step;
}

/** C^(−½) as a function. */
function whitener(
  search: GaussianSearch,
): (step: Float64Array) => Float64Array {
  const n = search.mean.length;
  const { scales, vectors } = decompositionOf(search);
  if (vectors === null) return (step) => step.map((y, j) => y / scales[j]!);
  return (step) => {
    const white = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      let dot = 0;
      for (let j = 0; j < n; j++) dot += vectors[k * n + j]! * step[j]!;
      dot /= scales[k]!;
      for (let j = 0; j < n; j++) white[j]! += dot * vectors[k * n + j]!;
    }
    return white;
  };
}

/** B, a row an axis, or null for the axes of the cube; and D, `[n]`. */
interface Decomposition {
  readonly scales: Float64Array;
  readonly vectors: Float64Array | null;
}

// Worked out once for a state: every point of a generation is drawn with it.
const decompositions = new WeakMap<GaussianSearch, Decomposition>();

function decompositionOf(search: GaussianSearch): Decomposition {
  let known = decompositions.get(search);
  if (known === undefined) {
    const { values, vectors } = isSeparable(search)
      ? { values: search.covariance, vectors: null }
      : symmetricEigen(search.covariance, search.mean.length);
    known = {
      scales: values.map((value) => Math.sqrt(value < 0 ? 1e-8 : value)),
      vectors,
    };
    decompositions.set(search, known);
  }
  return known;
}

function addOuter(
  covariance: Float64Array,
  step: Float64Array,
  weight: number,
  separable: boolean,
): void {
  if (weight === 0) return;
  const n = step.length;
  for (let i = 0; i < n; i++) {
    const part = weight * step[i]!;
    if (separable) covariance[i]! += part * step[i]!;
    else {
      for (let j = 0; j < n; j++) covariance[i * n + j]! += part * step[j]!;
    }
  }
}

function squaredLength(step: Float64Array): number {
  let sum = 0;
  for (const y of step) sum += y * y;
  return sum;
}
