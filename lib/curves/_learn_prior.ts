import { type BoostedTrees, growTrees } from "./_boosted_trees.ts";
import { conformalMargin, missShare } from "./_conformal.ts";
import { nearestCurves } from "./_nearest.ts";
import { type PriorRow, stackFeatures } from "./_prior_rows.ts";
import { median } from "./smooth.ts";

/** What `forecastCurve()` asks a prior. */
export interface PriorQuestion {
  /** What the curve looks like up to now. */
  readonly features: Float64Array;
  /** The share of the way that is seen, in `[0, 1]`. */
  readonly seen: number;
  /** What is expected without a prior, less the level, in the curve's scale. */
  readonly drop: number;
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
const trusts = [0, 0.25, 0.5, 0.75, 1];
const shares = [0, 0.25, 0.5, 0.75];

/** The candidate of which the error is least. */
function bestShare(
  candidates: readonly number[],
  error: (share: number) => number,
): number {
  const errors = candidates.map(error);
  return candidates[errors.indexOf(Math.min(...errors))]!;
}

/** What was learnt. */
export interface Reading {
  readonly trust: number;
  readonly error: { readonly shapes: number; readonly prior: number };
  readonly answer: (question: PriorQuestion) => PriorAnswer;
}

/**
 * Learns from the rows of finished curves.
 *
 * @param foldOf The fold of each curve.
 * @param known How many curves there are rows of.
 */
export function learn(
  rows: readonly PriorRow[],
  foldOf: readonly number[],
  known: number,
): Reading {
  const clip = (x: number) => Math.max(-20, Math.min(20, x));
  // The nearest curves first: half their word, if that serves curves left out.
  const nearest = nearestCurves(rows);
  const inItsFold = (row: PriorRow) => (curve: number) =>
    foldOf[curve] === foldOf[row.curve];
  const hints = Float64Array.from(rows, (row) => {
    const drop = nearest.drop(row.features, row.seen, inItsFold(row));
    return drop === null ? 0 : drop - row.drop;
  });
  const plain = rows.map((one) => clip(one.truth - one.drop));
  const share = bestShare(shares, (one) =>
    plain.reduce(
      (sum, miss, i) =>
        sum + rows[i]!.weight * Math.abs(miss - one * hints[i]!),
      0,
    ));
  const misses = Float64Array.from(
    plain,
    (miss, i) => clip(miss - share * hints[i]!),
  );
  const weights = Float64Array.from(rows, ({ weight }) => weight);
  const few = known < fewestToMove;
  const size = {
    trees: few ? 0 : Math.min(150, 40 + Math.round(rows.length / 40)),
    depth: 4,
    fewestRows: Math.max(20, Math.round(rows.length / 1000)),
    learningRate: 0.1,
  };
  const grow = (
    kept: (i: number) => boolean,
    targets: Float64Array,
    w: Float64Array,
    quantile: number,
    trees: number,
    depth: number,
  ): BoostedTrees => {
    const chosen = rows.flatMap((_, i) => kept(i) ? [i] : []);
    return growTrees(
      stackFeatures(chosen.map((i) => rows[i]!)),
      Float64Array.from(chosen, (i) => targets[i]!),
      Float64Array.from(chosen, (i) => w[i]!),
      { ...size, quantile, trees, depth },
    );
  };
  /** What models grown on the other folds say of each row. */
  const leftOut = (
    targets: Float64Array,
    w: Float64Array,
    quantile: number,
    trees: number,
    depth: number,
  ): Float64Array => {
    const said = new Float64Array(rows.length);
    for (let fold = 0; fold < folds; fold++) {
      const inFold = (i: number) => foldOf[rows[i]!.curve]! === fold;
      const model = grow((i) => !inFold(i), targets, w, quantile, trees, depth);
      rows.forEach((row, i) => {
        if (inFold(i)) said[i] = model.predict(row.features);
      });
    }
    return said;
  };

  const moves = few
    ? new Float64Array(rows.length)
    : leftOut(misses, weights, 0.5, size.trees, size.depth);
  const trust = few ? 0 : bestShare(trusts, (one) =>
    misses.reduce(
      (sum, miss, i) => sum + weights[i]! * Math.abs(miss - one * moves[i]!),
      0,
    ));
  const medianError = (left: (i: number) => number) =>
    median(weights.map((weight, i) => weight * Math.abs(left(i))));
  const center = trust === 0
    ? null
    : grow(() => true, misses, weights, 0.5, size.trees, size.depth);

  const residuals = misses.map((miss, i) =>
    clip((miss - trust * moves[i]!) / rows[i]!.difficulty)
  );
  const ones = new Float64Array(rows.length).fill(1);
  const bandTrees = few ? 0 : Math.round(size.trees / 3);
  const sides = [missShare, 1 - missShare].map((quantile) => ({
    out: leftOut(residuals, ones, quantile, bandTrees, 3),
    model: grow(() => true, residuals, ones, quantile, bandTrees, 3),
  }));
  const [low, high] = sides as [typeof sides[0], typeof sides[0]];
  const byCurve = new Map<number, number[]>();
  rows.forEach(({ curve }, i) => {
    const list = byCurve.get(curve);
    if (list === undefined) byCurve.set(curve, [i]);
    else list.push(i);
  });
  /** Of each curve the row at the share nearest to the one seen. */
  const atShare = (seen: number) =>
    [...byCurve.values()].map((list) =>
      list.reduce((a, b) =>
        Math.abs(rows[b]!.seen - seen) < Math.abs(rows[a]!.seen - seen) ? b : a
      )
    ).filter((i) => Math.abs(rows[i]!.seen - seen) < 0.16);
  const margins = new Map<number, { low: number; high: number }>();
  const marginsAt = (seen: number) => {
    const key = Math.round(seen * 50) / 50;
    const done = margins.get(key);
    if (done !== undefined) return done;
    let near = atShare(key);
    if (near.length < fewestCurves) near = rows.map((_, i) => i);
    const found = {
      low: conformalMargin(near.map((i) => low.out[i]! - residuals[i]!)),
      high: conformalMargin(near.map((i) => residuals[i]! - high.out[i]!)),
    };
    margins.set(key, found);
    return found;
  };
  return {
    trust,
    error: {
      shapes: medianError((i) => plain[i]!),
      prior: medianError((i) => misses[i]! - trust * moves[i]!),
    },
    answer: ({ features, seen, drop }) => {
      const margin = marginsAt(seen);
      const near = share === 0 ? null : nearest.drop(features, seen);
      return {
        move: (near === null ? 0 : share * (near - drop)) +
          (center === null ? 0 : trust * center.predict(features)),
        low: Math.min(0, low.model.predict(features) - margin.low),
        high: Math.max(0, high.model.predict(features) + margin.high),
      };
    },
  };
}
