/**
 * What the speed benches have in common.
 *
 * @module
 */

/** One line of the table. */
export interface Measurement {
  /** What was measured. */
  readonly what: string;
  /** What is aimed at. */
  readonly target: string;
  /** What came out. */
  readonly found: string;
  /** Whether the target is reached; null where there is none. */
  readonly reached: boolean | null;
}

/** The median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The least, the median and the largest of some numbers, rounded. */
export function spread(values: readonly number[], digits = 1): string {
  const show = (value: number) => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))}–${
    show(Math.max(...values))
  })`;
}
