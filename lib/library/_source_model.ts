/**
 * A prior study as a function over the new space.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `inputs` | `[n, k]` | its trials, in the columns that both spaces have |
 * | y | `values` | `[n]` | their values, smaller is better, bad outliers moved in |
 * | m | | | the mean of a Gaussian process fitted to X, y |
 * | z | | `[c]` | (m − mean of m) / sd of m, over points that fill the new space |
 *
 * That z has mean 0 and sd 1 over the space makes studies comparable whose
 * values have other units, and takes out that one was sampled by an optimizer,
 * and another at random.
 *
 * An order of configurations (a portfolio) has no values: what is not in it
 * counts as bad.
 *
 * Source: our prototype, research/sample_efficiency.md, "Source models".
 *
 * @module
 */

import { moments, sobol } from "../math/mod.ts";
import type { Prediction } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import {
  type Features,
  featuresOf,
  fitHyperparameters,
  GaussianProcess,
  normalizeOutcomes,
  normalScores,
  priorCenter,
} from "../surrogates/mod.ts";
import type { PriorStudy } from "./prior_study.ts";
import { thinTrials } from "./_thin.ts";

/** The most trials of a source that are looked at, and that its lengthscales are learnt from. */
const mostTrials = 128;
const mostForLengths = 64;
/** The most evaluations of the likelihood for a source. */
const evaluations = 20;
/** How many points z is standardized over. */
const standardPoints = 256;
/** Places so far outside of the unit cube say nothing of it. */
const farthest = 2;

/** What a source says of the new space. */
export interface SourceModel {
  /** The study's name. */
  readonly name: string;
  /** How much it has to say. */
  readonly weight: number;
  /** Its trials' places in the new space's unit cube, the best first. */
  readonly units: readonly Float64Array[];
  /** z at places of the unit cube: smaller is better. */
  predict(units: readonly ArrayLike<number>[]): Float64Array;
  /** The lengthscale of each column of the new space's features; NaN where the source lacks it. */
  readonly lengthscales: Float64Array;
  /** Its trials' values, mean 0, sd 1, in the order of `units`. */
  readonly values: ArrayLike<number>;
  /** Its values' mean and standard deviation over the space, smaller better; null if they are not the new study's. */
  readonly level: Prediction | null;
  /** What it expects in its own units, and how much its values spread; null if they are not the new study's. */
  expect(unit: ArrayLike<number>): Prediction | null;
}

const fits = new WeakMap<
  PriorStudy,
  {
    readonly space: Space;
    readonly scale: SourceScale;
    readonly model: SourceModel | null;
  }
>();

/** What a source's values become: standardized with bad outliers moved in, or normal scores of their ranks. */
export type SourceScale = "values" | "ranks";

/** Fits a source; null if it says nothing: too few trials, values all equal, no shared parameter. The last fit of a study is remembered. */
export function fitSource(
  study: PriorStudy,
  space: Space,
  scale: SourceScale = "values",
): SourceModel | null {
  const known = fits.get(study);
  if (known?.space === space && known.scale === scale) return known.model;
  const model = fit(study, space, scale);
  fits.set(study, { space, scale, model });
  return model;
}

function fit(
  study: PriorStudy,
  space: Space,
  scale: SourceScale,
): SourceModel | null {
  const { mapping, objective, name, weight } = study;
  const features = featuresOf(space);
  const columns = sharedColumns(features, mapping.shared);
  const sign = objective.direction === "minimize" ? 1 : -1;
  const usable = study.trials.filter(({ value }) => Number.isFinite(value));
  const seen = thinTrials(usable, sign, mostTrials).map((trial) => ({
    unit: mapping.toUnit(trial.params),
    value: sign * trial.value!,
  })).filter(({ unit }) =>
    mapping.shared.some((axis) => !Number.isNaN(unit[axis]!)) &&
    unit.every((place) =>
      Number.isNaN(place) || Math.abs(place - 0.5) <= farthest
    )
  ).sort((a, b) => a.value - b.value);
  if (seen.length < 2 || columns.length === 0) return null;
  const isOrder = /^order in/.test(objective.name);
  // Configurations of the same rank are as good as each other.
  const spread = seen.at(-1)!.value - seen[0]!.value;
  if (!(spread > 0) && !isOrder) return null;
  const form = normalizeOutcomes(
    seen.map(({ value, unit }, number) => ({
      number,
      unit,
      value,
      isPruned: false,
    })),
  );
  const values = isOrder
    ? seen.map(({ value }) =>
      -1.5 + (spread > 0 ? (value - seen[0]!.value) / spread : 0.5)
    )
    : scale === "ranks"
    ? normalScores(seen.map(({ value }) => value))
    : form.values;
  const reach = budgetReach(space, seen.map(({ unit }) => unit));
  const encode = (units: readonly ArrayLike<number>[]) =>
    encodeShared(
      features,
      columns,
      reach.length === 0 ? units : units.map((unit) => within(unit, reach)),
    );
  const numeric = columns.filter((column) => column < features.numeric).length;
  const data = {
    inputs: encode(seen.map(({ unit }) => unit)),
    values: Float64Array.from(values),
    dimension: columns.length,
    numeric,
    // What is not in an order was not found worth a place in it.
    ...(isOrder ? { mean: 1 } : {}),
  };
  const process = new GaussianProcess(data, hyperparametersOf(data));
  const lengthscales = new Float64Array(features.dimension).fill(NaN);
  columns.forEach((column, j) => {
    lengthscales[column] = process.hyperparameters.lengthscales[j]!;
  });
  const standard = process.predictMean(
    encode(spaceFilling(space.dimension, standardPoints)),
  );
  // Ranks do not say what values there were.
  const isComparable = study.isComparable === true && !isOrder &&
    scale === "values";
  const inUnits = (mean: number) => form.toRaw({ mean, sd: 0 }).mean;
  const valueSd = momentsOf(Float64Array.from(values, inUnits)).sd;
  const center = standard.reduce((a, b) => a + b, 0) / standard.length;
  const sd = Math.sqrt(
    standard.reduce((sum, m) => sum + (m - center) ** 2, 0) / standard.length,
  );
  if (!(sd > 1e-6)) return null;
  return {
    name,
    weight,
    units: seen.map(({ unit }) => unit),
    lengthscales,
    values,
    level: isComparable ? momentsOf(standard.map(inUnits)) : null,
    predict: (units) =>
      process.predictMean(encode(units)).map((m) => (m - center) / sd),
    expect: (unit) => {
      if (!isComparable) return null;
      const [m] = process.predictMean(encode([unit]));
      return { mean: sign * inUnits(m!), sd: valueSd };
    },
  };
}

/** An axis, and from where to where a source has trials on it. */
type Reach = readonly [axis: number, low: number, high: number];

/**
 * How far a source's budgets reach. Of a larger budget it knows nothing but what
 * it saw at its largest: what is best after 10 epochs is the best guess for 100.
 */
function budgetReach(
  space: Space,
  units: readonly ArrayLike<number>[],
): readonly Reach[] {
  return space.parameters.flatMap(({ role, kind }, axis): Reach[] => {
    if (role !== "budget" || (kind !== "float" && kind !== "int")) return [];
    const places = units.map((unit) => unit[axis]!)
      .filter((place) => !Number.isNaN(place));
    return places.length === 0
      ? []
      : [[axis, Math.min(...places), Math.max(...places)]];
  });
}

/** A place with its budgets moved to where the source has been. */
function within(
  unit: ArrayLike<number>,
  reach: readonly Reach[],
): Float64Array {
  const moved = Float64Array.from(unit);
  for (const [axis, low, high] of reach) {
    moved[axis] = Math.min(high, Math.max(low, moved[axis]!));
  }
  return moved;
}

/** The columns of features whose axes are shared. */
function sharedColumns(
  features: Features,
  shared: readonly number[],
): readonly number[] {
  return features.axes.flatMap((axis, column) =>
    shared.includes(axis) ? [column] : []
  );
}

function encodeShared(
  features: Features,
  columns: readonly number[],
  units: readonly ArrayLike<number>[],
): Float64Array {
  const k = columns.length;
  const inputs = new Float64Array(units.length * k);
  const whole = new Float64Array(features.dimension);
  units.forEach((unit, i) => {
    features.encode(unit, whole);
    columns.forEach((column, j) => {
      inputs[i * k + j] = whole[column]!;
    });
  });
  return inputs;
}

function hyperparametersOf(
  data: Parameters<typeof fitHyperparameters>[0] & { mean?: number },
) {
  const { dimension: k } = data;
  const n = data.values.length;
  // The values are sorted: every so-manyth keeps good and bad.
  const stride = Math.ceil(n / mostForLengths);
  const some = Array.from(
    { length: Math.ceil(n / stride) },
    (_, i) => i * stride,
  );
  const inputs = new Float64Array(some.length * k);
  some.forEach((i, row) =>
    inputs.set(data.inputs.subarray(i * k, (i + 1) * k), row * k)
  );
  return fitHyperparameters({
    ...data,
    inputs,
    values: Float64Array.from(some, (i) => data.values[i]!),
  }, {
    starts: [{ ...priorCenter(k), noise: 0.03 }],
    maxEvaluations: evaluations,
  });
}

function momentsOf(values: Float64Array): Prediction {
  const { mean, sd } = moments(values);
  return { mean, sd };
}

/** Points that fill the unit cube, always the same, without the corner at 0. */
export function spaceFilling(dimension: number, count: number): Float64Array[] {
  const axes = Math.min(dimension, 1000);
  const sequence = sobol(axes);
  return Array.from({ length: count }, (_, i) => {
    const point = sequence.point(i + 1);
    return Float64Array.from({ length: dimension }, (_, d) => point[d % axes]!);
  });
}
