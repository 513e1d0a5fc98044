import { shown } from "./_shown.ts";

/** Throws if it is not a measure that can be kept. */
export function checkMeasure(
  number: number,
  name: unknown,
  value: unknown,
): void {
  const about = `Cannot measure ${shown(name)} of trial ${number}`;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(
      `${about}: the name is no text, expected one such as "memory GB"`,
    );
  }
  if (typeof value !== "number") {
    throw new TypeError(
      `${about}: the value is ${shown(value)}, expected a number`,
    );
  }
  if (Number.isNaN(value)) {
    throw new RangeError(
      `${about}: the value is NaN, expected a number; say nothing where it is not known, and the trial counts as not feasible`,
    );
  }
}

/** A measure as an attribute: JSON has no infinities, so they are texts. */
export function keptMeasure(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
