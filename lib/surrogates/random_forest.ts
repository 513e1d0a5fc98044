/**
 * Random forests: regression trees that each saw another sample of the trials.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | n, D | | | numbers of trials and of parameters |
 * | X | `points` | `[n, D]` | the trials' places in the unit cube; NaN where a parameter is inactive |
 * | y | `values` | `[n]` | their values |
 * | B | `trees` | | how many trees there are |
 * | μᵦ, σᵦ² | | | mean and variance in the leaf of tree b |
 *
 * (1) mean = Σ μᵦ / B
 * (2) variance = Σ (σᵦ² + μᵦ²) / B − mean², the law of total variance
 *
 * An inactive parameter is a number below all others, or a category of its own:
 * so a split can set the trials without it apart.
 *
 * Source: Breiman (2001); Hutter, Xu, Hoos and Leyton-Brown, "Algorithm Runtime
 * Prediction" (2014), sections 4.3 and 5, equation (2); defaults from SMAC3.
 *
 * @module
 */

import type { RandomStream } from "../math/mod.ts";
import type { Prediction } from "../records/mod.ts";
import { cardinality, type Space } from "../space/mod.ts";
import { growTree, leafAt, sortedPoints, type Tree } from "./_tree.ts";

/** Where an inactive number stands: below `[0, 1]`. */
const inactive = -1;

/** What a forest learns from. */
export interface RandomForestData {
  /** The trials' places in the unit cube, `[n, D]`, at least one; NaN where a parameter is inactive. */
  readonly points: readonly ArrayLike<number>[];
  /** Their values, `[n]`, finite. */
  readonly values: ArrayLike<number>;
}

/** Options of {@linkcode RandomForest}. */
export interface RandomForestOptions {
  /** The stream that samples, features and thresholds are drawn from. */
  readonly random: RandomStream;
  /** How many trees there are, at least 1. Defaults to `10`. */
  readonly trees?: number;
  /** The share of the parameters that each split chooses from, in `(0, 1]`. Defaults to `5 / 6`. */
  readonly featureShare?: number;
  /**
   * Whether each tree learns from a sample drawn with replacement; otherwise from
   * all, and trees differ by their features and thresholds. Defaults to `true`.
   */
  readonly bootstrap?: boolean;
  /** The fewest trials in a leaf, at least 1. Defaults to `1`. */
  readonly smallestLeaf?: number;
  /**
   * Where a number is split: `"best"` puts the threshold between the two trials
   * where a cut is best, `"random"` anywhere, which makes extremely randomized
   * trees: more of them are needed, and they are smoother. Defaults to `"best"`.
   */
  readonly thresholds?: "best" | "random";
}

/**
 * A random forest over a search space of any kind: it needs no scales, and takes
 * categories and inactive parameters as they are.
 *
 * @example
 * ```ts
 * import { float, RandomForest, randomStream, space } from "@etude/etude";
 * const forest = new RandomForest(
 *   space({ x: float(0, 1) }),
 *   { points: [[0.1], [0.2], [0.8], [0.9]], values: [1, 1, 5, 5] },
 *   { random: randomStream("seed") },
 * );
 * forest.predict([0.05]).mean < forest.predict([0.95]).mean; // true
 * ```
 */
export class RandomForest {
  readonly #trees: readonly Tree[];
  readonly #categories: readonly number[];
  /** The values were divided by it, so that their squares have room. */
  readonly #unit: number;
  readonly #center: number;

  /**
   * Grows a forest. Each tree draws n numbers for its sample, if it is drawn, and for each split
   * some for the order of the features and for thresholds.
   *
   * @throws {RangeError} If there are no points, their number is not that of the
   * values, a value is not finite, or an option is out of its range.
   * @throws {TypeError} If `thresholds` is none of the two.
   */
  constructor(
    space: Space,
    data: RandomForestData,
    options: RandomForestOptions,
  ) {
    const { points, values } = data;
    const {
      random,
      trees = 10,
      featureShare = 5 / 6,
      bootstrap = true,
      smallestLeaf = 1,
      thresholds = "best",
    } = options;
    check(data, { trees, featureShare, smallestLeaf, thresholds });
    // One category more than there are: that of inactive parameters.
    this.#categories = space.parameters.map((parameter) =>
      parameter.kind === "choice" || parameter.kind === "boolean"
        ? cardinality(parameter) + 1
        : 0
    );
    const rows = points.map((point) => this.#features(point));
    const count = points.length;
    let largest = 0;
    for (let i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(values[i]!));
    }
    // A power of two: no digit is lost.
    this.#unit = largest === 0
      ? 1
      : 2 ** Math.max(-1020, Math.floor(Math.log2(largest)));
    let center = 0;
    for (let i = 0; i < count; i++) center += values[i]! / this.#unit / count;
    this.#center = center;
    const tree = {
      columns: this.#categories.map((_, d) =>
        Float64Array.from(rows, (row) => row[d]!)
      ),
      categories: this.#categories,
      values: Float64Array.from(values, (v) => v / this.#unit - center),
    };
    const sorted = sortedPoints(tree);
    const features = Math.max(1, Math.ceil(featureShare * space.dimension));
    const isExtreme = thresholds === "random";
    this.#trees = Array.from({ length: trees }, () => {
      const weights = new Float64Array(count).fill(bootstrap ? 0 : 1);
      if (bootstrap) {
        for (let i = 0; i < count; i++) weights[random.int(count)]!++;
      }
      return growTree(tree, sorted, weights, {
        features,
        smallestLeaf,
        isExtreme,
        random,
      });
    });
    Object.freeze(this);
  }

  /**
   * What is expected at a place.
   *
   * @param point A place in the unit cube, `[D]`; NaN where a parameter is inactive.
   * @returns Mean and standard deviation, in the values' own units.
   */
  predict(point: ArrayLike<number>): Prediction {
    const row = this.#features(point);
    const count = this.#trees.length;
    // Running moments: large values cost no digits.
    let mean = 0;
    let squares = 0;
    let within = 0;
    for (let b = 0; b < count; b++) {
      const tree = this.#trees[b]!;
      const leaf = leafAt(tree, this.#categories, row);
      const step = tree.means[leaf]! - mean;
      mean += step / (b + 1);
      squares += step * (tree.means[leaf]! - mean);
      within += tree.variances[leaf]!;
    }
    return {
      mean: this.#unit * (this.#center + mean),
      sd: this.#unit * Math.sqrt((within + squares) / count),
    };
  }

  /** A place with numbers for categories, and for inactive parameters. */
  #features(point: ArrayLike<number>): Float64Array {
    const row = new Float64Array(this.#categories.length);
    for (let d = 0; d < row.length; d++) {
      const categories = this.#categories[d]!;
      const here = point[d]!;
      row[d] = categories === 0
        ? (here === here ? here : inactive)
        : here === here
        ? Math.min(categories - 2, Math.floor(here * (categories - 1)))
        : categories - 1;
    }
    return row;
  }
}

function check(
  { points, values }: RandomForestData,
  { trees, featureShare, smallestLeaf, thresholds }: Required<
    Omit<RandomForestOptions, "random" | "bootstrap">
  >,
): void {
  const cannot = (what: string) => {
    throw new RangeError(`Cannot grow the random forest: ${what}`);
  };
  if (points.length === 0 || points.length !== values.length) {
    cannot(
      `there are ${points.length} points and ${values.length} values, expected as many of both and at least 1`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      cannot(`value ${i} is ${values[i]}, expected a finite number`);
    }
  }
  for (const [name, count] of Object.entries({ trees, smallestLeaf })) {
    if (!Number.isInteger(count) || count < 1) {
      cannot(`${name} is ${count}, expected a whole number of at least 1`);
    }
  }
  if (!(featureShare > 0 && featureShare <= 1)) {
    cannot(`featureShare is ${featureShare}, expected a number in (0, 1]`);
  }
  if (thresholds !== "best" && thresholds !== "random") {
    throw new TypeError(
      `Cannot grow the random forest: thresholds is ${
        String(thresholds)
      }, expected "best" or "random"`,
    );
  }
}
