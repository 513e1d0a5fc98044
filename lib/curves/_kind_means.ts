import type { PriorRow } from "./_prior_rows.ts";

/** What is known of curves of a kind, as numbers that trees can split: `[2]`; zeros if nothing is. */
export interface KindMeans {
  /** The numbers of a kind. */
  (kind: string | null): readonly [number, number];
  /** As JSON: {@linkcode readKindMeans} reads it. */
  toJSON(): PackedKindMeans;
}

/** The numbers of each kind, and of others. */
export interface PackedKindMeans {
  readonly kinds: Readonly<Record<string, readonly [number, number]>>;
  readonly others: readonly [number, number];
}

/** What {@linkcode kindMeans} made. */
export function readKindMeans({ kinds, others }: PackedKindMeans): KindMeans {
  const known = new Map(Object.entries(kinds));
  return Object.assign(
    (kind: string | null) =>
      (kind === null ? undefined : known.get(kind)) ?? others,
    { toJSON: () => ({ kinds, others }) },
  );
}

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
  const meansOf = (
    [count, target, end]: readonly [number, number, number],
  ): readonly [number, number] => {
    const shrunk = (sum: number, mean: number) =>
      (sum + common * mean) / (count + common);
    return [shrunk(target, middle[0]!), shrunk(end, middle[1]!)];
  };
  return readKindMeans({
    kinds: Object.fromEntries(
      [...sums].map(([kind, sum]) => [kind, meansOf(sum)]),
    ),
    others: meansOf([0, 0, 0]),
  });
}
