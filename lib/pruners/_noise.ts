/**
 * The standard deviation of the noise of a series, from its second differences
 * y₍i−1₎ − 2·yᵢ + y₍i+1₎: a smooth trend leaves them small, white noise of
 * deviation σ gives them √6·σ. Their median absolute value is robust against
 * jumps, e.g. of the learning rate. 0 for fewer than five finite values.
 */
export function noiseSd(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 5) return 0;
  const bends = Float64Array.from(
    { length: finite.length - 2 },
    (_, i) => Math.abs(finite[i]! - 2 * finite[i + 1]! + finite[i + 2]!),
  ).sort();
  const middle = bends.length >> 1;
  const median = bends.length % 2 === 1
    ? bends[middle]!
    : (bends[middle - 1]! + bends[middle]!) / 2;
  // 1.4826: the median absolute deviation of a normal distribution of sd 1.
  return 1.4826 * median / Math.sqrt(6);
}
