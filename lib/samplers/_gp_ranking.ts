/** The trials that a surrogate learned from, by how good they are where not all are feasible. */

import type { Surrogate } from "../surrogates/mod.ts";
import type { Feasibility } from "./_gp_feasibility.ts";

/** The process's values; NaN, which is no gain, where a trial is not feasible. */
export function feasibleValues(
  { process, numbers }: Surrogate,
  feasibility: Feasibility | null,
): ArrayLike<number> {
  if (feasibility === null) return process.values;
  return numbers.map((number, i) =>
    feasibility.violation(number) > 0 ? NaN : process.values[i]!
  );
}

/** The means; where a trial is not feasible, worse than all. */
export function feasibleMeans(
  means: Float64Array,
  { numbers }: Surrogate,
  feasibility: Feasibility | null,
): Float64Array {
  if (feasibility === null) return means;
  const bad = means.reduce((most, mean) => Math.max(most, mean), 0) + 1;
  return means.map((mean, i) =>
    i < numbers.length && feasibility.violation(numbers[i]!) > 0 ? bad : mean
  );
}

/**
 * The trials that the surrogate learned from and after them the running ones, by
 * their place: those that may be the best first, by the mean; behind them what is
 * not feasible, by how much it violates the constraints.
 */
export function rankedTrials(
  { numbers }: Surrogate,
  means: ArrayLike<number>,
  feasibility: Feasibility | null,
): number[] {
  const all = Array.from(means, (_, index) => index);
  const byMean = (a: number, b: number) => means[a]! - means[b]! || a - b;
  if (feasibility === null) return all.sort(byMean);
  // Running ones are no best yet, and stand before those of which nothing is known.
  const rank = all.map((index) =>
    index < numbers.length
      ? feasibility.violation(numbers[index]!)
      : Number.MAX_VALUE
  );
  return all.sort((a, b) =>
    rank[a] === rank[b] ? byMean(a, b) : rank[a]! < rank[b]! ? -1 : 1
  );
}
