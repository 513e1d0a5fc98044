import type { Curve, Direction } from "../records/mod.ts";
import { type BoostedTrees, growTrees } from "./_boosted_trees.ts";
import { conformalMargin, missShare } from "./_conformal.ts";
import { nearestCurves } from "./_nearest.ts";
import { type PriorRow, priorRows, stackFeatures } from "./_prior_rows.ts";
import type { CurveAxis } from "./_shapes.ts";

/** A curve that ran to its end. */
export interface FinishedCurve extends Curve {
  /**
   * What it belongs to, such as its data set: curves of one group are left out
   * together when the prior is checked. Defaults to a group of its own.
   */
  readonly group?: string;
}

/** Options of {@linkcode curvePrior}. */
export interface CurvePriorOptions {
  /** Which values are better. */
  readonly direction: Direction;
  /** How the steps lie: evenly, as epochs, or by their ratio, as sample sizes. Defaults to `"linear"`. */
  readonly axis?: CurveAxis;
  /** The step up to which the curves are read, where they go on. Defaults to each curve's last. */
  readonly at?: number;
}

/** What finished curves teach about unfinished ones; made by {@linkcode curvePrior}. */
export interface CurvePrior {
  /** How many curves it has learnt from. */
  readonly curves: number;
  /** How many curves were left out: with few points, without an end, or constant. */
  readonly skipped: number;
  /** Which values are better. */
  readonly direction: Direction;
  /** How the steps lie. */
  readonly axis: CurveAxis;
  /** How much of what it would correct is believed, in `[0, 1]`: what served best on curves left out. */
  readonly trust: number;
  /**
   * The median error on curves left out, as a share of the curve's range: of
   * the shapes alone, and with the prior; NaN without enough curves.
   */
  readonly error: { readonly shapes: number; readonly prior: number };
  /**
   * The typical magnitude of the curves' values, from the least to the largest
   * curve: a curve far from it is in another unit.
   */
  readonly magnitudes: readonly [low: number, high: number];
  /**
   * What a forecast is moved by, and how wide it is, in units that
   * {@linkcode forecastCurve} knows; null without enough curves.
   */
  readonly read: (question: PriorQuestion) => PriorAnswer | null;
}

/** What {@linkcode forecastCurve} asks a prior. */
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
const fewestCurves = 10;
/** From so many curves on, the move is learnt. */
const fewestToMove = 16;
const mostRows = 30_000;
const folds = 5;
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

/**
 * Learns from finished curves how unfinished ones go on: what became of those
 * that looked most alike, then boosted trees, correct the average over shapes,
 * as far as that helped on curves left out, and the errors there make the bands. Takes about a second for 50 curves of 50 points
 * and a minute for thousands: make it once and hand it to many forecasts.
 *
 * @param curves Finished curves: trials of this study, or of the library. Their
 * steps rise; a curve that is constant, has fewer than 8 points, or does not
 * end in a number is skipped.
 * @throws {TypeError} If `curves` is no array of curves.
 * @throws {RangeError} If an option is none of what is allowed.
 *
 * @example
 * ```ts
 * import { curvePrior } from "@etude/etude";
 * const steps = Array.from({ length: 30 }, (_, i) => i + 1);
 * const finished = Array.from({ length: 12 }, (_, k) => ({
 *   name: "loss",
 *   steps,
 *   values: steps.map((t) => 0.2 + Math.exp(-t / (3 + k))),
 * }));
 * curvePrior(finished, { direction: "minimize" }).curves; // 12
 * ```
 *
 * Source: Friedman, "Greedy Function Approximation" (2001); Romano, Patterson,
 * Candès, "Conformalized Quantile Regression" (2019).
 */
export function curvePrior(
  curves: readonly FinishedCurve[],
  options: CurvePriorOptions,
): CurvePrior {
  const { direction, axis, at } = checkOptions(curves, options);
  const usable = curves.flatMap((curve) => {
    const kept = finishedPart(curve, at);
    return kept === null ? [] : [kept];
  });
  const perCurve = Math.max(
    2,
    Math.min(9, Math.floor(mostRows / usable.length)),
  );
  const rows = priorRows(usable, direction, axis, perCurve);
  const known = new Set(rows.map(({ curve }) => curve)).size;
  const foldOf = foldsOf(usable);
  const reading = known < fewestCurves ? null : learn(rows, foldOf, known);
  const magnitudes = usable.map(({ values }) => magnitude(values));
  return Object.freeze({
    curves: known,
    skipped: curves.length - known,
    direction,
    axis,
    trust: reading?.trust ?? 0,
    error: reading?.error ?? { shapes: NaN, prior: NaN },
    magnitudes: [
      magnitudes.reduce((a, b) => Math.min(a, b), Infinity),
      magnitudes.reduce((a, b) => Math.max(a, b), 0),
    ] as const,
    read: (question: PriorQuestion) => reading?.answer(question) ?? null,
  });
}

/** The typical magnitude of values: the median of their sizes. */
export function magnitude(values: ArrayLike<number>): number {
  const sizes = Float64Array.from(values, Math.abs).filter(Number.isFinite)
    .sort();
  return sizes[sizes.length >> 1] ?? 0;
}

/** A curve's finite points up to a step, sorted; null if they are too few, or it does not end. */
function finishedPart(curve: FinishedCurve, at: number): FinishedCurve | null {
  const order = [...curve.steps.keys()].filter((i) =>
    Number.isFinite(curve.steps[i]!) && curve.steps[i]! <= at
  ).sort((a, b) => curve.steps[a]! - curve.steps[b]! || a - b);
  const newest = order.at(-1);
  if (newest === undefined || !Number.isFinite(curve.values[newest])) {
    return null;
  }
  const kept = order.filter((index, i) =>
    Number.isFinite(curve.values[index]) &&
    (i + 1 === order.length ||
      curve.steps[order[i + 1]!] !== curve.steps[index])
  );
  if (kept.length < 8) return null;
  return {
    name: curve.name,
    group: curve.group,
    steps: kept.map((i) => curve.steps[i]!),
    values: kept.map((i) => curve.values[i]!),
  };
}

/** The fold of each curve: groups go around in the order in which they come. */
function foldsOf(curves: readonly FinishedCurve[]): number[] {
  const groups = new Map<string, number>();
  return curves.map(({ group }, index) => {
    const key = group === undefined ? `curve ${index}` : `group ${group}`;
    if (!groups.has(key)) groups.set(key, groups.size);
    return groups.get(key)! % folds;
  });
}

interface Reading {
  readonly trust: number;
  readonly error: { readonly shapes: number; readonly prior: number };
  readonly answer: (question: PriorQuestion) => PriorAnswer;
}

function learn(
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
    trees: few ? 0 : Math.min(200, 40 + Math.round(rows.length / 40)),
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
  const median = (left: (i: number) => number) => {
    const errors = weights.map((weight, i) => weight * Math.abs(left(i)))
      .sort();
    return errors[errors.length >> 1]!;
  };
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
      shapes: median((i) => plain[i]!),
      prior: median((i) => misses[i]! - trust * moves[i]!),
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

function checkOptions(
  curves: readonly FinishedCurve[],
  { direction, axis = "linear", at = Infinity }: CurvePriorOptions,
): { direction: Direction; axis: CurveAxis; at: number } {
  if (
    !Array.isArray(curves) ||
    curves.some((one) =>
      !Array.isArray(one?.steps) || !Array.isArray(one.values)
    )
  ) {
    throw new TypeError(
      `Cannot make a prior: expected a list of curves such as { name: "loss", steps: [1, 2], values: [0.9, 0.7] }`,
    );
  }
  if (direction !== "minimize" && direction !== "maximize") {
    throw new RangeError(
      `Cannot make a prior: the direction is ${direction}, expected "minimize" or "maximize"`,
    );
  }
  if (axis !== "linear" && axis !== "log") {
    throw new RangeError(
      `Cannot make a prior: the axis is ${axis}, expected "linear" or "log"`,
    );
  }
  if (!(at > 0)) {
    throw new RangeError(
      `Cannot make a prior: at is ${at}, expected a step above 0`,
    );
  }
  return { direction, axis, at };
}
