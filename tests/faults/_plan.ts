/** How many points trial `number` reports. */
export function pointsOf(number: number): number {
  return 1 + (number * 37) % 64;
}

/** The value that trial `number` reports at a step. */
export function valueAt(number: number, step: number): number {
  return number + step / 1000;
}
