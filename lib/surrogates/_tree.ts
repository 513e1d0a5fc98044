/**
 * Regression trees on numbers and categories.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, D | | | numbers of points and of features |
 * | X | `columns` | `[D, n]` | the points, a column a feature |
 * | y | `values` | `[n]` | what is to be predicted |
 * | s, t | `feature`, `threshold` | | a split: feature s, and what goes left |
 * | μ, σ² | `mean`, `variance` | | of the values in a leaf |
 *
 * A split is chosen to make the sum of squares within its sides least, which is
 * to make Σ (Σ y)² / count over the sides largest. A number goes left below a
 * threshold drawn at random between its neighbors, so that the trees of a forest
 * differ between the points. Categories are sorted by their mean value; a
 * beginning of that row goes left, which is the best of all divisions.
 *
 * Source: Breiman, Friedman, Olshen and Stone (1984); the random thresholds from
 * Hutter, Xu, Hoos and Leyton-Brown (2014), section 4.3.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";

/** What trees are grown from. */
export interface TreeData {
  /** The features' columns, `[D, n]`: numbers, or categories from 0; no NaN. */
  readonly columns: readonly Float64Array[];
  /** How many categories each feature has, `[D]`; 0 for a number. */
  readonly categories: readonly number[];
  /** The values, `[n]`. */
  readonly values: Float64Array;
}

/** How a tree is grown. */
export interface TreeOptions {
  /** How many features each split may choose from. */
  readonly features: number;
  /** The fewest points in a leaf. */
  readonly smallestLeaf: number;
  /** The stream to draw features and thresholds from. */
  readonly random: RandomStream;
}

/** A leaf, or a split with two trees under it. */
export type TreeNode =
  | { readonly mean: number; readonly variance: number }
  | {
    readonly feature: number;
    /** A number below goes left; NaN for categories. */
    readonly threshold: number;
    /** 1 for each category that goes left; null for a number. */
    readonly isLeft: Uint8Array | null;
    readonly left: TreeNode;
    readonly right: TreeNode;
  };

interface Split {
  readonly feature: number;
  readonly threshold: number;
  readonly isLeft: Uint8Array | null;
  readonly gain: number;
}

/** Grows a tree on some of the points, which may be named more than once. */
export function growTree(
  data: TreeData,
  points: Uint32Array,
  options: TreeOptions,
): TreeNode {
  const split = bestSplit(data, points, options);
  if (split === null) return leafOf(data.values, points);
  const { feature, threshold, isLeft } = split;
  const column = data.columns[feature]!;
  const goesLeft = (point: number) =>
    isLeft === null ? column[point]! < threshold : isLeft[column[point]!] === 1;
  return {
    feature,
    threshold,
    isLeft,
    left: growTree(data, points.filter(goesLeft), options),
    right: growTree(data, points.filter((point) => !goesLeft(point)), options),
  };
}

/** The leaf that a point falls into; mean and variance of its values. */
export function leafAt(
  tree: TreeNode,
  point: ArrayLike<number>,
): { readonly mean: number; readonly variance: number } {
  let node = tree;
  while ("feature" in node) {
    const { feature, threshold, isLeft, left, right }: Exclude<
      TreeNode,
      { mean: number }
    > = node;
    const here = point[feature]!;
    node = (isLeft === null ? here < threshold : isLeft[here] === 1)
      ? left
      : right;
  }
  return node;
}

function leafOf(values: Float64Array, points: Uint32Array): TreeNode {
  let sum = 0;
  for (const point of points) sum += values[point]!;
  const mean = sum / points.length;
  let squares = 0;
  for (const point of points) squares += (values[point]! - mean) ** 2;
  return { mean, variance: squares / points.length };
}

function bestSplit(
  { columns, categories, values }: TreeData,
  points: Uint32Array,
  { features, smallestLeaf, random }: TreeOptions,
): Split | null {
  if (points.length < 2 * smallestLeaf) return null;
  const first = values[points[0]!]!;
  if (points.every((point) => values[point] === first)) return null;
  let best: Split | null = null;
  let tried = 0;
  for (const feature of random.shuffle([...columns.keys()])) {
    // A feature that cannot split does not count as tried.
    if (tried === features) break;
    const column = columns[feature]!;
    const count = categories[feature]!;
    const ranks = count === 0 ? column : ranksByMean(
      column,
      { values, points, count },
    );
    const found = bestCut(ranks, {
      values,
      points,
      smallestLeaf,
      column,
      count,
    });
    if (found === null) continue;
    tried++;
    if (best !== null && found.gain <= best.gain) continue;
    const { below, above, gain } = found;
    best = count === 0
      ? {
        feature,
        gain,
        // Never at the lower number itself, which goes left.
        threshold: Math.max(
          above - random.uniform() * (above - below),
          below + 1e-12 * (above - below),
        ),
        isLeft: null,
      }
      : {
        feature,
        gain,
        threshold: NaN,
        isLeft: Uint8Array.from(ranks, (rank) => rank <= below ? 1 : 0),
      };
  }
  return best;
}

/** The rank of each category by the mean of its values; of one without points the last. */
function ranksByMean(
  column: Float64Array,
  { values, points, count }: {
    readonly values: Float64Array;
    readonly points: Uint32Array;
    readonly count: number;
  },
): Float64Array {
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  for (const point of points) {
    sums[column[point]!]! += values[point]!;
    counts[column[point]!]!++;
  }
  const order = [...sums.keys()].sort((a, b) =>
    (counts[a] === 0 ? 1 : 0) - (counts[b] === 0 ? 1 : 0) ||
    sums[a]! / counts[a]! - sums[b]! / counts[b]! || a - b
  );
  const ranks = new Float64Array(count);
  order.forEach((category, rank) => ranks[category] = rank);
  return ranks;
}

/** The best place to cut the points in two along one feature; null if there is none. */
function bestCut(
  ranks: Float64Array,
  { values, points, smallestLeaf, column, count }: {
    readonly values: Float64Array;
    readonly points: Uint32Array;
    readonly smallestLeaf: number;
    readonly column: Float64Array;
    readonly count: number;
  },
): { below: number; above: number; gain: number } | null {
  const keyOf = (point: number) =>
    count === 0 ? column[point]! : ranks[column[point]!]!;
  const order = points.slice().sort((a, b) => keyOf(a) - keyOf(b));
  let total = 0;
  for (const point of order) total += values[point]!;
  const size = order.length;
  let best: { below: number; above: number; gain: number } | null = null;
  let left = 0;
  for (let i = 1; i <= size - smallestLeaf; i++) {
    left += values[order[i - 1]!]!;
    if (i < smallestLeaf) continue;
    const below = keyOf(order[i - 1]!);
    const above = keyOf(order[i]!);
    if (below === above) continue;
    const gain = left ** 2 / i + (total - left) ** 2 / (size - i);
    if (best === null || gain > best.gain) best = { below, above, gain };
  }
  return best;
}
