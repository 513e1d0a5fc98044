/**
 * What is learnt from finished curves: in three layers, each judged on curves
 * left out, each in its turn correcting what the one before it missed.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `truth` | `[rows]` | (end of the curve − level) / scale, smaller is better |
 * | f₀ | `drop` | `[rows]` | the same as the shapes expect it |
 * | h | `hints` | `[rows]` | what the nearest curves would add to f₀ |
 * | g | `moves` | `[rows]` | what the trees would add |
 * | λ, τ | `hintShare`, `trust` | 1 | how much of h and of g is believed |
 * | w | `weight` | `[rows]` | scale / the curve's range: errors count as shares of the range |
 * | d | `difficulty` | `[rows]` | the unit of the band |
 * | κ | `kindMeans` | 2 | what f₀ missed for curves of the same kind, and where they ended |
 * | r | `residuals` | `[rows]` | (y − f₀ − λ h − τ g) / d |
 *
 * λ and τ minimize Σ w |y − …| over h and g that come from the other folds; the
 * trees of the 5 % and 95 % points of r are moved apart until they cover.
 *
 * Source: stacking after Wolpert, "Stacked Generalization" (1992); the rest as
 * in the files it imports.
 *
 * @module
 */

import {
  growTrees,
  type PackedTrees,
  readTrees,
  type TreeOptions,
} from "./_boosted_trees.ts";
import { conformalMargin, missShare } from "./_conformal.ts";
import { nearestCurves } from "./_nearest.ts";
import {
  type KindMeans,
  kindMeans,
  type PackedKindMeans,
  readKindMeans,
} from "./_kind_means.ts";
import type { PriorRow } from "./_prior_rows.ts";
import { median } from "./smooth.ts";

/** What `forecastCurve()` asks a prior. */
export interface PriorQuestion {
  /** What the curve looks like up to now. */
  readonly features: Float64Array;
  /** The share of the way that is seen, in `[0, 1]`. */
  readonly seen: number;
  /** What is expected without a prior, less the level, in the curve's scale. */
  readonly drop: number;
  /** What made the curve; null if nobody said. */
  readonly kind: string | null;
}

/** What a prior answers. */
export interface PriorAnswer {
  /** How far the center is moved, in the curve's scale; negative is better. */
  readonly move: number;
  /** The 5 % point about the center, in units of the difficulty; at most 0. */
  readonly low: number;
  /** The 95 % point; at least 0. */
  readonly high: number;
}

/** From so many curves on, bands can be calibrated. */
export const fewestCurves = 10;
/** From so many curves on, the move is learnt. */
const fewestToMove = 16;
/** Curves are left out in so many parts. */
export const folds = 5;
/** From so many rows on, trees may ask one question more. */
const manyRows = 6000;
const trusts = [0, 0.25, 0.5, 0.75, 1];
const hintShares = [0, 0.25, 0.5, 0.75];
/** Bands are calibrated at so many shares seen, and at 0. */
const marginSteps = 50;

/** Curves that had seen shares which differ by less calibrate each other. */
const alike = 0.16;

/** What was learnt. */
export interface Reading {
  readonly trust: number;
  readonly error: { readonly shapes: number; readonly prior: number };
  readonly answer: (question: PriorQuestion) => PriorAnswer;
  /** It as JSON, without the nearest curves: {@linkcode readReading} reads it. */
  readonly pack: () => PackedReading;
}

/** What was learnt, as plain numbers. */
export interface PackedReading {
  readonly trust: number;
  readonly error: { readonly shapes: number; readonly prior: number };
  readonly center: PackedModel | null;
  readonly low: PackedModel;
  readonly high: PackedModel;
  /** How far the band's ends are moved apart, `[51, 2]`, at shares seen of 0, 0.02, … 1. */
  readonly margins: readonly (readonly [number, number])[];
}

/** Trees, and what they know of kinds. */
interface PackedModel {
  readonly trees: PackedTrees;
  readonly kinds: PackedKindMeans;
}

/** What was packed. */
export function readReading(packed: PackedReading): Reading {
  const { trust, error, margins } = packed;
  const [center, low, high] = [packed.center, packed.low, packed.high]
    .map((model) => model === null ? null : readModel(model));
  const band = bandOf(low!, high!, (key) => {
    const [below, above] = margins[Math.round(key * marginSteps)]!;
    return { low: below, high: above };
  });
  return {
    trust,
    error,
    answer: ({ features, seen, kind }) => ({
      move: center === null || center === undefined
        ? 0
        : trust * center(features, kind),
      ...band(features, seen, kind),
    }),
    pack: () => packed,
  };
}

/**
 * Learns from the rows of finished curves.
 *
 * @param foldOf The fold of each curve.
 * @param known How many curves there are rows of.
 * @param asksNearest Whether the nearest curves are asked, too: then they all have
 * to be kept. Defaults to `true`.
 */
export function learn(
  rows: readonly PriorRow[],
  foldOf: readonly number[],
  known: number,
  asksNearest = true,
): Reading {
  const few = known < fewestToMove;
  const folded = rows.map(({ curve }) => foldOf[curve]!);
  const weights = Float64Array.from(rows, ({ weight }) => weight);
  const loss = (misses: Float64Array, added: Float64Array) => (share: number) =>
    misses.reduce(
      (sum, miss, i) => sum + weights[i]! * Math.abs(miss - share * added[i]!),
      0,
    );
  const medianError = (left: Float64Array) =>
    median(left.map((miss, i) => weights[i]! * Math.abs(miss)));

  const missed = Float64Array.from(rows, (row) => clip(row.truth - row.drop));
  const nearest = nearestCurves(rows);
  const hints = Float64Array.from(rows, (row) => {
    const drop = nearest.drop(
      row.features,
      row.seen,
      (curve) => foldOf[curve] === foldOf[row.curve],
      row.kind,
    );
    return drop === null ? 0 : drop - row.drop;
  });
  const hintShare = asksNearest
    ? bestShare(hintShares, loss(missed, hints))
    : 0;
  const left = missed.map((miss, i) => clip(miss - hintShare * hints[i]!));

  const options = {
    quantile: 0.5,
    trees: few ? 0 : Math.min(250, 40 + Math.round(rows.length / 40)),
    depth: rows.length < manyRows ? 4 : 5,
    fewestRows: Math.max(20, Math.round(rows.length / 1000)),
    learningRate: 0.1,
  };
  const moves = few
    ? new Float64Array(rows.length)
    : leftOut(rows, folded, left, weights, options);
  const trust = few ? 0 : bestShare(trusts, loss(left, moves));
  const center = trust === 0 ? null : grow(rows, left, weights, options);
  const errors = left.map((miss, i) => miss - trust * moves[i]!);

  const band = learnBand(
    rows,
    folded,
    errors.map((error, i) => clip(error / rows[i]!.difficulty, 200)),
    { ...options, trees: Math.round(options.trees / 3), depth: 3 },
  );
  return {
    trust,
    error: { shapes: medianError(missed), prior: medianError(errors) },
    answer: ({ features, seen, drop, kind }) => {
      const near = hintShare === 0
        ? null
        : nearest.drop(features, seen, undefined, kind);
      return {
        move: (near === null ? 0 : hintShare * (near - drop)) +
          (center === null ? 0 : trust * center(features, kind)),
        ...band(features, seen, kind),
      };
    },
    pack: () => {
      if (hintShare !== 0) {
        throw new RangeError(
          "Cannot pack what curves taught: it asks the nearest of them; make it without",
        );
      }
      return {
        trust,
        error: { shapes: medianError(missed), prior: medianError(errors) },
        center: center === null ? null : center.toJSON(),
        ...band.pack(),
      };
    },
  };
}

/** The 5 % and 95 % points of the residuals, moved apart until they cover curves left out at the same share seen. */
function learnBand(
  rows: readonly PriorRow[],
  folded: readonly number[],
  residuals: Float64Array,
  options: TreeOptions,
): Band & { pack(): Pick<PackedReading, "low" | "high" | "margins"> } {
  const ones = new Float64Array(rows.length).fill(1);
  const side = (quantile: number) => ({
    out: leftOut(rows, folded, residuals, ones, { ...options, quantile }),
    model: grow(rows, residuals, ones, { ...options, quantile }),
  });
  const [low, high] = [side(missShare), side(1 - missShare)];
  const byCurve = [
    ...Map.groupBy(rows.keys(), (i) => rows[i]!.curve).values(),
  ];
  const gap = (i: number, seen: number) => Math.abs(rows[i]!.seen - seen);
  /** Of each curve the row at the share nearest to the one seen. */
  const rowsAt = (seen: number) =>
    byCurve.map((list) =>
      list.reduce((a, b) => gap(b, seen) < gap(a, seen) ? b : a)
    ).filter((i) => gap(i, seen) < alike);
  const margins = new Map<number, { low: number; high: number }>();
  const marginsAt = (seen: number) => {
    const key = Math.round(seen * marginSteps) / marginSteps;
    const known = margins.get(key);
    if (known !== undefined) return known;
    let near = rowsAt(key);
    if (near.length < fewestCurves) near = [...rows.keys()];
    const found = {
      low: conformalMargin(near.map((i) => low.out[i]! - residuals[i]!)),
      high: conformalMargin(near.map((i) => residuals[i]! - high.out[i]!)),
    };
    margins.set(key, found);
    return found;
  };
  return Object.assign(bandOf(low.model, high.model, marginsAt), {
    pack: () => ({
      low: low.model.toJSON(),
      high: high.model.toJSON(),
      margins: Array.from({ length: marginSteps + 1 }, (_, step) => {
        const margin = marginsAt(step / marginSteps);
        return [margin.low, margin.high] as const;
      }),
    }),
  });
}

/** The ends of the band about the center, in units of the difficulty. */
type Band = (
  features: Float64Array,
  seen: number,
  kind: string | null,
) => { low: number; high: number };

function bandOf(
  low: Model,
  high: Model,
  marginsAt: (seen: number) => { low: number; high: number },
): Band {
  return (features, seen, kind) => {
    const margin = marginsAt(Math.round(seen * marginSteps) / marginSteps);
    return {
      low: Math.min(0, low(features, kind) - margin.low),
      high: Math.max(0, high(features, kind) + margin.high),
    };
  };
}

/** Trees that know what made a curve. */
interface Model {
  (features: Float64Array, kind: string | null): number;
  toJSON(): PackedModel;
}

function readModel({ trees, kinds }: PackedModel): Model {
  return modelOf(readTrees(trees), readKindMeans(kinds));
}

function modelOf(
  trees: ReturnType<typeof readTrees>,
  kinds: KindMeans,
): Model {
  return Object.assign(
    (features: Float64Array, kind: string | null) =>
      trees.predict(withKind({ features, kind }, kinds)),
    { toJSON: () => ({ trees: trees.toJSON(), kinds: kinds.toJSON() }) },
  );
}

function grow(
  rows: readonly PriorRow[],
  targets: Float64Array,
  weights: Float64Array,
  options: TreeOptions,
  kept: (i: number) => boolean = () => true,
): Model {
  const chosen = [...rows.keys()].filter(kept);
  const wanted = Float64Array.from(chosen, (i) => targets[i]!);
  const kinds = kindMeans(chosen.map((i) => rows[i]!), wanted);
  const inputs = chosen.map((i) => withKind(rows[i]!, kinds));
  const width = inputs[0]?.length ?? 0;
  const features = new Float64Array(inputs.length * width);
  inputs.forEach((row, i) => features.set(row, i * width));
  const trees = growTrees(
    features,
    wanted,
    Float64Array.from(chosen, (i) => weights[i]!),
    options,
  );
  return modelOf(trees, kinds);
}

/** The features, and what is known of curves of the same kind. */
function withKind(
  { features, kind }: Pick<PriorRow, "features" | "kind">,
  kinds: KindMeans,
): Float64Array {
  const known = kinds(kind);
  const all = new Float64Array(features.length + known.length);
  all.set(features);
  all.set(known, features.length);
  return all;
}

/** What trees that were grown on the other folds say of each row. */
function leftOut(
  rows: readonly PriorRow[],
  folded: readonly number[],
  targets: Float64Array,
  weights: Float64Array,
  options: TreeOptions,
): Float64Array {
  const said = new Float64Array(rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const model = grow(
      rows,
      targets,
      weights,
      options,
      (i) => folded[i] !== fold,
    );
    rows.forEach(({ features, kind }, i) => {
      if (folded[i] === fold) said[i] = model(features, kind);
    });
  }
  return said;
}

/** The candidate of which the error is least. */
function bestShare(
  candidates: readonly number[],
  error: (share: number) => number,
): number {
  const errors = candidates.map(error);
  return candidates[errors.indexOf(Math.min(...errors))]!;
}

function clip(x: number, limit = 20): number {
  return Math.max(-limit, Math.min(limit, x));
}
