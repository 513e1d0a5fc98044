import { randomStream } from "../../../lib/math/mod.ts";
import { mean } from "./regret.ts";

/** A mean and where it lies with 95 % confidence. */
export interface Interval {
  /** The mean. */
  readonly mean: number;
  /** The 2.5 % point. */
  readonly low: number;
  /** The 97.5 % point. */
  readonly high: number;
}

const resamples = 1000;

/**
 * The mean of values and its 95 % interval by the bootstrap, with its own
 * stream of random numbers: equal values give equal intervals.
 *
 * Source: Efron, "Bootstrap Methods: Another Look at the Jackknife" (1979), percentile method.
 */
export function bootstrapMean(values: readonly number[]): Interval {
  const random = randomStream("bootstrap", values.length);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[random.int(values.length)]!;
    }
    return sum / values.length;
  }).sort();
  return {
    mean: mean(values),
    low: means[Math.floor(0.025 * resamples)]!,
    high: means[Math.ceil(0.975 * resamples) - 1]!,
  };
}
