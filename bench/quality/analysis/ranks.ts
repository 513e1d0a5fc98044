/**
 * Mean ranks over tasks, and how far apart they must be to count.
 *
 * Notation: k optimizers, N tasks, CD critical difference at level 0.05.
 *
 * Source: Demšar, "Statistical Comparisons of Classifiers over Multiple Data
 * Sets" (2006), section 3.2.2, and table 5 for q_0.05.
 *
 * @module
 */

/** q_0.05 / √2 of the studentized range for k = 2, 3, …, 20. */
const criticalValues = [
  1.960,
  2.343,
  2.569,
  2.728,
  2.850,
  2.949,
  3.031,
  3.102,
  3.164,
  3.219,
  3.268,
  3.313,
  3.354,
  3.391,
  3.426,
  3.458,
  3.489,
  3.517,
  3.544,
];

/** Ranks from 1 for the smallest value; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const smaller = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return smaller + (equal + 1) / 2;
  });
}

/**
 * The mean rank of each optimizer.
 *
 * @param table The values, `[k][N]`; smaller is better.
 */
export function meanRanks(table: readonly (readonly number[])[]): number[] {
  const count = table[0]?.length ?? 0;
  const sums = table.map(() => 0);
  for (let task = 0; task < count; task++) {
    ranksOf(table.map((row) => row[task]!)).forEach((rank, i) => {
      sums[i]! += rank;
    });
  }
  return sums.map((sum) => sum / count);
}

/**
 * Nemenyi's critical difference: mean ranks that differ by less cannot be told
 * apart at level 0.05.
 *
 * @throws {RangeError} If there are not 2 to 20 optimizers, or no tasks.
 */
export function criticalDifference(k: number, N: number): number {
  const q = criticalValues[k - 2];
  if (q === undefined || !(N >= 1)) {
    throw new RangeError(
      `Cannot compute the critical difference of ${k} optimizers on ${N} tasks, expected 2 to ${
        criticalValues.length + 1
      } on at least 1`,
    );
  }
  return q * Math.sqrt(k * (k + 1) / (6 * N));
}

/**
 * The widest groups of ranks that lie within the critical difference: the bars
 * of a diagram. Groups of one are left out.
 *
 * @param ranks Mean ranks, in any order.
 * @returns The least and the largest rank of each group, from the best on.
 */
export function cliques(
  ranks: readonly number[],
  difference: number,
): { low: number; high: number }[] {
  const sorted = [...ranks].sort((a, b) => a - b);
  const groups: { low: number; high: number }[] = [];
  for (const low of sorted) {
    const high = sorted.filter((rank) => rank <= low + difference).at(-1)!;
    const isInside = groups.some((group) => group.high >= high);
    if (high > low && !isInside) groups.push({ low, high });
  }
  return groups;
}
