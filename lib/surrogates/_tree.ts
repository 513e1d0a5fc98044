/**
 * Regression trees on numbers and categories.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, D | | | numbers of points and of features |
 * | X | `columns` | `[D, n]` | the points, a column a feature |
 * | y | `values` | `[n]` | what is to be predicted |
 * | w | `weights` | `[n]` | how often a point counts; 0: the tree does not see it |
 * | s, t | `feature`, `threshold` | | a split: feature s, and what goes left |
 * | μ, σ² | `means`, `variances` | | of the values in a leaf |
 *
 * A split is chosen to make the sum of squares within its sides least, which is
 * to make Σ (Σ w y)² / Σ w over the sides largest. A number goes left below a
 * threshold drawn at random: between the two neighbors where a cut is best, or,
 * in extremely randomized trees, anywhere between the least and the largest, the
 * best of the features' draws. Categories are sorted by their mean value; a
 * beginning of that row goes left, the best, or one drawn at random.
 *
 * Points are sorted along each feature once for all trees; a split divides the
 * rows and keeps their order.
 *
 * Source: Breiman, Friedman, Olshen and Stone (1984); the thresholds between
 * neighbors from Hutter, Xu, Hoos and Leyton-Brown (2014), section 4.3; extremely
 * randomized trees: Geurts, Ernst and Wehenkel (2006).
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
  /** The least weight in a leaf. */
  readonly smallestLeaf: number;
  /** Whether thresholds are drawn anywhere, not where a cut is best. */
  readonly isExtreme: boolean;
  /** The stream to draw features and thresholds from. */
  readonly random: RandomStream;
}

/** A tree, a row a node; the root is 0. */
export interface Tree {
  /** The feature of each split; −1 at a leaf. */
  readonly features: Int32Array;
  /** Numbers below go left; of categories, the first 1 for left in `sides`. */
  readonly thresholds: Float64Array;
  /** For the categories of a split, 1 for those that go left; of all splits in a row. */
  readonly sides: Uint8Array;
  /** The left child; the right one follows it. */
  readonly children: Int32Array;
  /** The mean of each leaf. */
  readonly means: Float64Array;
  /** The variance of each leaf. */
  readonly variances: Float64Array;
}

/** The leaf that a point falls into, a row of the tree. */
export function leafAt(
  tree: Tree,
  categories: readonly number[],
  point: ArrayLike<number>,
): number {
  const { features, thresholds, sides, children } = tree;
  let node = 0;
  for (;;) {
    const feature = features[node]!;
    if (feature < 0) return node;
    const here = point[feature]!;
    const isLeft = categories[feature] === 0
      ? here < thresholds[node]!
      : sides[thresholds[node]! + here] === 1;
    node = children[node]! + (isLeft ? 0 : 1);
  }
}

/** The order of the points along each number, `[D, n]`; null for categories. */
export function sortedPoints(
  { columns, categories }: TreeData,
): readonly (Int32Array | null)[] {
  return columns.map((column, d) =>
    categories[d]! > 0
      ? null
      : Int32Array.from(column.keys()).sort((a, b) => column[a]! - column[b]!)
  );
}

/** Grows a tree. */
export function growTree(
  data: TreeData,
  sorted: readonly (Int32Array | null)[],
  weights: Float64Array,
  options: TreeOptions,
): Tree {
  return new Growth(data, sorted, weights, options).grow();
}

class Growth {
  readonly #data: TreeData;
  readonly #options: TreeOptions;
  readonly #weights: Float64Array;
  /** Rows of points: in each, a node's points stand side by side. The last is of any order. */
  readonly #rows: readonly (Int32Array | null)[];
  readonly #points: Int32Array;
  readonly #isLeft: Uint8Array;
  readonly #spare: Int32Array;
  readonly #order: number[];
  /** Sums and weights of the categories of a node; 0 in between. */
  readonly #sums: Float64Array;
  readonly #shares: Float64Array;
  /** The split found so far. */
  #gain = -Infinity;
  #feature = -1;
  #threshold = NaN;
  #side: Uint8Array | null = null;

  constructor(
    data: TreeData,
    sorted: readonly (Int32Array | null)[],
    weights: Float64Array,
    options: TreeOptions,
  ) {
    this.#data = data;
    this.#options = options;
    this.#weights = weights;
    const isSeen = (point: number) => weights[point]! > 0;
    this.#points = Int32Array.from(weights.keys()).filter(isSeen);
    this.#rows = sorted.map((row) =>
      options.isExtreme || row === null ? null : row.filter(isSeen)
    );
    this.#isLeft = new Uint8Array(weights.length);
    this.#spare = new Int32Array(this.#points.length);
    this.#order = [...data.columns.keys()];
    const most = data.categories.reduce((a, b) => Math.max(a, b), 0);
    this.#sums = new Float64Array(most);
    this.#shares = new Float64Array(most);
  }

  grow(): Tree {
    const most = 2 * this.#points.length;
    const features = new Int32Array(most).fill(-1);
    const thresholds = new Float64Array(most);
    const children = new Int32Array(most);
    const means = new Float64Array(most);
    const variances = new Float64Array(most);
    const sides: number[] = [];
    let count = 1;
    const open: [node: number, from: number, to: number][] = [
      [0, 0, this.#points.length],
    ];
    for (;;) {
      const next = open.pop();
      if (next === undefined) break;
      const [node, from, to] = next;
      const isSplit = this.#findSplit(from, to);
      if (!isSplit) {
        this.#fillLeaf(node, from, to, means, variances);
        continue;
      }
      features[node] = this.#feature;
      thresholds[node] = this.#threshold;
      if (this.#side !== null) {
        thresholds[node] = sides.length;
        for (const side of this.#side) sides.push(side);
      }
      const middle = this.#divide(from, to);
      children[node] = count;
      open.push([count + 1, middle, to], [count, from, middle]);
      count += 2;
    }
    return {
      features: features.subarray(0, count),
      thresholds: thresholds.subarray(0, count),
      children: children.subarray(0, count),
      means: means.subarray(0, count),
      variances: variances.subarray(0, count),
      sides: Uint8Array.from(sides),
    };
  }

  #fillLeaf(
    node: number,
    from: number,
    to: number,
    means: Float64Array,
    variances: Float64Array,
  ): void {
    const { values } = this.#data;
    let weight = 0;
    let mean = 0;
    for (let i = from; i < to; i++) {
      const point = this.#points[i]!;
      weight += this.#weights[point]!;
      // As steps from the mean so far, so that equal values give it exactly.
      mean += this.#weights[point]! * (values[point]! - mean) / weight;
    }
    let squares = 0;
    for (let i = from; i < to; i++) {
      const point = this.#points[i]!;
      squares += this.#weights[point]! * (values[point]! - mean) ** 2;
    }
    means[node] = mean;
    variances[node] = squares / weight;
  }

  /** Looks for the best split of a node; false if it is a leaf. */
  #findSplit(from: number, to: number): boolean {
    const { values, categories } = this.#data;
    const { features, smallestLeaf, random } = this.#options;
    const points = this.#points;
    let weight = 0;
    let total = 0;
    let isConstant = true;
    const first = values[points[from]!]!;
    for (let i = from; i < to; i++) {
      const point = points[i]!;
      weight += this.#weights[point]!;
      total += this.#weights[point]! * values[point]!;
      if (values[point] !== first) isConstant = false;
    }
    if (isConstant || weight < 2 * smallestLeaf) return false;
    this.#gain = -Infinity;
    this.#feature = -1;
    const order = this.#order;
    let tried = 0;
    for (let i = 0; i < order.length && tried < features; i++) {
      const j = i + random.int(order.length - i);
      const feature = order[j]!;
      order[j] = order[i]!;
      order[i] = feature;
      const node = { from, to, weight, total };
      // A feature that cannot split does not count as tried.
      const canSplit = categories[feature]! > 0
        ? this.#tryCategories(feature, node)
        : this.#options.isExtreme
        ? this.#tryAnywhere(feature, node)
        : this.#tryNumber(feature, node);
      if (canSplit) tried++;
    }
    return this.#feature >= 0;
  }

  /** The best cut along a number; the threshold is drawn between the neighbors. */
  #tryNumber(feature: number, { from, to, weight, total }: Node): boolean {
    const column = this.#data.columns[feature]!;
    const { values } = this.#data;
    const { smallestLeaf, random } = this.#options;
    const row = this.#rows[feature]!;
    let below = NaN;
    let above = NaN;
    let best = -Infinity;
    let left = 0;
    let leftWeight = 0;
    let key = column[row[from]!]!;
    if (key === column[row[to - 1]!]!) return false;
    for (let i = from; i + 1 < to; i++) {
      const point = row[i]!;
      const share = this.#weights[point]!;
      left += share * values[point]!;
      leftWeight += share;
      const next = column[row[i + 1]!]!;
      const here = key;
      key = next;
      const rightWeight = weight - leftWeight;
      if (
        here === next || leftWeight < smallestLeaf || rightWeight < smallestLeaf
      ) continue;
      const gain = left * left / leftWeight +
        (total - left) * (total - left) / rightWeight;
      if (gain > best) {
        best = gain;
        below = here;
        above = next;
      }
    }
    if (best === -Infinity) return false;
    if (best > this.#gain) {
      this.#gain = best;
      this.#feature = feature;
      this.#side = null;
      this.#threshold = between(below, above, random);
    }
    return true;
  }

  /** A cut drawn anywhere along a number. */
  #tryAnywhere(feature: number, { from, to, weight, total }: Node): boolean {
    const column = this.#data.columns[feature]!;
    const { values } = this.#data;
    const { smallestLeaf, random } = this.#options;
    const points = this.#points;
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i < to; i++) {
      const here = column[points[i]!]!;
      if (here < least) least = here;
      if (here > most) most = here;
    }
    if (!(least < most)) return false;
    const threshold = between(least, most, random);
    let left = 0;
    let leftWeight = 0;
    for (let i = from; i < to; i++) {
      const point = points[i]!;
      if (column[point]! >= threshold) continue;
      left += this.#weights[point]! * values[point]!;
      leftWeight += this.#weights[point]!;
    }
    const rightWeight = weight - leftWeight;
    if (leftWeight < smallestLeaf || rightWeight < smallestLeaf) return false;
    const gain = left * left / leftWeight +
      (total - left) * (total - left) / rightWeight;
    if (gain > this.#gain) {
      this.#gain = gain;
      this.#feature = feature;
      this.#side = null;
      this.#threshold = threshold;
    }
    return true;
  }

  /** A division of categories, by their means. */
  #tryCategories(feature: number, { from, to, weight, total }: Node): boolean {
    const column = this.#data.columns[feature]!;
    const { values } = this.#data;
    const { smallestLeaf, random, isExtreme } = this.#options;
    const first = column[this.#points[from]!]!;
    let i = from + 1;
    while (i < to && column[this.#points[i]!] === first) i++;
    if (i === to) return false;
    const sums = this.#sums;
    const weights = this.#shares;
    const there: number[] = [];
    for (let i = from; i < to; i++) {
      const point = this.#points[i]!;
      const category = column[point]!;
      if (weights[category] === 0) there.push(category);
      sums[category]! += this.#weights[point]! * values[point]!;
      weights[category]! += this.#weights[point]!;
    }
    there.sort((a, b) =>
      sums[a]! / weights[a]! - sums[b]! / weights[b]! || a - b
    );
    const only = isExtreme ? 1 + random.int(there.length - 1) : 0;
    let best = -Infinity;
    let cut = 0;
    let left = 0;
    let leftWeight = 0;
    for (let k = 1; k < there.length; k++) {
      left += sums[there[k - 1]!]!;
      leftWeight += weights[there[k - 1]!]!;
      const rightWeight = weight - leftWeight;
      if (only !== 0 && k !== only) continue;
      if (leftWeight < smallestLeaf || rightWeight < smallestLeaf) continue;
      const gain = left * left / leftWeight +
        (total - left) * (total - left) / rightWeight;
      if (gain > best) {
        best = gain;
        cut = k;
      }
    }
    if (best > this.#gain) {
      this.#gain = best;
      this.#feature = feature;
      this.#threshold = NaN;
      // Categories that this node has not seen go either way: all of them the same.
      const others = random.uniform() < 0.5 ? 1 : 0;
      this.#side = new Uint8Array(this.#data.categories[feature]!).fill(others);
      for (let k = 0; k < there.length; k++) {
        this.#side[there[k]!] = k < cut ? 1 : 0;
      }
    }
    for (const category of there) sums[category] = weights[category] = 0;
    return best > -Infinity;
  }

  /** Divides a node's points in all rows; gives where the right ones begin. */
  #divide(from: number, to: number): number {
    const column = this.#data.columns[this.#feature]!;
    const side = this.#side;
    for (let i = from; i < to; i++) {
      const point = this.#points[i]!;
      const here = column[point]!;
      this.#isLeft[point] = side === null
        ? (here < this.#threshold ? 1 : 0)
        : side[here]!;
    }
    for (const row of this.#rows) if (row !== null) this.#part(row, from, to);
    return this.#part(this.#points, from, to);
  }

  #part(row: Int32Array, from: number, to: number): number {
    const spare = this.#spare;
    let middle = from;
    let rest = 0;
    for (let i = from; i < to; i++) {
      const point = row[i]!;
      if (this.#isLeft[point] === 1) row[middle++] = point;
      else spare[rest++] = point;
    }
    for (let i = 0; i < rest; i++) row[middle + i] = spare[i]!;
    return middle;
  }
}

/** A threshold between two numbers: never the lower one, which goes left. */
function between(below: number, above: number, random: RandomStream): number {
  const threshold = above - random.uniform() * (above - below);
  return threshold > below ? threshold : above;
}

/** A node that is to be split. */
interface Node {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  readonly total: number;
}
