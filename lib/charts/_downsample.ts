/**
 * The places of at most `budget` values that show the whole: the first, the
 * last, and the smallest and largest of each of equal stretches, rising.
 * NaN is passed over; infinities count as the extremes that they are.
 */
export function minMaxIndices(
  values: ArrayLike<number>,
  budget: number,
): number[] {
  const n = values.length;
  if (n <= budget) return Array.from({ length: n }, (_, index) => index);
  const kept = new Set<number>([0, n - 1]);
  const bins = Math.max(1, Math.floor((budget - 2) / 2));
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor(bin * n / bins);
    const to = Math.floor((bin + 1) * n / bins);
    let low = -1;
    let high = -1;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < values[low]!) low = i;
      if (high < 0 || value > values[high]!) high = i;
    }
    if (low >= 0) kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}

/** At most `budget` items, evenly spread, the first and the last among them. */
export function evenly<T>(items: readonly T[], budget: number): readonly T[] {
  if (items.length <= budget) return items;
  if (budget < 2) return items.slice(items.length - Math.max(0, budget));
  const step = (items.length - 1) / (budget - 1);
  return Array.from(
    { length: budget },
    (_, index) => items[Math.round(index * step)]!,
  );
}
