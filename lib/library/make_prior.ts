/**
 * Prior studies as a prior for a Gaussian process: their functions at nodes of
 * the new space, as few columns of numbers.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | Z | `said` | `[T, I]` | what each source says at the nodes |
 * | M | `trend` | `[I]` | their weighed mean |
 * | D | `differences` | `[I, T]` | how they differ; see surrogates/prior.ts |
 * | L | `factors` | `[I, R]` | D Dᵀ ≈ L Lᵀ, by a pivoted Cholesky factorization that ends where little is left |
 *
 * @module
 */

import { cholesky, solveLower, solveLowerTransposed } from "../math/mod.ts";
import type { Space } from "../space/mod.ts";
import {
  featuresOf,
  type Prior,
  priorCenter,
  type PriorLevel,
  type PriorStrategy,
} from "../surrogates/mod.ts";
import { nodeCoefficients } from "./_prior_nodes.ts";
import { fitSource, type SourceModel, spaceFilling } from "./_source_model.ts";
import { priorCoherence } from "./_prior_coherence.ts";
import type { PriorStudy } from "./prior_study.ts";

/** Options of {@linkcode makePrior}. */
export interface MakePriorOptions {
  /** The most studies that are asked, those of the largest weight. Defaults to `50`. */
  readonly maxSources?: number;
  /** How the Gaussian process is to take it; `"copula"` looks at ranks of values alone. Defaults to `"transfer"`. */
  readonly strategy?: PriorStrategy;
}

/** How many nodes fill the space, and how many are the sources' best trials. */
const fillingNodes = 224;
const bestNodes = 96;
/** The most factors, and the share of how sources differ that may be left out. */
const mostFactors = 16;
const leftOut = 0.01;

/**
 * What prior studies say of a new space, as a prior for a Gaussian process; null
 * if they say nothing. It is deterministic.
 *
 * @param studies Prior studies, from {@linkcode readPriorStudies}.
 * @param space The space of the new study.
 *
 * @example
 * ```ts
 * import { createStudy, float, makePrior, MemoryStorage, openLibrary, readPriorStudies, space } from "@etude/etude";
 * const past = new MemoryStorage();
 * const old = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage: past, library: false });
 * await old.optimize(({ params }) => (params.x - 0.3) ** 2, { trials: 8, progress: false });
 * const now = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([past])).similar(null, now);
 * makePrior(await readPriorStudies(similar), now)?.sources[0]?.name; // "old"
 * ```
 */
export function makePrior<C>(
  studies: readonly PriorStudy[],
  space: Space<C>,
  options: MakePriorOptions = {},
): Prior | null {
  const { maxSources = 50, strategy = "transfer" } = options;
  const scale = strategy === "copula" ? "ranks" : "values";
  const target = space as unknown as Space;
  const models = studies.filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight).slice(0, maxSources)
    .flatMap((study) => fitSource(study, target, scale) ?? []);
  return models.length === 0 ? null : assemble(models, target, strategy);
}

function assemble(
  models: readonly SourceModel[],
  space: Space,
  strategy: PriorStrategy,
): Prior {
  const features = featuresOf(space);
  const { dimension, numeric } = features;
  const units = bestFirst(nodesOf(models, space), models);
  const count = units.length;
  const nodes = new Float64Array(count * dimension);
  units.forEach((unit, i) => features.encode(unit, nodes, i * dimension));
  const total = models.reduce((sum, { weight }) => sum + weight, 0);
  const weights = models.map(({ weight }) => weight / total);
  const said = models.map((model) => model.predict(units));
  const T = models.length;
  const trend = new Float64Array(count);
  said.forEach((z, s) => {
    for (let i = 0; i < count; i++) trend[i]! += weights[s]! * z[i]!;
  });
  const left = Math.sqrt(1 - weights.reduce((sum, w) => sum + w * w, 0));
  const differences = new Float64Array(count * T);
  for (let i = 0; i < count && left > 1e-6; i++) {
    for (let s = 0; s < T; s++) {
      differences[i * T + s] = (said[s]![i]! - trend[i]!) *
        Math.sqrt(weights[s]!) / left;
    }
  }
  const factors = pivoted(differences, count, T);
  const lengthscales = lengthscalesOf(models, dimension);
  const coefficients = nodeCoefficients(
    { inputs: nodes, dimension, numeric, lengthscales },
    [trend, ...factors],
  );
  return Object.freeze<Prior>({
    ...strategy === "transfer" ? {} : { strategy },
    sources: models.map(({ name }, s) =>
      Object.freeze({ name, weight: weights[s]! })
    ),
    lengthscales,
    units,
    coefficients,
    loadings: loadingsOf(factors, differences, count, T),
    coherence: priorCoherence(models, features, lengthscales),
    likeness: Math.min(1, models[0]!.weight),
    level: levelOf(models),
  });
}

/** Less than so much is not believed of how levels differ, in spreads and in logarithms of spreads; and what is taken for it where there is one source. */
const leastApart = 0.3;
const usualApart = 1;

function levelOf(models: readonly SourceModel[]): PriorLevel | null {
  const told = models.flatMap(({ level, weight }) =>
    level === null ? [] : [{ ...level, weight }]
  );
  const total = told.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  const over = (f: (one: typeof told[number]) => number) =>
    told.reduce((sum, one) => sum + one.weight * f(one), 0) / total;
  const mean = over((one) => one.mean);
  const log = over((one) => Math.log(one.sd));
  const spread = Math.exp(log);
  const apart = (variance: number) =>
    told.length < 2 ? usualApart : Math.max(
      leastApart,
      Math.sqrt(variance * told.length / (told.length - 1)),
    );
  return Object.freeze({
    mean,
    spread,
    meanSd: spread *
      apart(over((one) => ((one.mean - mean) / spread) ** 2)),
    logSpreadSd: apart(over((one) => (Math.log(one.sd) - log) ** 2)),
  });
}

/** Points that fill the space, and the sources' best trials, in turn, none twice. */
function nodesOf(models: readonly SourceModel[], space: Space): Float64Array[] {
  const whole = (unit: ArrayLike<number>) =>
    space.encode(space.decode(Float64Array.from(unit)));
  const found = new Map<string, Float64Array>();
  const add = (unit: Float64Array) => {
    const place = whole(unit);
    found.set(place.join(), place);
  };
  spaceFilling(space.dimension, fillingNodes).forEach(add);
  const most = found.size + bestNodes;
  for (let rank = 0; rank < 16 && found.size < most; rank++) {
    for (const { units } of models) {
      const unit = units[rank];
      if (unit !== undefined && found.size < most) add(unit);
    }
  }
  return [...found.values()];
}

function bestFirst(
  units: readonly Float64Array[],
  models: readonly SourceModel[],
): Float64Array[] {
  const sums = new Float64Array(units.length);
  for (const model of models) {
    model.predict(units).forEach((z, i) => sums[i]! += model.weight * z);
  }
  return units.map((unit, i) => ({ unit, sum: sums[i]! }))
    .sort((a, b) => a.sum - b.sum).map(({ unit }) => unit);
}

/** The geometric mean over the sources that have the column; the usual where none has. */
function lengthscalesOf(
  models: readonly SourceModel[],
  dimension: number,
): Float64Array {
  const usual = priorCenter(dimension).lengthscales;
  return Float64Array.from({ length: dimension }, (_, column) => {
    let [sum, weight] = [0, 0];
    for (const model of models) {
      const length = model.lengthscales[column]!;
      if (!(length > 0)) continue;
      sum += model.weight * Math.log(length);
      weight += model.weight;
    }
    const mean = weight > 0 ? Math.exp(sum / weight) : usual[column]!;
    return Math.min(10, Math.max(0.05, mean));
  });
}

/** The pivoted Cholesky factor of D Dᵀ. */
function pivoted(differences: Float64Array, count: number, T: number) {
  const diagonal = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let s = 0; s < T; s++) diagonal[i]! += differences[i * T + s]! ** 2;
  }
  const trace = diagonal.reduce((a, b) => a + b, 0);
  const factors: Float64Array[] = [];
  while (factors.length < Math.min(mostFactors, T)) {
    let pivot = 0;
    for (let i = 1; i < count; i++) {
      if (diagonal[i]! > diagonal[pivot]!) pivot = i;
    }
    const sum = diagonal.reduce((a, b) => a + b, 0);
    if (!(sum > leftOut * trace) || !(diagonal[pivot]! > 1e-9)) break;
    const root = Math.sqrt(diagonal[pivot]!);
    const factor = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      let value = 0;
      for (let s = 0; s < T; s++) {
        value += differences[i * T + s]! * differences[pivot * T + s]!;
      }
      for (const other of factors) value -= other[i]! * other[pivot]!;
      factor[i] = value / root;
      diagonal[i] = Math.max(0, diagonal[i]! - factor[i]! ** 2);
    }
    factors.push(factor);
  }
  return factors;
}

/** B: the least squares of D ≈ L B. */
function loadingsOf(
  factors: readonly Float64Array[],
  differences: Float64Array,
  count: number,
  T: number,
): Float64Array {
  const R = factors.length;
  const gram = new Float64Array(R * R);
  const right = new Float64Array(T * R);
  for (let a = 0; a < R; a++) {
    for (let b = 0; b <= a; b++) {
      for (let i = 0; i < count; i++) {
        gram[a * R + b]! += factors[a]![i]! * factors[b]![i]!;
      }
    }
    gram[a * R + a]! += 1e-9;
    for (let i = 0; i < count; i++) {
      for (let s = 0; s < T; s++) {
        right[s * R + a]! += factors[a]![i]! * differences[i * T + s]!;
      }
    }
  }
  cholesky(gram, R);
  solveLower(gram, right);
  solveLowerTransposed(gram, right);
  const loadings = new Float64Array(R * T);
  for (let s = 0; s < T; s++) {
    for (let r = 0; r < R; r++) loadings[r * T + s] = right[s * R + r]!;
  }
  return loadings;
}
