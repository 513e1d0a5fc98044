import type { PriorRow } from "./_prior_rows.ts";

/** What is known of curves of a kind, as numbers that trees can split: `[2]`; zeros if nothing is. */
export type KindMeans = (kind: string | null) => readonly [number, number];

/** So many rows of its own weigh as much as what all kinds have in common. */
const common = 10;
const largest = 5;

/**
 * A number for each kind: the mean of what is to be predicted for it, and of
 * where its curves ended, both shrunk to the mean of all. In this order a tree
 * finds the best parting of the kinds in two with one split.
 *
 * @param targets What is to be predicted, `[rows]`.
 *
 * Source: Fisher, "On Grouping for Maximum Homogeneity" (1958); shrinkage after
 * Micci-Barreca, "A Preprocessing Scheme for High-Cardinality Categorical
 * Attributes" (2001).
 */
export function kindMeans(
  rows: readonly Pick<PriorRow, "kind" | "truth">[],
  targets: ArrayLike<number>,
): KindMeans {
  const cut = (x: number) => Math.max(-largest, Math.min(largest, x));
  const sums = new Map<string, [count: number, target: number, end: number]>();
  const all: [number, number, number] = [0, 0, 0];
  rows.forEach(({ kind, truth }, i) => {
    if (kind === null) return;
    const sum = sums.get(kind) ?? [0, 0, 0];
    sums.set(kind, sum);
    for (const one of [sum, all]) {
      one[0]++;
      one[1] += cut(targets[i]!);
      one[2] += cut(truth);
    }
  });
  const middle = [1, 2].map((at) => all[0] === 0 ? 0 : all[at]! / all[0]);
  return (kind) => {
    const [count, target, end] = (kind === null ? null : sums.get(kind)) ??
      [0, 0, 0];
    const shrunk = (sum: number, mean: number) =>
      (sum + common * mean) / (count + common);
    return [shrunk(target, middle[0]!), shrunk(end, middle[1]!)];
  };
}
