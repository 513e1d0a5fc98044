/**
 * What a search space is made of: the canonical, frozen form of a parameter.
 *
 * The friendly builders (`float`, `int`, `choice`, …) are normalized to these
 * shapes once, when {@linkcode space} is called; everything inside the house
 * sees only these.
 *
 * @module
 */

/** A value that a parameter can take: what is stored, drawn and sampled. */
export type ParameterValue = number | string | boolean | null;

/** A configuration: a value for each active parameter, by name. */
export type Configuration = Readonly<
  Record<string, ParameterValue | undefined>
>;

/** The kinds of parameter. */
export type ParameterKind = "float" | "int" | "choice" | "ordinal" | "boolean";

/**
 * What a knob does in a training. The diagnosis of learning curves uses it to
 * say which parameter to move. Guessed from the name where it is not given.
 */
export type Role =
  | "learning rate"
  | "regularization"
  | "capacity"
  | "budget"
  | "batch size"
  | "momentum"
  | "optimizer"
  | "schedule"
  | "augmentation"
  | "seed"
  | "other";

/**
 * One requirement of a condition: the parent parameter is active and its value
 * is one of `values`, or lies in `[min, max]` (both ends included).
 */
export interface Requirement {
  /** The name of the parameter looked at. */
  readonly parent: string;
  /** The values that satisfy the requirement; absent for a range. */
  readonly values?: readonly ParameterValue[];
  /** The smallest value that satisfies the requirement, included. */
  readonly min?: number;
  /** The largest value that satisfies the requirement, included. */
  readonly max?: number;
}

/** What every parameter has. */
export interface ParameterBase {
  /** The name, unique in its space. */
  readonly name: string;
  /** What the knob does; guessed from the name where it was not given. */
  readonly role: Role;
  /** All must hold for the parameter to be active; empty if it always is. */
  readonly conditions: readonly Requirement[];
}

/** A real number in `[low, high]`. */
export interface FloatParameter extends ParameterBase {
  /** The kind. */
  readonly kind: "float";
  /** The smallest value, included. */
  readonly low: number;
  /** The largest value, included. */
  readonly high: number;
  /** Whether the scale is logarithmic. */
  readonly log: boolean;
  /** The distance between neighbouring values, or null for a continuum. */
  readonly step: number | null;
  /** Where to begin, if it was given. */
  readonly default?: number;
}

/** A whole number in `[low, high]`. */
export interface IntParameter extends ParameterBase {
  /** The kind. */
  readonly kind: "int";
  /** The smallest value, included. */
  readonly low: number;
  /** The largest value, included. */
  readonly high: number;
  /** Whether the scale is logarithmic. */
  readonly log: boolean;
  /** The distance between neighbouring values, at least 1. */
  readonly step: number;
  /** Where to begin, if it was given. */
  readonly default?: number;
}

/** One of several values without an order. */
export interface ChoiceParameter extends ParameterBase {
  /** The kind. */
  readonly kind: "choice";
  /** The values, distinct, in the order given. */
  readonly choices: readonly ParameterValue[];
  /** Where to begin, if it was given. */
  readonly default?: ParameterValue;
}

/** One of several values that have an order: the order given. */
export interface OrdinalParameter extends ParameterBase {
  /** The kind. */
  readonly kind: "ordinal";
  /** The values, distinct, from the lowest to the highest. */
  readonly choices: readonly (number | string)[];
  /** Where to begin, if it was given. */
  readonly default?: number | string;
}

/** False or true. */
export interface BooleanParameter extends ParameterBase {
  /** The kind. */
  readonly kind: "boolean";
  /** Where to begin, if it was given. */
  readonly default?: boolean;
}

/** A parameter of a space, in its canonical form. */
export type Parameter =
  | FloatParameter
  | IntParameter
  | ChoiceParameter
  | OrdinalParameter
  | BooleanParameter;

const booleans: readonly ParameterValue[] = Object.freeze([false, true]);

/**
 * The values of a parameter that has a list of them (`choice`, `ordinal`,
 * `boolean`), in their order; null for a number.
 *
 * @example
 * ```ts
 * import { boolean, choicesOf, space } from "@etude/etude";
 * choicesOf(space({ augment: boolean() }).parameters[0]!); // [false, true]
 * ```
 */
export function choicesOf(
  parameter: Parameter,
): readonly ParameterValue[] | null {
  switch (parameter.kind) {
    case "choice":
    case "ordinal":
      return parameter.choices;
    case "boolean":
      return booleans;
    default:
      return null;
  }
}

/**
 * How many values a parameter can take, or `Infinity` for a continuum.
 *
 * @example
 * ```ts
 * import { cardinality, float, space } from "@etude/etude";
 * cardinality(space({ dropout: float(0, 0.5, { step: 0.1 }) }).parameters[0]!); // 6
 * ```
 */
export function cardinality(parameter: Parameter): number {
  const choices = choicesOf(parameter);
  if (choices !== null) return choices.length;
  const { low, high, step } = parameter as FloatParameter | IntParameter;
  if (low === high) return 1;
  return step === null ? Infinity : Math.round((high - low) / step) + 1;
}

/**
 * The value on the grid of `low` and `step` nearest to `value`, without the noise of binary fractions.
 *
 * @example
 * ```ts
 * import { snap } from "@etude/etude";
 * snap(0.34, 0, 0.1); // 0.3
 * ```
 */
export function snap(value: number, low: number, step: number): number {
  return gridValue(Math.round((value - low) / step), low, step);
}

/**
 * The value number `index` on the grid of `low` and `step`, without the noise of binary fractions.
 *
 * @example
 * ```ts
 * import { gridValue } from "@etude/etude";
 * gridValue(3, -0.3, 0.1); // 0
 * ```
 */
export function gridValue(index: number, low: number, step: number): number {
  const value = low + index * step;
  if (Number.isInteger(value)) return value;
  // Fourteen digits, counted from the larger summand: -0.3 + 3 * 0.1 is 0.
  const largest = Math.max(Math.abs(low), Math.abs(index * step));
  const decimals = 13 - Math.floor(Math.log10(largest));
  if (decimals < 0 || decimals > 100) return value;
  const short = Number(value.toFixed(decimals)) + 0;
  // They are too few for a step that is tiny beside the value.
  return Math.abs(short - value) <= 1e-9 * step ? short : value;
}
