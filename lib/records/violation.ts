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

/**
 * The order that puts feasible trials before others: below 0 if `a` stands before `b`, 0 for equals.
 *
 * @example
 * ```ts
 * import { feasibleFirst } from "@etude/etude";
 * feasibleFirst({ constraints: [-1] }, { constraints: [2] }) < 0; // true: the first is feasible
 * ```
 */
export function feasibleFirst(
  a: Pick<TrialRecord<unknown>, "constraints">,
  b: Pick<TrialRecord<unknown>, "constraints">,
): number {
  return Number(isFeasible(b)) - Number(isFeasible(a));
}

/**
 * Whether a trial does not say of every constraint how it stands.
 *
 * @example
 * ```ts
 * import { lacksMeasure } from "@etude/etude";
 * lacksMeasure({ constraints: [-1, null] }); // true
 * ```
 */
export function lacksMeasure(
  { constraints }: Pick<TrialRecord<unknown>, "constraints">,
): boolean {
  return constraints?.includes(null) ?? false;
}

/**
 * What a violation of each constraint is measured by, so that gigabytes and
 * milliseconds can be added: the median of the finite violations among the
 * trials; 1 where nothing violates it.
 *
 * @example
 * ```ts
 * import { violationScales } from "@etude/etude";
 * violationScales([{ constraints: [1, -1] }, { constraints: [4, -2] }, { constraints: [5, -1] }]); // [4, 1]
 * ```
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
 *
 * @example
 * ```ts
 * import { violationOf } from "@etude/etude";
 * violationOf({ constraints: [3, -1] }, [2, 1]); // 1.5
 * violationOf({ constraints: [-3, null] }, [2, 1]); // Infinity: one is not known
 * ```
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
 *
 * @example
 * ```ts
 * import { violationsIn } from "@etude/etude";
 * const trials = [{ constraints: [1, null] }, { constraints: [-1, null] }];
 * trials.map(violationsIn(trials)); // [1, 0]: nobody has measured the second
 * ```
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
 *
 * @example
 * ```ts
 * import { createStudy, float, leastViolating, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "s", space: space({ x: float(0, 1) }), storage: "memory",
 *   constraints: { size: { max: 0 } },
 * });
 * for (const x of [0.9, 0.2]) {
 *   await study.try({ x }, (trial) => {
 *     trial.measure("size", x);
 *     return 1;
 *   }, { progress: false });
 * }
 * leastViolating(study.view())?.number; // 1
 * ```
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

/**
 * What to say where trials are complete and none is feasible: the nearest to it, where one is known.
 *
 * @example
 * ```ts
 * import { noFeasibleText } from "@etude/etude";
 * noFeasibleText({ trials: [] }); // "no feasible trial yet"
 * ```
 */
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

/**
 * What a trial violates and by how much, e.g. `"memory GB ≤ 8 by 0.4"`; an empty text if nothing.
 *
 * @example
 * ```ts
 * import { constraintsKey, constraintsOf, violationText } from "@etude/etude";
 * const constraints = constraintsOf({ [constraintsKey]: [{ measure: "memory GB", side: "max", bound: 8 }] });
 * violationText({ constraints }, { constraints: [0.4] }); // "memory GB ≤ 8 by 0.4"
 * ```
 */
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
