import { paretoFront } from "../math/mod.ts";
import type { Objective } from "./objective.ts";
import type { StudyView } from "./study.ts";
import type { TrialRecord } from "./trial.ts";
import { isFeasible } from "./violation.ts";

/**
 * The Pareto front of a study: the complete, feasible trials that no other is better than
 * in one objective without being worse in another. Ordered by the first objective, the
 * best first. Of one objective, the best trials. NaN counts as infinitely bad.
 *
 * @example
 * ```ts
 * import { createStudy, float, frontOf, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "two",
 *   space: space({ x: float(0, 1) }),
 *   objectives: [minimize("a"), minimize("b")],
 *   storage: "memory",
 * });
 * frontOf(study.view()); // []
 * ```
 */
export function frontOf<C>(
  view: Pick<StudyView<C>, "objectives" | "trials">,
): TrialRecord<C>[] {
  const complete = view.trials.filter((trial) =>
    trial.state === "complete" &&
    trial.values?.length === view.objectives.length && isFeasible(trial)
  );
  const losses = complete.map((trial) => lossesOf(trial, view.objectives));
  return paretoFront(losses)
    .sort((a, b) => losses[a]![0]! - losses[b]![0]! || a - b)
    .map((index) => complete[index]!);
}

/**
 * The knee of a front: the trial nearest to what would be best in every objective,
 * each measured as a share of the front's range; the earliest of equals. Where
 * nothing else is known, the compromise to take.
 *
 * Source: Zeleny, Compromise programming (1973).
 *
 * @returns The trial, or null of an empty front.
 *
 * @example
 * ```ts
 * import { createStudy, float, kneeOf, minimize, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "two", space: space({ x: float(0, 1) }), storage: "memory",
 *   objectives: [minimize("a"), minimize("b")],
 * });
 * for (const x of [0, 0.5, 1]) {
 *   await study.try({ x }, () => [x ** 2, (1 - x) ** 2], { progress: false });
 * }
 * kneeOf(study.front, study.objectives)?.params.x; // 0.5
 * ```
 */
export function kneeOf<C>(
  front: readonly TrialRecord<C>[],
  objectives: readonly Objective[],
): TrialRecord<C> | null {
  const losses = front.map((trial) => lossesOf(trial, objectives));
  const ranges = objectives.map((_, k) => {
    const finite = losses.map((loss) => loss[k]!).filter(Number.isFinite);
    return { low: Math.min(...finite), high: Math.max(...finite) };
  });
  let best: { trial: TrialRecord<C>; distance: number } | null = null;
  front.forEach((trial, index) => {
    const distance = Math.hypot(
      ...losses[index]!.map((loss, k) => {
        const { low, high } = ranges[k]!;
        if (loss <= low) return 0;
        return high > low ? (loss - low) / (high - low) : 1;
      }),
    );
    const isNearer = best === null || distance < best.distance ||
      (distance === best.distance && trial.number < best.trial.number);
    if (isNearer) best = { trial, distance };
  });
  return (best as { trial: TrialRecord<C> } | null)?.trial ?? null;
}

/**
 * A value an objective, smaller is better; NaN as infinitely bad.
 *
 * @example
 * ```ts
 * import { lossesOf, maximize, minimize } from "@etude/etude";
 * lossesOf({ values: [2, 0.9] }, [minimize("loss"), maximize("accuracy")]); // [2, -0.9]
 * ```
 */
export function lossesOf<C>(
  { values }: Pick<TrialRecord<C>, "values">,
  objectives: readonly Objective[],
): number[] {
  return objectives.map(({ direction }, k) => {
    const value = values?.[k] ?? NaN;
    if (Number.isNaN(value)) return Infinity;
    return direction === "minimize" ? value : -value;
  });
}
