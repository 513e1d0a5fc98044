/**
 * Whether a curve that should fall has turned and risen: the heart of telling
 * overfitting from noise.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `values` | `[n]` | the curve, smaller is better |
 * | f₀ | | `[n]` | the best fit that never rises |
 * | f₁ | `fit` | `[n]` | the best fit that falls to one valley and then rises |
 * | σ | `noise` | | the noise's standard deviation |
 * | T | `statistic` | | (‖y − f₀‖² − ‖y − f₁‖²) / σ² |
 *
 * Both fits are by isotonic regression (pools of neighbors), for every place of
 * the valley at once, in time n. T is large only if the values after a valley lie
 * above it together; one wild value moves it little, as values are first drawn in
 * to 3 σ around the running median. What T reaches by chance alone, over every
 * place of the valley, was simulated (see `criticalRise`).
 *
 * Source: isotonic regression: Barlow, Bartholomew, Bremner and Brunk (1972);
 * the test, its critical values and its form for many looks are ours.
 *
 * @module
 */

import { noiseLevel, runningMedian, windowWidth } from "./smooth.ts";

/** What {@linkcode riseTest} finds. */
export interface RiseTest {
  /** T: how much better a valley explains the curve than a fall, in noise variances; at least 0. */
  readonly statistic: number;
  /** What T stays below by chance in 199 of 200 curves that do not rise. */
  readonly critical: number;
  /** Whether T is above it. */
  readonly significant: boolean;
  /** √T, an equivalent number of standard deviations. */
  readonly z: number;
  /** The index of the valley. */
  readonly valley: number;
  /** The fit's value in the valley. */
  readonly low: number;
  /** The fit's mean over the last tenth of the curve (at least 3 values). */
  readonly end: number;
  /** `end − low`, at least 0: the rise in the curve's own unit. */
  readonly rise: number;
  /** σ, the standard deviation of the noise. */
  readonly noise: number;
}

/** Options of {@linkcode riseTest}. */
export interface RiseOptions {
  /**
   * Whether the test is asked again and again as the curve grows: its
   * threshold is then such that all looks together cry wolf in 1 of 200 curves.
   * Defaults to `false`.
   */
  readonly manyLooks?: boolean;
}

/**
 * Tests whether a curve of which smaller values are better has risen from a
 * valley to its end.
 *
 * @param values The curve, `[n]`, finite. Fewer than 6 values never rise significantly.
 *
 * @example
 * ```ts
 * import { riseTest } from "@etude/etude";
 * const turned = [9, 7, 5, 4, 3, 2.5, 2, 2.2, 2.5, 3, 3.4, 4, 4.6, 5];
 * const { significant, valley, rise } = riseTest(turned); // true, 6, > 2
 * ```
 */
export function riseTest(
  values: ArrayLike<number>,
  options: RiseOptions = {},
): RiseTest {
  const n = values.length;
  const plain = noiseLevel(values);
  const y = drawnIn(values, Number.isNaN(plain) ? 0 : plain);
  const falling = prefixErrors(y);
  const rising = prefixErrors(Float64Array.from(y).reverse()).reverse();
  const whole = n === 0 ? 0 : falling[n - 1]!;
  let valley = Math.max(0, n - 1);
  let error = whole;
  for (let k = 0; k < n; k++) {
    // The valley's own value is in both fits; count it once, with the fall.
    const both = falling[k]! + (k + 1 < n ? rising[k + 1]! : 0);
    if (both < error) {
      error = both;
      valley = k;
    }
  }
  const fall = fallingFit(y.subarray(0, valley + 1));
  const climb = fallingFit(
    Float64Array.from(y.subarray(valley + 1)).reverse(),
  );
  const fit = [...fall.fit, ...climb.fit.reverse()];
  const pools = fall.pools + climb.pools;
  const residual = Math.sqrt(error / Math.max(1, n - pools));
  const scale = Math.max(...fit.map(Math.abs), 1e-300);
  // What no valley explains is noise too, in a short curve; in a long one it may
  // be a second turn, which the differences do not see as noise.
  const most = n < 20 ? Infinity : 2 * (plain || 0);
  const noise = Math.max(plain || 0, Math.min(residual, most), 1e-9 * scale);
  const statistic = Math.max(0, whole - error) / noise ** 2 /
    persistence(y, fit);
  const tail = fit.slice(-Math.min(n, windowWidth(n)));
  const low = n === 0 ? NaN : Math.min(...fit);
  valley = lowestWithin(y, fit, low);
  const end = tail.length === 0
    ? NaN
    : tail.reduce((sum, v) => sum + v, 0) / tail.length;
  const critical = criticalRise(n, options.manyLooks ?? false);
  return {
    statistic,
    critical,
    significant: n >= 6 && statistic > critical,
    z: Math.sqrt(statistic),
    valley,
    low,
    end,
    rise: n === 0 ? 0 : Math.max(0, end - low),
    noise,
  };
}

/**
 * What T of {@linkcode riseTest} stays below by chance in 199 of 200 curves
 * without trend, which are the likeliest of all that do not rise to seem so.
 *
 * Simulated with normal noise, 2,000 to 20,000 curves a length of 8 to 1,000, and
 * with the noise estimated as the test does; the formula is at or a little above
 * what came out. For many looks: the largest T over critical value at any length
 * from 8 on, up to 300.
 *
 * @param n How many values the curve has.
 * @param manyLooks Whether it is looked at again after every value.
 *
 * @example
 * ```ts
 * import { criticalRise } from "@etude/etude";
 * criticalRise(100, false) < criticalRise(100, true); // true: who looks often sees more by chance
 * criticalRise(5, false); // Infinity: too short
 * ```
 */
export function criticalRise(n: number, manyLooks: boolean): number {
  if (n < 6) return Infinity;
  const grows = 12 + 3.5 * Math.log(n);
  // A short curve says little of its noise.
  return manyLooks ? 1.7 * grows + 250 / (n - 4.7) : grows + 80 / (n - 4.7);
}

/** Where in the valley, which may be a flat one, the curve is lowest. */
function lowestWithin(
  y: Float64Array,
  fit: readonly number[],
  low: number,
): number {
  const smooth = runningMedian(y, 3);
  let place = 0;
  let lowest = Infinity;
  fit.forEach((value, i) => {
    if (value <= low && smooth[i]! < lowest) {
      lowest = smooth[i]!;
      place = i;
    }
  });
  return place;
}

/** Values farther than 3 σ from the running median of 5 are drawn in to there. */
function drawnIn(values: ArrayLike<number>, noise: number): Float64Array {
  const smooth = runningMedian(values, 5);
  return Float64Array.from(values, (v, i) => {
    const center = smooth[i]!;
    return Math.min(center + 3 * noise, Math.max(center - 3 * noise, v));
  });
}

/**
 * How much longer noise lasts than a step: (1 + ρ) / (1 − ρ) for the
 * correlation ρ of neighboring residuals, in `[1, 6]`.
 */
function persistence(y: Float64Array, fit: readonly number[]): number {
  let own = 0;
  let shared = 0;
  for (let i = 0; i < y.length; i++) {
    const r = y[i]! - fit[i]!;
    own += r * r;
    if (i > 0) shared += r * (y[i - 1]! - fit[i - 1]!);
  }
  // Isotonic fits eat correlation; a little of it is chance.
  const rho = own === 0 ? 0 : shared / own - 1.5 / Math.sqrt(y.length);
  return rho <= 0 ? 1 : Math.min(6, (1 + rho) / (1 - Math.min(0.9, rho)));
}

/** The squared error of the best falling fit of each beginning of the curve, `[n]`. */
function prefixErrors(y: Float64Array): Float64Array {
  const errors = new Float64Array(y.length);
  const pools = new Pools();
  for (let i = 0; i < y.length; i++) {
    pools.add(y[i]!);
    errors[i] = pools.error;
  }
  return errors;
}

/** The best fit that never rises. */
function fallingFit(y: Float64Array): { fit: number[]; pools: number } {
  const pools = new Pools();
  for (const value of y) pools.add(value);
  return { fit: pools.fit(), pools: pools.count };
}

/** Neighbors pooled so that their means never rise, a value added at a time. */
class Pools {
  readonly #means: number[] = [];
  readonly #sizes: number[] = [];
  readonly #errors: number[] = [];
  /** The squared error of the fit so far. */
  error = 0;

  get count(): number {
    return this.#means.length;
  }

  add(value: number): void {
    let mean = value;
    let size = 1;
    let error = 0;
    while (this.#means.length > 0 && this.#means.at(-1)! < mean) {
      const before = this.#means.pop()!;
      const count = this.#sizes.pop()!;
      const own = this.#errors.pop()!;
      this.error -= own;
      error += own + (mean - before) ** 2 * size * count / (size + count);
      mean = (mean * size + before * count) / (size + count);
      size += count;
    }
    this.#means.push(mean);
    this.#sizes.push(size);
    this.#errors.push(error);
    this.error = Math.max(0, this.error + error);
  }

  fit(): number[] {
    return this.#means.flatMap((mean, k) =>
      new Array<number>(this.#sizes[k]!).fill(mean)
    );
  }
}
