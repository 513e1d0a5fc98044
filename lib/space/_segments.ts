/**
 * The values that a parameter may still take, as stretches of its scale, and which
 * of them to take.
 *
 * @module
 */

import { satisfies } from "./_conditions.ts";
import { fromUnit, toUnit } from "./encoding.ts";
import {
  cardinality,
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
  type Requirement,
} from "./parameter.ts";
import type { Bounds } from "./_domains.ts";
import { summand } from "./rule.ts";

/** Of a number with at most so many values left, each is looked at. */
const fewValues = 64;

/** What a parameter may still take. */
export type Left =
  /** One of these values, in the parameter's order. */
  | { readonly kind: "values"; readonly values: readonly ParameterValue[] }
  /** Any number of these stretches, rising, ends included. */
  | { readonly kind: "stretches"; readonly stretches: readonly Bounds[] };

/**
 * What is left of a parameter.
 *
 * @param bounds Between which values; null where it is no number.
 * @param excluded What it must not satisfy.
 */
export function leftOf(
  parameter: Parameter,
  bounds: Bounds | null,
  excluded: readonly Requirement[],
): Left {
  const isAllowed = (value: ParameterValue) =>
    !excluded.some((requirement) => satisfies(requirement, value));
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return {
      kind: "values",
      values: choices.filter((value) =>
        isAllowed(value) &&
        (bounds === null || isInside(summand(value), bounds))
      ),
    };
  }
  const { low, high } = bounds!;
  const { step } = parameter as { step: number | null };
  if (low > high) return { kind: "values", values: [] };
  if (step !== null && (high - low) / step < fewValues) {
    const first = parameter as { low: number };
    const from = Math.round((low - first.low) / step);
    const count = Math.round((high - low) / step) + 1;
    const values = Array.from(
      { length: count },
      (_, k) => gridValue(from + k, first.low, step),
    );
    return { kind: "values", values: values.filter(isAllowed) };
  }
  let stretches: Bounds[] = [{ low, high }];
  for (const { values, min = -Infinity, max = Infinity } of excluded) {
    const gaps = values === undefined
      ? [{ min, max }]
      : values.map((value) => ({ min: value as number, max: value as number }));
    for (const gap of gaps) {
      stretches = stretches.flatMap((one) => without(one, gap, step));
    }
  }
  return { kind: "stretches", stretches };
}

function isInside(value: number, { low, high }: Bounds): boolean {
  return value >= low && value <= high;
}

function without(
  { low, high }: Bounds,
  { min, max }: { min: number; max: number },
  step: number | null,
): Bounds[] {
  if (max < low || min > high) return [{ low, high }];
  const below = step === null ? before(min) : min - step;
  const above = step === null ? after(max) : max + step;
  return [{ low, high: below }, { low: above, high }]
    .filter((one) => one.low <= one.high);
}

/** A number a hair above. */
function after(value: number): number {
  return value + Math.max(Math.abs(value) * 2 ** -50, Number.MIN_VALUE);
}

function before(value: number): number {
  return -after(-value);
}

/** The value at a place of what is left, whose length counts as 1; undefined if nothing is. */
export function valueAlong(
  parameter: Parameter,
  left: Left,
  u: number,
): ParameterValue | undefined {
  if (left.kind === "values") {
    const { values } = left;
    return values[Math.min(values.length - 1, Math.floor(u * values.length))];
  }
  const spans = left.stretches.map((one) => spanOf(parameter, one));
  const total = spans.reduce((sum, { low, high }) => sum + high - low, 0);
  let rest = u * total;
  for (let i = 0; i < spans.length; i++) {
    const { low, high } = spans[i]!;
    if (rest <= high - low || i === spans.length - 1) {
      const value = fromUnit(parameter, low + Math.min(rest, high - low));
      const { low: least, high: most } = left.stretches[i]!;
      return Math.min(most, Math.max(least, value as number));
    }
    rest -= high - low;
  }
  return undefined;
}

/** The part of the unit interval that a stretch takes. */
function spanOf(parameter: Parameter, { low, high }: Bounds): Bounds {
  const { step } = parameter as { step: number | null };
  const half = step === null ? 0 : 0.5 / cardinality(parameter);
  return {
    low: Math.max(0, toUnit(parameter, low) - half),
    high: Math.min(1, toUnit(parameter, high) + half),
  };
}

/** The values left, the nearest to a wanted one first; of very many, some. */
export function valuesNear(
  parameter: Parameter,
  left: Left,
  wanted: ParameterValue,
): readonly ParameterValue[] {
  const place = toUnit(parameter, wanted);
  const isCategory = parameter.kind === "choice" ||
    parameter.kind === "boolean";
  const distance = (value: ParameterValue) =>
    isCategory
      ? Number(value !== wanted)
      : Math.abs(toUnit(parameter, value) - place);
  if (left.kind === "values") {
    return left.values.map((value) => ({ value, far: distance(value) }))
      .sort((a, b) => a.far - b.far).map(({ value }) => value);
  }
  const nearest = left.stretches.map(({ low, high }) =>
    Math.min(high, Math.max(low, wanted as number))
  ).sort((a, b) => distance(a) - distance(b));
  const others = left.stretches.flatMap(({ low, high }) => [
    valueAlong(
      parameter,
      { kind: "stretches", stretches: [{ low, high }] },
      0.5,
    )!,
    low,
    high,
  ]);
  return [...new Set([...nearest, ...others])];
}
