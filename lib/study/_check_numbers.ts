/**
 * Checks a list of trial numbers that a person gave.
 *
 * @returns The numbers, each once, in their order.
 * @throws {TypeError} If it is no list of numbers.
 * @throws {RangeError} If none is named, or more than `most`.
 */
export function checkNumbers(
  action: string,
  numbers: unknown,
  most: number,
): readonly number[] {
  if (
    !Array.isArray(numbers) || !numbers.every((one) => typeof one === "number")
  ) {
    throw new TypeError(
      `Cannot ${action}: found ${
        JSON.stringify(numbers) ?? String(numbers)
      }, expected the trials' numbers, such as [3, 7, 12]`,
    );
  }
  const distinct = [...new Set(numbers)];
  if (distinct.length < 1 || distinct.length > most) {
    throw new RangeError(
      `Cannot ${action}: found ${distinct.length} numbers, expected 1 to ${most}`,
    );
  }
  return distinct;
}
