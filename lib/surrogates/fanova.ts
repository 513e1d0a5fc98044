/**
 * fANOVA: which share of a function's variance each parameter explains alone.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, D | | | numbers of trials and of parameters |
 * | B | `trees` | | how many trees there are |
 * | ℓ | | | a leaf: a box of the unit cube |
 * | v | `volume` | | the box's share of the cube |
 * | y | `means` | | the mean of a leaf |
 * | w | | | how much of axis d the box spans |
 * | a(x) | `heights` | | the mean of the tree over all other axes, along axis d |
 *
 * (1) V = Σ v y² − (Σ v y)², the variance of a tree over the cube
 * (2) a(x) = Σ v / w · y over the boxes that span x
 * (3) share = (∫ a² − (∫ a)²) / V, averaged over the trees
 *
 * A tree is constant in boxes, so that (2) is a step function and nothing is
 * sampled. Axes are the unit cube's: numbers on their own (log) scale, where
 * Optuna's evaluator takes logarithmic parameters linearly. Inactive parameters
 * stand in the middle.
 *
 * Source: Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing
 * Hyperparameter Importance" (2014), section 4.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import { growTree, sortedPoints, type Tree } from "./_tree.ts";

/** What fANOVA learns from. */
export interface FanovaData {
  /** A column for each parameter, `[D, n]`: places in `[0, 1]`, or categories from 0; no NaN. */
  readonly columns: readonly Float64Array[];
  /** How many categories each has, `[D]`; 0 for a number. */
  readonly categories: readonly number[];
  /** The trials' values, `[n]`, finite. */
  readonly values: Float64Array;
}

/** Options of {@linkcode fanova}. */
export interface FanovaOptions {
  /** The stream that the trees draw from. */
  readonly random: RandomStream;
  /** How many trees there are, at least 1. Defaults to `64`. */
  readonly trees?: number;
}

/** How many trials each tree draws at most: beyond it shares hardly change. */
const mostDrawn = 1000;

/**
 * The share of the variance that each parameter explains alone, in `[0, 1]`;
 * what is left of 1 is explained by several together.
 *
 * @returns `[D]`; all 0 if there are fewer than two trials, or all are equal.
 * @throws {RangeError} If the number of trees is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { fanova, randomStream } from "@etude/etude";
 * const x = Float64Array.from({ length: 60 }, (_, i) => i / 59);
 * const noise = x.map((_, i) => (i * 7 % 60) / 59);
 * const [a, b] = fanova({ columns: [x, noise], categories: [0, 0], values: x }, {
 *   random: randomStream("seed"),
 * });
 * a! > b!; // true
 * ```
 */
export function fanova(data: FanovaData, options: FanovaOptions): Float64Array {
  const { random, trees = 64 } = options;
  if (!(Number.isInteger(trees) && trees >= 1)) {
    throw new RangeError(
      `Cannot compute importances: trees is ${trees}, expected a whole number of at least 1`,
    );
  }
  const { columns, categories } = data;
  const n = data.values.length;
  const shares = new Float64Array(columns.length);
  if (n < 2) return shares;
  const scaled = { ...data, values: standardized(data.values) };
  const sorted = sortedPoints(scaled);
  const drawn = Math.min(n, mostDrawn);
  let counted = 0;
  for (let b = 0; b < trees; b++) {
    const weights = new Float64Array(n);
    for (let i = 0; i < drawn; i++) weights[random.int(n)]!++;
    const tree = growTree(scaled, sorted, weights, {
      features: columns.length,
      smallestLeaf: 1,
      isExtreme: false,
      random,
    });
    const own = sharesOf(tree, categories);
    if (own === null) continue;
    counted++;
    for (let d = 0; d < shares.length; d++) shares[d]! += own[d]!;
  }
  return counted === 0 ? shares : shares.map((share) => share / counted);
}

/** Values without overflow of their squares: their middle 0, at most 1 away. */
function standardized(values: Float64Array): Float64Array {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const middle = low / 2 + high / 2;
  const half = high / 2 - low / 2;
  return values.map((value) => half === 0 ? 0 : (value - middle) / half);
}

/** A box of the unit cube: the ends of numbers, and which categories it holds. */
interface Box {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  readonly held: readonly (Uint8Array | null)[];
}

/** (3) of each axis; null for a tree without variance. */
function sharesOf(
  tree: Tree,
  categories: readonly number[],
): Float64Array | null {
  const { boxes, means } = leavesOf(tree, categories);
  const volumes = boxes.map((box) =>
    categories.reduce((product, _, d) => product * spanOf(box, d), 1)
  );
  let mean = 0;
  volumes.forEach((volume, i) => mean += volume * means[i]!);
  let variance = 0; // (1)
  volumes.forEach((v, i) => variance += v * (means[i]! - mean) ** 2);
  if (!(variance > 1e-15)) return null;
  return Float64Array.from(categories, (count, d) => {
    const parts = boxes.map((box, i) =>
      volumes[i]! / spanOf(box, d) * (means[i]! - mean)
    );
    const explained = count > 0
      ? categoryVariance(boxes, parts, d)
      : numberVariance(boxes, parts, d);
    return Math.min(1, explained / variance);
  });
}

/** How much of an axis a box spans, in `(0, 1]`. */
function spanOf({ lows, highs, held }: Box, d: number): number {
  const set = held[d];
  if (set == null) return highs[d]! - lows[d]!;
  let count = 0;
  for (const there of set) count += there;
  return count / set.length;
}

/** The leaves of a tree as boxes that fill the cube. */
function leavesOf(
  { features, thresholds, sides, children, means }: Tree,
  categories: readonly number[],
): { boxes: readonly Box[]; means: readonly number[] } {
  const boxes: Box[] = [];
  const leafMeans: number[] = [];
  const open: [node: number, box: Box][] = [[0, {
    lows: new Float64Array(categories.length),
    highs: new Float64Array(categories.length).fill(1),
    held: categories.map((c) => c > 0 ? new Uint8Array(c).fill(1) : null),
  }]];
  for (;;) {
    const next = open.pop();
    if (next === undefined) return { boxes, means: leafMeans };
    const [node, box] = next;
    const d = features[node]!;
    if (d < 0) {
      boxes.push(box);
      leafMeans.push(means[node]!);
      continue;
    }
    const threshold = thresholds[node]!;
    const [left, right] = box.held[d] === null
      ? [
        { ...box, highs: replaced(box.highs, d, threshold) },
        { ...box, lows: replaced(box.lows, d, threshold) },
      ]
      : [1, 0].map((side) => ({
        ...box,
        held: box.held.map((set, other) =>
          other === d
            ? set!.map((there, k) => there & +(sides[threshold + k] === side))
            : set
        ),
      }));
    open.push([children[node]!, left!], [children[node]! + 1, right!]);
  }
}

function replaced(row: Float64Array, d: number, value: number): Float64Array {
  const copy = row.slice();
  copy[d] = value;
  return copy;
}

function categoryVariance(
  boxes: readonly Box[],
  parts: readonly number[],
  d: number,
): number {
  const heights = new Float64Array(boxes[0]!.held[d]!.length); // (2)
  boxes.forEach(({ held }, i) => {
    held[d]!.forEach((there, k) => heights[k]! += there * parts[i]!);
  });
  return heights.reduce((sum, a) => sum + a * a / heights.length, 0);
}

function numberVariance(
  boxes: readonly Box[],
  parts: readonly number[],
  d: number,
): number {
  // (2) as its steps, in order: each box adds its part at one end and takes it back at the other.
  const ends = Float64Array.from(
    new Set(boxes.flatMap(({ lows, highs }) => [lows[d]!, highs[d]!])),
  ).sort();
  const at = new Map(Array.from(ends, (end, k) => [end, k]));
  const steps = new Float64Array(ends.length);
  boxes.forEach(({ lows, highs }, i) => {
    steps[at.get(lows[d]!)!]! += parts[i]!;
    steps[at.get(highs[d]!)!]! -= parts[i]!;
  });
  let sum = 0;
  let height = 0;
  for (let k = 0; k + 1 < ends.length; k++) {
    height += steps[k]!;
    sum += height * height * (ends[k + 1]! - ends[k]!);
  }
  return sum;
}
