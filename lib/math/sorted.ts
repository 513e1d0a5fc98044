/**
 * How many numbers of a rising list are below a value: the place of the first that
 * is not. Of a list with NaN, or a value that is NaN, nothing is said.
 *
 * @param sorted Rising numbers; equal ones may stand beside each other.
 * @returns A whole number from 0 to the list's length.
 *
 * @example
 * ```ts
 * import { countBelow } from "@etude/etude";
 * countBelow([1, 2, 2, 5], 2); // 1
 * ```
 */
export function countBelow(
  sorted: ArrayLike<number>,
  value: number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How many numbers of a rising list are at most a value: the place of the first
 * that is above it. Of a list with NaN, or a value that is NaN, nothing is said.
 *
 * @param sorted Rising numbers; equal ones may stand beside each other.
 * @returns A whole number from 0 to the list's length.
 *
 * @example
 * ```ts
 * import { countAtMost } from "@etude/etude";
 * countAtMost([1, 2, 2, 5], 2); // 3
 * ```
 */
export function countAtMost(
  sorted: ArrayLike<number>,
  value: number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
