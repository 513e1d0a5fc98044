import type { CurveInput } from "./context.ts";
import { blockMeans } from "./smooth.ts";
import { count, list } from "./_words.ts";

/** A curve in order: steps rise, none twice; values may be NaN or infinite. */
export interface OrderedCurve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** The values of an input, or null if there are none. */
function valuesOf(input: CurveInput): ArrayLike<number> {
  return "values" in input && typeof input.values !== "function"
    ? input.values as ArrayLike<number>
    : input as ArrayLike<number>;
}

/** The name of an input, lower case; empty if it has none. */
export function nameOf(input: CurveInput | null | undefined): string {
  return input !== null && input !== undefined && "name" in input &&
      typeof input.name === "string"
    ? input.name.toLowerCase()
    : "";
}

/**
 * A curve put in order. Of steps that stand twice the later value counts; steps
 * that are not finite are dropped; what was mended is said in `notes`.
 *
 * @throws {TypeError} If it is not a list of numbers.
 */
export function orderCurve(
  input: CurveInput | null | undefined,
  label: string,
  notes: string[],
): OrderedCurve | null {
  if (input === null || input === undefined) return null;
  if (typeof input !== "object") {
    throw new TypeError(
      `Cannot read the ${label} curve: found ${typeof input}, expected a list of numbers or { steps, values }`,
    );
  }
  const raw = valuesOf(input);
  if (typeof raw?.length !== "number") {
    throw new TypeError(
      `Cannot read the ${label} curve: it has no values, expected a list of numbers or { steps, values }`,
    );
  }
  const values = numbersOf(raw);
  const given = "steps" in input ? input.steps : undefined;
  if (given !== undefined && given.length !== values.length) {
    notes.push(
      `the ${label} curve has ${count(given.length, "step")} for ${
        count(values.length, "value")
      }: only the first ${Math.min(given.length, values.length)} are read`,
    );
  }
  const steps = given === undefined
    ? counting(values.length)
    : numbersOf(given);
  return inOrder(steps, values, label, notes);
}

/** The numbers of a list; what is none is NaN. (`Array.from` takes seconds for a million.) */
function numbersOf(raw: ArrayLike<unknown>): Float64Array {
  const numbers = new Float64Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    const value = raw[i];
    numbers[i] = typeof value === "number" ? value : NaN;
  }
  return numbers;
}

/** 1, 2, 3, … */
function counting(length: number): Float64Array {
  const numbers = new Float64Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i + 1;
  return numbers;
}

/** Means of blocks in place of very many values; a block without any number stays NaN. */
export function thin(
  curve: OrderedCurve | null,
  most: number,
): OrderedCurve | null {
  if (curve === null || curve.values.length <= most) return curve;
  const { steps, values } = blockMeans(curve.steps, curve.values, most);
  return {
    steps: Float64Array.from(steps),
    values: Float64Array.from(values),
  };
}

function inOrder(
  steps: Float64Array,
  values: Float64Array,
  label: string,
  notes: string[],
): OrderedCurve {
  const n = Math.min(steps.length, values.length);
  let ordered = n === steps.length && n === values.length;
  for (let i = 0; ordered && i < n; i++) {
    ordered = Number.isFinite(steps[i]!) &&
      (i === 0 || steps[i]! > steps[i - 1]!);
  }
  if (ordered) return { steps, values };
  const places = Array.from({ length: n }, (_, i) => i)
    .filter((i) => Number.isFinite(steps[i]!))
    .sort((a, b) => steps[a]! - steps[b]! || a - b);
  const last = places.filter((i, k) =>
    k === places.length - 1 || steps[places[k + 1]!] !== steps[i]
  );
  const twice = places.filter((i, k) => steps[places[k + 1]!] === steps[i])
    .map((i) => steps[i]!);
  if (twice.length > 0) {
    notes.push(
      `the ${label} curve has step ${
        list([...new Set(twice)])
      } more than once: the last value counts`,
    );
  }
  if (places.length < n) {
    notes.push(
      `${count(n - places.length, "step")} of the ${label} curve ${
        n - places.length === 1 ? "is" : "are"
      } no number and left out`,
    );
  }
  if (places.some((i, k) => k > 0 && i < places[k - 1]!)) {
    notes.push(`the ${label} curve was not in order of its steps: sorted`);
  }
  return {
    steps: Float64Array.from(last, (i) => steps[i]!),
    values: Float64Array.from(last, (i) => values[i]!),
  };
}
