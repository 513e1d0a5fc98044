/**
 * Boosted regression trees for a quantile: small ones, of fixed depth, over
 * features cut into bins.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `features` | `[n, d]`, row by row | the features |
 * | y | `targets` | `[n]` | what to predict |
 * | w | `weights` | `[n]` | the rows' weights, ≥ 0 |
 * | q | `quantile` | 1 | which quantile of y; ½ minimizes the absolute error |
 * | g | `slopes` | `[n]` | w (q − [y < prediction]): which way a prediction should move |
 *
 * A split gains (Σ_left g)² / Σ_left w + (Σ_right g)² / Σ_right w; a leaf moves
 * its rows by the learning rate times the weighted q-quantile of what is left.
 *
 * Source: Friedman, "Greedy Function Approximation: A Gradient Boosting
 * Machine", Annals of Statistics 29 (2001), algorithm 3 (least absolute deviation).
 *
 * @module
 */

import { countBelow } from "../math/mod.ts";

/** Options of {@linkcode growTrees}. */
export interface TreeOptions {
  /** Which quantile, in (0, 1). */
  readonly quantile: number;
  /** How many trees. */
  readonly trees: number;
  /** How many splits from root to leaf. */
  readonly depth: number;
  /** The fewest rows of a leaf. */
  readonly fewestRows: number;
  /** How far each tree goes, in (0, 1]. */
  readonly learningRate: number;
}

/** Boosted trees, grown. */
export interface BoostedTrees {
  /** The prediction at features `[d]`. */
  predict(features: ArrayLike<number>): number;
  /** The trees as JSON, with five digits a number: {@linkcode readTrees} reads them. */
  toJSON(): PackedTrees;
}

/** Trees as plain numbers: of each the features split by, the thresholds (null for infinite: all rows go left), and the leaves. */
export interface PackedTrees {
  /** What is predicted before any tree. */
  readonly start: number;
  /** How many splits from root to leaf. */
  readonly depth: number;
  /** `[trees, 2^depth − 1]`, one tree after the other. */
  readonly feature: readonly number[];
  /** As `feature`. */
  readonly threshold: readonly (number | null)[];
  /** `[trees, 2^depth]`. */
  readonly leaf: readonly number[];
}

/** Trees from {@linkcode BoostedTrees.toJSON}. */
export function readTrees(
  { start, depth, feature, threshold, leaf }: PackedTrees,
): BoostedTrees {
  const splits = 2 ** depth - 1;
  const count = feature.length / splits;
  const limits = threshold.map((limit) => limit ?? Infinity);
  return boostedTrees(
    start,
    depth,
    Array.from({ length: count }, (_, t): Tree => ({
      feature: Uint8Array.from(feature.slice(t * splits, (t + 1) * splits)),
      threshold: Float64Array.from(
        limits.slice(t * splits, (t + 1) * splits),
      ),
      leaf: Float64Array.from(
        leaf.slice(t * (splits + 1), (t + 1) * (splits + 1)),
      ),
    })),
  );
}

/** Five digits are enough: a curve's values have no more. */
const short = (x: number) => Number(x.toPrecision(5));

function boostedTrees(
  start: number,
  depth: number,
  grown: readonly Tree[],
): BoostedTrees {
  const splits = 2 ** depth - 1;
  return {
    predict: (row) => {
      let sum = start;
      for (const { feature, threshold, leaf } of grown) {
        let at = 0;
        while (at < splits) {
          at = 2 * at + (row[feature[at]!]! > threshold[at]! ? 2 : 1);
        }
        sum += leaf[at - splits]!;
      }
      return sum;
    },
    toJSON: () => ({
      start: short(start),
      depth,
      feature: grown.flatMap(({ feature }) => Array.from(feature)),
      threshold: grown.flatMap(({ threshold }) =>
        Array.from(
          threshold,
          (limit) => limit === Infinity ? null : short(limit),
        )
      ),
      leaf: grown.flatMap(({ leaf }) => Array.from(leaf, short)),
    }),
  };
}

const mostBins = 32;
const mostForQuantile = 300;

/** One tree: split `i` has the children `2 i + 1` and `2 i + 2`; the leaves follow the splits. */
interface Tree {
  readonly feature: Uint8Array;
  readonly threshold: Float64Array;
  readonly leaf: Float64Array;
}

/**
 * Grows trees. Nothing is random in it.
 *
 * @param features `[n, d]`, finite; d at most 255.
 */
export function growTrees(
  features: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
  { quantile, trees, depth, fewestRows, learningRate }: TreeOptions,
): BoostedTrees {
  const n = targets.length;
  const d = n === 0 ? 0 : features.length / n;
  const start = weightedQuantile(targets, weights, quantile);
  const edges = Array.from(
    { length: d },
    (_, j) => binEdges(features, n, d, j),
  );
  const bins = new Uint8Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      bins[j * n + i] = countBelow(edges[j]!, features[i * d + j]!);
    }
  }
  const left = targets.map((y) => y - start);
  const grown: Tree[] = [];
  const splits = 2 ** depth - 1;
  const leaves = 2 ** depth;
  const node = new Uint16Array(n);
  const slopes = new Float64Array(n);
  for (let round = 0; round < trees && n >= 2 * fewestRows; round++) {
    for (let i = 0; i < n; i++) {
      slopes[i] = weights[i]! * (left[i]! < 0 ? quantile - 1 : quantile);
    }
    const tree: Tree = {
      feature: new Uint8Array(splits),
      threshold: new Float64Array(splits).fill(Infinity),
      leaf: new Float64Array(leaves),
    };
    const cut = new Uint8Array(splits).fill(255);
    node.fill(0);
    for (let level = 0; level < depth; level++) {
      const first = 2 ** level - 1;
      chooseSplits(
        { bins, slopes, weights, node, edges, d },
        { round, first, count: 2 ** level, fewestRows, tree, cut },
      );
      for (let i = 0; i < n; i++) {
        const at = node[i]!;
        const right = bins[tree.feature[at]! * n + i]! > cut[at]!;
        node[i] = 2 * at + (right ? 2 : 1);
      }
    }
    const rows = Array.from({ length: leaves }, (): number[] => []);
    for (let i = 0; i < n; i++) rows[node[i]! - splits]!.push(i);
    rows.forEach((inLeaf, at) => {
      if (inLeaf.length === 0) return;
      // Of very many rows, every so many are enough for a quantile.
      const stride = Math.max(1, Math.floor(inLeaf.length / mostForQuantile));
      const some = inLeaf.filter((_, k) => k % stride === 0);
      const move = learningRate * weightedQuantile(
        Float64Array.from(some, (i) => left[i]!),
        Float64Array.from(some, (i) => weights[i]!),
        quantile,
      );
      tree.leaf[at] = move;
      for (const i of inLeaf) left[i]! -= move;
    });
    grown.push(tree);
  }
  return boostedTrees(start, depth, grown);
}

/** Up to 31 places between different values of a feature. */
function binEdges(
  features: Float64Array,
  n: number,
  d: number,
  j: number,
): Float64Array {
  const values = Float64Array.from(
    { length: n },
    (_, i) => features[i * d + j]!,
  )
    .sort();
  const edges: number[] = [];
  for (let k = 1; k < mostBins; k++) {
    let at = Math.floor(k * n / mostBins);
    // Of a feature with few different values, the next place where it changes.
    while (at > 0 && at < n && values[at - 1] === values[at]) at++;
    if (at === 0 || at >= n) continue;
    edges.push((values[at - 1]! + values[at]!) / 2);
  }
  return Float64Array.from(new Set(edges));
}

/** Finds the best split of each node of a level; a node without one sends all rows left. */
function chooseSplits(
  { bins, slopes, weights, node, edges, d }: {
    bins: Uint8Array;
    slopes: Float64Array;
    weights: Float64Array;
    node: Uint16Array;
    edges: readonly Float64Array[];
    d: number;
  },
  { round, first, count, fewestRows, tree, cut }: {
    round: number;
    first: number;
    count: number;
    fewestRows: number;
    tree: Tree;
    cut: Uint8Array;
  },
): void {
  const n = slopes.length;
  const size = count * mostBins;
  const best = new Float64Array(count);
  const [g, w, rows] = [
    new Float64Array(size),
    new Float64Array(size),
    new Float64Array(size),
  ];
  for (let j = round % 2; j < d; j += 2) {
    if (edges[j]!.length === 0) continue;
    g.fill(0);
    w.fill(0);
    rows.fill(0);
    const column = j * n;
    for (let i = 0; i < n; i++) {
      const at = (node[i]! - first) * mostBins + bins[column + i]!;
      g[at]! += slopes[i]!;
      w[at]! += weights[i]!;
      rows[at]! += 1;
    }
    for (let k = 0; k < count; k++) {
      const [from, to] = [k * mostBins, (k + 1) * mostBins];
      let [gAll, wAll, nAll] = [0, 0, 0];
      for (let b = from; b < to; b++) {
        gAll += g[b]!;
        wAll += w[b]!;
        nAll += rows[b]!;
      }
      const whole = wAll > 0 ? gAll * gAll / wAll : 0;
      let [gLeft, wLeft, nLeft] = [0, 0, 0];
      for (let b = from; b < from + edges[j]!.length; b++) {
        gLeft += g[b]!;
        wLeft += w[b]!;
        nLeft += rows[b]!;
        const wRight = wAll - wLeft;
        if (
          nLeft < fewestRows || nAll - nLeft < fewestRows ||
          !(wLeft > 0) || !(wRight > 0)
        ) continue;
        const gain = gLeft * gLeft / wLeft + (gAll - gLeft) ** 2 / wRight -
          whole;
        if (gain > best[k]! + 1e-12) {
          best[k] = gain;
          tree.feature[first + k] = j;
          tree.threshold[first + k] = edges[j]![b - from]!;
          cut[first + k] = b - from;
        }
      }
    }
  }
}

/** The least value that at least the share `quantile` of the weight is at or below; 0 of nothing. */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array,
  quantile: number,
): number {
  if (values.length === 0) return 0;
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) =>
    values[a]! - values[b]!
  );
  let sum = 0;
  for (const weight of weights) sum += weight;
  let passed = 0;
  for (const i of order) {
    passed += weights[i]!;
    if (passed >= quantile * sum) return values[i]!;
  }
  return values[order[order.length - 1]!]!;
}
