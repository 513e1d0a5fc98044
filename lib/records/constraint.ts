import type { Objective } from "./objective.ts";
import type { StudyView } from "./study.ts";
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
  if (typeof said === "number") return said;
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

/**
 * Whether a trial keeps to all constraints of its study: true where there are
 * none, false where one is violated or not known.
 *
 * @example
 * ```ts
 * import { createStudy, float, isFeasible, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory",
 *   constraints: { "memory GB": { max: 0.5 } },
 * });
 * await study.try({ x: 0.7 }, (trial) => {
 *   trial.measure("memory GB", trial.params.x);
 *   return 1;
 * }, { progress: false });
 * isFeasible(study.trial(0)); // false
 * ```
 */
export function isFeasible(
  { constraints }: Pick<TrialRecord<unknown>, "constraints">,
): boolean {
  return constraints === undefined ||
    constraints.every((value) => value !== null && value <= 0);
}

/** The order that puts feasible trials before others: below 0 if `a` stands before `b`, 0 for equals. */
export function feasibleFirst(
  a: Pick<TrialRecord<unknown>, "constraints">,
  b: Pick<TrialRecord<unknown>, "constraints">,
): number {
  return Number(isFeasible(b)) - Number(isFeasible(a));
}

/** Whether a trial does not say of every constraint how it stands. */
export function lacksMeasure(
  { constraints }: Pick<TrialRecord<unknown>, "constraints">,
): boolean {
  return constraints?.includes(null) ?? false;
}

/**
 * What a violation of each constraint is measured by, so that gigabytes and
 * milliseconds can be added: the median of the finite violations among the
 * trials; 1 where nothing violates it.
 */
export function violationScales(
  trials: readonly Pick<TrialRecord<unknown>, "constraints">[],
): readonly number[] {
  const count = trials.reduce(
    (most, { constraints }) => Math.max(most, constraints?.length ?? 0),
    0,
  );
  return Array.from({ length: count }, (_, c) => {
    const violations: number[] = [];
    for (const { constraints } of trials) {
      const value = constraints?.[c] ?? 0;
      if (value > 0 && value < Infinity) violations.push(value);
    }
    return violations.sort((a, b) => a - b)[violations.length >> 1] ?? 1;
  });
}

/**
 * How much a trial violates the constraints in all: the sum of its violations,
 * each in its scale. 0 for a feasible trial, `Infinity` where one is not known.
 *
 * @param trial The trial.
 * @param scales From {@linkcode violationScales}, of the trials it is compared with.
 */
export function violationOf(
  { constraints = [] }: Pick<TrialRecord<unknown>, "constraints">,
  scales: readonly number[],
): number {
  return constraints.reduce<number>(
    (sum, value, c) =>
      sum +
      (value === null ? Infinity : Math.max(0, value) / (scales[c] ?? 1)),
    0,
  );
}

/**
 * By how much trials violate the constraints, as samplers see it: as {@linkcode
 * violationOf}, in scales of these trials, but without the constraints that none
 * of them has measured, since nothing can be learned of those.
 *
 * @param trials The trials that are compared.
 */
export function violationsIn(
  trials: readonly Pick<TrialRecord<unknown>, "constraints">[],
): (trial: Pick<TrialRecord<unknown>, "constraints">) => number {
  const scales = violationScales(trials);
  const isMeasured = scales.map((_, c) =>
    trials.some(({ constraints }) => (constraints?.[c] ?? null) !== null)
  );
  const isAll = isMeasured.every((one) => one);
  return ({ constraints = [] }) =>
    violationOf(
      {
        constraints: isAll
          ? constraints
          : constraints.map((value, c) => isMeasured[c] ? value : 0),
      },
      scales,
    );
}

/**
 * The complete trial that violates the constraints least, the earliest of
 * equals; null if none is known in all of them. While nothing is feasible it is
 * the nearest to it, and no more: it is not the best.
 */
export function leastViolating<C>(
  { trials }: Pick<StudyView<C>, "trials">,
): TrialRecord<C> | null {
  const complete = trials.filter(({ state }) => state === "complete");
  const scales = violationScales(complete);
  let least: TrialRecord<C> | null = null;
  let lowest = Infinity;
  for (const trial of complete) {
    const violation = violationOf(trial, scales);
    if (violation < lowest) [least, lowest] = [trial, violation];
  }
  return least;
}

/** What a trial violates and by how much, e.g. `"memory GB ≤ 8 by 0.4"`; an empty text if nothing. */
export function violationText(
  { constraints = [] }: Pick<StudyView, "constraints">,
  trial: Pick<TrialRecord<unknown>, "constraints">,
): string {
  return constraints.flatMap(({ name }, c) => {
    const value = trial.constraints?.[c] ?? null;
    if (value === null) return [`${name} not known`];
    return value > 0 ? [`${name} by ${Number(value.toPrecision(3))}`] : [];
  }).join(", ");
}
