/**
 * Adam within bounds: minimizes a function over a box by steps that are nearly equally
 * long in each coordinate.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | θ | `point` | `[d]` | the place |
 * | g | `gradient` | `[d]` | the gradient there |
 * | m, v | `mean`, `square` | `[d]` | running means of g and of g² |
 * | α | `rate` | 1 | the length of a step in a coordinate whose slope keeps its sign |
 * | t | `t` | 1 | how many gradients were taken in |
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015),
 * algorithm 1; each step is projected onto the box.
 *
 * @module
 */

import {
  type DifferentiableFunction,
  drive,
  type PointSearch,
} from "./point_search.ts";

/** Options of {@linkcode adam}. */
export interface AdamOptions {
  /** The lower bounds, `[d]`. Defaults to none. */
  readonly lower?: ArrayLike<number>;
  /** The upper bounds, `[d]`. Defaults to none. */
  readonly upper?: ArrayLike<number>;
  /** α, the length of a step in each coordinate, above 0. Defaults to `0.05`. */
  readonly learningRate?: number;
  /** How much of the mean of the gradients is kept at each step, in `[0, 1)`. Defaults to `0.9`. */
  readonly beta1?: number;
  /** The same for the mean of their squares, in `[0, 1)`. Defaults to `0.999`. */
  readonly beta2?: number;
  /** What is added to the root of the mean square, above 0. Defaults to `1e-8`. */
  readonly epsilon?: number;
  /** The most steps. Defaults to `100`. */
  readonly maxIterations?: number;
}

/** What {@linkcode adam} found. */
export interface AdamResult {
  /** The best place that it has seen, `[d]`, within the bounds. */
  readonly point: Float64Array;
  /** The value there; NaN if it was never finite. */
  readonly value: number;
  /** How many steps were taken. */
  readonly iterations: number;
  /** How often the function was evaluated. */
  readonly evaluations: number;
}

/**
 * Minimizes a function over a box by Adam, from a start. Where the function or its
 * gradient is not finite, it goes half the way back and is half as fast from then on.
 *
 * @param objective Gives the value and writes the gradient.
 * @param start Where to begin, `[d]`; moved into the bounds. It is not changed.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { adam } from "@etude/etude";
 * const square = (x: Float64Array, gradient: Float64Array) => {
 *   gradient[0] = 2 * (x[0]! - 3);
 *   return (x[0]! - 3) ** 2;
 * };
 * adam(square, [0], { lower: [0], upper: [2] }).point; // [2]
 * ```
 */
export function adam(
  objective: DifferentiableFunction,
  start: ArrayLike<number>,
  options: AdamOptions = {},
): AdamResult {
  return drive(adamSearch(start, options), objective);
}

/**
 * {@linkcode adam} from within: asks for one point after the other and is told what
 * the function is there.
 *
 * @param start Where to begin, `[d]`; moved into the bounds. It is not changed.
 * @throws {RangeError} At once, if an option is out of its range.
 *
 * @example
 * ```ts
 * import { adamSearch } from "@etude/etude";
 * const search = adamSearch([0.5], { learningRate: 0.1 });
 * search.next().value; // [0.5]
 * search.next({ value: 1, gradient: Float64Array.of(7) }).value; // [0.4]
 * ```
 */
export function adamSearch(
  start: ArrayLike<number>,
  options: AdamOptions = {},
): PointSearch<AdamResult> {
  const {
    learningRate = 0.05,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    maxIterations = 100,
  } = options;
  check("learningRate", learningRate, learningRate > 0, "a number above 0");
  check("beta1", beta1, beta1 >= 0 && beta1 < 1, "a number in [0, 1)");
  check("beta2", beta2, beta2 >= 0 && beta2 < 1, "a number in [0, 1)");
  check("epsilon", epsilon, epsilon > 0, "a number above 0");
  check("maxIterations", maxIterations, maxIterations >= 0, "at least 0");
  return search(start, {
    ...options,
    learningRate,
    beta1,
    beta2,
    epsilon,
    maxIterations,
  });
}

type Settings =
  & AdamOptions
  & Required<Omit<AdamOptions, "lower" | "upper">>;

function* search(
  start: ArrayLike<number>,
  { lower, upper, learningRate, beta1, beta2, epsilon, maxIterations }:
    Settings,
): PointSearch<AdamResult> {
  const clip = (x: number, i: number) =>
    Math.min(
      upper?.[i] ?? Infinity,
      Math.max(lower?.[i] ?? -Infinity, x),
    );
  const d = start.length;
  const mean = new Float64Array(d);
  const square = new Float64Array(d);
  let point: Float64Array = Float64Array.from(start, clip);
  let good: Float64Array | null = null;
  let best: { point: Float64Array; value: number } = { point, value: NaN };
  let rate = learningRate;
  let t = 0;
  let evaluations = 0;
  for (;;) {
    const { value, gradient, point: where } = yield point;
    evaluations++;
    point = where ?? point;
    if (Number.isFinite(value) && gradient.every(Number.isFinite)) {
      if (!(value >= best.value)) best = { point, value };
      if (t >= maxIterations) break;
      good = point;
      t++;
      for (let i = 0; i < d; i++) {
        mean[i] = beta1 * mean[i]! + (1 - beta1) * gradient[i]!;
        square[i] = beta2 * square[i]! + (1 - beta2) * gradient[i]! ** 2;
      }
      point = good.map((x, i) => {
        const m = mean[i]! / (1 - beta1 ** t);
        const v = square[i]! / (1 - beta2 ** t);
        return clip(x - rate * m / (Math.sqrt(v) + epsilon), i);
      });
    } else {
      // Without a good place to go back to there is no direction.
      if (good === null || evaluations > 2 * maxIterations) break;
      rate /= 2;
      const from: Float64Array = good;
      point = point.map((x, i) => (x + from[i]!) / 2);
    }
  }
  return Object.freeze({ ...best, iterations: t, evaluations });
}

function check(name: string, value: number, fits: boolean, what: string): void {
  if (fits) return;
  throw new RangeError(
    `Cannot minimize by Adam: ${name} is ${value}, expected ${what}`,
  );
}
