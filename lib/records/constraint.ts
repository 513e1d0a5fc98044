import type { Objective } from "./objective.ts";
import type { TrialRecord } from "./trial.ts";

/**
 * A bound on what a trial measures, in its one form: of the measure `memory GB`
 * with `{ max: 8 }`, the constraint `memory GB ≤ 8`. Two bounds are two constraints.
 *
 * Its **value** for a trial is how far the measure is beyond the bound, in the
 * measure's units: ≤ 0 when kept, > 0 when violated. Optuna's sign.
 */
export interface OutcomeConstraint {
  /** In words, e.g. `"memory GB ≤ 8"`; unique in its study. */
  readonly name: string;
  /** What is bounded: the name of a measure, of a curve (its last value), or of an objective. */
  readonly measure: string;
  /** Whether the bound is the largest or the smallest that is allowed. */
  readonly side: "max" | "min";
  /** The bound, itself allowed; finite. */
  readonly bound: number;
}

/** What a measure must keep to; at least one of the two. */
export interface ConstraintBounds {
  /** The smallest value allowed. Defaults to none. */
  readonly min?: number;
  /** The largest value allowed. Defaults to none. */
  readonly max?: number;
}

/** The attribute of a study that keeps its constraints: a list of {@linkcode OutcomeConstraint}. */
export const constraintsKey = "etude:constraints";

/** What the constraints of a study of Python's Optuna, which have no names, are called. */
export function optunaConstraint(key: string): OutcomeConstraint {
  const measure = /^\d+$/.test(key) ? `constraint ${key}` : key;
  return constraintOf(measure, "max", 0);
}

function constraintOf(
  measure: string,
  side: "max" | "min",
  bound: number,
): OutcomeConstraint {
  const sign = side === "max" ? "≤" : "≥";
  return Object.freeze({
    name: `${measure} ${sign} ${bound}`,
    measure,
    side,
    bound,
  });
}

/**
 * Constraints in their one form, the upper bound of a measure before its lower.
 *
 * @param bounds The bounds, by the name of the measure.
 * @throws {TypeError} If it is of another form, or a bound is not a number.
 * @throws {RangeError} If a measure has no bound, one that is not finite, or two
 * that nothing can keep to.
 *
 * @example
 * ```ts
 * import { outcomeConstraints } from "@etude/etude";
 * outcomeConstraints({ "memory GB": { max: 8 } })[0].name; // "memory GB ≤ 8"
 * ```
 */
export function outcomeConstraints(
  bounds: Readonly<Record<string, ConstraintBounds>>,
): readonly OutcomeConstraint[] {
  const about = "Cannot constrain the study";
  if (
    typeof bounds !== "object" || bounds === null || Array.isArray(bounds)
  ) {
    throw new TypeError(
      `${about}: the constraints are ${
        found(bounds)
      }, expected bounds by the name of what is measured, such as { "memory GB": { max: 8 } }`,
    );
  }
  return Object.freeze(
    Object.entries(bounds).flatMap(([measure, given]) => {
      const of = `${about}: the constraint on ${JSON.stringify(measure)}`;
      if (typeof given !== "object" || given === null) {
        throw new TypeError(
          `${of} is ${found(given)}, expected { max: … }, { min: … } or both`,
        );
      }
      const odd = Object.keys(given).find((key) =>
        key !== "min" && key !== "max"
      );
      if (odd !== undefined) {
        throw new TypeError(
          `${of} has ${JSON.stringify(odd)}, expected only min and max`,
        );
      }
      const sides = (["max", "min"] as const).flatMap((side) => {
        const bound = given[side];
        if (bound === undefined) return [];
        if (typeof bound !== "number") {
          throw new TypeError(
            `${of} has the ${side} ${found(bound)}, expected a number`,
          );
        }
        if (!Number.isFinite(bound)) {
          throw new RangeError(
            `${of} has the ${side} ${bound}, expected a finite number; leave it out where there is no bound`,
          );
        }
        return [constraintOf(measure, side, bound)];
      });
      if (sides.length === 0) {
        throw new RangeError(
          `${of} has no bound, expected { max: … }, { min: … } or both`,
        );
      }
      const { min = -Infinity, max = Infinity } = given;
      if (min > max) {
        throw new RangeError(
          `${of} wants at least ${min} and at most ${max}: nothing can keep to both; are they the wrong way round?`,
        );
      }
      return sides;
    }),
  );
}

function found(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** The constraints that a study's attributes keep; none if they are not there or of another form. */
export function constraintsOf(
  attributes: Readonly<Record<string, unknown>>,
): readonly OutcomeConstraint[] {
  const kept = attributes[constraintsKey];
  if (!Array.isArray(kept)) return [];
  return Object.freeze(
    kept.flatMap((one: Partial<OutcomeConstraint>) =>
      typeof one?.measure === "string" && typeof one.bound === "number" &&
        (one.side === "min" || one.side === "max")
        ? [constraintOf(one.measure, one.side, one.bound)]
        : []
    ),
  );
}

/** What {@linkcode constraintValues} looks at. */
export type MeasuredTrial = Pick<
  TrialRecord<unknown>,
  "attributes" | "curves" | "values"
>;

/**
 * What a trial measured under a name: what `trial.measure` said, else the value
 * of the objective of that name, else the last value of the curve of that name;
 * null if none of them is known. May be infinite, never NaN.
 */
export function measureOf(
  trial: MeasuredTrial,
  name: string,
  objectives: readonly Objective[],
): number | null {
  const said = trial.attributes[name];
  // JSON has no infinities: they are kept as texts.
  if (said === "Infinity" || said === "-Infinity") return Number(said);
  if (typeof said === "number" && !Number.isNaN(said)) return said;
  const at = objectives.findIndex((objective) => objective.name === name);
  const value = trial.values?.[at] ?? trial.curves.get(name)?.values.at(-1) ??
    NaN;
  return Number.isNaN(value) ? null : value;
}

/** A value a constraint, ≤ 0 when kept, null where it is not known. */
export function constraintValues(
  constraints: readonly OutcomeConstraint[],
  objectives: readonly Objective[],
  trial: MeasuredTrial,
): readonly (number | null)[] {
  return Object.freeze(constraints.map(({ measure, side, bound }) => {
    const value = measureOf(trial, measure, objectives);
    if (value === null) return null;
    return side === "max" ? value - bound : bound - value;
  }));
}
