import { requirementsOf } from "./_conditions_given.ts";
import type {
  ParameterKind,
  ParameterValue,
  Requirement,
  Role,
} from "./parameter.ts";

/** A range of a numeric parent, for a condition: `{ min: 2 }`, `{ max: 5 }` or both; ends included. */
export interface RangeCondition {
  /** The smallest value, included. */
  readonly min?: number;
  /** The largest value, included. */
  readonly max?: number;
}

/**
 * When a parameter is active: for each parent, a value, several values of
 * which one must hold, or a range. All parents must agree.
 */
export type Condition = Readonly<
  Record<string, ParameterValue | readonly ParameterValue[] | RangeCondition>
>;

/** What every parameter's options have. */
export interface ParameterOptions<T> {
  /** Where to begin, and what a configuration made by hand takes when the parameter is left out. */
  readonly default?: T;
  /** What the knob does in a training. Defaults to a guess from the name. */
  readonly role?: Role;
}

/** Options of {@linkcode float}. */
export interface FloatOptions extends ParameterOptions<number> {
  /** Whether the scale is logarithmic; then `low` must be above 0 and `step` absent. Defaults to `false`. */
  readonly log?: boolean;
  /** The distance between neighbouring values; `high` is moved down onto the grid. Defaults to a continuum. */
  readonly step?: number;
}

/** Options of {@linkcode int}. */
export interface IntOptions extends ParameterOptions<number> {
  /** Whether the scale is logarithmic; then `low` must be at least 1 and `step` 1. Defaults to `false`. */
  readonly log?: boolean;
  /** The distance between neighbouring values; `high` is moved down onto the grid. Defaults to `1`. */
  readonly step?: number;
}

/** What a builder has gathered, before the parameter has a name. */
export interface ParameterDraft {
  /** The kind. */
  readonly kind: ParameterKind;
  /** The smallest value, for numbers. */
  readonly low?: number;
  /** The largest value, for numbers. */
  readonly high?: number;
  /** Whether the scale is logarithmic, for numbers. */
  readonly log?: boolean;
  /** The distance between values, for numbers. */
  readonly step?: number | null;
  /** The values, for lists. */
  readonly choices?: readonly ParameterValue[];
  /** Where to begin. */
  readonly default?: ParameterValue;
  /** What the knob does. */
  readonly role?: Role;
  /** When it is active. */
  readonly conditions: readonly Requirement[];
}

/**
 * A parameter being described: what `float`, `int`, `choice`, `ordinal` and
 * `boolean` give back. `T` is the type of its values, `W` the condition it
 * stands under (`undefined`: none). Immutable.
 */
export class ParameterBuilder<T extends ParameterValue, W = undefined> {
  /** What was gathered so far. */
  readonly draft: ParameterDraft;
  /** The type of the values; exists for inference only and is never set. */
  declare readonly valueType?: T;
  /** The type of the condition; exists for inference only and is never set. */
  declare readonly conditionType?: W;

  /** Made by the functions above; not meant to be called. */
  constructor(draft: ParameterDraft) {
    this.draft = Object.freeze(draft);
  }

  /**
   * The same parameter, active only when the condition holds. Called twice,
   * both conditions must hold. A parameter whose parent is inactive is
   * inactive.
   *
   * @param condition For each parent a value, an array of values of which one
   * must hold, or a range `{ min, max }` (ends included).
   * @throws {TypeError} If a condition is of another form.
   * @throws {RangeError} If a condition is empty.
   *
   * @example
   * ```ts
   * import { choice, float, int, space } from "@etude/etude";
   * space({
   *   optimizer: choice(["adam", "sgd", "rmsprop"]),
   *   momentum: float(0.5, 0.99).when({ optimizer: ["sgd", "rmsprop"] }),
   *   layers: int(1, 4),
   *   units2: int(8, 64).when({ layers: { min: 2 } }),
   * });
   * ```
   */
  when<const V extends Condition>(
    condition: V,
  ): ParameterBuilder<T, W extends undefined ? V : W & V> {
    const requirements = requirementsOf(condition);
    return new ParameterBuilder({
      ...this.draft,
      conditions: Object.freeze([...this.draft.conditions, ...requirements]),
    });
  }
}

/**
 * A real number in `[low, high]`, both ends included.
 *
 * @param low The smallest value.
 * @param high The largest value.
 *
 * @example
 * ```ts
 * import { float, space } from "@etude/etude";
 * space({ learningRate: float(1e-4, 1e-1, { log: true }), dropout: float(0, 0.5, { step: 0.1 }) });
 * ```
 */
export function float(
  low: number,
  high: number,
  options: FloatOptions = {},
): ParameterBuilder<number> {
  const { log = false, step = null, ...rest } = options;
  return new ParameterBuilder({
    kind: "float",
    low,
    high,
    log,
    step,
    ...rest,
    conditions: [],
  });
}

/**
 * A whole number in `[low, high]`, both ends included.
 *
 * @param low The smallest value.
 * @param high The largest value.
 *
 * @example
 * ```ts
 * import { int, space } from "@etude/etude";
 * space({ units: int(16, 512, { log: true }), layers: int(1, 4) });
 * ```
 */
export function int(
  low: number,
  high: number,
  options: IntOptions = {},
): ParameterBuilder<number> {
  const { log = false, step = 1, ...rest } = options;
  return new ParameterBuilder({
    kind: "int",
    low,
    high,
    log,
    step,
    ...rest,
    conditions: [],
  });
}

/**
 * One of several values that have no order: strings, numbers, booleans or null.
 * For objects or functions, list names and look the thing up in the objective.
 *
 * @example
 * ```ts
 * import { choice, space } from "@etude/etude";
 * space({ optimizer: choice(["adam", "sgd"], { default: "adam" }) });
 * ```
 */
export function choice<const T extends ParameterValue>(
  choices: readonly T[],
  options: ParameterOptions<NoInfer<T>> = {},
): ParameterBuilder<T> {
  return new ParameterBuilder({
    kind: "choice",
    choices,
    ...options,
    conditions: [],
  });
}

/**
 * One of several values that have an order: the order of the list. Samplers
 * take neighbours to be alike.
 *
 * @example
 * ```ts
 * import { ordinal, space } from "@etude/etude";
 * space({ batchSize: ordinal([16, 32, 64, 256]), effort: ordinal(["low", "medium", "high"]) });
 * ```
 */
export function ordinal<const T extends number | string>(
  choices: readonly T[],
  options: ParameterOptions<NoInfer<T>> = {},
): ParameterBuilder<T> {
  return new ParameterBuilder({
    kind: "ordinal",
    choices,
    ...options,
    conditions: [],
  });
}

/**
 * False or true.
 *
 * @example
 * ```ts
 * import { boolean, space } from "@etude/etude";
 * space({ batchNorm: boolean({ default: true }) });
 * ```
 */
export function boolean(
  options: ParameterOptions<boolean> = {},
): ParameterBuilder<boolean> {
  return new ParameterBuilder({ kind: "boolean", ...options, conditions: [] });
}

/** The parameters of a branch, each under the branch's condition as well as its own. */
export type Branch<
  V,
  G extends Readonly<Record<string, ParameterBuilder<ParameterValue, unknown>>>,
> = {
  readonly [K in keyof G]: G[K] extends ParameterBuilder<infer T, infer W>
    ? ParameterBuilder<T, W extends undefined ? V : W & V>
    : never;
};

/**
 * Puts a group of parameters under one condition, for spreading into a space.
 * Groups nest, which makes trees.
 *
 * @param condition As in `.when(…)`.
 * @param group The parameters, by name.
 *
 * @example
 * ```ts
 * import { boolean, choice, float, space, when } from "@etude/etude";
 * space({
 *   optimizer: choice(["adam", "sgd"]),
 *   ...when({ optimizer: "sgd" }, {
 *     momentum: float(0, 0.99),
 *     nesterov: boolean(),
 *   }),
 * });
 * ```
 */
export function when<
  const V extends Condition,
  G extends Readonly<Record<string, ParameterBuilder<ParameterValue, unknown>>>,
>(condition: V, group: G): Branch<V, G> {
  const requirements = requirementsOf(condition);
  return Object.fromEntries(
    Object.entries(group).map(([name, builder]) => [
      name,
      new ParameterBuilder({
        ...builder.draft,
        conditions: Object.freeze([
          ...requirements,
          ...builder.draft.conditions,
        ]),
      }),
    ]),
  ) as unknown as Branch<V, G>;
}
