/**
 * Mean, spread and shape of numbers.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | x, n | `values` | the numbers, and how many there are |
 * | s | `sd` | the standard deviation, with n − 1 |
 * | m₃, m₄ | | the mean third and fourth power of the distance from the mean |
 *
 * (1) skewness m₃ / s³
 *
 * (2) kurtosis m₄ / s⁴ − 3: 0 for a normal distribution
 *
 * Source: Joanes and Gill, Comparing measures of sample skewness and kurtosis
 * (1998): b₁ and b₂, "type 3", as in R's e1071 and Python's pymfe.
 *
 * @module
 */

/** What {@linkcode moments} gives. */
export interface Moments {
  /** How many numbers there were, without NaN. */
  readonly count: number;
  /** Their mean; NaN if there are none. */
  readonly mean: number;
  /** Their standard deviation, with n − 1; 0 for a single number, NaN if there are none. */
  readonly sd: number;
  /** Equation (1): above 0 with a long tail to the right; 0 if all numbers are equal. */
  readonly skewness: number;
  /** Equation (2): above 0 with heavy tails; 0 if all numbers are equal. */
  readonly kurtosis: number;
}

/**
 * Mean, standard deviation, skewness and kurtosis. NaN is left out.
 *
 * @param values The numbers, `[n]`. Infinities make everything NaN.
 *
 * @example
 * ```ts
 * import { moments } from "@etude/etude";
 * moments([1, 2, 3, 4, 10]).skewness; // 0.81…
 * ```
 */
export function moments(values: ArrayLike<number>): Moments {
  let count = 0;
  let sum = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    size = Math.max(size, Math.abs(value));
  }
  if (count === 0) {
    return { count, mean: NaN, sd: NaN, skewness: 0, kurtosis: 0 };
  }
  const mean = sum / count;
  let [m2, m3, m4] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const distance = value - mean;
    const square = distance * distance;
    m2 += square;
    m3 += square * distance;
    m4 += square * square;
  }
  const sd = count === 1 ? 0 : Math.sqrt(m2 / (count - 1));
  // Numbers that differ by the noise of their last digits only are equal.
  if (sd <= 1e-14 * size) return { count, mean, sd, skewness: 0, kurtosis: 0 };
  return {
    count,
    mean,
    sd,
    skewness: m3 / count / sd ** 3,
    kurtosis: m4 / count / sd ** 4 - 3,
  };
}
