/**
 * One parameter to and from the unit interval.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | v | `value` | the value on its own scale |
 * | u | `unit` | the same in `[0, 1]` |
 * | n | `count` | how many values a discrete parameter has |
 *
 * A discrete value number k of n stands at u = (k + ½)/n, the middle of its
 * equal share. A whole number on a log scale gets the share
 * `[log(v − ½), log(v + ½)]`, as in Optuna, so that the rounding of a uniform u
 * favors no value.
 *
 * @module
 */

import { logMix, mix } from "./_mix.ts";
import {
  cardinality,
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
} from "./parameter.ts";

/**
 * Where a value stands in `[0, 1]`. The value must be valid for the parameter;
 * a float on a logarithmic scale is mapped by its logarithm.
 *
 * @example
 * ```ts
 * import { choice, space, toUnit } from "@etude/etude";
 * const { parameters: [optimizer] } = space({ optimizer: choice(["adam", "sgd"]) });
 * toUnit(optimizer!, "sgd"); // 0.75
 * ```
 */
export function toUnit(parameter: Parameter, value: ParameterValue): number {
  const choices = choicesOf(parameter);
  if (choices !== null) return (choices.indexOf(value) + 0.5) / choices.length;
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  const v = value as number;
  if (low === high) return 0.5;
  if (kind === "int" && log) {
    return ratio(Math.log(v), Math.log(low - 0.5), Math.log(high + 0.5));
  }
  if (step !== null) {
    return (Math.round((v - low) / step) + 0.5) / cardinality(parameter);
  }
  return log
    ? ratio(Math.log(v), Math.log(low), Math.log(high))
    : ratio(v, low, high);
}

/**
 * Where a value stands on the parameter's scale, also if it is not, or no
 * longer, allowed: numbers outside of the range have places outside of
 * `[0, 1]`, numbers between two steps stand between them.
 *
 * @returns The place; NaN for a value without one: not of the list, not a
 * number, not above 0 on a logarithmic scale.
 *
 * @example
 * ```ts
 * import { float, locate, space } from "@etude/etude";
 * locate(space({ x: float(0, 10) }).parameter("x"), 15); // 1.5
 * ```
 */
export function locate(
  parameter: Parameter,
  value: ParameterValue | undefined,
): number {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    const index = choices.indexOf(value as ParameterValue);
    return index < 0 ? NaN : (index + 0.5) / choices.length;
  }
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  if (typeof value !== "number" || !Number.isFinite(value)) return NaN;
  if (value >= low && value <= high && step === null) {
    return toUnit(parameter, value);
  }
  if (low === high) return value === low ? 0.5 : NaN;
  const half = kind === "int" && log ? 0.5 : 0;
  if (log) {
    const [bottom, top] = [Math.log(low - half), Math.log(high + half)];
    return value > 0 ? (Math.log(value) - bottom) / (top - bottom) : NaN;
  }
  return step === null
    ? (value / 2 - low / 2) / (high / 2 - low / 2)
    : ((value - low) / step + 0.5) / cardinality(parameter);
}

/**
 * The value at a place in `[0, 1]`. Places outside are moved to the nearer end;
 * NaN counts as the middle.
 *
 * @example
 * ```ts
 * import { float, fromUnit, space } from "@etude/etude";
 * const { parameters: [rate] } = space({ rate: float(1e-4, 1, { log: true }) });
 * fromUnit(rate!, 0.5); // about 0.01
 * ```
 */
export function fromUnit(parameter: Parameter, unit: number): ParameterValue {
  const u = Number.isNaN(unit) ? 0.5 : Math.min(1, Math.max(0, unit));
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return choices[
      Math.min(choices.length - 1, Math.floor(u * choices.length))
    ]!;
  }
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  if (low === high) return low;
  if (kind === "int" && log) {
    const value = Math.round(
      Math.exp(mix(Math.log(low - 0.5), Math.log(high + 0.5), u)),
    );
    return Math.min(high, Math.max(low, value));
  }
  if (step !== null) {
    const count = cardinality(parameter);
    const index = Math.min(count - 1, Math.floor(u * count));
    // The count itself is rounded where the range is wider than 2^53.
    return Math.min(high, gridValue(index, low, step));
  }
  const value = log ? logMix(low, high, u) : mix(low, high, u);
  return Math.min(high, Math.max(low, value));
}

function ratio(value: number, low: number, high: number): number {
  const width = high - low;
  // Ranges wider than the largest float overflow; halves do not.
  const u = Number.isFinite(width)
    ? (value - low) / width
    : (value / 2 - low / 2) / (high / 2 - low / 2);
  return Math.min(1, Math.max(0, u));
}
