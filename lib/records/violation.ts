/**
 * How trials stand to the constraints of their study.
 *
 * @module
 */

import type { OutcomeConstraint } from "./constraint.ts";
import type { TrialRecord } from "./trial.ts";

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
      (value === null ? Infinity : value > 0
        // However slight, it is one.
        ? Math.max(Number.MIN_VALUE, value / (scales[c] ?? 1))
        : 0),
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
  { trials }: { readonly trials: readonly TrialRecord<C>[] },
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

/** What to say where trials are complete and none is feasible: the nearest to it, where one is known. */
export function noFeasibleText<C>(
  view: {
    readonly constraints?: readonly OutcomeConstraint[];
    readonly trials: readonly TrialRecord<C>[];
  },
): string {
  const least = leastViolating(view);
  return `no feasible trial yet${
    least === null
      ? ""
      : `; trial ${least.number} violates the constraints least: ${
        violationText(view, least)
      }`
  }`;
}

/** What a trial violates and by how much, e.g. `"memory GB ≤ 8 by 0.4"`; an empty text if nothing. */
export function violationText(
  { constraints = [] }: {
    readonly constraints?: readonly OutcomeConstraint[];
  },
  trial: Pick<TrialRecord<unknown>, "constraints">,
): string {
  return constraints.flatMap(({ name }, c) => {
    const value = trial.constraints?.[c] ?? null;
    if (value === null) return [`${name} not known`];
    return value > 0 ? [`${name} by ${Number(value.toPrecision(3))}`] : [];
  }).join(", ");
}
