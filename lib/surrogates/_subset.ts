/**
 * Which trials a Gaussian process looks at when there are too many: a third the
 * best, a third the latest, the rest spread evenly over the history. Indices, rising.
 *
 * @param values Smaller is better.
 */
export function chooseSubset(
  values: ArrayLike<number>,
  most: number,
): readonly number[] {
  const n = values.length;
  const all = Array.from({ length: n }, (_, index) => index);
  if (n <= most) return all;
  const third = Math.floor(most / 3);
  const byValue = all.toSorted((a, b) => values[a]! - values[b]! || a - b);
  const chosen = new Set([...byValue.slice(0, third), ...all.slice(n - third)]);
  const others = all.filter((index) => !chosen.has(index));
  const open = most - chosen.size;
  for (let i = 0; i < open; i++) {
    chosen.add(others[Math.floor((i + 0.5) * others.length / open)]!);
  }
  return [...chosen].sort((a, b) => a - b);
}
